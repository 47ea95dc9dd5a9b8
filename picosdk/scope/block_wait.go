package scope

import (
	"errors"
	"fmt"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// arming is one RunBlock and what comes of it. Times are of CLOCK_MONOTONIC in ns.
type arming struct {
	armed     int64 // when RunBlock had returned
	notReady  int64 // when the last question began that was answered with no
	captured  int64 // waveforms
	fetched   int64 // of those
	number    int64 // of the armings with waveforms; -1: none yet
	told      bool  // that it waits
	triggered bool  // it was told that this is over
	late      bool  // its samples were not there once
	uncounted bool  // the unit does not say how many it has captured so far
	cause     error // why it ended before all was captured; nil: it did not
	dates     dates
}

// arming arms the unit, waits, and fetches what was captured.
func (b *blockRun) arming() error {
	a := &arming{number: -1}
	if err := b.arm(a); err != nil {
		return err
	}
	clock, missed := b.clock, b.notes.missed
	for {
		if a.fetched == 0 && a.cause == nil {
			if err := b.await(a); err != nil {
				a.captured = a.dates.count()
				return b.settled(a, err)
			}
		}
		err := b.deliver(a)
		if !picosdk.IsStatus(err, picosdk.StatusNoSamplesAvailable) || !b.mayRetry(a) {
			return b.settled(a, err)
		}
		a.late = true
		if a.fetched == 0 { // nothing is delivered, so nothing is dated
			b.clock, b.notes.missed = clock, missed
		}
		if err := pause(b.fetch, shortestPoll); err != nil {
			return b.settled(a, errLate)
		}
	}
}

// armTime is how long a unit may take from the arming until it looks for its trigger, beside the time of what lies before that.
const armTime = 5 * time.Millisecond

// arm arms the unit. With the first arming an output that ends by itself begins anew, so that all of it is recorded; where there is a
// trigger, not before that can come.
func (b *blockRun) arm(a *arming) error {
	p, output := b.plan, b.renew
	err := b.call(func() error {
		err := patiently(func() error { return b.unit.RunBlock(p.pre, p.post, p.timebase, p.first) })
		if a.armed = monotonic(); picosdk.Tolerable(err) && output && b.set.trigger == nil {
			b.dev.putOutOnce()
			output = false
		}
		return err
	})
	if !picosdk.Tolerable(err) {
		return err
	}
	b.renew = false
	b.queue.armed()
	if output && b.rest(armTime+time.Duration(b.clock.nanoseconds(p.pre))) == nil {
		return b.call(func() error {
			b.dev.putOutOnce()
			return nil
		})
	}
	return nil
}

// mayRetry tells whether samples that are not there may be asked for again: the unit's state may change between the question and the
// fetch.
func (b *blockRun) mayRetry(a *arming) bool {
	return !a.late && !b.waves.open
}

// settled tells what of an arming was captured and did not come, and how the run goes on behind it.
func (b *blockRun) settled(a *arming, err error) error {
	if picosdk.IsStatus(err, picosdk.StatusNoSamplesAvailable) {
		err = errGone
	}
	if left := a.captured - a.fetched; left > 0 && err != nil {
		b.dev.tell(driver.EventWarning, counted(uint64(left), "captured waveform is", "captured waveforms are")+" not recorded: "+err.Error())
		b.lose(a)
	}
	if a.cause != nil && (err == nil || errors.Is(err, errGone)) {
		return a.cause
	}
	return err
}

// How often the unit is asked whether it is ready.
const (
	shortestPoll = time.Millisecond
	longestPoll  = 20 * time.Millisecond
)

// await waits until all is captured. Where the end is asked for before, or the time is over, the unit is stopped: what it has
// captured by then counts.
func (b *blockRun) await(a *arming) error {
	began := time.Now()
	watch := newSilence(b.set)
	for {
		asked := monotonic()
		ready, err := b.ask(a)
		switch {
		case !picosdk.Tolerable(err) && !busy(err):
			return err
		case ready && !busy(err):
			a.captured = b.plan.captures
			a.dates.saw(a.captured, asked, b.readyAt(a, asked))
			b.tellTriggered(a)
			return nil
		}
		a.notReady = asked
		b.tellWaiting(a)
		if err := watch.look(b, time.Since(began), busy(err)); err != nil {
			return err
		}
		if b.set.trigger != nil && b.timeUp(time.Now()) { // what waits for nothing comes to its end
			return b.interrupt(a, errTimeUp)
		}
		if err := b.rest(b.poll(time.Since(began))); err != nil {
			return b.interrupt(a, err)
		}
	}
}

// ask asks whether the unit is ready, and if not, how many waveforms it has so far: that is when they were captured.
func (b *blockRun) ask(a *arming) (ready bool, err error) {
	err = b.call(func() (err error) {
		if ready, err = b.unit.Ready(); ready || !picosdk.Tolerable(err) || b.plan.captures == 1 || a.uncounted {
			return err
		}
		began := monotonic()
		n, fault := b.unit.Captured()
		s, known := picosdk.StatusOf(fault)
		switch {
		case picosdk.Tolerable(fault):
			a.dates.saw(min(n, b.plan.captures), began, monotonic())
		case known && (s.IsPower() || s.Kind() == driver.KindDeviceGone):
			return fault
		case !known || s != picosdk.StatusNoSamplesAvailable && !s.IsBusy():
			a.uncounted = true
		}
		return err
	})
	return ready, err
}

// poll is how long to rest until the unit is asked again: the longer, the longer it takes.
func (b *blockRun) poll(waited time.Duration) time.Duration {
	t := max(b.clock.length/4, waited/16)
	if left := b.plan.lasts - time.Since(b.began); b.plan.lasts > 0 && b.set.trigger != nil {
		t = min(t, left)
	}
	return min(max(t, shortestPoll), longestPoll)
}

// interrupt stops the unit and asks what it has captured.
func (b *blockRun) interrupt(a *arming, cause error) error {
	a.cause = cause
	stopped := int64(0)
	err := b.call(func() (err error) {
		err = b.dev.stop()
		if stopped = monotonic(); !picosdk.Tolerable(err) {
			return err
		}
		a.captured, err = b.unit.Captured()
		return err
	})
	switch {
	case picosdk.IsStatus(err, picosdk.StatusNoSamplesAvailable): // not one
		a.captured = 0
	case !picosdk.Tolerable(err):
		return err
	case a.captured < 0 || a.captured > b.plan.captures:
		b.dev.tell(driver.EventWarning, fmt.Sprintf("the unit says that it has captured %d waveforms of %d", a.captured, b.plan.captures))
		a.captured = min(max(a.captured, 0), b.plan.captures)
	}
	a.dates.saw(a.captured, stopped, stopped)
	return nil
}

// tellWaiting tells once that the unit waits for its trigger.
func (b *blockRun) tellWaiting(a *arming) {
	if b.set.trigger == nil || a.told {
		return
	}
	a.told = true
	b.dev.notify(driver.Event{Kind: driver.EventTriggerWait, MonoNS: monotonic(), Index: b.waves.raw, Text: "armed, and waiting for a trigger"})
}

// tellTriggered tells that the wait is over, if the host knows of it.
func (b *blockRun) tellTriggered(a *arming) {
	if a.told && !a.triggered {
		a.triggered = true
		b.dev.notify(driver.Event{Kind: driver.EventTriggered, MonoNS: monotonic(), Index: b.waves.raw + b.plan.pre, Text: "triggered"})
	}
}

// silence watches a unit that has to capture without anybody's doing, and any unit for answers that are none.
type silence struct {
	warn, fail time.Duration // 0: it may wait for ever
	told       bool
	busy       bool // the last answer was "busy"
	busySince  time.Duration
}

// How long such a unit may take beyond what it needs, and how long any may answer nothing but "busy".
const (
	usualSilence  = 2 * time.Second
	failedSilence = 5 * usualSilence
)

func newSilence(set *setup) *silence {
	need := set.block.captureTime(set)
	if need < 0 {
		return &silence{}
	}
	return &silence{warn: usualSilence + 2*need, fail: failedSilence + patience*need}
}

// look compares the time since the arming with what the unit may take.
func (s *silence) look(b *blockRun, waited time.Duration, busy bool) error {
	if !s.busy {
		s.busySince = waited
	}
	s.busy = busy
	switch {
	case busy && waited-s.busySince >= failedSilence: // an unplugged unit may do so for ever
		return driver.Errorf(driver.KindTransient, "capture", "the unit answers busy, and nothing else, for %s", (waited - s.busySince).Round(time.Second))
	case s.warn == 0 || waited < s.warn:
	case waited >= s.fail:
		return driver.Errorf(driver.KindTransient, "capture", "the unit answers, but has captured nothing for %s", waited.Round(time.Second))
	case !s.told:
		s.told = true
		b.dev.tell(driver.EventWarning, fmt.Sprintf("no waveform for %s: the unit is silent", waited.Round(time.Second)))
	}
	return nil
}
