/* Where the samples of a streaming run come from: what has arrived by the clock, what a late reader has lost, what a fault
 * of the rig took away, and where the trigger is. Not here: buffers. */
#include <math.h>

#include "generator.h"
#include "stream.h"

void emu_stream_count(emu_unit *u, const emu_cursor *c, uint64_t most)
{
	emu_stream *s = u->scope->stream;
	emu_counters *n = u->counters;
	if (u->pacing == EMU_UNTHROTTLED) {
		s->arrived = most; /* no more has been taken than was delivered */
		atomic_store(&n->run_raw, most);
	}
	atomic_store(&n->run_delivered, c->delivered);
	atomic_store(&n->run_dropped, c->dropped);
}

void emu_stream_arrive(emu_unit *u, uint64_t ahead)
{
	emu_stream *s = u->scope->stream;
	uint64_t limit = emu_fault_limit(u), arrived = ahead;
	if (u->pacing == EMU_REAL_TIME) {
		double elapsed = emu_now(u) - s->origin, t = emu_fault_arrived(u, elapsed);
		s->held = elapsed > t ? (uint64_t)((elapsed - t) / s->setup->dt) : 0;
		s->credit = s->held > s->credit ? s->held : s->credit;
		t = floor(t / s->period) * s->period;
		arrived = t > 0 ? (uint64_t)(t / s->setup->dt + 1e-6) : 0; /* whole numbers stay whole */
	}
	if (arrived > limit && u->pacing == EMU_UNTHROTTLED)
		arrived = limit;
	if (arrived > s->arrived)
		s->arrived = arrived;
	s->usable = s->arrived < limit ? s->arrived : limit;
	if (s->usable > s->end)
		s->usable = s->end;
	if (u->pacing == EMU_REAL_TIME)
		atomic_store(&u->counters->run_raw, s->arrived < s->end ? s->arrived : s->end);
}

static void tell_lost(emu_unit *u, uint64_t at, uint64_t count, const char *cause)
{
	emu_truth(u, "lost", "cause=%s at=%llu samples=%llu", cause, (unsigned long long)at, (unsigned long long)count);
}

/* Samples that wait for a reader. */
static uint64_t waiting(const emu_stream *s, const emu_cursor *c)
{
	uint64_t n = s->usable > c->raw ? s->usable - c->raw : 0;
	for (int i = 0; i < c->gaps; i++)
		n -= c->gap[i].count < n ? c->gap[i].count : n;
	return n;
}

void emu_stream_overwrite(emu_unit *u)
{
	emu_stream *s = u->scope->stream;
	uint64_t kept = waiting(s, &s->cursor), capacity = s->capacity + s->credit;
	if (kept <= s->capacity && !s->held)
		s->credit = 0;
	if (u->pacing == EMU_UNTHROTTLED || kept <= capacity)
		return;
	uint64_t lost = kept - capacity;
	tell_lost(u, s->cursor.raw, lost, "late");
	s->cursor.raw += lost;
	s->cursor.dropped += lost;
}

/* The gap ends at what has arrived. With a full list, what lies between the last one and this is lost too. */
static void add_gap(emu_cursor *c, uint64_t at, uint64_t end)
{
	emu_gap *last = c->gaps ? &c->gap[c->gaps - 1] : NULL;
	at = at > c->raw ? at : c->raw;
	if (last && (last->at + last->count >= at || c->gaps == EMU_GAPS))
		last->count = end - last->at;
	else if (end > at)
		c->gap[c->gaps++] = (emu_gap){at, end - at};
}

static void drop_oldest(emu_stream *s, emu_cursor *c)
{
	uint64_t kept = waiting(s, c);
	if (kept <= s->capacity)
		return;
	c->raw += kept - s->capacity;
	c->dropped += kept - s->capacity;
}

void emu_stream_overflow(emu_unit *u, uint32_t asked)
{
	emu_stream *s = u->scope->stream;
	uint64_t most = 0, seen = s->seen;
	s->seen = s->usable;
	if (u->pacing == EMU_UNTHROTTLED || !asked)
		return;
	for (int i = 0; i < s->lanes; i++) {
		uint64_t kept = waiting(s, &s->lane[i].cursor);
		if (!(asked >> i & 1))
			drop_oldest(s, &s->lane[i].cursor);
		else if (kept > most)
			most = kept;
	}
	uint64_t capacity = s->capacity + s->credit;
	if (most <= s->capacity && !s->held)
		s->credit = 0;
	if (most <= capacity || s->usable <= seen)
		return;
	uint64_t lost = most - capacity;
	if (lost > s->usable - seen) /* no more than what came since the last look */
		lost = s->usable - seen;
	tell_lost(u, s->usable - lost, lost, "late");
	for (int i = 0; i < s->lanes; i++)
		if (asked >> i & 1)
			add_gap(&s->lane[i].cursor, s->usable - lost, s->usable);
}

static bool step_over_gap(emu_cursor *c)
{
	if (!c->gaps || c->gap[0].at > c->raw)
		return false;
	c->dropped += c->gap[0].at + c->gap[0].count - c->raw;
	c->raw = c->gap[0].at + c->gap[0].count;
	c->gaps--;
	for (int i = 0; i < c->gaps; i++)
		c->gap[i] = c->gap[i + 1];
	return true;
}

uint64_t emu_cursor_next(emu_unit *u, emu_cursor *c, uint64_t most)
{
	emu_stream *s = u->scope->stream;
	for (;;) {
		while (step_over_gap(c))
			;
		if (c->raw >= s->usable)
			return 0;
		uint64_t n = s->usable - c->raw, count, at = emu_fault_lost(u, c->raw, &count);
		if (at <= c->raw) {
			uint64_t to = at + count < s->usable ? at + count : s->usable;
			if (to > s->fault_told) {
				uint64_t begin = c->raw > s->fault_told ? c->raw : s->fault_told;
				tell_lost(u, begin, to - begin, "fault");
				s->fault_told = to;
			}
			c->dropped += to - c->raw;
			c->raw = to;
			continue;
		}
		if (c->gaps && c->gap[0].at < at)
			at = c->gap[0].at;
		if (at - c->raw < n)
			n = at - c->raw;
		return n < most ? n : most;
	}
}

static void found(emu_unit *u, uint64_t at, const char *how)
{
	emu_stream *s = u->scope->stream;
	const emu_trigger *t = u->scope->trigger;
	s->triggered = true;
	s->trigger_raw = at + t->delay;
	emu_hunt_free(s->hunt);
	s->hunt = NULL;
	if (s->r.auto_stop)
		s->end = s->trigger_raw + s->r.post;
	if (s->usable > s->end)
		s->usable = s->end;
	emu_truth(u, "trigger", "how=%s at=%llu delay=%llu", how, (unsigned long long)at, (unsigned long long)t->delay);
	emu_output_triggered(u, s->origin + (double)at * s->setup->dt);
}

void emu_stream_hunt(emu_unit *u, uint64_t upto)
{
	emu_stream *s = u->scope->stream;
	uint64_t at;
	if (!s->hunt || upto <= s->hunted)
		return;
	uint64_t until = upto < s->forced ? upto : s->forced;
	if (until > s->hunted && emu_hunt_run(s->hunt, s->origin, s->hunted, until - s->hunted, &at)) {
		found(u, at, "condition");
		return;
	}
	s->hunted = until > s->hunted ? until : s->hunted;
	if (upto > s->forced)
		found(u, s->forced, "auto");
}

uint64_t emu_stream_fill(emu_unit *u, emu_lane *l, uint64_t first, size_t n, const emu_buffer *b, uint64_t at, int *over)
{
	emu_stream *s = u->scope->stream;
	emu_span span = emu_span_at(s->origin, s->setup->dt, first, n);
	void *to = b->max ? b->max : b->min;
	int16_t *codes = l->mode == EMU_RAW && b->type == EMU_I16 && ((uintptr_t)to & 1) == 0 ? (int16_t *)to + at : s->scratch;
	if (emu_setup_codes(s->setup, l->source, &span, codes))
		*over = 1;
	return emu_fold_add(&l->fold, codes, n, b, at);
}
