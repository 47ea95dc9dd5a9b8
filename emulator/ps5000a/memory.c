/* Memory segments, captures and the buffers of the caller. Not here: what is written to them (block.c, stream.c). */
#include "layer.h"

PICO_STATUS ps5000aMemorySegments(int16_t handle, uint32_t nSegments, int32_t *nMaxSamples)
{
	uint64_t samples = 0;

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	emu_status s = emu_memory_segments(u, nSegments, &samples);
	if (s == EMU_OK && nMaxSamples)
		*nMaxSamples = layer_int32(samples);
	return emu_leave(u, s);
}

PICO_STATUS ps5000aGetMaxSegments(int16_t handle, uint32_t *maxSegments)
{
	uint64_t n = 0;

	LAYER_ENTER(handle, 0);
	if (!maxSegments)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_max_segments(u, &n);
	if (s == EMU_OK)
		*maxSegments = layer_uint32(n);
	return emu_leave(u, s);
}

PICO_STATUS ps5000aSetNoOfCaptures(int16_t handle, uint32_t nCaptures)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, emu_set_captures(u, nCaptures));
}

PICO_STATUS ps5000aGetNoOfCaptures(int16_t handle, uint32_t *nCaptures)
{
	uint64_t n = 0;

	LAYER_ENTER(handle, 0);
	if (!nCaptures)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_captures(u, &n);
	if (s == EMU_OK)
		*nCaptures = layer_uint32(n);
	return emu_leave(u, s);
}

PICO_STATUS ps5000aGetNoOfProcessedCaptures(int16_t handle, uint32_t *nProcessedCaptures)
{
	uint64_t n = 0;

	LAYER_ENTER(handle, 0);
	if (!nProcessedCaptures)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_processed_captures(u, &n);
	if (s == EMU_OK)
		*nProcessedCaptures = layer_uint32(n);
	return emu_leave(u, s);
}

/* Both NULL unregister, whatever the length. With the buffers an overlapped request ends. */
static emu_status set_buffers(emu_unit *u, int64_t source, void *max, void *min, int32_t samples, uint32_t segment, uint32_t mode,
			      emu_type type)
{
	layer_state *l = layer_of(u);
	emu_buffer b = {.source = layer_data_source(source), .segment = segment, .type = type, .max = max, .min = min};
	emu_status s = layer_modes(mode, &b.mode);

	if (!l)
		return EMU_MEMORY;
	if (b.source == EMU_NO_SOURCE)
		return EMU_INVALID_CHANNEL;
	if (s != EMU_OK)
		return s;
	if (b.mode & (b.mode - 1)) /* one buffer, one mode */
		return EMU_RATIO_MODE_NOT_SUPPORTED;
	if (samples < 0)
		return EMU_INVALID_PARAMETER;
	b.samples = max || min ? samples : 0;
	if (!max && !min)
		layer_end_overlapped(u, l);
	return emu_set_buffer(u, &b, 0);
}

PICO_STATUS ps5000aSetDataBuffer(int16_t handle, PS5000A_CHANNEL source, int16_t *buffer, int32_t bufferLth, uint32_t segmentIndex,
		PS5000A_RATIO_MODE mode)
{
	LAYER_ENTER(handle, EMU_QUIET);
	return emu_leave(u, set_buffers(u, source, buffer, NULL, bufferLth, segmentIndex, mode, EMU_I16));
}

PICO_STATUS ps5000aSetDataBuffers(int16_t handle, PS5000A_CHANNEL source, int16_t *bufferMax, int16_t *bufferMin, int32_t bufferLth,
		uint32_t segmentIndex, PS5000A_RATIO_MODE mode)
{
	LAYER_ENTER(handle, EMU_QUIET);
	return emu_leave(u, set_buffers(u, source, bufferMax, bufferMin, bufferLth, segmentIndex, mode, EMU_I16));
}

PICO_STATUS ps5000aSetUnscaledDataBuffers(int16_t handle, PS5000A_CHANNEL source, int8_t *bufferMax, int8_t *bufferMin,
		int32_t bufferLth, uint32_t segmentIndex, PS5000A_RATIO_MODE mode)
{
	int bits = 0;

	LAYER_ENTER(handle, 0);
	emu_status s = emu_resolution(u, &bits);
	if (s == EMU_OK && bits != 8 && (bufferMax || bufferMin))
		s = EMU_USE_8BIT_RESOLUTION;
	if (s == EMU_OK)
		s = set_buffers(u, source, bufferMax, bufferMin, bufferLth, segmentIndex, mode, EMU_I8);
	return emu_leave(u, s);
}
