/* The caller's data buffers: registered, found, checked. Not here: what is written to them (stream*.c, values.c). */
#include <stdlib.h>
#include <string.h>

#include "scope.h"
#include "stream.h"

enum { MAX_BUFFERS = 1 << 22 };

size_t emu_type_size(emu_type t)
{
	switch (t) {
	case EMU_I8:
		return 1;
	case EMU_I16:
		return 2;
	case EMU_I64:
		return 8;
	default:
		return 4;
	}
}

static bool same(const emu_buffer *a, const emu_buffer *b)
{
	return a->source == b->source && a->segment == b->segment && a->mode == b->mode && a->type == b->type;
}

/* Chain of a place; buffer_room is a power of two. */
static size_t *chain(emu_scope *s, emu_source source, uint64_t segment, unsigned mode)
{
	uint64_t x = (segment * 16 + (uint64_t)source) * 128 + mode;
	x *= 0x9E3779B97F4A7C15ULL;
	return &s->buffer_hash[x >> 32 & (s->buffer_room - 1)];
}

static void link_entry(emu_scope *s, size_t i)
{
	emu_buffer_entry *e = &s->buffer[i];
	size_t *head = chain(s, e->b.source, e->b.segment, e->b.mode);
	e->older = *head;
	*head = i + 1;
}

static void link_all(emu_scope *s)
{
	memset(s->buffer_hash, 0, s->buffer_room * sizeof *s->buffer_hash);
	for (size_t i = 0; i < s->buffers; i++)
		link_entry(s, i);
}

emu_buffer_entry *emu_buffer_find(emu_scope *s, emu_source source, uint64_t segment, unsigned mode, int type)
{
	if (!s->buffers)
		return NULL;
	for (size_t i = *chain(s, source, segment, mode); i; i = s->buffer[i - 1].older) {
		emu_buffer *b = &s->buffer[i - 1].b;
		if (b->source == source && b->segment == segment && b->mode == mode && (type < 0 || (int)b->type == type))
			return &s->buffer[i - 1];
	}
	return NULL;
}

static void remove_if(emu_scope *s, bool (*match)(const emu_buffer *have, const emu_buffer *b), const emu_buffer *b)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->buffers; i++)
		if (!match(&s->buffer[i].b, b))
			s->buffer[kept++] = s->buffer[i];
	if (kept == s->buffers)
		return;
	s->buffers = kept;
	link_all(s);
}

static bool any(const emu_buffer *have, const emu_buffer *b)
{
	(void)have;
	(void)b;
	return true;
}

static bool same_segment(const emu_buffer *have, const emu_buffer *b)
{
	return have->segment == b->segment;
}

static bool same_place(const emu_buffer *have, const emu_buffer *b)
{
	return have->source == b->source && have->segment == b->segment && have->mode == b->mode;
}

static bool grow(emu_scope *s)
{
	size_t room = s->buffer_room ? 2 * s->buffer_room : 16;
	if (room > MAX_BUFFERS)
		return false;
	size_t *hash = malloc(room * sizeof *hash);
	emu_buffer_entry *grown = hash ? realloc(s->buffer, room * sizeof *grown) : NULL;
	if (!grown) {
		free(hash);
		return false;
	}
	free(s->buffer_hash);
	s->buffer = grown;
	s->buffer_hash = hash;
	s->buffer_room = room;
	link_all(s);
	return true;
}

static emu_status append(emu_scope *s, const emu_buffer *b)
{
	if (s->buffers == s->buffer_room && !grow(s))
		return EMU_MEMORY;
	s->buffer[s->buffers].b = *b;
	link_entry(s, s->buffers++);
	return EMU_OK;
}

static emu_status check(const emu_unit *u, const emu_buffer *b)
{
	if ((b->source < EMU_A || b->source > EMU_PORT1) || !emu_source_exists(u, b->source))
		return EMU_INVALID_CHANNEL;
	if (b->segment >= u->scope->segments)
		return EMU_SEGMENT_OUT_OF_RANGE;
	switch (b->mode) {
	case EMU_RAW: case EMU_AGGREGATE: case EMU_DECIMATE: case EMU_AVERAGE: case EMU_SUM: case EMU_TRIGGER_DATA:
		break;
	default:
		return EMU_RATIO_MODE_NOT_SUPPORTED;
	}
	if (b->mode == EMU_SUM && b->source >= EMU_PORT0)
		return EMU_RATIO_MODE_NOT_SUPPORTED;
	if (b->samples < 0)
		return u->family->queued_buffers ? EMU_INVALID_NUMBER_OF_SAMPLES : EMU_INVALID_PARAMETER;
	return EMU_OK;
}

/* Rings keep their place in the list, so that the order of channels stays. */
static emu_status set_ring(emu_unit *u, const emu_buffer *b)
{
	emu_scope *s = u->scope;
	if (!b->max && !b->min) {
		if (emu_stream_running(u) && emu_stream_lane(s->stream, b->source, b->mode, -1))
			emu_misuse(u, EMU_MISUSE_ORDER, "source=%d buffer taken away during a streaming run", (int)b->source);
		remove_if(s, same_place, b);
		return EMU_OK;
	}
	if (b->samples == 0)
		return EMU_INVALID_PARAMETER;
	emu_buffer_entry *e = emu_buffer_find(s, b->source, b->segment, b->mode, -1);
	if (!e)
		return append(s, b);
	e->b = *b;
	return EMU_OK;
}

static emu_status set_queue(emu_unit *u, const emu_buffer *b, unsigned action)
{
	const unsigned clears = EMU_CLEAR_ALL | EMU_CLEAR_THIS | EMU_CLEAR_WAVEFORM | EMU_CLEAR_READ;
	emu_scope *s = u->scope;
	int add = (action & EMU_ADD) != 0, none = !b->max && !b->min;
	if (!action || action & ~(clears | EMU_ADD))
		return EMU_INVALID_ACTION;
	if ((action & clears) & ((action & clears) - 1))
		return EMU_INVALID_ACTION_FLAGS_COMBINATION;
	if (action & clears && emu_stream_running(u)) {
		emu_misuse(u, EMU_MISUSE_ORDER, "buffers cleared during a streaming run");
		return EMU_REMOVING_DATA_BUFFER_ENTRIES_NOT_ALLOWED_WHILE_DATA_PROCESSING;
	}
	if (add && none)
		return EMU_BOTH_MIN_AND_MAX_NULL_BUFFERS_CANNOT_BE_ADDED;
	if (add && b->samples == 0)
		return EMU_NO_SAMPLES_REQUESTED;
	if (add && b->samples > INT32_MAX / (int64_t)emu_type_size(b->type))
		return EMU_BUFFER_LENGTH_GREATER_THAN_INT32_T;
	if (action & clears)
		remove_if(s, action & EMU_CLEAR_ALL ? any : action & EMU_CLEAR_THIS ? same : same_segment, b);
	if (!add)
		return EMU_OK;
	for (int source = EMU_A; source <= EMU_PORT1; source++) {
		emu_buffer_entry *e = emu_buffer_find(s, (emu_source)source, b->segment, b->mode, -1);
		if (e && e->b.samples != b->samples)
			return EMU_NO_OF_SAMPLES_NEED_TO_BE_EQUAL_WHEN_ADDING_BUFFERS;
	}
	if (emu_stream_running(u))
		return emu_stream_add(u, b);
	return append(s, b);
}

emu_status emu_set_buffer(emu_unit *u, const emu_buffer *b, unsigned action)
{
	int clear_only = u->family->queued_buffers && action == EMU_CLEAR_ALL;
	emu_status status = clear_only ? EMU_OK : check(u, b);
	if (status)
		return status;
	return u->family->queued_buffers ? set_queue(u, b, action) : set_ring(u, b);
}

static bool writable(emu_unit *u, const emu_buffer *b, const char *p, uint64_t at, uint64_t n, const char *which)
{
	size_t size = emu_type_size(b->type);
	if (!p || emu_writable(p + at * size, n * size))
		return true;
	emu_misuse(u, EMU_MISUSE_FREED, "source=%d buffer=%s segment=%llu at=%llu samples=%llu", (int)b->source, which,
		   (unsigned long long)b->segment, (unsigned long long)at, (unsigned long long)n);
	return false;
}

bool emu_buffer_usable(emu_unit *u, const emu_buffer *b, uint64_t at, uint64_t n)
{
	return n == 0 || (writable(u, b, b->max, at, n, "max") && writable(u, b, b->min, at, n, "min"));
}
