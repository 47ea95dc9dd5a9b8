/* The settings of one unit in rig.conf: their names, values, defaults. */
#include "rig_unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "signals.h"
#include "status.h"
#include "unit.h"

typedef struct word { const char *name; int value; } word;

static const word pacings[] = {{"real", EMU_REAL_TIME}, {"unthrottled", EMU_UNTHROTTLED}, {NULL, 0}};
static const word powers[] = {{"supply", EMU_POWER_SUPPLY}, {"usb", EMU_POWER_USB}, {"undervoltage", EMU_POWER_UNDERVOLTAGE}, {NULL, 0}};
static const word unplugs[] = {{"gone", EMU_GONE}, {"busy", EMU_BUSY_FOR_EVER}, {"hang", EMU_HANGS}, {NULL, 0}};
static const word switches[] = {{"on", 1}, {"off", 0}, {NULL, 0}};
static const word polls[] = {{"ok", 0}, {"busy", 1}, {NULL, 0}};
static const word rounds[] = {{"once", 1}, {"twice", 2}, {NULL, 0}};
static const word ports[] = {{"2.0", 2}, {"3.0", 3}, {NULL, 0}};
static const word pods[] = {{"none", 0}, {"1", 1}, {"2", 2}, {"both", 3}, {NULL, 0}};

static void choose(const word *words, const char *name, const char *value, int *v, emu_problem *problem)
{
	char list[120] = "";
	for (const word *w = words; w->name; w++) {
		if (strcmp(w->name, value) == 0) {
			*v = w->value;
			return;
		}
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", w == words ? "" : ", ", w->name);
	}
	emu_wrong(problem, "%s = %s: one of %s is wanted", name, value, list);
}

static void measure(const char *name, const char *value, const char *unit, double low, double high, double *v, emu_problem *problem)
{
	double n;
	if (!emu_quantity(value, unit, &n) || n < low || n > high)
		emu_wrong(problem, "%s = %s: a number of %s from %g to %g is wanted", name, value, unit, low, high);
	else
		*v = n;
}

static void copy(char *to, size_t n, const char *name, const char *value, emu_problem *problem)
{
	if (strlen(value) >= n || !*value)
		emu_wrong(problem, "%s = %s: 1 to %zu characters are wanted", name, value, n - 1);
	else
		strcpy(to, value);
}

static void keep(emu_rig_line *to, const char *name, const char *value, int line, emu_problem *problem)
{
	if (to->text && to->line) {
		emu_wrong(problem, "%s is given twice, the first time in line %d", name, to->line);
		return;
	}
	free(to->text);
	to->text = strdup(value);
	to->line = line;
}

void emu_rig_line_add(emu_rig_line **list, int *n, const char *value, int line, emu_problem *problem)
{
	emu_rig_line *grown = realloc(*list, (size_t)(*n + 1) * sizeof **list);
	if (!grown) {
		emu_wrong(problem, "out of memory");
		return;
	}
	*list = grown;
	grown[(*n)++] = (emu_rig_line){strdup(value), line};
}

int emu_rig_serial_ok(const char *serial)
{
	size_t n = strlen(serial);
	return n > 0 && n <= EMU_SERIAL && strspn(serial, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/") == n && serial[0] != '/' && serial[n - 1] != '/';
}

void emu_rig_unit_defaults(emu_rig_unit *u, const char *serial)
{
	memset(u, 0, sizeof *u);
	snprintf(u->serial, sizeof u->serial, "%s", serial);
	strcpy(u->calibrated, "01Jan26");
	strcpy(u->firmware, "1.7.16.0");
	strcpy(u->hardware, "1");
	u->usb = 3;
	u->power = EMU_POWER_SUPPLY;
	u->pods = 3;
	u->handshakes = 1;
	u->buffer_s = 1;
	u->skew = 1;
	u->seed = 1;
	u->temperature = 35;
}

/* "channel A" -> "A"; NULL: name has another first word. */
static const char *after(const char *name, const char *first)
{
	size_t n = strlen(first);
	if (strncmp(name, first, n) != 0 || (name[n] != ' ' && name[n] != '\t'))
		return NULL;
	return name + n + strspn(name + n, " \t");
}

static int set_signal(emu_rig_unit *u, const char *name, const char *value, int line, emu_problem *problem)
{
	const char *which;
	emu_rig_line *to = NULL;
	if ((which = after(name, "channel"))) {
		if (which[0] >= 'A' && which[0] <= 'H' && !which[1])
			to = &u->channel[which[0] - 'A'];
		else
			emu_wrong(problem, "channel %s: channels are A to H", which);
	} else if ((which = after(name, "port"))) {
		if ((which[0] == '0' || which[0] == '1') && !which[1])
			to = &u->channel[EMU_PORT0 + which[0] - '0'];
		else
			emu_wrong(problem, "port %s: ports are 0 and 1", which);
	} else if ((which = after(name, "pin"))) {
		char *end = NULL;
		long pin = which[0] == 'D' && which[1] ? strtol(which + 1, &end, 10) : -1;
		if (end && !*end && pin >= 0 && pin < EMU_PINS)
			to = &u->pin[pin];
		else
			emu_wrong(problem, "pin %s: pins are D0 to D15", which);
	} else if (strcmp(name, "ext") == 0) {
		to = &u->channel[EMU_EXT];
	} else if (strcmp(name, "aux") == 0) {
		to = &u->channel[EMU_AUX];
	} else {
		return 0;
	}
	if (to)
		keep(to, name, value, line, problem);
	return 1;
}

static int set_identity(emu_rig_unit *u, const char *name, const char *value, emu_problem *problem)
{
	if (strcmp(name, "model") == 0)
		copy(u->variant, sizeof u->variant, name, value, problem);
	else if (strcmp(name, "driver") == 0)
		copy(u->driver, sizeof u->driver, name, value, problem);
	else if (strcmp(name, "calibrated") == 0)
		copy(u->calibrated, sizeof u->calibrated, name, value, problem);
	else if (strcmp(name, "firmware") == 0)
		copy(u->firmware, sizeof u->firmware, name, value, problem);
	else if (strcmp(name, "hardware") == 0)
		copy(u->hardware, sizeof u->hardware, name, value, problem);
	else
		return 0;
	return 1;
}

/* "1s" or "100000 samples", "0.5 samples" is not. */
static void set_buffer(emu_rig_unit *u, const char *value, emu_problem *problem)
{
	char number[40];
	const char *blank = strchr(value, ' ');
	if (blank && strcmp(blank, " samples") == 0 && (size_t)(blank - value) < sizeof number) {
		snprintf(number, sizeof number, "%.*s", (int)(blank - value), value);
		if (emu_count(number, &u->buffer_samples) && u->buffer_samples > 0)
			return;
	} else if (emu_quantity(value, "s", &u->buffer_s) && u->buffer_s > 0 && u->buffer_s <= 3600) {
		u->buffer_samples = 0;
		return;
	}
	emu_wrong(problem, "buffer = %s: a time such as 500ms, or a number such as 100k samples, is wanted", value);
}

static void set_trip(emu_rig_unit *u, const char *value, emu_problem *problem)
{
	u->trip = 0;
	for (const char *c = value; *c; c++) {
		if (*c == ' ')
			continue;
		if (*c < 'A' || *c > 'H')
			emu_wrong(problem, "trip = %s: channels A to H are wanted, such as A C", value);
		else
			u->trip |= 1u << (*c - 'A');
	}
}

static int set_behaviour(emu_rig_unit *u, const char *name, const char *value, emu_problem *problem)
{
	int v = -1;
	if (strcmp(name, "pacing") == 0) {
		choose(pacings, name, value, &v, problem);
		u->pacing = v == EMU_UNTHROTTLED ? EMU_UNTHROTTLED : EMU_REAL_TIME;
	} else if (strcmp(name, "unplug") == 0) {
		choose(unplugs, name, value, &v, problem);
		u->unplug = v > 0 ? (emu_unplug)v : EMU_GONE;
	} else if (strcmp(name, "power") == 0) {
		choose(powers, name, value, &u->power, problem);
	} else if (strcmp(name, "usb") == 0) {
		choose(ports, name, value, &u->usb, problem);
	} else if (strcmp(name, "handshake") == 0) {
		choose(rounds, name, value, &u->handshakes, problem);
	} else if (strcmp(name, "pods") == 0) {
		choose(pods, name, value, &u->pods, problem);
	} else if (strcmp(name, "skew") == 0) {
		choose(switches, name, value, &u->skew, problem);
	} else if (strcmp(name, "hurry") == 0) {
		choose(switches, name, value, &u->hurry, problem);
	} else if (strcmp(name, "empty_poll") == 0) {
		choose(polls, name, value, &u->empty_busy, problem);
	} else if (strcmp(name, "clock_error") == 0) {
		double ppm = 0;
		if (!emu_quantity(value, "ppm", &ppm) || ppm < -10000 || ppm > 10000)
			emu_wrong(problem, "clock_error = %s: -10000ppm to 10000ppm are wanted", value);
		u->clock_ppm = ppm;
	} else {
		return 0;
	}
	return 1;
}

void emu_rig_unit_set(emu_rig_unit *u, char *name, const char *value, int line, emu_problem *problem)
{
	if (set_signal(u, name, value, line, problem) || set_identity(u, name, value, problem) || set_behaviour(u, name, value, problem))
		return;
	if (strcmp(name, "fault") == 0)
		emu_rig_line_add(&u->fault, &u->faults, value, line, problem);
	else if (strcmp(name, "open_time") == 0)
		measure(name, value, "s", 0, 3600, &u->open_s, problem);
	else if (strcmp(name, "delivery") == 0)
		measure(name, value, "s", 0, 60, &u->delivery_s, problem);
	else if (strcmp(name, "temperature") == 0)
		measure(name, value, "C", -50, 150, &u->temperature, problem);
	else if (strcmp(name, "buffer") == 0)
		set_buffer(u, value, problem);
	else if (strcmp(name, "trip") == 0)
		set_trip(u, value, problem);
	else if (strcmp(name, "seed") == 0 || strcmp(name, "memory") == 0 || strcmp(name, "counter") == 0) {
		if (!emu_count(value, name[0] == 's' ? &u->seed : name[0] == 'm' ? &u->memory : &u->counter))
			emu_wrong(problem, "%s = %s: a whole number is wanted", name, value);
	} else
		emu_wrong(problem, "a unit does not know the setting \"%s\"", name);
}

void emu_rig_unit_finish(emu_rig_unit *u, emu_problem *problem)
{
	if (!u->variant[0]) {
		emu_wrong(problem, "unit %s has no model: write one, such as model = 2406B", u->serial);
		return;
	}
	if (!u->driver[0])
		snprintf(u->driver, sizeof u->driver, "ps%c000a", u->variant[0]);
	if (!emu_model_find(u->driver, u->variant))
		emu_wrong(problem, "model = %s: the emulation has no such model of the driver %s (write it as the unit tells it, such as 5444DMSO)", u->variant,
			  u->driver);
}

void emu_rig_unit_check(const emu_rig_unit *u, int *line, emu_problem *problem)
{
	for (int i = 0; i <= EMU_AUX && !problem->text[0]; i++) {
		emu_signal *s = emu_signals_new(u, (emu_source)i, line, problem);
		emu_signal_free(s);
	}
	for (int i = 0; i < u->faults && !problem->text[0]; i++) {
		*line = u->fault[i].line;
		emu_fault_check(u->fault[i].text, problem);
	}
}
