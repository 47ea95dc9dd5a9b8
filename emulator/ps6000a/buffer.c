/* Registering data buffers: the checks that vendor documents, then the engine's queue. */
#include "layer.h"

enum { MOST_CLEARS = 1 };

static emu_status neutral_action(uint32_t action, unsigned *neutral)
{
	static const struct {
		uint32_t vendor;
		unsigned neutral;
	} map[] = {
		{PICO_CLEAR_ALL, EMU_CLEAR_ALL},
		{PICO_ADD, EMU_ADD},
		{PICO_CLEAR_THIS_DATA_BUFFER, EMU_CLEAR_THIS},
		{PICO_CLEAR_WAVEFORM_DATA_BUFFERS, EMU_CLEAR_WAVEFORM},
		{PICO_CLEAR_WAVEFORM_READ_DATA_BUFFERS, EMU_CLEAR_READ},
	};
	int clears = 0;

	*neutral = 0;
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		if (action & map[i].vendor) {
			*neutral |= map[i].neutral;
			clears += map[i].neutral != EMU_ADD;
			action &= ~map[i].vendor;
		}
	if (action || !*neutral)
		return EMU_INVALID_ACTION;
	return clears > MOST_CLEARS ? EMU_INVALID_ACTION_FLAGS_COMBINATION : EMU_OK;
}

/* The modes that have no buffers answer otherwise here than when data is asked for. */
static emu_status buffer_mode(PICO_RATIO_MODE mode, unsigned *neutral)
{
	emu_status s;

	*neutral = p6_modes(mode, &s);
	if (s == EMU_FOR_SEGMENT_HEADER_USE_GETTRIGGERINFO)
		return EMU_RATIO_MODE_SEGMENT_HEADER_DOES_NOT_REQUIRE_BUFFERS;
	if (s == EMU_RATIO_MODE_TRIGGER_DATA_FOR_TIME_CALCULATION_USE_GETTRIGGERINFO)
		return EMU_RATIO_MODE_TRIGGER_DATA_FOR_TIME_CALCULATION_DOES_NOT_REQUIRE_BUFFERS;
	if (s == EMU_OK && *neutral & (*neutral - 1))
		return EMU_MULTIPLE_RATIO_MODES;
	return s;
}

static emu_status added(emu_unit *u, const emu_buffer *b)
{
	if (!b->max && !b->min)
		return EMU_BOTH_MIN_AND_MAX_NULL_BUFFERS_CANNOT_BE_ADDED;
	if (b->samples <= 0)
		return EMU_INVALID_NUMBER_OF_SAMPLES;
	if (p6_is_port(b->source) && !p6_has_pod(u, b->source))
		return EMU_NO_MSO_POD_CONNECTED;
	if (p6_is_analog(b->source) && b->source >= emu_unit_channels(u))
		return EMU_INVALID_CHANNEL;
	if (b->mode == EMU_AGGREGATE && b->max == b->min)
		return EMU_AGGREGATE_BUFFERS_SAME_POINTER;
	if (b->mode == EMU_TRIGGER_DATA && b->type != EMU_I16)
		return EMU_TRIGGER_READ_REQUIRES_INT16_T_DATA_TYPE;
	if (b->mode == EMU_TRIGGER_DATA && b->samples < 40)
		return EMU_TRIGGER_DATA_REQUIRES_MIN_BUFFER_SIZE_OF_40_SAMPLES;
	return EMU_OK;
}

static emu_status set_buffer(emu_unit *u, PICO_CHANNEL channel, void *max, void *min, int32_t n, PICO_DATA_TYPE type,
			     uint64_t waveform, PICO_RATIO_MODE mode, PICO_ACTION action)
{
	emu_buffer b = {.source = p6_source(channel), .segment = waveform, .max = max, .min = min, .samples = n};
	unsigned neutral;
	emu_status s = neutral_action((uint32_t)action, &neutral);

	if (s != EMU_OK)
		return s;
	if (neutral == EMU_CLEAR_ALL) /* the other arguments mean nothing then */
		return emu_set_buffer(u, &(emu_buffer){.source = EMU_A, .mode = EMU_RAW, .type = EMU_I16}, neutral);
	if (!p6_is_analog(b.source) && !p6_is_port(b.source))
		return EMU_INVALID_CHANNEL;
	s = p6_type(type, &b.type);
	if (s == EMU_OK)
		s = buffer_mode(mode, &b.mode);
	if (s == EMU_OK && neutral & EMU_ADD)
		s = added(u, &b);
	return s == EMU_OK ? emu_set_buffer(u, &b, neutral) : s;
}

PICO_STATUS ps6000aSetDataBuffer(int16_t handle, PICO_CHANNEL channel, void *buffer, int32_t nSamples, PICO_DATA_TYPE dataType,
	uint64_t waveform, PICO_RATIO_MODE downSampleRatioMode, PICO_ACTION action)
{
	P6_ENTER(EMU_QUIET);
	return emu_leave(u, set_buffer(u, channel, buffer, NULL, nSamples, dataType, waveform, downSampleRatioMode, action));
}

PICO_STATUS ps6000aSetDataBuffers(int16_t handle, PICO_CHANNEL channel, void *bufferMax, void *bufferMin, int32_t nSamples,
	PICO_DATA_TYPE dataType, uint64_t waveform, PICO_RATIO_MODE downSampleRatioMode, PICO_ACTION action)
{
	P6_ENTER(EMU_QUIET);
	return emu_leave(u, set_buffer(u, channel, bufferMax, bufferMin, nSamples, dataType, waveform, downSampleRatioMode, action));
}
