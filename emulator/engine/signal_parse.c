/* Makes signals from the rig's lines: which kinds there are, their keys, units and limits. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig_files.h"
#include "signals.h"

static const struct { const char *name; emu_shape shape; } kinds[] = {
	{"proof", EMU_SHAPE_PROOF}, {"dc", EMU_SHAPE_DC}, {"sine", EMU_SHAPE_SINE}, {"square", EMU_SHAPE_SQUARE},
	{"triangle", EMU_SHAPE_TRIANGLE}, {"sawtooth", EMU_SHAPE_SAWTOOTH}, {"pulses", EMU_SHAPE_PULSES}, {"runts", EMU_SHAPE_RUNTS},
	{"random", EMU_SHAPE_RANDOM}, {"double", EMU_SHAPE_DOUBLE}, {"noise", EMU_SHAPE_DC}, {"replay", EMU_SHAPE_REPLAY},
	{"loopback", EMU_SHAPE_DC}, {"counter", EMU_SHAPE_COUNTER}, {"levels", EMU_SHAPE_LEVELS},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void above(emu_phrase *p, const char *key, double v, double low, double high)
{
	if (!(v >= low && v <= high))
		emu_wrong(p->problem, "%s: %s is missing or not within %g .. %g", p->kind, key, low, high);
}

static void read_frequency(emu_phrase *p, emu_signal *s)
{
	double period = 0;
	emu_phrase_quantity(p, "frequency", "Hz", &s->frequency);
	emu_phrase_quantity(p, "period", "s", &period);
	if (period > 0 && s->frequency == 0)
		s->frequency = 1 / period;
	else if (period != 0)
		emu_wrong(p->problem, "%s: give frequency or period, one of them", p->kind);
	above(p, "frequency", s->frequency, 1e-9, 1e11);
	double degrees = 0, delay = 0;
	emu_phrase_quantity(p, "phase", "deg", &degrees);
	emu_phrase_quantity(p, "delay", "s", &delay);
	s->phase = degrees / 360 - delay * s->frequency;
}

static void read_edges(emu_phrase *p, emu_signal *s)
{
	emu_phrase_quantity(p, "rise", "s", &s->rise);
	emu_phrase_quantity(p, "fall", "s", &s->fall);
	above(p, "rise", s->rise, 0, 1e6);
	above(p, "fall", s->fall, 0, 1e6);
}

static double percent(emu_phrase *p, const char *key, double v, double high)
{
	v *= 100;
	emu_phrase_quantity(p, key, "%", &v);
	above(p, key, v, 0, high);
	return v / 100;
}

static void read_pulses(emu_phrase *p, emu_signal *s)
{
	read_frequency(p, s);
	emu_phrase_quantity(p, "width", "s", &s->width);
	above(p, "width", s->width, 1e-15, 1 / s->frequency);
	read_edges(p, s);
	if (s->width + s->fall > 1 / s->frequency)
		emu_wrong(p->problem, "%s: width and fall together are longer than the period", p->kind);
	if (s->shape != EMU_SHAPE_RUNTS)
		return;
	s->every = 10;
	s->runt = 0.5;
	emu_phrase_count(p, "every", &s->every);
	above(p, "every", (double)s->every, 1, 1e9);
	s->runt = percent(p, "runt", s->runt, 100);
}

static void read_random(emu_phrase *p, emu_signal *s)
{
	s->width = 100e-9;
	emu_phrase_quantity(p, "rate", "Hz", &s->rate);
	above(p, "rate", s->rate, 1e-6, 1e9);
	emu_phrase_quantity(p, "width", "s", &s->width);
	above(p, "width", s->width, 1e-12, 1e3);
	read_edges(p, s);
	s->spread = percent(p, "spread", 0, 100);
	s->shared_arrivals = emu_phrase_text(p, "arrivals") != NULL;
	emu_phrase_count(p, "arrivals", &s->arrivals);
	s->arrivals = emu_splitmix64(s->arrivals);
	if (s->shape == EMU_SHAPE_DOUBLE) {
		s->lifetime = 2.2e-6;
		s->second = s->fraction = 1;
		emu_phrase_quantity(p, "lifetime", "s", &s->lifetime);
		above(p, "lifetime", s->lifetime, 1e-12, 1e3);
		s->second = percent(p, "second", s->second, 1000);
		s->fraction = percent(p, "fraction", s->fraction, 100);
	}
	if (emu_random_length(s) * s->rate > 1000)
		emu_wrong(p->problem, "%s: more than 1000 pulses would lie over each other; lower rate, width, fall or lifetime", p->kind);
}

static void read_replay(emu_phrase *p, emu_signal *s)
{
	const char *file = emu_phrase_text(p, "file"), *format = emu_phrase_text(p, "format");
	const char *loop = emu_phrase_text(p, "loop"), *between = emu_phrase_text(p, "interpolate");
	double rate = 0, range = 1, full_scale = 0;
	uint64_t track = 0;
	emu_phrase_quantity(p, "rate", "S/s", &rate);
	emu_phrase_quantity(p, "range", "V", &range);
	emu_phrase_quantity(p, "full_scale", "", &full_scale);
	emu_phrase_count(p, "track", &track);
	if (!file) {
		emu_wrong(p->problem, "replay needs file=...");
		return;
	}
	if (loop && strcmp(loop, "on") != 0 && strcmp(loop, "off") != 0)
		emu_wrong(p->problem, "loop=%s: one of on, off is wanted", loop);
	if (between && strcmp(between, "linear") != 0 && strcmp(between, "hold") != 0)
		emu_wrong(p->problem, "interpolate=%s: one of linear, hold is wanted", between);
	char *path = file[0] == '/' ? strdup(file) : emu_rig_path(NULL, file);
	if (path && !p->problem->text[0] && emu_replay_open(&s->replay, path, format, rate, range, full_scale, track, p->problem)) {
		s->replay.loop = !loop || strcmp(loop, "on") == 0;
		s->replay.hold = between && strcmp(between, "hold") == 0;
		if (s->port && s->replay.stride != 1)
			emu_wrong(p->problem, "a port replays files of one byte a sample (u8)");
	}
	free(path);
}

static void read_shape(emu_phrase *p, emu_signal *s)
{
	switch (s->shape) {
	case EMU_SHAPE_SQUARE:
		s->duty = percent(p, "duty", 0.5, 100);
		read_edges(p, s);
		read_frequency(p, s);
		break;
	case EMU_SHAPE_SINE:
	case EMU_SHAPE_TRIANGLE:
	case EMU_SHAPE_SAWTOOTH:
	case EMU_SHAPE_COUNTER:
		read_frequency(p, s);
		break;
	case EMU_SHAPE_PULSES:
	case EMU_SHAPE_RUNTS:
		read_pulses(p, s);
		break;
	case EMU_SHAPE_RANDOM:
	case EMU_SHAPE_DOUBLE:
		read_random(p, s);
		break;
	case EMU_SHAPE_REPLAY:
		read_replay(p, s);
		break;
	case EMU_SHAPE_LEVELS: {
		const char *value = emu_phrase_text(p, "value");
		char *end = NULL;
		s->levels = value ? strtoull(value, &end, 0) : 0;
		if (value && (*end || end == value || s->levels > 255))
			emu_wrong(p->problem, "levels value=%s: a byte is wanted, such as 0xA5", value);
		break;
	}
	default:
		break;
	}
}

static int swings(emu_shape shape)
{
	return shape == EMU_SHAPE_SINE || shape == EMU_SHAPE_SQUARE || shape == EMU_SHAPE_TRIANGLE || shape == EMU_SHAPE_SAWTOOTH;
}

/* What swings about its offset is given peak to peak and kept as the peak; pulses stand on their offset. */
static void read_amplitude(emu_phrase *p, emu_signal *s)
{
	double given = s->pin_of_port ? 3.3 : swings(s->shape) ? 2 : 1;
	s->offset = s->pin_of_port && (swings(s->shape) || s->shape == EMU_SHAPE_DC) ? 1.65 : 0;
	if ((s->shape != EMU_SHAPE_DC && s->shape != EMU_SHAPE_REPLAY) || strcmp(p->kind, "noise") == 0)
		emu_phrase_quantity(p, "amplitude", "V", &given);
	s->amplitude = swings(s->shape) ? given / 2 : given;
}

/* What analog kinds have in common. */
static void read_common(emu_phrase *p, emu_signal *s)
{
	if (s->shape == EMU_SHAPE_PROOF || s->port)
		return;
	read_amplitude(p, s);
	emu_phrase_quantity(p, "offset", "V", &s->offset);
	if (strcmp(p->kind, "noise") == 0)
		s->noise = s->amplitude;
	else
		emu_phrase_quantity(p, "noise", "V", &s->noise);
	above(p, "noise", s->noise, 0, 1e6);
	if (strcmp(p->kind, "loopback") == 0) {
		s->loopback = 1;
		emu_phrase_quantity(p, "gain", "", &s->loopback);
	} else {
		emu_phrase_quantity(p, "loopback", "", &s->loopback);
	}
}

static int kind_of(const emu_phrase *p, int port, emu_shape *shape)
{
	for (int i = 0; i < KINDS; i++) {
		emu_shape k = kinds[i].shape;
		int fits = port ? k == EMU_SHAPE_PROOF || k == EMU_SHAPE_COUNTER || k == EMU_SHAPE_LEVELS || k == EMU_SHAPE_REPLAY
				: k != EMU_SHAPE_COUNTER && k != EMU_SHAPE_LEVELS;
		if (fits && strcmp(kinds[i].name, p->kind) == 0) {
			*shape = k;
			return 1;
		}
	}
	emu_wrong(p->problem, port ? "port: \"%s\" is none of proof, counter, levels, replay"
				   : "\"%s\" is none of proof, dc, sine, square, triangle, sawtooth, pulses, runts, random, double, noise, replay, loopback", p->kind);
	return 0;
}

static emu_signal *make(const char *text, int port, int pin, emu_problem *problem)
{
	emu_phrase p;
	emu_signal *s = calloc(1, sizeof *s);
	if (!s) {
		emu_wrong(problem, "out of memory");
		return NULL;
	}
	s->port = port;
	s->pin_of_port = pin;
	if (emu_phrase_parse(&p, text, problem) && kind_of(&p, port, &s->shape)) {
		read_common(&p, s);
		read_shape(&p, s);
	}
	if (!emu_phrase_end(&p)) {
		emu_signal_free(s);
		return NULL;
	}
	return s;
}

static void give_seed(emu_signal *s, const emu_rig_unit *u, int number)
{
	s->seed = emu_splitmix64(u->seed ^ emu_proof_seed(u->serial, number));
	if (!s->shared_arrivals)
		s->arrivals = s->seed;
}

/* Lines of pins that belong to a port: eight each. */
static int make_pins(emu_signal *s, const emu_rig_unit *u, int first, int *line, emu_problem *problem)
{
	for (int i = 0; i < 8; i++) {
		const emu_rig_line *l = &u->pin[first + i];
		if (!l->text)
			continue;
		*line = l->line;
		s->pin[i] = make(l->text, 0, 1, problem);
		if (s->pin[i] && s->pin[i]->shape == EMU_SHAPE_PROOF)
			emu_wrong(problem, "a pin has no proof signal, its port has");
		if (problem->text[0])
			return 0;
		give_seed(s->pin[i], u, 32 + first + i);
	}
	return 1;
}

emu_signal *emu_signals_new(const emu_rig_unit *u, emu_source source, int *line, emu_problem *problem)
{
	const emu_rig_line *l = &u->channel[source];
	int port = source == EMU_PORT0 || source == EMU_PORT1;
	if (l->text)
		*line = l->line;
	emu_signal *s = make(l->text ? l->text : port ? "levels value=0" : "dc", port, 0, problem);
	if (!s)
		return NULL;
	if (source > EMU_PORT1 && s->shape == EMU_SHAPE_PROOF)
		emu_wrong(problem, "ext and aux are never recorded: proof has no meaning there");
	give_seed(s, u, (int)source + 16);
	s->proof_seed = emu_proof_seed(u->serial, (int)source);
	if (problem->text[0] || (port && !make_pins(s, u, source == EMU_PORT0 ? 0 : 8, line, problem))) {
		emu_signal_free(s);
		return NULL;
	}
	return s;
}

void emu_signal_free(emu_signal *s)
{
	if (!s)
		return;
	for (int i = 0; i < 8; i++)
		emu_signal_free(s->pin[i]);
	emu_replay_close(&s->replay);
	free(s);
}
