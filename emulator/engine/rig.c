/* Reads rig.conf: sections [rig] and [unit SERIAL] of lines `name = value`. Without the file there is a rig of three. */
#include "rig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "rig_files.h"
#include "rig_unit.h"
#include "status.h"

/* No frequency is a round one, so that no usual sampling rate sees the same phase again and again. */
static const char default_rig[] =
	"[unit EMU24/001]\n"
	"model = 2406B\n"
	"channel A = sine frequency=1.0037kHz amplitude=3V\n"
	"channel B = square frequency=509.3Hz amplitude=2V\n"
	"channel C = triangle frequency=307.1Hz amplitude=1.6V\n"
	"channel D = pulses frequency=211.7Hz width=400us amplitude=1V\n"
	"ext = square frequency=101.3Hz amplitude=2V\n"
	"[unit EMU54/001]\n"
	"model = 5444DMSO\n"
	"usb = 2.0\n" /* so that its open asks for the power handshake, as many a unit on a desk does */
	"power = usb\n"
	"channel A = sine frequency=1.0037kHz amplitude=3V\n"
	"channel B = square frequency=509.3Hz amplitude=2V\n"
	"channel C = triangle frequency=307.1Hz amplitude=1.6V\n"
	"channel D = pulses frequency=211.7Hz width=400us amplitude=1V\n"
	"port 0 = counter frequency=50.021kHz\n"
	"port 1 = counter frequency=10.007kHz\n"
	"ext = square frequency=101.3Hz amplitude=2V\n"
	"[unit EMU68/001]\n"
	"model = 6824E\n"
	"channel A = sine frequency=1.0037kHz amplitude=3V\n"
	"channel B = square frequency=509.3Hz amplitude=2V\n"
	"channel C = triangle frequency=307.1Hz amplitude=1.6V\n"
	"channel D = pulses frequency=211.7Hz width=400us amplitude=1V\n"
	"channel E = sine frequency=10.007kHz amplitude=2V\n"
	"channel F = square frequency=5.0021kHz amplitude=1V\n"
	"channel G = triangle frequency=3.0013kHz amplitude=2V\n"
	"channel H = sawtooth frequency=2.0017kHz amplitude=2V\n"
	"port 0 = counter frequency=1.0007MHz\n"
	"port 1 = counter frequency=10.007kHz\n"
	"aux = square frequency=101.3Hz amplitude=2V\n";

typedef struct reader {
	emu_rig *rig;
	emu_rig_unit *unit; /* of the present section; NULL: in [rig] or before any */
	int in_rig, line, section;
	emu_problem problem;
} reader;

static char *trim(char *s)
{
	s += strspn(s, " \t");
	size_t n = strlen(s);
	while (n > 0 && strchr(" \t\r", s[n - 1]))
		s[--n] = 0;
	return s;
}

/* A # at the beginning or behind a blank begins a comment, except inside quotes. */
static void cut_comment(char *s)
{
	int quoted = 0;
	for (char *c = s; *c; c++) {
		if (*c == '"')
			quoted = !quoted;
		if (*c == '#' && !quoted && (c == s || c[-1] == ' ' || c[-1] == '\t')) {
			*c = 0;
			return;
		}
	}
}

static void end_section(reader *r)
{
	if (!r->unit || r->problem.text[0])
		return;
	int line = r->line;
	r->line = r->section;
	emu_rig_unit_finish(r->unit, &r->problem);
	if (!r->problem.text[0])
		emu_rig_unit_check(r->unit, &r->line, &r->problem);
	if (!r->problem.text[0])
		r->line = line;
	r->unit = NULL;
}

static void begin_unit(reader *r, const char *serial)
{
	if (!emu_rig_serial_ok(serial)) {
		emu_wrong(&r->problem, "serial \"%s\": 1 to %d characters A-Z, 0-9 and / are wanted", serial, EMU_SERIAL);
		return;
	}
	for (int i = 0; i < r->rig->units; i++) {
		if (strcmp(r->rig->unit[i].serial, serial) == 0) {
			emu_wrong(&r->problem, "there are two units %s", serial);
			return;
		}
	}
	emu_rig_unit *grown = realloc(r->rig->unit, (size_t)(r->rig->units + 1) * sizeof *grown);
	if (!grown) {
		emu_wrong(&r->problem, "out of memory");
		return;
	}
	r->rig->unit = grown;
	r->unit = &grown[r->rig->units++];
	emu_rig_unit_defaults(r->unit, serial);
}

static void begin_section(reader *r, char *s)
{
	end_section(r);
	size_t n = strlen(s);
	if (s[n - 1] != ']') {
		emu_wrong(&r->problem, "the closing ] is missing");
		return;
	}
	s[n - 1] = 0;
	s = trim(s + 1);
	r->in_rig = strcmp(s, "rig") == 0;
	r->section = r->line;
	if (strncmp(s, "unit", 4) == 0 && (s[4] == ' ' || s[4] == '\t'))
		begin_unit(r, trim(s + 4));
	else if (!r->in_rig)
		emu_wrong(&r->problem, "[%s]: sections are [rig] and [unit SERIAL]", s);
}

static void set_rig(reader *r, const char *name, const char *value)
{
	emu_rig *rig = r->rig;
	uint64_t n;
	if (strcmp(name, "max_open") == 0) {
		if (emu_count(value, &n) && n >= 1 && n <= EMU_MAX_UNITS)
			rig->max_open = (int)n;
		else
			emu_wrong(&r->problem, "max_open = %s: 1 to %d are wanted", value, EMU_MAX_UNITS);
	} else if (strcmp(name, "enumerate_time") == 0) {
		if (!emu_quantity(value, "s", &rig->enumerate_s) || rig->enumerate_s < 0 || rig->enumerate_s > 3600)
			emu_wrong(&r->problem, "enumerate_time = %s: 0s to 3600s are wanted", value);
	} else if (strcmp(name, "list_open") == 0) {
		rig->list_open = strcmp(value, "on") == 0;
		if (!rig->list_open && strcmp(value, "off") != 0)
			emu_wrong(&r->problem, "list_open = %s: one of on, off is wanted", value);
	} else if (strcmp(name, "in_use") == 0) {
		if (!emu_status_parse(value, &rig->in_use))
			emu_wrong(&r->problem, "in_use = %s: a status is wanted, such as PICO_NOT_FOUND or 0x3", value);
	} else if (strcmp(name, "fault") == 0) {
		emu_rig_line_add(&rig->fault, &rig->faults, value, r->line, &r->problem);
		emu_fault_check(value, &r->problem);
	} else {
		emu_wrong(&r->problem, "[rig] does not know the setting \"%s\"", name);
	}
}

static void read_line(reader *r, char *s)
{
	cut_comment(s);
	s = trim(s);
	if (!*s)
		return;
	if (*s == '[') {
		begin_section(r, s);
		return;
	}
	char *equals = strchr(s, '=');
	if (!equals) {
		emu_wrong(&r->problem, "\"%.60s\": a line is name = value or [section]", s);
		return;
	}
	*equals = 0;
	char *name = trim(s), *value = trim(equals + 1);
	if (!*value)
		emu_wrong(&r->problem, "%s has no value", name);
	else if (r->unit)
		emu_rig_unit_set(r->unit, name, value, r->line, &r->problem);
	else if (r->in_rig)
		set_rig(r, name, value);
	else
		emu_wrong(&r->problem, "%s stands before any section: begin with [rig] or [unit SERIAL]", name);
}

/* Each text once on stderr: programs enumerate in loops. */
static void report(const char *problem)
{
	static char last[400];
	if (strncmp(last, problem, sizeof last - 1) == 0)
		return;
	snprintf(last, sizeof last, "%s", problem);
	fprintf(stderr, "scopelog emulator: %s\n", problem);
	emu_problem_log("event=rig problem=\"%s\"", problem);
}

emu_rig *emu_rig_load(char *problem, size_t n)
{
	problem[0] = 0;
	const char *dir = emu_rig_dir();
	if (!dir) {
		snprintf(problem, n, "there is no rig directory");
		return NULL;
	}
	char *path = emu_rig_path(NULL, "rig.conf");
	char *text = path ? emu_file_read(path) : NULL;
	int missing = !text && errno == ENOENT;
	reader r = {.rig = calloc(1, sizeof *r.rig)};
	if (missing)
		text = strdup(default_rig);
	if (!text || !r.rig) {
		snprintf(problem, n, "%s/rig.conf: %s", dir, strerror(errno));
		report(problem);
		free(text);
		free(path);
		free(r.rig);
		return NULL;
	}
	r.rig->dir = strdup(dir);
	r.rig->max_open = EMU_MAX_UNITS;
	r.rig->in_use = EMU_NOT_FOUND;
	for (char *line = text, *next; line && !r.problem.text[0]; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		r.line++;
		read_line(&r, line);
	}
	end_section(&r);
	if (r.problem.text[0]) {
		snprintf(problem, n, "%s:%d: %s", missing ? "default rig" : path, r.line, r.problem.text);
		report(problem);
		emu_rig_free(r.rig);
		r.rig = NULL;
	}
	free(text);
	free(path);
	return r.rig;
}
