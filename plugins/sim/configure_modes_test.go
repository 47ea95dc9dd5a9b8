package main

import (
	"errors"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// TestModesRefuse is TestConfigureRefuses for block modes, triggers and the signal generator.
func TestModesRefuse(t *testing.T) {
	t.Parallel()
	rising := func(c *driver.Config) *driver.LevelCondition {
		c.Trigger = &driver.TriggerConfig{Levels: []driver.LevelCondition{{Name: "A", Source: "A", Direction: driver.DirectionRising}}}
		return &c.Trigger.Levels[0]
	}
	window := func(c *driver.Config) *driver.WindowCondition {
		c.Trigger = &driver.TriggerConfig{Windows: []driver.WindowCondition{{Name: "w", Source: "A", Direction: driver.DirectionEnter, Upper: units.Volt}}}
		return &c.Trigger.Windows[0]
	}
	pulse := func(c *driver.Config) *driver.PulseWidthCondition {
		rising(c)
		c.Trigger.PulseWidth = &driver.PulseWidthCondition{Name: "p", Source: "A", Direction: driver.DirectionRising, Type: driver.PulseLessThan, Lower: driver.Span{Samples: 5}}
		return c.Trigger.PulseWidth
	}
	sine := func(c *driver.Config) *driver.GeneratorConfig {
		c.Generator = &driver.GeneratorConfig{Wave: "sine", Frequency: units.Hertz(1000, 1), Amplitude: units.Volt}
		return c.Generator
	}
	for _, c := range []struct {
		name    string
		change  func(*driver.Config)
		field   string
		nearest string
	}{
		{"no length", func(c *driver.Config) { c.Block.Post.Samples = 0 }, "block.post", `"1ms"`},
		{"too long", func(c *driver.Config) { c.Block.Post = driver.Span{Time: units.Seconds(1e9, 1)} }, "block.post", ""},
		{"short interval", func(c *driver.Config) { c.Block.Interval = units.Seconds(1, 2e9) }, "block.sample_interval", `"1ns"`},
		{"timebase", func(c *driver.Config) { c.Block.Timebase = new(uint32) }, "block.timebase", ""},
		{"memory segment", func(c *driver.Config) { c.Block.MemorySegment = 1 << 30 }, "block.memory_segment", "0"},
		{"no captures", func(c *driver.Config) { c.RapidBlock, c.Block = &driver.RapidBlockConfig{BlockConfig: *c.Block}, nil }, "rapid_block.captures", ""},
		{"ratio", func(c *driver.Config) { c.Block.Downsample = driver.Downsample{Mode: driver.DownsampleDecimate} }, "block.downsample.ratio", "1"},
		{"loss in a block", func(c *driver.Config) { c.Options = withFault(driver.Options{}, "lose", "sample", samples(5)) }, "sim.fault.lose", ""},
		{"nothing to stop after", func(c *driver.Config) {
			c.Block, c.Stream = nil, &driver.StreamConfig{Interval: ms(1), StopAfterTrigger: true, Post: driver.Span{Samples: 5}}
		}, "stream.stop_after_trigger", "false"},
		{"nothing kept", func(c *driver.Config) {
			rising(c)
			c.Block, c.Stream = nil, &driver.StreamConfig{Interval: ms(1), StopAfterTrigger: true}
		}, "stream.post", `"1ms"`},
		{"no condition", func(c *driver.Config) { c.Trigger = &driver.TriggerConfig{} }, "trigger", ""},
		{"source", func(c *driver.Config) { rising(c).Source = "Z" }, "trigger.level.A", `"A"`},
		{"source that is off", func(c *driver.Config) { rising(c).Source = "B" }, "trigger.level.A", ""},
		{"proof as source", func(c *driver.Config) { rising(c); c.Channels[0].Options = opts("signal", "proof") }, "trigger.level.A", ""},
		{"direction", func(c *driver.Config) { rising(c).Direction = driver.DirectionEnter }, "trigger.level.A.direction", `"rising"`},
		{"threshold", func(c *driver.Config) { rising(c).Threshold = 3 * units.Volt }, "trigger.level.A.threshold", `"2V"`},
		{"threshold with an offset", func(c *driver.Config) { rising(c).Threshold = 2 * units.Volt; c.Channels[0].Offset = units.Volt }, "trigger.level.A.threshold", `"1V"`},
		{"threshold of EXT", func(c *driver.Config) { l := rising(c); l.Source, l.Threshold = "EXT", -6*units.Volt }, "trigger.level.A.threshold", `"-5V"`},
		{"hysteresis", func(c *driver.Config) { rising(c).Hysteresis = -1 }, "trigger.level.A.hysteresis", `"0V"`},
		{"window's direction", func(c *driver.Config) { window(c).Direction = driver.DirectionRising }, "trigger.window.w.direction", `"enter"`},
		{"thresholds swapped", func(c *driver.Config) { window(c).Lower = 2 * units.Volt }, "trigger.window.w.lower", ""},
		{"window's upper", func(c *driver.Config) { window(c).Upper = 9 * units.Volt }, "trigger.window.w.upper", `"2V"`},
		{"pulse without threshold", func(c *driver.Config) { pulse(c).Source = "EXT" }, "trigger.pulse_width.p", ""},
		{"pulse without window", func(c *driver.Config) { pulse(c).Direction = driver.DirectionEnter }, "trigger.pulse_width.p", ""},
		{"pulse type", func(c *driver.Config) { pulse(c).Type = "wide" }, "trigger.pulse_width.p.type", `"greater_than"`},
		{"pulse widths swapped", func(c *driver.Config) { pulse(c).Type = driver.PulseInRange }, "trigger.pulse_width.p.lower", ""},
		{"condition twice", func(c *driver.Config) { rising(c); c.Trigger.Levels = append(c.Trigger.Levels, c.Trigger.Levels[0]) }, "trigger.level.A", ""},
		{"unknown name", func(c *driver.Config) { rising(c); c.Trigger.AnyOf = [][]driver.ConditionRef{{{Name: "C"}}} }, "trigger.any_of", ""},
		{"empty term", func(c *driver.Config) { rising(c); c.Trigger.AnyOf = [][]driver.ConditionRef{{}} }, "trigger.any_of", ""},
		{"port that is off", func(c *driver.Config) {
			c.Trigger = &driver.TriggerConfig{Digital: []driver.DigitalCondition{{Name: "d", Port: "D0-7"}}}
		}, "trigger.digital.d", ""},
		{"no pin", func(c *driver.Config) {
			c.Digital = []driver.DigitalConfig{{Port: "D0-7"}}
			c.Trigger = &driver.TriggerConfig{Digital: []driver.DigitalCondition{{Name: "d", Port: "D0-7"}}}
		}, "trigger.digital.d.pins", ""},
		{"strange pin", func(c *driver.Config) {
			c.Digital = []driver.DigitalConfig{{Port: "D0-7"}}
			c.Trigger = &driver.TriggerConfig{Digital: []driver.DigitalCondition{{Name: "d", Port: "D0-7", Pins: []driver.PinCondition{{Pin: "D9"}}}}}
		}, "trigger.digital.d.pins", `"D0"`},
		{"trigger input", func(c *driver.Config) { c.Options = with(driver.Options{}, "input", "EXD", opts()) }, "sim.input.EXD", `"EXT"`},
		{"signal of an input", func(c *driver.Config) {
			c.Options = with(driver.Options{}, "input", "EXT", opts("signal", "dc", "duty", 0.5))
		}, "sim.input.EXT.duty", ""},
		{"wave", func(c *driver.Config) { sine(c).Wave = "sinus" }, "signal_generator.wave", `"sine"`},
		{"operation", func(c *driver.Config) { sine(c).Operation = "loud" }, "signal_generator.operation", `"normal"`},
		{"frequency", func(c *driver.Config) { sine(c).Frequency = units.Hertz(1e9, 1) }, "signal_generator.frequency", `"100MHz"`},
		{"amplitude", func(c *driver.Config) { sine(c).Amplitude = 30 * units.Volt }, "signal_generator.amplitude", `"20V"`},
		{"generator's offset", func(c *driver.Config) { sine(c).Offset = -11 * units.Volt }, "signal_generator.offset", `"-10V"`},
		{"sweep", func(c *driver.Config) { sine(c).Sweep = "upwards" }, "signal_generator.sweep", `"up"`},
		{"sweep to where it begins", func(c *driver.Config) { sweep(sine(c), 1000, 1) }, "signal_generator.stop_frequency", ""},
		{"step longer than the sweep", func(c *driver.Config) { sweep(sine(c), 2000, 1001) }, "signal_generator.step", ""},
		{"sweep without step", func(c *driver.Config) { sine(c).Sweep = "up" }, "signal_generator.step", `"10Hz"`},
		{"values", func(c *driver.Config) {
			g := sine(c)
			g.Wave, g.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: []float64{0, 2}}
		}, "signal_generator.arbitrary", ""},
		{"few values", func(c *driver.Config) {
			g := sine(c)
			g.Wave, g.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: []float64{0}}
		}, "signal_generator.arbitrary", ""},
		{"started by what", func(c *driver.Config) { sine(c).Trigger = &driver.GeneratorTrigger{Source: "scoop"} }, "signal_generator.trigger.source", `"scope"`},
		{"started how", func(c *driver.Config) { sine(c).Trigger = &driver.GeneratorTrigger{Source: "scope"} }, "signal_generator.trigger.type", `"rising"`},
		{"gate without input", func(c *driver.Config) { sine(c).Trigger = &driver.GeneratorTrigger{Source: "scope", Type: "gate_high"} }, "signal_generator.trigger.type", `"rising"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			d := b.open(driver.OpenRequest{Model: "SIM-14-MSO"})
			cfg := driver.Config{
				Block:    &driver.BlockConfig{Interval: units.Seconds(1, 1e6), Post: driver.Span{Samples: 100}},
				Channels: []driver.ChannelConfig{{Channel: "A", Range: 2 * units.Volt}},
			}
			c.change(&cfg)
			_, err := d.Configure(t.Context(), cfg)
			var e *driver.Error
			if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Op != "configure" || e.Field != c.field || e.Nearest != c.nearest {
				t.Fatalf("%v (%s)", err, fieldOf(err))
			}
		})
	}
}

func TestAppliedBlock(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	cfg := driver.Config{
		RapidBlock: &driver.RapidBlockConfig{
			BlockConfig: driver.BlockConfig{
				Interval: units.Seconds(3, 1e6), Pre: driver.Span{Samples: 10}, Post: driver.Span{Time: units.Seconds(100, 1e6)},
				Repeat: driver.Repeat{For: time.Second}, Downsample: driver.Downsample{Mode: driver.DownsampleAggregate, Ratio: 8, KeepRaw: true},
			},
			Captures: 7,
		},
		Channels:  []driver.ChannelConfig{{Channel: "A", Range: 2 * units.Volt}},
		Generator: &driver.GeneratorConfig{Wave: "sine", Frequency: units.Hertz(1000, 1), Amplitude: units.Volt},
	}
	a, err := d.Configure(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	// 100 us are 34 samples of 3 us, and 44 in all are made 48
	if a.Mode != driver.ModeRapidBlock || a.PreSamples != 10 || a.PostSamples != 38 || a.Captures != 7 || len(a.Notes) != 1 || a.Generator == nil {
		t.Errorf("applied %+v", a)
	}
	for i, want := range []int64{48, 6, 6} {
		if got := a.Streams[i].WaveformSamples; got != want {
			t.Errorf("stream %d has waveforms of %d samples, want %d", i, got, want)
		}
	}
}

// sweep lets a generator sweep from its frequency to another one, in steps of so many hertz.
func sweep(g *driver.GeneratorConfig, stop, step int64) {
	g.Sweep, g.StopFrequency, g.Step, g.Dwell = "up", units.Hertz(stop, 1), units.Hertz(step, 1), units.Seconds(1, 1000)
}
