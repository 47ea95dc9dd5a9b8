package toproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// GeneratorConfig carries a generator's settings; nil stays nil.
func GeneratorConfig(g *driver.GeneratorConfig) *driverpb.GeneratorConfig {
	if g == nil {
		return nil
	}
	return &driverpb.GeneratorConfig{
		Wave: text(g.Wave), Operation: text(g.Operation), FrequencyHertz: Rational(g.Frequency.Rational),
		StopFrequencyHertz: Rational(g.StopFrequency.Rational), AmplitudeNanovolts: nanovolts(g.Amplitude),
		OffsetNanovolts: nanovolts(g.Offset), Sweep: text(g.Sweep), StepHertz: Rational(g.Step.Rational),
		DwellSeconds: Rational(g.Dwell.Rational), Shots: g.Shots, Sweeps: g.Sweeps, Arbitrary: arbitraryWave(g.Arbitrary),
		Trigger: generatorTrigger(g.Trigger),
	}
}

func arbitraryWave(a *driver.ArbitraryWave) *driverpb.ArbitraryWave {
	if a == nil {
		return nil
	}
	return &driverpb.ArbitraryWave{Values: a.Values, SamplesPerSecond: Rational(a.SampleRate.Rational)}
}

func generatorTrigger(t *driver.GeneratorTrigger) *driverpb.GeneratorTrigger {
	if t == nil {
		return nil
	}
	return &driverpb.GeneratorTrigger{Type: text(t.Type), Source: text(t.Source), LevelNanovolts: nanovolts(t.Level)}
}

// AppliedGenerator carries what the generator does; nil stays nil.
func AppliedGenerator(g *driver.AppliedGenerator) *driverpb.AppliedGenerator {
	if g == nil {
		return nil
	}
	return &driverpb.AppliedGenerator{
		FrequencyHertz: Rational(g.Frequency.Rational), AmplitudeNanovolts: nanovolts(g.Amplitude),
		OffsetNanovolts: nanovolts(g.Offset), Notes: texts(g.Notes),
	}
}
