/* Copies and frees what rig.c has read. */
#include <stdlib.h>
#include <string.h>

#include "rig.h"

static void free_lines(emu_rig_line *l, int n)
{
	for (int i = 0; i < n; i++)
		free(l[i].text);
}

static int copy_lines(emu_rig_line *to, const emu_rig_line *from, int n)
{
	int ok = 1;
	for (int i = 0; i < n; i++) {
		to[i] = (emu_rig_line){from[i].text ? strdup(from[i].text) : NULL, from[i].line};
		ok = ok && (!from[i].text || to[i].text);
	}
	return ok;
}

int emu_rig_unit_copy(emu_rig_unit *to, const emu_rig_unit *from)
{
	*to = *from;
	int ok = copy_lines(to->channel, from->channel, EMU_SOURCES);
	ok = copy_lines(to->pin, from->pin, EMU_PINS) && ok;
	to->fault = calloc((size_t)from->faults + 1, sizeof *to->fault);
	if (!to->fault)
		to->faults = 0;
	return to->fault && copy_lines(to->fault, from->fault, from->faults) && ok;
}

void emu_rig_unit_free(emu_rig_unit *u)
{
	free_lines(u->channel, EMU_SOURCES);
	free_lines(u->pin, EMU_PINS);
	free_lines(u->fault, u->faults);
	free(u->fault);
	memset(u, 0, sizeof *u);
}

void emu_rig_free(emu_rig *r)
{
	if (!r)
		return;
	for (int i = 0; i < r->units; i++)
		emu_rig_unit_free(&r->unit[i]);
	free_lines(r->fault, r->faults);
	free(r->fault);
	free(r->unit);
	free(r->dir);
	free(r);
}
