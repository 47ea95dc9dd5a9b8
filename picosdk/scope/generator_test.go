package scope

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

func sine() driver.GeneratorConfig {
	return driver.GeneratorConfig{Wave: "sine", Operation: "normal", Frequency: units.Hertz(1000, 1), Amplitude: 2 * units.Volt, Offset: units.Volt}
}

func TestGeneratorSettings(t *testing.T) {
	t.Parallel()
	plain := GeneratorSettings{PeakToPeak: 2 * units.Volt, Offset: units.Volt, Start: 1000, Stop: 1000, Clock: 200_000_000}
	with := func(f func(*GeneratorSettings)) GeneratorSettings {
		s := plain
		f(&s)
		return s
	}
	for _, c := range []struct {
		name   string
		change func(*driver.GeneratorConfig)
		want   GeneratorSettings
	}{
		{"sine", func(*driver.GeneratorConfig) {}, plain},
		{"dc", func(g *driver.GeneratorConfig) { g.Wave = "dc_voltage" }, with(func(s *GeneratorSettings) { s.Wave, s.PeakToPeak, s.Start, s.Stop = 8, 0, 0, 0 })},
		{"noise", func(g *driver.GeneratorConfig) { g.Operation = "noise" }, with(func(s *GeneratorSettings) { s.Operation, s.Start, s.Stop = 1, 0, 0 })},
		{"prbs is a wave here", func(g *driver.GeneratorConfig) { g.Operation = "prbs" }, with(func(s *GeneratorSettings) { s.Wave = 77 })},
		{"sweep", func(g *driver.GeneratorConfig) {
			g.Sweep, g.StopFrequency, g.Step, g.Dwell = "down_up", units.Hertz(2000, 1), units.Hertz(5, 1), units.Seconds(1, 100)
		}, with(func(s *GeneratorSettings) {
			s.Sweeping, s.Sweep, s.Stop, s.Step, s.Dwell = true, 3, 2000, 5, 0.01
		})},
		{"triggered", func(g *driver.GeneratorConfig) {
			g.Shots, g.Trigger = 3, &driver.GeneratorTrigger{Source: "external", Type: "falling", Level: -2500 * units.Millivolt}
		}, with(func(s *GeneratorSettings) {
			s.Shots, s.Triggered, s.TriggerSource, s.TriggerType, s.Threshold = 3, true, 3, 1, -16384
		})},
		{"arbitrary", func(g *driver.GeneratorConfig) {
			g.Wave, g.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: []float64{0, 1, 0, -1}, SampleRate: units.PerSecond(8000, 1)}
		}, with(func(s *GeneratorSettings) {
			s.Wave, s.Samples, s.Start, s.Stop = 55, []float64{0, 1, 0, -1}, 2000, 2000
		})},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			dev := b.open(b.driver(), driver.OpenRequest{})
			g := sine()
			c.change(&g)
			a, err := dev.(driver.GeneratorController).SetGenerator(t.Context(), &g)
			if err != nil {
				t.Fatal(err)
			}
			if got := b.units[0].wave; !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v\nwant %+v", got, c.want)
			}
			hertz, peak := units.Rat(1999, 2), c.want.PeakToPeak // what the fake unit answers
			if c.want.Start == 0 {
				hertz = units.Rational{}
			}
			if a.Frequency.Cmp(hertz) != 0 || a.Amplitude != peak {
				t.Errorf("applied %+v", a)
			}
		})
	}
}

func TestGeneratorRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		change      func(*driver.GeneratorConfig)
		field, near string
	}{
		{"wave", func(g *driver.GeneratorConfig) { g.Wave = "sin" }, "wave", `"sine"`},
		{"operation", func(g *driver.GeneratorConfig) { g.Operation = "noises" }, "operation", `"noise"`},
		{"amplitude", func(g *driver.GeneratorConfig) { g.Amplitude = 5 * units.Volt }, "amplitude", `"4V"`},
		{"offset", func(g *driver.GeneratorConfig) { g.Offset = -3 * units.Volt }, "offset", `"-2V"`},
		{"frequency", func(g *driver.GeneratorConfig) { g.Frequency = units.Hertz(2e6, 1) }, "frequency", `"1MHz"`},
		{"sweep", func(g *driver.GeneratorConfig) { g.Sweep = "sideways" }, "sweep", `"up"`},
		{"too many samples", func(g *driver.GeneratorConfig) {
			g.Wave, g.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: make([]float64, 17)}
		}, "arbitrary", ""},
		{"not a number", func(g *driver.GeneratorConfig) {
			g.Wave, g.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: []float64{math.NaN()}}
		}, "arbitrary", ""},
		{"trigger source", func(g *driver.GeneratorConfig) { g.Trigger = &driver.GeneratorTrigger{Source: "pulse_width"} }, "trigger.source", `"none"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5444DMSO")
			dev := b.open(b.driver(), driver.OpenRequest{})
			g := sine()
			c.change(&g)
			_, err := dev.(driver.GeneratorController).SetGenerator(t.Context(), &g)
			wantError(t, err, driver.KindUnsupported, "signal_generator."+c.field, c.near)
			for _, call := range b.taken() {
				if strings.HasPrefix(call, "Generate") {
					t.Error("it was set all the same")
				}
			}
		})
	}
}

// TestGeneratorInConfigure: a configuration without a generator turns it off, once.
func TestGeneratorInConfigure(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	dev := b.open(b.driver(), driver.OpenRequest{})
	g := sine()
	silenced := func(cfg driver.Config) int {
		t.Helper()
		b.taken()
		if _, err := dev.Configure(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, call := range b.taken() {
			if call == "Silence" {
				n++
			}
		}
		return n
	}
	with := easyConfig()
	with.Generator = &g
	b.answer("Generate", 0x2F) // a warning
	a, err := dev.Configure(t.Context(), with)
	if err != nil || a.Generator == nil || len(a.Generator.Notes) != 1 {
		t.Fatalf("got %+v, %v", a.Generator, err)
	}
	if n := silenced(easyConfig()); n != 1 {
		t.Errorf("silenced %d times, want 1", n)
	}
	if n := silenced(easyConfig()); n != 0 {
		t.Errorf("silenced %d times more", n)
	}
}

// TestSilenceRefused: a generator that could not be turned off is tried again.
func TestSilenceRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	dev := b.open(b.driver(), driver.OpenRequest{})
	g := sine()
	control := dev.(driver.GeneratorController)
	if _, err := control.SetGenerator(t.Context(), &g); err != nil {
		t.Fatal(err)
	}
	b.answer("Silence", picosdk.StatusInvalidParameter)
	if _, err := control.SetGenerator(t.Context(), nil); err == nil {
		t.Fatal("a refusal is not told")
	}
	b.taken()
	if _, err := dev.Configure(t.Context(), easyConfig()); err != nil || !slices.Contains(b.taken(), "Silence") {
		t.Errorf("it is not turned off again: %v", err)
	}
}

// TestOutputInBlocks: an output that ends by itself begins anew with the first arming, once, and behind what lies before a trigger.
func TestOutputInBlocks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		trigger *driver.TriggerConfig
		status  picosdk.Status
		order   []string
	}{
		{"no trigger", nil, 0, []string{"RunBlock 40 60 127 0", "Generate 0 1000", "Ready"}},
		{"a trigger", rising(), 0, []string{"RunBlock 40 60 127 0", "Generate 0 1000", "Ready"}},
		{"refused", nil, picosdk.StatusInvalidParameter, []string{"RunBlock 40 60 127 0", "Generate 0 1000", "Ready"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cfg := blockConfig(40, 60, 1, 3)
			g := sine()
			g.Shots = 5
			cfg.Generator, cfg.Trigger = &g, c.trigger
			r := newBlockRig(t, cfg)
			if c.status != 0 {
				r.b.answer("Generate", c.status)
			}
			r.whole(t)
			calls := r.b.taken()
			wantCalls(t, calls[:3], c.order...)
			if slices.Contains(calls[3:], "Generate 0 1000") {
				t.Errorf("it begins again and again: %q", calls)
			}
			if c.status != 0 {
				r.event(t, driver.EventWarning, "did not begin anew")
			}
		})
	}
}

// TestExternalLevel: the threshold of the generator's trigger counts also where the table does not tell the input's scale.
func TestExternalLevel(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5444DMSO")
	b.taken()
	d := b.driver(func(f *Family, _ *Options) {
		f.Models = slices.Clone(f.Models)
		f.Models[0].Trigger.ExternalFull = 0
	})
	control := b.open(d, driver.OpenRequest{}).(driver.GeneratorController)
	g := sine()
	g.Trigger = &driver.GeneratorTrigger{Source: "external", Level: 2500 * units.Millivolt}
	if _, err := control.SetGenerator(t.Context(), &g); err != nil || b.units[0].wave.Threshold < 16000 {
		t.Errorf("threshold %d, %v", b.units[0].wave.Threshold, err)
	}
	g.Trigger.Level = 6 * units.Volt
	_, err := control.SetGenerator(t.Context(), &g)
	wantError(t, err, driver.KindUnsupported, "signal_generator.trigger.level", `"5V"`)
}

// TestGeneratorWhileStreaming: the loop is held meanwhile, or the change refused.
func TestGeneratorWhileStreaming(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.start(t)
	g := sine()
	control := r.dev.(driver.GeneratorController)
	if _, err := control.SetGenerator(t.Context(), &g); driver.KindOf(err) != driver.KindTransient || err == nil {
		t.Errorf("beside a loop that cannot be held: %v", err)
	}
	if err := r.dev.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.unit.quiet = true
	r.start(t)
	r.b.taken()
	if _, err := control.SetGenerator(t.Context(), &g); err != nil {
		t.Fatal(err)
	}
	if _, err := control.SetGenerator(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantCalls(t, r.b.taken(), "hold", "Generate 0 1000", "release", "hold", "Silence", "release")
	r.b.answer("Generate", picosdk.StatusNotResponding)
	if _, err := control.SetGenerator(t.Context(), &g); driver.KindOf(err) != driver.KindDeviceGone {
		t.Errorf("got %v", err)
	}
	if !slices.Contains(driver.Abilities(r.dev), driver.AbilityGenerator) {
		t.Error("the ability is not told")
	}
}
