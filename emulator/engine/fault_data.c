/* What the acquisition asks of the rig's faults: what has arrived, what gets lost, where data must stop. */
#include <math.h>

#include "fault.h"
#include "unit.h"

static int here(const emu_fault *f, const emu_unit *u)
{
	return (f->open == 0 || f->open == u->counters->opens) && (f->run == 0 || f->run == u->counters->runs);
}

static double late(const emu_fault *f, double t)
{
	if (t < f->at)
		return t;
	double begin = f->at;
	if (f->every_s > 0)
		begin += floor((t - f->at) / f->every_s) * f->every_s;
	return t - begin < f->seconds ? begin : t;
}

/* Each step keeps the order of times, so a later question never gets an earlier answer. */
double emu_fault_arrived(const emu_unit *u, double since_start)
{
	double t = since_start;
	for (int i = 0; u->faults && i < u->faults->n; i++) {
		const emu_fault *f = &u->faults->fault[i];
		if (!here(f, u))
			continue;
		if (f->kind == EMU_FAULT_LATE)
			t = late(f, t);
		else if (f->kind == EMU_FAULT_BURST && t > f->at)
			t = f->at + floor((t - f->at) / f->every_s) * f->every_s;
	}
	return t < since_start ? t : since_start;
}

uint64_t emu_fault_lost(const emu_unit *u, uint64_t from, uint64_t *count)
{
	uint64_t first = UINT64_MAX;
	*count = 0;
	for (int i = 0; u->faults && i < u->faults->n; i++) {
		const emu_fault *f = &u->faults->fault[i];
		if (f->kind != EMU_FAULT_LOSE || !here(f, u))
			continue;
		uint64_t begin = f->sample;
		if (begin + f->count <= from) {
			if (f->every == 0)
				continue;
			begin += (from - begin) / f->every * f->every;
			if (begin + f->count <= from)
				begin += f->every;
		}
		if (begin < first) {
			first = begin;
			*count = f->count;
		}
	}
	return first;
}

uint64_t emu_fault_limit(const emu_unit *u)
{
	uint64_t limit = UINT64_MAX;
	for (int i = 0; u->faults && i < u->faults->n; i++) {
		const emu_fault *f = &u->faults->fault[i];
		if (f->kind < EMU_FAULT_LATE && f->call == 0 && f->at < 0 && !f->came && (f->times == 0 || f->fired < f->times) && here(f, u) && f->sample < limit)
			limit = f->sample;
	}
	return limit;
}
