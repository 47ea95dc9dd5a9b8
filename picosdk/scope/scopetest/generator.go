package scopetest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// GeneratorUnit is the emulated unit whose signal generator is tested.
type GeneratorUnit struct {
	Model  string
	Input  string // the trigger's source that is a connector: "external" or "aux"
	Level  units.Voltage
	Sweeps bool // it counts sweeps
}

// Generator checks a family's signal generator by what comes back through a loop: channel A sees its output.
func Generator(t *testing.T, libraries string, u GeneratorUnit) {
	names := map[string]string{"external": "ext", "aux": "aux"}
	conf := fmt.Sprintf("[unit %s]\nmodel = %s\nchannel A = loopback\nchannel B = square frequency=25Hz amplitude=2V\n%s = square frequency=25Hz amplitude=2V\n", Serial, u.Model, names[u.Input])
	t.Run("from the start", func(t *testing.T) { t.Parallel(); fromTheStart(t, libraries, conf) })
	t.Run("by the scope", func(t *testing.T) { t.Parallel(); byTheScope(t, libraries, conf) })
	t.Run("triggers itself", func(t *testing.T) { t.Parallel(); triggersItself(t, libraries, conf) })
	t.Run("output", func(t *testing.T) {
		t.Parallel()
		e := listen(t, libraries, conf, "A", "B")
		t.Run("waves", e.waves)
		t.Run("dc", e.level)
		t.Run("noise", e.noise)
		t.Run("prbs", e.bits)
		t.Run("sweeps", func(t *testing.T) { e.sweeps(t, u) })
		e.end(t)
	})
	t.Run("start", func(t *testing.T) {
		t.Parallel()
		e := listen(t, libraries, conf, "A", "B")
		t.Run("shots", e.shots)
		t.Run("edges", func(t *testing.T) { e.edges(t, u) })
		t.Run("gates", func(t *testing.T) { e.gates(t, u) })
		t.Run("software", e.software)
		t.Run("refusals", e.refusals)
		e.end(t)
	})
}

// sweeps: frequencies come in the order of each kind, every one as long as it was asked for.
func (e *ear) sweeps(t *testing.T, u GeneratorUnit) {
	const dwell = 20 // ms
	sweep := func(kind string) driver.GeneratorConfig {
		g := sineOf("sine")
		g.Sweep, g.StopFrequency, g.Step, g.Dwell = kind, units.Hertz(3000, 1), units.Hertz(1000, 1), units.Seconds(dwell, 1000)
		return g
	}
	own := sweep("up")
	own.Wave, own.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: []float64{0, 0.7, 1, 0.7, 0, -0.7, -1, -0.7}}
	for _, c := range []struct {
		name string
		g    driver.GeneratorConfig
		want []int // kHz
	}{
		{"up", sweep("up"), []int{1, 2, 3, 1, 2, 3}},
		{"down", sweep("down"), []int{3, 2, 1, 3, 2, 1}},
		{"up_down", sweep("up_down"), []int{1, 2, 3, 2, 1, 2}},
		{"down_up", sweep("down_up"), []int{3, 2, 1, 2, 3, 2}},
		{"arbitrary", own, []int{1, 2, 3, 1, 2, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e.quiet(t)
			_, at := e.set(t, &c.g)
			heard := steps(rises(e.hear(t, at, 7*dwell*time.Millisecond)[0], 0.5), e.rate)
			if len(heard) < len(c.want) {
				t.Fatalf("heard %v", heard)
			}
			for i, want := range c.want {
				if h := heard[i]; h.kilohertz != want || math.Abs(h.length-dwell) > 1.5 && i > 0 {
					t.Errorf("step %d: %d kHz for %.1f ms, want %d kHz for %d ms", i, h.kilohertz, h.length, want, dwell)
				}
			}
		})
	}
	t.Run("counted", func(t *testing.T) {
		g := sweep("up")
		g.Sweeps = 2
		if !u.Sweeps {
			_, err := e.d.SetGenerator(t.Context(), &g)
			wantRefusal(t, err, "signal_generator.sweeps")
			return
		}
		e.quiet(t)
		_, at := e.set(t, &g)
		v := e.hear(t, at, 8*dwell*time.Millisecond)[0]
		if n := len(rises(v, 1)); n != 2*(1+2+3)*dwell {
			t.Errorf("%d periods in two sweeps, want %d", n, 2*(1+2+3)*dwell)
		}
	})
}

// tone is a stretch of one frequency.
type tone struct {
	kilohertz int
	length    float64 // ms
}

// steps makes stretches of the times at which periods begin.
func steps(at []float64, rate float64) (list []tone) {
	for i := 1; i < len(at); i++ {
		period := (at[i] - at[i-1]) / rate * 1000
		khz := int(math.Round(1 / period))
		if math.Abs(1/period-float64(khz)) > 0.1 {
			continue // a change within the period
		}
		if n := len(list); n == 0 || list[n-1].kilohertz != khz {
			list = append(list, tone{kilohertz: khz})
		}
		list[len(list)-1].length += period
	}
	return slices.DeleteFunc(list, func(s tone) bool { return s.length < 5 })
}

// shots: as many periods as were asked for, then rest at the offset.
func (e *ear) shots(t *testing.T) {
	for _, n := range []int64{1, 3, 10} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			e.quiet(t)
			g := sineOf("sine")
			g.Shots = n
			_, at := e.set(t, &g)
			e.burst(t, e.hear(t, at, 20*time.Millisecond)[0], int(n))
		})
	}
}

// burst wants n periods of 1 kHz in v, behind them the offset, and says where they begin.
func (e *ear) burst(t *testing.T, v []float64, n int) (first int) {
	t.Helper()
	if got := len(rises(v, 1)); got != n {
		t.Errorf("%d periods, want %d", got, n)
	}
	on := 0 // it was off before, at 0 V
	for on < len(v) && math.Abs(v[on]) <= e.lsb {
		on++
	}
	first, last := active(v[on:], 0.5, 0.1)
	if first < 0 {
		t.Error("nothing is put out")
		return -1
	}
	first, last = first+on, last+on
	if length := float64(last-first) / e.rate * 1000; math.Abs(length-float64(n)) > 0.15 {
		t.Errorf("the output lasts for %.2f ms, want %d ms", length, n)
	}
	return first
}

// edges: an edge at the input starts the output, and only the right one.
func (e *ear) edges(t *testing.T, u GeneratorUnit) {
	for _, kind := range []string{"rising", "falling"} {
		t.Run(kind, func(t *testing.T) {
			e.quiet(t)
			g := sineOf("sine")
			g.Shots, g.Trigger = 4, &driver.GeneratorTrigger{Type: kind, Source: u.Input, Level: u.Level}
			_, at := e.set(t, &g)
			v := e.hear(t, at, 60*time.Millisecond)
			first := e.burst(t, v[0], 4)
			if first < 8 {
				t.Fatalf("it begins at sample %d", first)
			}
			before, after := v[1][first-8], v[1][first+4]
			if rising := before < 0 && after > 0; rising != (kind == "rising") || before*after > 0 {
				t.Errorf("it begins where the input goes from %.1f V to %.1f V", before, after)
			}
		})
	}
}

// gates: output while the input is on one side, rest while it is on the other.
func (e *ear) gates(t *testing.T, u GeneratorUnit) {
	for _, kind := range []string{"gate_high", "gate_low"} {
		t.Run(kind, func(t *testing.T) {
			e.quiet(t)
			g := sineOf("square")
			g.Trigger = &driver.GeneratorTrigger{Type: kind, Source: u.Input, Level: u.Level}
			_, at := e.set(t, &g)
			from := at + int(latency.Seconds()*e.rate)
			to := from + int(0.2*e.rate)
			e.until(t, to)
			a, b := e.volts(0, from, to), e.volts(1, from, to)
			open, shut := 0, 0
			for i := 4; i < len(a)-4 && i < len(b)-4; i++ {
				if b[i-4]*b[i+4] < 0 {
					continue // an edge
				}
				if wide := math.Abs(a[i]-0.5) > 0.5; wide == ((b[i] > 0) == (kind == "gate_high")) {
					if wide {
						open++
					} else {
						shut++
					}
					continue
				}
				t.Fatalf("sample %d: %.2f V while the input is at %.2f V", i, a[i], b[i])
			}
			if open < 1000 || shut < 1000 {
				t.Errorf("open for %d samples, shut for %d", open, shut)
			}
		})
	}
}

// software: the output rests until it is started, each time anew.
func (e *ear) software(t *testing.T) {
	g := sineOf("sine")
	e.set(t, &g)
	if err := e.d.SoftwareTrigger(t.Context()); driver.KindOf(err) != driver.KindPermanent || err == nil {
		t.Errorf("a generator that does not wait: %v", err)
	}
	e.quiet(t)
	g.Shots, g.Trigger = 2, &driver.GeneratorTrigger{Type: "rising", Source: "software"}
	e.set(t, &g)
	for i, x := range e.steady(t, 20*time.Millisecond) {
		if math.Abs(x-0.5) > e.lsb {
			t.Fatalf("sample %d: %.3f V before it was started", i, x)
		}
	}
	for range 2 {
		at := e.now(t)
		if err := e.d.SoftwareTrigger(t.Context()); err != nil {
			t.Fatal(err)
		}
		v := e.hear(t, at, 20*time.Millisecond)[0]
		e.burst(t, v[len(v)/8:], 2)
	}
}

// refusals: what the unit cannot do is refused with the field and, where there is one, the nearest value; the output stays.
func (e *ear) refusals(t *testing.T) {
	caps, err := e.d.Capabilities(t.Context())
	if err != nil || caps.Generator == nil {
		t.Fatalf("no generator: %v", err)
	}
	limits := caps.Generator
	e.quiet(t)
	good := driver.GeneratorConfig{Wave: "dc", Operation: "normal", Offset: units.Volt}
	e.set(t, &good)
	for _, c := range []struct {
		name, field string
		change      func(*driver.GeneratorConfig)
	}{
		{"a wave that is not there", "wave", func(g *driver.GeneratorConfig) { g.Wave = "sawtooth" }},
		{"too high", "amplitude", func(g *driver.GeneratorConfig) { g.Amplitude = limits.MaxAmplitude + units.Volt }},
		{"too far from 0 V", "offset", func(g *driver.GeneratorConfig) { g.Offset = -limits.MaxOffset - units.Volt }},
		{"too high with its offset", "amplitude", func(g *driver.GeneratorConfig) { g.Amplitude, g.Offset = limits.MaxAmplitude, units.Millivolt }},
		{"too fast", "frequency", func(g *driver.GeneratorConfig) { g.Frequency = units.Hertz(1_000_000_000, 1) }},
		{"a wave too long", "arbitrary", func(g *driver.GeneratorConfig) {
			g.Wave, g.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: make([]float64, limits.MaxArbitrary+1)}
		}},
		{"a wave without samples", "arbitrary", func(g *driver.GeneratorConfig) { g.Wave, g.Arbitrary = "arbitrary", &driver.ArbitraryWave{} }},
		{"a wave too fast", "arbitrary.sample_rate", func(g *driver.GeneratorConfig) {
			g.Wave, g.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: []float64{0, 1}, SampleRate: units.PerSecond(10_000_000_000, 1)}
		}},
		{"a trigger that is not there", "trigger.source", func(g *driver.GeneratorConfig) {
			g.Trigger = &driver.GeneratorTrigger{Type: "rising", Source: "pulse_width"}
		}},
		{"a gate without an input", "trigger.type", func(g *driver.GeneratorConfig) {
			g.Trigger = &driver.GeneratorTrigger{Type: "gate_low", Source: "software"}
		}},
		{"a level of no input", "trigger.level", func(g *driver.GeneratorConfig) {
			g.Trigger = &driver.GeneratorTrigger{Type: "rising", Source: limits.TriggerSources[2], Level: 6 * units.Volt}
		}},
		{"a sweep without a step", "step", func(g *driver.GeneratorConfig) {
			g.Sweep, g.StopFrequency, g.Dwell = "up", units.Hertz(2000, 1), units.Seconds(1, 1000)
		}},
		{"shots of nothing", "shots", func(g *driver.GeneratorConfig) { g.Operation, g.Shots = "noise", 3 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := sineOf("sine")
			c.change(&g)
			_, err := e.d.SetGenerator(t.Context(), &g)
			wantRefusal(t, err, "signal_generator."+c.field)
		})
	}
	for i, x := range e.steady(t, 5*time.Millisecond) {
		if math.Abs(x-1) > e.lsb {
			t.Fatalf("sample %d: %.3f V: a refused setting changed the output", i, x)
		}
	}
}

// wantRefusal wants an error that blames a field of the configuration.
func wantRefusal(t *testing.T, err error, field string) {
	t.Helper()
	var e *driver.Error
	if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != field {
		t.Errorf("got %v, want a refusal of %s", err, field)
	}
}
