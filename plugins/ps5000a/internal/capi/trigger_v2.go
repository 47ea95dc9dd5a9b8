//go:build cgo

package capi

// #include "ps5000a.h"
import "C"

import (
	"math"
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// The second form of the triggers: lists of sources. It must not be mixed with the first in one set-up.

// SetTriggerChannelPropertiesV2 sets thresholds per source; nil switches them off.
func (a *API) SetTriggerChannelPropertiesV2(handle Handle, channelProperties []TriggerChannelPropertiesV2, auxOutputEnable int16) picosdk.Status {
	b := pack(channelProperties)
	return picosdk.Status(C.ps5000a_SetTriggerChannelPropertiesV2(&a.c, C.int16_t(handle), (*C.PS5000A_TRIGGER_CHANNEL_PROPERTIES_V2)(unsafe.Pointer(first(b))), C.int16_t(count16(len(channelProperties))), C.int16_t(auxOutputEnable)))
}

// SetTriggerChannelConditionsV2 sets sources that have to hold together. info is 1 to clear what was set, 2 to add an
// alternative, 3 for both.
func (a *API) SetTriggerChannelConditionsV2(handle Handle, conditions []Condition, info uint32) picosdk.Status {
	b := pack(conditions)
	return picosdk.Status(C.ps5000a_SetTriggerChannelConditionsV2(&a.c, C.int16_t(handle), (*C.PS5000A_CONDITION)(unsafe.Pointer(first(b))), C.int16_t(count16(len(conditions))), C.PS5000A_CONDITIONS_INFO(info)))
}

// SetTriggerChannelDirectionsV2 sets direction and threshold mode per source.
func (a *API) SetTriggerChannelDirectionsV2(handle Handle, directions []Direction) picosdk.Status {
	if len(directions) > math.MaxUint16 {
		panic("capi: more than 65535 directions")
	}
	b := pack(directions)
	return picosdk.Status(C.ps5000a_SetTriggerChannelDirectionsV2(&a.c, C.int16_t(handle), (*C.PS5000A_DIRECTION)(unsafe.Pointer(first(b))), C.uint16_t(len(directions))))
}

// SetAutoTriggerMicroSeconds sets how long to wait for a trigger; 0 is for ever.
func (a *API) SetAutoTriggerMicroSeconds(handle Handle, autoTriggerMicroseconds uint64) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetAutoTriggerMicroSeconds(&a.c, C.int16_t(handle), C.uint64_t(autoTriggerMicroseconds)))
}

// SetPulseWidthQualifierProperties sets the limits of the width in samples.
func (a *API) SetPulseWidthQualifierProperties(handle Handle, lower, upper, pulseWidthType uint32) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetPulseWidthQualifierProperties(&a.c, C.int16_t(handle), C.uint32_t(lower), C.uint32_t(upper), C.PS5000A_PULSE_WIDTH_TYPE(pulseWidthType)))
}

// SetPulseWidthQualifierConditions is SetTriggerChannelConditionsV2 for the qualifier.
func (a *API) SetPulseWidthQualifierConditions(handle Handle, conditions []Condition, info uint32) picosdk.Status {
	b := pack(conditions)
	return picosdk.Status(C.ps5000a_SetPulseWidthQualifierConditions(&a.c, C.int16_t(handle), (*C.PS5000A_CONDITION)(unsafe.Pointer(first(b))), C.int16_t(count16(len(conditions))), C.PS5000A_CONDITIONS_INFO(info)))
}

// SetPulseWidthQualifierDirections is SetTriggerChannelDirectionsV2 for the qualifier.
func (a *API) SetPulseWidthQualifierDirections(handle Handle, directions []Direction) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps5000a_SetPulseWidthQualifierDirections(&a.c, C.int16_t(handle), (*C.PS5000A_DIRECTION)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}

// SetTriggerDigitalPortProperties sets the pins of the digital trigger; nil switches it off.
func (a *API) SetTriggerDigitalPortProperties(handle Handle, directions []DigitalChannelDirections) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps5000a_SetTriggerDigitalPortProperties(&a.c, C.int16_t(handle), (*C.PS5000A_DIGITAL_CHANNEL_DIRECTIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}

// SetPulseWidthDigitalPortProperties sets the pins of the qualifier; nil switches them off.
func (a *API) SetPulseWidthDigitalPortProperties(handle Handle, directions []DigitalChannelDirections) picosdk.Status {
	b := pack(directions)
	return picosdk.Status(C.ps5000a_SetPulseWidthDigitalPortProperties(&a.c, C.int16_t(handle), (*C.PS5000A_DIGITAL_CHANNEL_DIRECTIONS)(unsafe.Pointer(first(b))), C.int16_t(count16(len(directions)))))
}
