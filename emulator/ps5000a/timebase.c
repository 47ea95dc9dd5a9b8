/* Timebases, of the unit as it is set up and stateless. Not here: streaming intervals (stream.c). */
#include <stdlib.h>

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

PICO_STATUS ps5000aGetTimebase(int16_t handle, uint32_t timebase, int32_t noSamples, int32_t *timeIntervalNanoseconds,
		int32_t *maxSamples, uint32_t segmentIndex)
{
	uint64_t fs = 0;

	LAYER_ENTER(handle, 0);
	emu_status s = ask(u, timebase, noSamples, &fs, maxSamples, segmentIndex);
	if (s == EMU_OK && timeIntervalNanoseconds)
		*timeIntervalNanoseconds = layer_int32(fs / 1000000);
	return emu_leave(u, s);
}

PICO_STATUS ps5000aGetTimebase2(int16_t handle, uint32_t timebase, int32_t noSamples, float *timeIntervalNanoseconds,
		int32_t *maxSamples, uint32_t segmentIndex)
{
	uint64_t fs = 0;

	LAYER_ENTER(handle, 0);
	emu_status s = ask(u, timebase, noSamples, &fs, maxSamples, segmentIndex);
	if (s == EMU_OK && timeIntervalNanoseconds)
		*timeIntervalNanoseconds = (float)((double)fs / 1e6);
	return emu_leave(u, s);
}

/* The vendor's flags as a set of sources; ports 2 and 3 are in the flags and on no unit. */
static emu_status channel_set(uint32_t flags, uint32_t *set)
{
	if (flags & ~(uint32_t)0xF000F || flags & (PS5000A_PORT2_FLAGS | PS5000A_PORT3_FLAGS))
		return EMU_INVALID_CHANNEL;
	*set = flags & 0xF;
	if (flags & PS5000A_PORT0_FLAGS)
		*set |= 1u << EMU_PORT0;
	if (flags & PS5000A_PORT1_FLAGS)
		*set |= 1u << EMU_PORT1;
	return EMU_OK;
}

static uint32_t channel_flags(uint32_t set)
{
	uint32_t flags = set & 0xF;

	if (set & 1u << EMU_PORT0)
		flags |= PS5000A_PORT0_FLAGS;
	if (set & 1u << EMU_PORT1)
		flags |= PS5000A_PORT1_FLAGS;
	return flags;
}

PICO_STATUS ps5000aGetMinimumTimebaseStateless(int16_t handle, PS5000A_CHANNEL_FLAGS enabledChannelOrPortFlags,
		uint32_t *timebase, double *timeInterval, PS5000A_DEVICE_RESOLUTION resolution)
{
	uint32_t set = 0;
	uint64_t fs = 0;

	LAYER_ENTER(handle, 0);
	if (!timebase || !timeInterval)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (!layer_bits(resolution))
		return emu_leave(u, EMU_INVALID_DEVICE_RESOLUTION);
	emu_status s = channel_set(enabledChannelOrPortFlags, &set);
	if (s == EMU_OK)
		s = emu_minimum_timebase(u, set, layer_bits(resolution), timebase, &fs);
	if (s == EMU_OK)
		*timeInterval = (double)fs * 1e-15;
	return emu_leave(u, s);
}

PICO_STATUS ps5000aNearestSampleIntervalStateless(int16_t handle, PS5000A_CHANNEL_FLAGS enabledChannelOrPortFlags,
		double timeIntervalRequested, PS5000A_DEVICE_RESOLUTION resolution, uint16_t useEts, uint32_t *timebase,
		double *timeIntervalAvailable)
{
	uint32_t set = 0;

	LAYER_ENTER(handle, 0);
	if (!timebase || !timeIntervalAvailable)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (!layer_bits(resolution))
		return emu_leave(u, EMU_INVALID_DEVICE_RESOLUTION);
	if (useEts)
		return emu_leave(u, EMU_ETS_NOT_SUPPORTED);
	emu_status s = channel_set(enabledChannelOrPortFlags, &set);
	if (s == EMU_OK)
		s = emu_nearest_interval(u, set, layer_bits(resolution), timeIntervalRequested, timebase, timeIntervalAvailable);
	return emu_leave(u, s);
}

/* Without the supply the engine's combinations lose those with C or D on a unit of four channels. */
static emu_status combinations(emu_unit *u, uint32_t *flags, uint32_t *n, int bits, uint32_t timebase, int supply)
{
	uint32_t all = 0, room = *n, kept = 0;
	emu_status s = emu_channel_combinations(u, bits, timebase, NULL, &all);

	if (s != EMU_OK)
		return s;
	uint32_t *sets = calloc((size_t)all + 1, sizeof *sets);
	if (!sets)
		return EMU_MEMORY;
	s = emu_channel_combinations(u, bits, timebase, sets, &all);
	for (uint32_t i = 0; s == EMU_OK && i < all; i++) {
		if (!supply && emu_unit_channels(u) > 2 && sets[i] & 0xC)
			continue;
		if (flags && kept < room)
			flags[kept] = channel_flags(sets[i]);
		kept++;
	}
	free(sets);
	*n = flags && kept > room ? room : kept;
	return s;
}

PICO_STATUS ps5000aChannelCombinationsStateless(int16_t handle, PS5000A_CHANNEL_FLAGS *channelOrPortFlagsCombinations,
		uint32_t *nChannelCombinations, PS5000A_DEVICE_RESOLUTION resolution, uint32_t timebase,
		int16_t hasDcPowerSupplyConnected)
{
	LAYER_ENTER(handle, 0);
	if (!nChannelCombinations)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (!layer_bits(resolution))
		return emu_leave(u, EMU_INVALID_DEVICE_RESOLUTION);
	return emu_leave(u, combinations(u, (uint32_t *)channelOrPortFlagsCombinations, nChannelCombinations, layer_bits(resolution),
			timebase, hasDcPowerSupplyConnected));
}
