package scope

import (
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// easyConfig is one that the fake model can do.
func easyConfig() driver.Config {
	return driver.Config{
		Channels: []driver.ChannelConfig{
			{Channel: "A", Range: 5 * units.Volt, Coupling: driver.CouplingDC, Bandwidth: units.Hertz(20_000_000, 1)},
			{Channel: "B", Range: units.Volt, Coupling: driver.CouplingAC, Offset: -units.Volt},
		},
		Stream: &driver.StreamConfig{Interval: units.Seconds(1, 1_000_000), Downsample: driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1}},
	}
}

func TestConfigureCalls(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	dev := b.open(b.driver(), driver.OpenRequest{})
	b.taken()
	cfg := easyConfig()
	cfg.Resolution = 12
	cfg.Digital = []driver.DigitalConfig{{Port: "D8-15", Thresholds: []units.Voltage{-2500 * units.Millivolt}}}
	a, err := dev.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	level := "[-16384 -16384 -16384 -16384 -16384 -16384 -16384 -16384]"
	wantCalls(t, b.taken(),
		"SetChannel C off", "SetChannel D off", "SetPort 0 false [] 0", "SetResolution 12", "Prepare",
		"SetChannel A 1 8 0 V 1", "SetChannel B 0 6 -1 V 0", "SetPort 1 true "+level+" 2", "Arm 1e+09fs none/1 ", "Stop", "Disarm")
	if a.Interval.Cmp(units.Rat(1, 1_000_000)) != 0 || a.Resolution != 12 || a.Power != driver.PowerStateSupply || len(a.Notes) != 0 {
		t.Errorf("got %+v", a)
	}
	ch := a.Channels[1]
	if ch.CodeMin != -32764 || ch.CodeMax != 32764 || ch.VoltsPerCount.Cmp(units.Rat(1, 32764)) != 0 || ch.Offset != -units.Volt {
		t.Errorf("channel B: %+v; the unit's own codes win", ch)
	}
	if a.Digital[0].Hysteresis != "normal" || a.Digital[0].Thresholds[0] != -2500*units.Millivolt {
		t.Errorf("port: %+v", a.Digital[0])
	}
	var streams []string
	for _, s := range a.Streams {
		streams = append(streams, s.Channel+" "+string(s.Kind)+" "+string(s.Type))
	}
	if want := []string{"A raw i16", "B raw i16", "D8-15 raw u8"}; !slices.Equal(streams, want) {
		t.Errorf("streams %q, want %q", streams, want)
	}
}

func TestConfigureRefused(t *testing.T) {
	t.Parallel()
	volt := units.Volt
	for _, c := range []struct {
		name        string
		change      func(*driver.Config)
		answer      map[string]picosdk.Status
		keeps       int // the resolution that the unit says it has
		field, near string
		text        string
	}{
		{name: "unknown channel", change: func(c *driver.Config) { c.Channels[0].Channel = "Z9" }, field: "channel.Z9", near: `"D"`},
		{name: "channel twice", change: func(c *driver.Config) { c.Channels[1].Channel = "A" }, field: "channel.A"},
		{name: "no channel", change: func(c *driver.Config) { c.Channels = nil }, field: "channel"},
		{name: "range", change: func(c *driver.Config) { c.Channels[0].Range = 6 * volt }, field: "channel.A.range", near: `"5V"`},
		{name: "range that this unit lacks", change: func(c *driver.Config) { c.Channels[1].Range = 20 * volt }, field: "channel.B.range", near: `"5V"`},
		{name: "coupling", change: func(c *driver.Config) { c.Channels[0].Coupling = "dc50" }, field: "channel.A.coupling", near: `"dc"`},
		{name: "offset", change: func(c *driver.Config) { c.Channels[1].Offset = 4 * volt }, field: "channel.B.offset", near: `"3V"`},
		{name: "bandwidth", change: func(c *driver.Config) { c.Channels[0].Bandwidth = units.Hertz(1000, 1) }, field: "channel.A.bandwidth", near: `"20MHz"`},
		{name: "resolution", change: func(c *driver.Config) { c.Resolution = 15 }, field: "resolution", near: `"16bit"`},
		{name: "too many for the resolution", change: func(c *driver.Config) { c.Resolution = 16 }, field: "resolution", near: `"12bit"`},
		{name: "too fast", change: func(c *driver.Config) { c.Stream.Interval = units.Seconds(1, 200e6) }, field: "stream.sample_interval", near: `"20ns"`, text: "USB 3"},
		{name: "too slow", change: func(c *driver.Config) { c.Stream.Interval = units.Seconds(10_000, 1) }, field: "stream.sample_interval", near: `"4294.967295s"`},
		{name: "threshold", change: port("D0-7", 9*volt), field: "digital.D0-7.threshold", near: `"5V"`},
		{name: "thresholds", change: port("D0-7", 1, 2), field: "digital.D0-7.threshold"},
		{name: "port", change: port("D16-23", 1), field: "digital.D16-23"},
		{name: "average of a port", change: func(c *driver.Config) {
			port("D0-7", 1)(c)
			c.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAverage, Ratio: 2}
		}, field: "stream.downsample.mode", near: `"aggregate"`},
		{name: "ratio", change: func(c *driver.Config) {
			c.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 1 << 40}
		}, field: "stream.downsample.ratio", near: "1073741824"},
		{name: "trigger", change: func(c *driver.Config) { c.Trigger = &driver.TriggerConfig{} }, field: "trigger"},
		{name: "format", change: func(c *driver.Config) { c.SampleFormat = "int8" }, field: "sample_format", near: `"int16"`},
		{name: "block", change: func(c *driver.Config) { c.Stream, c.Block = nil, &driver.BlockConfig{} }, field: "block", text: "captures no blocks"},
		{name: "power", change: func(c *driver.Config) { c.Power = driver.PowerUSB }, answer: map[string]picosdk.Status{"ChangePowerSource": picosdk.StatusPowerRequestInvalid}, field: "power", near: `"supply"`},
		{name: "range by the library", change: func(*driver.Config) {}, answer: map[string]picosdk.Status{"SetChannel": picosdk.StatusInvalidVoltageRange}, field: "channel.C.range"},
		{name: "interval by the library", change: func(*driver.Config) {}, answer: map[string]picosdk.Status{"Arm": picosdk.StatusInvalidSampleInterval}, field: "stream.sample_interval", near: `"1.000244141us"`, text: "refuses to stream"},
		{name: "resolution that the unit does not keep", change: func(c *driver.Config) { c.Resolution = 12 }, keeps: 8, field: "resolution", near: `"8bit"`, text: "works with 8"},
		{name: "resolution by the library", change: func(*driver.Config) {}, answer: map[string]picosdk.Status{"SetResolution": picosdk.StatusChannelsForResolution}, field: "resolution"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			dev := b.open(b.driver(), driver.OpenRequest{})
			for name, s := range c.answer {
				b.answer(name, s)
			}
			b.units[0].keeps = c.keeps
			cfg := easyConfig()
			c.change(&cfg)
			_, err := dev.Configure(t.Context(), cfg)
			e := wantError(t, err, driver.KindUnsupported, c.field, c.near)
			if !strings.Contains(e.Message, c.text) {
				t.Errorf("%q does not say %q", e.Message, c.text)
			}
			if err := dev.Start(t.Context(), &fakeSink{streams: 2}); driver.KindOf(err) != driver.KindBug {
				t.Errorf("start after a refusal: %v", err)
			}
			if _, err := dev.Configure(t.Context(), easyConfig()); err != nil {
				t.Errorf("a good configuration after the refusal: %v", err)
			}
		})
	}
}

// TestBanks: channels of one converter cannot be on together at a resolution, though their number would do.
func TestBanks(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	dev := b.open(b.driver(func(f *Family, _ *Options) {
		m := fakeModel("5444DMSO", 4, 2)
		for i := range m.Resolutions {
			if m.Resolutions[i].Bits == 12 {
				m.Resolutions[i].OnePer = []picosdk.ChannelSet{picosdk.Channels("A", "B"), picosdk.Channels("C", "D")}
			}
		}
		f.Models = []picosdk.Model{m}
	}), driver.OpenRequest{})
	cfg := easyConfig()
	cfg.Resolution = 12
	cfg.Channels[0].Channel, cfg.Channels[1].Channel = "A", "B"
	_, err := dev.Configure(t.Context(), cfg)
	if e := wantError(t, err, driver.KindUnsupported, "resolution", `"8bit"`); !strings.Contains(e.Message, "only one of the channels A, B") {
		t.Errorf("%q", e.Message)
	}
	cfg.Channels[1].Channel = "C"
	if _, err := dev.Configure(t.Context(), cfg); err != nil {
		t.Error(err)
	}
}

func port(name string, thresholds ...units.Voltage) func(*driver.Config) {
	return func(c *driver.Config) { c.Digital = []driver.DigitalConfig{{Port: name, Thresholds: thresholds}} }
}

// TestReductions: who computes what, and which part of the run brings it.
func TestReductions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		down    driver.Downsample
		beside  bool
		arm     string
		streams string
	}{
		{"none", driver.Downsample{}, false, "none/1 ", "raw"},
		{"aggregate", driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 7}, false, "aggregate/7 ", "min/7 device, max/7 device"},
		{"aggregate beside raw", driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 7, KeepRaw: true}, false, "none/1 ", "raw, min/7 host*, max/7 host*"},
		{"by the unit beside raw", driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 7, KeepRaw: true}, true, "none/1 aggregate/7 ", "raw, min/7 device, max/7 device"},
		{"decimate", driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 3}, false, "decimate/3 ", "decimate/3 device"},
		{"average beside raw", driver.Downsample{Mode: driver.DownsampleAverage, Ratio: 3, KeepRaw: true}, false, "none/1 ", "raw, average/3 host*"},
		{"groups of one", driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 1}, true, "none/1 ", "min/1*, max/1*"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			dev := b.open(b.driver(func(f *Family, _ *Options) { f.RawBeside = c.beside }), driver.OpenRequest{})
			cfg := easyConfig()
			cfg.Channels = cfg.Channels[:1]
			cfg.Stream.Downsample = c.down
			b.taken()
			a, err := dev.Configure(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if calls := b.taken(); !slices.Contains(calls, "Arm 1e+09fs "+c.arm) {
				t.Errorf("calls %q, want one of %q", calls, c.arm)
			}
			var got []string
			for i, s := range a.Streams {
				text := string(s.Kind)
				if s.Kind != driver.StreamRaw {
					text += "/" + string(rune('0'+s.Ratio))
				}
				if s.Computed != "" {
					text += " " + s.Computed
				}
				if inner(dev).set.streams[i].Host {
					text += "*"
				}
				got = append(got, text)
			}
			if text := strings.Join(got, ", "); text != c.streams {
				t.Errorf("streams %q, want %q", text, c.streams)
			}
		})
	}
}

// inner takes a device out of the type of its abilities.
func inner(dev driver.Device) *Device {
	switch d := dev.(type) {
	case withBoth:
		return d.Device
	case withGenerator:
		return d.Device
	case withPower:
		return d.Device
	}
	return dev.(*Device)
}

func TestAppliedInterval(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		apply func(Count) Count
		want  units.Interval
		note  string
		field string
		near  string
	}{
		{"as asked", nil, units.Seconds(1, 1_000_000), "", "", ""},
		{"rounded", func(c Count) Count { return Count{c.Value + 8e5, c.Unit} }, units.Seconds(10008, 1e10), "the unit samples every", "", ""},
		{"far off", func(c Count) Count { return Count{c.Value * 2, c.Unit} }, units.Interval{}, "", "stream.sample_interval", `"2us"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			b.units[0].applied = c.apply
			dev := b.open(b.driver(), driver.OpenRequest{})
			a, err := dev.Configure(t.Context(), easyConfig())
			if c.field != "" {
				wantError(t, err, driver.KindUnsupported, c.field, c.near)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if a.Interval.Cmp(c.want.Rational) != 0 || !strings.Contains(strings.Join(a.Notes, " "), c.note) {
				t.Errorf("got %v, notes %q", a.Interval, a.Notes)
			}
		})
	}
}

// TestNearestInterval: where the unit refuses an interval that the table allows, the nearest is found by trying.
func TestIntervalForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		want   units.Interval
		double bool
		arm    string
	}{
		{"femtoseconds", units.Seconds(32, 1e9), false, "3.2e+07fs"},
		{"picoseconds", units.Seconds(1, 1000), false, "1e+09ps"},
		{"double", units.Seconds(128, 1e10), true, "12800ps"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			dev := b.open(b.driver(func(f *Family, _ *Options) {
				f.Models = slices.Clone(f.Models)
				if c.double {
					f.Models[0].Intervals = picosdk.IntervalsDouble
				}
			}), driver.OpenRequest{})
			cfg := easyConfig()
			cfg.Channels, cfg.Stream.Interval = cfg.Channels[:1], c.want
			b.taken()
			a, err := dev.Configure(t.Context(), cfg)
			if err != nil {
				t.Fatal(err)
			}
			if calls := b.taken(); !slices.Contains(calls, "Arm "+c.arm+" none/1 ") {
				t.Errorf("calls %q, want %s", calls, c.arm)
			}
			if a.Interval.Cmp(c.want.Rational) != 0 {
				t.Errorf("applied %v", a.Interval)
			}
		})
	}
}

// TestPowerInConfigure: a unit that lost its supply while it was idle says so at the first call.
func TestPowerInConfigure(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	dev := b.open(b.driver(), driver.OpenRequest{})
	b.answer("SetChannel", picosdk.StatusPowerSupplyNotConnected)
	a, err := dev.Configure(t.Context(), easyConfig())
	if err != nil || a.Power != driver.PowerStateUSB {
		t.Fatalf("got %+v, %v", a, err)
	}
	cfg := easyConfig()
	cfg.Channels[1].Channel = "D"
	_, err = dev.Configure(t.Context(), cfg)
	if e := wantError(t, err, driver.KindUnsupported, "channel.D", ""); !strings.Contains(e.Message, "on USB power") {
		t.Errorf("got %q", e.Message)
	}
	if e := <-dev.Events(); e.Kind != driver.EventPower {
		t.Errorf("got %+v", e)
	}
}

func TestBufferSamples(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		interval units.Interval
		ratio    int64
		sources  int
		want     int
	}{
		{"a quarter of a second", units.Seconds(1, 1_000_000), 1, 2, 250_000},
		{"of groups", units.Seconds(1, 1_000_000), 10, 2, 25_000},
		{"slow", units.Seconds(1, 10), 1, 1, 4096},
		{"memory counts", units.Seconds(1, 125_000_000), 1, 1, bufferMemory / 12},
		{"but a tenth of a second must fit", units.Seconds(1, 125_000_000), 1, 8, 12_500_000},
	} {
		if got := bufferSamples(c.interval, c.ratio, c.sources); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}
