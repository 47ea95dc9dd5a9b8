/* Block and rapid block runs: a thread finds each waveform's place in time, waits until a real unit would have it, and
 * tells. Not here: samples, which are computed when they are fetched (values.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "block_wait.h"
#include "capture.h"
#include "generator.h"
#include "stream.h"
#include "thread.h"

#define CALLBACK_S 3e-3 /* callers store things behind RunBlock that their callback needs: it never comes at once */
#define REARM_S 1e-6 /* dead time between the waveforms of a rapid block */
enum { HURRIED_HUNT = 1 << 26, HUNT_STEP = 1 << 18 };

emu_capture *emu_capture_new(void)
{
	emu_capture *c = calloc(1, sizeof *c);
	if (c)
		emu_wait_init(c);
	return c;
}

bool emu_capture_running(const emu_unit *u)
{
	emu_capture *c = u->scope->capture;
	pthread_mutex_lock(&c->mutex);
	bool armed = c->state == EMU_ARMED;
	pthread_mutex_unlock(&c->mutex);
	return armed;
}

void emu_capture_forget(emu_unit *u)
{
	emu_capture *c = u->scope->capture;
	for (uint64_t i = 0; i < c->segments; i++)
		emu_setup_drop(c->segment[i].setup);
	free(c->segment);
	c->segment = NULL;
	c->segments = 0;
}

void emu_capture_free(emu_capture *c)
{
	if (!c)
		return;
	for (uint64_t i = 0; i < c->segments; i++)
		emu_setup_drop(c->segment[i].setup);
	free(c->segment);
	emu_hunt_free(c->hunt);
	emu_setup_drop(c->setup);
	emu_wait_destroy(c);
	free(c);
}

emu_waveform *emu_capture_waveform(emu_unit *u, uint64_t segment)
{
	emu_capture *c = u->scope->capture;
	return segment < c->segments && c->segment[segment].setup ? &c->segment[segment] : NULL;
}

static bool hurried(const emu_unit *u)
{
	return u->rig.hurry || u->pacing == EMU_UNTHROTTLED;
}

/* The first sample that triggers a capture armed at index arm, or the one at which the auto-trigger comes. */
static bool find(emu_capture *c, uint64_t arm, uint64_t *at)
{
	emu_unit *u = c->unit;
	uint64_t next = arm + c->pre, forced = c->forced == UINT64_MAX ? UINT64_MAX : arm + (c->forced > c->pre ? c->forced : c->pre);
	uint64_t begin = next;
	*at = next;
	if (!c->hunt)
		return true;
	emu_hunt_rearm(c->hunt);
	for (;;) {
		double elapsed = emu_now(u) - c->origin;
		uint64_t now = hurried(u) ? next + HUNT_STEP : elapsed > 0 ? (uint64_t)(elapsed / c->setup->dt) : 0;
		uint64_t until = now < forced ? now : forced;
		if (until > next + HUNT_STEP)
			until = next + HUNT_STEP;
		if (until > next && emu_hunt_run(c->hunt, c->origin, next, until - next, at))
			return true;
		next = until > next ? until : next;
		/* a hunt that is slower than the unit must not hold up the auto-trigger */
		bool late = hurried(u) ? next - begin > HURRIED_HUNT : elapsed > (double)forced * c->setup->dt + 0.05;
		if (forced != UINT64_MAX && (next >= forced || late)) {
			*at = forced;
			return true;
		}
		bool behind = !hurried(u) && now > next;
		double pause = behind ? 0 : hurried(u) ? (next - begin > HURRIED_HUNT ? 0.001 : 0) : 0.0005;
		if (!emu_wait(c, emu_now(u) + pause))
			return false;
	}
}

static void keep(emu_capture *c, uint64_t n, uint64_t at)
{
	emu_waveform *w = &c->segment[(c->first_segment + n) % c->segments];
	uint64_t first = at + c->delay - c->pre;
	emu_setup_drop(w->setup);
	*w = (emu_waveform){
		.setup = emu_setup_keep(c->setup),
		.samples = c->pre + c->post,
		.pre = c->pre,
		.origin = c->origin,
		.first = first,
		.proof = c->proof + n * (c->pre + c->post),
		.at = at,
		.offset_fs = c->hunt ? emu_hunt_offset(c->hunt, c->origin, at) : 0,
		.leads = n == 0,
		.ets = c->ets,
	};
	emu_truth(c->unit, "waveform", "n=%llu segment=%llu samples=%llu proof=%llu at=%llu offset_fs=%lld", (unsigned long long)n,
		  (unsigned long long)((c->first_segment + n) % c->segments), (unsigned long long)w->samples, (unsigned long long)w->proof,
		  (unsigned long long)at, (long long)w->offset_fs);
}

static bool take_all(emu_capture *c)
{
	uint64_t arm = 0, dead = (uint64_t)ceil(REARM_S / c->setup->dt);
	for (uint64_t n = 0; n < c->captures; n++) {
		uint64_t at;
		if (!find(c, arm, &at))
			return false;
		emu_output_triggered(c->unit, c->origin + (double)at * c->setup->dt);
		uint64_t end = at + c->delay + c->post;
		if (!emu_wait(c, hurried(c->unit) ? 0 : c->origin + (double)end * c->setup->dt))
			return false;
		keep(c, n, at);
		pthread_mutex_lock(&c->mutex);
		c->completed = n + 1;
		pthread_mutex_unlock(&c->mutex);
		arm = end + dead;
	}
	return true;
}

static emu_status fetch_overlapped(emu_capture *c)
{
	emu_overlapped *o = &c->overlapped;
	if (!o->on)
		return EMU_OK;
	uint64_t samples = o->asked;
	emu_status status = emu_values_copy(c->unit, o->start, &samples, o->ratio, o->mode, o->from, o->to, o->overflow);
	if (o->samples)
		*o->samples = status ? 0 : samples;
	return status;
}

static void *capture_thread(void *arg)
{
	emu_capture *c = arg;
	bool all = take_all(c);
	emu_status fetched = all ? fetch_overlapped(c) : EMU_OK;
	if (all && c->done)
		all = emu_wait(c, c->origin + CALLBACK_S);
	pthread_mutex_lock(&c->mutex);
	c->state = all ? EMU_READY : EMU_ENDED;
	c->status = all ? fetched : c->cancel_status;
	emu_status status = c->status;
	uint64_t completed = c->completed;
	pthread_mutex_unlock(&c->mutex);
	emu_truth(c->unit, "block", "status=0x%x completed=%llu", status, (unsigned long long)completed);
	if (c->done) {
		emu_callback_begin(c->unit);
		c->done(emu_handle(c->unit), status, c->user);
		emu_callback_end(c->unit);
	}
	return NULL;
}

static emu_status prepare(emu_unit *u, uint64_t pre, uint64_t post, uint64_t interval, uint64_t segment)
{
	emu_scope *s = u->scope;
	emu_capture *c = s->capture;
	const emu_trigger *t = s->trigger;
	emu_setup_drop(c->setup);
	emu_hunt_free(c->hunt);
	c->hunt = NULL;
	c->ets = s->ets.on ? s->ets.interleave : 0;
	if (!(c->setup = emu_setup_new(u, c->ets ? interval / (uint64_t)c->ets : interval)))
		return EMU_MEMORY;
	if (emu_trigger_on(t) && !(c->hunt = emu_hunt_new(t, c->setup)))
		return EMU_MEMORY;
	if (!c->segment) {
		if (!(c->segment = calloc(s->segments, sizeof *c->segment)))
			return EMU_MEMORY;
		c->segments = s->segments;
	}
	c->unit = u;
	c->pre = pre;
	c->post = post;
	c->captures = s->captures;
	c->first_segment = segment;
	c->delay = c->hunt ? t->delay : 0;
	c->forced = t->auto_us ? (uint64_t)ceil((double)t->auto_us * 1e9 / (double)c->setup->interval_fs) : UINT64_MAX;
	c->proof = s->proof;
	c->origin = emu_now(u);
	return EMU_OK;
}

static emu_status start(emu_unit *u, emu_block_done done, void *user)
{
	emu_capture *c = u->scope->capture;
	c->done = done;
	c->user = user;
	pthread_mutex_lock(&c->mutex);
	c->state = EMU_ARMED;
	c->status = EMU_OK;
	c->cancel = false;
	c->completed = c->processed = 0;
	pthread_mutex_unlock(&c->mutex);
	if (emu_thread_start(&c->thread, capture_thread, c)) {
		c->state = EMU_NEVER;
		return EMU_BLOCK_MODE_FAILED;
	}
	c->joinable = true;
	u->scope->proof += c->captures * (c->pre + c->post);
	return EMU_OK;
}

emu_status emu_block_run(emu_unit *u, uint64_t pre, uint64_t post, uint32_t timebase, double *busy_ms, uint64_t segment,
			 emu_block_done done, void *user)
{
	emu_scope *s = u->scope;
	uint64_t interval, most;
	emu_status status;
	if (emu_scope_running(u) || atomic_load(&s->capture->fetching))
		return EMU_BUSY;
	if ((status = emu_timebase(u, timebase, 0, &interval, &most, segment)))
		return status;
	if (s->ets.on && (status = emu_scope_valid(u, &interval))) /* the fastest, whatever the timebase */
		return status;
	if (pre + post == 0)
		return u->family->queued_buffers ? EMU_NO_SAMPLES_REQUESTED : EMU_INVALID_PARAMETER;
	if (pre > most || post > most || pre + post > most)
		return EMU_TOO_MANY_SAMPLES;
	if (s->captures > s->segments)
		return EMU_NOT_ENOUGH_SEGMENTS;
	if ((status = emu_trigger_valid(u)))
		return status;
	if (s->ets.on && !emu_trigger_on(s->trigger))
		return EMU_TRIGGER_ERROR;
	emu_stream_end(u);
	emu_capture_end(u, EMU_CANCELLED);
	if ((status = prepare(u, pre, post, interval, segment)))
		return status;
	s->led_until_ns = 0;
	if (busy_ms)
		*busy_ms = (double)(pre + post) * (double)s->captures * (double)interval * 1e-12;
	return start(u, done, user);
}

emu_status emu_block_ready(emu_unit *u, int16_t *ready)
{
	emu_capture *c = u->scope->capture;
	if (!ready)
		return EMU_NULL_PARAMETER;
	pthread_mutex_lock(&c->mutex);
	emu_capture_state state = c->state;
	emu_status status = c->status;
	pthread_mutex_unlock(&c->mutex);
	*ready = state == EMU_READY;
	return state == EMU_NEVER ? EMU_NO_SAMPLES_AVAILABLE : status;
}

void emu_capture_end(emu_unit *u, emu_status status)
{
	emu_capture *c = u->scope->capture;
	if (c->joinable) {
		emu_wait_cancel(c, status);
		pthread_join(c->thread, NULL);
		c->joinable = false;
	}
	if (c->fetch_joinable) {
		pthread_join(c->fetch_thread, NULL);
		c->fetch_joinable = false;
	}
}

emu_status emu_stop(emu_unit *u)
{
	emu_stream_end(u);
	emu_capture_end(u, EMU_CANCELLED);
	u->scope->proof = 0;
	return EMU_OK;
}

emu_status emu_captures(emu_unit *u, uint64_t *n)
{
	emu_capture *c = u->scope->capture;
	if (!n)
		return EMU_NULL_PARAMETER;
	pthread_mutex_lock(&c->mutex);
	*n = c->completed;
	pthread_mutex_unlock(&c->mutex);
	return EMU_OK;
}

emu_status emu_processed_captures(emu_unit *u, uint64_t *n)
{
	if (!n)
		return EMU_NULL_PARAMETER;
	*n = u->scope->capture->processed;
	return EMU_OK;
}
