//go:build cgo

package capi

// #include "ps5000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// SetSimpleTrigger arms a level trigger on one channel, or none with enable 0. threshold is counts of the present range,
// delay is samples, autoTriggerMs is milliseconds (0: wait for ever). It cancels the other trigger settings.
func (a *API) SetSimpleTrigger(handle Handle, enable int16, channel uint32, threshold int16, direction, delay uint32, autoTriggerMs int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetSimpleTrigger(&a.c, C.int16_t(handle), C.int16_t(enable), C.PS5000A_CHANNEL(channel), C.int16_t(threshold), C.PS5000A_THRESHOLD_DIRECTION(direction), C.uint32_t(delay), C.int16_t(autoTriggerMs)))
}

// SetTriggerChannelProperties (first form) sets thresholds per source; nil switches them off.
func (a *API) SetTriggerChannelProperties(handle Handle, channelProperties []TriggerChannelProperties, auxOutputEnable int16, autoTriggerMilliseconds int32) picosdk.Status {
	b := pack(channelProperties)
	return picosdk.Status(C.ps5000a_SetTriggerChannelProperties(&a.c, C.int16_t(handle), (*C.PS5000A_TRIGGER_CHANNEL_PROPERTIES)(unsafe.Pointer(first(b))), C.int16_t(count16(len(channelProperties))), C.int16_t(auxOutputEnable), C.int32_t(autoTriggerMilliseconds)))
}

// SetTriggerChannelConditions (first form) sets what fires: any of the elements. nil switches the trigger off.
func (a *API) SetTriggerChannelConditions(handle Handle, conditions []TriggerConditions) picosdk.Status {
	b := pack(conditions)
	return picosdk.Status(C.ps5000a_SetTriggerChannelConditions(&a.c, C.int16_t(handle), (*C.PS5000A_TRIGGER_CONDITIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(conditions)))))
}

// SetTriggerChannelDirections (first form) sets the direction of each source.
func (a *API) SetTriggerChannelDirections(handle Handle, channelA, channelB, channelC, channelD, ext, aux uint32) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetTriggerChannelDirections(&a.c, C.int16_t(handle),
		C.PS5000A_THRESHOLD_DIRECTION(channelA), C.PS5000A_THRESHOLD_DIRECTION(channelB), C.PS5000A_THRESHOLD_DIRECTION(channelC),
		C.PS5000A_THRESHOLD_DIRECTION(channelD), C.PS5000A_THRESHOLD_DIRECTION(ext), C.PS5000A_THRESHOLD_DIRECTION(aux)))
}

// SetTriggerDelay sets the samples between the trigger and the first sample after it.
func (a *API) SetTriggerDelay(handle Handle, delay uint32) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetTriggerDelay(&a.c, C.int16_t(handle), C.uint32_t(delay)))
}

// SetPulseWidthQualifier (first form) sets the whole qualifier; lower and upper are samples. nil switches it off.
func (a *API) SetPulseWidthQualifier(handle Handle, conditions []PWQConditions, direction, lower, upper, pulseWidthType uint32) picosdk.Status {
	b := pack(conditions)
	return picosdk.Status(C.ps5000a_SetPulseWidthQualifier(&a.c, C.int16_t(handle), (*C.PS5000A_PWQ_CONDITIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(conditions))), C.PS5000A_THRESHOLD_DIRECTION(direction), C.uint32_t(lower), C.uint32_t(upper), C.PS5000A_PULSE_WIDTH_TYPE(pulseWidthType)))
}

// TriggerWithinPreTriggerSamples arms (1) or disables (0) triggers before the pre-trigger samples are complete.
func (a *API) TriggerWithinPreTriggerSamples(handle Handle, state uint32) picosdk.Status {
	return picosdk.Status(C.ps5000a_TriggerWithinPreTriggerSamples(&a.c, C.int16_t(handle), C.PS5000A_TRIGGER_WITHIN_PRE_TRIGGER(state)))
}

// IsTriggerOrPulseWidthQualifierEnabled tells whether they are on for the next run, which is not yet armed.
func (a *API) IsTriggerOrPulseWidthQualifierEnabled(handle Handle) (triggerEnabled, pulseWidthQualifierEnabled int16, status picosdk.Status) {
	var t, p C.int16_t
	s := C.ps5000a_IsTriggerOrPulseWidthQualifierEnabled(&a.c, C.int16_t(handle), &t, &p)
	return int16(t), int16(p), picosdk.Status(s)
}

// SetOutputEdgeDetect says whether level and window triggers wait for an edge (1) or fire in the state too (0).
func (a *API) SetOutputEdgeDetect(handle Handle, state int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetOutputEdgeDetect(&a.c, C.int16_t(handle), C.int16_t(state)))
}

// QueryOutputEdgeDetect reads what SetOutputEdgeDetect set.
func (a *API) QueryOutputEdgeDetect(handle Handle) (int16, picosdk.Status) {
	var v C.int16_t
	s := C.ps5000a_QueryOutputEdgeDetect(&a.c, C.int16_t(handle), &v)
	return int16(v), picosdk.Status(s)
}

// GetTriggerTimeOffset is the time between the trigger and its sample in two halves, with the number of the unit.
func (a *API) GetTriggerTimeOffset(handle Handle, segmentIndex uint32) (timeUpper, timeLower, timeUnits uint32, status picosdk.Status) {
	var hi, lo C.uint32_t
	var unit C.PS5000A_TIME_UNITS
	s := C.ps5000a_GetTriggerTimeOffset(&a.c, C.int16_t(handle), &hi, &lo, &unit, C.uint32_t(segmentIndex))
	return uint32(hi), uint32(lo), uint32(unit), picosdk.Status(s)
}

// GetTriggerTimeOffset64 is the time between the trigger and its sample, with the number of the unit.
func (a *API) GetTriggerTimeOffset64(handle Handle, segmentIndex uint32) (time int64, timeUnits uint32, status picosdk.Status) {
	var v C.int64_t
	var unit C.PS5000A_TIME_UNITS
	s := C.ps5000a_GetTriggerTimeOffset64(&a.c, C.int16_t(handle), &v, &unit, C.uint32_t(segmentIndex))
	return int64(v), uint32(unit), picosdk.Status(s)
}

// GetValuesTriggerTimeOffsetBulk is GetTriggerTimeOffset for the segments from..to.
func (a *API) GetValuesTriggerTimeOffsetBulk(handle Handle, fromSegmentIndex, toSegmentIndex uint32) (timesUpper, timesLower, timeUnits []uint32, status picosdk.Status) {
	n := span(fromSegmentIndex, toSegmentIndex)
	timesUpper, timesLower, timeUnits = make([]uint32, n), make([]uint32, n), make([]uint32, n)
	s := C.ps5000a_GetValuesTriggerTimeOffsetBulk(&a.c, C.int16_t(handle), (*C.uint32_t)(first(timesUpper)), (*C.uint32_t)(first(timesLower)), (*C.PS5000A_TIME_UNITS)(first(timeUnits)), C.uint32_t(fromSegmentIndex), C.uint32_t(toSegmentIndex))
	return timesUpper, timesLower, timeUnits, picosdk.Status(s)
}

// GetValuesTriggerTimeOffsetBulk64 is GetTriggerTimeOffset64 for the segments from..to.
func (a *API) GetValuesTriggerTimeOffsetBulk64(handle Handle, fromSegmentIndex, toSegmentIndex uint32) (times []int64, timeUnits []uint32, status picosdk.Status) {
	n := span(fromSegmentIndex, toSegmentIndex)
	times, timeUnits = make([]int64, n), make([]uint32, n)
	s := C.ps5000a_GetValuesTriggerTimeOffsetBulk64(&a.c, C.int16_t(handle), (*C.int64_t)(first(times)), (*C.PS5000A_TIME_UNITS)(first(timeUnits)), C.uint32_t(fromSegmentIndex), C.uint32_t(toSegmentIndex))
	return times, timeUnits, picosdk.Status(s)
}

// GetTriggerInfoBulk returns when the segments from..to were triggered, and their status bits.
func (a *API) GetTriggerInfoBulk(handle Handle, fromSegmentIndex, toSegmentIndex uint32) (triggerInfo []TriggerInfo, status picosdk.Status) {
	triggerInfo = make([]TriggerInfo, span(fromSegmentIndex, toSegmentIndex))
	b := pack(triggerInfo)
	s := C.ps5000a_GetTriggerInfoBulk(&a.c, C.int16_t(handle), (*C.PS5000A_TRIGGER_INFO)(unsafe.Pointer(first(b))), C.uint32_t(fromSegmentIndex), C.uint32_t(toSegmentIndex))
	unpack(triggerInfo, b)
	return triggerInfo, picosdk.Status(s)
}
