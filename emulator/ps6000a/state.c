/* What this layer remembers of an open unit, in the slot that the engine keeps for it. Used between emu_enter and emu_leave
 * only, so by one thread at a time. */
#include "layer.h"

#include <stdlib.h>

p6_state *p6_state_of(emu_unit *u)
{
	void **slot = emu_layer_state(u);
	p6_state *p = *slot;

	if (!p && (p = calloc(1, sizeof *p))) {
		p->generator.wave = PICO_SINE;
		p->generator.duty = 0.5;
		*slot = p;
	}
	return p;
}

void p6_state_drop(emu_unit *u)
{
	void **slot = emu_layer_state(u);
	p6_state *p = *slot;

	*slot = NULL;
	if (!p)
		return;
	p6_events_free(p->events);
	free(p->generator.samples);
	free(p);
}
