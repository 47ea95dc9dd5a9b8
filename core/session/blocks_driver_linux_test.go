package session

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/rpc"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// blockyName is the driver that captures waveforms; this very test program is its plugin when it is started under that
// name.
const blockyName = "blocky"

// servePlugin makes the program the plugin when it was started as such, and never returns then.
func servePlugin() {
	if filepath.Base(os.Args[0]) == blockyName {
		rpc.Serve(blocky{}, rpc.ServeOptions{})
	}
}

// linkPlugin puts the plugin into a folder.
func linkPlugin(dir string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return os.Link(self, filepath.Join(dir, blockyName))
}

// blocky captures waveforms of the proof signal, and makes mistakes on request.
type blocky struct{}

func (blocky) Describe(context.Context) (driver.Description, error) {
	option := func(name string, kind driver.OptionKind) driver.OptionAttribute {
		return driver.OptionAttribute{Name: name, Kind: kind, Doc: "of a test"}
	}
	return driver.Description{
		Name: blockyName, Version: "1", Summary: "waveforms for tests", ContractMin: 1, ContractMax: 1, MaxDevices: 1, OptionalSerials: true,
		Models: []driver.Capabilities{blockyCapabilities()},
		DeviceOptions: driver.OptionSchema{Attributes: []driver.OptionAttribute{
			option("trigger_after", driver.OptionInterval), // none: it never comes
			option("die_in", driver.OptionInteger),         // waveform in the middle of which the process dies, once: a file remembers it
			option("died", driver.OptionPath),
			option("spoil", driver.OptionInteger), // waveform that it does not complete
			option("silent", driver.OptionBool),   // no progress while it waits
			option("keep", driver.OptionBool),     // an arming that is stopped is delivered all the same
		}},
	}, nil
}

func blockyCapabilities() driver.Capabilities {
	c := driver.Capabilities{
		Model: "BLK", Resolutions: []int{14}, MaxCodes: []driver.CodeRange{{Bits: 14, Min: -32767, Max: 32767}},
		Trigger: driver.TriggerCapabilities{Sources: []string{"A"}, Simple: true, Directions: []driver.Direction{driver.DirectionRising}},
	}
	for _, name := range []string{"A", "B"} {
		c.Channels = append(c.Channels, driver.ChannelCapabilities{Name: name, Ranges: []units.Voltage{5 * units.Volt}, Couplings: []driver.Coupling{driver.CouplingDC}})
	}
	spans := []driver.IntervalSpan{{First: units.Seconds(1, 1_000_000), Last: units.Seconds(1, 1)}}
	for _, m := range []driver.Mode{driver.ModeBlock, driver.ModeRapidBlock} {
		c.Modes = append(c.Modes, driver.ModeCapabilities{
			Mode: m, Ready: true, Rates: []driver.RateLimit{{Spans: spans}}, MaxSamples: 1 << 30, MaxCaptures: 1 << 20, MaxSegments: 1 << 20, Triggered: true,
			Downsample: []driver.DownsampleMode{driver.DownsampleNone}, MaxRatio: 1,
		})
	}
	return c
}

func (blocky) Discover(context.Context, driver.DiscoverRequest) ([]driver.UnitInfo, error) {
	return nil, nil
}

func (blocky) Open(_ context.Context, req driver.OpenRequest) (driver.Device, error) {
	return &blockyDevice{serial: req.Serial, events: make(chan driver.Event, 64)}, nil
}

type blockyDevice struct {
	serial  string
	events  chan driver.Event
	cfg     driver.Config
	block   driver.BlockConfig
	applied driver.Applied
	info    driver.StopInfo

	mu     sync.Mutex // guards what follows
	stop   context.CancelFunc
	done   chan struct{}
	closed bool
}

func (d *blockyDevice) Info() driver.UnitInfo {
	return driver.UnitInfo{Model: "BLK", Serial: d.serial, Emulated: true}
}

func (d *blockyDevice) Capabilities(context.Context) (driver.Capabilities, error) {
	return blockyCapabilities(), nil
}

func (d *blockyDevice) Configure(_ context.Context, cfg driver.Config) (driver.Applied, error) {
	b, captures, _ := blockOf(cfg)
	d.cfg, d.block = cfg, b
	a := driver.Applied{
		Mode: cfg.Mode(), Interval: b.Interval, Resolution: 14, Timebase: -1, PreSamples: b.Pre.Samples, PostSamples: b.Post.Samples, Captures: captures,
	}
	for _, c := range cfg.Channels {
		vpc, err := c.Range.Rational().Div(units.Rat(32767, 1))
		if err != nil {
			return a, err
		}
		a.Channels = append(a.Channels, driver.AppliedChannel{Channel: c.Channel, Range: c.Range, Coupling: c.Coupling, CodeMin: -32767, CodeMax: 32767, VoltsPerCount: vpc})
		a.Streams = append(a.Streams, driver.Stream{
			Channel: c.Channel, Kind: driver.StreamRaw, Type: driver.SampleInt16, Ratio: 1, WaveformSamples: b.Pre.Samples + b.Post.Samples,
		})
	}
	d.applied = a
	return a, nil
}

func (d *blockyDevice) Start(_ context.Context, sink driver.Sink) error {
	ctx, cancel := context.WithCancel(context.Background())
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stop, d.done = cancel, make(chan struct{})
	c := &capture{d: d, sink: sink, ctx: ctx}
	go func() {
		defer close(d.done)
		d.info = c.run()
		_ = sink.Finish(nil)
	}()
	return nil
}

func (d *blockyDevice) Events() <-chan driver.Event { return d.events }

func (d *blockyDevice) Wait(ctx context.Context) (driver.StopInfo, error) {
	select {
	case <-d.done:
		return d.info, nil
	case <-ctx.Done():
		return driver.StopInfo{}, ctx.Err()
	}
}

func (d *blockyDevice) Stop(context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stop != nil {
		d.stop()
		<-d.done
	}
	return nil
}

func (d *blockyDevice) Close(ctx context.Context) error {
	err := d.Stop(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		d.closed = true
		close(d.events)
	}
	return err
}

// capture is one acquisition.
type capture struct {
	d      *blockyDevice
	sink   driver.Sink
	ctx    context.Context
	number int64
	index  int64 // of the next raw sample since the start
}

func (c *capture) option(name string) (driver.OptionValue, bool) { return c.d.cfg.Options.Value(name) }

func (c *capture) event(kind driver.EventKind) {
	select {
	case c.d.events <- driver.Event{Kind: kind, MonoNS: clock.Mono(), Index: -1}:
	default:
	}
}

// wait waits; false: it is to stop.
func (c *capture) wait(until time.Time) bool {
	silent, _ := c.option("silent")
	for time.Now().Before(until) {
		if !silent.Bool {
			c.sink.Progress()
		}
		select {
		case <-time.After(min(10*time.Millisecond, time.Until(until))):
		case <-c.ctx.Done():
			return false
		case <-c.sink.Draining():
			return false
		}
	}
	return c.ctx.Err() == nil
}

func (c *capture) run() driver.StopInfo {
	r, began := c.d.block.Repeat, time.Now()
	info := driver.StopInfo{Reason: driver.StopRequested, Delivered: -1, DriverLost: -1}
	for arm := int64(0); ; arm++ {
		if r.Count > 0 && arm == r.Count || r.For > 0 && time.Since(began) >= r.For {
			info.Reason = driver.StopCompleted
			return info
		}
		if !c.wait(began.Add(time.Duration(arm) * r.Every)) {
			return info
		}
		if c.d.cfg.Trigger != nil {
			c.event(driver.EventTriggerWait)
			after := time.Hour
			if v, ok := c.option("trigger_after"); ok {
				after = time.Duration(v.Number.Float64() * 1e9)
			}
			if !c.wait(time.Now().Add(after)) {
				return info
			}
			c.event(driver.EventTriggered)
		}
		for k := range c.d.applied.Captures {
			if !c.waveform(arm, k) {
				return info
			}
			info.Waveforms++
		}
	}
}

// waveform delivers a waveform in two batches.
func (c *capture) waveform(arm, k int64) bool {
	length := c.d.applied.PreSamples + c.d.applied.PostSamples
	spoil, spoils := c.option("spoil")
	at := clock.Mono()
	for part := range int64(2) {
		from, to := part*length/2, (part+1)*length/2
		if c.sink.WaitRoom(c.fetching(), int(to-from)) != nil {
			return false
		}
		c.sink.Begin(at)
		if part == 0 {
			c.sink.Mark(driver.Mark{Kind: driver.MarkWaveBegin, Stream: -1, Waveform: uint32(c.number), Arming: uint32(arm), Samples: length, MemorySegment: uint32(k)})
			if k > 0 {
				c.sink.Mark(driver.Mark{Kind: driver.MarkDeadTime, Stream: -1, DeadTimeNS: 1500})
			}
			if c.d.cfg.Trigger != nil {
				c.sink.Mark(driver.Mark{Kind: driver.MarkTrigger, Stream: -1, Position: c.d.applied.PreSamples, OffsetFS: -4321})
			}
		}
		for i, s := range c.d.applied.Streams {
			proof, err := recording.NewProof(c.d.serial, s.Channel, 14, -32767, 32767)
			if err != nil {
				return false
			}
			var b []byte
			for n := from; n < to; n++ {
				b = binary.LittleEndian.AppendUint16(b, uint16(proof.At(c.index+n)))
			}
			c.sink.Push(i, b)
		}
		spoilt := spoils && spoil.Number.Num() == c.number && part == 0
		if part == 1 || spoilt {
			c.sink.Mark(driver.Mark{Kind: driver.MarkWaveEnd, Stream: -1, Incomplete: spoilt})
		}
		if c.sink.Commit() != nil {
			return false
		}
		if spoilt {
			c.index += to
			c.number++
			return true
		}
		if part == 0 {
			c.die()
		}
	}
	c.index += length
	c.number++
	return true
}

// fetching ends when waveforms that were captured are not to be delivered any more.
func (c *capture) fetching() context.Context {
	if keep, _ := c.option("keep"); keep.Bool {
		return context.Background()
	}
	return c.ctx
}

// die ends the process in the middle of a waveform, once.
func (c *capture) die() {
	in, ok := c.option("die_in")
	died, _ := c.option("died")
	if !ok || in.Number.Num() != c.number {
		return
	}
	f, err := os.OpenFile(died.Text, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		f.Close()
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}
