package fromproto

import (
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/driver/driverpb"
)

// GeneratorConfig reads a generator's settings; nil stays nil.
func GeneratorConfig(g *driverpb.GeneratorConfig) (*driver.GeneratorConfig, error) {
	return decode(g, (*decoder).generatorConfig)
}

func (d *decoder) generatorConfig(g *driverpb.GeneratorConfig) *driver.GeneratorConfig {
	if g == nil {
		return nil
	}
	return &driver.GeneratorConfig{
		Wave: g.GetWave(), Operation: g.GetOperation(), Frequency: d.frequency(g.GetFrequencyHertz()),
		StopFrequency: d.frequency(g.GetStopFrequencyHertz()), Amplitude: voltage(g.GetAmplitudeNanovolts()),
		Offset: voltage(g.GetOffsetNanovolts()), Sweep: g.GetSweep(), Step: d.frequency(g.GetStepHertz()),
		Dwell: d.interval(g.GetDwellSeconds()), Shots: g.GetShots(), Sweeps: g.GetSweeps(),
		Arbitrary: d.arbitraryWave(g.GetArbitrary()), Trigger: generatorTrigger(g.GetTrigger()),
	}
}

func (d *decoder) arbitraryWave(a *driverpb.ArbitraryWave) *driver.ArbitraryWave {
	if a == nil {
		return nil
	}
	return &driver.ArbitraryWave{Values: a.GetValues(), SampleRate: d.rate(a.GetSamplesPerSecond())}
}

func generatorTrigger(t *driverpb.GeneratorTrigger) *driver.GeneratorTrigger {
	if t == nil {
		return nil
	}
	return &driver.GeneratorTrigger{Type: t.GetType(), Source: t.GetSource(), Level: voltage(t.GetLevelNanovolts())}
}

// AppliedGenerator reads what the generator does; nil stays nil.
func AppliedGenerator(g *driverpb.AppliedGenerator) (*driver.AppliedGenerator, error) {
	return decode(g, (*decoder).appliedGenerator)
}

func (d *decoder) appliedGenerator(g *driverpb.AppliedGenerator) *driver.AppliedGenerator {
	if g == nil {
		return nil
	}
	return &driver.AppliedGenerator{
		Frequency: d.frequency(g.GetFrequencyHertz()), Amplitude: voltage(g.GetAmplitudeNanovolts()),
		Offset: voltage(g.GetOffsetNanovolts()), Notes: words[string](g.GetNotes()),
	}
}
