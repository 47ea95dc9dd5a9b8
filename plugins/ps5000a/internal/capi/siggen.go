//go:build cgo

package capi

// #include "ps5000a.h"
import "C"

import "github.com/scopelog/scopelog/picosdk"

// SetSigGenArbitrary plays arbitraryWaveform, which the library copies. Voltages are microvolts.
func (a *API) SetSigGenArbitrary(handle Handle, offsetVoltage int32, pkToPk, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount uint32, arbitraryWaveform []int16, sweepType, operation, indexMode, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetSigGenArbitrary(&a.c, C.int16_t(handle), C.int32_t(offsetVoltage), C.uint32_t(pkToPk), C.uint32_t(startDeltaPhase), C.uint32_t(stopDeltaPhase), C.uint32_t(deltaPhaseIncrement), C.uint32_t(dwellCount),
		(*C.int16_t)(first(arbitraryWaveform)), C.int32_t(len(arbitraryWaveform)), C.PS5000A_SWEEP_TYPE(sweepType), C.PS5000A_EXTRA_OPERATIONS(operation), C.PS5000A_INDEX_MODE(indexMode),
		C.uint32_t(shots), C.uint32_t(sweeps), C.PS5000A_SIGGEN_TRIG_TYPE(triggerType), C.PS5000A_SIGGEN_TRIG_SOURCE(triggerSource), C.int16_t(extInThreshold)))
}

// SetSigGenBuiltIn plays a built-in waveform. Voltages are microvolts, frequencies hertz, dwellTime seconds.
func (a *API) SetSigGenBuiltIn(handle Handle, offsetVoltage int32, pkToPk, waveType uint32, startFrequency, stopFrequency, increment, dwellTime float32, sweepType, operation, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetSigGenBuiltIn(&a.c, C.int16_t(handle), C.int32_t(offsetVoltage), C.uint32_t(pkToPk), C.PS5000A_WAVE_TYPE(waveType), C.float(startFrequency), C.float(stopFrequency), C.float(increment), C.float(dwellTime),
		C.PS5000A_SWEEP_TYPE(sweepType), C.PS5000A_EXTRA_OPERATIONS(operation), C.uint32_t(shots), C.uint32_t(sweeps), C.PS5000A_SIGGEN_TRIG_TYPE(triggerType), C.PS5000A_SIGGEN_TRIG_SOURCE(triggerSource), C.int16_t(extInThreshold)))
}

// SetSigGenBuiltInV2 is SetSigGenBuiltIn in double precision.
func (a *API) SetSigGenBuiltInV2(handle Handle, offsetVoltage int32, pkToPk, waveType uint32, startFrequency, stopFrequency, increment, dwellTime float64, sweepType, operation, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetSigGenBuiltInV2(&a.c, C.int16_t(handle), C.int32_t(offsetVoltage), C.uint32_t(pkToPk), C.PS5000A_WAVE_TYPE(waveType), C.double(startFrequency), C.double(stopFrequency), C.double(increment), C.double(dwellTime),
		C.PS5000A_SWEEP_TYPE(sweepType), C.PS5000A_EXTRA_OPERATIONS(operation), C.uint32_t(shots), C.uint32_t(sweeps), C.PS5000A_SIGGEN_TRIG_TYPE(triggerType), C.PS5000A_SIGGEN_TRIG_SOURCE(triggerSource), C.int16_t(extInThreshold)))
}

// SetSigGenPropertiesArbitrary changes sweep and trigger of a waveform that plays.
func (a *API) SetSigGenPropertiesArbitrary(handle Handle, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount, sweepType, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetSigGenPropertiesArbitrary(&a.c, C.int16_t(handle), C.uint32_t(startDeltaPhase), C.uint32_t(stopDeltaPhase), C.uint32_t(deltaPhaseIncrement), C.uint32_t(dwellCount),
		C.PS5000A_SWEEP_TYPE(sweepType), C.uint32_t(shots), C.uint32_t(sweeps), C.PS5000A_SIGGEN_TRIG_TYPE(triggerType), C.PS5000A_SIGGEN_TRIG_SOURCE(triggerSource), C.int16_t(extInThreshold)))
}

// SetSigGenPropertiesBuiltIn changes frequency, sweep and trigger of a built-in waveform that plays.
func (a *API) SetSigGenPropertiesBuiltIn(handle Handle, startFrequency, stopFrequency, increment, dwellTime float64, sweepType, shots, sweeps, triggerType, triggerSource uint32, extInThreshold int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetSigGenPropertiesBuiltIn(&a.c, C.int16_t(handle), C.double(startFrequency), C.double(stopFrequency), C.double(increment), C.double(dwellTime),
		C.PS5000A_SWEEP_TYPE(sweepType), C.uint32_t(shots), C.uint32_t(sweeps), C.PS5000A_SIGGEN_TRIG_TYPE(triggerType), C.PS5000A_SIGGEN_TRIG_SOURCE(triggerSource), C.int16_t(extInThreshold)))
}

// SigGenFrequencyToPhase converts hertz to a delta phase for a waveform of bufferLength samples.
func (a *API) SigGenFrequencyToPhase(handle Handle, frequency float64, indexMode, bufferLength uint32) (phase uint32, status picosdk.Status) {
	var v C.uint32_t
	s := C.ps5000a_SigGenFrequencyToPhase(&a.c, C.int16_t(handle), C.double(frequency), C.PS5000A_INDEX_MODE(indexMode), C.uint32_t(bufferLength), &v)
	return uint32(v), picosdk.Status(s)
}

// SigGenArbitraryMinMaxValues returns the limits of samples and lengths of waveforms.
func (a *API) SigGenArbitraryMinMaxValues(handle Handle) (minValue, maxValue int16, minSize, maxSize uint32, status picosdk.Status) {
	var lo, hi C.int16_t
	var small, large C.uint32_t
	s := C.ps5000a_SigGenArbitraryMinMaxValues(&a.c, C.int16_t(handle), &lo, &hi, &small, &large)
	return int16(lo), int16(hi), uint32(small), uint32(large), picosdk.Status(s)
}

// SigGenSoftwareControl triggers or gates a generator whose trigger is the software.
func (a *API) SigGenSoftwareControl(handle Handle, state int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SigGenSoftwareControl(&a.c, C.int16_t(handle), C.int16_t(state)))
}
