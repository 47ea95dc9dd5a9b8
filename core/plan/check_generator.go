package plan

import (
	"fmt"
	"slices"
	"strings"

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
	c.sweep(g, path)
	if t := g.Trigger; t != nil && !c.inherited(under(path, "trigger")) {
		word("trigger.type", t.Type, caps.TriggerTypes)
		word("trigger.source", t.Source, caps.TriggerSources)
		c.generatorTrigger(t, under(path, "trigger"))
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
		c.fail(at, "The wave has the wrong length", fmt.Sprintf("It has %s; %s takes %s to %s.", samplesText(int64(n)), c.who(), grouped(int64(caps.MinArbitrary)), grouped(int64(caps.MaxArbitrary))))
	}
	if rate := under(at, "sample_rate"); !caps.MaxArbitraryRate.IsZero() && w.SampleRate.Cmp(caps.MaxArbitraryRate.Rational) > 0 {
		c.fail(rate, "The wave's sample_rate is too high", fmt.Sprintf("Write sample_rate = %q or less.", compact(caps.MaxArbitraryRate)))
	} else if f, err := w.SampleRate.Div(units.Rat(int64(max(len(w.Values), 1)), 1)); err == nil && !w.SampleRate.IsZero() {
		if f.Cmp(caps.MinFrequency.Rational) < 0 || !caps.MaxFrequency.IsZero() && f.Cmp(caps.MaxFrequency.Rational) > 0 {
			c.fail(rate, "The wave cannot be put out so often", fmt.Sprintf("That would be %s times a second; it goes from %s to %s.",
				strings.TrimSuffix(compact(units.Frequency{Rational: f}), "Hz"), compact(caps.MinFrequency), compact(caps.MaxFrequency)))
		}
	}
}

// sweep checks how often a sweep goes.
func (c *checker) sweep(g driver.GeneratorConfig, path string) {
	if g.Sweep == "" {
		return
	}
	if at := under(path, "sweeps"); g.Sweeps > 0 && c.caps.Generator.NoSweepCount && !c.inherited(at) && !c.p.places.isBad(at) {
		c.fail(at, fmt.Sprintf("%s cannot count sweeps", upperFirst(c.who())), "Remove it: the sweep goes on until it is changed. shots is a number of periods.")
	}
}

// generatorTrigger checks what starts the generator.
func (c *checker) generatorTrigger(t *driver.GeneratorTrigger, path string) {
	at := under(path, "level")
	switch input := t.Source == "external" || t.Source == "aux"; {
	case !input || c.p.places.isBad(at):
	case t.Level != 0 && c.caps.Generator.FixedLevel:
		c.fail(at, fmt.Sprintf("The threshold of the trigger input is fixed on %s", c.who()), "Remove level.")
	default:
		c.inputLevel(at, "level", t.Level)
	}
}

// inputLevel checks a voltage that a trigger input is compared with.
func (c *checker) inputLevel(at, name string, v units.Voltage) {
	most := c.caps.Trigger.MaxInput
	if most <= 0 || v >= -most && v <= most || c.p.places.isBad(at) {
		return
	}
	c.fail(at, fmt.Sprintf("%s is beyond what the trigger input measures", name), fmt.Sprintf("It goes from %s to %s.", compact(-most), compact(most)))
}
