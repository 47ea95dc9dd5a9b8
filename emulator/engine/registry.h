/* The open units of this process, and how a unit is made and taken apart. Not here: what an open answers (open.c), calls
 * (enter.c). */
#ifndef SCOPELOG_EMU_REGISTRY_H
#define SCOPELOG_EMU_REGISTRY_H

#include "unit.h"

/* The registry's lock is never held while anything else is waited for. */
/* Makes the calling thread the one inside. NULL: no such handle, or *busy: another thread is inside; both are recorded as
 * misuse. nested 1: being inside already is no harm. */
emu_unit *emu_registry_claim(const emu_family *f, int16_t handle, const char *function, int nested, int *busy);
/* Records a misuse of a handle, open or not. */
void emu_registry_refuse(const emu_family *f, int16_t handle, emu_misuse_kind kind, const char *function);
int emu_registry_open(const emu_family *f, const char *serial); /* is it open in this process? serial NULL: how many */
int emu_registry_add(emu_unit *u);                              /* gives the handle; 0: no room */
void emu_registry_remove(emu_unit *u);

/* Locks the unit's folder. >= 0: the lock, falls with the process; -1: in use. */
int emu_unit_lock(const char *serial);
/* 1: another process holds it. */
int emu_unit_locked(const char *serial);
/* Makes a unit of what the rig says, without scope and handle; takes over lock. NULL: out of memory or no folder. */
emu_unit *emu_unit_new(const emu_family *f, const emu_rig_unit *r, int lock);
void emu_unit_free(emu_unit *u);

emu_counters *emu_counters_map(const char *serial);
void emu_counters_unmap(emu_counters *c);

/* The number of this thread, never 0; whether it is inside a callback (enter.c). */
uint64_t emu_thread(void);
int emu_in_callback(void);

/* 1: nobody else was opening or enumerating; 0: refused. */
int emu_opening_begin(void);
void emu_opening_end(void);

#endif
