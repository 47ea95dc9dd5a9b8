//go:build cgo

package capi

// #include "ps2000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// SetSimpleTrigger arms a level trigger on one source, or none with enable 0. threshold is counts of the present range,
// delay is samples, autoTriggerMs is milliseconds (0: wait for ever). It cancels the other trigger settings.
func (a *API) SetSimpleTrigger(handle Handle, enable int16, source uint32, threshold int16, direction, delay uint32, autoTriggerMs int16) picosdk.Status {
	return picosdk.Status(C.ps2000a_SetSimpleTrigger(&a.c, C.int16_t(handle), C.int16_t(enable), C.PS2000A_CHANNEL(source), C.int16_t(threshold), C.PS2000A_THRESHOLD_DIRECTION(direction), C.uint32_t(delay), C.int16_t(autoTriggerMs)))
}

// SetTriggerChannelProperties sets thresholds per source; nil switches them off.
func (a *API) SetTriggerChannelProperties(handle Handle, channelProperties []TriggerChannelProperties, auxOutputEnable int16, autoTriggerMilliseconds int32) picosdk.Status {
	b := pack(channelProperties)
	return picosdk.Status(C.ps2000a_SetTriggerChannelProperties(&a.c, C.int16_t(handle), (*C.PS2000A_TRIGGER_CHANNEL_PROPERTIES)(unsafe.Pointer(first(b))), C.int16_t(count16(len(channelProperties))), C.int16_t(auxOutputEnable), C.int32_t(autoTriggerMilliseconds)))
}

// SetTriggerChannelConditions sets what fires: any of the elements. nil switches the trigger off.
func (a *API) SetTriggerChannelConditions(handle Handle, conditions []TriggerConditions) picosdk.Status {
	b := pack(conditions)
	return picosdk.Status(C.ps2000a_SetTriggerChannelConditions(&a.c, C.int16_t(handle), (*C.PS2000A_TRIGGER_CONDITIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(conditions)))))
}

// SetTriggerChannelDirections sets the direction of each source.
func (a *API) SetTriggerChannelDirections(handle Handle, channelA, channelB, channelC, channelD, ext, aux uint32) picosdk.Status {
	return picosdk.Status(C.ps2000a_SetTriggerChannelDirections(&a.c, C.int16_t(handle),
		C.PS2000A_THRESHOLD_DIRECTION(channelA), C.PS2000A_THRESHOLD_DIRECTION(channelB), C.PS2000A_THRESHOLD_DIRECTION(channelC),
		C.PS2000A_THRESHOLD_DIRECTION(channelD), C.PS2000A_THRESHOLD_DIRECTION(ext), C.PS2000A_THRESHOLD_DIRECTION(aux)))
}

// SetTriggerDelay sets the samples between the trigger and the first sample after it.
func (a *API) SetTriggerDelay(handle Handle, delay uint32) picosdk.Status {
	return picosdk.Status(C.ps2000a_SetTriggerDelay(&a.c, C.int16_t(handle), C.uint32_t(delay)))
}

// SetTriggerDigitalPortProperties sets the pins of the digital trigger; nil switches it off.
func (a *API) SetTriggerDigitalPortProperties(handle Handle, directions []DigitalChannelDirections) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps2000a_SetTriggerDigitalPortProperties(&a.c, C.int16_t(handle), (*C.PS2000A_DIGITAL_CHANNEL_DIRECTIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}

// SetDigitalAnalogTriggerOperand says how the digital and the analogue trigger combine.
func (a *API) SetDigitalAnalogTriggerOperand(handle Handle, operand uint32) picosdk.Status {
	return picosdk.Status(C.ps2000a_SetDigitalAnalogTriggerOperand(&a.c, C.int16_t(handle), C.PS2000A_TRIGGER_OPERAND(operand)))
}

// SetPulseWidthQualifier sets the whole qualifier; lower and upper are samples. nil switches it off.
func (a *API) SetPulseWidthQualifier(handle Handle, conditions []PWQConditions, direction, lower, upper, pulseWidthType uint32) picosdk.Status {
	b := pack(conditions)
	return picosdk.Status(C.ps2000a_SetPulseWidthQualifier(&a.c, C.int16_t(handle), (*C.PS2000A_PWQ_CONDITIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(conditions))), C.PS2000A_THRESHOLD_DIRECTION(direction), C.uint32_t(lower), C.uint32_t(upper), C.PS2000A_PULSE_WIDTH_TYPE(pulseWidthType)))
}

// SetPulseWidthDigitalPortProperties sets the pins of the qualifier; nil switches them off.
func (a *API) SetPulseWidthDigitalPortProperties(handle Handle, directions []DigitalChannelDirections) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps2000a_SetPulseWidthDigitalPortProperties(&a.c, C.int16_t(handle), (*C.PS2000A_DIGITAL_CHANNEL_DIRECTIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}

// IsTriggerOrPulseWidthQualifierEnabled tells whether they are on for the next run, which is not yet armed.
func (a *API) IsTriggerOrPulseWidthQualifierEnabled(handle Handle) (triggerEnabled, pulseWidthQualifierEnabled int16, status picosdk.Status) {
	var t, p C.int16_t
	s := C.ps2000a_IsTriggerOrPulseWidthQualifierEnabled(&a.c, C.int16_t(handle), &t, &p)
	return int16(t), int16(p), picosdk.Status(s)
}

// SetOutputEdgeDetect says whether level and window triggers wait for an edge (1) or fire in the state too (0).
func (a *API) SetOutputEdgeDetect(handle Handle, state int16) picosdk.Status {
	return picosdk.Status(C.ps2000a_SetOutputEdgeDetect(&a.c, C.int16_t(handle), C.int16_t(state)))
}

// QueryOutputEdgeDetect reads what SetOutputEdgeDetect set.
func (a *API) QueryOutputEdgeDetect(handle Handle) (int16, picosdk.Status) {
	var v C.int16_t
	s := C.ps2000a_QueryOutputEdgeDetect(&a.c, C.int16_t(handle), &v)
	return int16(v), picosdk.Status(s)
}

// HoldOff is reserved by the vendor and has no effect.
func (a *API) HoldOff(handle Handle, holdoff uint64, holdoffType uint32) picosdk.Status {
	return picosdk.Status(C.ps2000a_HoldOff(&a.c, C.int16_t(handle), C.uint64_t(holdoff), C.PS2000A_HOLDOFF_TYPE(holdoffType)))
}

// GetTriggerTimeOffset is the time between the trigger and its sample in two halves, with the number of the unit.
func (a *API) GetTriggerTimeOffset(handle Handle, segmentIndex uint32) (timeUpper, timeLower, timeUnits uint32, status picosdk.Status) {
	var hi, lo C.uint32_t
	var unit C.PS2000A_TIME_UNITS
	s := C.ps2000a_GetTriggerTimeOffset(&a.c, C.int16_t(handle), &hi, &lo, &unit, C.uint32_t(segmentIndex))
	return uint32(hi), uint32(lo), uint32(unit), picosdk.Status(s)
}

// GetTriggerTimeOffset64 is the time between the trigger and its sample, with the number of the unit.
func (a *API) GetTriggerTimeOffset64(handle Handle, segmentIndex uint32) (time int64, timeUnits uint32, status picosdk.Status) {
	var v C.int64_t
	var unit C.PS2000A_TIME_UNITS
	s := C.ps2000a_GetTriggerTimeOffset64(&a.c, C.int16_t(handle), &v, &unit, C.uint32_t(segmentIndex))
	return int64(v), uint32(unit), picosdk.Status(s)
}

// GetValuesTriggerTimeOffsetBulk is GetTriggerTimeOffset for the segments from..to.
func (a *API) GetValuesTriggerTimeOffsetBulk(handle Handle, fromSegmentIndex, toSegmentIndex uint32) (timesUpper, timesLower, timeUnits []uint32, status picosdk.Status) {
	n := span(fromSegmentIndex, toSegmentIndex)
	timesUpper, timesLower, timeUnits = make([]uint32, n), make([]uint32, n), make([]uint32, n)
	s := C.ps2000a_GetValuesTriggerTimeOffsetBulk(&a.c, C.int16_t(handle), (*C.uint32_t)(first(timesUpper)), (*C.uint32_t)(first(timesLower)), (*C.PS2000A_TIME_UNITS)(first(timeUnits)), C.uint32_t(fromSegmentIndex), C.uint32_t(toSegmentIndex))
	return timesUpper, timesLower, timeUnits, picosdk.Status(s)
}

// GetValuesTriggerTimeOffsetBulk64 is GetTriggerTimeOffset64 for the segments from..to.
func (a *API) GetValuesTriggerTimeOffsetBulk64(handle Handle, fromSegmentIndex, toSegmentIndex uint32) (times []int64, timeUnits []uint32, status picosdk.Status) {
	n := span(fromSegmentIndex, toSegmentIndex)
	times, timeUnits = make([]int64, n), make([]uint32, n)
	s := C.ps2000a_GetValuesTriggerTimeOffsetBulk64(&a.c, C.int16_t(handle), (*C.int64_t)(first(times)), (*C.PS2000A_TIME_UNITS)(first(timeUnits)), C.uint32_t(fromSegmentIndex), C.uint32_t(toSegmentIndex))
	return times, timeUnits, picosdk.Status(s)
}
