package drivertest

import (
	"context"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// kitGenerator is the signal generator of the kit's own driver.
func kitGenerator() *driver.GeneratorCapabilities {
	return &driver.GeneratorCapabilities{
		Waves: []string{"sine", "dc"}, Operations: []string{"noise"}, Sweeps: []string{"up"},
		MinFrequency: units.Hertz(1, 1), MaxFrequency: units.Hertz(10_000, 1), MaxAmplitude: 4 * units.Volt, MaxOffset: 2 * units.Volt, MaxOutput: 2 * units.Volt,
		Arbitrary: true, MinArbitrary: 2, MaxArbitrary: 16, TriggerTypes: []string{"rising"}, TriggerSources: []string{"none"},
	}
}

// SetGenerator puts nothing out, but knows its limits.
func (k *kitDevice) SetGenerator(_ context.Context, g *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	if g == nil {
		return driver.AppliedGenerator{}, nil
	}
	k.mu.Lock()
	running := k.stop != nil && k.done != nil && !isClosed(k.done)
	k.mu.Unlock()
	if running && k.d.is("generator-stream") {
		return driver.AppliedGenerator{}, driver.Errorf(driver.KindTransient, "signal generator", "not now")
	}
	caps := kitGenerator()
	field := ""
	switch {
	case g.Operation == "normal" && g.Arbitrary == nil && !slices.Contains(caps.Waves, g.Wave):
		field = "wave"
	case (g.Amplitude > caps.MaxAmplitude || g.Amplitude/2+g.Offset > caps.MaxOutput && g.Offset <= caps.MaxOffset) && !k.d.is("generator-limit"):
		field = "amplitude"
	case g.Offset > caps.MaxOffset:
		field = "offset"
	case g.Frequency.Cmp(caps.MaxFrequency.Rational) > 0:
		field = "frequency"
	case g.Arbitrary != nil && len(g.Arbitrary.Values) > caps.MaxArbitrary:
		field = "arbitrary"
	case g.Trigger != nil && g.Trigger.Source != "none":
		field = "trigger.source"
	}
	if field != "" {
		e := driver.Errorf(driver.KindUnsupported, "signal generator", "this is not possible")
		if e.Field = "signal_generator." + field; k.d.is("generator-field") {
			e.Field = "signal_generator"
		}
		return driver.AppliedGenerator{}, e
	}
	a := driver.AppliedGenerator{Frequency: g.Frequency, Amplitude: g.Amplitude, Offset: g.Offset}
	if k.d.is("generator-applied") {
		a.Amplitude /= 2
	}
	return a, nil
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
