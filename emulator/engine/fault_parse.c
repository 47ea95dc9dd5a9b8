/* The lines of faults: kinds, keys, limits. */
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "status.h"

static const struct { const char *name; emu_fault_kind kind; } kinds[] = {
	{"status", EMU_FAULT_STATUS}, {"busy", EMU_FAULT_BUSY}, {"hang", EMU_FAULT_HANG}, {"spin", EMU_FAULT_SPIN}, {"crash", EMU_FAULT_CRASH},
	{"exit", EMU_FAULT_EXIT}, {"delay", EMU_FAULT_DELAY}, {"unplug", EMU_FAULT_UNPLUG}, {"power", EMU_FAULT_POWER},
	{"noise", EMU_FAULT_NOISE}, {"late", EMU_FAULT_LATE}, {"burst", EMU_FAULT_BURST}, {"lose", EMU_FAULT_LOSE},
};

static int kind_of(emu_phrase *p, emu_fault_kind *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, p->kind) == 0) {
			*kind = kinds[i].kind;
			return 1;
		}
	}
	emu_wrong(p->problem, "fault \"%s\" is none of status, busy, hang, spin, crash, exit, delay, unplug, power, noise, late, burst, lose", p->kind);
	return 0;
}

static void read_text(emu_phrase *p, const char *key, char *to, size_t n)
{
	const char *text = emu_phrase_text(p, key);
	if (text && strlen(text) >= n)
		emu_wrong(p->problem, "%s: at most %zu characters are wanted", key, n - 1);
	else if (text)
		strcpy(to, text);
}

/* Faults of the data path: by sample or time of a run, whatever is called. */
static void read_data(emu_phrase *p, emu_fault *f)
{
	if (f->kind == EMU_FAULT_LOSE) {
		emu_phrase_count(p, "sample", &f->sample);
		emu_phrase_count(p, "count", &f->count);
		emu_phrase_count(p, "every", &f->every);
		if (f->sample == UINT64_MAX || f->count == 0 || (f->every != 0 && f->every <= f->count))
			emu_wrong(p->problem, "lose needs sample=..., count=..., and every=... only when it is more than count");
		return;
	}
	f->at = 0;
	emu_phrase_quantity(p, "at", "s", &f->at);
	emu_phrase_quantity(p, "for", "s", &f->seconds);
	emu_phrase_quantity(p, "every", "s", &f->every_s);
	if (f->kind == EMU_FAULT_LATE && (f->seconds <= 0 || f->at < 0 || (f->every_s != 0 && f->every_s <= f->seconds)))
		emu_wrong(p->problem, "late needs for=... above 0, at=... not below, and every=... only when it is longer than for");
	if (f->kind == EMU_FAULT_BURST && f->every_s <= 0)
		emu_wrong(p->problem, "burst needs every=... above 0");
}

static void read_trigger(emu_phrase *p, emu_fault *f)
{
	int given = 0;
	const char *again = emu_phrase_text(p, "again");
	f->again = again != NULL;
	if (again && strcmp(again, "open") != 0)
		emu_wrong(p->problem, "again=%s: only again=open is known", again);
	read_text(p, "function", f->function, sizeof f->function);
	emu_phrase_count(p, "call", &f->call);
	emu_phrase_count(p, "sample", &f->sample);
	emu_phrase_quantity(p, "at", "s", &f->at);
	emu_phrase_count(p, "times", &f->times);
	for (int i = 0; i < p->pairs; i++)
		given += strcmp(p->pair[i].key, "call") == 0 || strcmp(p->pair[i].key, "sample") == 0 || strcmp(p->pair[i].key, "at") == 0;
	if (given > 1)
		emu_wrong(p->problem, "%s: give one of call, sample and at", p->kind);
	if (given == 0)
		f->call = 1;
}

static void read_status(emu_phrase *p, emu_fault *f)
{
	const char *value = emu_phrase_text(p, "value"), *when = emu_phrase_text(p, "when");
	if (!value || !emu_status_parse(value, &f->value))
		emu_wrong(p->problem, "status needs value=... with a vendor name such as PICO_NOT_RESPONDING or a number such as 0x7");
	if (when && strcmp(when, "before") != 0 && strcmp(when, "after") != 0)
		emu_wrong(p->problem, "when=%s: one of before, after is wanted", when);
	f->after = when && strcmp(when, "after") == 0;
	if (f->value == EMU_OK)
		emu_wrong(p->problem, "value=PICO_OK is no fault");
}

static void read_noise(emu_phrase *p, emu_fault *f)
{
	const char *stream = emu_phrase_text(p, "stream");
	f->stream = !stream || strcmp(stream, "stderr") == 0 ? 2 : 1;
	if (stream && strcmp(stream, "stdout") != 0 && strcmp(stream, "stderr") != 0)
		emu_wrong(p->problem, "stream=%s: one of stdout, stderr is wanted", stream);
	strcpy(f->text, "libusb: warning [handle_events] noise of the emulation");
	read_text(p, "text", f->text, sizeof f->text);
}

static void read_kind(emu_phrase *p, emu_fault *f)
{
	uint64_t code = 1;
	switch (f->kind) {
	case EMU_FAULT_STATUS:
		read_status(p, f);
		break;
	case EMU_FAULT_BUSY:
		f->value = EMU_BUSY;
		f->times = 0;
		break;
	case EMU_FAULT_EXIT:
		emu_phrase_count(p, "code", &code);
		if (code > 255)
			emu_wrong(p->problem, "code: 0 to 255 are wanted");
		f->code = (int)code;
		break;
	case EMU_FAULT_HANG:
	case EMU_FAULT_SPIN:
	case EMU_FAULT_DELAY:
	case EMU_FAULT_UNPLUG:
		emu_phrase_quantity(p, "for", "s", &f->seconds);
		if (f->seconds < 0 || (f->kind == EMU_FAULT_DELAY && f->seconds == 0))
			emu_wrong(p->problem, "%s: for=... above 0 is wanted", p->kind);
		break;
	case EMU_FAULT_POWER:
		read_text(p, "state", f->text, sizeof f->text);
		if (strcmp(f->text, "usb") != 0 && strcmp(f->text, "supply") != 0 && strcmp(f->text, "undervoltage") != 0)
			emu_wrong(p->problem, "power needs state=supply, state=usb or state=undervoltage");
		break;
	case EMU_FAULT_NOISE:
		read_noise(p, f);
		break;
	default:
		break;
	}
}

int emu_fault_parse(emu_fault *f, const char *text, emu_problem *problem)
{
	emu_phrase p;
	memset(f, 0, sizeof *f);
	strcpy(f->function, "*");
	f->sample = UINT64_MAX;
	f->at = -1;
	f->times = 1;
	if (emu_phrase_parse(&p, text, problem) && kind_of(&p, &f->kind)) {
		emu_phrase_count(&p, "open", &f->open);
		emu_phrase_count(&p, "run", &f->run);
		if (f->kind >= EMU_FAULT_LATE) {
			read_data(&p, f);
		} else {
			read_kind(&p, f);
			read_trigger(&p, f);
		}
	}
	return emu_phrase_end(&p);
}

void emu_fault_check(const char *text, emu_problem *problem)
{
	emu_fault f;
	emu_fault_parse(&f, text, problem);
}
