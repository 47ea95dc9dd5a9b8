/* The bracket around every call: handle, concurrency, callbacks, plug, power, faults, and the log of calls. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault.h"
#include "registry.h"
#include "rig_files.h"
#include "state.h"

enum { DEPTH = sizeof ((emu_unit *)0)->call / sizeof ((emu_unit *)0)->call[0] };

static _Thread_local int in_callback;
static _Atomic uint64_t next_thread = 1;

uint64_t emu_thread(void)
{
	static _Thread_local uint64_t mine;
	if (mine == 0)
		mine = next_thread++;
	return mine;
}

int emu_in_callback(void)
{
	return in_callback;
}

void emu_callback_begin(emu_unit *u)
{
	(void)u;
	in_callback++;
}

void emu_callback_end(emu_unit *u)
{
	(void)u;
	in_callback--;
}

int16_t emu_handle(const emu_unit *u)
{
	return u->handle;
}

int emu_unplugged(emu_unit *u)
{
	if (!atomic_load(&u->lost) && !emu_state_plugged(u->files) && !atomic_exchange(&u->lost, 1))
		emu_truth(u, "unplugged", "run=%llu running=%llu raw=%llu", (unsigned long long)u->counters->runs,
			  (unsigned long long)u->counters->running, (unsigned long long)u->counters->run_raw);
	return atomic_load(&u->lost);
}

/* New lines of the faults file. Wrong ones are told, the right ones hold. */
static void take_faults(emu_unit *u)
{
	uint64_t version;
	char *text = emu_state_faults(u->files, &version);
	if (!text)
		return;
	emu_problem problem = {""};
	emu_faults_replace(u->faults, text, version, &problem);
	if (problem.text[0])
		emu_problem_log("event=faults unit=%s problem=\"%s\"", u->serial, problem.text);
	emu_truth(u, "faults", "n=%d", u->faults->n);
	free(text);
}

static emu_status without_unit(emu_unit *u, const char *function)
{
	int closes = strstr(function, "CloseUnit") != NULL;
	switch (u->rig.unplug) {
	case EMU_HANGS:
		for (;;)
			pause();
	case EMU_BUSY_FOR_EVER:
		return closes ? EMU_OK : EMU_BUSY;
	default:
		return closes ? EMU_OK : EMU_NOT_RESPONDING;
	}
}

static emu_status check(emu_unit *u, const char *function, unsigned flags)
{
	emu_status answer = EMU_OK, replace = EMU_OK;
	take_faults(u);
	int at_once = emu_faults_fire(u->faults, u, function, &answer, &replace);
	u->call[u->depth - 1].replace = replace;
	if (at_once)
		return answer;
	if (emu_unplugged(u))
		return without_unit(u, function);
	u->power = (emu_power)emu_state_power(u->files);
	if (!(flags & EMU_UNPOWERED)) {
		emu_status s = emu_power_check(u);
		if (s != EMU_OK)
			return s;
	}
	return (flags & EMU_IDLE_ONLY) && emu_scope_running(u) ? EMU_BUSY : EMU_OK;
}

emu_status emu_enter(const emu_family *f, int16_t handle, const char *function, unsigned flags, emu_unit **out)
{
	*out = NULL;
	if (in_callback && !(flags & EMU_CALLBACK)) {
		emu_registry_refuse(f, handle, EMU_MISUSE_CALLBACK, function);
		return EMU_USER_CALLBACK;
	}
	int busy;
	emu_unit *u = emu_registry_claim(f, handle, function, in_callback, &busy);
	if (!u)
		return busy ? EMU_DRIVER_FUNCTION : EMU_INVALID_HANDLE;
	if (u->depth == DEPTH) {
		emu_misuse(u, EMU_MISUSE_CALLBACK, "%s: calls inside calls", function);
		return EMU_DRIVER_FUNCTION;
	}
	u->call[u->depth].function = function;
	u->call[u->depth].flags = flags;
	u->call[u->depth].replace = EMU_OK;
	u->call[u->depth].entered_ns = emu_mono_ns();
	u->depth++;
	u->counters->calls++;
	emu_status s = check(u, function, flags);
	if (s != EMU_OK) {
		u->call[u->depth - 1].replace = EMU_OK;
		return emu_leave(u, s);
	}
	*out = u;
	return EMU_OK;
}

emu_status emu_leave(emu_unit *u, emu_status s)
{
	int i = u->depth - 1;
	if (u->call[i].replace != EMU_OK)
		s = u->call[i].replace;
	int usual = s == EMU_OK || s == EMU_BUSY || s == EMU_WAITING_FOR_DATA_BUFFERS; /* of calls in loops */
	if (!(u->call[i].flags & EMU_QUIET) || !usual)
		emu_truth(u, "call", "function=%s status=0x%X us=%llu", u->call[i].function, s,
			  (unsigned long long)((emu_mono_ns() - u->call[i].entered_ns) / 1000));
	u->depth = i;
	if (i == 0)
		atomic_store(&u->owner, 0);
	return s;
}
