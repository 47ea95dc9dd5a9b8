/* The settings of one unit in rig.conf. Not here: sections and files (rig.c). */
#ifndef SCOPELOG_EMU_RIG_UNIT_H
#define SCOPELOG_EMU_RIG_UNIT_H

#include "rig.h"
#include "text.h"

/* 1: serial is of the form that units have: 1..10 characters, A-Z 0-9 and / only. */
int emu_rig_serial_ok(const char *serial);
void emu_rig_unit_defaults(emu_rig_unit *u, const char *serial);
/* "channel A", "pacing" ... = value. */
void emu_rig_unit_set(emu_rig_unit *u, char *name, const char *value, int line, emu_problem *problem);
/* When the section is over: is it a whole unit? */
void emu_rig_unit_finish(emu_rig_unit *u, emu_problem *problem);
/* Reads all signals and faults of the unit; *line is that of the first wrong one. */
void emu_rig_unit_check(const emu_rig_unit *u, int *line, emu_problem *problem);
/* Appends a line to a list. */
void emu_rig_line_add(emu_rig_line **list, int *n, const char *value, int line, emu_problem *problem);

#endif
