package scope

import (
	"context"
	"math"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// GeneratorCodes are a family's numbers for the words of a signal generator's settings.
type GeneratorCodes struct {
	Waves      map[string]uint32
	Operations map[string]uint32 // of the argument beside the wave
	// OperationWaves are operations that this library knows as waves.
	OperationWaves map[string]uint32
	Sweeps         map[string]uint32
	TriggerTypes   map[string]uint32
	TriggerSources map[string]uint32
	// Arbitrary is the wave that stands for a user's own, where it has a number.
	Arbitrary uint32
}

// GeneratorSettings set the generator; numbers of words are the vendor's.
type GeneratorSettings struct {
	Wave       uint32
	Operation  uint32
	PeakToPeak units.Voltage
	Offset     units.Voltage
	// Start is the frequency in Hz; with Sweeping the output goes to Stop in steps of Step, each Dwell seconds long.
	Start, Stop, Step, Dwell float64
	Sweeping                 bool
	Sweep                    uint32
	Shots, Sweeps            uint32
	Triggered                bool
	TriggerType              uint32
	TriggerSource            uint32
	Threshold                int16 // of the external trigger input
	// Samples are one period of a user's wave, from -1 to 1; nil: a built-in wave.
	Samples []float64
	Clock   int64 // of the generator's converter in Hz; 0: not known
}

// GeneratorResult is what is really put out.
type GeneratorResult struct {
	Frequency float64 // Hz; 0: the library does not tell
	Notes     []string
}

// SweepCodes, TriggerTypeCodes and TriggerSourceCodes are alike in all families so far.
var (
	SweepCodes         = map[string]uint32{"up": 0, "down": 1, "up_down": 2, "down_up": 3}
	TriggerTypeCodes   = map[string]uint32{"rising": 0, "falling": 1, "gate_high": 2, "gate_low": 3}
	TriggerSourceCodes = map[string]uint32{"none": 0, "scope": 1, "aux": 2, "external": 3, "software": 4}
)

// generatorControl is what units with a signal generator can do.
type generatorControl struct{ dev *Device }

// SetGenerator changes the generator, or turns it off. While the unit streams, it waits for a moment in which the
// loop makes no call.
func (g generatorControl) SetGenerator(ctx context.Context, cfg *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	d := g.dev
	if err := d.usable("signal generator", false); err != nil {
		return driver.AppliedGenerator{}, err
	}
	out, err := do(ctx, d.work, func() (out driver.AppliedGenerator, err error) {
		err = d.driver.quietly("signal generator", func() (err error) {
			if cfg != nil {
				out, err = d.generate(cfg)
				return err
			}
			d.silent = true
			return d.unit.(Generator).Silence()
		})
		return out, err
	}, nil)
	return out, failed(err, "signal generator", "")
}

// generate checks a request and sets the generator. It is for the worker.
func (d *Device) generate(g *driver.GeneratorConfig) (driver.AppliedGenerator, error) {
	applied := driver.AppliedGenerator{Frequency: g.Frequency, Amplitude: g.Amplitude, Offset: g.Offset}
	unit, ok := d.unit.(Generator)
	if !ok || d.caps.Generator == nil {
		return applied, refuse("signal generator", "signal_generator", "", "the %s has no signal generator", d.info.Model)
	}
	s, err := d.generatorSettings(g, *d.caps.Generator)
	if err != nil {
		return applied, err
	}
	d.silent = false
	res, err := unit.Generate(s)
	if !tolerable(err) {
		return applied, failed(err, "signal generator", "signal_generator")
	}
	if st, warned := picosdk.StatusOf(err); warned {
		applied.Notes = append(applied.Notes, st.Explanation())
	}
	applied.Notes = append(applied.Notes, res.Notes...)
	if res.Frequency > 0 {
		applied.Frequency = frequency(res.Frequency)
	} else if g.Frequency.IsZero() && s.Start > 0 {
		applied.Frequency = frequency(s.Start)
	}
	return applied, nil
}

// frequency is a vendor's double to the microhertz.
func frequency(hz float64) units.Frequency {
	if hz > 1e12 {
		hz = 1e12
	}
	return units.Hertz(int64(math.Round(hz*1e6)), 1e6)
}

// number finds a word's number, or refuses the word.
func number(name, word string, legal []string, codes map[string]uint32) (uint32, error) {
	code, ok := codes[word]
	if !ok || legal != nil && !slices.Contains(legal, word) {
		return 0, refuse("signal generator", "signal_generator."+name, quoted(nearestText(word, legal)), "%s cannot be %q", name, word)
	}
	return code, nil
}

func (d *Device) generatorSettings(g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) (s GeneratorSettings, err error) {
	codes := d.family.Generator
	s = GeneratorSettings{PeakToPeak: g.Amplitude, Offset: g.Offset, Start: g.Frequency.Float64(), Shots: uint32(g.Shots), Sweeps: uint32(g.Sweeps)}
	s.Stop = s.Start
	if d.model.Generator != nil {
		s.Clock = d.model.Generator.Clock
	}
	wave := g.Wave
	if wave == "dc_voltage" {
		wave = "dc"
	}
	switch {
	case g.Operation != "" && g.Operation != "normal":
		if s.Wave, err = number("operation", g.Operation, caps.Operations, codes.OperationWaves); err != nil {
			s.Wave = 0
			if s.Operation, err = number("operation", g.Operation, caps.Operations, codes.Operations); err != nil {
				return s, err
			}
		}
	case g.Arbitrary != nil:
		if err := d.arbitrary(&s, g, caps); err != nil {
			return s, err
		}
	default:
		if s.Wave, err = number("wave", wave, caps.Waves, codes.Waves); err != nil {
			return s, err
		}
	}
	if err := checkOutput(g, caps, s.Start); err != nil {
		return s, err
	}
	if g.Sweep != "" {
		s.Sweeping = true
		s.Stop, s.Step, s.Dwell = g.StopFrequency.Float64(), g.Step.Float64(), g.Dwell.Float64()
		if s.Sweep, err = number("sweep", g.Sweep, caps.Sweeps, codes.Sweeps); err != nil {
			return s, err
		}
	}
	if t := g.Trigger; t != nil && t.Source != "" && t.Source != "none" {
		s.Triggered = true
		if s.TriggerSource, err = number("trigger.source", t.Source, caps.TriggerSources, codes.TriggerSources); err != nil {
			return s, err
		}
		kind := t.Type
		if kind == "" {
			kind = "rising"
		}
		if s.TriggerType, err = number("trigger.type", kind, caps.TriggerTypes, codes.TriggerTypes); err != nil {
			return s, err
		}
		if full := d.model.Trigger.ExternalFull; full > 0 {
			s.Threshold, _ = picosdk.LogicCode(t.Level, full)
		}
	}
	return s, nil
}

func (d *Device) arbitrary(s *GeneratorSettings, g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) error {
	n := len(g.Arbitrary.Values)
	switch {
	case !caps.Arbitrary:
		return refuse("signal generator", "signal_generator.arbitrary", "", "the generator of the %s has no arbitrary waves", d.info.Model)
	case n < max(caps.MinArbitrary, 1) || caps.MaxArbitrary > 0 && n > caps.MaxArbitrary:
		return refuse("signal generator", "signal_generator.arbitrary", "", "the wave has %d samples; the %s takes %d to %d", n, d.info.Model, max(caps.MinArbitrary, 1), caps.MaxArbitrary)
	}
	for _, v := range g.Arbitrary.Values {
		if math.IsNaN(v) || v < -1 || v > 1 {
			return refuse("signal generator", "signal_generator.arbitrary", "", "the wave leaves the range from -1 to 1")
		}
	}
	if r := g.Arbitrary.SampleRate; !r.IsZero() {
		s.Start = r.Float64() / float64(n)
		s.Stop = s.Start
	}
	s.Wave, s.Samples = d.family.Generator.Arbitrary, g.Arbitrary.Values
	return nil
}

// checkOutput checks voltages and frequencies against the limits of the model.
func checkOutput(g *driver.GeneratorConfig, caps driver.GeneratorCapabilities, start float64) error {
	const field = "signal_generator."
	switch {
	case g.Amplitude < 0 || caps.MaxAmplitude > 0 && g.Amplitude > caps.MaxAmplitude:
		return refuse("signal generator", field+"amplitude", quoted(min(max(g.Amplitude, 0), caps.MaxAmplitude)), "an amplitude of %s is not possible; it is peak to peak, and at most %s", g.Amplitude, caps.MaxAmplitude)
	case g.Offset > caps.MaxOffset || -g.Offset > caps.MaxOffset:
		return refuse("signal generator", field+"offset", quoted(min(max(g.Offset, -caps.MaxOffset), caps.MaxOffset)), "an offset of %s is not possible; the limits are %s and %s", g.Offset, -caps.MaxOffset, caps.MaxOffset)
	case !caps.MaxFrequency.IsZero() && (start > caps.MaxFrequency.Float64() || g.StopFrequency.Cmp(caps.MaxFrequency.Rational) > 0):
		return refuse("signal generator", field+"frequency", quoted(caps.MaxFrequency), "the highest frequency is %s", caps.MaxFrequency)
	case g.Shots < 0 || g.Sweeps < 0 || g.Shots > math.MaxUint32 || g.Sweeps > math.MaxUint32:
		return refuse("signal generator", field+"shots", "0", "a number of %d shots and %d sweeps is not possible", g.Shots, g.Sweeps)
	}
	return nil
}
