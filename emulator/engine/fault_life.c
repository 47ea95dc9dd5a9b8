/* How often a fault has come in the life of a unit: a fault that is over stays over when the unit is opened again, by
 * whatever process. The numbers are in the counters file, since some faults end the process. */
#include <string.h>

#include "fault.h"
#include "unit.h"

enum { SLOTS = sizeof ((emu_counters *)0)->fault / sizeof ((emu_counters *)0)->fault[0] };

/* FNV-1a; 0 means an empty slot. */
static uint64_t hash(uint64_t seed, const char *text)
{
	uint64_t h = 14695981039346656037u ^ seed;
	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 1099511628211u;
	return h ? h : 1;
}

/* The same line may stand there twice. */
void emu_fault_remember(struct emu_faults *all, emu_fault *f, const char *text, uint64_t version)
{
	f->key = hash(version, text);
	for (int i = 0; i < all->n; i++)
		if (all->fault[i].key == f->key)
			f->key = f->key * 1099511628211u + 1;
	for (int i = 0; all->life && !f->again && i < SLOTS; i++)
		if (all->life->fault[i].key == f->key)
			f->fired = all->life->fault[i].fired;
}

void emu_fault_came(struct emu_faults *all, emu_fault *f)
{
	f->came = 1;
	f->fired++;
	if (!all->life || f->again)
		return;
	for (int i = 0; i < SLOTS; i++) {
		if (all->life->fault[i].key == f->key) {
			all->life->fault[i].fired = f->fired;
			return;
		}
	}
	uint64_t i = all->life->fault_next++ % SLOTS;
	all->life->fault[i].fired = f->fired;
	all->life->fault[i].key = f->key;
}
