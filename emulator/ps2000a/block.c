/* Block and rapid block captures, what is read of them, and equivalent-time sampling. Not here: trigger times. */
#include <stdlib.h>
#include <string.h>

#include "layer.h"
#include "room.h"

/* The caller's callback and what it gets, until it was called. */
typedef struct block_call {
	layer_state *state;
	uint32_t *count;
	emu_block_done done;
	void *user;
} block_call;

/* The caller's count of an overlapped request has half the engine's width. */
static void overlapped_done(int16_t handle, emu_status s, void *user)
{
	block_call c = *(block_call *)user;

	free(user);
	*c.count = layer_uint32(c.state->overlapped_samples);
	c.done(handle, s, c.user);
}

static emu_status run_block(emu_unit *u, layer_state *l, int32_t pre, int32_t post, uint32_t timebase, double *busy_ms,
			    uint32_t segment, emu_block_done done, void *user)
{
	l->polled = !done;
	if (!done || !l->overlapped)
		return emu_block_run(u, (uint64_t)pre, (uint64_t)post, timebase, busy_ms, segment, done, user);
	block_call *c = malloc(sizeof *c);
	if (!c)
		return EMU_MEMORY;
	*c = (block_call){l, l->overlapped, done, user};
	emu_status s = emu_block_run(u, (uint64_t)pre, (uint64_t)post, timebase, busy_ms, segment, overlapped_done, c);
	if (s != EMU_OK)
		free(c);
	return s;
}

PICO_STATUS ps2000aRunBlock(int16_t handle, int32_t noOfPreTriggerSamples, int32_t noOfPostTriggerSamples, uint32_t timebase,
		int16_t oversample, int32_t *timeIndisposedMs, uint32_t segmentIndex, ps2000aBlockReady lpReady, void *pParameter)
{
	double busy_ms = 0;

	(void)oversample;
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	if (noOfPreTriggerSamples < 0 || noOfPostTriggerSamples < 0)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	emu_status s = run_block(u, l, noOfPreTriggerSamples, noOfPostTriggerSamples, timebase, &busy_ms, segmentIndex, lpReady,
			pParameter);
	if (s == EMU_OK && timeIndisposedMs)
		*timeIndisposedMs = busy_ms > INT32_MAX ? INT32_MAX : (int32_t)busy_ms;
	return emu_leave(u, s);
}

PICO_STATUS ps2000aIsReady(int16_t handle, int16_t *ready)
{
	LAYER_ENTER(handle, EMU_QUIET);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	if (!ready)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_block_ready(u, ready);
	if (s == EMU_OK && *ready && l->overlapped && l->polled)
		*l->overlapped = layer_uint32(l->overlapped_samples);
	return emu_leave(u, s);
}

static emu_status get_values(emu_unit *u, uint32_t start, uint32_t *samples, uint32_t ratio, uint32_t mode, uint32_t from, uint32_t to,
			     int16_t *overflow)
{
	unsigned modes;
	emu_status s = layer_modes(mode, &modes);

	if (!samples)
		return EMU_NULL_PARAMETER;
	if (s != EMU_OK)
		return s;
	uint64_t n = *samples;
	s = emu_values(u, start, &n, modes == EMU_RAW ? 1 : ratio, modes, from, to, overflow);
	if (s == EMU_OK)
		*samples = layer_uint32(n);
	return s;
}

PICO_STATUS ps2000aGetValues(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow)
{
	LAYER_ENTER(handle, 0);
	return emu_leave(u, get_values(u, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex, segmentIndex,
			overflow));
}

/* One word of over-range bits per segment, as many as the caller's array takes. */
static emu_status get_bulk(emu_unit *u, uint32_t *samples, uint32_t ratio, uint32_t mode, uint32_t from, uint32_t to, int16_t *overflow)
{
	const size_t n = from <= to ? (size_t)(to - from) + 1 : 0;
	const size_t fit = overflow ? emu_room(u, "ps2000aGetValuesBulk overflow", overflow, n, sizeof *overflow) : n;

	if (!samples)
		return EMU_INVALID_PARAMETER;
	if (fit == n)
		return get_values(u, 0, samples, ratio, mode, from, to, overflow);
	int16_t *all = calloc(n, sizeof *all);
	if (!all)
		return EMU_MEMORY;
	emu_status s = get_values(u, 0, samples, ratio, mode, from, to, all);
	if (s == EMU_OK)
		memcpy(overflow, all, fit * sizeof *all);
	free(all);
	return s;
}

PICO_STATUS ps2000aGetValuesBulk(int16_t handle, uint32_t *noOfSamples, uint32_t fromSegmentIndex, uint32_t toSegmentIndex,
		uint32_t downSampleRatio, PS2000A_RATIO_MODE downSampleRatioMode, int16_t *overflow)
{
	LAYER_ENTER(handle, 0);
	return emu_leave(u, get_bulk(u, noOfSamples, downSampleRatio, downSampleRatioMode, fromSegmentIndex, toSegmentIndex,
			overflow));
}

/* The caller's callback and its argument, until it was called. */
typedef struct data_call {
	ps2000aDataReady ready;
	void *user;
} data_call;

static void data_done(int16_t handle, emu_status s, uint64_t samples, int16_t overflow, void *user)
{
	data_call c = *(data_call *)user;

	free(user);
	c.ready(handle, s, layer_uint32(samples), overflow, c.user);
}

PICO_STATUS ps2000aGetValuesAsync(int16_t handle, uint32_t startIndex, uint32_t noOfSamples, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, void *lpDataReady, void *pParameter)
{
	unsigned modes;

	LAYER_ENTER(handle, 0);
	if (!lpDataReady)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = layer_modes(downSampleRatioMode, &modes);
	if (s != EMU_OK)
		return emu_leave(u, s);
	data_call *c = malloc(sizeof *c);
	if (!c)
		return emu_leave(u, EMU_MEMORY);
	*c = (data_call){(ps2000aDataReady)lpDataReady, pParameter};
	s = emu_values_async(u, startIndex, noOfSamples, modes == EMU_RAW ? 1 : downSampleRatio, modes, segmentIndex, segmentIndex,
			data_done, c);
	if (s != EMU_OK)
		free(c);
	return emu_leave(u, s);
}

void layer_end_overlapped(emu_unit *u, layer_state *l)
{
	if (l->overlapped)
		emu_stop_overlapped(u);
	l->overlapped = NULL;
}

static emu_status get_overlapped(emu_unit *u, uint32_t start, uint32_t *samples, uint32_t ratio, uint32_t mode, uint32_t from,
				 uint32_t to, int16_t *overflow)
{
	layer_state *l = layer_of(u);
	unsigned modes;
	emu_status s = layer_modes(mode, &modes);

	if (!l)
		return EMU_MEMORY;
	if (!samples)
		return EMU_INVALID_PARAMETER;
	if (s != EMU_OK)
		return s;
	l->overlapped_samples = *samples;
	s = emu_values_overlapped(u, start, &l->overlapped_samples, modes == EMU_RAW ? 1 : ratio, modes, from, to, overflow);
	l->overlapped = s == EMU_OK ? samples : NULL;
	return s;
}

PICO_STATUS ps2000aGetValuesOverlapped(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex, int16_t *overflow)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, get_overlapped(u, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, segmentIndex,
			segmentIndex, overflow));
}

PICO_STATUS ps2000aGetValuesOverlappedBulk(int16_t handle, uint32_t startIndex, uint32_t *noOfSamples, uint32_t downSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t fromSegmentIndex, uint32_t toSegmentIndex, int16_t *overflow)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, get_overlapped(u, startIndex, noOfSamples, downSampleRatio, downSampleRatioMode, fromSegmentIndex,
			toSegmentIndex, overflow));
}

PICO_STATUS ps2000aGetMaxDownSampleRatio(int16_t handle, uint32_t noOfUnaggreatedSamples, uint32_t *maxDownSampleRatio,
		PS2000A_RATIO_MODE downSampleRatioMode, uint32_t segmentIndex)
{
	unsigned modes;
	uint64_t ratio = 0;

	LAYER_ENTER(handle, 0);
	if (!maxDownSampleRatio)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = layer_modes(downSampleRatioMode, &modes);
	if (s == EMU_OK)
		s = emu_max_ratio(u, noOfUnaggreatedSamples, modes, segmentIndex, &ratio);
	if (s == EMU_OK)
		*maxDownSampleRatio = layer_uint32(ratio);
	return emu_leave(u, s);
}

PICO_STATUS ps2000aSetEts(int16_t handle, PS2000A_ETS_MODE mode, int16_t etsCycles, int16_t etsInterleave,
		int32_t *sampleTimePicoseconds)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (mode >= PS2000A_ETS_MODES_MAX)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	return emu_leave(u, emu_ets(u, mode != PS2000A_ETS_OFF, etsCycles, etsInterleave, sampleTimePicoseconds));
}

PICO_STATUS ps2000aSetEtsTimeBuffer(int16_t handle, int64_t *buffer, int32_t bufferLth)
{
	LAYER_ENTER(handle, 0);
	if (!buffer || bufferLth < 0)
		return emu_leave(u, buffer ? EMU_INVALID_PARAMETER : EMU_NULL_PARAMETER);
	return emu_leave(u, emu_ets_times(u, buffer, NULL, NULL, bufferLth));
}

PICO_STATUS ps2000aSetEtsTimeBuffers(int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, int32_t bufferLth)
{
	LAYER_ENTER(handle, 0);
	if (!timeUpper || !timeLower || bufferLth < 0)
		return emu_leave(u, timeUpper && timeLower ? EMU_INVALID_PARAMETER : EMU_NULL_PARAMETER);
	return emu_leave(u, emu_ets_times(u, NULL, timeUpper, timeLower, bufferLth));
}
