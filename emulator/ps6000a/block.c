/* Block and rapid block: run, wait, fetch at once, later, or with the next run. */
#include "layer.h"

#include <stdlib.h>
#include <string.h>

#include "../engine/room.h"

PICO_STATUS ps6000aRunBlock(int16_t handle, uint64_t noOfPreTriggerSamples, uint64_t noOfPostTriggerSamples, uint32_t timebase,
	double *timeIndisposedMs, uint64_t segmentIndex, ps6000aBlockReady lpReady, void *pParameter)
{
	P6_ENTER(EMU_IDLE_ONLY);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (p->tripped)
		return emu_leave(u, EMU_DC_50OHM_OVERVOLTAGE_TRIPPED);
	s = emu_block_run(u, noOfPreTriggerSamples, noOfPostTriggerSamples, timebase, timeIndisposedMs, segmentIndex, lpReady,
			  pParameter);
	return emu_leave(u, s);
}

PICO_STATUS ps6000aIsReady(int16_t handle, int16_t *ready)
{
	P6_ENTER(EMU_QUIET);
	return emu_leave(u, ready ? emu_block_ready(u, ready) : EMU_NULL_PARAMETER);
}

/* At most one way of downsampling beside the raw data. */
static unsigned read_modes(PICO_RATIO_MODE mode, emu_status *s)
{
	unsigned set = p6_modes(mode, s), reduced = set & ~(unsigned)(EMU_RAW | EMU_TRIGGER_DATA);

	if (*s == EMU_OK && reduced & (reduced - 1))
		*s = EMU_MULTIPLE_RATIO_MODES;
	return set;
}

PICO_STATUS ps6000aGetValues(int16_t handle, uint64_t startIndex, uint64_t *noOfSamples, uint64_t downSampleRatio,
	PICO_RATIO_MODE downSampleRatioMode, uint64_t segmentIndex, int16_t *overflow)
{
	P6_ENTER(0);
	unsigned modes = read_modes(downSampleRatioMode, &s);
	if (!noOfSamples)
		s = EMU_NULL_PARAMETER;
	if (s == EMU_OK)
		s = emu_values(u, startIndex, noOfSamples, downSampleRatio, modes, segmentIndex, segmentIndex, overflow);
	return emu_leave(u, s);
}

/* One word of over-range bits per segment, as many as the caller's array takes. */
static emu_status values_bulk(emu_unit *u, uint64_t start, uint64_t *samples, uint64_t ratio, unsigned modes, uint64_t from,
			      uint64_t to, int16_t *overflow)
{
	size_t n = from <= to && to - from < P6_MOST_SEGMENTS ? (size_t)(to - from) + 1 : 0;
	size_t room = overflow ? emu_room(u, "ps6000aGetValuesBulk overflow", overflow, n, sizeof *overflow) : n;

	if (room == n)
		return emu_values(u, start, samples, ratio, modes, from, to, overflow);
	int16_t *all = calloc(n, sizeof *all);
	if (!all)
		return EMU_MEMORY;
	emu_status s = emu_values(u, start, samples, ratio, modes, from, to, all);
	if (s == EMU_OK)
		memcpy(overflow, all, room * sizeof *all);
	free(all);
	return s;
}

PICO_STATUS ps6000aGetValuesBulk(int16_t handle, uint64_t startIndex, uint64_t *noOfSamples, uint64_t fromSegmentIndex,
	uint64_t toSegmentIndex, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, int16_t *overflow)
{
	P6_ENTER(0);
	unsigned modes = read_modes(downSampleRatioMode, &s);
	if (!noOfSamples)
		s = EMU_NULL_PARAMETER;
	if (s == EMU_OK)
		s = values_bulk(u, startIndex, noOfSamples, downSampleRatio, modes, fromSegmentIndex, toSegmentIndex, overflow);
	return emu_leave(u, s);
}

/* The callback comes as a plain pointer, because the kind of run decides what it is; for a block it is a ps6000aDataReady. */
static emu_status values_async(emu_unit *u, uint64_t start, uint64_t samples, uint64_t from, uint64_t to, uint64_t ratio,
			       PICO_RATIO_MODE mode, void *ready, void *user)
{
	union {
		void *data;
		ps6000aDataReady call;
	} done = {.data = ready};
	emu_status s;
	unsigned modes = read_modes(mode, &s);

	if (s == EMU_OK && !ready)
		s = EMU_NULL_PARAMETER;
	return s == EMU_OK ? emu_values_async(u, start, samples, ratio, modes, from, to, done.call, user) : s;
}

PICO_STATUS ps6000aGetValuesAsync(int16_t handle, uint64_t startIndex, uint64_t noOfSamples, uint64_t downSampleRatio,
	PICO_RATIO_MODE downSampleRatioMode, uint64_t segmentIndex, void *lpDataReady, void *pParameter)
{
	P6_ENTER(0);
	return emu_leave(u, values_async(u, startIndex, noOfSamples, segmentIndex, segmentIndex, downSampleRatio,
					 downSampleRatioMode, lpDataReady, pParameter));
}

PICO_STATUS ps6000aGetValuesBulkAsync(int16_t handle, uint64_t startIndex, uint64_t noOfSamples, uint64_t fromSegmentIndex,
	uint64_t toSegmentIndex, uint64_t downSampleRatio, PICO_RATIO_MODE downSampleRatioMode, void *lpDataReady,
	void *pParameter)
{
	P6_ENTER(0);
	return emu_leave(u, values_async(u, startIndex, noOfSamples, fromSegmentIndex, toSegmentIndex, downSampleRatio,
					 downSampleRatioMode, lpDataReady, pParameter));
}

PICO_STATUS ps6000aGetValuesOverlapped(int16_t handle, uint64_t startIndex, uint64_t *noOfSamples, uint64_t downSampleRatio,
	PICO_RATIO_MODE downSampleRatioMode, uint64_t fromSegmentIndex, uint64_t toSegmentIndex, int16_t *overflow)
{
	P6_ENTER(EMU_IDLE_ONLY);
	p6_state *p = p6_state_of(u);
	unsigned modes = read_modes(downSampleRatioMode, &s);
	if (!p)
		s = EMU_MEMORY_FAIL;
	else if (!noOfSamples)
		s = EMU_NULL_PARAMETER;
	if (s == EMU_OK)
		s = emu_values_overlapped(u, startIndex, noOfSamples, downSampleRatio, modes, fromSegmentIndex, toSegmentIndex,
					  overflow);
	if (s == EMU_OK)
		p->overlapped = 1;
	return emu_leave(u, s);
}

PICO_STATUS ps6000aStopUsingGetValuesOverlapped(int16_t handle)
{
	P6_ENTER(0);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	p->overlapped = 0;
	return emu_leave(u, emu_stop_overlapped(u));
}

PICO_STATUS ps6000aStop(int16_t handle)
{
	P6_ENTER(0);
	return emu_leave(u, emu_stop(u));
}
