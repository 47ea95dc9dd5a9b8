//go:build cgo

package capi

// #include "ps6000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// SetSimpleTrigger arms a level trigger on one source, or none with enable 0. threshold is counts of the present range,
// delay is samples, autoTriggerMicroSeconds is microseconds (0: wait for ever). It cancels the other trigger settings.
func (a *API) SetSimpleTrigger(handle Handle, enable int16, source uint32, threshold int16, direction uint32, delay uint64, autoTriggerMicroSeconds uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetSimpleTrigger(&a.c, C.int16_t(handle), C.int16_t(enable), C.PICO_CHANNEL(source), C.int16_t(threshold), C.PICO_THRESHOLD_DIRECTION(direction), C.uint64_t(delay), C.uint32_t(autoTriggerMicroSeconds)))
}

// SetTriggerChannelProperties sets thresholds per source; nil switches them off.
func (a *API) SetTriggerChannelProperties(handle Handle, channelProperties []TriggerChannelProperties, auxOutputEnable int16, autoTriggerMicroSeconds uint32) picosdk.Status {
	b := pack(channelProperties)
	return picosdk.Status(C.ps6000a_SetTriggerChannelProperties(&a.c, C.int16_t(handle), (*C.PICO_TRIGGER_CHANNEL_PROPERTIES)(unsafe.Pointer(first(b))), C.int16_t(count16(len(channelProperties))), C.int16_t(auxOutputEnable), C.uint32_t(autoTriggerMicroSeconds)))
}

// SetTriggerChannelConditions sets sources that have to hold together. action is 1 to clear what was set, 2 to add an
// alternative, 3 for both.
func (a *API) SetTriggerChannelConditions(handle Handle, conditions []Condition, action uint32) picosdk.Status {
	b := pack(conditions)
	return picosdk.Status(C.ps6000a_SetTriggerChannelConditions(&a.c, C.int16_t(handle), (*C.PICO_CONDITION)(unsafe.Pointer(first(b))), C.int16_t(count16(len(conditions))), C.PICO_ACTION(action)))
}

// SetTriggerChannelDirections sets direction and threshold mode per channel.
func (a *API) SetTriggerChannelDirections(handle Handle, directions []Direction) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps6000a_SetTriggerChannelDirections(&a.c, C.int16_t(handle), (*C.PICO_DIRECTION)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}

// SetTriggerDelay sets the samples between the trigger and the first sample after it.
func (a *API) SetTriggerDelay(handle Handle, delay uint64) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetTriggerDelay(&a.c, C.int16_t(handle), C.uint64_t(delay)))
}

// SetTriggerDigitalPortProperties sets the pins of a port's digital trigger; nil switches it off.
func (a *API) SetTriggerDigitalPortProperties(handle Handle, port uint32, directions []DigitalChannelDirections) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps6000a_SetTriggerDigitalPortProperties(&a.c, C.int16_t(handle), C.PICO_CHANNEL(port), (*C.PICO_DIGITAL_CHANNEL_DIRECTIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}

// SetPulseWidthQualifierProperties sets the limits of the width in samples.
func (a *API) SetPulseWidthQualifierProperties(handle Handle, lower, upper, pulseWidthType uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetPulseWidthQualifierProperties(&a.c, C.int16_t(handle), C.uint32_t(lower), C.uint32_t(upper), C.PICO_PULSE_WIDTH_TYPE(pulseWidthType)))
}

// SetPulseWidthQualifierConditions is SetTriggerChannelConditions for the qualifier.
func (a *API) SetPulseWidthQualifierConditions(handle Handle, conditions []Condition, action uint32) picosdk.Status {
	b := pack(conditions)
	return picosdk.Status(C.ps6000a_SetPulseWidthQualifierConditions(&a.c, C.int16_t(handle), (*C.PICO_CONDITION)(unsafe.Pointer(first(b))), C.int16_t(count16(len(conditions))), C.PICO_ACTION(action)))
}

// SetPulseWidthQualifierDirections is SetTriggerChannelDirections for the qualifier.
func (a *API) SetPulseWidthQualifierDirections(handle Handle, directions []Direction) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps6000a_SetPulseWidthQualifierDirections(&a.c, C.int16_t(handle), (*C.PICO_DIRECTION)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}

// SetPulseWidthDigitalPortProperties sets the pins of a port for the qualifier; nil switches them off.
func (a *API) SetPulseWidthDigitalPortProperties(handle Handle, port uint32, directions []DigitalChannelDirections) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps6000a_SetPulseWidthDigitalPortProperties(&a.c, C.int16_t(handle), C.PICO_CHANNEL(port), (*C.PICO_DIGITAL_CHANNEL_DIRECTIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}

// TriggerWithinPreTriggerSamples arms (1) or disables (0) triggers before the pre-trigger samples are complete.
func (a *API) TriggerWithinPreTriggerSamples(handle Handle, state uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_TriggerWithinPreTriggerSamples(&a.c, C.int16_t(handle), C.PICO_TRIGGER_WITHIN_PRE_TRIGGER(state)))
}

// SetOutputEdgeDetect says whether level and window triggers wait for an edge (1) or fire in the state too (0).
func (a *API) SetOutputEdgeDetect(handle Handle, state int16) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetOutputEdgeDetect(&a.c, C.int16_t(handle), C.int16_t(state)))
}

// QueryOutputEdgeDetect reads what SetOutputEdgeDetect set.
func (a *API) QueryOutputEdgeDetect(handle Handle) (int16, picosdk.Status) {
	var v C.int16_t
	s := C.ps6000a_QueryOutputEdgeDetect(&a.c, C.int16_t(handle), &v)
	return int16(v), picosdk.Status(s)
}

// GetTriggerTimeOffset is the time between the trigger and its sample, with the number of the unit.
func (a *API) GetTriggerTimeOffset(handle Handle, segmentIndex uint64) (time int64, timeUnits uint32, status picosdk.Status) {
	var v C.int64_t
	var unit C.PICO_TIME_UNITS
	s := C.ps6000a_GetTriggerTimeOffset(&a.c, C.int16_t(handle), &v, &unit, C.uint64_t(segmentIndex))
	return int64(v), uint32(unit), picosdk.Status(s)
}

// GetValuesTriggerTimeOffsetBulk is GetTriggerTimeOffset for the segments from..to.
func (a *API) GetValuesTriggerTimeOffsetBulk(handle Handle, fromSegmentIndex, toSegmentIndex uint64) (times []int64, timeUnits []uint32, status picosdk.Status) {
	n := span(fromSegmentIndex, toSegmentIndex)
	times, timeUnits = make([]int64, n), make([]uint32, n)
	s := C.ps6000a_GetValuesTriggerTimeOffsetBulk(&a.c, C.int16_t(handle), (*C.int64_t)(first(times)), (*C.PICO_TIME_UNITS)(first(timeUnits)), C.uint64_t(fromSegmentIndex), C.uint64_t(toSegmentIndex))
	return times, timeUnits, picosdk.Status(s)
}

// GetTriggerInfo fills in when segments were triggered, one element each from firstSegmentIndex on, and their status bits.
func (a *API) GetTriggerInfo(handle Handle, triggerInfo []TriggerInfo, firstSegmentIndex uint64) picosdk.Status {
	b := pack(triggerInfo)
	s := C.ps6000a_GetTriggerInfo(&a.c, C.int16_t(handle), (*C.PICO_TRIGGER_INFO)(unsafe.Pointer(first(b))), C.uint64_t(firstSegmentIndex), C.uint64_t(len(triggerInfo)))
	unpack(triggerInfo, b)
	return picosdk.Status(s)
}
