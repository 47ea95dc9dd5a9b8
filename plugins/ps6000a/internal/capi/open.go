//go:build cgo

package capi

// #include "ps6000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// EnumerateUnits lists the units that nobody has open, separated by commas. options are the library's flags ("-v" and so on,
// empty for none), serialLth is the room for the answer in bytes; needed is the length the library wants, NUL included.
// It takes seconds.
func (a *API) EnumerateUnits(options string, serialLth int16) (count int16, serials string, needed int16, status picosdk.Status) {
	var n C.int16_t
	lth := C.int16_t(serialLth)
	b := make([]int8, max(serialLth, 0))
	fill(b, options)
	s := C.ps6000a_EnumerateUnits(&a.c, &n, (*C.int8_t)(first(b)), &lth)
	return int16(n), text(b), int16(lth), picosdk.Status(s)
}

// OpenUnit opens the unit of that serial number, the first free one if it is empty. The handle is valid if positive,
// whatever the status; 0 is none found, -1 is found but not opened. It takes seconds.
func (a *API) OpenUnit(serial string, resolution uint32) (Handle, picosdk.Status) {
	var h C.int16_t
	s := C.ps6000a_OpenUnit(&a.c, &h, cstring(serial), C.PICO_DEVICE_RESOLUTION(resolution))
	return Handle(h), picosdk.Status(s)
}

// OpenUnitAsync begins to open a unit; started is 0 if another open is under way.
func (a *API) OpenUnitAsync(serial string, resolution uint32) (started int16, status picosdk.Status) {
	var v C.int16_t
	s := C.ps6000a_OpenUnitAsync(&a.c, &v, cstring(serial), C.PICO_DEVICE_RESOLUTION(resolution))
	return int16(v), picosdk.Status(s)
}

// OpenUnitProgress tells how far OpenUnitAsync is; with complete 1 handle and status mean what they mean for OpenUnit.
func (a *API) OpenUnitProgress() (handle Handle, progressPercent, complete int16, status picosdk.Status) {
	var h, p, c C.int16_t
	s := C.ps6000a_OpenUnitProgress(&a.c, &h, &p, &c)
	return Handle(h), int16(p), int16(c), picosdk.Status(s)
}

// GetUnitInfo returns one text about the unit. It asks the library for the size first.
func (a *API) GetUnitInfo(handle Handle, info uint32) (string, picosdk.Status) {
	var need C.int16_t
	s := C.ps6000a_GetUnitInfo(&a.c, C.int16_t(handle), nil, 0, &need, C.uint32_t(info))
	if s != 0 || need <= 0 {
		return "", picosdk.Status(s)
	}
	b := make([]int8, need)
	s = C.ps6000a_GetUnitInfo(&a.c, C.int16_t(handle), (*C.int8_t)(first(b)), need, &need, C.uint32_t(info))
	return text(b), picosdk.Status(s)
}

// GetAccessoryInfo is GetUnitInfo for a probe or pod.
func (a *API) GetAccessoryInfo(handle Handle, channel, info uint32) (string, picosdk.Status) {
	var need C.int16_t
	s := C.ps6000a_GetAccessoryInfo(&a.c, C.int16_t(handle), C.PICO_CHANNEL(channel), nil, 0, &need, C.uint32_t(info))
	if s != 0 || need <= 0 {
		return "", picosdk.Status(s)
	}
	b := make([]int8, need)
	s = C.ps6000a_GetAccessoryInfo(&a.c, C.int16_t(handle), C.PICO_CHANNEL(channel), (*C.int8_t)(first(b)), need, &need, C.uint32_t(info))
	return text(b), picosdk.Status(s)
}

// FlashLed flashes the LED start times, for ever if negative, not at all if 0.
func (a *API) FlashLed(handle Handle, start int16) picosdk.Status {
	return picosdk.Status(C.ps6000a_FlashLed(&a.c, C.int16_t(handle), C.int16_t(start)))
}

// PingUnit checks the connection. Not while streaming.
func (a *API) PingUnit(handle Handle) picosdk.Status {
	return picosdk.Status(C.ps6000a_PingUnit(&a.c, C.int16_t(handle)))
}

// CloseUnit stops and releases the unit. It may hang on a unit that is gone.
func (a *API) CloseUnit(handle Handle) picosdk.Status {
	return picosdk.Status(C.ps6000a_CloseUnit(&a.c, C.int16_t(handle)))
}

// SetDeviceResolution sets the converter's resolution, on which limits, timebases and channels depend.
func (a *API) SetDeviceResolution(handle Handle, resolution uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetDeviceResolution(&a.c, C.int16_t(handle), C.PICO_DEVICE_RESOLUTION(resolution)))
}

// GetDeviceResolution reads the converter's resolution.
func (a *API) GetDeviceResolution(handle Handle) (uint32, picosdk.Status) {
	var v C.PICO_DEVICE_RESOLUTION
	s := C.ps6000a_GetDeviceResolution(&a.c, C.int16_t(handle), &v)
	return uint32(v), picosdk.Status(s)
}

// GetAdcLimits returns the lowest and the highest count of the converter at a resolution.
func (a *API) GetAdcLimits(handle Handle, resolution uint32) (minValue, maxValue int16, status picosdk.Status) {
	var lo, hi C.int16_t
	s := C.ps6000a_GetAdcLimits(&a.c, C.int16_t(handle), C.PICO_DEVICE_RESOLUTION(resolution), &lo, &hi)
	return int16(lo), int16(hi), picosdk.Status(s)
}

// GetScalingValues completes scalingValues in place: scale and offset of unscaled 8-bit data.
func (a *API) GetScalingValues(handle Handle, scalingValues []ScalingFactorsValues) picosdk.Status {
	b := pack(scalingValues)
	s := C.ps6000a_GetScalingValues(&a.c, C.int16_t(handle), (*C.PICO_SCALING_FACTORS_VALUES)(unsafe.Pointer(first(b))), C.int16_t(count16(len(scalingValues))))
	unpack(scalingValues, b)
	return picosdk.Status(s)
}

// cstring is the text with its NUL in memory that the library may write to until the call returns; NULL if empty.
func cstring(s string) *C.int8_t {
	if s == "" {
		return nil
	}
	b := make([]int8, len(s)+1)
	fill(b, s)
	return (*C.int8_t)(first(b))
}
