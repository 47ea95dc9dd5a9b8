/* The vendor's numbers of channels, modes, types, resolutions, units and directions to the neutral ones and back. No
 * state, and no check against a model: that is the engine's. */
#include "layer.h"

emu_source p6_source(PICO_CHANNEL c)
{
	switch ((uint32_t)c) {
	case PICO_PORT0: return EMU_PORT0;
	case PICO_PORT1: return EMU_PORT1;
	case PICO_EXTERNAL: return EMU_EXT;
	case PICO_TRIGGER_AUX: return EMU_AUX;
	case PICO_PULSE_WIDTH_SOURCE: return EMU_PWQ;
	case PICO_DIGITAL_SOURCE: return EMU_DIGITAL;
	default: return c <= PICO_CHANNEL_H ? (emu_source)c : EMU_NO_SOURCE;
	}
}

int p6_is_analog(emu_source s)
{
	return s >= EMU_A && s < EMU_A + EMU_CHANNELS;
}

int p6_is_port(emu_source s)
{
	return s == EMU_PORT0 || s == EMU_PORT1;
}

unsigned p6_modes(PICO_RATIO_MODE mode, emu_status *s)
{
	static const struct {
		uint32_t vendor;
		unsigned neutral;
	} map[] = {
		{PICO_RATIO_MODE_RAW, EMU_RAW},
		{PICO_RATIO_MODE_AGGREGATE, EMU_AGGREGATE},
		{PICO_RATIO_MODE_DECIMATE, EMU_DECIMATE},
		{PICO_RATIO_MODE_AVERAGE, EMU_AVERAGE},
		{PICO_RATIO_MODE_DISTRIBUTION, EMU_DISTRIBUTION},
		{PICO_RATIO_MODE_SUM, EMU_SUM},
		{PICO_RATIO_MODE_TRIGGER, EMU_TRIGGER_DATA},
	};
	uint32_t rest = (uint32_t)mode;
	unsigned set = 0;

	*s = EMU_OK;
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (rest & map[i].vendor) {
			set |= map[i].neutral;
			rest &= ~map[i].vendor;
		}
	if (rest & PICO_RATIO_MODE_SEGMENT_HEADER)
		*s = EMU_FOR_SEGMENT_HEADER_USE_GETTRIGGERINFO;
	else if (rest & PICO_RATIO_MODE_TRIGGER_DATA_FOR_TIME_CALCULATION)
		*s = EMU_RATIO_MODE_TRIGGER_DATA_FOR_TIME_CALCULATION_USE_GETTRIGGERINFO;
	else if (rest || !set)
		*s = EMU_INVALID_RATIO_MODE;
	return *s == EMU_OK ? set : 0;
}

emu_status p6_bits(PICO_DEVICE_RESOLUTION r, int *bits)
{
	switch (r) {
	case PICO_DR_8BIT: *bits = 8; return EMU_OK;
	case PICO_DR_10BIT: *bits = 10; return EMU_OK;
	case PICO_DR_12BIT: *bits = 12; return EMU_OK;
	case PICO_DR_14BIT:
	case PICO_DR_15BIT:
	case PICO_DR_16BIT: return EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT;
	}
	return EMU_INVALID_DEVICE_RESOLUTION;
}

PICO_DEVICE_RESOLUTION p6_resolution(int bits)
{
	return bits == 12 ? PICO_DR_12BIT : bits == 10 ? PICO_DR_10BIT : PICO_DR_8BIT;
}

emu_status p6_type(PICO_DATA_TYPE t, emu_type *type)
{
	switch (t) {
	case PICO_INT8_T: *type = EMU_I8; return EMU_OK;
	case PICO_INT16_T: *type = EMU_I16; return EMU_OK;
	case PICO_INT32_T: *type = EMU_I32; return EMU_OK;
	case PICO_UINT32_T: *type = EMU_U32; return EMU_OK;
	case PICO_INT64_T: *type = EMU_I64; return EMU_OK;
	}
	return EMU_DATATYPE_INVALID;
}

emu_status p6_unit_fs(PICO_TIME_UNITS t, uint64_t *fs)
{
	static const uint64_t units[] = {1, 1000, 1000000, 1000000000, 1000000000000, 1000000000000000};

	if ((uint32_t)t > PICO_S)
		return EMU_TIME_UNITS_OUT_OF_RANGE;
	*fs = units[t];
	return EMU_OK;
}

emu_status p6_coupling(PICO_COUPLING c, emu_coupling *coupling)
{
	switch (c) {
	case PICO_AC: *coupling = EMU_AC; return EMU_OK;
	case PICO_DC: *coupling = EMU_DC; return EMU_OK;
	case PICO_DC_50OHM: *coupling = EMU_DC50; return EMU_OK;
	}
	return EMU_INVALID_COUPLING;
}

emu_status p6_direction(PICO_THRESHOLD_DIRECTION d, PICO_THRESHOLD_MODE mode, emu_direction *direction)
{
	static const emu_direction level[] = {
		EMU_ABOVE, EMU_BELOW, EMU_RISING, EMU_FALLING, EMU_RISING_OR_FALLING,
		EMU_ABOVE_LOWER, EMU_BELOW_LOWER, EMU_RISING_LOWER, EMU_FALLING_LOWER, EMU_POSITIVE_RUNT, EMU_NEGATIVE_RUNT,
	};
	static const emu_direction window[] = {
		EMU_INSIDE, EMU_OUTSIDE, EMU_ENTER, EMU_EXIT, EMU_ENTER_OR_EXIT,
		EMU_NO_DIRECTION, EMU_NO_DIRECTION, EMU_NO_DIRECTION, EMU_NO_DIRECTION, EMU_POSITIVE_RUNT, EMU_NEGATIVE_RUNT,
	};

	if ((uint32_t)mode > PICO_WINDOW)
		return EMU_INVALID_THRESHOLD_MODE;
	if ((uint32_t)d > PICO_NEGATIVE_RUNT)
		return EMU_INVALID_THRESHOLD_DIRECTION;
	*direction = mode == PICO_WINDOW ? window[d] : level[d];
	return *direction == EMU_NO_DIRECTION ? EMU_INVALID_THRESHOLD_DIRECTION : EMU_OK;
}

/* A flag of a port is its bit of PICO_CHANNEL_FLAGS; channels have their own number in both sets. */
emu_status p6_flags(PICO_CHANNEL_FLAGS flags, uint32_t *sources)
{
	uint32_t rest = (uint32_t)flags & ~(uint32_t)(PICO_PORT0_FLAGS | PICO_PORT1_FLAGS);

	if (!flags)
		return EMU_NO_CHANNELS_OR_PORTS_ENABLED;
	if (rest >> EMU_CHANNELS)
		return EMU_INVALID_CHANNEL;
	*sources = rest;
	if ((uint32_t)flags & PICO_PORT0_FLAGS)
		*sources |= 1u << EMU_PORT0;
	if ((uint32_t)flags & PICO_PORT1_FLAGS)
		*sources |= 1u << EMU_PORT1;
	return EMU_OK;
}

PICO_CHANNEL_FLAGS p6_flags_back(uint32_t sources)
{
	uint32_t flags = sources & ((1u << EMU_CHANNELS) - 1);

	if (sources & 1u << EMU_PORT0)
		flags |= PICO_PORT0_FLAGS;
	if (sources & 1u << EMU_PORT1)
		flags |= PICO_PORT1_FLAGS;
	return (PICO_CHANNEL_FLAGS)flags;
}
