package main

import (
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// capabilityLines is what a model can do, in the words of plans.
type capabilityLines struct {
	Model       string         `json:"model"`
	Resolutions []int          `json:"resolutions_bits"`
	Channels    []channelLines `json:"channels"`
	Digital     []string       `json:"digital"`
	Modes       []modeLines    `json:"modes"`
	Trigger     []string       `json:"trigger_sources"`
	Generator   []string       `json:"generator_waves"`
	Limits      *generatorLine `json:"generator,omitempty"` // of the generator; absent: there is none
	Power       []string       `json:"power"`
}

// generatorLine are the limits of a signal generator, in the words of plans. What is not known is empty, or 0.
type generatorLine struct {
	Operations     []string `json:"operations"`
	MinFrequency   string   `json:"min_frequency,omitempty"`
	MaxFrequency   string   `json:"max_frequency,omitempty"`
	MaxAmplitude   string   `json:"max_amplitude,omitempty"` // peak to peak
	MaxOffset      string   `json:"max_offset,omitempty"`    // of either sign
	MaxOutput      string   `json:"max_output,omitempty"`    // that half the amplitude and the offset may reach together
	Sweeps         []string `json:"sweeps"`
	MinArbitrary   int      `json:"min_arbitrary_samples,omitempty"`
	MaxArbitrary   int      `json:"max_arbitrary_samples,omitempty"`
	ArbitraryRate  string   `json:"max_arbitrary_rate,omitempty"`
	TriggerTypes   []string `json:"trigger_types"`
	TriggerSources []string `json:"trigger_sources"`
}

type channelLines struct {
	Name       string   `json:"name"`
	Ranges     []string `json:"ranges"`
	AnyRange   bool     `json:"any_range"` // everything from the first to the last range
	Couplings  []string `json:"couplings"`
	Bandwidths []string `json:"bandwidths"`
}

type modeLines struct {
	Mode       string      `json:"mode"`
	Ready      bool        `json:"ready"`
	NotReady   string      `json:"not_ready,omitempty"`
	Rates      []rateLines `json:"rates"`
	Downsample []string    `json:"downsample"`
	RawBeside  bool        `json:"keep_raw"`
}

// rateLines are the rates possible under a condition.
type rateLines struct {
	When    string `json:"when,omitempty"` // such as "up to 2 channels, 14 bit"; empty: always
	Fastest string `json:"fastest"`
	Slowest string `json:"slowest"`
	Limit   string `json:"limit,omitempty"` // the fact behind it

	limit       driver.RateLimit
	first, last units.Interval
}

func describeCapabilities(can driver.Capabilities) capabilityLines {
	out := capabilityLines{
		Model: can.Model, Resolutions: append([]int{}, can.Resolutions...), Channels: []channelLines{}, Digital: []string{},
		Modes: []modeLines{}, Trigger: append([]string{}, can.Trigger.Sources...), Generator: []string{}, Power: []string{},
	}
	for _, c := range can.Channels {
		l := channelLines{Name: c.Name, Ranges: []string{}, AnyRange: c.AnyRange, Couplings: []string{}, Bandwidths: []string{}}
		for _, r := range c.Ranges {
			l.Ranges = append(l.Ranges, compact(r.String()))
		}
		for _, k := range c.Couplings {
			l.Couplings = append(l.Couplings, string(k))
		}
		for _, b := range c.Bandwidths {
			l.Bandwidths = append(l.Bandwidths, compact(b.String()))
		}
		out.Channels = append(out.Channels, l)
	}
	for _, d := range can.Digital {
		out.Digital = append(out.Digital, d.Name)
	}
	for _, m := range can.Modes {
		out.Modes = append(out.Modes, describeMode(m))
	}
	if can.Generator != nil {
		out.Generator = append(out.Generator, can.Generator.Waves...)
		out.Limits = describeGenerator(can.Generator)
	}
	for _, p := range can.Power {
		out.Power = append(out.Power, string(p))
	}
	return out
}

func describeGenerator(g *driver.GeneratorCapabilities) *generatorLine {
	word := func(q fmt.Stringer, zero bool) string {
		if zero {
			return ""
		}
		return compact(q.String())
	}
	l := &generatorLine{
		Operations: append([]string{}, g.Operations...), Sweeps: append([]string{}, g.Sweeps...),
		TriggerTypes: append([]string{}, g.TriggerTypes...), TriggerSources: append([]string{}, g.TriggerSources...),
		MinFrequency: word(g.MinFrequency, g.MinFrequency.IsZero()), MaxFrequency: word(g.MaxFrequency, g.MaxFrequency.IsZero()),
		MaxAmplitude: word(g.MaxAmplitude, g.MaxAmplitude == 0), MaxOffset: word(g.MaxOffset, g.MaxOffset == 0), MaxOutput: word(g.MaxOutput, g.MaxOutput == 0),
		ArbitraryRate: word(g.MaxArbitraryRate, g.MaxArbitraryRate.IsZero()),
	}
	if g.Arbitrary {
		l.MinArbitrary, l.MaxArbitrary = g.MinArbitrary, g.MaxArbitrary
	}
	return l
}

func describeMode(m driver.ModeCapabilities) modeLines {
	l := modeLines{Mode: string(m.Mode), Ready: m.Ready, NotReady: m.NotReady, Rates: []rateLines{}, Downsample: []string{}, RawBeside: m.RawBeside}
	for _, d := range m.Downsample {
		l.Downsample = append(l.Downsample, string(d))
	}
	for _, r := range m.Rates {
		if len(r.Spans) == 0 {
			continue
		}
		first, last := r.Spans[0].First, r.Spans[0].Last
		for _, s := range r.Spans {
			if s.First.Cmp(first.Rational) < 0 {
				first = s.First
			}
			if s.Last.Cmp(last.Rational) > 0 {
				last = s.Last
			}
		}
		l.Rates = append(l.Rates, rateLines{When: condition(r), Fastest: spell(first), Slowest: spell(last), Limit: r.Limit, limit: r, first: first, last: last})
	}
	return l
}

// condition says when a limit of rates holds.
func condition(r driver.RateLimit) string {
	var parts []string
	if r.MaxChannels == 1 {
		parts = append(parts, "1 channel")
	} else if r.MaxChannels > 1 {
		parts = append(parts, fmt.Sprintf("up to %d channels", r.MaxChannels))
	}
	if r.Bits > 0 {
		parts = append(parts, fmt.Sprintf("%d bit", r.Bits))
	}
	switch r.Digital {
	case 1:
		parts = append(parts, "digital ports off")
	case 2:
		parts = append(parts, "digital ports on")
	}
	return strings.Join(parts, ", ")
}

// spell prints an interval as a rate where that is a whole number, else as a time.
func spell(i units.Interval) string {
	if i.Big().Sign() > 0 {
		if r := i.Rate(); plain(r.Big()) {
			return compact(r.String())
		}
	}
	return compact(i.String())
}
