/* Timebases, the stateless helpers, memory, segments and captures. */
#include "layer.h"

PICO_STATUS ps6000aGetTimebase(int16_t handle, uint32_t timebase, uint64_t noSamples, double *timeIntervalNanoseconds,
	uint64_t *maxSamples, uint64_t segmentIndex)
{
	uint64_t fs = 0;

	P6_ENTER(0);
	s = emu_timebase(u, timebase, noSamples, &fs, maxSamples, segmentIndex);
	if (s == EMU_OK && timeIntervalNanoseconds)
		*timeIntervalNanoseconds = (double)fs / 1e6;
	return emu_leave(u, s);
}

PICO_STATUS ps6000aGetMinimumTimebaseStateless(int16_t handle, PICO_CHANNEL_FLAGS enabledChannelFlags, uint32_t *timebase,
	double *timeInterval, PICO_DEVICE_RESOLUTION resolution)
{
	uint32_t sources = 0;
	uint64_t fs = 0;
	int bits = 0;

	P6_ENTER(0);
	if (!timebase || !timeInterval)
		return emu_leave(u, EMU_NULL_PARAMETER);
	s = p6_flags(enabledChannelFlags, &sources);
	if (s == EMU_OK)
		s = p6_bits(resolution, &bits);
	if (s == EMU_OK)
		s = emu_minimum_timebase(u, sources, bits, timebase, &fs);
	if (s == EMU_OK)
		*timeInterval = (double)fs / 1e15;
	return emu_leave(u, s);
}

PICO_STATUS ps6000aNearestSampleIntervalStateless(int16_t handle, PICO_CHANNEL_FLAGS enabledChannelFlags,
	double timeIntervalRequested, PICO_DEVICE_RESOLUTION resolution, uint32_t *timebase, double *timeIntervalAvailable)
{
	uint32_t sources = 0;
	int bits = 0;

	P6_ENTER(0);
	if (!timebase || !timeIntervalAvailable)
		return emu_leave(u, EMU_NULL_PARAMETER);
	s = p6_flags(enabledChannelFlags, &sources);
	if (s == EMU_OK)
		s = p6_bits(resolution, &bits);
	if (s == EMU_OK && !(timeIntervalRequested >= 0 && timeIntervalRequested < 1e9))
		s = EMU_INVALID_SAMPLE_INTERVAL;
	if (s == EMU_OK)
		s = emu_nearest_interval(u, sources, bits, timeIntervalRequested, timebase, timeIntervalAvailable);
	return emu_leave(u, s);
}

PICO_STATUS ps6000aChannelCombinationsStateless(int16_t handle, PICO_CHANNEL_FLAGS *channelFlagsCombinations,
	uint32_t *nChannelCombinations, PICO_DEVICE_RESOLUTION resolution, uint32_t timebase)
{
	uint32_t *sets = (uint32_t *)channelFlagsCombinations, room;
	int bits = 0;

	P6_ENTER(0);
	if (!nChannelCombinations)
		return emu_leave(u, EMU_NULL_PARAMETER);
	room = *nChannelCombinations;
	s = p6_bits(resolution, &bits);
	if (s == EMU_OK)
		s = emu_channel_combinations(u, bits, timebase, sets, nChannelCombinations);
	if (s == EMU_OK && sets)
		for (uint32_t i = 0; i < *nChannelCombinations && i < room; i++)
			channelFlagsCombinations[i] = p6_flags_back(sets[i]);
	return emu_leave(u, s);
}

PICO_STATUS ps6000aMemorySegments(int16_t handle, uint64_t nSegments, uint64_t *nMaxSamples)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, nMaxSamples ? emu_memory_segments(u, nSegments, nMaxSamples) : EMU_NULL_PARAMETER);
}

PICO_STATUS ps6000aMemorySegmentsBySamples(int16_t handle, uint64_t nSamples, uint64_t *nMaxSegments)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, nMaxSegments ? emu_segments_by_samples(u, nSamples, nMaxSegments) : EMU_NULL_PARAMETER);
}

PICO_STATUS ps6000aGetMaximumAvailableMemory(int16_t handle, uint64_t *nMaxSamples, PICO_DEVICE_RESOLUTION resolution)
{
	int bits = 0;

	P6_ENTER(0);
	if (!nMaxSamples)
		return emu_leave(u, EMU_NULL_PARAMETER);
	s = p6_bits(resolution, &bits);
	return emu_leave(u, s == EMU_OK ? emu_max_memory(u, bits, nMaxSamples) : s);
}

PICO_STATUS ps6000aQueryMaxSegmentsBySamples(int16_t handle, uint64_t nSamples, uint32_t nChannelEnabled, uint64_t *nMaxSegments,
	PICO_DEVICE_RESOLUTION resolution)
{
	int bits = 0;

	P6_ENTER(0);
	if (!nMaxSegments)
		return emu_leave(u, EMU_NULL_PARAMETER);
	s = p6_bits(resolution, &bits);
	return emu_leave(u, s == EMU_OK ? emu_query_segments(u, nSamples, nChannelEnabled, bits, nMaxSegments) : s);
}

PICO_STATUS ps6000aSetNoOfCaptures(int16_t handle, uint64_t nCaptures)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, nCaptures ? emu_set_captures(u, nCaptures) : EMU_ZERO_NUMBER_OF_CAPTURES_INVALID);
}

PICO_STATUS ps6000aGetNoOfCaptures(int16_t handle, uint64_t *nCaptures)
{
	P6_ENTER(0);
	return emu_leave(u, nCaptures ? emu_captures(u, nCaptures) : EMU_NULL_PARAMETER);
}

PICO_STATUS ps6000aGetNoOfProcessedCaptures(int16_t handle, uint64_t *nProcessedCaptures)
{
	P6_ENTER(0);
	return emu_leave(u, nProcessedCaptures ? emu_processed_captures(u, nProcessedCaptures) : EMU_NULL_PARAMETER);
}
