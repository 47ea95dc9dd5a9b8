/* Equivalent-time sampling, in the small: on, off, the interval that it gives, and the buffers for times. The run itself is
 * a block with an interval divided by the interleave (block.c); times are written by values.c. */
#include <string.h>

#include "scope.h"

typedef struct limits {
	int cycles, interleave;
} limits;

static limits limits_of(const emu_model *m)
{
	const char *v = m->variant;
	if (m->clock == EMU_CLOCK_5000) {
		int d = strchr(v, 'D') != NULL;
		limits l = {v[3] == '2' ? 125 : v[3] == '3' ? 250 : 500, v[3] == '2' ? 10 : v[3] == '3' ? 20 : 40};
		if (d)
			l.interleave = v[3] == '2' ? 5 : v[3] == '3' ? 40 : 80;
		return l;
	}
	return m->clock == EMU_CLOCK_1G ? (limits){500, 20} : (limits){250, 10};
}

emu_status emu_ets(emu_unit *u, int on, int cycles, int interleave, int32_t *picoseconds)
{
	emu_scope *s = u->scope;
	uint64_t fastest;
	if (emu_scope_running(u))
		return EMU_BUSY;
	if (!on) {
		s->ets.on = 0;
		if (picoseconds)
			*picoseconds = 0;
		return EMU_OK;
	}
	if (u->family->queued_buffers || s->bits != 8)
		return EMU_ETS_NOT_SUPPORTED;
	if (s->port[0].on || s->port[1].on)
		return EMU_ETS_NOT_AVAILABLE_WITH_LOGIC_CHANNELS;
	limits l = limits_of(u->model);
	if (on > 2 || interleave < 1 || interleave > l.interleave || cycles < interleave || cycles > l.cycles)
		return EMU_INVALID_PARAMETER;
	emu_status status = emu_scope_valid(u, &fastest);
	if (status)
		return status;
	s->ets.on = on;
	s->ets.cycles = cycles;
	s->ets.interleave = interleave;
	if (picoseconds)
		*picoseconds = (int32_t)(fastest / 1000 / (uint64_t)interleave);
	return EMU_OK;
}

emu_status emu_ets_times(emu_unit *u, int64_t *times, uint32_t *upper, uint32_t *lower, int64_t samples)
{
	emu_scope *s = u->scope;
	if (samples < 0)
		return EMU_INVALID_PARAMETER;
	s->ets.times = times;
	s->ets.upper = upper;
	s->ets.lower = lower;
	s->ets.samples = times || (upper && lower) ? samples : 0;
	return EMU_OK;
}
