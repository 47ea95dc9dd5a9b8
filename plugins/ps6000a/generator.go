package main

import (
	"math"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
)

// Generate sets wave, range, frequency, sweep and trigger, and puts them into force.
func (u *unit) Generate(g scope.GeneratorSettings) (scope.GeneratorResult, error) {
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
			return u.api.SigGenTrigger(u.handle, g.TriggerType, g.TriggerSource, uint64(max(g.Shots, g.Sweeps)), 0)
		}})
	}
	for _, s := range steps {
		if status := s.do(); status != picosdk.StatusOK && !status.IsWarning() {
			return scope.GeneratorResult{}, failure(s.call, status)
		}
	}
	frequency, _, _, _, s := u.api.SigGenApply(u.handle, 1, flag(g.Sweeping), flag(g.Triggered), 1, 0, g.Start, g.Stop, g.Step, g.Dwell)
	return scope.GeneratorResult{Frequency: frequency}, failure("SigGenApply", s)
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
