package main

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// pending is a fault that will happen during an acquisition.
type pending struct {
	fault *fault
	index int64          // at this hardware index
	at    units.Interval // or at this time after the start
	ns    int64          // the same in ns; -1: by index only
	left  int64          // how often it may still happen; -1: always
}

// schedule lists the faults of the acquisition that are not used up.
func (a *acquisition) schedule(state unitState) []pending {
	var list []pending
	for i := range a.set.faults {
		f := &a.set.faults[i]
		left := state.left(f)
		if f.call != "" || left == 0 {
			continue
		}
		p := pending{fault: f, index: f.sample, at: f.at, ns: -1, left: left}
		if !f.bySample {
			p.setTime(a, f.at)
		}
		list = append(list, p)
	}
	return list
}

func (p *pending) setTime(a *acquisition, at units.Interval) {
	p.at, p.ns, p.index = at, int64(at.Duration()), a.set.clock.index(at)
}

// nextPending returns the next fault whose time has come at a time after the start, with samples delivered up to due.
func (a *acquisition) nextPending(elapsed, due int64) (next *pending) {
	for i := range a.pending {
		p := &a.pending[i]
		come := p.index <= due
		if p.ns >= 0 && !a.set.fast {
			come = p.ns <= elapsed
		}
		if p.left != 0 && come && (next == nil || p.index < next.index) {
			next = p
		}
	}
	return next
}

// fire lets a fault happen. An error ends the acquisition.
func (a *acquisition) fire(p *pending, elapsed int64) *driver.Error {
	a.level()
	f := p.fault
	if err := a.unit.used(f); err != nil {
		return driver.Errorf(driver.KindPermanent, "stream", "%w", err)
	}
	if p.left > 0 {
		p.left--
	}
	a.truth.fault(a.clock.now(), f, &a.counts)
	a.repeat(p)
	switch f.kind {
	case faultCrash:
		a.unit.world.crash(f.how)
	case faultHang:
		a.unit.world.hang(f.how, f.duration)
	case faultPrint:
		a.disturb.begin(f, elapsed)
		a.disturb.talk(a)
	case faultStall, faultLate, faultBurst, faultUneven:
		a.disturb.begin(f, elapsed)
	case faultLose:
		a.lose(f)
	case faultFail:
		return driver.Errorf(f.errorKind, "stream", "sim: a failure was asked for at sample %d", a.hardware)
	case faultUnplug:
		if err := a.unit.goAway(a.clock.now() + f.duration); err != nil {
			return driver.Errorf(driver.KindPermanent, "stream", "%w", err)
		}
		return driver.Errorf(driver.KindDeviceGone, "stream", "sim: the unit was unplugged at sample %d", a.hardware)
	case faultLie:
		return a.lie(f)
	}
	return nil
}

// repeat sets when the fault happens again.
func (a *acquisition) repeat(p *pending) {
	if p.fault.every.IsZero() {
		p.left = 0
		return
	}
	if p.ns < 0 {
		p.index += max(a.set.clock.index(p.fault.every), 1)
		return
	}
	at, err := p.at.Add(p.fault.every.Rational)
	if err != nil {
		p.left = 0
		return
	}
	p.setTime(a, units.Interval{Rational: at})
}

// lose skips samples of the unit.
func (a *acquisition) lose(f *fault) {
	a.hardware += f.count
	switch f.announce {
	case announceNone:
		a.lostSilent += f.count
	case announceUnknown:
		a.lostVague += f.count
	default:
		a.lostTold += f.count
		a.epoch += f.count
	}
	if f.announce != announceNone {
		for _, in := range a.inputs {
			in.lose(a.sink, f.count, f.announce == announceExact, f.cause)
		}
		a.unit.notify(driver.Event{Kind: driver.EventWarning, MonoNS: a.clock.now(), Index: a.epoch, Text: "samples were lost in the unit", Value: float64(f.count)})
	}
	a.truth.state("state", a.clock.now(), &a.counts)
}

// lie writes an untruth into the ring and is silent from then on, so that the truth does not cover it.
func (a *acquisition) lie(f *fault) *driver.Error {
	a.muted = true
	if err := lie(f.what, a.random); err != nil {
		return driver.Errorf(driver.KindPermanent, "stream", "lie in the ring: %w", err)
	}
	return nil
}

// disturbance is how deliveries are disturbed at present. Times are ns after the start.
type disturbance struct {
	stallEnd  int64 // no delivery before; 0: no stall
	lateEnd   int64
	longest   int64 // longest delay
	burstEnd  int64
	mostHeld  int64 // most deliveries held back
	held      int64 // still to be held back
	unevenEnd int64
	skew      int64
	talkEnd   int64
	speaker   *fault
}

// forEver is a time after any end.
const forEver = int64(1<<63 - 1)

// after returns the time that long after now; 0 means for ever.
func after(now, long int64) int64 {
	if long == 0 || now > forEver-long {
		return forEver
	}
	return now + long
}

// begin starts a disturbance.
func (d *disturbance) begin(f *fault, elapsed int64) {
	switch f.kind {
	case faultStall:
		d.stallEnd = after(elapsed, f.duration)
	case faultLate:
		d.lateEnd, d.longest = after(elapsed, f.lasts), f.duration
	case faultBurst:
		d.burstEnd, d.mostHeld = after(elapsed, f.lasts), f.count
	case faultUneven:
		d.unevenEnd, d.skew = after(elapsed, f.lasts), f.count
	case faultPrint:
		d.speaker = f
		if d.talkEnd = elapsed; f.lasts > 0 {
			d.talkEnd = after(elapsed, f.lasts)
		}
	}
}

// uneven tells whether the channels get uneven counts.
func (d *disturbance) uneven(elapsed int64) bool { return elapsed < d.unevenEnd }

// due returns the hardware index up to which this poll delivers.
func (d *disturbance) due(a *acquisition, elapsed int64) int64 {
	if elapsed < d.talkEnd {
		d.talk(a)
	}
	if elapsed < d.stallEnd {
		return a.hardware
	}
	if elapsed < d.burstEnd {
		if d.held > 0 {
			d.held--
			return a.hardware
		}
		d.held = a.random.Int64N(d.mostHeld + 1)
	}
	if a.set.fast {
		return a.hardware + a.set.batch
	}
	if elapsed < d.lateEnd && d.longest > 0 {
		elapsed -= a.random.Int64N(d.longest + 1)
	}
	return max(a.set.first+a.set.clock.count(elapsed), a.hardware)
}

// talk prints the lines of a fault.
func (d *disturbance) talk(a *acquisition) {
	for range d.speaker.count {
		a.unit.world.print(d.speaker.output, d.speaker.text)
	}
}
