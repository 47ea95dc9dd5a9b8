/* State files of a unit that tests write while it is open: plugged, power, faults. Looked at at most every millisecond. */
#ifndef SCOPELOG_EMU_STATE_H
#define SCOPELOG_EMU_STATE_H

#include "unit.h"

emu_state_files *emu_state_new(const emu_rig_unit *u);
void emu_state_free(emu_state_files *s);
/* (any thread) */
int emu_state_plugged(emu_state_files *s);
int emu_state_power(emu_state_files *s); /* emu_power */
/* The text of the faults file when it has changed since the last question, to be freed; else NULL. An absent file is "".
 * *version tells one writing of the file from another. */
char *emu_state_faults(emu_state_files *s, uint64_t *version);
/* Writes a state file of the unit and looks at it at once. */
void emu_state_write(emu_unit *u, const char *file, const char *text);

#endif
