/* Timebases. The argument oversample is of an older library and means nothing. Not here: streaming intervals (stream.c). */
#include "layer.h"

static emu_status ask(emu_unit *u, uint32_t n, int32_t samples, uint64_t *interval_fs, int32_t *max, uint32_t segment)
{
	uint64_t most = 0;

	if (samples < 0)
		return EMU_INVALID_PARAMETER;
	emu_status s = emu_timebase(u, n, (uint64_t)samples, interval_fs, &most, segment);
	if (s == EMU_OK && max)
		*max = layer_int32(most);
	return s;
}

PICO_STATUS ps2000aGetTimebase(int16_t handle, uint32_t timebase, int32_t noSamples, int32_t *timeIntervalNanoseconds,
		int16_t oversample, int32_t *maxSamples, uint32_t segmentIndex)
{
	uint64_t fs = 0;

	(void)oversample;
	LAYER_ENTER(handle, 0);
	emu_status s = ask(u, timebase, noSamples, &fs, maxSamples, segmentIndex);
	if (s == EMU_OK && timeIntervalNanoseconds)
		*timeIntervalNanoseconds = layer_int32(fs / 1000000);
	return emu_leave(u, s);
}

PICO_STATUS ps2000aGetTimebase2(int16_t handle, uint32_t timebase, int32_t noSamples, float *timeIntervalNanoseconds,
		int16_t oversample, int32_t *maxSamples, uint32_t segmentIndex)
{
	uint64_t fs = 0;

	(void)oversample;
	LAYER_ENTER(handle, 0);
	emu_status s = ask(u, timebase, noSamples, &fs, maxSamples, segmentIndex);
	if (s == EMU_OK && timeIntervalNanoseconds)
		*timeIntervalNanoseconds = (float)((double)fs / 1e6);
	return emu_leave(u, s);
}
