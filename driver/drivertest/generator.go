package drivertest

import (
	"errors"
	"math"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

var generatorRules = []rule{
	{"puts out what it says it can", checkGeneratorWaves},
	{"refuses what its generator cannot do", checkGeneratorRefusals},
	{"changes its generator while it streams", checkGeneratorStream},
}

// withGenerator opens and configures a unit that has a signal generator; a rule is skipped for others, which have to say so.
func (k *kit) withGenerator() (*unit, driver.GeneratorCapabilities) {
	k.Helper()
	u := k.open()
	g := u.caps.Generator
	if g == nil {
		_, err := u.generate(nil)
		k.wantKind("a signal generator that is not there", err, driver.KindUnsupported)
		k.Skipf("the unit has no signal generator")
	}
	if !u.dev.Has(driver.AbilityGenerator) {
		k.Fatalf("the unit has a signal generator by its capabilities, and not the ability %q", driver.AbilityGenerator)
	}
	u.configure(u.config())
	return u, *g
}

// generate sets the generator; nil turns it off.
func (u *unit) generate(g *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	ctx, cancel := u.k.context()
	defer cancel()
	return u.dev.SetGenerator(ctx, g)
}

// easyWave is within every limit of a generator: a kilohertz where that is possible, and a quarter of the largest amplitude.
func easyWave(g driver.GeneratorCapabilities) driver.GeneratorConfig {
	w := driver.GeneratorConfig{Operation: "normal", Frequency: units.Hertz(1000, 1), Amplitude: g.MaxAmplitude / 4}
	if !g.MaxFrequency.IsZero() && w.Frequency.Cmp(g.MaxFrequency.Rational) > 0 {
		w.Frequency = g.MaxFrequency
	}
	if w.Frequency.Cmp(g.MinFrequency.Rational) < 0 {
		w.Frequency = g.MinFrequency
	}
	if len(g.Waves) > 0 {
		w.Wave = g.Waves[0]
	}
	return w
}

// checkGeneratorWaves sets everything that the capabilities name, and reads back what is put out.
func checkGeneratorWaves(k *kit) {
	u, g := k.withGenerator()
	type setting struct {
		what string
		set  driver.GeneratorConfig
	}
	var list []setting
	for _, wave := range g.Waves {
		w := easyWave(g)
		w.Wave = wave
		list = append(list, setting{"the wave " + wave, w})
	}
	for _, op := range g.Operations {
		w := easyWave(g)
		w.Operation = op
		list = append(list, setting{"the operation " + op, w})
	}
	for _, sweep := range g.Sweeps {
		w := easyWave(g)
		w.Sweep, w.StopFrequency, w.Dwell = sweep, g.MaxFrequency, units.Seconds(1, 100)
		if step, err := w.Frequency.Div(units.Rat(10, 1)); err == nil && w.StopFrequency.Cmp(w.Frequency.Rational) > 0 {
			w.Step = units.Frequency{Rational: step}
			list = append(list, setting{"the sweep " + sweep, w})
		}
	}
	if g.Arbitrary {
		for _, n := range []int{max(g.MinArbitrary, 1), g.MaxArbitrary} {
			w := easyWave(g)
			w.Wave, w.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: make([]float64, max(n, 1))}
			list = append(list, setting{"an arbitrary wave", w})
		}
	}
	for _, s := range list {
		a, err := u.generate(&s.set)
		if err != nil {
			k.Errorf("%s, which its capabilities allow: %v", s.what, err)
			continue
		}
		want := s.set.Frequency.Float64()
		if hz := a.Frequency.Float64(); hz != 0 && math.Abs(hz-want) > want/100 {
			k.Errorf("%s: %v, asked for %v", s.what, a.Frequency, s.set.Frequency)
		}
		if a.Amplitude != 0 && a.Amplitude != s.set.Amplitude || a.Offset != s.set.Offset || s.set.Sweep != "" && a.Amplitude == 0 {
			k.Errorf("%s: %v peak to peak about %v, asked for %v about %v", s.what, a.Amplitude, a.Offset, s.set.Amplitude, s.set.Offset)
		}
	}
	if _, err := u.generate(nil); err != nil {
		k.Errorf("off: %v", err)
	}
}

// checkGeneratorRefusals goes beyond each limit.
func checkGeneratorRefusals(k *kit) {
	u, g := k.withGenerator()
	for _, c := range []struct {
		what, field string
		change      func(*driver.GeneratorConfig)
		skip        bool
	}{
		{"an unknown wave", "wave", func(w *driver.GeneratorConfig) { w.Wave = "no wave" }, false},
		{"an amplitude above the largest", "amplitude", func(w *driver.GeneratorConfig) { w.Amplitude = g.MaxAmplitude + units.Millivolt }, g.MaxAmplitude == 0},
		{"an offset above the largest", "offset", func(w *driver.GeneratorConfig) { w.Offset = g.MaxOffset + units.Millivolt }, false},
		{"amplitude and offset that go too far together", "amplitude", func(w *driver.GeneratorConfig) {
			w.Amplitude, w.Offset = g.MaxAmplitude, g.MaxOutput-g.MaxAmplitude/2+units.Millivolt
		}, g.MaxOutput == 0 || g.MaxOutput-g.MaxAmplitude/2 >= g.MaxOffset},
		{"a frequency above the highest", "frequency", func(w *driver.GeneratorConfig) {
			w.Frequency = units.Hertz(int64(g.MaxFrequency.Float64())+1, 1)
		}, g.MaxFrequency.IsZero()},
		{"an arbitrary wave that is too long", "arbitrary", func(w *driver.GeneratorConfig) {
			w.Wave, w.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: make([]float64, g.MaxArbitrary+1)}
		}, !g.Arbitrary || g.MaxArbitrary == 0},
		{"an arbitrary wave", "arbitrary", func(w *driver.GeneratorConfig) {
			w.Wave, w.Arbitrary = "arbitrary", &driver.ArbitraryWave{Values: []float64{0, 1}}
		}, g.Arbitrary},
		{"an unknown trigger", "trigger.source", func(w *driver.GeneratorConfig) {
			w.Trigger = &driver.GeneratorTrigger{Type: "rising", Source: "no source"}
		}, false},
	} {
		if c.skip {
			continue
		}
		w := easyWave(g)
		c.change(&w)
		_, err := u.generate(&w)
		var e *driver.Error
		if !errors.As(err, &e) || e.Kind != driver.KindUnsupported || e.Field != "signal_generator."+c.field {
			k.Errorf("%s: want a refusal of signal_generator.%s, got %v", c.what, c.field, err)
		}
	}
}

// checkGeneratorStream: changes cost no sample.
func checkGeneratorStream(k *kit) {
	u, g := k.withGenerator()
	r := u.begin(u.configure(u.config()), 4*time.Second)
	for i := range 6 {
		r.samples(uint64(i+1) * 3000)
		w := easyWave(g)
		set := &w
		if i%3 == 2 {
			set = nil
		}
		if _, err := u.generate(set); err != nil {
			k.Errorf("a change while it streams: %v", err)
		}
	}
	r.samples(21_000)
	r.account(u.end(r))
	for i, l := range r.lanes {
		if l.lost() != 0 {
			k.Errorf("%s: %d samples were lost when the generator was changed", r.applied.Streams[i].Channel, l.lost())
		}
	}
}
