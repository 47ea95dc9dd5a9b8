/* The settings of a unit as a run sees them, frozen at its start, and the codes of a source under them. Not here: the
 * settings (channel.c) and the signals (signal.c). */
#include <stdlib.h>

#include "generator.h"
#include "scope.h"

/* The inputs EXT and AUX: +-5 V for +-32767. */
static const emu_frontend external = {.range = 5, .bits = 16, .min_code = -32767, .max_code = 32767};

static emu_frontend front_of(const emu_unit *u, int channel)
{
	const emu_channel_setting *c = &u->scope->channel[channel];
	int16_t most = emu_model_rate(u->model, u->scope->bits)->max_code;
	return (emu_frontend){
		.range = emu_range_volts(c->range),
		.offset = c->offset,
		.ac = c->coupling == EMU_AC,
		.bandwidth = c->bandwidth,
		.bits = u->scope->bits,
		.min_code = (int16_t)-most,
		.max_code = most,
	};
}

emu_setup *emu_setup_new(emu_unit *u, uint64_t interval_fs)
{
	emu_setup *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->refs = 1;
	s->unit = u;
	s->active = emu_scope_active(u);
	s->bits = u->scope->bits;
	s->interval_fs = interval_fs;
	s->dt = (double)interval_fs * EMU_FS / (1 + u->clock_ppm * 1e-6);
	for (int i = 0; i < EMU_SOURCES; i++) {
		s->front[i] = i < EMU_CHANNELS ? front_of(u, i) : external;
		s->front[i].generator = emu_output_volts;
		s->front[i].generator_ctx = u->scope->output;
	}
	for (int p = 0; p < EMU_PORTS; p++)
		for (int i = 0; i < 8; i++)
			s->levels[p][i] = u->scope->port[p].levels[i];
	return s;
}

emu_setup *emu_setup_keep(emu_setup *s)
{
	atomic_fetch_add(&s->refs, 1);
	return s;
}

void emu_setup_drop(emu_setup *s)
{
	if (s && atomic_fetch_sub(&s->refs, 1) == 1)
		free(s);
}

static void port_codes(emu_setup *s, emu_source port, const emu_span *span, int16_t *codes)
{
	uint8_t pins[EMU_CHUNK];
	emu_span part = *span;
	for (size_t done = 0; done < span->count; done += part.count) {
		part.first = span->first + done;
		part.count = span->count - done < EMU_CHUNK ? span->count - done : EMU_CHUNK;
		part.t0 = span->anchored ? span->origin + (double)part.first * span->dt : span->t0 + (double)done * span->dt;
		emu_signal_pins(s->unit->signal[port], s->levels[port - EMU_PORT0], &part, pins);
		for (size_t i = 0; i < part.count; i++)
			codes[done + i] = pins[i];
	}
}

int emu_setup_codes(emu_setup *s, emu_source source, const emu_span *span, int16_t *codes)
{
	if (source != EMU_PORT0 && source != EMU_PORT1)
		return emu_signal_codes(s->unit->signal[source], &s->front[source], span, codes);
	port_codes(s, source, span, codes);
	return 0;
}
