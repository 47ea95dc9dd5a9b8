/* The steps of an open, common to OpenUnit and OpenUnitAsync. Not here: the vendor's calls themselves. */
#ifndef SCOPELOG_EMU_OPENING_H
#define SCOPELOG_EMU_OPENING_H

#include "unit.h"

/* Finds and locks a unit. On PICO_OK *u is it; else *handle is what the vendor's call gives back. */
emu_status emu_opening_start(const emu_family *f, const int8_t *serial, emu_unit **u, int16_t *handle);
/* Ends an open: the unit is in the registry, or gone. */
emu_status emu_opening_finish(emu_unit *u, int bits, int16_t *handle);
/* Ends an open that has failed. */
void emu_opening_drop(emu_unit *u, emu_status s);
/* Faults of the rig for "OpenUnit" and the like; 1: answer *s. */
int emu_opening_faults(emu_unit *u, const char *call, emu_status *s);
void emu_opening_wait(double seconds);

#endif
