package main

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/signal"
	"github.com/scopelog/scopelog/units"
)

// looped is a stream of n samples at 100 kS/s of the generator's output in the range of 5 V.
func looped(n int64, g *driver.GeneratorConfig) driver.Config {
	cfg := stream(units.Seconds(1, 1e5), n)
	cfg.Channels = []driver.ChannelConfig{{Channel: "A", Range: 5 * units.Volt, Options: opts("signal", "loopback")}}
	cfg.Generator = g
	return cfg
}

// record returns what the input sees in volts.
func record(t *testing.T, cfg driver.Config, prepare func(*bench, *Device)) ([]float64, driver.Applied, *bench) {
	t.Helper()
	b := newBench(t)
	d := b.open(driver.OpenRequest{Serial: "S"})
	if prepare != nil {
		prepare(b, d)
	}
	s, applied, _, err := b.acquire(d, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	var v []float64
	for _, code := range s.samples(0) {
		v = append(v, float64(code)*applied.Channels[0].VoltsPerCount.Float64())
	}
	return v, applied, b
}

// wave is 1 kHz, 2 V peak to peak around 0.5 V.
func wave(name string) *driver.GeneratorConfig {
	return &driver.GeneratorConfig{Wave: name, Operation: "normal", Frequency: units.Hertz(1000, 1), Amplitude: 2 * units.Volt, Offset: 500 * units.Millivolt}
}

func TestWavesThroughLoopback(t *testing.T) {
	t.Parallel()
	for name, shape := range map[string]func(x float64) float64{ // x is the part of the period
		"sine": func(x float64) float64 { return math.Sin(2 * math.Pi * x) },
		"square": func(x float64) float64 {
			if x < 0.5 {
				return 1
			}
			return -1
		},
		"triangle":  func(x float64) float64 { return 2 / math.Pi * math.Asin(math.Sin(2*math.Pi*x)) },
		"ramp_up":   func(x float64) float64 { return 2*x - 1 },
		"ramp_down": func(x float64) float64 { return 1 - 2*x },
		"half_sine": func(x float64) float64 { return 2*math.Sin(math.Pi*x) - 1 },
		"gaussian":  func(x float64) float64 { return 2*math.Exp(-32*(x-0.5)*(x-0.5)) - 1 },
		"sinc": func(x float64) float64 {
			if x == 0.5 {
				return 1
			}
			return math.Sin(8*math.Pi*(x-0.5)) / (8 * math.Pi * (x - 0.5))
		},
		"dc": func(float64) float64 { return 0 },
		"arbitrary": func(x float64) float64 {
			return []float64{0, 1, -0.5, 0.25, -1}[int(x*5)]
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := wave(name)
			if name == "arbitrary" {
				g.Arbitrary = &driver.ArbitraryWave{Values: []float64{0, 1, -0.5, 0.25, -1}, SampleRate: units.PerSecond(5000, 1)}
				g.Frequency = units.Frequency{}
			}
			v, applied, _ := record(t, looped(5000, g), nil)
			for i, got := range v {
				if want := 0.5 + shape(float64(i%100)/100); math.Abs(got-want) > 2e-4 {
					t.Fatalf("sample %d: %g V, want %g V", i, got, want)
				}
			}
			a := applied.Generator
			if a == nil || a.Offset != 500*units.Millivolt || name != "dc" && (a.Frequency.Cmp(units.Rat(1000, 1)) != 0 || a.Amplitude != 2*units.Volt) {
				t.Errorf("applied %+v", a)
			}
		})
	}
	if len(signal.Waves) != 9 {
		t.Errorf("%d built-in waves", len(signal.Waves))
	}
}

// crossings counts the rising crossings of 0.5 V between two samples.
func crossings(v []float64, from, to int) (n int) {
	for i := max(from, 1); i < min(to, len(v)); i++ {
		if v[i-1] < 0.5 && v[i] >= 0.5 {
			n++
		}
	}
	return n
}

func TestSweeps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind string
		want []int // hundreds of Hz in each tenth of a second
	}{
		{"up", []int{10, 20, 30, 10, 20, 30}}, {"down", []int{30, 20, 10, 30, 20, 10}},
		{"up_down", []int{10, 20, 30, 20, 10, 20}}, {"down_up", []int{30, 20, 10, 20, 30, 20}},
	} {
		g := wave("sine")
		g.Sweep, g.StopFrequency, g.Step, g.Dwell = c.kind, units.Hertz(3000, 1), units.Hertz(1000, 1), ms(100)
		v, _, _ := record(t, looped(60_000, g), nil)
		for i, want := range c.want {
			if got := crossings(v, i*10_000, (i+1)*10_000); got < 10*want-1 || got > 10*want+1 {
				t.Errorf("%s: %d periods in tenth %d, want %d", c.kind, got, i, 10*want)
			}
		}
	}
	g := wave("sine")
	g.Sweep, g.StopFrequency, g.Step, g.Dwell, g.Sweeps = "up", units.Hertz(3000, 1), units.Hertz(1000, 1), ms(10), 2
	v, _, _ := record(t, looped(10_000, g), nil)
	if crossings(v, 0, 6000) < 118 || crossings(v, 6001, 10_000) != 0 {
		t.Errorf("%d periods in two sweeps, %d behind them", crossings(v, 0, 6000), crossings(v, 6001, 10_000))
	}
}

func TestNoiseAndBits(t *testing.T) {
	t.Parallel()
	g := wave("sine")
	g.Operation = "noise"
	v, _, _ := record(t, looped(100_000, g), nil)
	mean, rms := 0.0, 0.0
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		rms += (x - mean) * (x - mean) / float64(len(v))
	}
	if math.Abs(mean-0.5) > 0.01 || math.Abs(math.Sqrt(rms)-2/math.Sqrt(12)) > 0.01 {
		t.Errorf("white noise has a mean of %g V and %g V rms", mean, math.Sqrt(rms))
	}
	g.Operation = "prbs"
	v, _, _ = record(t, looped(100_000, g), nil)
	high := 0
	for i := 0; i < len(v); i += 100 {
		bit := v[i]
		if math.Abs(math.Abs(bit-0.5)-1) > 1e-3 || v[i+99] != bit {
			t.Fatalf("bit %d goes from %g to %g", i/100, bit, v[i+99])
		}
		if bit > 0.5 {
			high++
		}
	}
	if high < 430 || high > 570 {
		t.Errorf("%d of 1000 bits are high", high)
	}
}

func TestShotsAndTriggersOfTheGenerator(t *testing.T) {
	t.Parallel()
	ext := opts("signal", "pulses", "amplitude", 2*units.Volt, "width", ms(5), "interval", ms(100))
	for _, c := range []struct {
		name    string
		trigger *driver.GeneratorTrigger
		begins  []int // samples at which three periods begin
		gated   bool
	}{
		{"at once", nil, []int{0}, false},
		{"rising", &driver.GeneratorTrigger{Type: "rising", Source: "external", Level: units.Volt}, []int{10_000, 20_000}, false},
		{"falling", &driver.GeneratorTrigger{Type: "falling", Source: "external", Level: units.Volt}, []int{500, 10_500, 20_500}, false},
		{"aux stays low", &driver.GeneratorTrigger{Type: "rising", Source: "aux", Level: units.Volt}, nil, false},
		{"gate", &driver.GeneratorTrigger{Type: "gate_high", Source: "external", Level: units.Volt}, []int{0, 10_000, 20_000}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := wave("square")
			g.Shots, g.Trigger = 3, c.trigger
			if c.gated {
				g.Shots = 0
			}
			cfg := looped(25_000, g)
			cfg.Options = with(with(driver.Options{}, "input", "EXT", ext), "input", "AUX", opts("signal", "dc"))
			v, _, _ := record(t, cfg, nil)
			periods := 3
			if c.gated {
				periods = 5
			}
			var want []float64
			for range v {
				want = append(want, 0.5)
			}
			for _, at := range c.begins {
				for i := range 100 * periods {
					want[at+i] = 1.5 - 2*float64(i%100/50)
				}
			}
			for i := range v {
				if math.Abs(v[i]-want[i]) > 2e-4 {
					t.Fatalf("sample %d: %g V, want %g V", i, v[i], want[i])
				}
			}
		})
	}
}

func TestGeneratorChangesWhileRunning(t *testing.T) {
	t.Parallel()
	step := 0
	v, _, _ := record(t, looped(20_000, wave("sine")), func(b *bench, d *Device) {
		begin := b.clock.t
		b.clock.onWait = func(now int64) {
			var err error
			switch {
			case step == 0 && now-begin >= 50e6:
				var a driver.AppliedGenerator
				a, err = d.SetGenerator(t.Context(), wave("square"))
				if a.Amplitude != 2*units.Volt {
					t.Errorf("applied %+v", a)
				}
				step++
			case step == 1 && now-begin >= 100e6:
				_, err = d.SetGenerator(t.Context(), nil)
				step++
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	if step != 2 || v[25] != slices.Max(v[:1000]) || v[19_999] != 0 {
		t.Fatalf("step %d: %g, %g", step, v[25], v[19_999])
	}
	if square := v[8000]; math.Abs(math.Abs(square-0.5)-1) > 1e-3 {
		t.Errorf("%g V in the square wave", square)
	}
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	if _, err := d.SetGenerator(t.Context(), wave("sine")); driver.KindOf(err) != driver.KindBug {
		t.Errorf("a unit that is not configured has a generator: %v", err)
	}
}

// TestGeneratorStartedByTheScope records the beginning of a wave that the scope's own trigger starts.
func TestGeneratorStartedByTheScope(t *testing.T) {
	t.Parallel()
	for _, how := range []string{sourceScope, sourceSoftware} {
		g := wave("square")
		g.Shots, g.Trigger = 2, &driver.GeneratorTrigger{Type: "rising", Source: how}
		cfg := looped(0, g)
		cfg.Stream, cfg.Block = nil, &driver.BlockConfig{Interval: units.Seconds(1, 1e5), Pre: driver.Span{Samples: 100}, Post: driver.Span{Samples: 500}, Repeat: driver.Repeat{Count: 2}}
		cfg.Channels = append(cfg.Channels, driver.ChannelConfig{Channel: "B", Range: 2 * units.Volt, Options: pulsesAt(ms(1), ms(50))})
		cfg.Trigger = &driver.TriggerConfig{Levels: []driver.LevelCondition{{Name: "B", Source: "B", Direction: driver.DirectionRising, Threshold: 500 * units.Millivolt}}}
		ordered := false
		v, _, _ := record(t, cfg, func(b *bench, d *Device) {
			begin := b.clock.t
			b.clock.onWait = func(now int64) {
				if how == sourceSoftware && !ordered && now-begin > 1e6 {
					ordered = true
					if err := d.SoftwareTrigger(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
		for w := range 2 {
			wave := v[600*w : 600*w+600]
			started := how == sourceScope || w == 0
			if math.Abs(wave[99]-0.5) > 1e-3 || started != (math.Abs(wave[101]-1.5) < 1e-3) || started != (math.Abs(wave[151]+0.5) < 1e-3) {
				t.Errorf("%s, waveform %d: %g V before the trigger, %g and %g behind it", how, w, wave[99], wave[101], wave[151])
			}
			if math.Abs(wave[320]-0.5) > 1e-3 {
				t.Errorf("%s: %g V behind both periods", how, wave[320])
			}
		}
	}
}

// TestGeneratorLooksAtAnInputLater: a change may need a trigger input that nothing looked at when the unit was configured.
func TestGeneratorLooksAtAnInputLater(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	d := b.open(driver.OpenRequest{})
	if _, err := d.Configure(t.Context(), looped(1000, wave("sine"))); err != nil {
		t.Fatal(err)
	}
	g := wave("sine")
	for _, source := range []string{"external", "aux"} {
		g.Trigger = &driver.GeneratorTrigger{Type: "gate_high", Source: source, Level: units.Volt}
		if _, err := d.SetGenerator(t.Context(), g); err != nil {
			t.Errorf("%s: %v", source, err)
		}
	}
	g.Amplitude, g.Offset = 16*units.Volt, 3*units.Volt
	var e *driver.Error
	if _, err := d.SetGenerator(t.Context(), g); !errors.As(err, &e) || e.Field != "signal_generator.amplitude" || e.Nearest != `"14V"` {
		t.Errorf("beyond the output's limits: %v", err)
	}
}
