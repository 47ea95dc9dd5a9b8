/* Streaming: the run, the poll with its callback, the end. Not here: buffers (memory.c). */
#include "layer.h"

static emu_status run(emu_unit *u, uint32_t *interval, uint64_t unit_fs, emu_stream_request *r)
{
	if (*interval == 0 || *interval > UINT64_MAX / unit_fs)
		return EMU_INVALID_SAMPLE_INTERVAL;
	r->interval_fs = *interval * unit_fs;
	r->unit_fs = unit_fs;
	emu_status s = emu_stream_run(u, r);
	if (s == EMU_OK)
		*interval = layer_uint32(r->interval_fs / unit_fs);
	return s;
}

PICO_STATUS ps2000aRunStreaming(int16_t handle, uint32_t *sampleInterval, PS2000A_TIME_UNITS sampleIntervalTimeUnits,
		uint32_t maxPreTriggerSamples, uint32_t maxPostPreTriggerSamples, int16_t autoStop, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t overviewBufferSize)
{
	emu_stream_request r = {
		.pre = maxPreTriggerSamples,
		.post = maxPostPreTriggerSamples,
		.auto_stop = autoStop != 0,
		.overview_samples = overviewBufferSize,
	};

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	if (!sampleInterval)
		return emu_leave(u, EMU_NULL_PARAMETER);
	uint64_t unit_fs = layer_time_unit(sampleIntervalTimeUnits);
	if (!unit_fs)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	emu_status s = layer_modes(downSampleRatioMode, &r.mode);
	if (s != EMU_OK)
		return emu_leave(u, s);
	r.ratio = r.mode == EMU_RAW ? 1 : downSampleRatio;
	layer_end_overlapped(u, l);
	return emu_leave(u, run(u, sampleInterval, unit_fs, &r));
}

/* The callback runs on this thread, before the function returns, at most once. */
PICO_STATUS ps2000aGetStreamingLatestValues(int16_t handle, ps2000aStreamingReady lpPs2000aReady, void *pParameter)
{
	emu_ring_piece p = {0};

	LAYER_ENTER(handle, EMU_QUIET);
	if (!lpPs2000aReady)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_stream_poll_ring(u, &p);
	if (p.call) {
		emu_callback_begin(u);
		lpPs2000aReady(handle, p.samples, p.start, p.overflow, p.trigger_at, p.triggered, p.auto_stop, pParameter);
		emu_callback_end(u);
	}
	return emu_leave(u, s);
}

PICO_STATUS ps2000aNoOfStreamingValues(int16_t handle, uint32_t *noOfValues)
{
	uint64_t n = 0;

	LAYER_ENTER(handle, 0);
	if (!noOfValues)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_stream_values(u, &n);
	if (s == EMU_OK)
		*noOfValues = layer_uint32(n);
	return emu_leave(u, s);
}

PICO_STATUS ps2000aStop(int16_t handle)
{
	LAYER_ENTER(handle, EMU_UNPOWERED);
	return emu_leave(u, emu_stop(u));
}
