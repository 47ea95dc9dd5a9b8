package scope

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// Device is one open unit. What only some units can do stands on types around it, so that [driver.Abilities] tells the
// truth of each unit.
type Device struct {
	family *Family
	driver *Driver
	work   *worker
	unit   Unit
	log    hclog.Logger
	model  picosdk.Model
	events chan driver.Event

	// For the worker's thread, and while an acquisition is between two runs for its goroutine.
	set     *setup // nil: not configured
	usb     string
	limits  learned
	silent  bool               // the generator was not used since Open
	awaits  bool               // the generator waits for the software's trigger
	once    *GeneratorSettings // of an output that ends by itself and waits for nothing; nil: another
	state   picosdk.State
	present driver.PowerState

	mu      sync.Mutex // guards what follows
	info    driver.UnitInfo
	caps    driver.Capabilities
	running activity // the last one; nil: never started
	closed  bool
	gone    bool   // the unit does not answer any more
	missed  uint64 // events that nobody took
}

var (
	_ driver.Device     = (*Device)(nil)
	_ driver.Identifier = (*Device)(nil)
	_ driver.Pinger     = (*Device)(nil)
)

// eventRoom is how many events wait to be taken.
const eventRoom = 64

// Info tells which unit this is.
func (d *Device) Info() driver.UnitInfo {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.info
}

// Capabilities tells what the unit can do in its present power state.
func (d *Device) Capabilities(context.Context) (driver.Capabilities, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return driver.Capabilities{}, errClosed
	}
	return d.caps, nil
}

// usable fails when the unit is closed, or when it runs and must not.
func (d *Device) usable(op string, idle bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return driver.Errorf(driver.KindPermanent, op, "the unit is closed")
	case idle && d.active():
		return driver.Errorf(driver.KindBug, op, "the acquisition is running: stop it first")
	}
	return nil
}

// active tells whether an acquisition is running. The caller holds mu.
func (d *Device) active() bool { return d.running != nil && !d.running.end().over() }

// current returns the last acquisition while it runs, else nil.
func (d *Device) current() activity {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.active() {
		return nil
	}
	return d.running
}

// streaming returns the acquisition while it streams: only its loop may call the library then.
func (d *Device) streaming() (a *acquisition, ok bool) {
	a, ok = d.current().(*acquisition)
	return a, ok
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

// tell delivers an event without a place in the samples.
func (d *Device) tell(kind driver.EventKind, text string) {
	d.notify(driver.Event{Kind: kind, MonoNS: monotonic(), Index: -1, Text: text})
}

// Start begins the acquisition.
func (d *Device) Start(ctx context.Context, sink driver.Sink) error {
	if err := d.usable("start", true); err != nil {
		return err
	}
	_, err := do(ctx, d.work, func() (activity, error) { return d.begin(sink) }, func(a activity, err error) {
		if err == nil {
			a.halt(time.Time{}) // Start was given up
		}
	})
	return failed(err, "start", "")
}

// Wait returns when the acquisition has ended.
func (d *Device) Wait(ctx context.Context) (driver.StopInfo, error) {
	d.mu.Lock()
	a := d.running
	d.mu.Unlock()
	if a == nil {
		return driver.StopInfo{}, driver.Errorf(driver.KindBug, "wait", "the acquisition was not started")
	}
	e := a.end()
	select {
	case <-e.done:
	case <-ctx.Done():
		return driver.StopInfo{}, ctx.Err()
	}
	if e.failure != nil {
		return e.info, e.failure
	}
	return e.info, nil
}

// Stop ends the acquisition.
func (d *Device) Stop(ctx context.Context) error {
	if err := d.usable("stop", false); err != nil {
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
	by, _ := ctx.Deadline()
	a.halt(by)
	select {
	case <-a.end().done:
		return nil
	case <-ctx.Done():
		return driver.Errorf(driver.KindTransient, "stop", "the acquisition does not end: %w", ctx.Err())
	}
}

// Close stops, closes the unit and frees all. A unit that does not answer any more may let the vendor's close hang:
// Close gives up after some seconds, and the end of the process does the rest.
func (d *Device) Close(ctx context.Context) error {
	d.mu.Lock()
	closed := d.closed
	d.mu.Unlock()
	if closed {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, closeLimit)
	defer cancel()
	ended := d.end(ctx)
	err := d.work.try(ctx, func() error { return d.shut(ended == nil) })
	d.mu.Lock()
	if !d.closed {
		d.closed = true
		close(d.events)
	}
	gone := d.gone
	d.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return driver.Errorf(driver.KindTransient, "close", "the vendor library does not return; the unit becomes free when the process ends")
	case gone:
		return nil // nothing more can be done for a unit that is not there
	}
	return failed(err, "close", "")
}

// shut makes the last calls of the unit. In order: the acquisition has ended.
func (d *Device) shut(inOrder bool) error {
	d.mu.Lock()
	skip := d.closed
	gone := d.gone
	d.mu.Unlock()
	if skip {
		return nil
	}
	if inOrder && !gone {
		d.warn("stop", d.stop())
		if g, ok := d.unit.(Generator); ok && !d.silent {
			d.warn("signal generator off", g.Silence())
		}
		d.warn("take buffers back", d.unit.Disarm())
	}
	err := patiently(d.unit.Close)
	d.driver.forget(d)
	return err
}

// warn logs what went wrong where nobody can do anything about it.
func (d *Device) warn(what string, err error) {
	if !picosdk.Tolerable(err) {
		d.log.Warn("the unit refuses", "step", what, "error", err)
	}
}

// identifyFlashes is how often the light flashes.
const identifyFlashes = 10

// Identify lets the light flash.
func (d *Device) Identify(ctx context.Context) error {
	if err := d.usable("identify", false); err != nil {
		return err
	}
	if _, ok := d.streaming(); ok {
		return driver.Errorf(driver.KindTransient, "identify", "the light cannot flash while the unit streams: it shows the acquisition")
	}
	return failed(d.work.try(ctx, func() error { return d.unit.Flash(identifyFlashes) }), "identify", "")
}

// pingPolls is how long a streaming unit may take for its next poll before it counts as gone.
const pingPolls = streamBudget

// Ping asks whether the unit is there. While it streams, the loop's polls are the sign of life: the library must not
// be called from another thread then.
func (d *Device) Ping(ctx context.Context) error {
	if err := d.usable("ping", false); err != nil {
		return err
	}
	if a, ok := d.streaming(); ok {
		return a.alive(ctx)
	}
	return failed(d.work.try(ctx, func() error {
		if err := d.unit.Ping(); err != nil && !busy(err) {
			return err
		}
		return nil
	}), "ping", "")
}

// lost notes that the unit does not answer any more.
func (d *Device) lost() {
	d.mu.Lock()
	d.gone = true
	d.mu.Unlock()
}

// pause waits without keeping anybody from ending it.
func pause(ctx context.Context, t time.Duration) error {
	timer := time.NewTimer(t)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
