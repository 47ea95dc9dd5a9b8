package drivertest

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/shmring"
	"github.com/scopelog/scopelog/units"
)

// kitDriver is a small driver that keeps every rule, or breaks the one that its fault names.
type kitDriver struct{ fault string }

func (d kitDriver) is(fault string) bool { return d.fault == fault }

var (
	shortest = units.Seconds(1, 1_000_000)
	longest  = units.Seconds(1, 1)
)

func (d kitDriver) Describe(context.Context) (driver.Description, error) {
	desc := driver.Description{
		Name: "kit", Version: "1.0", Summary: "a driver that tests the tests", ContractMin: 1, ContractMax: 1, MaxDevices: 1,
		Models: []driver.Capabilities{d.capabilities()}, Abilities: []driver.Ability{driver.AbilityPing, driver.AbilityArm, driver.AbilityGenerator},
		DeviceOptions: driver.OptionSchema{Attributes: []driver.OptionAttribute{{Name: "speed", Kind: driver.OptionNumber, Doc: "how fast"}}},
	}
	switch d.fault {
	case "summary":
		desc.Summary = "two\nlines"
	case "describe":
		desc.Version = fmt.Sprint(time.Now().UnixNano())
	case "ranges":
		desc.Models[0].Channels[0].Ranges = []units.Voltage{2 * units.Volt, units.Volt}
	case "options":
		desc.DeviceOptions.Attributes[0].Doc = ""
	case "abilities":
		desc.Abilities = nil
	case "model":
		desc.Models[0].Model = "OTHER"
	case "codes":
		desc.Models[0].MaxCodes = nil
	}
	return desc, nil
}

func (d kitDriver) capabilities() driver.Capabilities {
	c := driver.Capabilities{
		Model: "K1", Resolutions: []int{16}, MaxCodes: []driver.CodeRange{{Bits: 16, Min: -32767, Max: 32767}},
		Modes: []driver.ModeCapabilities{
			{
				Mode: driver.ModeStream, Ready: true, MaxRatio: 1000, RawBeside: true,
				Rates:      []driver.RateLimit{{Spans: []driver.IntervalSpan{{First: shortest, Last: longest}}}},
				Downsample: []driver.DownsampleMode{driver.DownsampleNone, driver.DownsampleAggregate},
			},
		},
		Generator: kitGenerator(),
		Trigger:   driver.TriggerCapabilities{Sources: []string{"A"}, Simple: true, Auto: true, Directions: []driver.Direction{driver.DirectionRising}},
	}
	for _, mode := range []driver.Mode{driver.ModeBlock, driver.ModeRapidBlock} {
		m := c.Modes[0]
		m.Mode, m.Ready, m.Triggered, m.MaxCaptures = mode, !d.is("not-ready"), true, 100
		c.Modes = append(c.Modes, m)
	}
	for _, name := range []string{"A", "B"} {
		c.Channels = append(c.Channels, driver.ChannelCapabilities{Name: name, Ranges: []units.Voltage{units.Volt, 5 * units.Volt}, Couplings: []driver.Coupling{driver.CouplingDC}})
	}
	return c
}

// serials are the units; a file that is locked says which is in use.
var serials = []string{"K-1"}

func (d kitDriver) Discover(context.Context, driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	units := []driver.UnitInfo{{Model: "K1", Serial: serials[0]}}
	if d.is("discover") {
		units = append(units, units[0])
	}
	return units, nil
}

func (d kitDriver) Open(_ context.Context, req driver.OpenRequest) (driver.Device, error) {
	if req.Serial != "" && !slices.Contains(serials, req.Serial) && !d.is("serial") {
		return nil, driver.Errorf(driver.KindNotFound, "open", "there is no unit %s", req.Serial)
	}
	if req.Model != "" && req.Model != "K1" && !d.is("open-model") {
		return nil, driver.Errorf(driver.KindNotFound, "open", "there is no unit of model %s", req.Model)
	}
	f, err := os.OpenFile(os.Getenv("KIT_LOCK"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil && !d.is("busy") {
		f.Close()
		return nil, driver.Errorf(driver.KindBusy, "open", "the unit is in use")
	}
	return &kitDevice{d: d, lock: f, events: make(chan driver.Event, 8)}, nil
}

type kitDevice struct {
	d      kitDriver
	lock   *os.File
	events chan driver.Event

	mu      sync.Mutex
	cfg     driver.Config
	applied driver.Applied
	stop    chan struct{}
	done    chan struct{}
	info    driver.StopInfo
	closed  bool
	order   chan struct{} // an order to arm
	free    chan struct{} // one can be taken
}

func (k *kitDevice) Info() driver.UnitInfo { return driver.UnitInfo{Model: "K1", Serial: serials[0]} }

func (k *kitDevice) Capabilities(context.Context) (driver.Capabilities, error) {
	c := k.d.capabilities()
	if k.d.is("unit-caps") {
		c.Channels[1].Name = "C"
	}
	return c, nil
}

func refuse(field, nearest, message string) error {
	return &driver.Error{Kind: driver.KindUnsupported, Op: "configure", Field: field, Nearest: nearest, Message: message}
}

func (k *kitDevice) check(cfg driver.Config) error {
	seen := map[string]bool{}
	for _, c := range cfg.Channels {
		at := "channel." + c.Channel
		caps, ok := k.d.capabilities().Channel(c.Channel)
		switch {
		case !ok && !k.d.is("channel"):
			return refuse(at, "", "there is no such channel")
		case seen[c.Channel] && !k.d.is("twice"):
			return refuse(at, "", "it comes twice")
		case ok && !slices.Contains(caps.Ranges, c.Range) && !k.d.is("range"):
			if k.d.is("range-field") {
				at = "channel"
			}
			nearest := "5V"
			if k.d.is("range-nearest") {
				nearest = "1V"
			}
			return refuse(at+".range", nearest, "there is no such range")
		case c.Coupling != driver.CouplingDC:
			return refuse(at+".coupling", "dc", "there is no such coupling")
		}
		seen[c.Channel] = true
	}
	if cfg.Stream != nil && cfg.Stream.Interval.Cmp(shortest.Rational) < 0 && !k.d.is("interval") {
		return refuse("stream.sample_interval", shortest.String(), "too fast")
	}
	return nil
}

func (k *kitDevice) Configure(_ context.Context, cfg driver.Config) (driver.Applied, error) {
	if k.closed && !k.d.is("after-close") {
		return driver.Applied{}, driver.Errorf(driver.KindPermanent, "configure", "closed")
	}
	if err := k.check(cfg); err != nil {
		return driver.Applied{}, err
	}
	a := driver.Applied{Mode: driver.ModeStream, Resolution: 16, Timebase: -1, DeliveryPeriod: 2 * time.Millisecond, Interval: shortest}
	if cfg.Stream != nil {
		a.Interval = cfg.Stream.Interval
	}
	k.block(cfg, &a)
	for _, c := range cfg.Channels {
		ac := driver.AppliedChannel{Channel: c.Channel, Range: c.Range, Coupling: c.Coupling, CodeMin: -32767, CodeMax: 32767}
		ac.VoltsPerCount, _ = c.Range.Rational().Div(units.Rat(32767, 1))
		if k.d.is("scale") {
			ac.VoltsPerCount = units.Rat(1, 1000)
		}
		a.Channels = append(a.Channels, ac)
		a.Streams = append(a.Streams, k.streamsOf(c.Channel, cfg)...)
	}
	k.lengths(&a)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.cfg, k.applied = cfg, a
	return a, nil
}

func (k *kitDevice) streamsOf(channel string, cfg driver.Config) []driver.Stream {
	raw := driver.Stream{Channel: channel, Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1}
	down := downsampleOf(cfg)
	if down.Mode == driver.DownsampleNone {
		return []driver.Stream{raw}
	}
	group := driver.Stream{Channel: channel, Kind: driver.StreamMin, Type: driver.SampleInt16, Ratio: down.Ratio, Computed: "host"}
	out := []driver.Stream{group, group}
	if out[1].Kind = driver.StreamMax; down.KeepRaw && !k.d.is("keep-raw") {
		out = append(out, raw)
	}
	return out
}

func (k *kitDevice) Start(_ context.Context, sink driver.Sink) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.stop, k.done = make(chan struct{}), make(chan struct{})
	k.order, k.free = make(chan struct{}, 1), make(chan struct{}, 1)
	k.free <- struct{}{}
	g := &generator{d: k.d, cfg: k.cfg, applied: k.applied, sink: sink, stop: k.stop, order: k.order, free: k.free, began: time.Now()}
	go func(done chan struct{}) {
		defer close(done)
		if g.applied.Mode == driver.ModeStream {
			k.info = g.run()
		} else {
			k.info = g.capture(k.events)
		}
	}(k.done)
	return nil
}

func (k *kitDevice) Events() <-chan driver.Event { return k.events }

func (k *kitDevice) Wait(ctx context.Context) (driver.StopInfo, error) {
	if k.d.is("wait") {
		return driver.StopInfo{Reason: driver.StopRequested, Delivered: 0, DriverLost: -1}, nil
	}
	select {
	case <-k.done:
		return k.info, nil
	case <-ctx.Done():
		return driver.StopInfo{}, ctx.Err()
	}
}

func (k *kitDevice) Stop(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.stop == nil {
		if k.d.is("stop") {
			return driver.Errorf(driver.KindPermanent, "stop", "not running")
		}
		return nil
	}
	select {
	case <-k.stop:
	default:
		close(k.stop)
	}
	<-k.done
	return nil
}

func (k *kitDevice) Close(ctx context.Context) error {
	if k.d.is("hang-close") {
		select {}
	}
	err := k.Stop(ctx)
	if !k.closed {
		k.closed = true
		close(k.events)
		if !k.d.is("reopen") {
			k.lock.Close()
		}
	}
	return err
}

func (k *kitDevice) Ping(context.Context) error {
	if k.d.is("ping") {
		return driver.Errorf(driver.KindTransient, "ping", "busy with something else")
	}
	return nil
}

// generator makes samples in real time.
type generator struct {
	order, free chan struct{}

	d       kitDriver
	cfg     driver.Config
	applied driver.Applied
	sink    driver.Sink
	stop    chan struct{}
	raw     int64 // samples so far
	began   time.Time
	told    int64
}

func sampleAt(i int64) int16 { return int16(uint64(i) * 0x9E3779B97F4A7C15 >> 48) }

func (g *generator) run() driver.StopInfo {
	info := driver.StopInfo{Reason: driver.StopRequested, DriverLost: -1}
	began, tick := time.Now(), time.NewTicker(2*time.Millisecond)
	defer tick.Stop()
	draining := g.sink.Draining()
	if g.d.is("draining") {
		draining = nil
	}
	for running := true; running; {
		select {
		case <-g.stop:
			running = false
			continue
		case <-draining:
			running = false
			continue
		case <-tick.C:
		}
		interval := g.applied.Interval.Float64()
		if g.d.is("rate") {
			interval *= 2
		}
		g.deliver(int64(time.Since(began).Seconds()/interval) - g.raw)
		if limit := g.cfg.MaxSamples; limit > 0 && g.raw >= limit && !g.d.is("max-samples") {
			info.Reason, running = driver.StopCompleted, false
		}
	}
	info.Delivered = g.raw - g.told
	if g.d.is("account") {
		info.Delivered -= 5
	}
	if g.d.is("no-eos") {
		select {}
	}
	_ = g.sink.Finish(nil)
	return info
}

func (g *generator) deliver(n int64) {
	if n <= 0 {
		return
	}
	stamp := shmring.MonoNow()
	if g.d.is("stamp") {
		stamp = 1e18
	}
	if g.d.is("stall") && g.raw > 1000 {
		g.raw += n
		return
	}
	g.sink.Begin(stamp)
	for i, s := range g.applied.Streams {
		var b []byte
		for at := g.raw; at < g.raw+n; at++ {
			if (at+1)%s.Ratio != 0 {
				continue
			}
			b = binary.LittleEndian.AppendUint16(b, uint16(g.value(s, at-s.Ratio+1)))
		}
		if g.d.is("uneven") && i == 1 && len(b) > 2 {
			b = b[2:]
		}
		g.sink.Push(i, b)
	}
	if g.sink.Commit() == nil && g.d.is("chatter") {
		fmt.Fprint(os.Stdout, strings.Repeat("x", 10))
	}
	g.raw += n
}

func (g *generator) value(s driver.Stream, from int64) int16 {
	v := sampleAt(from)
	for i := from + 1; i < from+s.Ratio; i++ {
		if s.Kind == driver.StreamMin {
			v = min(v, sampleAt(i))
		} else {
			v = max(v, sampleAt(i))
		}
	}
	if g.d.is("aggregate") && s.Kind == driver.StreamMax {
		v++
	}
	return v
}
