package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/driver"
)

const (
	// staleOrder is how old an event may be for its orders still to be given.
	staleOrder = time.Second
	// armTimeout bounds one order.
	armTimeout = 2 * time.Second
)

// outcome says what became of an order.
type outcome string

// The outcomes, as events say them.
const (
	orderTaken  outcome = "started" // the device took the order
	orderBusy   outcome = "busy"    // it still carries out an earlier one
	orderAway   outcome = "away"    // the device is not there: restarting, failed, or left out
	orderDone   outcome = "done"    // it has taken all the orders that it was to take, or its time for them is over
	orderLate   outcome = "late"    // the event had waited for too long
	orderFailed outcome = "failed"
)

// target is a device that an event block starts.
type target struct {
	name   string
	device *device // nil: it is not there

	mu     sync.Mutex // guards what follows
	counts map[outcome]int64
	sample spread // from the event to the order taken
	came   spread // from its delivery to the order taken
	err    string // of the last order that failed
}

// order is one order to a device, and what became of it.
type order struct {
	device  string
	outcome outcome
	err     error
	afterNS int64 // since the event, with orderTaken
	cameNS  int64 // since its delivery
}

func (o order) text() string {
	switch o.outcome {
	case orderTaken:
		return fmt.Sprintf("%s started after %.3g ms", o.device, float64(o.afterNS)/1e6)
	case orderFailed:
		return fmt.Sprintf("%s was not started: %v", o.device, o.err)
	}
	return fmt.Sprintf("%s was not started, it is %s", o.device, map[outcome]string{orderBusy: "busy", orderAway: "not there", orderDone: "done", orderLate: "too late"}[o.outcome])
}

func (o order) data() map[string]any {
	m := map[string]any{"device": o.device, "outcome": string(o.outcome)}
	if o.outcome == orderTaken {
		m["after_event_s"], m["after_delivery_s"] = inSeconds(o.afterNS), inSeconds(o.cameNS)
	}
	return m
}

// order starts the block's devices, all at once, and says what became of it. A run that ends orders nothing.
func (b *eventBlock) order(h hit) []order {
	if len(b.targets) == 0 || isClosed(b.s.stopping) {
		return nil
	}
	list := make([]order, len(b.targets))
	var wg sync.WaitGroup
	for i, t := range b.targets {
		wg.Go(func() { list[i] = t.order(b, h) })
	}
	wg.Wait()
	return list
}

func (t *target) order(b *eventBlock, h hit) order {
	o := order{device: t.name, outcome: orderLate}
	since := h.foundNS
	if h.Late {
		since = h.DeliveredNS // nobody was there to find it in time
	}
	if clock.Mono()-since < int64(staleOrder) {
		o.outcome, o.err = t.arm(b.s)
	}
	if now := clock.Mono(); o.outcome == orderTaken {
		o.afterNS, o.cameNS = now-h.MonoNS, now-h.DeliveredNS
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = map[outcome]int64{}
	}
	t.counts[o.outcome]++
	switch o.outcome {
	case orderTaken:
		t.sample.add(inSeconds(o.afterNS))
		t.came.add(inSeconds(o.cameNS))
	case orderFailed:
		t.err = b.s.o.Plan.Redact(o.err.Error())
		o.err = errors.New(t.err)
	}
	return o
}

// arm gives one order. A device that is not there at this moment misses it.
func (t *target) arm(s *Session) (outcome, error) {
	d := t.device
	if d == nil {
		return orderAway, nil
	}
	d.mu.Lock()
	u, state := d.unit, d.state
	d.mu.Unlock()
	if state != stateRecording || d.timeUp.Load() {
		return d.absent(), nil
	}
	ctx, cancel := context.WithTimeout(s.ctx, armTimeout)
	defer cancel()
	before, ended := clock.Mono(), d.recorder.Stats().WavesEnded
	err := u.device.Arm(ctx)
	var de *driver.Error
	switch {
	case err == nil && !d.orders.take(u, before, ended):
		return orderAway, nil // its plugin has died with it
	case err == nil:
		return orderTaken, nil
	case isClosed(s.stopping):
		return orderAway, nil
	case !errors.As(err, &de):
		return orderFailed, err
	}
	switch de.Kind {
	case driver.KindBusy:
		return orderBusy, nil
	case driver.KindPermanent: // it does not run, or no more
		return d.absent(), nil
	case driver.KindDeviceGone, driver.KindPluginGone, driver.KindPluginHung:
		return orderAway, nil
	}
	return orderFailed, err
}

// absent says why the device takes no orders.
func (d *device) absent() outcome {
	d.mu.Lock()
	u, complete := d.unit, d.complete
	d.mu.Unlock()
	b, _, ok := blockOf(u.config)
	if ok && (complete || d.timeUp.Load() || b.Repeat.Count > 0 && d.orders.count() >= b.Repeat.Count) {
		return orderDone
	}
	return orderAway
}

// ordered tells whether the device is armed by events only.
func ordered(c driver.Config) bool {
	b, _, ok := blockOf(c)
	return ok && b.Repeat.Ordered
}

// unstartable tells whether the device waits for an event that cannot come any more: all that could bring one has ended.
func (d *device) unstartable() bool {
	if _, idle := d.idle(d.recorder.Stats()); !idle || !d.s.eventsBegun.Load() {
		return false
	}
	for _, b := range d.s.blocks {
		if b.starts(d) && b.alive() {
			return false
		}
	}
	return true
}

func (b *eventBlock) starts(d *device) bool {
	return slices.ContainsFunc(b.targets, func(t *target) bool { return t.device == d })
}

// alive tells whether orders may still come.
func (b *eventBlock) alive() bool {
	return b.source != nil && !isClosed(b.source.done) || b.working.Load() > 0
}
