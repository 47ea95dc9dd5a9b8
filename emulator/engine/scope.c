/* Birth and death of a unit's acquisition state, and the questions about it that several parts ask. Not here: the settings
 * themselves (channel.c), and runs. */
#include <stdlib.h>

#include "capture.h"
#include "generator.h"
#include "scope.h"
#include "stream.h"
#include "trigger.h"

static void default_channels(emu_unit *u)
{
	const emu_model *m = u->model;
	int range = m->range_last < 8 ? m->range_last : 8;
	for (int c = 0; c < EMU_CHANNELS; c++) {
		emu_channel_setting *s = &u->scope->channel[c];
		*s = (emu_channel_setting){.coupling = m->couplings & 1 << EMU_DC ? EMU_DC : EMU_DC50, .range = range};
		s->on = u->family->all_on_after_open && emu_source_exists(u, (emu_source)c) && emu_channel_powered(u, (emu_source)c);
	}
	for (int p = 0; p < EMU_PORTS; p++)
		for (int i = 0; i < 8; i++)
			u->scope->port[p].levels[i] = 1.5;
}

emu_status emu_scope_new(emu_unit *u, int bits)
{
	if (bits == 0)
		bits = u->model->rate[0].bits;
	if (!emu_model_rate(u->model, bits))
		return u->model->clock >= EMU_CLOCK_6000 ? EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT : EMU_INVALID_DEVICE_RESOLUTION;
	emu_scope *s = calloc(1, sizeof *s);
	if (!s)
		return EMU_MEMORY_FAIL;
	s->bits = bits;
	s->segments = s->captures = 1;
	s->trigger = emu_trigger_new();
	s->stream = emu_stream_new();
	s->capture = emu_capture_new();
	s->output = emu_output_new();
	u->scope = s;
	if (!s->trigger || !s->stream || !s->capture || !s->output) {
		emu_scope_free(u);
		return EMU_MEMORY_FAIL;
	}
	default_channels(u);
	return EMU_OK;
}

void emu_scope_free(emu_unit *u)
{
	emu_scope *s = u->scope;
	if (!s)
		return;
	if (s->stream)
		emu_stream_end(u);
	if (s->capture)
		emu_capture_end(u, EMU_CANCELLED);
	emu_capture_free(s->capture);
	emu_stream_free(s->stream);
	emu_output_free(s->output);
	emu_trigger_free(s->trigger);
	free(s->buffer);
	free(s->buffer_hash);
	free(s);
	u->scope = NULL;
}

int emu_scope_running(const emu_unit *u)
{
	return u->scope && (emu_stream_running(u) || emu_capture_running(u));
}

void emu_scope_abort(emu_unit *u, emu_status status)
{
	if (!u->scope)
		return;
	emu_stream_end(u);
	emu_capture_end(u, status);
}

bool emu_source_exists(const emu_unit *u, emu_source s)
{
	if ((int)s >= 0 && (int)s < EMU_CHANNELS)
		return (int)s < u->model->channels;
	if (s == EMU_PORT0 || s == EMU_PORT1) {
		int port = s - EMU_PORT0;
		if (port >= u->model->ports)
			return false;
		return u->model->clock < EMU_CLOCK_6000 || u->rig.pods >> port & 1;
	}
	if (s == EMU_EXT)
		return u->model->ext == 1;
	return s == EMU_AUX && u->model->ext == 2;
}

uint32_t emu_scope_active(const emu_unit *u)
{
	const emu_scope *s = u->scope;
	uint32_t set = 0;
	for (int c = 0; c < EMU_CHANNELS; c++)
		set |= (uint32_t)(s->channel[c].on != 0) << c;
	for (int p = 0; p < EMU_PORTS; p++)
		set |= (uint32_t)(s->port[p].on != 0) << (EMU_PORT0 + p);
	return set;
}

emu_status emu_scope_valid(const emu_unit *u, uint64_t *fastest_fs)
{
	emu_status status = emu_model_fastest(u->model, u->scope->bits, emu_scope_active(u), fastest_fs);
	return status == EMU_CHANNEL_COMBINATION_NOT_VALID_IN_THIS_RESOLUTION ? EMU_INVALID_NUMBER_CHANNELS_FOR_RESOLUTION : status;
}

uint64_t emu_scope_memory(const emu_unit *u, int bits)
{
	if (u->rig.memory)
		return u->rig.memory;
	return bits == 8 ? u->model->memory8 : u->model->memory;
}
