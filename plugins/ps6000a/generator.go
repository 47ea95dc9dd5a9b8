package main

import (
	"math"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/units"
)

// Generate sets wave, range, frequency, sweep and trigger, and puts them into force. The library counts periods behind a
// trigger only, so that a number of them without a trigger is started by the software.
func (u *unit) Generate(g scope.GeneratorSettings) (scope.GeneratorResult, error) {
	atOnce := !g.Triggered && g.Shots > 0
	if atOnce {
		g.Triggered, g.TriggerType, g.TriggerSource = true, triggerEdge, triggerSoftware
	}
	var wave []int16
	for _, v := range g.Samples {
		wave = append(wave, int16(math.Round(v*math.MaxInt16)))
	}
	type step struct {
		call string
		do   func() picosdk.Status
	}
	steps := []step{
		{"SigGenWaveform", func() picosdk.Status { return u.api.SigGenWaveform(u.handle, g.Wave, wave) }},
		{"SigGenRange", func() picosdk.Status { return u.api.SigGenRange(u.handle, g.PeakToPeak.Volts(), g.Offset.Volts()) }},
	}
	if g.Start > 0 {
		steps = append(steps, step{"SigGenFrequency", func() picosdk.Status { return u.api.SigGenFrequency(u.handle, g.Start) }})
	}
	if g.Sweeping {
		steps = append(steps, step{"SigGenFrequencySweep", func() picosdk.Status {
			return u.api.SigGenFrequencySweep(u.handle, g.Stop, g.Step, g.Dwell, g.Sweep)
		}})
	}
	if g.Triggered {
		steps = append(steps, step{"SigGenTrigger", func() picosdk.Status {
			return u.api.SigGenTrigger(u.handle, g.TriggerType, g.TriggerSource, uint64(g.Shots), 0)
		}})
	}
	for _, s := range steps {
		if status := s.do(); status != picosdk.StatusOK && !status.IsWarning() {
			return scope.GeneratorResult{}, failure(s.call, status)
		}
	}
	u.edge = g.TriggerType
	frequency, stop, increment, dwell, s := u.api.SigGenApply(u.handle, 1, flag(g.Sweeping), flag(g.Triggered), 1, 0, g.Start, g.Stop, g.Step, g.Dwell)
	used := scope.GeneratorResult{Frequency: frequency, Stop: stop, Step: increment, Dwell: dwell}
	if atOnce && (s == picosdk.StatusOK || s.IsWarning()) {
		if err := u.StartGenerator(); err != nil {
			return used, err
		}
	}
	return used, failure("SigGenApply", s)
}

func flag(on bool) int16 {
	if on {
		return 1
	}
	return 0
}

// Silence turns the output off.
func (u *unit) Silence() error {
	_, _, _, _, s := u.api.SigGenApply(u.handle, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	return failure("SigGenApply", s)
}

// StartGenerator is the software's trigger: the edge that the generator was set to.
func (u *unit) StartGenerator() error {
	return failure("SigGenSoftwareTriggerControl", u.api.SigGenSoftwareTriggerControl(u.handle, u.edge))
}

// GeneratorLimits asks for the lengths of a user's waves, the highest voltage, and the highest frequency of a sine.
func (u *unit) GeneratorLimits() (l scope.GeneratorLimits, err error) {
	least, most, _, s := u.api.SigGenLimits(u.handle, limitLength)
	if s != picosdk.StatusOK {
		return l, failure("SigGenLimits", s)
	}
	_, volts, _, s := u.api.SigGenLimits(u.handle, limitVolts)
	if s != picosdk.StatusOK {
		return l, failure("SigGenLimits", s)
	}
	if most > 0 && most <= math.MaxInt32 && least >= 0 && least <= most {
		l.MinSamples, l.MaxSamples = int(least), int(most)
	}
	if volts > 0 && volts < 1000 {
		l.MaxOutput = units.Voltage(math.Round(volts*1e6)) * units.Microvolt
	}
	if f, s := u.api.SigGenFrequencyLimits(u.handle, waveSine, nil, nil, 0, nil, nil); s == picosdk.StatusOK {
		l.MaxFrequency = f.MaxStopFrequency
	}
	return l, nil
}

var (
	_ scope.GeneratorStarter = (*unit)(nil)
	_ scope.GeneratorTeller  = (*unit)(nil)
)

// Numbers of the vendor for the generator.
const (
	waveSine        = 17 // PICO_SINE
	triggerEdge     = 0  // PICO_SIGGEN_RISING
	triggerSoftware = 4  // PICO_SIGGEN_SOFT_TRIG
	limitVolts      = 0  // PICO_SIGGEN_PARAM_OUTPUT_VOLTS
	limitLength     = 2  // PICO_SIGGEN_PARAM_BUFFER_LENGTH
)
