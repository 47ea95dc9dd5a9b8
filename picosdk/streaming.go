package picosdk

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// slowest is the longest interval that streaming is asked for: what a 32-bit number of microseconds holds.
var slowest = units.Seconds(1<<32-1, 1e6)

// StreamingSpans returns the raw sample intervals that streaming accepts with numbers of channels and ports on, at a
// resolution in bits (0: the default) and in a state, and the fact behind the fastest of them. The unit may still round within
// them; what it applied is read back. The error is a *[LimitError], for a set-up that cannot run at all.
func (m Model) StreamingSpans(resolution, channels, ports int, s State) (spans []driver.IntervalSpan, fact string, err error) {
	r, err := m.setup(resolution, channels, ports)
	if err != nil {
		return nil, "", err
	}
	if have := m.channels(s); channels > have {
		return nil, "", m.limit(units.Interval{}, "on USB power it has %s; plug in the power supply", plural(have, "channel"))
	}
	rate, fact, err := m.streamRate(r, channels, ports, s)
	if err != nil {
		return nil, "", err
	}
	return m.intervals(rate.Interval()), fact, nil
}

// streamRate is the highest rate of streaming and the fact behind it: what the connection carries, or the converter.
func (m Model) streamRate(r Resolution, channels, ports int, s State) (units.Rate, string, error) {
	active := r.active(channels, ports)
	var hardware int64
	for _, f := range r.Fastest {
		if active <= f.UpTo {
			hardware = f.Rate
			break
		}
	}
	usb := m.usb(s)
	var limit StreamLimit
	for _, l := range r.Streaming {
		if l.USB <= usb {
			limit = l
			break
		}
	}
	if hardware == 0 || limit.Total == 0 {
		return units.Rate{}, "", m.limit(units.Interval{}, "it cannot stream %s at %d bit over %v", onText(channels, ports), r.Bits, usb)
	}
	places := active
	if r.StreamSlots {
		places = 1 << bits.Len(uint(active-1))
	}
	rate := units.PerSecond(limit.Total, int64(places))
	if h := units.PerSecond(hardware, 1); h.Cmp(rate.Rational) < 0 {
		return h, m.fact(r, h, channels, ports), nil
	}
	fact := fmt.Sprintf("%v: %v in total at %d bit, %s on", usb, units.PerSecond(limit.Total, 1), r.Bits, onText(channels, ports))
	if places > active {
		fact += fmt.Sprintf(", which is shared as among %d", places)
	}
	return rate, fact, nil
}

// wholeSpans are the intervals of each time unit up to microseconds that no smaller one holds, for libraries that take
// a 32-bit count. The first begins at one femtosecond.
var wholeSpans = func() []driver.IntervalSpan {
	var spans []driver.IntervalSpan
	first := uint64(1)
	for u := Femtoseconds; u <= Microseconds; u++ {
		spans = append(spans, driver.IntervalSpan{First: u.Interval(uint32(first)), Last: u.Interval(math.MaxUint32), Step: u.Interval(1)})
		first = (1<<32 + 999) / 1000 // of the next unit: the first beyond what this one holds
	}
	return spans
}()

// intervals are the intervals from fastest on that can be written in the library's form.
func (m Model) intervals(fastest units.Interval) []driver.IntervalSpan {
	if m.Intervals == IntervalsDouble {
		return []driver.IntervalSpan{{First: fastest, Last: slowest}}
	}
	for u, span := range wholeSpans {
		// The first multiple of the unit that is not shorter.
		high, low := bits.Mul64(uint64(fastest.Num()), uint64(span.Step.Den()))
		den := uint64(fastest.Den())
		if high >= den {
			continue // beyond 64 bits
		}
		count, rest := bits.Div64(high, low, den)
		if rest > 0 {
			count++
		}
		if count > math.MaxUint32 {
			continue
		}
		spans := slices.Clone(wholeSpans[u:])
		spans[0].First = TimeUnit(u).Interval(uint32(count))
		return spans
	}
	return nil
}
