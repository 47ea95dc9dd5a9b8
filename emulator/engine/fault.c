/* What faults do at calls. The questions of the data path are in fault_data.c. */
#include "fault.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rig_files.h"
#include "state.h"
#include "unit.h"

struct emu_faults *emu_faults_new(const emu_rig_line *lines, int n, struct emu_counters *life)
{
	struct emu_faults *f = calloc(1, sizeof *f);
	if (f)
		f->fault = calloc((size_t)n + 1, sizeof *f->fault);
	if (!f || !f->fault) {
		free(f);
		return NULL;
	}
	f->life = life;
	for (int i = 0; i < n; i++) {
		emu_problem problem = {""};
		if (emu_fault_parse(&f->fault[f->n], lines[i].text, &problem)) {
			emu_fault_remember(f, &f->fault[f->n], lines[i].text, 0);
			f->n++;
		}
	}
	f->fixed = f->n;
	return f;
}

void emu_faults_free(struct emu_faults *f)
{
	if (f)
		free(f->fault);
	free(f);
}

void emu_faults_replace(struct emu_faults *f, const char *text, uint64_t version, emu_problem *problem)
{
	char *copy = strdup(text ? text : "");
	f->n = f->fixed;
	int line = 0;
	for (char *s = copy, *next; s; s = next) {
		next = strchr(s, '\n');
		if (next)
			*next++ = 0;
		line++;
		s += strspn(s, " \t\r");
		if (!*s || *s == '#')
			continue;
		emu_fault one;
		emu_problem wrong = {""};
		if (!emu_fault_parse(&one, s, &wrong)) {
			emu_wrong(problem, "line %d: %s", line, wrong.text);
			continue;
		}
		emu_fault *grown = realloc(f->fault, (size_t)(f->n + 1) * sizeof *grown);
		if (!grown)
			break;
		f->fault = grown;
		emu_fault_remember(f, &one, s, version);
		f->fault[f->n++] = one;
	}
	free(copy);
}

static void wait_until(uint64_t end_ns, int burn)
{
	for (;;) {
		uint64_t now = emu_mono_ns();
		if (now >= end_ns)
			return;
		if (burn)
			continue;
		uint64_t left = end_ns - now;
		struct timespec t = {(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
		nanosleep(&t, NULL);
	}
}

static void stand_still(double seconds, int burn)
{
	wait_until(seconds > 0 ? emu_mono_ns() + (uint64_t)(seconds * 1e9) : UINT64_MAX, burn);
}

__attribute__((no_sanitize_undefined)) static void crash(void)
{
	int *volatile nowhere = NULL;
	*(volatile int *)nowhere = 1;
}

static int due(emu_fault *f, emu_unit *u, const char *function)
{
	if (f->kind >= EMU_FAULT_LATE || fnmatch(f->function, function, 0) != 0)
		return 0;
	if (f->times != 0 && f->fired >= f->times)
		return 0;
	if (u && f->open != 0 && f->open != u->counters->opens)
		return 0;
	if (u && f->run != 0 && f->run != u->counters->runs)
		return 0;
	if (f->call != 0)
		return ++f->seen >= f->call;
	if (!u)
		return 0;
	if (f->at >= 0)
		return u->opened_s > 0 && emu_now(u) - u->opened_s >= f->at;
	return u->counters->running && u->counters->run_raw >= f->sample;
}

static void set_plug(emu_unit *u, double seconds)
{
	char text[64] = "0\n";
	if (seconds > 0) {
		uint64_t ms = (uint64_t)((emu_now(u) + seconds) * 1000);
		snprintf(text, sizeof text, "0 until %llu.%03llu\n", (unsigned long long)(ms / 1000), (unsigned long long)(ms % 1000));
	}
	emu_state_write(u, "plugged", text);
}

static int fire(struct emu_faults *all, emu_fault *f, emu_unit *u, const char *function, emu_status *answer, emu_status *replace)
{
	static const char *const names[] = {"status", "busy", "hang", "spin", "crash", "exit", "delay", "unplug", "power", "noise"};
	emu_fault_came(all, f);
	if (u)
		emu_truth(u, "fault", "kind=%s function=%s run_raw=%llu", names[f->kind], function, (unsigned long long)u->counters->run_raw);
	switch (f->kind) {
	case EMU_FAULT_STATUS:
	case EMU_FAULT_BUSY:
		*(f->after ? replace : answer) = f->value;
		return !f->after;
	case EMU_FAULT_HANG:
	case EMU_FAULT_SPIN:
		stand_still(f->seconds, f->kind == EMU_FAULT_SPIN);
		break;
	case EMU_FAULT_DELAY:
		stand_still(f->seconds, 0);
		break;
	case EMU_FAULT_CRASH:
		crash();
		break;
	case EMU_FAULT_EXIT:
		_exit(f->code);
	case EMU_FAULT_UNPLUG:
		if (u)
			set_plug(u, f->seconds);
		break;
	case EMU_FAULT_POWER:
		if (u)
			emu_state_write(u, "power", f->text);
		break;
	case EMU_FAULT_NOISE:
		dprintf(f->stream, "%s\n", f->text);
		break;
	default:
		break;
	}
	return 0;
}

int emu_faults_fire(struct emu_faults *f, emu_unit *u, const char *function, emu_status *answer, emu_status *replace)
{
	int at_once = 0;
	for (int i = 0; f && i < f->n && !at_once; i++)
		if (due(&f->fault[i], u, function))
			at_once = fire(f, &f->fault[i], u, function, answer, replace);
	return at_once;
}
