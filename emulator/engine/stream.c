/* The life of a streaming run: start, interval, stop. Not here: delivery (stream_ring.c, stream_queue.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "stream.h"

enum { LEAST_BUFFER = 1024 }; /* samples, where the rig gives a time */

emu_stream *emu_stream_new(void)
{
	return calloc(1, sizeof(emu_stream));
}

static void clear_lanes(emu_stream *s)
{
	for (int i = 0; i < s->lanes; i++)
		free(s->lane[i].queue);
	memset(s->lane, 0, sizeof s->lane);
	s->lanes = 0;
}

void emu_stream_free(emu_stream *s)
{
	if (!s)
		return;
	clear_lanes(s);
	emu_hunt_free(s->hunt);
	emu_setup_drop(s->setup);
	free(s);
}

bool emu_stream_running(const emu_unit *u)
{
	return u->scope->stream->running && !u->scope->stream->ended;
}

/* Steps of the streaming clock, femtoseconds. */
static uint64_t clock_step(const emu_model *m)
{
	switch (m->clock) {
	case EMU_CLOCK_200M:
		return 10000000;
	case EMU_CLOCK_6000: case EMU_CLOCK_6428:
		return 800000;
	default:
		return 8000000;
	}
}

static uint64_t common_step(uint64_t a, uint64_t b)
{
	uint64_t x = a, y = b;
	while (y) {
		uint64_t r = x % y;
		x = y;
		y = r;
	}
	return a / x * b;
}

/* The shortest interval that the bus carries with these channels. */
static uint64_t shortest(const emu_unit *u, uint64_t fastest_fs)
{
	const emu_model *m = u->model;
	int bits = u->scope->bits;
	uint64_t total = bits == 8 ? m->stream8 : m->stream;
	if (m->usb == 3 && u->usb < 3)
		total = bits == 8 ? 31250000 : 15625000;
	uint32_t on = emu_scope_active(u);
	if (emu_model_free_ports(m, bits))
		on &= (1u << EMU_CHANNELS) - 1;
	uint64_t parts = 1, count = (uint64_t)emu_active_count(on);
	while (parts < count)
		parts *= 2;
	uint64_t fs = EMU_SECOND_FS / (total / parts);
	return fs > fastest_fs ? fs : fastest_fs;
}

static emu_status choose_interval(const emu_unit *u, emu_stream_request *r, uint64_t fastest_fs)
{
	uint64_t step = clock_step(u->model), least = shortest(u, fastest_fs);
	if (r->unit_fs)
		step = common_step(step, r->unit_fs);
	if (r->interval_fs == 0 || r->interval_fs > UINT64_MAX / 2)
		return EMU_INVALID_SAMPLE_INTERVAL;
	uint64_t n = (r->interval_fs + step / 2) / step;
	if (n == 0)
		n = 1;
	if (n * step < least) {
		if (!u->family->queued_buffers)
			return EMU_INVALID_SAMPLE_INTERVAL;
		n = (least + step - 1) / step; /* these take what they can */
	}
	r->interval_fs = n * step;
	return EMU_OK;
}

static emu_status check_modes(const emu_unit *u, const emu_stream_request *r)
{
	unsigned folded = r->mode & ~(unsigned)EMU_RAW;
	if (r->mode & EMU_TRIGGER_DATA)
		return EMU_STREAMING_DOES_NOT_SUPPORT_TRIGGER_RATIO_MODES;
	if (!r->mode || folded & ~(unsigned)(EMU_AGGREGATE | EMU_DECIMATE | EMU_AVERAGE | EMU_SUM))
		return EMU_RATIO_MODE_NOT_SUPPORTED;
	if (u->family->queued_buffers && folded & (folded - 1))
		return EMU_STREAMING_COMBINATION_OF_RAW_DATA_AND_ONE_AGGREGATION_DATA_TYPE_ALLOWED;
	if (folded && r->ratio == 0)
		return EMU_INVALID_SAMPLERATIO;
	return EMU_OK;
}

emu_lane *emu_stream_lane(emu_stream *s, emu_source source, unsigned mode, int type)
{
	for (int i = 0; i < s->lanes; i++)
		if (s->lane[i].source == source && (!mode || s->lane[i].mode == mode) && (type < 0 || (int)s->lane[i].type == type))
			return &s->lane[i];
	return NULL;
}

static emu_lane *new_lane(emu_stream *s, const emu_buffer *b)
{
	if (s->lanes == EMU_LANES)
		return NULL;
	emu_lane *l = &s->lane[s->lanes++];
	*l = (emu_lane){.source = b->source, .mode = b->mode, .type = b->type};
	l->fold = emu_fold_new(b->mode, s->r.ratio, b->source);
	return l;
}

static emu_status enqueue(emu_unit *u, emu_lane *l, const emu_buffer *b)
{
	for (size_t i = 0; i < l->queued; i++)
		if (b->max && l->queue[i].max == b->max)
			emu_misuse(u, EMU_MISUSE_ORDER, "source=%d a buffer was added that is still held", (int)b->source);
	if (l->queued == l->room) {
		size_t room = l->room ? 2 * l->room : 4;
		emu_buffer *grown = realloc(l->queue, room * sizeof *grown);
		if (!grown)
			return EMU_MEMORY;
		l->queue = grown;
		l->room = room;
	}
	l->queue[l->queued++] = *b;
	return EMU_OK;
}

static emu_status add_to_lane(emu_unit *u, const emu_buffer *b)
{
	emu_stream *s = u->scope->stream;
	int queued = u->family->queued_buffers;
	emu_lane *l = emu_stream_lane(s, b->source, b->mode, queued ? (int)b->type : -1);
	if (!l && !(l = new_lane(s, b)))
		return EMU_MEMORY;
	return queued ? enqueue(u, l, b) : EMU_OK;
}

emu_status emu_stream_add(emu_unit *u, const emu_buffer *b)
{
	emu_stream *s = u->scope->stream;
	if (b->segment != 0 || !(s->setup->active >> b->source & 1) || !(s->r.mode & b->mode))
		return EMU_CONFLICT_IN_SET_DATA_BUFFERS_CALL_REMOVE_DATA_BUFFER_TO_RESET;
	return add_to_lane(u, b);
}

static emu_status make_lanes(emu_unit *u)
{
	emu_scope *sc = u->scope;
	emu_stream *s = sc->stream;
	clear_lanes(s);
	s->ring = s->r.overview_samples;
	for (size_t i = 0; i < sc->buffers; i++) {
		const emu_buffer *b = &sc->buffer[i].b;
		if (b->segment != 0 || !(s->setup->active >> b->source & 1) || !(s->r.mode & b->mode))
			continue;
		emu_status status = add_to_lane(u, b);
		if (status)
			return status;
		if (!u->family->queued_buffers && (uint64_t)b->samples < s->ring) {
			emu_misuse(u, EMU_MISUSE_SMALL, "source=%d length=%lld overview=%llu", (int)b->source, (long long)b->samples,
				   (unsigned long long)s->ring);
			s->ring = (uint64_t)b->samples;
		}
	}
	if (u->family->queued_buffers)
		return EMU_OK;
	return s->lanes && s->ring ? EMU_OK : EMU_INVALID_BUFFER;
}

static emu_status set_trigger(emu_unit *u)
{
	emu_stream *s = u->scope->stream;
	const emu_trigger *t = u->scope->trigger;
	s->triggered = s->trigger_told = s->auto_told = s->trigger_located = false;
	s->hunted = s->r.pre;
	s->end = s->forced = UINT64_MAX;
	if (emu_trigger_on(t)) {
		if (!(s->hunt = emu_hunt_new(t, s->setup)))
			return EMU_MEMORY;
		if (t->auto_us)
			s->forced = (uint64_t)ceil((double)t->auto_us * 1e9 / (double)s->r.interval_fs) + s->r.pre;
	} else if (s->r.auto_stop) {
		s->end = s->r.post ? s->r.post : s->r.pre;
	}
	return EMU_OK;
}

static void open_counters(emu_unit *u, uint64_t start_ns)
{
	emu_stream *s = u->scope->stream;
	emu_counters *c = u->counters;
	atomic_fetch_add(&c->total_delivered, atomic_exchange(&c->run_delivered, 0));
	atomic_fetch_add(&c->total_dropped, atomic_exchange(&c->run_dropped, 0));
	atomic_store(&c->run_raw, 0);
	atomic_store(&c->run_start_ns, start_ns);
	atomic_store(&c->run_interval_fs, s->r.interval_fs);
	atomic_store(&c->run_counter, (uint64_t)(s->origin / s->setup->dt));
	atomic_fetch_add(&c->runs, 1);
	atomic_store(&c->running, 1);
}

static double delivery_period(const emu_unit *u, double dt)
{
	if (u->rig.delivery_s > 0)
		return u->rig.delivery_s;
	return fmin(fmax(4096 * dt, 1e-3), 10e-3);
}

static void begin(emu_unit *u)
{
	emu_stream *s = u->scope->stream;
	uint64_t now = emu_mono_ns();
	s->origin = emu_seconds_at(now);
	s->period = delivery_period(u, s->setup->dt);
	s->capacity = u->rig.buffer_samples;
	if (!s->capacity)
		s->capacity = (uint64_t)fmax(u->rig.buffer_s / s->setup->dt, LEAST_BUFFER);
	memset(&s->cursor, 0, sizeof s->cursor);
	s->held = s->credit = s->arrived = s->usable = s->seen = s->fault_told = s->ring_at = s->polls = s->values = 0;
	s->running = s->known = true;
	s->ended = false;
	u->scope->led_until_ns = 0;
	u->scope->proof = 0;
	open_counters(u, now);
	emu_truth(u, "run", "run=%llu interval_fs=%llu channels=0x%x bits=%d mode=0x%x ratio=%llu auto_stop=%d start_ns=%llu counter=%llu",
		  (unsigned long long)atomic_load(&u->counters->runs), (unsigned long long)s->r.interval_fs, s->setup->active, s->setup->bits,
		  s->r.mode, (unsigned long long)s->r.ratio, s->r.auto_stop, (unsigned long long)now,
		  (unsigned long long)atomic_load(&u->counters->run_counter));
}

emu_status emu_stream_run(emu_unit *u, emu_stream_request *r)
{
	emu_stream *s = u->scope->stream;
	uint64_t fastest;
	emu_status status;
	if (emu_scope_running(u))
		return EMU_BUSY;
	if (u->scope->ets.on)
		return EMU_ETS_MODE_SET;
	if ((status = emu_scope_valid(u, &fastest)) || (status = check_modes(u, r)) || (status = emu_trigger_valid(u)))
		return status;
	if (r->auto_stop && r->pre + r->post == 0)
		return u->family->queued_buffers ? EMU_TOO_FEW_REQUESTED_STREAMING_SAMPLES : EMU_INVALID_PARAMETER;
	if ((status = choose_interval(u, r, fastest)))
		return status;
	emu_stream_end(u);
	emu_capture_end(u, EMU_CANCELLED);
	s->r = *r;
	emu_setup_drop(s->setup);
	emu_hunt_free(s->hunt);
	s->hunt = NULL;
	if (!(s->setup = emu_setup_new(u, r->interval_fs)))
		return EMU_MEMORY;
	if ((status = make_lanes(u)) || (status = set_trigger(u)))
		return status;
	begin(u);
	return EMU_OK;
}

void emu_stream_end(emu_unit *u)
{
	emu_stream *s = u->scope->stream;
	if (!s->running)
		return;
	s->running = false;
	if (!s->ended && u->pacing == EMU_REAL_TIME)
		emu_stream_arrive(u, 0);
	s->values = s->arrived < s->end ? s->arrived : s->end;
	atomic_store(&u->counters->running, 0);
	emu_truth(u, "stopped", "run=%llu counter=%llu raw=%llu delivered=%llu dropped=%llu", (unsigned long long)atomic_load(&u->counters->runs),
		  (unsigned long long)atomic_load(&u->counters->run_counter),
		  (unsigned long long)s->values, (unsigned long long)atomic_load(&u->counters->run_delivered),
		  (unsigned long long)atomic_load(&u->counters->run_dropped));
}

emu_status emu_stream_values(emu_unit *u, uint64_t *samples)
{
	const emu_stream *s = u->scope->stream;
	if (!samples)
		return EMU_NULL_PARAMETER;
	if (!s->known)
		return EMU_NO_SAMPLES_AVAILABLE;
	*samples = !s->running ? s->values : s->arrived < s->end ? s->arrived : s->end;
	return EMU_OK;
}
