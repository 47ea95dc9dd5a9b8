//go:build cgo

package capi

// #include "ps5000a.h"
import "C"

import "github.com/scopelog/scopelog/picosdk"

// SetChannel switches an analogue channel on or off and sets it up; analogOffset is volts.
func (a *API) SetChannel(handle Handle, channel uint32, enabled int16, coupling, voltageRange uint32, analogOffset float32) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetChannel(&a.c, C.int16_t(handle), C.PS5000A_CHANNEL(channel), C.int16_t(enabled), C.PS5000A_COUPLING(coupling), C.PS5000A_RANGE(voltageRange), C.float(analogOffset)))
}

// SetBandwidthFilter sets the bandwidth limiter of a channel.
func (a *API) SetBandwidthFilter(handle Handle, channel, bandwidth uint32) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetBandwidthFilter(&a.c, C.int16_t(handle), C.PS5000A_CHANNEL(channel), C.PS5000A_BANDWIDTH_LIMITER(bandwidth)))
}

// SetDigitalPort switches a port of 8 pins on or off; logicLevel is -32767..32767 for -5 V..+5 V.
func (a *API) SetDigitalPort(handle Handle, port uint32, enabled, logicLevel int16) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetDigitalPort(&a.c, C.int16_t(handle), C.PS5000A_CHANNEL(port), C.int16_t(enabled), C.int16_t(logicLevel)))
}

// GetChannelInformation returns what a channel offers, such as its ranges. It asks the library for the number first.
func (a *API) GetChannelInformation(handle Handle, info uint32, probe, channel int32) (ranges []int32, status picosdk.Status) {
	var n C.int32_t
	s := C.ps5000a_GetChannelInformation(&a.c, C.int16_t(handle), C.PS5000A_CHANNEL_INFO(info), C.int32_t(probe), nil, &n, C.int32_t(channel))
	if s != 0 || n <= 0 {
		return nil, picosdk.Status(s)
	}
	ranges = make([]int32, n)
	s = C.ps5000a_GetChannelInformation(&a.c, C.int16_t(handle), C.PS5000A_CHANNEL_INFO(info), C.int32_t(probe), (*C.int32_t)(first(ranges)), &n, C.int32_t(channel))
	return ranges[:min(max(int(n), 0), len(ranges))], picosdk.Status(s)
}

// GetAnalogueOffset returns the limits of the offset in volts.
func (a *API) GetAnalogueOffset(handle Handle, voltageRange, coupling uint32) (maximumVoltage, minimumVoltage float32, status picosdk.Status) {
	var hi, lo C.float
	s := C.ps5000a_GetAnalogueOffset(&a.c, C.int16_t(handle), C.PS5000A_RANGE(voltageRange), C.PS5000A_COUPLING(coupling), &hi, &lo)
	return float32(hi), float32(lo), picosdk.Status(s)
}

// GetTimebase returns the interval of a timebase in whole nanoseconds, cut off, and the room of a segment in samples.
func (a *API) GetTimebase(handle Handle, timebase uint32, noSamples int32, segmentIndex uint32) (timeIntervalNanoseconds, maxSamples int32, status picosdk.Status) {
	var ns, n C.int32_t
	s := C.ps5000a_GetTimebase(&a.c, C.int16_t(handle), C.uint32_t(timebase), C.int32_t(noSamples), &ns, &n, C.uint32_t(segmentIndex))
	return int32(ns), int32(n), picosdk.Status(s)
}

// GetTimebase2 is GetTimebase with fractions of nanoseconds.
func (a *API) GetTimebase2(handle Handle, timebase uint32, noSamples int32, segmentIndex uint32) (timeIntervalNanoseconds float32, maxSamples int32, status picosdk.Status) {
	var ns C.float
	var n C.int32_t
	s := C.ps5000a_GetTimebase2(&a.c, C.int16_t(handle), C.uint32_t(timebase), C.int32_t(noSamples), &ns, &n, C.uint32_t(segmentIndex))
	return float32(ns), int32(n), picosdk.Status(s)
}

// GetMinimumTimebaseStateless returns the fastest timebase for a set of channels and its interval in seconds.
func (a *API) GetMinimumTimebaseStateless(handle Handle, enabledChannelOrPortFlags, resolution uint32) (timebase uint32, timeInterval float64, status picosdk.Status) {
	var n C.uint32_t
	var sec C.double
	s := C.ps5000a_GetMinimumTimebaseStateless(&a.c, C.int16_t(handle), C.PS5000A_CHANNEL_FLAGS(enabledChannelOrPortFlags), &n, &sec, C.PS5000A_DEVICE_RESOLUTION(resolution))
	return uint32(n), float64(sec), picosdk.Status(s)
}

// NearestSampleIntervalStateless returns the timebase nearest to an interval, and its interval. Both are seconds.
func (a *API) NearestSampleIntervalStateless(handle Handle, enabledChannelOrPortFlags uint32, timeIntervalRequested float64, resolution uint32, useEts uint16) (timebase uint32, timeIntervalAvailable float64, status picosdk.Status) {
	var n C.uint32_t
	var sec C.double
	s := C.ps5000a_NearestSampleIntervalStateless(&a.c, C.int16_t(handle), C.PS5000A_CHANNEL_FLAGS(enabledChannelOrPortFlags), C.double(timeIntervalRequested), C.PS5000A_DEVICE_RESOLUTION(resolution), C.uint16_t(useEts), &n, &sec)
	return uint32(n), float64(sec), picosdk.Status(s)
}

// ChannelCombinationsStateless lists the sets of channels that are possible. It asks the library for the number first.
func (a *API) ChannelCombinationsStateless(handle Handle, resolution, timebase uint32, hasDcPowerSupplyConnected int16) (combinations []uint32, status picosdk.Status) {
	var n C.uint32_t
	s := C.ps5000a_ChannelCombinationsStateless(&a.c, C.int16_t(handle), nil, &n, C.PS5000A_DEVICE_RESOLUTION(resolution), C.uint32_t(timebase), C.int16_t(hasDcPowerSupplyConnected))
	if s != 0 || n == 0 {
		return nil, picosdk.Status(s)
	}
	combinations = make([]uint32, n)
	s = C.ps5000a_ChannelCombinationsStateless(&a.c, C.int16_t(handle), (*C.PS5000A_CHANNEL_FLAGS)(first(combinations)), &n, C.PS5000A_DEVICE_RESOLUTION(resolution), C.uint32_t(timebase), C.int16_t(hasDcPowerSupplyConnected))
	return combinations[:min(int(n), len(combinations))], picosdk.Status(s)
}

// MemorySegments divides the unit's memory; nMaxSamples is the room of one segment, summed over the channels.
func (a *API) MemorySegments(handle Handle, nSegments uint32) (nMaxSamples int32, status picosdk.Status) {
	var n C.int32_t
	s := C.ps5000a_MemorySegments(&a.c, C.int16_t(handle), C.uint32_t(nSegments), &n)
	return int32(n), picosdk.Status(s)
}

// GetMaxSegments is the largest number of memory segments.
func (a *API) GetMaxSegments(handle Handle) (uint32, picosdk.Status) {
	var n C.uint32_t
	s := C.ps5000a_GetMaxSegments(&a.c, C.int16_t(handle), &n)
	return uint32(n), picosdk.Status(s)
}

// SetNoOfCaptures sets the number of waveforms of a rapid block. It stays set.
func (a *API) SetNoOfCaptures(handle Handle, nCaptures uint32) picosdk.Status {
	return picosdk.Status(C.ps5000a_SetNoOfCaptures(&a.c, C.int16_t(handle), C.uint32_t(nCaptures)))
}

// GetNoOfCaptures is the number of waveforms captured.
func (a *API) GetNoOfCaptures(handle Handle) (uint32, picosdk.Status) {
	var n C.uint32_t
	s := C.ps5000a_GetNoOfCaptures(&a.c, C.int16_t(handle), &n)
	return uint32(n), picosdk.Status(s)
}

// GetNoOfProcessedCaptures is the number of waveforms transferred.
func (a *API) GetNoOfProcessedCaptures(handle Handle) (uint32, picosdk.Status) {
	var n C.uint32_t
	s := C.ps5000a_GetNoOfProcessedCaptures(&a.c, C.int16_t(handle), &n)
	return uint32(n), picosdk.Status(s)
}
