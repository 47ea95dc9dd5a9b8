//go:build cgo

package capi

// #include "ps2000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// SetDataBuffer registers the memory for one channel, segment and mode. The library keeps it until it gets another or
// nil, or the unit is closed. bufferLth is samples; more than the buffer has is a panic.
func (a *API) SetDataBuffer(handle Handle, channelOrPort int32, buffer *Buffer[int16], bufferLth int32, segmentIndex, mode uint32) picosdk.Status {
	buffer.Fits(int64(bufferLth))
	return picosdk.Status(C.ps2000a_SetDataBuffer(&a.c, C.int16_t(handle), C.int32_t(channelOrPort), (*C.int16_t)(buffer.Pointer()), C.int32_t(bufferLth), C.uint32_t(segmentIndex), C.PS2000A_RATIO_MODE(mode)))
}

// SetDataBuffers is SetDataBuffer with the two buffers of aggregation.
func (a *API) SetDataBuffers(handle Handle, channelOrPort int32, bufferMax, bufferMin *Buffer[int16], bufferLth int32, segmentIndex, mode uint32) picosdk.Status {
	bufferMax.Fits(int64(bufferLth))
	bufferMin.Fits(int64(bufferLth))
	return picosdk.Status(C.ps2000a_SetDataBuffers(&a.c, C.int16_t(handle), C.int32_t(channelOrPort), (*C.int16_t)(bufferMax.Pointer()), (*C.int16_t)(bufferMin.Pointer()), C.int32_t(bufferLth), C.uint32_t(segmentIndex), C.PS2000A_RATIO_MODE(mode)))
}

// SetUnscaledDataBuffers is SetDataBuffers for samples of 8 bits as the converter gives them.
func (a *API) SetUnscaledDataBuffers(handle Handle, channelOrPort uint32, bufferMax, bufferMin *Buffer[int8], bufferLth int32, segmentIndex, mode uint32) picosdk.Status {
	bufferMax.Fits(int64(bufferLth))
	bufferMin.Fits(int64(bufferLth))
	return picosdk.Status(C.ps2000a_SetUnscaledDataBuffers(&a.c, C.int16_t(handle), C.PS2000A_CHANNEL(channelOrPort), (*C.int8_t)(bufferMax.Pointer()), (*C.int8_t)(bufferMin.Pointer()), C.int32_t(bufferLth), C.uint32_t(segmentIndex), C.PS2000A_RATIO_MODE(mode)))
}

// RunBlock starts a block or rapid block capture and returns at once, with the milliseconds it will take at least. No
// callback is registered: IsReady tells when it is complete.
func (a *API) RunBlock(handle Handle, noOfPreTriggerSamples, noOfPostTriggerSamples int32, timebase uint32, oversample int16, segmentIndex uint32) (timeIndisposedMs int32, status picosdk.Status) {
	var ms C.int32_t
	s := C.ps2000a_RunBlock(&a.c, C.int16_t(handle), C.int32_t(noOfPreTriggerSamples), C.int32_t(noOfPostTriggerSamples), C.uint32_t(timebase), C.int16_t(oversample), &ms, C.uint32_t(segmentIndex), nil, nil)
	return int32(ms), picosdk.Status(s)
}

// IsReady is not 0 when the block is complete.
func (a *API) IsReady(handle Handle) (int16, picosdk.Status) {
	var v C.int16_t
	s := C.ps2000a_IsReady(&a.c, C.int16_t(handle), &v)
	return int16(v), picosdk.Status(s)
}

// GetValues fetches a block into the registered buffers. It takes the samples wanted and returns those delivered per
// channel, and one bit per channel that was over range.
func (a *API) GetValues(handle Handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex uint32) (samples uint32, overflow int16, status picosdk.Status) {
	n := C.uint32_t(noOfSamples)
	var o C.int16_t
	s := C.ps2000a_GetValues(&a.c, C.int16_t(handle), C.uint32_t(startIndex), &n, C.uint32_t(downSampleRatio), C.PS2000A_RATIO_MODE(downSampleRatioMode), C.uint32_t(segmentIndex), &o)
	return uint32(n), int16(o), picosdk.Status(s)
}

// GetValuesBulk fetches the waveforms of the segments from..to. overflow takes one entry each; fewer are a panic.
func (a *API) GetValuesBulk(handle Handle, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio, downSampleRatioMode uint32, overflow *Buffer[int16]) (samples uint32, status picosdk.Status) {
	overflow.Fits(int64(span(fromSegmentIndex, toSegmentIndex)))
	n := C.uint32_t(noOfSamples)
	s := C.ps2000a_GetValuesBulk(&a.c, C.int16_t(handle), &n, C.uint32_t(fromSegmentIndex), C.uint32_t(toSegmentIndex), C.uint32_t(downSampleRatio), C.PS2000A_RATIO_MODE(downSampleRatioMode), (*C.int16_t)(overflow.Pointer()))
	return uint32(n), picosdk.Status(s)
}

// GetValuesAsync is GetValues on a thread of the library, which calls lpDataReady, a C function, with pParameter.
func (a *API) GetValuesAsync(handle Handle, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex uint32, lpDataReady, pParameter unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps2000a_GetValuesAsync(&a.c, C.int16_t(handle), C.uint32_t(startIndex), C.uint32_t(noOfSamples), C.uint32_t(downSampleRatio), C.PS2000A_RATIO_MODE(downSampleRatioMode), C.uint32_t(segmentIndex), lpDataReady, pParameter))
}

// GetValuesOverlapped is called before RunBlock, which then fetches by itself. The library keeps noOfSamples (one
// element, in and out) and overflow (one) until the block is complete.
func (a *API) GetValuesOverlapped(handle Handle, startIndex uint32, noOfSamples *Buffer[uint32], downSampleRatio, downSampleRatioMode, segmentIndex uint32, overflow *Buffer[int16]) picosdk.Status {
	noOfSamples.Fits(1)
	overflow.Fits(1)
	return picosdk.Status(C.ps2000a_GetValuesOverlapped(&a.c, C.int16_t(handle), C.uint32_t(startIndex), (*C.uint32_t)(noOfSamples.Pointer()), C.uint32_t(downSampleRatio), C.PS2000A_RATIO_MODE(downSampleRatioMode), C.uint32_t(segmentIndex), (*C.int16_t)(overflow.Pointer())))
}

// GetValuesOverlappedBulk is GetValuesOverlapped for the segments from..to; overflow takes one entry each.
func (a *API) GetValuesOverlappedBulk(handle Handle, startIndex uint32, noOfSamples *Buffer[uint32], downSampleRatio, downSampleRatioMode, fromSegmentIndex, toSegmentIndex uint32, overflow *Buffer[int16]) picosdk.Status {
	noOfSamples.Fits(1)
	overflow.Fits(int64(span(fromSegmentIndex, toSegmentIndex)))
	return picosdk.Status(C.ps2000a_GetValuesOverlappedBulk(&a.c, C.int16_t(handle), C.uint32_t(startIndex), (*C.uint32_t)(noOfSamples.Pointer()), C.uint32_t(downSampleRatio), C.PS2000A_RATIO_MODE(downSampleRatioMode), C.uint32_t(fromSegmentIndex), C.uint32_t(toSegmentIndex), (*C.int16_t)(overflow.Pointer())))
}

// GetMaxDownSampleRatio is the largest ratio for a number of raw samples.
func (a *API) GetMaxDownSampleRatio(handle Handle, noOfUnaggregatedSamples, downSampleRatioMode, segmentIndex uint32) (uint32, picosdk.Status) {
	var v C.uint32_t
	s := C.ps2000a_GetMaxDownSampleRatio(&a.c, C.int16_t(handle), C.uint32_t(noOfUnaggregatedSamples), &v, C.PS2000A_RATIO_MODE(downSampleRatioMode), C.uint32_t(segmentIndex))
	return uint32(v), picosdk.Status(s)
}

// SetEts switches equivalent-time sampling and returns its interval in picoseconds.
func (a *API) SetEts(handle Handle, mode uint32, etsCycles, etsInterleave int16) (sampleTimePicoseconds int32, status picosdk.Status) {
	var ps C.int32_t
	s := C.ps2000a_SetEts(&a.c, C.int16_t(handle), C.PS2000A_ETS_MODE(mode), C.int16_t(etsCycles), C.int16_t(etsInterleave), &ps)
	return int32(ps), picosdk.Status(s)
}

// SetEtsTimeBuffer registers the memory for the time of each sample in femtoseconds. The library keeps it.
func (a *API) SetEtsTimeBuffer(handle Handle, buffer *Buffer[int64], bufferLth int32) picosdk.Status {
	buffer.Fits(int64(bufferLth))
	return picosdk.Status(C.ps2000a_SetEtsTimeBuffer(&a.c, C.int16_t(handle), (*C.int64_t)(buffer.Pointer()), C.int32_t(bufferLth)))
}

// SetEtsTimeBuffers is SetEtsTimeBuffer in two halves.
func (a *API) SetEtsTimeBuffers(handle Handle, timeUpper, timeLower *Buffer[uint32], bufferLth int32) picosdk.Status {
	timeUpper.Fits(int64(bufferLth))
	timeLower.Fits(int64(bufferLth))
	return picosdk.Status(C.ps2000a_SetEtsTimeBuffers(&a.c, C.int16_t(handle), (*C.uint32_t)(timeUpper.Pointer()), (*C.uint32_t)(timeLower.Pointer()), C.int32_t(bufferLth)))
}
