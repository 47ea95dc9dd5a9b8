package scope

import (
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// moment says when one waveform was captured.
type moment struct {
	ends      int64 // when its last sample was taken, on CLOCK_MONOTONIC in ns, as well as is known
	dead      int64 // ns since the end of the waveform before; -1: not known
	triggered bool  // the trigger is marked
	offset    int64 // femtoseconds from the trigger point to the trigger
}

// waveClock dates waveforms.
type waveClock struct {
	interval units.Interval
	samples  int64
	delay    int64         // femtoseconds from the trigger to the trigger point
	length   time.Duration // of a waveform
	ends     int64         // of the last waveform; 0: there is none
}

// armingTimes are what the unit tells of the triggers of an arming.
type armingTimes struct {
	silent   bool        // it does not
	previous TriggerTime // of the waveform before
	last     TriggerTime // of the last waveform of the arming
	known    bool        // last is
}

func newWaveClock(set *setup) waveClock {
	c := waveClock{interval: set.applied.Interval, samples: set.block.samples()}
	c.length = time.Duration(c.nanoseconds(c.samples))
	if set.trigger != nil {
		c.delay = scaled(set.trigger.Delay, c.interval, 1e15)
	}
	return c
}

// scaled is the length of n samples in parts of a second, rounded down and held within 2^62.
func scaled(n uint64, interval units.Interval, parts int64) int64 {
	v := new(big.Rat).Mul(interval.Big(), new(big.Rat).SetInt(new(big.Int).SetUint64(n)))
	v.Mul(v, new(big.Rat).SetInt64(parts))
	q := new(big.Int).Quo(v.Num(), v.Denom())
	if q.BitLen() > 62 {
		return 1 << 62
	}
	return q.Int64()
}

func (c *waveClock) nanoseconds(n int64) int64 { return scaled(uint64(max(n, 0)), c.interval, 1e9) }

func (c *waveClock) femtoseconds(n int64) int64 { return scaled(uint64(max(n, 0)), c.interval, 1e15) }

// interrupted forgets when the last waveform ended: what lies between is no dead time of the unit.
func (c *waveClock) interrupted() { c.ends = 0 }

// captureTime is how long an arming takes that waits for nobody; -1: it waits.
func (b *blockSetup) captureTime(set *setup) time.Duration {
	each := float64(b.samples()) * set.applied.Interval.Float64()
	if t := set.trigger; t != nil {
		if t.Auto <= 0 {
			return -1
		}
		each += t.Auto.Seconds() + float64(t.Delay)*set.applied.Interval.Float64()
	}
	return time.Duration(math.Min(each*float64(b.captures)*1e9, math.MaxInt64/16))
}

// readyAt is when the last sample of an arming was taken, whose end was seen by a question that began at asked: not before the unit
// was asked in vain, and what waits for nobody ends as soon as it can.
func (b *blockRun) readyAt(a *arming, asked int64) int64 {
	if b.set.trigger != nil {
		return asked
	}
	return min(asked, max(a.notReady, a.armed+b.clock.nanoseconds(b.plan.captures*b.plan.samples())))
}

// moments dates some waveforms of an arming.
func (b *blockRun) moments(a *arming, first, n int64) ([]moment, error) {
	times, err := b.triggerTimes(a, first, n)
	if err != nil {
		return nil, err
	}
	c, out := &b.clock, make([]moment, n)
	for i := range out {
		at := first + int64(i)
		var t TriggerTime
		if times != nil {
			t = times[i]
		}
		m := &out[i]
		m.dead = -1
		back := (a.captured - 1 - at) * int64(c.length) // nothing lies between, as far as is known
		if t.Counted && a.times.last.Counted && a.times.last.Counter >= t.Counter {
			back = c.nanoseconds(int64(min(a.times.last.Counter-t.Counter, math.MaxInt64)))
		}
		m.ends = max(a.ends-back, c.ends)
		switch {
		case at > 0 && t.Counted && a.times.previous.Counted:
			if apart := t.Counter - a.times.previous.Counter; apart >= uint64(c.samples) && apart < math.MaxInt64 {
				m.dead = c.nanoseconds(int64(apart) - c.samples)
			}
		case at == 0 && c.ends > 0 && (a.captured == 1 || t.Counted && a.times.last.Counted):
			m.dead = max(m.ends-int64(c.length)-c.ends, 0)
		}
		if b.set.trigger != nil && (times != nil || b.set.trigger.Auto == 0) {
			m.triggered, m.offset = true, t.OffsetFS-c.delay
		}
		a.times.previous, c.ends = t, m.ends
	}
	return out, nil
}

// triggerTimes asks the unit for the triggers of some waveforms; nil: it does not tell.
func (b *blockRun) triggerTimes(a *arming, first, n int64) (times []TriggerTime, err error) {
	if a.times.silent || b.set.trigger == nil && b.plan.captures == 1 {
		return nil, nil
	}
	at := b.plan.first
	err = b.call(func() (err error) {
		if times, err = b.unit.TriggerTimes(at+first, at+first+n-1); !tolerable(err) || a.times.known {
			return err
		}
		last := times[max(len(times)-1, 0):]
		if first+n < a.captured {
			last, err = b.unit.TriggerTimes(at+a.captured-1, at+a.captured-1)
		}
		if len(last) == 1 {
			a.times.last, a.times.known = last[0], true
		}
		return err
	})
	if s, ok := picosdk.StatusOf(err); ok && (s.IsPower() || s.Kind() == driver.KindDeviceGone) {
		return nil, err
	}
	if err == nil && int64(len(times)) != n {
		err = fmt.Errorf("the unit tells of %d triggers instead of %d", len(times), n)
	}
	if !tolerable(err) {
		a.times.silent = true
		b.notes.silent(b, err)
		return nil, nil
	}
	for _, t := range times {
		b.notes.missed += max(t.Missed, 0)
	}
	b.notes.look(b, time.Now())
	return times, nil
}

// blockNotes are what the user has to know of a run beside its waveforms.
type blockNotes struct {
	missed  int64 // triggers that came while the unit could not take them
	told    int64
	when    time.Time
	untimed bool // it was told that the unit does not tell of its triggers
}

// look tells how many triggers were missed, at once and then only every so often.
func (n *blockNotes) look(b *blockRun, now time.Time) {
	if n.missed > n.told && now.Sub(n.when) >= noticeEvery {
		n.told, n.when = n.missed, now
		b.dev.tell(driver.EventWarning, counted(uint64(n.missed), "trigger has", "triggers have")+" come so far while the unit could not take them")
	}
}

// last tells what was not told yet.
func (n *blockNotes) last(b *blockRun) {
	n.when = time.Time{}
	n.look(b, time.Now())
}

// silent tells once that the unit does not tell of its triggers.
func (n *blockNotes) silent(b *blockRun, err error) {
	if !n.untimed {
		n.untimed = true
		b.dev.tell(driver.EventWarning, fmt.Sprintf("the unit does not tell when its triggers were: %v", err))
	}
}
