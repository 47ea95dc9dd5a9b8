/* Streaming delivery of the families with one ring per channel: one contiguous piece per call, the same for all channels.
 * Not here: where samples come from (stream_source.c). */
#include "stream.h"

typedef struct piece {
	emu_buffer *to[EMU_LANES]; /* NULL: not registered any more */
	uint64_t room, done, group0; /* in samples delivered */
	uint64_t ratio;
} piece;

static uint64_t ratio_of(const emu_stream *s)
{
	return s->lane[0].fold.ratio;
}

/* Finds the buffers of this call and checks what will be written of them. */
static void open_piece(emu_unit *u, piece *p)
{
	emu_stream *s = u->scope->stream;
	p->ratio = ratio_of(s);
	p->room = s->ring - s->ring_at;
	p->done = 0;
	p->group0 = s->lane[0].groups;
	uint64_t pending = s->usable > s->cursor.raw ? (s->usable - s->cursor.raw) / p->ratio + 2 : 1;
	uint64_t write = pending < p->room ? pending : p->room;
	for (int i = 0; i < s->lanes; i++) {
		emu_lane *l = &s->lane[i];
		emu_buffer_entry *e = emu_buffer_find(u->scope, l->source, 0, l->mode, -1);
		p->to[i] = e ? &e->b : NULL;
		if (e && (uint64_t)e->b.samples < s->ring) {
			emu_misuse(u, EMU_MISUSE_SMALL, "source=%d length=%lld ring=%llu", (int)l->source, (long long)e->b.samples, (unsigned long long)s->ring);
			p->to[i] = NULL;
		} else if (e && !emu_buffer_usable(u, &e->b, s->ring_at, write)) {
			p->to[i] = NULL;
		}
	}
}

static void locate_trigger(emu_stream *s, uint64_t first, uint64_t n, uint64_t before)
{
	if (!s->triggered || s->trigger_located || s->trigger_raw >= first + n)
		return;
	uint64_t in = s->trigger_raw > first ? s->trigger_raw - first : 0;
	s->trigger_group = (before + in) / ratio_of(s);
	s->trigger_located = true;
}

static uint64_t take(emu_unit *u, piece *p, uint64_t n, int16_t *overflow)
{
	emu_stream *s = u->scope->stream;
	uint64_t groups = 0, at = s->ring_at + p->done;
	for (int i = 0; i < s->lanes; i++) {
		emu_lane *l = &s->lane[i];
		emu_buffer nowhere = {.source = l->source, .mode = l->mode, .type = EMU_I32};
		int over = 0;
		if (p->to[i]) {
			groups = emu_stream_fill(u, l, s->cursor.raw, n, p->to[i], at, &over);
		} else if (l->mode == EMU_RAW) {
			groups = n;
		} else {
			groups = emu_stream_fill(u, l, s->cursor.raw, n, &nowhere, at, &over);
		}
		l->groups += groups;
		if (over && l->source < EMU_PORT0)
			*overflow |= (int16_t)(1 << l->source);
	}
	return groups;
}

static void finish_groups(emu_stream *s, piece *p)
{
	uint64_t more = 0;
	for (int i = 0; i < s->lanes; i++) {
		emu_buffer nowhere = {.source = s->lane[i].source, .type = EMU_I32};
		more = emu_fold_end(&s->lane[i].fold, p->to[i] ? p->to[i] : &nowhere, s->ring_at + p->done);
		s->lane[i].groups += more;
	}
	p->done += more;
}

static void deliver(emu_unit *u, piece *p, int16_t *overflow)
{
	emu_stream *s = u->scope->stream;
	while (p->done < p->room) {
		uint64_t want = (p->room - p->done) * p->ratio - s->lane[0].fold.n;
		uint64_t n = emu_cursor_next(u, &s->cursor, want < EMU_PIECE ? want : EMU_PIECE);
		if (!n)
			break;
		if (s->hunt) {
			emu_stream_hunt(u, s->cursor.raw + n);
			if (s->cursor.raw + n > s->usable)
				n = s->usable > s->cursor.raw ? s->usable - s->cursor.raw : 0;
			if (!n)
				break;
		}
		locate_trigger(s, s->cursor.raw, n, s->cursor.delivered);
		p->done += take(u, p, n, overflow);
		s->cursor.raw += n;
		s->cursor.delivered += n;
	}
}

emu_status emu_stream_poll_ring(emu_unit *u, emu_ring_piece *out)
{
	emu_stream *s = u->scope->stream;
	piece p;
	*out = (emu_ring_piece){0};
	if (!s->running)
		return s->known ? EMU_NO_SAMPLES_AVAILABLE : EMU_INVALID_CALL;
	if (s->ended)
		return EMU_OK;
	s->polls++;
	uint64_t ahead = (s->ring - s->ring_at) * ratio_of(s);
	emu_stream_arrive(u, s->cursor.raw + (ahead < 1 << 24 ? ahead : 1 << 24));
	emu_stream_overwrite(u);
	open_piece(u, &p);
	deliver(u, &p, &out->overflow);
	bool over = s->cursor.raw >= s->end;
	if (over && p.done < p.room)
		finish_groups(s, &p);
	out->samples = (int32_t)p.done;
	out->start = (uint32_t)s->ring_at;
	if (s->trigger_located && !s->trigger_told && s->trigger_group < p.group0 + p.done) {
		s->trigger_told = true;
		out->triggered = 1;
		out->trigger_at = (uint32_t)(s->trigger_group - p.group0);
	}
	if (over && s->lane[0].fold.n == 0 && !s->auto_told) {
		s->auto_told = true;
		out->auto_stop = 1;
	}
	s->ring_at = (s->ring_at + p.done) % s->ring;
	out->call = out->samples > 0 || out->auto_stop;
	emu_stream_count(u, &s->cursor, s->cursor.raw);
	if (out->auto_stop) {
		s->ended = true;
		emu_truth(u, "auto_stop", "raw=%llu", (unsigned long long)s->end);
	}
	return out->call || !u->rig.empty_busy ? EMU_OK : EMU_BUSY;
}
