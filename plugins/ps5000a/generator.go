package main

import (
	"math"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/native"
	"github.com/scopelog/scopelog/units"
)

// anyHertz is told where the output has no frequency: the library wants one all the same.
const anyHertz = 1000

// shots tells the library how often a triggered generator runs.
func shots(g scope.GeneratorSettings) uint32 {
	if g.Triggered && g.Shots == 0 && g.Sweeps == 0 {
		return untilStopped
	}
	return g.Shots
}

func inMicrovolts(v units.Voltage) int64 { return int64(v / units.Microvolt) }

// Generate sets the generator to a built-in wave or to a user's own.
func (u *unit) Generate(g scope.GeneratorSettings) (scope.GeneratorResult, error) {
	if g.Samples != nil {
		return u.arbitrary(g)
	}
	if g.Start == 0 {
		g.Start, g.Stop = anyHertz, anyHertz
	}
	offset, peak := int32(inMicrovolts(g.Offset)), uint32(inMicrovolts(g.PeakToPeak))
	if !u.api.Has("SetSigGenBuiltInV2") {
		start, stop, step, dwell := float32(g.Start), float32(g.Stop), float32(g.Step), float32(g.Dwell)
		s := u.api.SetSigGenBuiltIn(u.handle, offset, peak, g.Wave, start, stop, step, dwell,
			g.Sweep, g.Operation, shots(g), g.Sweeps, g.TriggerType, g.TriggerSource, g.Threshold)
		used := scope.GeneratorResult{Frequency: float64(start), Stop: float64(stop), Step: float64(step), Dwell: float64(dwell)}
		return used, failure("SetSigGenBuiltIn", s)
	}
	s := u.api.SetSigGenBuiltInV2(u.handle, offset, peak, g.Wave, g.Start, g.Stop, g.Step, g.Dwell,
		g.Sweep, g.Operation, shots(g), g.Sweeps, g.TriggerType, g.TriggerSource, g.Threshold)
	return scope.GeneratorResult{}, failure("SetSigGenBuiltInV2", s)
}

// arbitrary loads a user's wave; the library wants frequencies as phases per tick of the generator's clock. Each sample is
// repeated to fill the generator's memory, since a phase is a whole number and small for a short wave: eight samples could
// be put out in steps of some 100 Hz only.
func (u *unit) arbitrary(g scope.GeneratorSettings) (scope.GeneratorResult, error) {
	low, high, _, room, s := u.api.SigGenArbitraryMinMaxValues(u.handle)
	if s != picosdk.StatusOK {
		return scope.GeneratorResult{}, failure("SigGenArbitraryMinMaxValues", s)
	}
	if g.Sweeping && g.Clock == 0 {
		return scope.GeneratorResult{}, &driver.Error{
			Kind: driver.KindUnsupported, Op: "signal generator", Field: "signal_generator.sweep",
			Message: "the rate of this model's generator is not known, so that a wave of one's own cannot be swept",
		}
	}
	repeat := max(int(room)/len(g.Samples), 1)
	full := min(float64(high), -float64(low))
	wave := make([]int16, 0, repeat*len(g.Samples))
	for _, v := range g.Samples {
		code := int16(math.Round(v * full))
		for range repeat {
			wave = append(wave, code)
		}
	}
	var phases [3]uint32
	for i, hz := range []float64{g.Start, g.Stop, g.Step} {
		if hz <= 0 {
			continue
		}
		if phases[i], s = u.api.SigGenFrequencyToPhase(u.handle, hz, indexSingle, uint32(len(wave))); s != picosdk.StatusOK {
			return scope.GeneratorResult{}, failure("SigGenFrequencyToPhase", s)
		}
	}
	dwell := uint32(0)
	if g.Sweeping {
		phases[1] = native.SweepEnd(phases, (g.Stop-g.Start)/g.Step)
		dwell = uint32(min(max(math.Round(g.Dwell*float64(g.Clock)), leastDwellCount), math.MaxUint32))
	}
	s = u.api.SetSigGenArbitrary(u.handle, int32(inMicrovolts(g.Offset)), uint32(inMicrovolts(g.PeakToPeak)), phases[0], phases[1], phases[2], dwell,
		wave, g.Sweep, g.Operation, indexSingle, shots(g), g.Sweeps, g.TriggerType, g.TriggerSource, g.Threshold)
	used := scope.GeneratorResult{}
	if g.Clock > 0 {
		step := float64(g.Clock) / (1 << 32) * float64(room) / float64(len(wave)) // Hz of one phase
		used = scope.GeneratorResult{
			Frequency: float64(phases[0]) * step, Stop: float64(phases[1]) * step, Step: float64(phases[2]) * step, Dwell: float64(dwell) / float64(g.Clock),
		}
	}
	return used, failure("SetSigGenArbitrary", s)
}

// Silence puts out 0 V.
func (u *unit) Silence() error {
	_, err := u.Generate(scope.GeneratorSettings{Wave: waveDC})
	return err
}

// StartGenerator is the software's trigger.
func (u *unit) StartGenerator() error {
	return failure("SigGenSoftwareControl", u.api.SigGenSoftwareControl(u.handle, 1))
}

// GeneratorLimits asks for the lengths of a user's waves.
func (u *unit) GeneratorLimits() (scope.GeneratorLimits, error) {
	_, _, least, most, s := u.api.SigGenArbitraryMinMaxValues(u.handle)
	return scope.GeneratorLimits{MinSamples: int(least), MaxSamples: int(min(most, math.MaxInt32))}, failure("SigGenArbitraryMinMaxValues", s)
}

var (
	_ scope.GeneratorStarter = (*unit)(nil)
	_ scope.GeneratorTeller  = (*unit)(nil)
)
