//go:build cgo

package capi

// #include "ps6000a.h"
import "C"

import (
	"unsafe"

	"github.com/scopelog/scopelog/picosdk"
)

// RunStreaming starts a run and returns at once, with the interval that the library chose, in the same unit. Nothing is
// delivered until GetStreamingLatestValues is called.
func (a *API) RunStreaming(handle Handle, sampleInterval float64, sampleIntervalTimeUnits uint32, maxPreTriggerSamples, maxPostTriggerSamples uint64, autoStop int16, downSampleRatio uint64, downSampleRatioMode uint32) (interval float64, status picosdk.Status) {
	v := C.double(sampleInterval)
	s := C.ps6000a_RunStreaming(&a.c, C.int16_t(handle), &v, C.PICO_TIME_UNITS(sampleIntervalTimeUnits), C.uint64_t(maxPreTriggerSamples), C.uint64_t(maxPostTriggerSamples), C.int16_t(autoStop), C.uint64_t(downSampleRatio), C.PICO_RATIO_MODE(downSampleRatioMode))
	return float64(v), picosdk.Status(s)
}

// GetStreamingLatestValues fills in what has arrived in the queued buffers, for each channel, mode and type asked for,
// and triggerInfo (nil is NULL). Elements that the library leaves alone stay as they were.
func (a *API) GetStreamingLatestValues(handle Handle, streamingDataInfo []StreamingDataInfo, triggerInfo *StreamingDataTriggerInfo) picosdk.Status {
	infos := pack(streamingDataInfo)
	var trigger []StreamingDataTriggerInfo
	if triggerInfo != nil {
		trigger = []StreamingDataTriggerInfo{*triggerInfo}
	}
	t := pack(trigger)
	s := C.ps6000a_GetStreamingLatestValues(&a.c, C.int16_t(handle), (*C.PICO_STREAMING_DATA_INFO)(unsafe.Pointer(first(infos))), C.uint64_t(len(streamingDataInfo)), (*C.PICO_STREAMING_DATA_TRIGGER_INFO)(unsafe.Pointer(first(t))))
	unpack(streamingDataInfo, infos)
	unpack(trigger, t)
	if triggerInfo != nil {
		*triggerInfo = trigger[0]
	}
	return picosdk.Status(s)
}

// NoOfStreamingValues is the number of raw samples of the run per channel, after Stop.
func (a *API) NoOfStreamingValues(handle Handle) (uint64, picosdk.Status) {
	var v C.uint64_t
	s := C.ps6000a_NoOfStreamingValues(&a.c, C.int16_t(handle), &v)
	return uint64(v), picosdk.Status(s)
}

// Stop ends any capture. It may be called when none is under way.
func (a *API) Stop(handle Handle) picosdk.Status {
	return picosdk.Status(C.ps6000a_Stop(&a.c, C.int16_t(handle)))
}
