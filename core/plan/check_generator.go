package plan

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// generator checks the signal generator.
func (c *checker) generator() {
	g := c.dev.Generator
	if g == nil {
		return
	}
	path := c.path("signal_generator")
	if c.caps.Generator == nil {
		c.fail(path, fmt.Sprintf("%s has no signal generator", upperFirst(c.who())), "Remove the block.")
		return
	}
	told := c.generatorConfig(g.GeneratorConfig, path, false)
	for i, change := range g.Changes {
		told = c.generatorConfig(change.Config, under(path, "change", fmt.Sprint(i)), told)
	}
}

// generatorConfig checks the block or a change. told is whether amplitude and offset went too far together before, and, as the
// result, whether they do now.
func (c *checker) generatorConfig(g driver.GeneratorConfig, path string, told bool) bool {
	caps := c.caps.Generator
	word := func(name, value string, legal []string) {
		at := under(path, name)
		if value == "" || slices.Contains(legal, value) || c.p.places.isBad(at) || c.inherited(at) {
			return
		}
		c.fail(at, fmt.Sprintf("%s cannot be %s", name, c.p.shown(at, fmt.Sprintf("%q", value))), didYouMean(value, legal, "possible words"))
	}
	if g.Wave != "arbitrary" {
		word("wave", g.Wave, caps.Waves)
	}
	if g.Operation != "normal" {
		word("operation", g.Operation, append([]string{"normal"}, caps.Operations...))
	}
	word("sweep", g.Sweep, caps.Sweeps)
	c.frequency("frequency", g.Frequency, path)
	c.frequency("stop_frequency", g.StopFrequency, path)
	if at := under(path, "amplitude"); caps.MaxAmplitude > 0 && g.Amplitude > caps.MaxAmplitude && !c.inherited(at) {
		c.fail(at, "amplitude is too large", fmt.Sprintf("It is peak to peak: write amplitude = %s or less.", quote(caps.MaxAmplitude)))
	}
	if at := under(path, "offset"); (g.Offset > caps.MaxOffset || -g.Offset > caps.MaxOffset) && !c.inherited(at) {
		c.fail(at, "offset is too large", fmt.Sprintf("It goes from %s to %s.", compact(-caps.MaxOffset), compact(caps.MaxOffset)))
	}
	c.wave(g, caps, under(path, "arbitrary"))
	if t := g.Trigger; t != nil && !c.inherited(under(path, "trigger")) {
		word("trigger.type", t.Type, caps.TriggerTypes)
		word("trigger.source", t.Source, caps.TriggerSources)
	}
	return c.output(g, path, told)
}

// output checks how far amplitude and offset go together, and tells whether that is too far.
func (c *checker) output(g driver.GeneratorConfig, path string, told bool) bool {
	caps := c.caps.Generator
	amplitude, offset := under(path, "amplitude"), under(path, "offset")
	high, shift := g.Amplitude/2, max(g.Offset, -g.Offset)
	if isDC(g) {
		high = 0
	}
	fine := caps.MaxOutput <= 0 || high+shift <= caps.MaxOutput || caps.MaxAmplitude > 0 && g.Amplitude > caps.MaxAmplitude || shift > caps.MaxOffset
	switch {
	case fine: // or told already
		return false
	case !c.inherited(offset) && !c.p.places.isBad(offset):
		limit := caps.MaxOutput - high
		c.fail(offset, "offset and amplitude together are too large", fmt.Sprintf("The output goes from %s to %s: with this amplitude, offset goes from %s to %s.",
			compact(-caps.MaxOutput), compact(caps.MaxOutput), compact(-limit), compact(limit)))
	case !c.inherited(amplitude) && !c.p.places.isBad(amplitude):
		c.fail(amplitude, "amplitude and offset together are too large", fmt.Sprintf("The output goes from %s to %s: with this offset, write amplitude = %s or less.",
			compact(-caps.MaxOutput), compact(caps.MaxOutput), quote(2*(caps.MaxOutput-shift))))
	case !told: // a change of the wave, from dc perhaps
		c.fail(path, "amplitude and offset together are too large", fmt.Sprintf("The output goes from %s to %s.", compact(-caps.MaxOutput), compact(caps.MaxOutput)))
	}
	return true
}

// inherited tells that a change took something from before, where it was checked.
func (c *checker) inherited(at string) bool {
	_, written := c.p.places.ranges[at]
	return !written
}

func (c *checker) frequency(name string, f units.Frequency, path string) {
	caps := c.caps.Generator
	at := under(path, name)
	if f.IsZero() || c.inherited(at) || c.p.places.isBad(at) {
		return
	}
	near := caps.MinFrequency
	switch {
	case f.Cmp(caps.MinFrequency.Rational) < 0:
	case !caps.MaxFrequency.IsZero() && f.Cmp(caps.MaxFrequency.Rational) > 0:
		near = caps.MaxFrequency
	default:
		return
	}
	c.fail(at, fmt.Sprintf("%s %s is not possible", name, c.p.shown(at, fmt.Sprintf("%q", compact(f)))), fmt.Sprintf("It goes from %s to %s; the nearest is %s = %q.",
		compact(caps.MinFrequency), compact(caps.MaxFrequency), name, compact(near)))
}

// wave checks a user's wave.
func (c *checker) wave(g driver.GeneratorConfig, caps *driver.GeneratorCapabilities, at string) {
	w := g.Arbitrary
	if w == nil || c.inherited(at) || c.p.places.isBad(at) {
		return
	}
	switch n := len(w.Values); {
	case !caps.Arbitrary:
		c.fail(at, fmt.Sprintf("The generator of %s has no arbitrary waves", c.who()), fmt.Sprintf("Write wave = %s.", list(quoted(caps.Waves), "or")))
		return
	case caps.MaxArbitrary > 0 && n > caps.MaxArbitrary, n < caps.MinArbitrary:
		c.fail(at, "The wave has the wrong length", fmt.Sprintf("It has %d samples; %s takes %d to %d.", n, c.who(), caps.MinArbitrary, caps.MaxArbitrary))
	}
	if rate := under(at, "sample_rate"); !caps.MaxArbitraryRate.IsZero() && w.SampleRate.Cmp(caps.MaxArbitraryRate.Rational) > 0 {
		c.fail(rate, "The wave's sample_rate is too high", fmt.Sprintf("Write sample_rate = %q or less.", compact(caps.MaxArbitraryRate)))
	}
}
