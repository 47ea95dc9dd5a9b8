package rpc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"google.golang.org/grpc/status"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
	"github.com/scopelog/scopelog/driver/rpc/internal/fromproto"
	"github.com/scopelog/scopelog/driver/rpc/internal/toproto"
)

// Device is one opened unit behind a [Client]. Its methods are those of [driver.Device], except that Start takes the
// generation of a ring that was handed over before. Calls may come from any goroutine; their errors are those that
// Client describes.
type Device struct {
	c    *Client
	id   uint64
	info driver.UnitInfo

	events chan driver.Event
	stop   context.CancelFunc // of the event stream

	mu     sync.Mutex
	closed bool
}

// eventBuffer is how many events wait for the session; further ones are dropped and counted.
const eventBuffer = 256

func (c *Client) newDevice(resp *driverpb.OpenResponse) (*Device, error) {
	d := &Device{c: c, id: resp.GetDeviceId(), info: fromproto.UnitInfo(resp.GetInfo()), events: make(chan driver.Event, eventBuffer)}
	if err := checkUnit(d.id, d.info); err != nil {
		return nil, c.badAnswer("open", err)
	}
	var ctx context.Context
	ctx, d.stop = context.WithCancel(c.background)
	c.mu.Lock()
	c.devices[d.id] = d
	c.mu.Unlock()
	c.setUnits()
	c.streams.Go(func() { d.receive(ctx) })
	return d, nil
}

// receive takes events until the device is closed or the plugin ends. It never waits for who reads them; a plugin that
// sends without end waits for it.
func (d *Device) receive(ctx context.Context) {
	defer close(d.events)
	stream, err := d.c.wire.driver.Events(ctx, &driverpb.DeviceRequest{DeviceId: d.id})
	var dropped uint64
	limit := newEventLimit(time.Now())
	for err == nil {
		var p *driverpb.Event
		if p, err = stream.Recv(); err != nil {
			break
		}
		now := time.Now()
		ok, wait := limit.allow(driver.EventKind(p.GetKind()), now)
		if n := limit.report(now); n > 0 {
			d.c.log.Warn("events of a device were dropped, there are too many", "events", n)
		}
		if wait > 0 && !rested(ctx, wait) {
			break
		}
		if !ok {
			dropped += 1 + p.GetDropped()
			continue
		}
		e := readEvent(p)
		e.Dropped += dropped
		select {
		case d.events <- e:
			dropped = 0
		default:
			dropped = e.Dropped + 1
		}
	}
}

// readEvent reads an event and makes its texts fit for a terminal.
func readEvent(p *driverpb.Event) driver.Event {
	e := fromproto.Event(p)
	e.Kind, e.Text = driver.EventKind(printable(string(e.Kind), 64)), printable(e.Text, maxText)
	if e.Error != nil {
		e.Error = cleanError(e.Error)
	}
	return e
}

// rested waits; false: the context has ended before.
func rested(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func contextStatus(err error) error { return status.FromContextError(err).Err() }

// Info is [driver.Device.Info].
func (d *Device) Info() driver.UnitInfo { return d.info }

// Has tells whether the unit has an ability.
func (d *Device) Has(a driver.Ability) bool {
	for _, b := range d.info.Abilities {
		if a == b {
			return true
		}
	}
	return false
}

// Capabilities is [driver.Device.Capabilities].
func (d *Device) Capabilities(ctx context.Context) (driver.Capabilities, error) {
	resp, err := call(ctx, d.c, "capabilities", d.c.budget().Configure, d.c.wire.driver.GetCapabilities, d.request())
	if err != nil {
		return driver.Capabilities{}, err
	}
	caps, err := fromproto.Capabilities(resp)
	if err != nil {
		return driver.Capabilities{}, d.c.badAnswer("capabilities", err)
	}
	return caps, nil
}

// Configure is [driver.Device.Configure]. What it returns was checked: streams are of known kinds and types, there
// are 1 to 64 of them, and the interval is above 0.
func (d *Device) Configure(ctx context.Context, cfg driver.Config) (driver.Applied, error) {
	resp, err := call(ctx, d.c, "configure", d.c.budget().Configure, d.c.wire.driver.Configure,
		&driverpb.ConfigureRequest{DeviceId: d.id, Config: toproto.Config(cfg)})
	if err != nil {
		return driver.Applied{}, err
	}
	applied, err := fromproto.Applied(resp)
	if err == nil {
		err = checkApplied(applied)
	}
	if err != nil {
		return driver.Applied{}, d.c.badAnswer("configure", err)
	}
	return applied, nil
}

// Start is [driver.Device.Start] into the ring of the generation, see [Device.HandOver].
func (d *Device) Start(ctx context.Context, generation uint64) error {
	_, err := call(ctx, d.c, "start", d.c.budget().Configure, d.c.wire.driver.Start,
		&driverpb.StartRequest{DeviceId: d.id, Generation: generation})
	return err
}

// Events is [driver.Device.Events]. The channel is closed when the device is, and when the plugin ends.
func (d *Device) Events() <-chan driver.Event { return d.events }

// Wait is [driver.Device.Wait]. When ctx ends first, the error wraps ctx.Err() and has no kind. The end of an acquisition is told as often as it is asked for, until the next Start.
func (d *Device) Wait(ctx context.Context) (driver.StopInfo, error) {
	late := false
	for {
		resp, err := call(ctx, d.c, "wait", waitSlice+d.c.budget().Close, d.c.wire.driver.Wait,
			&driverpb.WaitRequest{DeviceId: d.id, MaxNanoseconds: int64(waitSlice)})
		switch {
		case err == nil && resp.GetEnded():
			return fromproto.StopInfo(resp.GetStop()), nil
		case err == nil:
			late = false
		case overdue(ctx) != nil && !hasEnded(d.c.proc): // waiting long is no sign of a hang
			return driver.StopInfo{}, fmt.Errorf("wait: %w", overdue(ctx))
		case driver.KindOf(err) == driver.KindPluginHung && !late:
			// If this very process was stopped for a while, the answer is there and only our timer was first.
			late = true
		default:
			return driver.StopInfo{}, err
		}
	}
}

// Stop is [driver.Device.Stop].
func (d *Device) Stop(ctx context.Context) error { return d.StopWithin(ctx, 0) }

// StopWithin is Stop with more time than the driver's budget for closing: a unit that has captured much and hands it over slowly is not to lose
// it. Who grants that looks after its progress, and ends ctx when there is none; the plugin knows of the limit, too.
func (d *Device) StopWithin(ctx context.Context, limit time.Duration) error {
	_, err := call(ctx, d.c, "stop", max(limit, d.c.budget().Close), d.c.wire.driver.Stop, d.request())
	return err
}

// Close is [driver.Device.Close]. A device whose plugin has ended counts as closed.
func (d *Device) Close(ctx context.Context) error {
	d.mu.Lock()
	closed := d.closed
	d.closed = true
	d.mu.Unlock()
	if closed {
		return nil
	}
	_, err := call(ctx, d.c, "close", d.c.budget().Close, d.c.wire.driver.Close, d.request())
	d.stop()
	d.c.mu.Lock()
	delete(d.c.devices, d.id)
	d.c.mu.Unlock()
	d.c.setUnits()
	if hasEnded(d.c.proc) && errors.Is(err, &driver.Error{Kind: driver.KindPluginGone}) {
		return nil
	}
	return err
}

// SetGenerator is [driver.GeneratorController.SetGenerator].
func (d *Device) SetGenerator(ctx context.Context, cfg *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	const op = "set the signal generator"
	resp, err := call(ctx, d.c, op, controlTimeout, d.c.wire.driver.SetGenerator,
		&driverpb.SetGeneratorRequest{DeviceId: d.id, Generator: toproto.GeneratorConfig(cfg)})
	if err != nil {
		return driver.AppliedGenerator{}, err
	}
	applied, err := fromproto.AppliedGenerator(resp)
	if err != nil || applied == nil {
		return driver.AppliedGenerator{}, d.c.badAnswer(op, fmt.Errorf("generator: %w", err))
	}
	return *applied, nil
}

// Power is [driver.PowerController.Power].
func (d *Device) Power(ctx context.Context) (driver.PowerState, error) {
	resp, err := call(ctx, d.c, "read the power state", controlTimeout, d.c.wire.driver.GetPower, d.request())
	return driver.PowerState(resp.GetState()), err
}

// SetPower is [driver.PowerController.SetPower].
func (d *Device) SetPower(ctx context.Context, want driver.PowerSource) (driver.PowerState, error) {
	resp, err := call(ctx, d.c, "change the power source", controlTimeout, d.c.wire.driver.SetPower,
		&driverpb.SetPowerRequest{DeviceId: d.id, Source: string(want)})
	return driver.PowerState(resp.GetState()), err
}

// Identify is [driver.Identifier.Identify].
func (d *Device) Identify(ctx context.Context) error {
	_, err := call(ctx, d.c, "identify", controlTimeout, d.c.wire.driver.Identify, d.request())
	return err
}

// Ping is [driver.Pinger.Ping].
func (d *Device) Ping(ctx context.Context) error {
	_, err := call(ctx, d.c, "ping", controlTimeout, d.c.wire.driver.Ping, d.request())
	return err
}

// SoftwareTrigger is [driver.SoftwareTriggerer.SoftwareTrigger].
func (d *Device) SoftwareTrigger(ctx context.Context) error {
	_, err := call(ctx, d.c, "trigger", controlTimeout, d.c.wire.driver.SoftwareTrigger, d.request())
	return err
}

// Arm is [driver.Armer.Arm].
func (d *Device) Arm(ctx context.Context) error {
	_, err := call(ctx, d.c, "arm", controlTimeout, d.c.wire.driver.Arm, d.request())
	return err
}

func (d *Device) request() *driverpb.DeviceRequest { return &driverpb.DeviceRequest{DeviceId: d.id} }

// deadlineOf is the earlier of the context's deadline and now + limit.
func deadlineOf(ctx context.Context, limit time.Duration) time.Time {
	t := time.Now().Add(limit)
	if own, ok := ctx.Deadline(); ok && own.Before(t) {
		return own
	}
	return t
}
