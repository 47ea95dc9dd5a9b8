package scope

import (
	"math"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// refuseWave makes the error for a part of a generator's settings.
func refuseWave(field, nearest, format string, args ...any) *driver.Error {
	return picosdk.Refuse("signal generator", strings.TrimSuffix("signal_generator."+field, "."), nearest, format, args...)
}

// number finds a word's number, or refuses the word.
func number(name, word string, legal []string, codes map[string]uint32) (uint32, error) {
	code, ok := codes[word]
	if !ok || legal != nil && !slices.Contains(legal, word) {
		return 0, refuseWave(name, picosdk.Quoted(picosdk.Nearest(word, legal)), "%s cannot be %q; there are %s", name, word, strings.Join(legal, ", "))
	}
	return code, nil
}

// generatorSettings checks a request against what the unit can do and writes it in the vendor's numbers.
func (d *Device) generatorSettings(g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) (s GeneratorSettings, err error) {
	s = GeneratorSettings{PeakToPeak: g.Amplitude, Offset: g.Offset, Start: g.Frequency.Float64(), Shots: uint32(g.Shots), Sweeps: uint32(g.Sweeps)}
	if d.model.Generator != nil {
		s.Clock = d.model.Generator.Clock
	}
	for _, step := range []func(*GeneratorSettings, *driver.GeneratorConfig, driver.GeneratorCapabilities) error{
		d.generatorWave, checkOutput, d.generatorSweep, checkFrequency, d.generatorTrigger,
	} {
		if err := step(&s, g, caps); err != nil {
			return s, err
		}
	}
	return s, nil
}

// generatorWave reads what is put out.
func (d *Device) generatorWave(s *GeneratorSettings, g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) (err error) {
	codes := d.family.Generator
	wave := g.Wave
	if wave == "dc_voltage" {
		wave = "dc"
	}
	switch {
	case g.Operation != "" && g.Operation != "normal":
		if s.Wave, err = number("operation", g.Operation, caps.Operations, codes.OperationWaves); err != nil {
			s.Operation, err = number("operation", g.Operation, caps.Operations, codes.Operations)
		}
	case g.Arbitrary != nil:
		err = d.arbitrary(s, g, caps)
	default:
		s.Wave, err = number("wave", wave, caps.Waves, codes.Waves)
	}
	if isDC(g) {
		s.PeakToPeak, s.Start = 0, 0
	}
	if g.Operation == "noise" {
		s.Start = 0
	}
	return err
}

// arbitrary reads a user's wave.
func (d *Device) arbitrary(s *GeneratorSettings, g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) error {
	n := len(g.Arbitrary.Values)
	switch {
	case !caps.Arbitrary:
		return refuseWave("arbitrary", "", "the generator of the %s has no arbitrary waves", d.info.Model)
	case n < max(caps.MinArbitrary, 1) || caps.MaxArbitrary > 0 && n > caps.MaxArbitrary:
		return refuseWave("arbitrary", "", "the wave has %d samples; the %s takes %d to %d", n, d.info.Model, max(caps.MinArbitrary, 1), caps.MaxArbitrary)
	}
	for i, v := range g.Arbitrary.Values {
		if math.IsNaN(v) || v < -1 || v > 1 {
			return refuseWave("arbitrary", "", "sample %d of the wave leaves the range from -1 to 1", i)
		}
	}
	if r := g.Arbitrary.SampleRate; !r.IsZero() {
		if !caps.MaxArbitraryRate.IsZero() && r.Cmp(caps.MaxArbitraryRate.Rational) > 0 {
			return refuseWave("arbitrary.sample_rate", picosdk.Quoted(caps.MaxArbitraryRate), "the generator of the %s puts out %s at most", d.info.Model, caps.MaxArbitraryRate)
		}
		s.Start = r.Float64() / float64(n)
	}
	s.Wave, s.Samples = d.family.Generator.Arbitrary, g.Arbitrary.Values
	return nil
}

// checkOutput checks voltages against the limits of the model.
func checkOutput(s *GeneratorSettings, g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) error {
	shift := max(g.Offset, -g.Offset)
	switch {
	case g.Amplitude < 0 || caps.MaxAmplitude > 0 && g.Amplitude > caps.MaxAmplitude:
		return refuseWave("amplitude", picosdk.Quoted(min(max(g.Amplitude, 0), caps.MaxAmplitude)), "an amplitude of %s is not possible; it is peak to peak, and at most %s", g.Amplitude, caps.MaxAmplitude)
	case shift > caps.MaxOffset:
		return refuseWave("offset", picosdk.Quoted(min(max(g.Offset, -caps.MaxOffset), caps.MaxOffset)), "an offset of %s is not possible; the limits are %s and %s", g.Offset, -caps.MaxOffset, caps.MaxOffset)
	case caps.MaxOutput > 0 && s.PeakToPeak/2+shift > caps.MaxOutput:
		return refuseWave("amplitude", picosdk.Quoted(2*(caps.MaxOutput-shift)), "with an offset of %s, an amplitude of %s goes beyond %s", g.Offset, g.Amplitude, caps.MaxOutput)
	}
	return nil
}

// checkFrequency checks frequencies against the limits of the model.
func checkFrequency(s *GeneratorSettings, g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) error {
	low, high := caps.MinFrequency, caps.MaxFrequency
	check := func(field string, hz float64) error {
		near := units.Frequency{}
		switch {
		case hz < low.Float64():
			near = low
		case !high.IsZero() && hz > high.Float64():
			near = high
		default:
			return nil
		}
		return refuseWave(field, picosdk.Quoted(near), "%.6g Hz are not possible; frequencies go from %s to %s", hz, low, high)
	}
	if s.Start == 0 {
		if isDC(g) || g.Operation == "noise" {
			return nil
		}
		return refuseWave("frequency", `"1kHz"`, "the frequency is missing")
	}
	if g.Arbitrary != nil && !g.Arbitrary.SampleRate.IsZero() {
		if high := caps.MaxFrequency; !high.IsZero() && s.Start > high.Float64() || s.Start < low.Float64() {
			return refuseWave("arbitrary.sample_rate", "", "the wave would be put out %.6g times a second; from %s to %s are possible", s.Start, low, high)
		}
		return nil
	}
	if err := check("frequency", s.Start); err != nil {
		return err
	}
	if g.Sweep != "" {
		return check("stop_frequency", g.StopFrequency.Float64())
	}
	return nil
}

// generatorSweep reads a sweep, and how often anything comes.
func (d *Device) generatorSweep(s *GeneratorSettings, g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) (err error) {
	const most = 1 << 30 // PS2000A_MAX_SWEEPS_SHOTS, alike in all families
	switch {
	case g.Shots < 0 || g.Shots > most:
		return refuseWave("shots", "0", "%d shots are not possible; there are 0 to %d", g.Shots, int64(most))
	case g.Sweeps < 0 || g.Sweeps > most:
		return refuseWave("sweeps", "0", "%d sweeps are not possible; there are 0 to %d", g.Sweeps, int64(most))
	case g.Shots > 0 && g.Sweeps > 0:
		return refuseWave("shots", "0", "shots and sweeps exclude each other")
	case g.Sweeps > 0 && d.family.Generator.NoSweepCount:
		return refuseWave("sweeps", "0", "the library of %s counts periods, but no sweeps; write shots", d.info.Model)
	case g.Shots > 0 && (isDC(g) || g.Operation == "noise"):
		return refuseWave("shots", "0", "what has no periods cannot be put out a number of times")
	}
	s.Stop = s.Start
	if g.Sweep == "" {
		if g.Sweeps > 0 {
			return refuseWave("sweeps", "0", "there is no sweep")
		}
		return nil
	}
	if s.Start == 0 || g.Operation == "prbs" {
		return refuseWave("sweep", "", "what has no frequency cannot be swept")
	}
	s.Sweeping = true
	s.Stop, s.Step, s.Dwell = g.StopFrequency.Float64(), g.Step.Float64(), g.Dwell.Float64()
	if s.Sweep, err = number("sweep", g.Sweep, caps.Sweeps, d.family.Generator.Sweeps); err != nil {
		return err
	}
	switch {
	case s.Step <= 0:
		return refuseWave("step", `"10Hz"`, "a sweep needs a step")
	case s.Dwell <= 0:
		return refuseWave("dwell", `"1ms"`, "a sweep needs a dwell time")
	case s.Stop == s.Start:
		return refuseWave("stop_frequency", "", "the sweep would end where it begins")
	case s.Stop > 0 && s.Step > math.Abs(s.Stop-s.Start):
		return refuseWave("step", picosdk.Quoted(frequency(math.Abs(s.Stop-s.Start))), "a step of %s is longer than the whole sweep", g.Step)
	}
	return nil
}

// generatorTrigger reads what starts the generator.
func (d *Device) generatorTrigger(s *GeneratorSettings, g *driver.GeneratorConfig, caps driver.GeneratorCapabilities) (err error) {
	t, codes := g.Trigger, d.family.Generator
	if t == nil || t.Source == "" || t.Source == "none" {
		return nil
	}
	s.Triggered = true
	if s.TriggerSource, err = number("trigger.source", t.Source, caps.TriggerSources, codes.TriggerSources); err != nil {
		return err
	}
	kind := t.Type
	if kind == "" {
		kind = "rising"
	}
	if s.TriggerType, err = number("trigger.type", kind, caps.TriggerTypes, codes.TriggerTypes); err != nil {
		return err
	}
	input := t.Source == "external" || t.Source == "aux"
	if strings.HasPrefix(kind, "gate") && !input {
		return refuseWave("trigger.type", `"rising"`, "a gate needs an input as its source: it is open as long as the input is high or low")
	}
	if !input {
		return nil
	}
	if codes.NoLevel {
		if t.Level != 0 {
			return refuseWave("trigger.level", `"0V"`, "the threshold of the trigger input cannot be set in this family")
		}
		return nil
	}
	full := d.model.Trigger.InputScale().Range
	code, inside := picosdk.LogicCode(t.Level, full)
	if !inside {
		return refuseWave("trigger.level", picosdk.Quoted(min(max(t.Level, -full), full)), "a level of %s is not possible; the trigger input goes from %s to %s", t.Level, -full, full)
	}
	s.Threshold = code
	return nil
}
