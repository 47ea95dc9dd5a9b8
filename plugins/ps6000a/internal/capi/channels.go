//go:build cgo

package capi

// #include "ps6000a.h"
import "C"

import (
	"math"
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// SetChannelOn switches an analogue channel on and sets it up; analogueOffset is volts.
func (a *API) SetChannelOn(handle Handle, channel, coupling, voltageRange uint32, analogueOffset float64, bandwidth uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetChannelOn(&a.c, C.int16_t(handle), C.PICO_CHANNEL(channel), C.PICO_COUPLING(coupling), C.PICO_CONNECT_PROBE_RANGE(voltageRange), C.double(analogueOffset), C.PICO_BANDWIDTH_LIMITER(bandwidth)))
}

// SetChannelOff switches an analogue channel off.
func (a *API) SetChannelOff(handle Handle, channel uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetChannelOff(&a.c, C.int16_t(handle), C.PICO_CHANNEL(channel)))
}

// SetDigitalPortOn switches a port on; logicThresholdLevel has one level per pin, -32767..32767 for -8 V..+8 V.
func (a *API) SetDigitalPortOn(handle Handle, port uint32, logicThresholdLevel []int16, hysteresis uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetDigitalPortOn(&a.c, C.int16_t(handle), C.PICO_CHANNEL(port), (*C.int16_t)(first(logicThresholdLevel)), C.int16_t(count16(len(logicThresholdLevel))), C.PICO_DIGITAL_PORT_HYSTERESIS(hysteresis)))
}

// SetDigitalPortOff switches a port off.
func (a *API) SetDigitalPortOff(handle Handle, port uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetDigitalPortOff(&a.c, C.int16_t(handle), C.PICO_CHANNEL(port)))
}

// GetAnalogueOffsetLimits returns the limits of the offset in volts.
func (a *API) GetAnalogueOffsetLimits(handle Handle, voltageRange, coupling uint32) (maximumVoltage, minimumVoltage float64, status picosdk.Status) {
	var hi, lo C.double
	s := C.ps6000a_GetAnalogueOffsetLimits(&a.c, C.int16_t(handle), C.PICO_CONNECT_PROBE_RANGE(voltageRange), C.PICO_COUPLING(coupling), &hi, &lo)
	return float64(hi), float64(lo), picosdk.Status(s)
}

// SetAuxIoMode sets what the auxiliary connector does.
func (a *API) SetAuxIoMode(handle Handle, auxIoMode uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetAuxIoMode(&a.c, C.int16_t(handle), C.PICO_AUXIO_MODE(auxIoMode)))
}

// ResetChannelsAndReportAllChannelsOvervoltageTripStatus connects tripped inputs again and fills in which had tripped.
// There has to be one element per analogue channel.
func (a *API) ResetChannelsAndReportAllChannelsOvervoltageTripStatus(handle Handle, allChannelsTrippedStatus []ChannelOvervoltageTripped) picosdk.Status {
	b := pack(allChannelsTrippedStatus)
	s := C.ps6000a_ResetChannelsAndReportAllChannelsOvervoltageTripStatus(&a.c, C.int16_t(handle), (*C.PICO_CHANNEL_OVERVOLTAGE_TRIPPED)(unsafe.Pointer(first(b))), count8(len(allChannelsTrippedStatus)))
	unpack(allChannelsTrippedStatus, b)
	return picosdk.Status(s)
}

// ReportAllChannelsOvervoltageTripStatus fills in which inputs have tripped, one element per analogue channel.
func (a *API) ReportAllChannelsOvervoltageTripStatus(handle Handle, allChannelsTrippedStatus []ChannelOvervoltageTripped) picosdk.Status {
	b := pack(allChannelsTrippedStatus)
	s := C.ps6000a_ReportAllChannelsOvervoltageTripStatus(&a.c, C.int16_t(handle), (*C.PICO_CHANNEL_OVERVOLTAGE_TRIPPED)(unsafe.Pointer(first(b))), count8(len(allChannelsTrippedStatus)))
	unpack(allChannelsTrippedStatus, b)
	return picosdk.Status(s)
}

func count8(n int) C.uint8_t {
	if n > math.MaxUint8 {
		panic("capi: more than 255 channels")
	}
	return C.uint8_t(n)
}

// GetTimebase returns the interval of a timebase in nanoseconds, and the room of a segment in samples.
func (a *API) GetTimebase(handle Handle, timebase uint32, noSamples, segmentIndex uint64) (timeIntervalNanoseconds float64, maxSamples uint64, status picosdk.Status) {
	var ns C.double
	var n C.uint64_t
	s := C.ps6000a_GetTimebase(&a.c, C.int16_t(handle), C.uint32_t(timebase), C.uint64_t(noSamples), &ns, &n, C.uint64_t(segmentIndex))
	return float64(ns), uint64(n), picosdk.Status(s)
}

// GetMinimumTimebaseStateless returns the fastest timebase for a set of channels and its interval in seconds.
func (a *API) GetMinimumTimebaseStateless(handle Handle, enabledChannelFlags, resolution uint32) (timebase uint32, timeInterval float64, status picosdk.Status) {
	var n C.uint32_t
	var sec C.double
	s := C.ps6000a_GetMinimumTimebaseStateless(&a.c, C.int16_t(handle), C.PICO_CHANNEL_FLAGS(enabledChannelFlags), &n, &sec, C.PICO_DEVICE_RESOLUTION(resolution))
	return uint32(n), float64(sec), picosdk.Status(s)
}

// NearestSampleIntervalStateless returns the timebase nearest to an interval, and its interval. Both are seconds.
func (a *API) NearestSampleIntervalStateless(handle Handle, enabledChannelFlags uint32, timeIntervalRequested float64, resolution uint32) (timebase uint32, timeIntervalAvailable float64, status picosdk.Status) {
	var n C.uint32_t
	var sec C.double
	s := C.ps6000a_NearestSampleIntervalStateless(&a.c, C.int16_t(handle), C.PICO_CHANNEL_FLAGS(enabledChannelFlags), C.double(timeIntervalRequested), C.PICO_DEVICE_RESOLUTION(resolution), &n, &sec)
	return uint32(n), float64(sec), picosdk.Status(s)
}

// ChannelCombinationsStateless lists the sets of channels that are possible. It asks the library for the number first.
func (a *API) ChannelCombinationsStateless(handle Handle, resolution, timebase uint32) (combinations []uint32, status picosdk.Status) {
	var n C.uint32_t
	s := C.ps6000a_ChannelCombinationsStateless(&a.c, C.int16_t(handle), nil, &n, C.PICO_DEVICE_RESOLUTION(resolution), C.uint32_t(timebase))
	if s != 0 || n == 0 {
		return nil, picosdk.Status(s)
	}
	combinations = make([]uint32, n)
	s = C.ps6000a_ChannelCombinationsStateless(&a.c, C.int16_t(handle), (*C.PICO_CHANNEL_FLAGS)(first(combinations)), &n, C.PICO_DEVICE_RESOLUTION(resolution), C.uint32_t(timebase))
	return combinations[:min(int(n), len(combinations))], picosdk.Status(s)
}

// MemorySegments divides the unit's memory; nMaxSamples is the room of one segment, summed over the channels.
func (a *API) MemorySegments(handle Handle, nSegments uint64) (nMaxSamples uint64, status picosdk.Status) {
	var n C.uint64_t
	s := C.ps6000a_MemorySegments(&a.c, C.int16_t(handle), C.uint64_t(nSegments), &n)
	return uint64(n), picosdk.Status(s)
}

// MemorySegmentsBySamples divides the unit's memory into segments of nSamples and returns their number.
func (a *API) MemorySegmentsBySamples(handle Handle, nSamples uint64) (nMaxSegments uint64, status picosdk.Status) {
	var n C.uint64_t
	s := C.ps6000a_MemorySegmentsBySamples(&a.c, C.int16_t(handle), C.uint64_t(nSamples), &n)
	return uint64(n), picosdk.Status(s)
}

// GetMaximumAvailableMemory is the longest capture in samples at a resolution.
func (a *API) GetMaximumAvailableMemory(handle Handle, resolution uint32) (nMaxSamples uint64, status picosdk.Status) {
	var n C.uint64_t
	s := C.ps6000a_GetMaximumAvailableMemory(&a.c, C.int16_t(handle), &n, C.PICO_DEVICE_RESOLUTION(resolution))
	return uint64(n), picosdk.Status(s)
}

// QueryMaxSegmentsBySamples is the number of segments of nSamples for a number of channels at a resolution.
func (a *API) QueryMaxSegmentsBySamples(handle Handle, nSamples uint64, nChannelEnabled, resolution uint32) (nMaxSegments uint64, status picosdk.Status) {
	var n C.uint64_t
	s := C.ps6000a_QueryMaxSegmentsBySamples(&a.c, C.int16_t(handle), C.uint64_t(nSamples), C.uint32_t(nChannelEnabled), &n, C.PICO_DEVICE_RESOLUTION(resolution))
	return uint64(n), picosdk.Status(s)
}

// SetNoOfCaptures sets the number of waveforms of a rapid block. It stays set.
func (a *API) SetNoOfCaptures(handle Handle, nCaptures uint64) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetNoOfCaptures(&a.c, C.int16_t(handle), C.uint64_t(nCaptures)))
}

// GetNoOfCaptures is the number of waveforms captured.
func (a *API) GetNoOfCaptures(handle Handle) (uint64, picosdk.Status) {
	var n C.uint64_t
	s := C.ps6000a_GetNoOfCaptures(&a.c, C.int16_t(handle), &n)
	return uint64(n), picosdk.Status(s)
}

// GetNoOfProcessedCaptures is the number of waveforms transferred.
func (a *API) GetNoOfProcessedCaptures(handle Handle) (uint64, picosdk.Status) {
	var n C.uint64_t
	s := C.ps6000a_GetNoOfProcessedCaptures(&a.c, C.int16_t(handle), &n)
	return uint64(n), picosdk.Status(s)
}
