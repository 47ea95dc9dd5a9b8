package main

import (
	"github.com/scopelog/scopelog/driver"
)

// waveCount counts the waveforms of an acquisition.
type waveCount struct {
	begun    int64
	complete int64
	end      int64 // hardware index behind the last one
	taken    int64 // samples that the unit had taken when that was looked at last, before the stop
}

// capture is one waveform as the unit's memory holds it. Indexes are those of the hardware.
type capture struct {
	first     int64 // its first sample
	arming    int64
	segment   uint32
	triggered bool
	offset    int64 // femtoseconds from the trigger's sample to the crossing
}

// step says how the loop of the block modes goes on.
type step uint8

const (
	goOn    step = iota // what was waited for has come
	stopped             // the host wants the end
	timeUp              // the time for repeating is over
)

// blocks is the loop of the block modes: arm, wait for the trigger, fetch.
func (a *acquisition) blocks() (driver.StopReason, *driver.Error) {
	b := a.set.block
	armed, previous := int64(0), int64(0)
	a.waves.begun = a.set.first
	for arming := int64(0); b.repeat == 0 || arming < b.repeat; arming++ {
		if a.stop.Err() != nil {
			return driver.StopRequested, nil
		}
		if arming > 0 {
			if armed = a.waves.end + b.rearm; !b.ordered {
				armed = max(armed, previous+b.every)
			}
			if !a.set.fast {
				armed = max(armed, a.taken())
			}
		}
		if b.ordered {
			at, next, failure := a.awaitOrder()
			if done, reason := ends(next, failure); done {
				return reason, failure
			}
			armed = max(armed, at)
		}
		if !b.ordered && b.lasts > 0 && armed >= b.lasts { // an order that was taken is carried out
			break
		}
		previous = armed
		for n := range b.captures {
			c := capture{arming: a.set.first + arming, segment: b.segment}
			if b.rapid {
				c.segment = uint32(n)
			}
			next, failure := a.capture(armed, c)
			if failure == nil && a.misuse != nil {
				failure = driver.Errorf(driver.KindBug, "capture", "%w", a.misuse)
			}
			if done, reason := ends(next, failure); done {
				return reason, failure
			}
			armed = a.waves.end + b.rearm
		}
		a.carriedOut()
	}
	return driver.StopCompleted, nil
}

// ends tells whether a step was the last one, and why.
func ends(next step, failure *driver.Error) (bool, driver.StopReason) {
	switch {
	case failure != nil:
		return true, driver.StopFailed
	case next == stopped:
		return true, driver.StopRequested
	}
	return next == timeUp, driver.StopCompleted
}

// taken is how many samples the unit has taken by now, or had when it was stopped: in real time what its clock says, else
// more than anybody asks for.
func (a *acquisition) taken() int64 {
	elapsed := a.clock.now() - a.start
	switch {
	case a.stop.Err() != nil:
	case elapsed < a.disturb.stallEnd:
		a.waves.taken = a.hardware
	case a.set.fast:
		a.waves.taken = forEver
	default:
		a.waves.taken = a.set.clock.count(elapsed)
	}
	return a.waves.taken
}

// over tells that the acquisition was stopped, and that nothing is left in the unit's memory before an index that would
// make a whole waveform.
func (a *acquisition) over(index int64) bool {
	return a.stop.Err() != nil && (a.set.fast || a.fetch.Err() != nil || index > a.waves.taken)
}

// look shows progress, carries out orders, and lets faults happen whose time has come, or that lie up to a sample.
func (a *acquisition) look(upTo int64) *driver.Error {
	for {
		now := a.clock.now()
		a.sink.Progress()
		a.truth.tick(now, &a.counts)
		a.obey()
		p := a.nextPending(now-a.start, upTo)
		if p == nil || a.stop.Err() != nil {
			return nil
		}
		if failure := a.fire(p, now-a.start); failure != nil {
			return failure
		}
		a.mute()
	}
}

// mute waits for the end when the ring was lied in.
func (a *acquisition) mute() {
	for a.muted && a.idle(forEver) {
		a.obey()
	}
}

// rest waits for a delivery, or less: until the unit has taken the samples before an index.
func (a *acquisition) rest(index int64) {
	now := a.clock.now()
	due := a.start + min(a.set.clock.when(index), forEver/2)
	if a.set.fast {
		due = forEver
	}
	a.idle(min(now+a.set.delivery, max(due, now+leastRest)))
}

// leastRest is the shortest wait, in ns.
const leastRest = int64(100_000)

// capture arms the unit at a sample, waits for the trigger and the samples behind it, and fetches them.
func (a *acquisition) capture(armed int64, c capture) (next step, failure *driver.Error) {
	b := a.set.block
	earliest := armed + b.pre
	a.arm(earliest)
	point, decided := earliest, a.set.trigger == nil
	for !decided {
		if failure := a.look(a.watch.seen); failure != nil || a.over(a.watch.seen+1) {
			return stopped, failure
		}
		if point, decided = a.hunted(earliest, &c); !decided {
			if b.lasts > 0 && a.watch.seen >= b.lasts {
				return timeUp, nil
			}
			rests := a.watch.seen >= a.taken() || a.set.fast && a.set.trigger.auto == 0 && b.lasts == 0 && len(a.pending) == 0 && a.never()
			a.tellWaiting(rests)
			if rests {
				a.rest(forEver)
			}
		}
	}
	a.tellTriggered(a.epoch + b.pre)
	c.first = point - b.pre
	end := point + b.post
	for {
		taken := a.taken()
		a.hardware = max(a.hardware, min(taken, end))
		if failure := a.look(min(taken, c.first)); failure != nil || a.over(end) {
			return stopped, failure
		}
		if taken >= end {
			break
		}
		a.rest(end)
	}
	a.watch.seen = max(a.watch.seen, end)
	a.followEdges(a.watch.seen)
	return a.waveform(c)
}

// hunted looks for the trigger in what was taken, and returns the trigger point.
func (a *acquisition) hunted(earliest int64, c *capture) (point int64, decided bool) {
	t, limit := a.set.trigger, a.taken()
	if lasts := a.set.block.lasts; lasts > 0 {
		limit = min(limit, lasts)
	}
	auto := forEver
	if t.auto > 0 {
		auto = earliest + t.auto
	}
	at, offset, found := a.search(min(limit, auto))
	a.hardware = max(a.hardware, min(a.watch.seen, limit))
	switch {
	case found:
		c.triggered, c.offset = true, offset-a.set.clock.span(t.delay)
	case limit > auto && a.watch.seen >= auto:
		at = auto
		a.startGenerator(sourceScope, a.watch.seen)
	default:
		return 0, false
	}
	return at + t.delay, true
}
