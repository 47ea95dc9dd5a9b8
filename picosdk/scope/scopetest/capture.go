package scopetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// CaptureConfig captures waveforms of some samples, from channels in their largest range and ports: blocks, or with more than one
// capture rapid blocks.
func CaptureConfig(rate, samples, captures int64, repeat driver.Repeat, channels, ports []string) driver.Config {
	cfg := Config(rate, channels, ports)
	b := driver.BlockConfig{
		Pre: driver.Span{Samples: samples / 4}, Post: driver.Span{Samples: samples - samples/4}, Interval: cfg.Stream.Interval, Repeat: repeat,
		Downsample: cfg.Stream.Downsample,
	}
	cfg.Stream = nil
	if captures > 1 {
		cfg.RapidBlock = &driver.RapidBlockConfig{BlockConfig: b, Captures: captures}
	} else {
		cfg.Block = &b
	}
	return cfg
}

// captured are the waveforms of a run.
type captured struct {
	whole, broken int
	seen          []uint64 // samples by stream
	dead          int      // waveforms with a dead time
}

// take counts what a descriptor tells, and proves samples.
func (c *captured) take(r *Run, desc shmring.Desc) {
	r.t.Helper()
	switch desc.Type {
	case shmring.DescData:
		r.prove(desc, c.seen)
	case shmring.DescGap:
		r.t.Errorf("a gap in a block mode: %+v", desc)
	case shmring.DescParam:
		if desc.Code == shmring.ParamDeadTime {
			c.dead++
		}
	case shmring.DescWaveEnd:
		if desc.Aux == 0 {
			c.whole++
		} else {
			c.broken++
		}
	}
}

// captures: every sample of many waveforms is where it belongs, of all inputs, however waveforms and ring fit each other.
func (u Unit) captures(t *testing.T, emulator string) {
	for name, c := range map[string]struct{ samples, captures, repeat int64 }{
		"blocks": {300_000, 1, 3}, "rapid blocks": {1003, 700, 3}, "long ones": {100_000, 6, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Start(t, emulator, u.conf("hurry = on"))
			d := p.Open()
			r := p.Begin(d, CaptureConfig(1_000_000, c.samples, c.captures, driver.Repeat{Count: c.repeat}, u.Channels, u.Ports))
			got := captured{seen: make([]uint64, len(r.Applied.Streams))}
			r.Drain(func(desc shmring.Desc) { got.take(r, desc) }, Never)
			n := c.captures * c.repeat
			if info, err := wait(t, d); err != nil || info.Reason != driver.StopCompleted || info.Waveforms != n || int64(got.whole) != n || got.broken > 0 {
				t.Errorf("got %+v, %v, %d waveforms and %d broken ones, want %d", info, err, got.whole, got.broken, n)
			}
			if dead := int64(got.dead); (c.captures == 1 || u.Counts) && dead != n-1 || c.captures > 1 && !u.Counts && dead != 0 {
				t.Errorf("the dead time before %d of %d waveforms", dead, n)
			}
			for i, seen := range got.seen {
				if int64(seen) != n*c.samples {
					t.Errorf("%s: %d samples", r.Applied.Streams[i].Channel, seen)
				}
			}
		})
	}
}

// stopsEarly: what a rapid block has captured when it is stopped is kept, every sample of it.
func (u Unit) stopsEarly(t *testing.T, emulator string) {
	p := Start(t, emulator, u.conf())
	d := p.Open()
	r := p.Begin(d, CaptureConfig(1_000_000, 5000, 200, driver.Repeat{Count: 1}, u.Channels, u.Ports)) // a second
	p.until("waveforms", func() bool { return p.happened("waveform") >= 5 })
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := captured{seen: make([]uint64, len(r.Applied.Streams))}
	r.Drain(func(desc shmring.Desc) { got.take(r, desc) }, Never)
	info, err := wait(t, d)
	if err != nil || info.Reason != driver.StopRequested || got.whole < 5 || got.whole >= 200 || int(info.Waveforms) != got.whole || got.broken > 0 {
		t.Errorf("got %+v, %v, %d waveforms and %d broken ones", info, err, got.whole, got.broken)
	}
	if n := p.happened("waveform"); n != got.whole {
		t.Errorf("the unit has captured %d waveforms, %d are kept", n, got.whole)
	}
}

// waits: a unit that waits for its trigger does what it is told meanwhile, and stops at once.
func (u Unit) waits(t *testing.T, emulator string) {
	still := u
	still.Channels, still.Ports = nil, nil
	p := Start(t, emulator, still.conf("channel "+u.Channels[0]+" = dc"))
	d := p.Open()
	cfg := CaptureConfig(1_000_000, 1000, 10, driver.Repeat{Forever: true}, u.Channels[:1], nil)
	cfg.Trigger = &driver.TriggerConfig{Levels: []driver.LevelCondition{{
		Name: u.Channels[0], Source: u.Channels[0], Direction: driver.DirectionRising, Threshold: 5 * units.Volt,
	}}}
	r := p.Begin(d, cfg)
	for e := range d.Events() {
		if e.Kind == driver.EventTriggerWait {
			break
		}
	}
	wave := driver.GeneratorConfig{Wave: "sine", Operation: "normal", Frequency: units.Hertz(1000, 1), Amplitude: units.Volt}
	if _, err := d.SetGenerator(t.Context(), &wave); err != nil {
		t.Errorf("set the generator: %v", err)
	}
	if err := d.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	if _, err := p.C.Discover(t.Context(), driver.DiscoverRequest{Library: scope.Emulated}); driver.KindOf(err) != driver.KindTransient || err == nil {
		t.Errorf("discover: %v", err)
	}
	began := time.Now()
	if err := d.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	r.Drain(func(desc shmring.Desc) {
		if desc.Type == shmring.DescData {
			t.Errorf("samples without a trigger")
		}
	}, Never)
	if info, err := wait(t, d); err != nil || info.Reason != driver.StopRequested || info.Waveforms != 0 {
		t.Errorf("got %+v, %v", info, err)
	}
}

// unplugCapturing takes the unit away while it captures block after block.
func (u Unit) unplugCapturing(t *testing.T, emulator string) {
	p := Start(t, emulator, u.conf())
	d := p.Open()
	r := p.Begin(d, CaptureConfig(1_000_000, 1000, 1, driver.Repeat{Forever: true}, u.Channels, u.Ports))
	got := captured{seen: make([]uint64, len(r.Applied.Streams))}
	r.Drain(func(desc shmring.Desc) { got.take(r, desc) }, func() bool { return got.whole >= 5 })
	if err := p.Rig.Unplug(Serial); err != nil {
		t.Fatal(err)
	}
	r.Drain(func(desc shmring.Desc) { got.take(r, desc) }, Never)
	if _, err := wait(t, d); driver.KindOf(err) != driver.KindDeviceGone || err == nil {
		t.Errorf("got %v behind %d waveforms", err, got.whole)
	}
	if err := d.Close(t.Context()); err != nil {
		t.Errorf("close of a unit that is gone: %v", err)
	}
}

// unplugBusy takes the unit away while it waits for its trigger, and lets its library answer nothing but "busy" then: that is no waiting.
func (u Unit) unplugBusy(t *testing.T, emulator string) {
	if testing.Short() {
		t.Skip("it takes as long as a unit may be busy")
	}
	p := Start(t, emulator, fmt.Sprintf("[unit %s]\nmodel = %s\nunplug = busy\nchannel %s = dc\n", Serial, u.Model, u.Channels[0]))
	d := p.Open()
	cfg := CaptureConfig(1_000_000, 1000, 10, driver.Repeat{Forever: true}, u.Channels[:1], nil)
	cfg.Trigger = &driver.TriggerConfig{Levels: []driver.LevelCondition{{
		Name: "never", Source: u.Channels[0], Direction: driver.DirectionRising, Threshold: 5 * units.Volt,
	}}}
	r := p.Begin(d, cfg)
	for e := range d.Events() {
		if e.Kind == driver.EventTriggerWait {
			break
		}
	}
	if err := p.Rig.Unplug(Serial); err != nil {
		t.Fatal(err)
	}
	r.Drain(func(desc shmring.Desc) {
		if desc.Type == shmring.DescData {
			t.Errorf("samples without a trigger")
		}
	}, Never)
	if info, err := wait(t, d); driver.KindOf(err) != driver.KindTransient || err == nil || info.Waveforms != 0 {
		t.Errorf("got %+v, %v", info, err)
	}
}

// happened counts events in the truth log of the unit.
func (p *Plugin) happened(name string) int {
	p.t.Helper()
	events, err := p.Rig.Truth(Serial)
	if err != nil {
		p.t.Fatal(err)
	}
	n := 0
	for _, e := range events {
		if e.Name == name {
			n++
		}
	}
	return n
}

// until waits for a state.
func (p *Plugin) until(what string, reached func() bool) {
	p.t.Helper()
	for limit := time.Now().Add(20 * time.Second); !reached(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			p.t.Fatalf("waited in vain for %s", what)
		}
	}
}
