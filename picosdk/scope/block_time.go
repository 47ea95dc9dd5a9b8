package scope

import (
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// moment says when one waveform was captured.
type moment struct {
	ends      int64  // when its last sample was taken, on CLOCK_MONOTONIC in ns, as well as is known
	dead      int64  // ns since the end of the waveform before; -1: not known
	triggered bool   // the trigger is marked
	offset    int64  // femtoseconds from the trigger point to the trigger
	within    uint32 // samples in which the trigger lies; 0: the offset is exact
}

// waveClock dates waveforms.
type waveClock struct {
	interval units.Interval
	samples  int64
	delay    int64         // femtoseconds from the trigger to the trigger point
	length   time.Duration // of a waveform
	ends     int64         // of the last waveform; 0: there is none
}

func newWaveClock(set *setup) waveClock {
	c := waveClock{interval: set.applied.Interval, samples: set.block.samples()}
	c.length = time.Duration(c.nanoseconds(c.samples))
	if set.trigger != nil {
		c.delay = scaled(set.trigger.Delay, c.interval, 1e15)
	}
	return c
}

// mostParts holds lengths of time in parts of a second.
const mostParts = 1 << 62

// longest is how many samples have a length in femtoseconds.
func longest(interval units.Interval) uint64 {
	n := new(big.Rat).Quo(big.NewRat(mostParts, 1e15), interval.Big())
	q := new(big.Int).Quo(n.Num(), n.Denom())
	if !q.IsUint64() {
		return math.MaxUint64
	}
	return q.Uint64()
}

// scaled is the length of n samples in parts of a second, rounded down and held within 2^62.
func scaled(n uint64, interval units.Interval, parts int64) int64 {
	v := new(big.Rat).Mul(interval.Big(), new(big.Rat).SetInt(new(big.Int).SetUint64(n)))
	v.Mul(v, new(big.Rat).SetInt64(parts))
	q := new(big.Int).Quo(v.Num(), v.Denom())
	if q.BitLen() > 62 {
		return mostParts
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
	return min(asked, max(a.notReady, a.dates.fewer, a.armed+b.clock.nanoseconds(b.plan.captures*b.plan.samples())))
}

// moments dates some waveforms of an arming.
func (b *blockRun) moments(a *arming, first, n int64) []moment {
	c, d, out := &b.clock, &a.dates, make([]moment, n)
	for i := range out {
		at := first + int64(i)
		t, known := d.time(at)
		last, _ := d.time(a.captured - 1)
		m := &out[i]
		m.dead, m.ends = -1, max(b.endOf(a, at), c.ends)
		switch before, _ := d.time(at - 1); {
		case at > 0 && t.Counted && before.Counted:
			if apart := t.Counter - before.Counter; apart >= uint64(c.samples) && apart < math.MaxInt64 {
				m.dead = c.nanoseconds(int64(apart) - c.samples)
			}
		case at == 0 && c.ends > 0 && (a.captured == 1 || t.Counted && last.Counted):
			m.dead = max(m.ends-int64(c.length)-c.ends, 0)
		}
		if b.set.trigger != nil && (known || b.set.trigger.Auto == 0) {
			m.triggered, m.offset = true, t.OffsetFS-c.delay
			if !t.Timed {
				m.offset, m.within = -c.delay, 1
			}
		}
		c.ends = m.ends
	}
	return out
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
