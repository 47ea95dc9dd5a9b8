package picosdk

import (
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// What the generators of all families can do alike.
var (
	generatorWaves      = []string{"sine", "square", "triangle", "ramp_up", "ramp_down", "sinc", "gaussian", "half_sine", "dc"}
	generatorOperations = []string{"noise", "prbs"}
	generatorSweeps     = []string{"up", "down", "up_down", "down_up"}
	generatorTypes      = []string{"rising", "falling", "gate_high", "gate_low"}
)

// generator is the model's signal generator in the words of the contract; nil: it has none.
func (m Model) generator() *driver.GeneratorCapabilities {
	g := m.Generator
	if g == nil {
		return nil
	}
	c := &driver.GeneratorCapabilities{
		Waves: slices.Clone(generatorWaves), Operations: slices.Clone(generatorOperations),
		MinFrequency: g.MinFrequency, MaxFrequency: g.MaxFrequency, MaxAmplitude: g.MaxAmplitude, MaxOffset: g.MaxOffset, MaxOutput: g.MaxOffset,
		Sweeps: slices.Clone(generatorSweeps), TriggerTypes: slices.Clone(generatorTypes), TriggerSources: m.generatorSources(),
	}
	if g.Arbitrary {
		c.Arbitrary, c.MinArbitrary, c.MaxArbitrary = true, 1, g.Buffer
		if g.Clock > 0 {
			c.MaxArbitraryRate = units.PerSecond(g.Clock, 1)
		}
	}
	return c
}

// generatorSources lists what can start the generator: inputs only where the model has the connector.
func (m Model) generatorSources() []string {
	list := []string{"none", "scope"}
	if m.Trigger.Aux {
		list = append(list, "aux")
	}
	if m.Trigger.External {
		list = append(list, "external")
	}
	return append(list, "software")
}
