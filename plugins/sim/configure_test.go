package main

import (
	"errors"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

var comparable = cmp.Comparer(func(a, b units.Rational) bool { return a.Cmp(b) == 0 })

func TestApplied(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Model: "SIM-14-MSO", Serial: "S"})
	got, err := d.Configure(t.Context(), driver.Config{
		Resolution: 8, Power: driver.PowerSupply,
		Channels: []driver.ChannelConfig{
			{Channel: "B", Range: 2 * units.Volt, Coupling: driver.CouplingAC, Offset: -100 * units.Millivolt, Bandwidth: units.Hertz(20_000_000, 1)},
			{Channel: "A", Range: 50 * units.Millivolt},
		},
		Digital: []driver.DigitalConfig{{Port: "D8-15", Thresholds: []units.Voltage{units.Volt}, Hysteresis: "high"}, {Port: "D0-7"}},
		Stream: &driver.StreamConfig{
			Interval:   units.Seconds(1, 44100),
			Downsample: driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 50, KeepRaw: true},
		},
		Options: opts("delivery", ms(50)),
	})
	if err != nil {
		t.Fatal(err)
	}
	analog := func(c string, k driver.StreamKind, ratio int64, computed string) driver.Stream {
		return driver.Stream{Channel: c, Kind: k, Type: driver.SampleInt16, Ratio: ratio, Computed: computed}
	}
	digital := func(c string, k driver.StreamKind, ratio int64, computed string) driver.Stream {
		return driver.Stream{Channel: c, Digital: true, Kind: k, Type: driver.SampleUint8, Ratio: ratio, Computed: computed}
	}
	want := driver.Applied{
		Mode: driver.ModeStream, Interval: units.Seconds(1, 44100), Resolution: 8, Power: driver.PowerStateSupply,
		Channels: []driver.AppliedChannel{
			{
				Channel: "B", Range: 2 * units.Volt, Coupling: driver.CouplingAC, Offset: -100 * units.Millivolt, Bandwidth: units.Hertz(20_000_000, 1),
				CodeMin: -32512, CodeMax: 32512, VoltsPerCount: units.Rat(2, 32512),
			},
			{Channel: "A", Range: 50 * units.Millivolt, Coupling: driver.CouplingDC, CodeMin: -32512, CodeMax: 32512, VoltsPerCount: units.Rat(50, 32512*1000)},
		},
		Digital: []driver.AppliedDigital{
			{Port: "D8-15", Thresholds: []units.Voltage{units.Volt}, Hysteresis: "high"},
			{Port: "D0-7", Thresholds: []units.Voltage{1500 * units.Millivolt}, Hysteresis: "normal"},
		},
		Streams: []driver.Stream{
			analog("B", driver.StreamRaw, 1, ""), analog("B", driver.StreamMin, 50, "device"), analog("B", driver.StreamMax, 50, "device"),
			analog("A", driver.StreamRaw, 1, ""), analog("A", driver.StreamMin, 50, "device"), analog("A", driver.StreamMax, 50, "device"),
			digital("D8-15", driver.StreamRaw, 1, ""), digital("D8-15", driver.StreamMin, 50, "device"), digital("D8-15", driver.StreamMax, 50, "device"),
			digital("D0-7", driver.StreamRaw, 1, ""), digital("D0-7", driver.StreamMin, 50, "device"), digital("D0-7", driver.StreamMax, 50, "device"),
		},
		Timebase: -1, DeliveryPeriod: 50 * time.Millisecond,
		Notes: []string{"channel B: ac coupling takes away the offset of the signal, and nothing else"},
	}
	if diff := cmp.Diff(want, got, comparable); diff != "" {
		t.Errorf("applied settings (-want +got):\n%s", diff)
	}
}

func TestStreamsOfEachMode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		d    driver.Downsample
		want []driver.StreamKind
	}{
		{driver.Downsample{}, []driver.StreamKind{driver.StreamRaw}},
		{driver.Downsample{Mode: driver.DownsampleNone, Ratio: 1, KeepRaw: true}, []driver.StreamKind{driver.StreamRaw}},
		{driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 10}, []driver.StreamKind{driver.StreamMin, driver.StreamMax}},
		{driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 10, KeepRaw: true}, []driver.StreamKind{driver.StreamRaw, driver.StreamMin, driver.StreamMax}},
		{driver.Downsample{Mode: driver.DownsampleDecimate, Ratio: 10}, []driver.StreamKind{driver.StreamDecimate}},
		{driver.Downsample{Mode: driver.DownsampleAverage, Ratio: 10, KeepRaw: true}, []driver.StreamKind{driver.StreamRaw, driver.StreamAverage}},
	} {
		b := newBench(t)
		cfg := stream(units.Seconds(1, 1e5), 20_000, "A")
		cfg.Stream.Downsample = c.d
		s, applied, _, err := b.acquire(b.open(driver.OpenRequest{Serial: "S"}), cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []driver.StreamKind
		for i, st := range applied.Streams {
			kinds = append(kinds, st.Kind)
			if got := int64(len(s.data[i]) / 2); got != 20_000/st.Ratio {
				t.Errorf("%+v: %d samples in stream %s", c.d, got, st.Kind)
			}
		}
		if !reflect.DeepEqual(kinds, c.want) {
			t.Errorf("%+v: streams %v, want %v", c.d, kinds, c.want)
		}
	}
}

func TestConfigureRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		change  func(*driver.Config)
		field   string
		nearest string
	}{
		{"trigger", func(c *driver.Config) { c.Trigger = &driver.TriggerConfig{} }, "trigger", ""},
		{"stop after trigger", func(c *driver.Config) { c.Stream.StopAfterTrigger = true }, "stream.stop_after_trigger", "false"},
		{"format", func(c *driver.Config) { c.SampleFormat = "int8" }, "sample_format", `"int16"`},
		{"resolution", func(c *driver.Config) { c.Resolution = 15 }, "resolution", `"14bit"`},
		{"no channel", func(c *driver.Config) { c.Channels = nil }, "channel", ""},
		{"unknown channel", func(c *driver.Config) { c.Channels[0].Channel = "F" }, "channel.F", `"A"`},
		{"channel twice", func(c *driver.Config) { c.Channels = append(c.Channels, c.Channels[0]) }, "channel.A", ""},
		{"range", func(c *driver.Config) { c.Channels[0].Range = 3 * units.Volt }, "channel.A.range", `"2V"`},
		{"large range", func(c *driver.Config) { c.Channels[0].Range = 300 * units.Volt }, "channel.A.range", `"50V"`},
		{"coupling", func(c *driver.Config) { c.Channels[0].Coupling = "gnd" }, "channel.A.coupling", `"dc"`},
		{"bandwidth", func(c *driver.Config) { c.Channels[0].Bandwidth = units.Hertz(1, 1) }, "channel.A.bandwidth", `"20MHz"`},
		{"offset", func(c *driver.Config) { c.Channels[0].Offset = 30 * units.Volt }, "channel.A.offset", `"2.5V"`},
		{"offset of a small range", func(c *driver.Config) {
			c.Channels[0].Range, c.Channels[0].Offset = 100*units.Millivolt, -units.Volt
		}, "channel.A.offset", `"-250mV"`},
		{"short interval", func(c *driver.Config) { c.Stream.Interval = units.Seconds(1, 2e9) }, "stream.sample_interval", `"1ns"`},
		{"long interval", func(c *driver.Config) { c.Stream.Interval = units.Seconds(5000, 1) }, "stream.sample_interval", `"1000s"`},
		{"odd interval", func(c *driver.Config) { c.Stream.Interval = units.Seconds(1_000_000_007, 9_999_999_999_999_937) }, "stream.sample_interval", `"100.000001ns"`},
		{"downsampling", func(c *driver.Config) { c.Stream.Downsample = driver.Downsample{Mode: "sum", Ratio: 2} }, "stream.downsample.mode", ""},
		{"ratio 0", func(c *driver.Config) { c.Stream.Downsample.Mode = driver.DownsampleAverage }, "stream.downsample.ratio", "1"},
		{"large ratio", func(c *driver.Config) {
			c.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAverage, Ratio: 1 << 40}
		}, "stream.downsample.ratio", "1073741824"},
		{"average of a port", func(c *driver.Config) {
			c.Stream.Downsample = driver.Downsample{Mode: driver.DownsampleAverage, Ratio: 10}
			c.Digital = []driver.DigitalConfig{{Port: "D0-7"}}
		}, "stream.downsample.mode", `"aggregate"`},
		{"unknown port", func(c *driver.Config) { c.Digital = []driver.DigitalConfig{{Port: "D16-23"}} }, "digital.D16-23", ""},
		{"port twice", func(c *driver.Config) { c.Digital = []driver.DigitalConfig{{Port: "D0-7"}, {Port: "D0-7"}} }, "digital.D0-7", ""},
		{"two thresholds", func(c *driver.Config) {
			c.Digital = []driver.DigitalConfig{{Port: "D0-7", Thresholds: []units.Voltage{0, 0}}}
		}, "digital.D0-7.threshold", ""},
		{"threshold", func(c *driver.Config) {
			c.Digital = []driver.DigitalConfig{{Port: "D0-7", Thresholds: []units.Voltage{9 * units.Volt}}}
		}, "digital.D0-7.threshold", `"5V"`},
		{"hysteresis", func(c *driver.Config) {
			c.Digital = []driver.DigitalConfig{{Port: "D0-7", Hysteresis: "hihg"}}
		}, "digital.D0-7.hysteresis", `"high"`},
		{"option of the device", func(c *driver.Config) { c.Options = opts("pase", "fast") }, "sim.pase", ""},
		{"pace", func(c *driver.Config) { c.Options = opts("pace", "quick") }, "sim.pace", `"fast"`},
		{"delivery", func(c *driver.Config) { c.Options = opts("delivery", units.Seconds(1, 1e6)) }, "sim.delivery", `"1ms"`},
		{"clock error", func(c *driver.Config) { c.Options = opts("clock_error_ppm", 20000.0) }, "sim.clock_error_ppm", "10000"},
		{"block of a strange port", func(c *driver.Config) {
			c.Options = with(driver.Options{}, "digital", "D0-8", opts())
		}, "sim.digital.D0-8", `"D0-7"`},
		{"unknown block", func(c *driver.Config) { c.Options = with(driver.Options{}, "fautl", "x", opts()) }, "sim.fautl", ""},
		{"label missing", func(c *driver.Config) { c.Options = with(driver.Options{}, "fault", "", opts()) }, "sim.fault", ""},
		{"option twice", func(c *driver.Config) { c.Options = opts("pace", "fast", "pace", "fast") }, "sim.pace", ""},
		{"signal", func(c *driver.Config) { c.Channels[0].Options = opts("signal", "sinus") }, "channel.A.sim.signal", `"sine"`},
		{"duty", func(c *driver.Config) { c.Channels[0].Options = opts("duty", 1.5) }, "channel.A.sim.duty", "1"},
		{"noise", func(c *driver.Config) { c.Channels[0].Options = opts("noise", -5*units.Millivolt) }, "channel.A.sim.noise", `"0V"`},
		{"option of another signal", func(c *driver.Config) { c.Channels[0].Options = opts("signal", "sine", "duty", 0.5) }, "channel.A.sim.duty", ""},
		{"option of another pattern", func(c *driver.Config) {
			c.Digital = []driver.DigitalConfig{{Port: "D0-7"}}
			c.Options = with(driver.Options{}, "digital", "D0-7", opts("pattern", "random", "value", 3))
		}, "sim.digital.D0-7.value", ""},
		{"proof with noise", func(c *driver.Config) {
			c.Channels[0].Options = opts("signal", "proof", "noise", units.Millivolt)
		}, "channel.A.sim.noise", ""},
		{"proof with more", func(c *driver.Config) {
			c.Channels[0].Options = with(opts("signal", "proof"), "add", "", opts())
		}, "channel.A.sim.add", ""},
		{"proof added", func(c *driver.Config) {
			c.Channels[0].Options = with(opts(), "add", "", opts("signal", "proof"))
		}, "channel.A.sim.add.signal", ""},
		{"short interval of pulses", func(c *driver.Config) {
			c.Channels[0].Options = opts("signal", "pulses", "interval", units.Seconds(1, 1e7))
		}, "channel.A.sim.interval", `"1us"`},
		{"short mean interval", func(c *driver.Config) {
			c.Channels[0].Options = opts("signal", "random_pulses", "mean_interval", units.Seconds(1, 1e9))
		}, "channel.A.sim.mean_interval", `"62.5ns"`},
		{"slow edges", func(c *driver.Config) {
			c.Channels[0].Options = opts("signal", "pulses", "rise", ms(2), "width", ms(1))
		}, "channel.A.sim.rise", `"1ms"`},
		{"late second pulses", func(c *driver.Config) {
			c.Channels[0].Options = opts("signal", "pulses", "second_mean", ms(2000))
		}, "channel.A.sim.second_mean", ""},
		{"no file", func(c *driver.Config) { c.Channels[0].Options = opts("signal", "replay") }, "channel.A.sim.file", ""},
		{"missing file", func(c *driver.Config) {
			c.Channels[0].Options = opts("signal", "replay", "file", path("missing.wav"))
		}, "channel.A.sim.file", ""},
		{"no rate", func(c *driver.Config) {
			c.Channels[0].Options = opts("signal", "replay", "file", path("testdata/breaker_opening.IR.i16"), "playback", "time")
		}, "channel.A.sim.file_rate", ""},
		{"port without a file", func(c *driver.Config) {
			c.Digital = []driver.DigitalConfig{{Port: "D0-7"}}
			c.Options = with(driver.Options{}, "digital", "D0-7", opts("pattern", "replay"))
		}, "sim.digital.D0-7.file", ""},
		{"clock without frequency", func(c *driver.Config) {
			c.Digital = []driver.DigitalConfig{{Port: "D0-7"}}
			c.Options = with(driver.Options{}, "digital", "D0-7", opts("pattern", "clock"))
		}, "sim.digital.D0-7.frequency", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.open(driver.OpenRequest{Model: "SIM-14-MSO"})
			cfg := driver.Config{Stream: &driver.StreamConfig{Interval: units.Seconds(1, 1e6)}, Channels: []driver.ChannelConfig{{Channel: "A", Range: 2 * units.Volt}}}
			c.change(&cfg)
			_, err := d.Configure(t.Context(), cfg)
			var e *driver.Error
			if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Op != "configure" || e.Field != c.field || e.Nearest != c.nearest {
				t.Fatalf("%v (%s)", err, fieldOf(err))
			}
			if err := d.Start(t.Context(), newFakeSink(nil)); driver.KindOf(err) != driver.KindBug {
				t.Errorf("it can be started all the same: %v", err)
			}
		})
	}
}

// TestSignalsOfChannels looks at each signal through options, range and offset.
func TestSignalsOfChannels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ch   driver.ChannelConfig
		want func(i int64) float64 // volts at the input
		over bool
	}{
		{"default", driver.ChannelConfig{}, func(i int64) float64 { return math.Sin(2 * math.Pi * float64(i) / 100) }, false},
		{
			"sine",
			driver.ChannelConfig{Options: opts("frequency", units.Hertz(5000, 1), "amplitude", units.Volt, "offset", 250*units.Millivolt, "phase", 90.0)},
			func(i int64) float64 { return 0.25 + 0.5*math.Cos(2*math.Pi*float64(i)/20) }, false,
		},
		{
			"ac coupling takes the offset away",
			driver.ChannelConfig{Coupling: driver.CouplingAC, Options: opts("amplitude", units.Volt, "offset", units.Volt)},
			func(i int64) float64 { return 0.5 * math.Sin(2*math.Pi*float64(i)/100) }, false,
		},
		{
			"analog offset",
			driver.ChannelConfig{Offset: units.Volt, Options: opts("signal", "dc", "offset", -1500*units.Millivolt)},
			func(int64) float64 { return -1.5 }, false,
		},
		{"over range", driver.ChannelConfig{Options: opts("signal", "square", "amplitude", 5*units.Volt)}, func(i int64) float64 {
			if i%100 < 50 {
				return 2
			}
			return -2
		}, true},
		{
			"sum",
			driver.ChannelConfig{Options: with(with(opts("signal", "dc", "offset", 100*units.Millivolt), "add", "",
				opts("signal", "square", "amplitude", 200*units.Millivolt)), "add", "", opts("signal", "ramp", "amplitude", units.Volt))},
			func(i int64) float64 {
				v := 0.1 + float64(i%100)/100 - 0.5
				if i%100 < 50 {
					return v + 0.1
				}
				return v - 0.1
			}, false,
		},
		{
			"pulses",
			driver.ChannelConfig{Options: opts("signal", "pulses", "amplitude", -units.Volt, "width", units.Seconds(30, 1e6), "interval", units.Seconds(200, 1e6))},
			func(i int64) float64 {
				if i%20 < 3 {
					return -1
				}
				return 0
			}, false,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			cfg := stream(units.Seconds(1, 1e5), 3000)
			c.ch.Channel, c.ch.Range = "B", 2*units.Volt
			cfg.Channels = []driver.ChannelConfig{c.ch}
			s, applied, _, err := b.acquire(b.open(driver.OpenRequest{}), cfg, nil)
			if err != nil {
				t.Fatal(err)
			}
			a := applied.Channels[0]
			for i, code := range s.samples(0) {
				volts := float64(code)*a.VoltsPerCount.Float64() - a.Offset.Volts()
				if want := c.want(int64(i)); math.Abs(volts-want) > 1e-4 {
					t.Fatalf("sample %d: %g V, want %g V", i, volts, want)
				}
			}
			if mask := s.log[0].mask; (mask == 2) != c.over || mask&^2 != 0 {
				t.Errorf("over-range mask %b", mask)
			}
		})
	}
}

func TestReplayThroughTheDriver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	cfg := stream(units.Seconds(1, 2400), 14_400)
	cfg.Channels = []driver.ChannelConfig{
		// 319.7 A at 10 mV per A
		{Channel: "A", Range: 5 * units.Volt, Options: opts("signal", "replay", "file", path("testdata/breaker_opening.json"), "file_channel", "IN", "gain", 0.01, "playback", "time")},
		{Channel: "B", Range: 5 * units.Volt, Options: opts("signal", "replay", "file", path("testdata/breaker_opening.IN.i16"), "amplitude", 10*units.Volt, "loop", false)},
	}
	cfg.Digital = []driver.DigitalConfig{{Port: "D0-7"}, {Port: "D8-15"}}
	cfg.Options = with(with(driver.Options{}, "digital", "D0-7", opts("pattern", "replay", "file", path("testdata/breaker_opening.json"))),
		"digital", "D8-15", opts("pattern", "proof"))
	s, applied, _, err := b.acquire(b.open(driver.OpenRequest{Serial: "S"}), cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	peak := s.samples(0)[2*1176]
	if v := math.Abs(float64(peak)) * applied.Channels[0].VoltsPerCount.Float64(); math.Abs(v-3.197) > 0.001 {
		t.Errorf("the peak is %g V, want 3.197 V", v)
	}
	if a, b := s.samples(0)[2*1176+1], s.samples(0)[2*1177+1]; a != peak || b == peak {
		t.Error("a value is not held for two samples")
	}
	second := s.samples(1)
	if second[1176] == 0 || second[7199] != second[14_399] {
		t.Errorf("flat file: %d at the peak, %d at the end, %d behind it", second[1176], second[7199], second[14_399])
	}
	lines := s.samples(2)
	if lines[1175]&(1<<6) == 0 || lines[1176]&(1<<6) != 0 || lines[7200+1175] != lines[1175] {
		t.Error("the digital lines are not those of the file")
	}
	if got := s.samples(3); len(got) != 14_400 || got[0] == got[1] && got[1] == got[2] {
		t.Error("the port has no proof signal")
	}
}

func TestSeedsAndDeterminism(t *testing.T) {
	t.Parallel()
	run := func(serial string, device driver.Options, channel driver.Options) []int64 {
		b := newBench(t)
		cfg := stream(units.Seconds(1, 1e5), 5000)
		cfg.Channels = []driver.ChannelConfig{{Channel: "A", Range: units.Volt, Options: channel}}
		cfg.Options = device
		s, _, _, err := b.acquire(b.open(driver.OpenRequest{Serial: serial}), cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s.samples(0)
	}
	noisy := opts("signal", "random_pulses", "mean_interval", ms(1), "noise", 10*units.Millivolt)
	seeded := opts("signal", "random_pulses", "mean_interval", ms(1), "noise", 10*units.Millivolt, "seed", 7)
	first := run("S", driver.Options{}, noisy)
	if !reflect.DeepEqual(first, run("S", opts("delivery", ms(3)), noisy)) {
		t.Error("the same unit gives another signal")
	}
	if reflect.DeepEqual(first, run("T", driver.Options{}, noisy)) || reflect.DeepEqual(first, run("S", opts("seed", 1), noisy)) {
		t.Error("another unit or seed gives the same signal")
	}
	if !reflect.DeepEqual(run("S", driver.Options{}, seeded), run("T", driver.Options{}, seeded)) {
		t.Error("the channel's seed does not rule")
	}
}
