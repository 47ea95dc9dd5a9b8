package scope

import (
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

func TestBlockConfigureCalls(t *testing.T) {
	t.Parallel()
	cfg := blockConfig(40, 60, 12, 2)
	cfg.Digital, cfg.Trigger = nil, rising()
	blocksOf(&cfg).MemorySegment = 3
	r := newBlockRig(t, cfg)
	wantCalls(t, r.b.taken(),
		"SetChannel C off", "SetChannel D off", "SetPort 0 false [] 0", "SetPort 1 false [] 0", "SetResolution 8", "Prepare",
		"SetChannel A 1 8 0 V 1", "SetChannel B 0 6 -1 V 0", "Segments 1", "Segments 15", "Segments 15", "SetCaptures 12", "SetTrigger 1 0 0s")
	if a := r.applied; a.Captures != 12 || a.Timebase != 127 || a.Mode != driver.ModeRapidBlock || a.DeliveryPeriod != 0 {
		t.Errorf("got %+v", a)
	}
}

func TestBlockTimebase(t *testing.T) {
	t.Parallel()
	number := func(n uint32) func(*driver.Config) {
		return func(c *driver.Config) { c.Block.Interval, c.Block.Timebase = units.Interval{}, &n }
	}
	interval := func(num, den int64) func(*driver.Config) {
		return func(c *driver.Config) { c.Block.Interval = units.Seconds(num, den) }
	}
	for _, c := range []struct {
		name        string
		change      func(*driver.Config)
		slowest     uint32 // first number that the unit takes
		timebase    int64
		interval    units.Interval
		field, near string // of a refusal
	}{
		{name: "by interval", change: interval(1, 1e6), timebase: 127, interval: units.Seconds(1, 1e6)},
		{name: "within the tolerance", change: interval(1003, 1e9), timebase: 127, interval: units.Seconds(1, 1e6)},
		{name: "between two", change: interval(12, 1e9), field: "block.sample_interval", near: `"8ns"`},
		{name: "too short", change: interval(1, 1e10), field: "block.sample_interval", near: `"1ns"`},
		{name: "too long", change: interval(1000, 1), field: "block.sample_interval", near: `"34.359738344s"`},
		{name: "by number", change: number(2), timebase: 2, interval: units.Seconds(4, 1e9)},
		{name: "the unit refuses a number", change: number(2), slowest: 10, field: "block.timebase"},
		{name: "the unit refuses an interval", change: interval(16, 1e9), slowest: 100, field: "block.sample_interval", near: `"784ns"`},
		{name: "the next one is possible", change: interval(4, 1e9), slowest: 3, field: "block.sample_interval", near: `"8ns"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := openBlocks(t)
			r.f.slowest = c.slowest
			cfg := blockConfig(40, 60, 1, 1)
			c.change(&cfg)
			a, err := r.dev.Configure(t.Context(), cfg)
			if c.field != "" {
				wantError(t, err, driver.KindUnsupported, c.field, c.near)
				return
			}
			if err != nil || a.Timebase != c.timebase || a.Interval.Cmp(c.interval.Rational) != 0 {
				t.Errorf("timebase %d of %s, %v", a.Timebase, a.Interval, err)
			}
		})
	}
}

func TestBlockRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		captures    int64
		change      func(*driver.Config)
		answer      map[string]picosdk.Status
		kind        driver.Kind
		field, near string
		text        string
	}{
		{name: "no samples", change: func(c *driver.Config) { c.Block.Pre, c.Block.Post = driver.Span{}, driver.Span{} }, field: "block.post", near: `"1ms"`},
		{name: "too long behind", change: func(c *driver.Config) { c.Block.Post.Samples = 1 << 20 }, field: "block.post", near: "1048536", text: "memory holds 1048576"},
		{name: "too long for groups", change: func(c *driver.Config) {
			c.Block.Post.Samples, c.Block.Downsample = 1<<20, driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 100}
		}, field: "block.post", near: "1048460"},
		{name: "too long before", change: func(c *driver.Config) { c.Block.Pre.Samples = 1 << 20 }, field: "block.pre", near: "1048516"},
		{name: "too long in time", change: func(c *driver.Config) { c.Block.Post = driver.Span{Time: units.Seconds(2, 1)} }, field: "block.post", near: `"1.048536s"`},
		{name: "too long in a segment", change: func(c *driver.Config) { c.Block.MemorySegment, c.Block.Post.Samples = 1023, 1000 }, field: "block.post", near: "984", text: "1024 segments"},
		{name: "no such segment", change: func(c *driver.Config) { c.Block.MemorySegment = 70_000 }, field: "block.memory_segment", near: "65535"},
		{name: "too many captures", captures: 20_000, field: "rapid_block.captures", near: "10485", text: "52 samples each"},
		{name: "more captures than segments", captures: 70_000, change: func(c *driver.Config) { c.RapidBlock.Pre.Samples, c.RapidBlock.Post.Samples = 0, 1 }, field: "rapid_block.captures", near: "65536"},
		{name: "more captures than the model has", captures: 1 << 40, field: "rapid_block.captures", near: "100000"},
		{name: "no captures", captures: -1, field: "rapid_block.captures", near: "1"},
		{name: "a ratio of 1", change: func(c *driver.Config) {
			c.Block.Downsample = driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 1}
		}, field: "block.downsample.ratio", near: "2"},
		{name: "average of a port", change: func(c *driver.Config) {
			port("D0-7", 1)(c)
			c.Block.Downsample = driver.Downsample{Mode: driver.DownsampleAverage, Ratio: 2}
		}, field: "block.downsample.mode", near: `"aggregate"`},
		{name: "negative", change: func(c *driver.Config) { c.Block.Repeat.Every = -time.Second }, kind: driver.KindBug},
		{name: "a trigger", change: func(c *driver.Config) { c.Trigger = rising(); c.Trigger.Levels[0].Threshold = 9 * units.Volt }, field: "trigger.level.A.threshold", near: `"5V"`},
		{name: "a trigger by the library", change: func(c *driver.Config) { c.Trigger = rising() }, answer: map[string]picosdk.Status{"SetTrigger": picosdk.StatusInvalidParameter}, field: "trigger"},
		{name: "an interval by the library's status", change: func(*driver.Config) {}, answer: map[string]picosdk.Status{"SetCaptures": picosdk.StatusInvalidSampleInterval}, field: "block.sample_interval"},
		{name: "samples", change: func(c *driver.Config) { c.SampleFormat = "int8" }, field: "sample_format", near: `"int16"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := openBlocks(t)
			for call, s := range c.answer {
				r.b.answer(call, s)
			}
			cfg := blockConfig(40, 60, max(c.captures, 1), 1)
			if c.captures < 0 {
				cfg = blockConfig(40, 60, 2, 1)
				cfg.RapidBlock.Captures = c.captures
			}
			cfg.Digital = nil
			if c.change != nil {
				c.change(&cfg)
			}
			kind := c.kind
			if kind == 0 {
				kind = driver.KindUnsupported
			}
			_, err := r.dev.Configure(t.Context(), cfg)
			e := wantError(t, err, kind, c.field, c.near)
			if !strings.Contains(e.Message, c.text) {
				t.Errorf("%q does not say %q", e.Message, c.text)
			}
			if err := r.dev.Start(t.Context(), &fakeSink{streams: 2}); driver.KindOf(err) != driver.KindBug {
				t.Errorf("start after a refusal: %v", err)
			}
			if _, err := r.dev.Configure(t.Context(), blockConfig(40, 60, 1, 1)); err != nil {
				t.Errorf("a good configuration after the refusal: %v", err)
			}
		})
	}
}

// TestRefusedTriggerIsCleared: a trigger that the library refuses leaves none behind, whatever it has taken of it.
func TestRefusedTriggerIsCleared(t *testing.T) {
	t.Parallel()
	for _, stream := range []bool{false, true} {
		r := openBlocks(t)
		cfg := blockConfig(40, 60, 1, 1)
		if stream {
			cfg.Block, cfg.Stream = nil, easyConfig().Stream
		}
		cfg.Trigger = rising()
		if _, err := r.dev.Configure(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		r.b.taken()
		r.b.answer("SetTrigger", picosdk.StatusInvalidParameter)
		if _, err := r.dev.Configure(t.Context(), cfg); err == nil {
			t.Fatal("a refused trigger is taken")
		}
		calls := r.b.taken()
		wantCalls(t, calls[len(calls)-2:], "Stop", "ClearTrigger")
		if r.f.trigger {
			t.Error("a trigger is left")
		}
	}
}

// TestBlockCapabilities: the unit's word counts, and a unit without blocks or trigger has none.
func TestBlockCapabilities(t *testing.T) {
	t.Parallel()
	r := openBlocks(t)
	caps, err := r.dev.Capabilities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range []driver.Mode{driver.ModeBlock, driver.ModeRapidBlock} {
		m, _ := caps.Mode(mode)
		if !m.Ready || !m.Triggered || !m.RawBeside || m.MaxSamples != 1<<20 || len(m.Rates) == 0 || m.StopAfter {
			t.Errorf("%+v", m)
		}
	}
	if m, _ := caps.Mode(driver.ModeStream); !m.Triggered || !m.StopAfter || len(caps.Trigger.Sources) == 0 {
		t.Errorf("stream %+v, trigger %+v", m, caps.Trigger)
	}
	b := newBench(t, "5444DMSO")
	caps, err = b.open(b.driver(), driver.OpenRequest{}).Capabilities(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m, _ := caps.Mode(driver.ModeStream)
	if k, _ := caps.Mode(driver.ModeBlock); k.Ready || k.NotReady == "" || m.Triggered || m.StopAfter || len(caps.Trigger.Sources) > 0 {
		t.Errorf("without: block %+v, stream %+v, trigger %+v", k, m, caps.Trigger)
	}
}
