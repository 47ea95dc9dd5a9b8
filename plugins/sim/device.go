package main

import (
	"context"
	"sync"

	"github.com/gofrs/flock"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
)

// Device is one simulated unit.
type Device struct {
	world  *world
	info   driver.UnitInfo
	caps   driver.Capabilities
	lock   *flock.Flock
	events chan driver.Event

	mu      sync.Mutex // guards what follows
	faults  []fault    // as given to Open, then as configured; those of calls are looked up here
	state   unitState
	set     *setup       // nil: not configured
	running *acquisition // the last one; nil: never started
	closed  bool
	missed  uint64 // events that nobody took
}

var (
	_ driver.Device     = (*Device)(nil)
	_ driver.Identifier = (*Device)(nil)
	_ driver.Pinger     = (*Device)(nil)

	_ driver.GeneratorController = (*Device)(nil)
	_ driver.SoftwareTriggerer   = (*Device)(nil)
	_ driver.Armer               = (*Device)(nil)
)

// eventRoom is how many events wait to be taken.
const eventRoom = 64

// Info tells which unit this is.
func (d *Device) Info() driver.UnitInfo { return d.info }

// Capabilities tells what the model can do.
func (d *Device) Capabilities(context.Context) (driver.Capabilities, error) {
	if err := d.usable(callCapabilities); err != nil {
		return driver.Capabilities{}, err
	}
	return d.caps, nil
}

// usable lets the faults of a call happen; it fails when the unit is closed.
func (d *Device) usable(call string) error {
	d.mu.Lock()
	closed, faults := d.closed, d.faults
	d.mu.Unlock()
	if closed {
		return driver.Errorf(driver.KindPermanent, call, "the unit is closed")
	}
	return callFaults(d.world, faults, call, d.left, d.used)
}

// Configure sets everything up.
func (d *Device) Configure(_ context.Context, cfg driver.Config) (driver.Applied, error) {
	if err := d.usable(callConfigure); err != nil {
		return driver.Applied{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.active() {
		return driver.Applied{}, driver.Errorf(driver.KindBug, "configure", "the acquisition is running: stop it first")
	}
	d.set = nil
	set, err := configure(d.caps, d.info.Serial, cfg)
	if err != nil {
		return driver.Applied{}, err
	}
	d.set, d.faults = set, set.faults
	return set.applied, nil
}

// active tells whether an acquisition is running. The caller holds mu.
func (d *Device) active() bool {
	if d.running == nil {
		return false
	}
	select {
	case <-d.running.done:
		return false
	default:
		return true
	}
}

// Start begins the acquisition.
func (d *Device) Start(_ context.Context, sink driver.Sink) error {
	if err := d.usable(callStart); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.set == nil:
		return driver.Errorf(driver.KindBug, "start", "the unit is not configured")
	case d.active():
		return driver.Errorf(driver.KindBug, "start", "the acquisition is running already")
	case sink.Streams() != len(d.set.applied.Streams):
		return driver.Errorf(driver.KindBug, "start", "the sink has %d streams, not %d", sink.Streams(), len(d.set.applied.Streams))
	}
	a, err := newAcquisition(d, d.set, sink, d.state)
	if err != nil {
		return err
	}
	d.running = a
	go a.run()
	return nil
}

// Events delivers what happens.
func (d *Device) Events() <-chan driver.Event { return d.events }

// notify delivers an event, or counts it as missed.
func (d *Device) notify(e driver.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	e.Dropped = d.missed
	select {
	case d.events <- e:
		d.missed = 0
	default:
		d.missed++
	}
}

// current returns the last acquisition.
func (d *Device) current() *acquisition {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running
}

// Wait returns when the acquisition has ended.
func (d *Device) Wait(ctx context.Context) (driver.StopInfo, error) {
	a := d.current()
	if a == nil {
		return driver.StopInfo{}, driver.Errorf(driver.KindBug, "wait", "the acquisition was not started")
	}
	select {
	case <-a.done:
	case <-ctx.Done():
		return driver.StopInfo{}, ctx.Err()
	}
	if a.failure != nil {
		return a.info, a.failure
	}
	return a.info, nil
}

// Stop ends the acquisition.
func (d *Device) Stop(ctx context.Context) error {
	if err := d.usable(callStop); err != nil {
		return err
	}
	return d.end(ctx)
}

// end stops the acquisition, if there is one, and waits for it.
func (d *Device) end(ctx context.Context) error {
	a := d.current()
	if a == nil {
		return nil
	}
	a.halt()
	select {
	case <-a.done:
		return nil
	case <-ctx.Done():
		return driver.Errorf(driver.KindTransient, "stop", "the acquisition does not end: %w", ctx.Err())
	}
}

// Close stops and gives the unit back.
func (d *Device) Close(ctx context.Context) error {
	d.mu.Lock()
	closed, faults := d.closed, d.faults
	d.mu.Unlock()
	if closed {
		return nil
	}
	if err := callFaults(d.world, faults, callClose, d.left, d.used); err != nil {
		return err
	}
	if err := d.end(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	d.closed = true
	close(d.events)
	if err := d.lock.Close(); err != nil {
		return driver.Errorf(driver.KindPermanent, "close", "unlock unit %s: %w", d.info.Serial, err)
	}
	return nil
}

// Identify shows the unit, as far as it can be seen.
func (d *Device) Identify(context.Context) error {
	if err := d.usable("identify"); err != nil {
		return err
	}
	d.notify(driver.Event{Kind: driver.EventSettings, MonoNS: rpc.Monotonic(), Index: -1, Text: "the light of unit " + d.info.Serial + " flashes"})
	return nil
}

// Ping tells that the unit is there.
func (d *Device) Ping(context.Context) error { return d.usable("ping") }

// left tells how often a fault may still happen; -1: always.
func (d *Device) left(f *fault) int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state.left(f)
}

// used notes that a fault happens, so that it counts after a restart of the process too.
func (d *Device) used(f *fault) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f.times == 0 {
		return nil
	}
	d.state.Fired[f.number]++
	return d.world.rig.remember(d.info.Serial, d.state)
}

// goAway makes the unit unavailable until a time.
func (d *Device) goAway(until int64) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state.Away = until
	return d.world.rig.remember(d.info.Serial, d.state)
}
