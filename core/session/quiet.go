package session

import (
	"math"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// rearming is how long a unit may take from one capture to the next beside the samples themselves.
const rearming = 100 * time.Microsecond

// silence judges for how long a healthy device may deliver nothing.
type silence struct {
	config  driver.Config
	applied driver.Applied
}

// moments are monotonic times, 0: never: when something was seen to have come last, when the order was given that is being carried out, and when the
// driver said last that it waits for its trigger, and that it was triggered.
type moments struct{ came, order, armed, fired int64 }

// allowed returns how long the device may deliver nothing beyond its budget, and since when that counts. ok is false while it may deliver
// nothing for as long as it likes: its trigger, or the order to arm it, may not come.
func (s silence) allowed(m moments) (quiet time.Duration, since int64, ok bool) {
	if s.applied.Mode == driver.ModeStream {
		return s.stream(m)
	}
	b, captures, _ := blockOf(s.config)
	every, since := b.Repeat.Every, m.came
	if b.Repeat.Ordered {
		if m.order == 0 {
			return 0, 0, false
		}
		every, since = 0, max(m.order, m.came)
	}
	each := lasting(s.applied.Interval.Float64() * float64(s.applied.PreSamples+s.applied.PostSamples))
	if t := s.config.Trigger; t != nil {
		each = sum(each, spanTime(t.Delay, s.applied.Interval))
		switch {
		case t.Auto > 0:
			each = sum(each, t.Auto)
		case captures > 1 || m.fired <= m.armed || m.fired <= m.came:
			return 0, 0, false // the next one may never come
		default:
			every, since = 0, m.fired
		}
	}
	all := times(sum(2*min(each, math.MaxInt64/4), rearming), captures)
	return sum(sum(all, every), time.Second), since, true
}

// stream allows some periods of the slowest stream. Behind the trigger that ends it, it delivers like any other; before, the unit may keep what it
// has.
func (s silence) stream(m moments) (quiet time.Duration, since int64, ok bool) {
	if s.config.Trigger != nil && m.fired == 0 {
		return 0, 0, false
	}
	slowest := int64(1)
	for _, st := range s.applied.Streams {
		slowest = max(slowest, st.Ratio)
	}
	period := lasting(s.applied.Interval.Float64() * float64(slowest))
	return max(times(period, 4), time.Second), max(m.came, m.fired), true
}

func spanTime(s driver.Span, interval units.Interval) time.Duration {
	if s.Samples > 0 {
		return lasting(interval.Float64() * float64(s.Samples))
	}
	return lasting(s.Time.Float64())
}

// longest bounds sums of times.
const longest = time.Duration(math.MaxInt64 / 8)

func lasting(s float64) time.Duration { return time.Duration(min(s, longest.Seconds()) * 1e9) }

func sum(a, b time.Duration) time.Duration { return min(min(a, longest)+min(b, longest), longest) }

func times(d time.Duration, n int64) time.Duration {
	if d > 0 && n > int64(longest/d) {
		return longest
	}
	return d * time.Duration(n)
}
