/* Streaming delivery of the families with queued buffers: one piece per channel and call, each channel with a place of its
 * own, buffers handed over one by one. Not here: where samples come from (stream_source.c). */
#include "stream.h"

/* Lanes need not be in step: at a change of buffers a channel may come short, and catches up in the next call. */
static uint64_t skew(const emu_unit *u, const emu_lane *l, uint64_t n)
{
	const emu_stream *s = u->scope->stream;
	uint64_t x = u->rig.seed ^ (s->polls * 64 + (uint64_t)l->source + 1) * 0x9E3779B97F4A7C15ULL;
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ULL;
	x = (x ^ x >> 27) * 0x94D049BB133111EBULL;
	x ^= x >> 31;
	if (!u->rig.skew || n < 2 || (x & 1))
		return 0;
	uint64_t most = n / 2 < 1000 ? n / 2 : 1000;
	return 1 + (x >> 8) % most;
}

/* Hands the full buffer back to its owner. */
static void next_buffer(emu_lane *l)
{
	for (size_t i = 1; i < l->queued; i++)
		l->queue[i - 1] = l->queue[i];
	l->queued--;
	l->index++;
	l->at = 0;
}

static bool is_full(const emu_lane *l)
{
	return l->queued && l->at == l->queue[0].samples;
}

static void locate_trigger(emu_stream *s, const emu_lane *l, uint64_t n)
{
	uint64_t first = l->cursor.raw;
	if (!s->triggered || s->trigger_located || s->trigger_raw >= first + n)
		return;
	uint64_t in = s->trigger_raw > first ? s->trigger_raw - first : 0;
	s->trigger_group = (l->cursor.delivered + in) / l->fold.ratio;
	s->trigger_located = true;
}

/* Fills up to `room` samples of the lane's first buffer. lead: the lane that the trigger is told with. */
static uint64_t deliver(emu_unit *u, emu_lane *l, uint64_t room, bool lead, int *over)
{
	emu_stream *s = u->scope->stream;
	uint64_t done = 0;
	while (done < room) {
		uint64_t want = (room - done) * l->fold.ratio - l->fold.n;
		uint64_t n = emu_cursor_next(u, &l->cursor, want < EMU_PIECE ? want : EMU_PIECE);
		if (!n)
			break;
		emu_stream_hunt(u, l->cursor.raw + n);
		if (l->cursor.raw + n > s->usable)
			n = s->usable > l->cursor.raw ? s->usable - l->cursor.raw : 0;
		if (!n)
			break;
		if (lead)
			locate_trigger(s, l, n);
		done += emu_stream_fill(u, l, l->cursor.raw, (size_t)n, &l->queue[0], (uint64_t)l->at + done, over);
		l->cursor.raw += n;
		l->cursor.delivered += n;
	}
	if (l->cursor.raw >= s->end && done < room)
		done += emu_fold_end(&l->fold, &l->queue[0], (uint64_t)l->at + done);
	return done;
}

/* How many samples this call may put into the lane's buffer. */
static uint64_t allowance(emu_unit *u, emu_lane *l)
{
	const emu_stream *s = u->scope->stream;
	uint64_t room = (uint64_t)(l->queue[0].samples - l->at);
	uint64_t pending = s->usable > l->cursor.raw ? (s->usable - l->cursor.raw + l->fold.n) / l->fold.ratio : 0;
	if (l->held_back || pending < room || s->usable == s->end) {
		l->held_back = false;
		return room;
	}
	uint64_t less = skew(u, l, room);
	l->held_back = less > 0;
	return room - less;
}

/* 0: no buffer to put anything into. */
static bool ready(emu_lane *l)
{
	if (is_full(l) && l->queued > 1)
		next_buffer(l);
	return l->queued && !is_full(l);
}

static emu_lane *lane_of(emu_stream *s, const emu_queue_piece *p)
{
	emu_lane *l = emu_stream_lane(s, p->source, p->mode, (int)p->type);
	if (!l)
		l = emu_stream_lane(s, p->source, p->mode, -1);
	return l ? l : emu_stream_lane(s, p->source, 0, -1);
}

static void poll_lane(emu_unit *u, emu_lane *l, emu_queue_piece *p, bool lead, uint64_t *group0)
{
	emu_stream *s = u->scope->stream;
	int over = 0;
	if (!ready(l))
		return;
	uint64_t room = allowance(u, l);
	uint64_t pending = s->usable > l->cursor.raw ? (s->usable - l->cursor.raw) / l->fold.ratio + 2 : 1;
	uint64_t start = (uint64_t)l->at;
	if (!emu_buffer_usable(u, &l->queue[0], start, pending < room ? pending : room))
		return;
	*group0 = l->groups;
	uint64_t done = deliver(u, l, room, lead, &over);
	l->at += (int64_t)done;
	l->groups += done;
	if (!done)
		return;
	p->filled = 1;
	p->samples = (int32_t)done;
	p->buffer = l->index;
	p->start = (int32_t)start;
	p->overflow = (int16_t)over;
}

static bool finished(const emu_stream *s, const emu_lane *l)
{
	return l->cursor.raw >= s->end && l->fold.n == 0;
}

/* How far an unthrottled unit may go: the room that the lanes asked for have. */
static uint64_t reach(emu_stream *s, uint32_t asked)
{
	uint64_t most = 0;
	for (int i = 0; i < s->lanes; i++) {
		emu_lane *l = &s->lane[i];
		if (!(asked >> i & 1))
			continue;
		bool room = l->queued > 1 || (l->queued && !is_full(l));
		uint64_t samples = room ? (uint64_t)l->queue[0].samples * l->fold.ratio : 0;
		uint64_t to = l->cursor.raw + (samples < 1 << 24 ? samples : 1 << 24);
		most = to > most ? to : most;
	}
	return most;
}

static uint64_t most_advanced(const emu_stream *s)
{
	uint64_t most = 0;
	for (int i = 0; i < s->lanes; i++)
		if (s->lane[i].cursor.raw > most)
			most = s->lane[i].cursor.raw;
	return most;
}

static void tell_trigger(emu_stream *s, const emu_lane *lead, const emu_queue_piece *p, uint64_t group0, emu_queue_trigger *t)
{
	if (!s->trigger_located || s->trigger_told || s->trigger_group >= lead->groups)
		return;
	s->trigger_told = true;
	t->triggered = 1;
	t->at = (uint64_t)p->start + (s->trigger_group > group0 ? s->trigger_group - group0 : 0);
}

/* What one call does with the lanes asked for. */
typedef struct round {
	uint32_t asked, served;
	emu_lane *lead;
	bool any, waiting, finished;
} round;

static void serve(emu_unit *u, round *r, emu_queue_piece *p, int n, emu_queue_trigger *t)
{
	emu_stream *s = u->scope->stream;
	for (int i = 0; i < n; i++) {
		emu_lane *l = lane_of(s, &p[i]);
		uint64_t group0 = 0;
		if (!l || r->served >> (l - s->lane) & 1)
			continue;
		bool first = !r->lead;
		r->served |= 1u << (l - s->lane);
		r->lead = first ? l : r->lead;
		poll_lane(u, l, &p[i], first, &group0);
		r->any |= p[i].filled != 0;
		if (first && t && p[i].filled)
			tell_trigger(s, l, &p[i], group0, t);
	}
	/* the end may have become known on the way */
	r->finished = r->lead != NULL;
	r->waiting = s->lanes == 0;
	for (int i = 0; i < s->lanes; i++) {
		const emu_lane *l = &s->lane[i];
		if (!(r->served >> i & 1))
			continue;
		r->finished &= finished(s, l);
		r->waiting |= (!l->queued || (is_full(l) && l->queued == 1)) && !finished(s, l);
	}
}

emu_status emu_stream_poll_queue(emu_unit *u, emu_queue_piece *p, int n, emu_queue_trigger *t)
{
	emu_stream *s = u->scope->stream;
	round r = {0};
	for (int i = 0; i < n; i++)
		p[i].filled = 0;
	if (t)
		*t = (emu_queue_trigger){0};
	if (!s->running)
		return s->known ? EMU_NO_SAMPLES_AVAILABLE : EMU_INVALID_CALL;
	if (s->ended)
		return EMU_OK;
	for (int i = 0; i < n; i++) {
		emu_lane *l = lane_of(s, &p[i]);
		if (l)
			r.asked |= 1u << (l - s->lane);
	}
	s->polls++;
	emu_stream_arrive(u, reach(s, r.asked));
	emu_stream_overflow(u, r.asked);
	serve(u, &r, p, n, t);
	if (r.lead)
		emu_stream_count(u, &r.lead->cursor, most_advanced(s));
	if (r.finished && !s->auto_told) {
		s->auto_told = s->ended = true;
		if (t)
			t->auto_stop = 1;
		emu_truth(u, "auto_stop", "raw=%llu", (unsigned long long)s->end);
		return EMU_OK;
	}
	if (r.waiting)
		return EMU_WAITING_FOR_DATA_BUFFERS;
	return r.any || !u->rig.empty_busy ? EMU_OK : EMU_BUSY;
}
