package scope

import (
	"fmt"
	"math"
	"sort"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// dates are what is known of when the waveforms of an arming were captured. Times are of CLOCK_MONOTONIC in ns.
type dates struct {
	steps []step
	fewer int64         // when the last question began that was answered with no more than the last step has; 0: none was
	times []TriggerTime // of the triggers, from the first waveform's on, as far as the unit tells
	last  int64         // when the last waveform ended
}

// step is a number of waveforms, and between what times the last of them ended.
type step struct{ count, after, by int64 }

// saw notes that a question which began at a time was answered with a number of waveforms, the last of which had ended by another.
func (d *dates) saw(count, began, by int64) {
	if count > d.count() {
		d.steps = append(d.steps, step{count, d.fewer, by})
	}
	d.fewer = began
}

// count is how many waveforms were seen.
func (d *dates) count() int64 {
	if n := len(d.steps); n > 0 {
		return d.steps[n-1].count
	}
	return 0
}

// seen is the step in which a waveform was complete for the first time.
func (d *dates) seen(at int64) step {
	i := sort.Search(len(d.steps), func(i int) bool { return d.steps[i].count > at })
	return d.steps[min(i, len(d.steps)-1)]
}

// time is what the unit tells of the trigger of a waveform.
func (d *dates) time(at int64) (t TriggerTime, known bool) {
	if at < 0 || at >= int64(len(d.times)) {
		return t, false
	}
	return d.times[at], true
}

// learn gathers what is known of when the waveforms of an arming were captured.
//
// The unit's counter tells the times between them to the sample; the questions tell when they were there, each a little later than it was.
// The one that was least late says where all of them lie, and none is put where it was not.
func (b *blockRun) learn(a *arming) error {
	if a.captured == 0 {
		return nil
	}
	if err := b.triggerTimes(a); err != nil {
		return err
	}
	d := &a.dates
	d.last = d.seen(a.captured - 1).by
	for _, s := range d.steps {
		if s.count > a.captured {
			break
		}
		if before, ok := b.before(a, s.count-1); ok {
			d.last = min(d.last, s.by+before)
		}
	}
	return nil
}

// before is how long before the last waveform another one ended; ok is false where nothing tells.
func (b *blockRun) before(a *arming, at int64) (ns int64, ok bool) {
	t, _ := a.dates.time(at)
	last, _ := a.dates.time(a.captured - 1)
	switch {
	case t.Counted && last.Counted && last.Counter >= t.Counter:
		return b.clock.nanoseconds(int64(min(last.Counter-t.Counter, math.MaxInt64))), true
	case b.set.trigger == nil: // nothing lies between, as far as is known
		return (a.captured - 1 - at) * int64(b.clock.length), true
	}
	return 0, false
}

// endOf is when a waveform ended.
func (b *blockRun) endOf(a *arming, at int64) int64 {
	s := a.dates.seen(at)
	end := s.by - (min(s.count, a.captured)-1-at)*int64(b.clock.length)
	if before, ok := b.before(a, at); ok {
		end = a.dates.last - before
	}
	return min(max(end, s.after), s.by)
}

// mostTimes is of how many triggers one call asks.
const mostTimes = 4096

// triggerTimes asks the unit for the triggers of an arming.
func (b *blockRun) triggerTimes(a *arming) error {
	a.dates.times = nil
	if b.set.trigger == nil && b.plan.captures == 1 {
		return nil
	}
	for first := int64(0); first < a.captured; first += mostTimes {
		n := min(a.captured-first, mostTimes)
		var times []TriggerTime
		err := b.call(func() error {
			return patiently(func() (err error) {
				times, err = b.unit.TriggerTimes(b.plan.first+first, b.plan.first+first+n-1)
				return err
			})
		})
		if picosdk.Tolerable(err) && int64(len(times)) != n {
			err = fmt.Errorf("the unit tells of %d triggers instead of %d", len(times), n)
		}
		s, known := picosdk.StatusOf(err)
		switch {
		case known && (s.IsPower() || s.Kind() == driver.KindDeviceGone):
			return err
		case known && s == picosdk.StatusNoSamplesAvailable && b.mayRetry(a):
			return err
		case !picosdk.Tolerable(err):
			if b.set.trigger != nil {
				b.notes.silent(b, err)
			}
			return nil
		}
		a.dates.times = append(a.dates.times, times...)
		for _, t := range times {
			b.notes.missed += max(t.Missed, 0)
		}
	}
	b.notes.look(b, time.Now())
	return nil
}
