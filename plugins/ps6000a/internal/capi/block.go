//go:build cgo

package capi

// #include "ps6000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// SetDataBuffer registers or queues the memory for one channel, data type, waveform and mode, or clears (action). The
// library keeps it until it is cleared or the unit is closed. More samples than the buffer has is a panic.
func (a *API) SetDataBuffer(handle Handle, channel uint32, buffer Memory, nSamples int32, dataType uint32, waveform uint64, downSampleRatioMode, action uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetDataBuffer(&a.c, C.int16_t(handle), C.PICO_CHANNEL(channel), address(buffer, nSamples, dataType), C.int32_t(nSamples), C.PICO_DATA_TYPE(dataType), C.uint64_t(waveform), C.PICO_RATIO_MODE(downSampleRatioMode), C.PICO_ACTION(action)))
}

// SetDataBuffers is SetDataBuffer with the two buffers of aggregation.
func (a *API) SetDataBuffers(handle Handle, channel uint32, bufferMax, bufferMin Memory, nSamples int32, dataType uint32, waveform uint64, downSampleRatioMode, action uint32) picosdk.Status {
	return picosdk.Status(C.ps6000a_SetDataBuffers(&a.c, C.int16_t(handle), C.PICO_CHANNEL(channel), address(bufferMax, nSamples, dataType), address(bufferMin, nSamples, dataType), C.int32_t(nSamples), C.PICO_DATA_TYPE(dataType), C.uint64_t(waveform), C.PICO_RATIO_MODE(downSampleRatioMode), C.PICO_ACTION(action)))
}

// RunBlock starts a block or rapid block capture and returns at once, with the milliseconds it will take at least. No
// callback is registered: IsReady tells when it is complete.
func (a *API) RunBlock(handle Handle, noOfPreTriggerSamples, noOfPostTriggerSamples uint64, timebase uint32, segmentIndex uint64) (timeIndisposedMs float64, status picosdk.Status) {
	var ms C.double
	s := C.ps6000a_RunBlock(&a.c, C.int16_t(handle), C.uint64_t(noOfPreTriggerSamples), C.uint64_t(noOfPostTriggerSamples), C.uint32_t(timebase), &ms, C.uint64_t(segmentIndex), nil, nil)
	return float64(ms), picosdk.Status(s)
}

// IsReady is not 0 when the block is complete.
func (a *API) IsReady(handle Handle) (int16, picosdk.Status) {
	var v C.int16_t
	s := C.ps6000a_IsReady(&a.c, C.int16_t(handle), &v)
	return int16(v), picosdk.Status(s)
}

// GetValues fetches a block into the registered buffers. It takes the samples wanted and returns those delivered per
// channel, and one bit per channel that was over range.
func (a *API) GetValues(handle Handle, startIndex, noOfSamples, downSampleRatio uint64, downSampleRatioMode uint32, segmentIndex uint64) (samples uint64, overflow int16, status picosdk.Status) {
	n := C.uint64_t(noOfSamples)
	var o C.int16_t
	s := C.ps6000a_GetValues(&a.c, C.int16_t(handle), C.uint64_t(startIndex), &n, C.uint64_t(downSampleRatio), C.PICO_RATIO_MODE(downSampleRatioMode), C.uint64_t(segmentIndex), &o)
	return uint64(n), int16(o), picosdk.Status(s)
}

// GetValuesBulk fetches the waveforms of the segments from..to. overflow takes one entry each; fewer are a panic.
func (a *API) GetValuesBulk(handle Handle, startIndex, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio uint64, downSampleRatioMode uint32, overflow *Buffer[int16]) (samples uint64, status picosdk.Status) {
	overflow.Fits(int64(span(fromSegmentIndex, toSegmentIndex)))
	n := C.uint64_t(noOfSamples)
	s := C.ps6000a_GetValuesBulk(&a.c, C.int16_t(handle), C.uint64_t(startIndex), &n, C.uint64_t(fromSegmentIndex), C.uint64_t(toSegmentIndex), C.uint64_t(downSampleRatio), C.PICO_RATIO_MODE(downSampleRatioMode), (*C.int16_t)(overflow.Pointer()))
	return uint64(n), picosdk.Status(s)
}

// GetValuesAsync is GetValues on a thread of the library, which calls lpDataReady, a C function, with pParameter.
func (a *API) GetValuesAsync(handle Handle, startIndex, noOfSamples, downSampleRatio uint64, downSampleRatioMode uint32, segmentIndex uint64, lpDataReady, pParameter unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps6000a_GetValuesAsync(&a.c, C.int16_t(handle), C.uint64_t(startIndex), C.uint64_t(noOfSamples), C.uint64_t(downSampleRatio), C.PICO_RATIO_MODE(downSampleRatioMode), C.uint64_t(segmentIndex), lpDataReady, pParameter))
}

// GetValuesBulkAsync is GetValuesBulk on a thread of the library, which calls lpDataReady, a C function, with pParameter.
func (a *API) GetValuesBulkAsync(handle Handle, startIndex, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio uint64, downSampleRatioMode uint32, lpDataReady, pParameter unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps6000a_GetValuesBulkAsync(&a.c, C.int16_t(handle), C.uint64_t(startIndex), C.uint64_t(noOfSamples), C.uint64_t(fromSegmentIndex), C.uint64_t(toSegmentIndex), C.uint64_t(downSampleRatio), C.PICO_RATIO_MODE(downSampleRatioMode), lpDataReady, pParameter))
}

// GetValuesOverlapped is called before RunBlock, which then fetches by itself. The library keeps noOfSamples (one
// element, in and out) and overflow (one per segment from..to) until StopUsingGetValuesOverlapped.
func (a *API) GetValuesOverlapped(handle Handle, startIndex uint64, noOfSamples *Buffer[uint64], downSampleRatio uint64, downSampleRatioMode uint32, fromSegmentIndex, toSegmentIndex uint64, overflow *Buffer[int16]) picosdk.Status {
	noOfSamples.Fits(1)
	overflow.Fits(int64(span(fromSegmentIndex, toSegmentIndex)))
	return picosdk.Status(C.ps6000a_GetValuesOverlapped(&a.c, C.int16_t(handle), C.uint64_t(startIndex), (*C.uint64_t)(noOfSamples.Pointer()), C.uint64_t(downSampleRatio), C.PICO_RATIO_MODE(downSampleRatioMode), C.uint64_t(fromSegmentIndex), C.uint64_t(toSegmentIndex), (*C.int16_t)(overflow.Pointer())))
}

// StopUsingGetValuesOverlapped ends what GetValuesOverlapped began.
func (a *API) StopUsingGetValuesOverlapped(handle Handle) picosdk.Status {
	return picosdk.Status(C.ps6000a_StopUsingGetValuesOverlapped(&a.c, C.int16_t(handle)))
}
