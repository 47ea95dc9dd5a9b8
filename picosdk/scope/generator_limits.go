package scope

import (
	"math"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// capabilities is what a model can do with the family's library.
func (f *Family) capabilities(m picosdk.Model, s picosdk.State) driver.Capabilities {
	c := m.Capabilities(s)
	if g := c.Generator; g != nil {
		g.NoSweepCount, g.FixedLevel = f.Generator.NoSweepCount, f.Generator.NoLevel
	}
	return c
}

// GeneratorTeller is implemented by units that tell the limits of their signal generator.
type GeneratorTeller interface {
	// GeneratorLimits returns what the unit says; an answer that it has no arbitrary waves is one of class user.
	GeneratorLimits() (GeneratorLimits, error)
}

// GeneratorLimits are a unit's own words about its signal generator; fields that are 0 were not told.
type GeneratorLimits struct {
	MinSamples, MaxSamples int           // of an arbitrary wave
	MaxFrequency           float64       // in Hz
	MaxOutput              units.Voltage // the highest voltage that it can put out
}

// generatorLimits is what a unit told; nil: nothing.
type generatorLimits struct {
	GeneratorLimits
	noArbitrary bool
}

// learnGenerator asks the unit for the limits of its generator.
func (d *Device) learnGenerator() *generatorLimits {
	t, ok := d.unit.(GeneratorTeller)
	if !ok || d.model.Generator == nil {
		return nil
	}
	l, err := t.GeneratorLimits()
	switch {
	case picosdk.IsStatus(err, picosdk.StatusNotSupported, picosdk.StatusNoArbitrary):
		return &generatorLimits{noArbitrary: true}
	case err != nil:
		d.log.Debug("the unit does not tell the limits of its generator", "error", err)
		return nil
	}
	return &generatorLimits{GeneratorLimits: l}
}

// correct puts the unit's own limits in the place of the table's.
func (l *generatorLimits) correct(c *driver.GeneratorCapabilities) {
	if l == nil || c == nil {
		return
	}
	if l.noArbitrary {
		c.Arbitrary, c.MinArbitrary, c.MaxArbitrary, c.MaxArbitraryRate = false, 0, 0, units.Rate{}
	}
	if l.MaxSamples > 0 {
		c.Arbitrary, c.MinArbitrary, c.MaxArbitrary = true, max(l.MinSamples, 1), l.MaxSamples
	}
	if l.MaxFrequency >= 1 && !math.IsInf(l.MaxFrequency, 0) {
		c.MaxFrequency = frequency(l.MaxFrequency)
	}
	if l.MaxOutput > 0 {
		c.MaxOutput, c.MaxOffset, c.MaxAmplitude = l.MaxOutput, l.MaxOutput, 2*l.MaxOutput
	}
}
