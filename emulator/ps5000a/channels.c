/* Resolution, limits of the codes, channels and ports. Not here: timebases and memory (memory.c). */
#include "layer.h"

PICO_STATUS ps5000aSetDeviceResolution(int16_t handle, PS5000A_DEVICE_RESOLUTION resolution)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (!layer_bits(resolution))
		return emu_leave(u, EMU_INVALID_DEVICE_RESOLUTION);
	return emu_leave(u, emu_set_resolution(u, layer_bits(resolution)));
}

PICO_STATUS ps5000aGetDeviceResolution(int16_t handle, PS5000A_DEVICE_RESOLUTION *resolution)
{
	int bits = 0;

	LAYER_ENTER(handle, 0);
	if (!resolution)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_resolution(u, &bits);
	for (uint32_t r = 0; s == EMU_OK && layer_bits(r); r++)
		if (layer_bits(r) == bits)
			*resolution = (PS5000A_DEVICE_RESOLUTION)r;
	return emu_leave(u, s);
}

PICO_STATUS ps5000aMaximumValue(int16_t handle, int16_t *value)
{
	int16_t min;

	LAYER_ENTER(handle, 0);
	return emu_leave(u, value ? emu_adc_limits(u, 0, &min, value) : EMU_NULL_PARAMETER);
}

PICO_STATUS ps5000aMinimumValue(int16_t handle, int16_t *value)
{
	int16_t max;

	LAYER_ENTER(handle, 0);
	return emu_leave(u, value ? emu_adc_limits(u, 0, value, &max) : EMU_NULL_PARAMETER);
}

static emu_status has_range(emu_unit *u, emu_source channel, uint32_t range)
{
	int32_t codes[PS5000A_MAX_RANGES], n = PS5000A_MAX_RANGES;
	emu_status s = emu_ranges(u, channel, codes, &n);

	for (int32_t i = 0; s == EMU_OK && i < n; i++)
		if ((uint32_t)codes[i] == range)
			return EMU_OK;
	return s == EMU_OK ? EMU_INVALID_VOLTAGE_RANGE : s;
}

/* Unscaled samples are the upper eight bits of the scaled ones, on every channel and in every range. */
PICO_STATUS ps5000aGetScalingValues(int16_t handle, PS5000A_SCALING_FACTORS_VALUES *scalingValues, int16_t nChannels)
{
	LAYER_ENTER(handle, 0);
	if (!scalingValues)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (nChannels <= 0)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	for (int i = 0; i < nChannels; i++) {
		uint32_t c = scalingValues[i].source;

		if (c >= LAYER_CHANNELS || (int)c >= emu_unit_channels(u))
			return emu_leave(u, EMU_INVALID_CHANNEL);
		emu_status s = has_range(u, (emu_source)(EMU_A + c), scalingValues[i].range);
		if (s != EMU_OK)
			return emu_leave(u, s);
	}
	for (int i = 0; i < nChannels; i++) {
		scalingValues[i].offset = 0;
		scalingValues[i].scalingFactor = 256;
	}
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps5000aSetChannel(int16_t handle, PS5000A_CHANNEL channel, int16_t enabled, PS5000A_COUPLING type,
		PS5000A_RANGE range, float analogOffset)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	if ((uint32_t)channel >= LAYER_CHANNELS)
		return emu_leave(u, EMU_INVALID_CHANNEL);
	if (enabled && type != PS5000A_AC && type != PS5000A_DC)
		return emu_leave(u, EMU_INVALID_COUPLING);
	if (enabled && range >= PS5000A_MAX_RANGES)
		return emu_leave(u, EMU_INVALID_VOLTAGE_RANGE);
	emu_channel_setting set = {
		.on = enabled != 0,
		.coupling = type == PS5000A_AC ? EMU_AC : EMU_DC,
		.range = range < PS5000A_MAX_RANGES ? (int)range : PS5000A_20V,
		.offset = analogOffset,
		.bandwidth = l->bandwidth[channel],
	};
	return emu_leave(u, emu_set_channel(u, (emu_source)(EMU_A + channel), &set));
}

PICO_STATUS ps5000aSetBandwidthFilter(int16_t handle, PS5000A_CHANNEL channel, PS5000A_BANDWIDTH_LIMITER bandwidth)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	if ((uint32_t)channel >= LAYER_CHANNELS)
		return emu_leave(u, EMU_INVALID_CHANNEL);
	if (bandwidth != PS5000A_BW_FULL && bandwidth != PS5000A_BW_20MHZ)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	double hz = bandwidth == PS5000A_BW_20MHZ ? 20e6 : 0;
	emu_status s = emu_set_bandwidth(u, (emu_source)(EMU_A + channel), hz);
	if (s == EMU_OK)
		l->bandwidth[channel] = hz;
	return emu_leave(u, s);
}

/* One level for the eight pins: -32767..32767 is -5 V..5 V. */
PICO_STATUS ps5000aSetDigitalPort(int16_t handle, PS5000A_CHANNEL port, int16_t enabled, int16_t logicLevel)
{
	double levels[8];

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	emu_source p = layer_data_source(port);
	if (p != EMU_PORT0 && p != EMU_PORT1)
		return emu_leave(u, EMU_INVALID_CHANNEL);
	if (logicLevel < -32767)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	for (int i = 0; i < 8; i++)
		levels[i] = logicLevel * 5.0 / 32767;
	return emu_leave(u, emu_set_port(u, p, enabled != 0, levels, 0));
}

PICO_STATUS ps5000aGetChannelInformation(int16_t handle, PS5000A_CHANNEL_INFO info, int32_t probe, int32_t *ranges,
		int32_t *length, int32_t channels)
{
	(void)probe;
	LAYER_ENTER(handle, 0);
	if (!length)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (info != PS5000A_CI_RANGES)
		return emu_leave(u, EMU_INVALID_INFO);
	if (channels < 0 || channels >= emu_unit_channels(u))
		return emu_leave(u, EMU_INVALID_CHANNEL);
	return emu_leave(u, emu_ranges(u, (emu_source)(EMU_A + channels), ranges, length));
}

PICO_STATUS ps5000aGetAnalogueOffset(int16_t handle, PS5000A_RANGE range, PS5000A_COUPLING coupling, float *maximumVoltage,
		float *minimumVoltage)
{
	double max = 0, min = 0;

	LAYER_ENTER(handle, 0);
	if (!maximumVoltage && !minimumVoltage)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (range >= PS5000A_MAX_RANGES)
		return emu_leave(u, EMU_INVALID_VOLTAGE_RANGE);
	emu_status s = emu_offset_limits(u, (int)range, coupling == PS5000A_AC ? EMU_AC : EMU_DC, &max, &min);
	if (s == EMU_OK && maximumVoltage)
		*maximumVoltage = (float)max;
	if (s == EMU_OK && minimumVoltage)
		*minimumVoltage = (float)min;
	return emu_leave(u, s);
}
