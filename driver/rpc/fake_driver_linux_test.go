package rpc

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// fakeDriver is a small driver whose samples count up, and that fails on request: faults are the words of its mode.
type fakeDriver struct{ mode string }

func (f fakeDriver) is(fault string) bool {
	for _, w := range strings.Split(f.mode, ",") {
		if w == fault {
			return true
		}
	}
	return false
}

// fault acts at a named place: "hang-open" hangs in Open, and so on.
func (f fakeDriver) fault(where string) {
	switch {
	case f.is("hang-" + where):
		select {}
	case f.is("stop-" + where):
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		time.Sleep(100 * time.Millisecond) // the signal may reach another thread first
	case f.is("panic-" + where):
		panic("fake driver panics in " + where)
	case f.is("exit-" + where):
		fmt.Fprintln(os.Stderr, "fake driver leaves in "+where)
		os.Exit(7)
	}
}

func (f fakeDriver) Describe(context.Context) (driver.Description, error) {
	f.fault("describe")
	d := driver.Description{
		Name: "fake", Version: "1.2.3", Summary: "a driver for tests", ContractMin: 1, ContractMax: driver.ContractVersion,
		MaxDevices: 1, OptionalSerials: true, Models: []driver.Capabilities{fakeCapabilities()},
		Abilities: []driver.Ability{driver.AbilityPing, driver.AbilityGenerator},
	}
	if f.is("short") {
		b := 400 * time.Millisecond
		d.Budgets = driver.Budgets{Open: b, Configure: b, Close: b}
	}
	switch {
	case f.is("evil-describe"):
		d.Summary, d.Models[0].Channels[0].Name = "clear\x1b[2J\nscreen", strings.Repeat("n", 10*maxText)
	case f.is("huge-describe"):
		d.Summary = strings.Repeat("s", maxAnswer)
	case f.is("endless-describe"):
		for range 100_000 {
			d.Models = append(d.Models, fakeCapabilities())
		}
	case f.is("no-devices"):
		d.MaxDevices = 0
	}
	if f.is("bad-name") {
		d.Name = "Fake Driver\x1b[31m"
	}
	return d, nil
}

func fakeCapabilities() driver.Capabilities {
	return driver.Capabilities{
		Model: "F1", Channels: []driver.ChannelCapabilities{{Name: "A", Ranges: []units.Voltage{units.Volt}}},
		Modes: []driver.ModeCapabilities{{Mode: driver.ModeStream, Ready: true}},
	}
}

func (f fakeDriver) Discover(context.Context, driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	f.fault("discover")
	if f.is("evil-units") {
		return []driver.UnitInfo{{Model: "F1\x07", Serial: "../../\x1b]0;evil\x07", LibraryPath: strings.Repeat("l", 10*maxText)}}, nil
	}
	return []driver.UnitInfo{{Model: "F1", Serial: "S1"}}, nil
}

func (f fakeDriver) Open(ctx context.Context, req driver.OpenRequest) (driver.Device, error) {
	f.fault("open")
	if f.is("prints") {
		go prints()
	}
	if f.is("slow-open") {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if req.Serial != "" && req.Serial != "S1" {
		return nil, &driver.Error{
			Kind: driver.KindNotFound, Op: "open", Message: "no unit " + req.Serial, Advice: "plug it in",
			Status: driver.Status{Call: "fakeOpenUnit", Code: 3, Name: "FAKE_NOT_FOUND"},
		}
	}
	d := &fakeDevice{f: f, events: make(chan driver.Event, 8)}
	if f.is("flood-events") {
		go d.floodEvents()
	}
	return d, nil
}

// floodEvents sends without end, until the process does: Close does not end it either.
func (d *fakeDevice) floodEvents() {
	for n := 0; ; n++ {
		kind := driver.EventWarning
		if n%2 == 1 {
			kind = driver.EventTriggered
		}
		d.events <- driver.Event{Kind: kind, Index: -1, Text: strings.Repeat("w", 100)}
	}
}

type fakeDevice struct {
	f      fakeDriver
	events chan driver.Event

	mu     sync.Mutex
	closed bool
	stop   chan struct{}
	done   chan struct{}
	err    error
	cfg    driver.Config
}

func (d *fakeDevice) Info() driver.UnitInfo {
	u := driver.UnitInfo{Model: "F1", Serial: "S1"}
	switch {
	case d.f.is("no-serial"):
		u.Serial = ""
	case d.f.is("huge-serial"):
		u.Serial = strings.Repeat("9", maxName+1)
	case d.f.is("evil-serial"):
		u.Serial = "../../etc/\x1b[2J"
	}
	return u
}

func (d *fakeDevice) Capabilities(context.Context) (driver.Capabilities, error) {
	d.f.fault("capabilities")
	return fakeCapabilities(), nil
}

func (d *fakeDevice) Configure(_ context.Context, cfg driver.Config) (driver.Applied, error) {
	d.f.fault("configure")
	a := driver.Applied{
		Mode: driver.ModeStream, Interval: cfg.Stream.Interval, Resolution: 16, Timebase: -1,
		DeliveryPeriod: 5 * time.Millisecond,
	}
	for _, c := range cfg.Channels {
		if c.Range != units.Volt {
			return driver.Applied{}, &driver.Error{Kind: driver.KindUnsupported, Field: "channel." + c.Channel + ".range", Message: "no such range", Nearest: "1V"}
		}
		a.Channels = append(a.Channels, driver.AppliedChannel{Channel: c.Channel, Range: c.Range, CodeMin: -32767, CodeMax: 32767, VoltsPerCount: units.Rat(1, 32767)})
		a.Streams = append(a.Streams, driver.Stream{Channel: c.Channel, Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1})
	}
	for word, name := range map[string]string{"path-channel": "../../etc/passwd", "dot-channel": "..", "empty-channel": "", "control-channel": "A\x00", "long-channel": strings.Repeat("A", 33)} {
		if d.f.is(word) {
			a.Channels[0].Channel, a.Streams[0].Channel = name, name
		}
	}
	if d.f.is("lie-applied") {
		a.Streams[0].Type = "i99"
	}
	d.mu.Lock()
	d.cfg = cfg
	d.mu.Unlock()
	return a, nil
}

func (d *fakeDevice) Start(_ context.Context, sink driver.Sink) error {
	d.f.fault("start")
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stop, d.done = make(chan struct{}), make(chan struct{})
	go d.acquire(sink, d.stop, d.done)
	return nil
}

// acquire delivers 1000 samples per stream every 5 ms, each the low 16 bits of its index.
func (d *fakeDevice) acquire(sink driver.Sink, stop, done chan struct{}) {
	defer close(done)
	buf := make([]byte, 2000)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for n, batch := 0, 0; ; batch++ {
		select {
		case <-stop:
			_ = sink.Finish(nil)
			return
		case <-sink.Draining():
			_ = sink.Finish(nil)
			return
		case <-tick.C:
		}
		if batch == 20 {
			d.f.fault("stream")
			if d.f.is("stall-stream") {
				<-stop
			}
			if d.f.is("fail-stream") {
				e := driver.Errorf(driver.KindDeviceGone, "stream", "the unit was unplugged")
				d.err = e
				_ = sink.Finish(e)
				return
			}
			select {
			case d.events <- driver.Event{Kind: driver.EventWarning, Index: -1, Text: "batch 20", MonoNS: shmring.MonoNow()}:
			default:
			}
		}
		for i := range len(buf) / 2 {
			binary.LittleEndian.PutUint16(buf[2*i:], uint16(n+i))
		}
		sink.Begin(shmring.MonoNow())
		for s := range sink.Streams() {
			sink.Push(s, buf)
		}
		if err := sink.Commit(); err != nil {
			d.err = err
			_ = sink.Finish(nil)
			return
		}
		n += len(buf) / 2
	}
}

func (d *fakeDevice) Events() <-chan driver.Event { return d.events }

func (d *fakeDevice) Wait(ctx context.Context) (driver.StopInfo, error) {
	d.mu.Lock()
	done := d.done
	d.mu.Unlock()
	select {
	case <-done:
		return driver.StopInfo{Reason: driver.StopRequested, Delivered: -1, DriverLost: -1}, d.err
	case <-ctx.Done():
		return driver.StopInfo{}, ctx.Err()
	}
}

func (d *fakeDevice) Stop(context.Context) error {
	d.f.fault("stop")
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stop == nil {
		return nil
	}
	select {
	case <-d.stop:
	default:
		close(d.stop)
	}
	<-d.done
	return nil
}

func (d *fakeDevice) Close(ctx context.Context) error {
	d.f.fault("close")
	err := d.Stop(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed && !d.f.is("flood-events") {
		d.closed = true
		close(d.events)
	}
	return err
}

func (d *fakeDevice) Ping(context.Context) error {
	d.f.fault("ping")
	return nil
}

func (d *fakeDevice) SetGenerator(_ context.Context, cfg *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	if cfg == nil {
		return driver.AppliedGenerator{}, nil
	}
	return driver.AppliedGenerator{Frequency: cfg.Frequency, Amplitude: cfg.Amplitude}, nil
}
