/* The vendor's numbers as the engine's, and what is remembered per unit. Not here: anything that asks a unit. */
#include <stdlib.h>

#include "layer.h"

layer_state *layer_of(emu_unit *u)
{
	void **slot = emu_layer_state(u);

	if (!*slot)
		*slot = calloc(1, sizeof(layer_state));
	return *slot;
}

emu_source layer_data_source(int64_t channel)
{
	if (channel >= PS2000A_CHANNEL_A && channel <= PS2000A_CHANNEL_D)
		return (emu_source)(EMU_A + channel);
	if (channel == PS2000A_DIGITAL_PORT0)
		return EMU_PORT0;
	if (channel == PS2000A_DIGITAL_PORT1)
		return EMU_PORT1;
	return EMU_NO_SOURCE;
}

emu_source layer_trigger_source(uint32_t channel)
{
	switch (channel) {
	case PS2000A_CHANNEL_A:
	case PS2000A_CHANNEL_B:
	case PS2000A_CHANNEL_C:
	case PS2000A_CHANNEL_D:
		return (emu_source)(EMU_A + channel);
	case PS2000A_EXTERNAL:
		return EMU_EXT;
	case PS2000A_TRIGGER_AUX:
		return EMU_AUX;
	}
	return EMU_NO_SOURCE;
}

unsigned layer_bit(emu_source s)
{
	return 1u << s;
}

emu_status layer_modes(uint32_t modes, unsigned *set)
{
	*set = 0;
	if (modes & ~(uint32_t)(PS2000A_RATIO_MODE_AGGREGATE | PS2000A_RATIO_MODE_DECIMATE | PS2000A_RATIO_MODE_AVERAGE))
		return EMU_RATIO_MODE_NOT_SUPPORTED;
	if (modes == PS2000A_RATIO_MODE_NONE)
		*set = EMU_RAW;
	if (modes & PS2000A_RATIO_MODE_AGGREGATE)
		*set |= EMU_AGGREGATE;
	if (modes & PS2000A_RATIO_MODE_DECIMATE)
		*set |= EMU_DECIMATE;
	if (modes & PS2000A_RATIO_MODE_AVERAGE)
		*set |= EMU_AVERAGE;
	return EMU_OK;
}

emu_direction layer_direction(uint32_t direction, int window)
{
	static const emu_direction level[] = {
		EMU_ABOVE, EMU_BELOW, EMU_RISING, EMU_FALLING, EMU_RISING_OR_FALLING,
		EMU_ABOVE_LOWER, EMU_BELOW_LOWER, EMU_RISING_LOWER, EMU_FALLING_LOWER, EMU_POSITIVE_RUNT, EMU_NEGATIVE_RUNT,
	};
	static const emu_direction in_window[] = {EMU_INSIDE, EMU_OUTSIDE, EMU_ENTER, EMU_EXIT, EMU_ENTER_OR_EXIT};

	if (window && direction < sizeof in_window / sizeof *in_window)
		return in_window[direction];
	return direction < sizeof level / sizeof *level ? level[direction] : EMU_NO_DIRECTION;
}

uint64_t layer_time_unit(uint32_t unit)
{
	static const uint64_t femtoseconds[] = {1, 1000, 1000000, 1000000000, 1000000000000, 1000000000000000};

	return unit < sizeof femtoseconds / sizeof *femtoseconds ? femtoseconds[unit] : 0;
}

int32_t layer_int32(uint64_t n)
{
	return n > INT32_MAX ? INT32_MAX : (int32_t)n;
}

uint32_t layer_uint32(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}
