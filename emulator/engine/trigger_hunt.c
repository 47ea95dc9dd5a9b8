/* The hunt for a trigger: generates the codes of the sources it needs, runs the comparators and the pulse timer over them
 * and puts them together as the conditions say. Not here: the comparators (trigger_watch.c, trigger_pulse.c), and where
 * the hunt begins and ends. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trigger.h"

typedef struct member {
	int watch; /* index, or -1: the pulse-width qualifier */
	bool negated;
} member;

typedef struct clause {
	member m[EMU_SOURCES];
	int n, events; /* events: members of which one must happen at the sample that fires */
	bool dead;     /* wants a channel that is off */
	bool pulse;    /* fires where the qualifier is decided */
	int known, was;
} clause;

struct emu_hunt {
	emu_trigger t;
	emu_setup *setup;
	emu_watch watch[2 * EMU_SOURCES];
	int watches;
	clause clause[2][EMU_GROUPS + 1];
	int clauses[2];
	emu_pulse_timer timer;
	int pulse_instant, use_pulse;
	bool then, first_done; /* analog first, then digital: the digital part is the last clause */
	int fast;              /* 1: one rising or falling edge, nothing else */
	int fired;             /* watch, or -1 */
	uint32_t sources;      /* whose codes are needed */
	int16_t codes[EMU_SOURCES][EMU_CHUNK];
	uint8_t bits[2 * EMU_SOURCES][EMU_CHUNK];
	uint8_t pulse_in[EMU_CHUNK], pulse[EMU_CHUNK];
};

static bool digital(emu_source s)
{
	return s == EMU_PORT0 || s == EMU_PORT1 || s == EMU_DIGITAL;
}

/* The comparator of a source for the trigger (0) or the qualifier (1); made when missing. -1: it watches nothing. */
static int watch_for(emu_hunt *h, emu_source s, int qualifier)
{
	emu_watch w;
	if (digital(s)) {
		if (!emu_watch_pins(&w, s, h->t.pin[qualifier]))
			return -1;
		h->sources |= s == EMU_PORT0 ? 1u << EMU_PORT0 : s == EMU_PORT1 ? 1u << EMU_PORT1 : 3u << EMU_PORT0;
	} else {
		w = emu_watch_analog(s, h->t.direction[qualifier][s], &h->t.threshold[s]);
		h->sources |= 1u << s;
	}
	for (int i = 0; i < h->watches; i++)
		if (!memcmp(&h->watch[i], &w, sizeof w))
			return i;
	h->watch[h->watches] = w;
	return h->watches++;
}

static void add_member(emu_hunt *h, clause *c, emu_source s, bool negated, int qualifier)
{
	if (s == EMU_PWQ) {
		if (!h->use_pulse)
			return;
		c->m[c->n++] = (member){-1, negated};
		c->pulse |= !negated;
		return;
	}
	if ((int)s < EMU_CHANNELS && !(h->setup->active >> s & 1)) {
		c->dead |= !negated;
		return;
	}
	int w = watch_for(h, s, qualifier);
	if (w < 0)
		return;
	c->m[c->n++] = (member){w, negated};
	c->events += !negated && h->watch[w].kind != EMU_WATCH_LEVEL;
}

static void add_clauses(emu_hunt *h, int qualifier)
{
	const emu_trigger *t = &h->t;
	for (int g = 0; g < t->groups[qualifier]; g++) {
		clause *c = &h->clause[qualifier][h->clauses[qualifier]];
		for (int i = 0; i < t->group[qualifier][g].n; i++) {
			emu_term term = t->group[qualifier][g].term[i];
			if (term.state != EMU_DONT_CARE)
				add_member(h, c, term.source, term.state == EMU_FALSE, qualifier);
		}
		if (c->n && !c->dead)
			h->clauses[qualifier]++;
		else
			memset(c, 0, sizeof *c);
	}
}

static bool names_digital(const emu_trigger *t)
{
	for (int g = 0; g < t->groups[0]; g++)
		for (int i = 0; i < t->group[0][g].n; i++)
			if (digital(t->group[0][g].term[i].source))
				return true;
	return false;
}

/* Pins that the conditions do not name take part as the operand says. */
static void add_operand(emu_hunt *h)
{
	const emu_trigger *t = &h->t;
	if (!t->pins[0] || names_digital(t) || (t->groups[0] && !t->operand))
		return;
	if (t->operand == 2 && h->clauses[0]) {
		for (int c = 0; c < h->clauses[0]; c++)
			add_member(h, &h->clause[0][c], EMU_DIGITAL, false, 0);
		return;
	}
	h->then = t->operand == 3 && h->clauses[0];
	add_member(h, &h->clause[0][h->clauses[0]], EMU_DIGITAL, false, 0);
	h->clauses[0] += h->clause[0][h->clauses[0]].n > 0;
}

emu_hunt *emu_hunt_new(const emu_trigger *t, emu_setup *setup)
{
	emu_hunt *h = calloc(1, sizeof *h);
	if (!h)
		return NULL;
	h->t = *t;
	h->setup = emu_setup_keep(setup);
	h->use_pulse = emu_trigger_pulse_on(t);
	add_clauses(h, 1);
	for (int i = 0; i < h->watches; i++)
		h->pulse_instant |= h->watch[i].kind == EMU_WATCH_INSTANT;
	add_clauses(h, 0);
	if (!t->groups[0] && h->use_pulse && !t->pins[0])
		add_member(h, &h->clause[0][h->clauses[0]++], EMU_PWQ, false, 0);
	add_operand(h);
	const clause *only = &h->clause[0][0];
	h->fast = h->clauses[0] == 1 && !h->use_pulse && only->n == 1 && only->events == 1 &&
		  (h->watch[only->m[0].watch].direction == EMU_RISING || h->watch[only->m[0].watch].direction == EMU_FALLING) &&
		  !digital(h->watch[only->m[0].watch].source);
	h->timer = (emu_pulse_timer){.type = t->pulse, .lower = t->lower, .upper = t->upper};
	emu_hunt_rearm(h);
	return h;
}

void emu_hunt_free(emu_hunt *h)
{
	if (!h)
		return;
	emu_setup_drop(h->setup);
	free(h);
}

void emu_hunt_rearm(emu_hunt *h)
{
	for (int i = 0; i < h->watches; i++)
		emu_watch_reset(&h->watch[i]);
	for (int q = 0; q < 2; q++)
		for (int c = 0; c < h->clauses[q]; c++)
			h->clause[q][c].known = h->clause[q][c].was = 0;
	emu_pulse_reset(&h->timer);
	h->first_done = false;
	h->fired = -1;
}

/* What the qualifier's conditions say at a sample: EMU_IS, and EMU_EVENT where one of them happened. */
static uint8_t qualifier_at(const emu_hunt *h, size_t i)
{
	uint8_t all = 0;
	for (int c = 0; c < h->clauses[1]; c++) {
		const clause *cl = &h->clause[1][c];
		uint8_t bits = EMU_IS, event = 0;
		for (int m = 0; m < cl->n; m++) {
			uint8_t b = h->bits[cl->m[m].watch][i];
			int instant = h->watch[cl->m[m].watch].kind == EMU_WATCH_INSTANT;
			if (!instant && !(b & EMU_IS) == !cl->m[m].negated)
				bits = 0;
			if (instant)
				event |= b & EMU_EVENT;
		}
		if (bits)
			all |= bits | event;
	}
	return all;
}

/* Whether a clause fires at sample i. */
static bool fires(emu_hunt *h, clause *c, size_t i)
{
	int holds = 1, event = -1, decided = 0;
	for (int m = 0; m < c->n && holds; m++) {
		int w = c->m[m].watch;
		uint8_t b = w < 0 ? h->pulse[i] : h->bits[w][i];
		holds = ((b & EMU_IS) != 0) != c->m[m].negated;
		if (b & EMU_EVENT && !c->m[m].negated) {
			if (w < 0)
				decided = 1;
			else if (h->watch[w].kind != EMU_WATCH_LEVEL && event < 0)
				event = w;
		}
	}
	int was = c->was, known = c->known;
	c->was = holds;
	c->known = 1;
	if (!holds)
		return false;
	h->fired = event;
	if (c->events)
		return event >= 0;
	if (c->pulse)
		return decided;
	return !h->t.edge_detect || (known && !was);
}

static bool combine(emu_hunt *h, size_t n, size_t *at)
{
	for (size_t i = 0; i < n; i++) {
		bool hit = false, last = false;
		int by = -1;
		for (int c = 0; c < h->clauses[0]; c++) {
			if (!fires(h, &h->clause[0][c], i))
				continue;
			if (h->then && c == h->clauses[0] - 1)
				last = true;
			else if (!hit)
				by = h->fired, hit = true;
		}
		if (h->then) {
			if (last && h->first_done) {
				h->fired = -1;
				*at = i;
				return true;
			}
			h->first_done |= hit;
			continue;
		}
		if (hit) {
			h->fired = by;
			*at = i;
			return true;
		}
	}
	return false;
}

static void take_codes(emu_hunt *h, double origin, uint64_t first, size_t n)
{
	emu_span span = emu_span_at(origin, h->setup->dt, first, n);
	for (int s = 0; s < EMU_SOURCES; s++)
		if (h->sources >> s & 1)
			emu_setup_codes(h->setup, (emu_source)s, &span, h->codes[s]);
}

static bool look(emu_hunt *h, size_t n, size_t *at)
{
	if (h->fast) {
		emu_watch *w = &h->watch[h->clause[0][0].m[0].watch];
		*at = emu_watch_first(w, h->codes[w->source], n);
		h->fired = h->clause[0][0].m[0].watch;
		return *at < n;
	}
	for (int i = 0; i < h->watches; i++) {
		emu_watch *w = &h->watch[i];
		if (digital(w->source))
			emu_watch_ports(w, h->codes[EMU_PORT0], h->codes[EMU_PORT1], n, h->bits[i]);
		else
			emu_watch_codes(w, h->codes[w->source], n, h->bits[i]);
	}
	if (h->use_pulse) {
		for (size_t i = 0; i < n; i++)
			h->pulse_in[i] = qualifier_at(h, i);
		emu_pulse_run(&h->timer, h->pulse_instant, h->pulse_in, n, h->pulse);
	}
	return combine(h, n, at);
}

bool emu_hunt_run(emu_hunt *h, double origin, uint64_t first, uint64_t n, uint64_t *at)
{
	while (n) {
		size_t part = n < EMU_CHUNK ? (size_t)n : EMU_CHUNK, hit;
		take_codes(h, origin, first, part);
		if (look(h, part, &hit)) {
			*at = first + hit;
			return true;
		}
		first += part;
		n -= part;
	}
	return false;
}

/* Where the signal goes through volts between two times that have it on different sides. */
static double crossing(emu_signal *s, const emu_frontend *f, double volts, double a, double b)
{
	int high = emu_signal_volts(s, f, b) >= volts;
	for (int i = 0; i < 50; i++) {
		double middle = a + (b - a) / 2;
		if ((emu_signal_volts(s, f, middle) >= volts) == high)
			b = middle;
		else
			a = middle;
	}
	return b;
}

int64_t emu_hunt_offset(emu_hunt *h, double origin, uint64_t at)
{
	if (h->fired < 0 || at == 0 || digital(h->watch[h->fired].source))
		return 0;
	const emu_watch *w = &h->watch[h->fired];
	const emu_frontend *f = &h->setup->front[w->source];
	emu_signal *signal = h->setup->unit->signal[w->source];
	int16_t code[2];
	emu_span span = emu_span_at(origin, h->setup->dt, at - 1, 2);
	emu_setup_codes(h->setup, w->source, &span, code);
	int through = emu_watch_crossed(w, code[1]);
	double back = 0; /* part of an interval */
	if (code[0] != code[1])
		back = (double)(code[1] - through) / (code[1] - code[0]);
	back = back < 0 ? 0 : back > 1 ? 1 : back;
	double t1 = origin + (double)at * h->setup->dt, t0 = t1 - h->setup->dt;
	double volts = (double)through / f->max_code * f->range - f->offset;
	if ((emu_signal_volts(signal, f, t0) >= volts) != (emu_signal_volts(signal, f, t1) >= volts))
		back = (t1 - crossing(signal, f, volts, t0, t1)) / h->setup->dt;
	return -(int64_t)llround(back * (double)h->setup->interval_fs);
}
