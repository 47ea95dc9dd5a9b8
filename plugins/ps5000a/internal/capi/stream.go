//go:build cgo

package capi

// #include "ps5000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// RunStreaming starts a run and returns at once, with the interval that the library chose, in the same unit. Registered
// buffers have to be of overviewBufferSize samples. Nothing is delivered until GetStreamingLatestValues is called.
func (a *API) RunStreaming(handle Handle, sampleInterval, sampleIntervalTimeUnits, maxPreTriggerSamples, maxPostTriggerSamples uint32, autoStop int16, downSampleRatio, downSampleRatioMode, overviewBufferSize uint32) (interval uint32, status picosdk.Status) {
	v := C.uint32_t(sampleInterval)
	s := C.ps5000a_RunStreaming(&a.c, C.int16_t(handle), &v, C.PS5000A_TIME_UNITS(sampleIntervalTimeUnits), C.uint32_t(maxPreTriggerSamples), C.uint32_t(maxPostTriggerSamples), C.int16_t(autoStop), C.uint32_t(downSampleRatio), C.PS5000A_RATIO_MODE(downSampleRatioMode), C.uint32_t(overviewBufferSize))
	return uint32(v), picosdk.Status(s)
}

// GetStreamingLatestValues delivers what has arrived: it calls lpReady, a C function of type ps5000aStreamingReady, at
// most once, on this thread, with pParameter, which is not Go memory.
func (a *API) GetStreamingLatestValues(handle Handle, lpReady, pParameter unsafe.Pointer) picosdk.Status {
	return picosdk.Status(C.ps5000a_GetStreamingLatestValues(&a.c, C.int16_t(handle), C.ps5000aStreamingReady(lpReady), pParameter))
}

// NoOfStreamingValues is the number of raw samples of the run per channel, after Stop.
func (a *API) NoOfStreamingValues(handle Handle) (uint32, picosdk.Status) {
	var v C.uint32_t
	s := C.ps5000a_NoOfStreamingValues(&a.c, C.int16_t(handle), &v)
	return uint32(v), picosdk.Status(s)
}

// Stop ends any capture. It may be called when none is under way.
func (a *API) Stop(handle Handle) picosdk.Status {
	return picosdk.Status(C.ps5000a_Stop(&a.c, C.int16_t(handle)))
}
