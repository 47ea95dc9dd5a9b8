//go:build cgo

package capi

// #include "ps6000a.h"
import "C"

import "github.com/scopelog/scopelog/picosdk"

// SigGenWaveform selects the waveform; buffer is for arbitrary ones, which the library copies. Like the setters below
// it has no effect until SigGenApply.
func (a *API) SigGenWaveform(handle Handle, waveType uint32, buffer []int16) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenWaveform(&a.c, C.int16_t(handle), C.PICO_WAVE_TYPE(waveType), (*C.int16_t)(first(buffer)), C.uint64_t(len(buffer))))
}

// SigGenRange sets voltages in volts.
func (a *API) SigGenRange(handle Handle, peakToPeakVolts, offsetVolts float64) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenRange(&a.c, C.int16_t(handle), C.double(peakToPeakVolts), C.double(offsetVolts)))
}

// SigGenWaveformDutyCycle sets the duty cycle in percent.
func (a *API) SigGenWaveformDutyCycle(handle Handle, dutyCyclePercent float64) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenWaveformDutyCycle(&a.c, C.int16_t(handle), C.double(dutyCyclePercent)))
}

// SigGenTrigger sets what starts the generator, for how many cycles, and after how many picoseconds it starts anyway.
func (a *API) SigGenTrigger(handle Handle, triggerType, triggerSource uint32, cycles, autoTriggerPicoSeconds uint64) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenTrigger(&a.c, C.int16_t(handle), C.PICO_SIGGEN_TRIG_TYPE(triggerType), C.PICO_SIGGEN_TRIG_SOURCE(triggerSource), C.uint64_t(cycles), C.uint64_t(autoTriggerPicoSeconds)))
}

// SigGenFilter sets the output filter.
func (a *API) SigGenFilter(handle Handle, filterState uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenFilter(&a.c, C.int16_t(handle), C.PICO_SIGGEN_FILTER_STATE(filterState)))
}

// SigGenFrequency sets the frequency in hertz.
func (a *API) SigGenFrequency(handle Handle, frequencyHz float64) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenFrequency(&a.c, C.int16_t(handle), C.double(frequencyHz)))
}

// SigGenFrequencySweep sets a sweep in hertz and seconds.
func (a *API) SigGenFrequencySweep(handle Handle, stopFrequencyHz, frequencyIncrement, dwellTimeSeconds float64, sweepType uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenFrequencySweep(&a.c, C.int16_t(handle), C.double(stopFrequencyHz), C.double(frequencyIncrement), C.double(dwellTimeSeconds), C.PICO_SWEEP_TYPE(sweepType)))
}

// SigGenPhase sets the delta phase of an arbitrary waveform.
func (a *API) SigGenPhase(handle Handle, deltaPhase uint64) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenPhase(&a.c, C.int16_t(handle), C.uint64_t(deltaPhase)))
}

// SigGenPhaseSweep sets a sweep of the delta phase.
func (a *API) SigGenPhaseSweep(handle Handle, stopDeltaPhase, deltaPhaseIncrement, dwellCount uint64, sweepType uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenPhaseSweep(&a.c, C.int16_t(handle), C.uint64_t(stopDeltaPhase), C.uint64_t(deltaPhaseIncrement), C.uint64_t(dwellCount), C.PICO_SWEEP_TYPE(sweepType)))
}

// SigGenClockManual sets the clock of the generator's converter in hertz and its prescaler.
func (a *API) SigGenClockManual(handle Handle, dacClockFrequency float64, prescaleRatio uint64) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenClockManual(&a.c, C.int16_t(handle), C.double(dacClockFrequency), C.uint64_t(prescaleRatio)))
}

// SigGenSoftwareTriggerControl triggers or gates a generator whose trigger is the software.
func (a *API) SigGenSoftwareTriggerControl(handle Handle, triggerState uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenSoftwareTriggerControl(&a.c, C.int16_t(handle), C.PICO_SIGGEN_TRIG_TYPE(triggerState)))
}

// SigGenApply does what was set before and returns the hertz and seconds really used. sigGenEnabled 0 switches it off.
func (a *API) SigGenApply(handle Handle, sigGenEnabled, sweepEnabled, triggerEnabled, automaticClockOptimisationEnabled, overrideAutomaticClockAndPrescale int16, frequency, stopFrequency, frequencyIncrement, dwellTime float64) (usedFrequency, usedStopFrequency, usedFrequencyIncrement, usedDwellTime float64, status picosdk.Status) {
	f, stop, inc, dwell := C.double(frequency), C.double(stopFrequency), C.double(frequencyIncrement), C.double(dwellTime)
	s := C.ps6000a_SigGenApply(&a.c, C.int16_t(handle), C.int16_t(sigGenEnabled), C.int16_t(sweepEnabled), C.int16_t(triggerEnabled), C.int16_t(automaticClockOptimisationEnabled), C.int16_t(overrideAutomaticClockAndPrescale), &f, &stop, &inc, &dwell)
	return float64(f), float64(stop), float64(inc), float64(dwell), picosdk.Status(s)
}

// SigGenLimits returns the limits of one parameter of the generator.
func (a *API) SigGenLimits(handle Handle, parameter uint32) (minimumPermissibleValue, maximumPermissibleValue, step float64, status picosdk.Status) {
	var lo, hi, st C.double
	s := C.ps6000a_SigGenLimits(&a.c, C.int16_t(handle), C.PICO_SIGGEN_PARAMETER(parameter), &lo, &hi, &st)
	return float64(lo), float64(hi), float64(st), picosdk.Status(s)
}

// SigGenFrequencyLimits returns the limits of a waveform. nil is NULL; the library may write to what pointers point at.
func (a *API) SigGenFrequencyLimits(handle Handle, waveType uint32, numSamples *uint64, startFrequency *float64, sweepEnabled int16, manualDacClockFrequency *float64, manualPrescaleRatio *uint64) (FrequencyLimits, picosdk.Status) {
	var maxStop, minStep, maxStep, minDwell, maxDwell C.double
	s := C.ps6000a_SigGenFrequencyLimits(&a.c, C.int16_t(handle), C.PICO_WAVE_TYPE(waveType), (*C.uint64_t)(numSamples), (*C.double)(startFrequency), C.int16_t(sweepEnabled), (*C.double)(manualDacClockFrequency), (*C.uint64_t)(manualPrescaleRatio), &maxStop, &minStep, &maxStep, &minDwell, &maxDwell)
	return FrequencyLimits{float64(maxStop), float64(minStep), float64(maxStep), float64(minDwell), float64(maxDwell)}, picosdk.Status(s)
}

// SigGenPause holds the output.
func (a *API) SigGenPause(handle Handle) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenPause(&a.c, C.int16_t(handle)))
}

// SigGenRestart ends SigGenPause.
func (a *API) SigGenRestart(handle Handle) picosdk.Status {
	return picosdk.Status(C.ps6000a_SigGenRestart(&a.c, C.int16_t(handle)))
}
