package scope

import (
	"fmt"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// arming is one RunBlock and what comes of it. Times are of CLOCK_MONOTONIC in ns.
type arming struct {
	armed    int64 // when RunBlock had returned
	notReady int64 // when the last question began that was answered with no
	ends     int64 // when the last sample of its last waveform was taken, as well as is known
	captured int64 // waveforms
	fetched  int64 // of those
	number   int64 // of the armings with waveforms; -1: none yet
	told     bool  // that it waits
	late     bool  // its samples were not there once
	cause    error // why it ended before all was captured; nil: it did not
	times    armingTimes
}

// arming arms the unit, waits, and fetches what was captured.
func (b *blockRun) arming() error {
	a := &arming{number: -1}
	p := b.plan
	run := func() error { return b.unit.RunBlock(p.pre, p.post, p.timebase, p.first) }
	if err := b.call(func() error { return patiently(run) }); !tolerable(err) {
		return err
	}
	a.armed = monotonic()
	b.queue.armed()
	for {
		if err := b.await(a); err != nil {
			return err
		}
		err := b.deliver(a)
		if isStatus(err, picosdk.StatusNoSamplesAvailable) {
			if !a.late && a.fetched == 0 && a.cause == nil { // the state may change between the question and the fetch
				a.late = true
				if err := b.rest(shortestPoll); err != nil {
					return err
				}
				continue
			}
			b.lose(a)
			err = errGone
		}
		if err == nil {
			err = a.cause
		}
		return err
	}
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
		asked, ready := monotonic(), false
		err := b.call(func() (err error) {
			ready, err = b.unit.Ready()
			return err
		})
		switch {
		case !tolerable(err) && !busy(err):
			return err
		case ready && !busy(err):
			a.captured, a.ends = b.plan.captures, b.readyAt(a, asked)
			b.tellTriggered(a)
			return nil
		}
		a.notReady = asked
		b.tellWaiting(a)
		if err := watch.look(b, time.Since(began)); err != nil {
			return err
		}
		if b.timeUp(time.Now()) {
			return b.interrupt(a, errTimeUp)
		}
		if err := b.rest(b.poll(time.Since(began))); err != nil {
			return b.interrupt(a, err)
		}
	}
}

// poll is how long to rest until the unit is asked again: the longer, the longer it takes.
func (b *blockRun) poll(waited time.Duration) time.Duration {
	t := max(b.clock.length/4, waited/16)
	if left := b.plan.lasts - time.Since(b.began); b.plan.lasts > 0 {
		t = min(t, left)
	}
	return min(max(t, shortestPoll), longestPoll)
}

// interrupt stops the unit and asks what it has captured.
func (b *blockRun) interrupt(a *arming, cause error) error {
	a.cause = cause
	err := b.call(func() (err error) {
		if err := b.dev.stop(); !tolerable(err) {
			return err
		}
		a.captured, err = b.unit.Captured()
		return err
	})
	a.ends = monotonic()
	switch {
	case isStatus(err, picosdk.StatusNoSamplesAvailable): // not one
		a.captured = 0
	case !tolerable(err):
		return err
	case a.captured < 0 || a.captured > b.plan.captures:
		b.dev.tell(driver.EventWarning, fmt.Sprintf("the unit says that it has captured %d waveforms of %d", a.captured, b.plan.captures))
		a.captured = min(max(a.captured, 0), b.plan.captures)
	}
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
	if a.told {
		b.dev.notify(driver.Event{Kind: driver.EventTriggered, MonoNS: monotonic(), Index: b.waves.raw + b.plan.pre, Text: "triggered"})
	}
}

// silence watches a unit that has to capture without anybody's doing.
type silence struct {
	warn, fail time.Duration // 0: it may wait for ever
	told       bool
}

// How long such a unit may take beyond what it needs.
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
func (s *silence) look(b *blockRun, waited time.Duration) error {
	switch {
	case s.warn == 0 || waited < s.warn:
	case waited >= s.fail:
		return driver.Errorf(driver.KindTransient, "capture", "the unit answers, but has captured nothing for %s", waited.Round(time.Second))
	case !s.told:
		s.told = true
		b.dev.tell(driver.EventWarning, fmt.Sprintf("no waveform for %s: the unit is silent", waited.Round(time.Second)))
	}
	return nil
}
