/* Opening and closing: which unit a serial means, how long it takes, what is answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fault.h"
#include "opening.h"
#include "registry.h"
#include "rig_files.h"
#include "state.h"

static int is_plugged(const emu_rig_unit *r)
{
	emu_state_files *files = emu_state_new(r);
	int plugged = files && emu_state_plugged(files);
	emu_state_free(files);
	return plugged;
}

/* The first unit that fits and is free. */
static emu_status find(const emu_family *f, const emu_rig *rig, const char *serial, emu_unit **u, int16_t *handle)
{
	int held = 0;
	*handle = 0;
	if (emu_registry_open(f, NULL) >= rig->max_open)
		return EMU_MAX_UNITS_OPENED;
	for (int i = 0; i < rig->units; i++) {
		const emu_rig_unit *r = &rig->unit[i];
		if (strcmp(r->driver, f->name) != 0 || (serial && strcmp(serial, r->serial) != 0))
			continue;
		if (!is_plugged(r) || emu_registry_open(f, r->serial))
			continue;
		int lock = emu_unit_lock(r->serial);
		if (lock < 0) {
			held = 1;
			continue;
		}
		*u = emu_unit_new(f, r, lock);
		if (*u)
			return EMU_OK;
		*handle = -1;
		emu_problem_log("event=open unit=%s problem=\"no memory, or its folder cannot be written\"", r->serial);
		return EMU_MEMORY_FAIL;
	}
	if (held && serial) {
		*handle = -1;
		return rig->in_use;
	}
	return EMU_NOT_FOUND;
}

static void say(const emu_family *f, const char *serial, emu_status s, int16_t handle)
{
	emu_problem_log("event=open family=%s serial=%s status=0x%X handle=%d", f->name, serial ? serial : "-", s, handle);
}

emu_status emu_opening_start(const emu_family *f, const int8_t *wanted, emu_unit **u, int16_t *handle)
{
	char problem[400], serial[64] = "";
	*u = NULL;
	*handle = -1;
	if (wanted)
		snprintf(serial, sizeof serial, "%.*s", (int)sizeof serial - 1, (const char *)wanted);
	emu_rig *rig = emu_rig_load(problem, sizeof problem);
	if (!rig)
		return EMU_OPERATION_FAILED;
	emu_status s = find(f, rig, serial[0] ? serial : NULL, u, handle);
	if (s != EMU_OK)
		say(f, serial, s, *handle);
	emu_rig_free(rig);
	return s;
}

/* The last part: the firmware is loaded, the unit answers with what it thinks of its power. */
emu_status emu_opening_finish(emu_unit *u, int bits, int16_t *handle)
{
	emu_status s = EMU_OK;
	*handle = -1;
	if (!emu_state_plugged(u->files))
		s = EMU_NOT_RESPONDING;
	else
		s = emu_scope_new(u, bits);
	if (s != EMU_OK) {
		emu_opening_drop(u, s);
		return s;
	}
	u->opened_s = emu_now(u);
	s = emu_power_open(u);
	if (!emu_registry_add(u)) {
		*handle = 0;
		emu_opening_drop(u, EMU_MAX_UNITS_OPENED);
		return EMU_MAX_UNITS_OPENED;
	}
	*handle = u->handle;
	emu_truth(u, "open", "handle=%d status=0x%X model=%s driver=%s open=%llu", u->handle, s, u->variant, u->family->name,
		  (unsigned long long)u->counters->opens);
	return s;
}

void emu_opening_drop(emu_unit *u, emu_status s)
{
	emu_truth(u, "open", "handle=-1 status=0x%X model=%s driver=%s open=%llu", s, u->variant, u->family->name,
		  (unsigned long long)u->counters->opens);
	if (u->scope)
		emu_scope_free(u);
	emu_unit_free(u);
}

int emu_opening_faults(emu_unit *u, const char *call, emu_status *s)
{
	char function[80];
	emu_status replace = EMU_OK;
	snprintf(function, sizeof function, "%s%s", u->family->name, call);
	if (emu_faults_fire(u->faults, u, function, s, &replace))
		return 1;
	*s = replace;
	return replace != EMU_OK;
}

void emu_opening_wait(double seconds)
{
	const uint64_t end = emu_mono_ns() + (uint64_t)(seconds * 1e9);
	for (uint64_t now; (now = emu_mono_ns()) < end;)
		nanosleep(&(struct timespec){(time_t)((end - now) / 1000000000u), (long)((end - now) % 1000000000u)}, NULL);
}

emu_status emu_open(const emu_family *f, int16_t *handle, const int8_t *serial, int bits)
{
	emu_unit *u;
	emu_status s;
	if (!handle)
		return EMU_NULL_PARAMETER;
	*handle = 0;
	if (emu_in_callback()) {
		emu_misuse(NULL, EMU_MISUSE_CALLBACK, "%sOpenUnit", f->name);
		return EMU_USER_CALLBACK;
	}
	if (!emu_opening_begin()) {
		emu_misuse(NULL, EMU_MISUSE_OPENING, "%sOpenUnit", f->name);
		return EMU_OPEN_OPERATION_IN_PROGRESS;
	}
	s = emu_opening_start(f, serial, &u, handle);
	if (u) {
		if (emu_opening_faults(u, "OpenUnit", &s)) {
			*handle = -1;
			emu_opening_drop(u, s);
		} else {
			emu_opening_wait(u->rig.open_s);
			s = emu_opening_finish(u, bits, handle);
		}
	}
	emu_opening_end();
	return s;
}

emu_status emu_close(emu_unit *u)
{
	emu_registry_remove(u);
	emu_scope_free(u);
	emu_truth(u, "close", "handle=%d calls=%llu", u->handle, (unsigned long long)u->counters->calls);
	emu_unit_free(u);
	return EMU_OK;
}
