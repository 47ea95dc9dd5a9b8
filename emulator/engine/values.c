/* GetValues: the samples of captured waveforms, computed here from the signals and folded into the caller's buffers. At
 * once, on a thread, or by the next run. Not here: the capture. */
#include <stdlib.h>

#include "capture.h"
#include "signals.h"
#include "stream.h"
#include "thread.h"

enum { TRIGGER_SAMPLES = 40 };

static const unsigned all_modes[] = {EMU_RAW, EMU_AGGREGATE, EMU_DECIMATE, EMU_AVERAGE, EMU_SUM, EMU_TRIGGER_DATA};
enum { MODES = sizeof all_modes / sizeof *all_modes };

/* The waveform's samples from start on, in pieces. */
static uint64_t copy_one(emu_unit *u, const emu_waveform *w, const emu_buffer *b, uint64_t start, uint64_t n, uint64_t ratio, int *over)
{
	emu_fold fold = emu_fold_new(b->mode == EMU_TRIGGER_DATA ? EMU_RAW : b->mode, ratio, b->source);
	uint64_t room = (uint64_t)b->samples, groups = (n + fold.ratio - 1) / fold.ratio, done = 0;
	int16_t codes[EMU_CHUNK];
	if (groups > room) {
		groups = room;
		n = groups * fold.ratio;
	}
	if (!emu_buffer_usable(u, b, 0, groups))
		return 0;
	/* signals are functions of time (and noise of the run's index), so that a waveform is what the trigger saw */
	uint64_t first = u->signal[b->source]->shape == EMU_SHAPE_PROOF ? w->proof : w->first;
	for (uint64_t i = 0; i < n;) {
		size_t part = n - i < EMU_CHUNK ? (size_t)(n - i) : EMU_CHUNK;
		emu_span span = emu_span_at(w->origin, w->setup->dt, first + start + i, part);
		if (emu_setup_codes(w->setup, b->source, &span, codes))
			*over = 1;
		done += emu_fold_add(&fold, codes, part, b, done);
		i += part;
	}
	if (done < groups)
		done += emu_fold_end(&fold, b, done);
	return done;
}

static emu_status copy_mode(emu_unit *u, const emu_waveform *w, const emu_buffer *b, uint64_t start, uint64_t n, uint64_t ratio, uint64_t *given, int16_t *overflow)
{
	int over = 0;
	if (b->mode == EMU_TRIGGER_DATA) {
		if (b->samples < TRIGGER_SAMPLES)
			return EMU_TRIGGER_DATA_REQUIRES_MIN_BUFFER_SIZE_OF_40_SAMPLES;
		if (b->type != EMU_I16)
			return EMU_TRIGGER_READ_REQUIRES_INT16_T_DATA_TYPE;
		start = w->pre > TRIGGER_SAMPLES / 2 ? w->pre - TRIGGER_SAMPLES / 2 : 0;
		n = w->samples - start < TRIGGER_SAMPLES ? w->samples - start : TRIGGER_SAMPLES;
	}
	uint64_t done = copy_one(u, w, b, start, n, ratio, &over);
	if (over && b->source < EMU_PORT0)
		*overflow |= (int16_t)(1 << b->source);
	if (done > *given)
		*given = done;
	return EMU_OK;
}

static emu_status copy_segment(emu_unit *u, uint64_t segment, uint64_t start, uint64_t n, uint64_t ratio, unsigned mode, uint64_t *given, int16_t *overflow)
{
	const emu_waveform *w = emu_capture_waveform(u, segment);
	int found = 0, missing = 0;
	if (!w)
		return EMU_NO_SAMPLES_AVAILABLE;
	if (start >= w->samples)
		return EMU_STARTINDEX_INVALID;
	if (n > w->samples - start)
		n = w->samples - start;
	for (int m = 0; m < MODES; m++) {
		int of_mode = 0;
		for (int s = EMU_A; s <= EMU_PORT1 && mode & all_modes[m]; s++) {
			emu_buffer_entry *e = emu_buffer_find(u->scope, (emu_source)s, segment, all_modes[m], -1);
			if (!e || !(w->setup->active >> s & 1))
				continue;
			of_mode++;
			emu_status status = copy_mode(u, w, &e->b, start, n, ratio, given, overflow);
			if (status)
				return status;
		}
		found += of_mode;
		missing += mode & all_modes[m] && !of_mode;
	}
	if (!found)
		return EMU_BUFFERS_NOT_SET;
	return missing && u->family->queued_buffers ? EMU_RATIO_MODE_BUFFER_NOT_SET : EMU_OK;
}

static emu_status check(const emu_unit *u, uint64_t samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to)
{
	const unsigned known = EMU_RAW | EMU_AGGREGATE | EMU_DECIMATE | EMU_AVERAGE | EMU_SUM | EMU_TRIGGER_DATA;
	if (emu_stream_running(u))
		return u->family->queued_buffers ? EMU_NOT_AVAILABLE_WHEN_STREAMING_IS_RUNNING : EMU_DEVICE_SAMPLING;
	if (from >= u->scope->segments || to >= u->scope->segments)
		return EMU_SEGMENT_OUT_OF_RANGE;
	if (!mode || mode & ~known)
		return EMU_RATIO_MODE_NOT_SUPPORTED;
	if (mode & ~(unsigned)(EMU_RAW | EMU_TRIGGER_DATA) && ratio == 0)
		return EMU_INVALID_SAMPLERATIO;
	if (!samples)
		return u->family->queued_buffers ? EMU_NO_SAMPLES_REQUESTED : EMU_INVALID_PARAMETER;
	return EMU_OK;
}

static void write_times(emu_unit *u, const emu_waveform *w, uint64_t start, uint64_t n);

emu_status emu_values_copy(emu_unit *u, uint64_t start, uint64_t *samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to, int16_t *overflow)
{
	emu_capture *c = u->scope->capture;
	uint64_t segments = u->scope->segments, given = 0, n = (to + segments - from) % segments + 1;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t segment = (from + i) % segments;
		int16_t over = 0;
		emu_status status = copy_segment(u, segment, start, *samples, ratio, mode, &given, &over);
		if (status)
			return status;
		if (overflow)
			overflow[i] = over;
		pthread_mutex_lock(&c->mutex);
		c->processed++;
		pthread_mutex_unlock(&c->mutex);
		write_times(u, emu_capture_waveform(u, segment), start, given);
	}
	*samples = given;
	return EMU_OK;
}

/* ETS: the time of each sample, femtoseconds from the trigger. */
static void write_times(emu_unit *u, const emu_waveform *w, uint64_t start, uint64_t n)
{
	emu_scope *s = u->scope;
	if (!w->ets)
		return;
	for (uint64_t i = 0; i < n && i < (uint64_t)s->ets.samples; i++) {
		int64_t t = ((int64_t)(start + i) - (int64_t)w->pre) * (int64_t)w->setup->interval_fs - w->offset_fs;
		if (s->ets.times)
			s->ets.times[i] = t;
		if (s->ets.upper && s->ets.lower) {
			s->ets.upper[i] = (uint32_t)((uint64_t)t >> 32);
			s->ets.lower[i] = (uint32_t)t;
		}
	}
}

emu_status emu_values(emu_unit *u, uint64_t start, uint64_t *samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to, int16_t *overflow)
{
	if (!samples)
		return EMU_NULL_PARAMETER;
	emu_status status = check(u, *samples, ratio, mode, from, to);
	if (status)
		return status;
	if (emu_capture_running(u))
		return EMU_NO_SAMPLES_AVAILABLE;
	if (atomic_load(&u->scope->capture->fetching))
		return EMU_BUSY;
	return emu_values_copy(u, start, samples, ratio, mode, from, to, overflow);
}

typedef struct fetch {
	emu_unit *unit;
	uint64_t start, samples, ratio, from, to;
	unsigned mode;
	emu_data_done done;
	void *user;
} fetch;

static void *fetch_thread(void *arg)
{
	fetch f = *(fetch *)arg;
	emu_unit *u = f.unit;
	free(arg);
	uint64_t n = (f.to + u->scope->segments - f.from) % u->scope->segments + 1;
	int16_t *overflow = calloc(n, sizeof *overflow), all = 0;
	emu_status status = overflow ? emu_values_copy(u, f.start, &f.samples, f.ratio, f.mode, f.from, f.to, overflow) : EMU_MEMORY;
	for (uint64_t i = 0; overflow && i < n; i++)
		all |= overflow[i];
	free(overflow);
	atomic_store(&u->scope->capture->fetching, 0);
	if (f.done) {
		emu_callback_begin(u);
		f.done(emu_handle(u), status, status ? 0 : f.samples, all, f.user);
		emu_callback_end(u);
	}
	return NULL;
}

emu_status emu_values_async(emu_unit *u, uint64_t start, uint64_t samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to,
			    emu_data_done done, void *user)
{
	emu_capture *c = u->scope->capture;
	emu_status status = check(u, samples, ratio, mode, from, to);
	if (status)
		return status;
	if (emu_capture_running(u) || !emu_capture_waveform(u, from))
		return EMU_NO_SAMPLES_AVAILABLE;
	if (atomic_load(&c->fetching))
		return EMU_BUSY;
	emu_capture_end(u, EMU_CANCELLED); /* joins what is over */
	fetch *f = malloc(sizeof *f);
	if (!f)
		return EMU_MEMORY;
	*f = (fetch){u, start, samples, ratio, from, to, mode, done, user};
	atomic_store(&c->fetching, 1);
	if (emu_thread_start(&c->fetch_thread, fetch_thread, f)) {
		atomic_store(&c->fetching, 0);
		free(f);
		return EMU_MEMORY;
	}
	c->fetch_joinable = true;
	return EMU_OK;
}

emu_status emu_values_overlapped(emu_unit *u, uint64_t start, uint64_t *samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to, int16_t *overflow)
{
	emu_capture *c = u->scope->capture;
	if (!samples)
		return EMU_NULL_PARAMETER;
	emu_status status = check(u, *samples, ratio, mode, from, to);
	if (status)
		return status;
	if (emu_scope_running(u))
		return EMU_BUSY;
	c->overlapped = (emu_overlapped){true, start, samples, *samples, ratio, from, to, mode, overflow};
	return EMU_OK;
}

emu_status emu_stop_overlapped(emu_unit *u)
{
	if (emu_scope_running(u))
		return EMU_BUSY;
	u->scope->capture->overlapped.on = false;
	return EMU_OK;
}

emu_status emu_max_ratio(emu_unit *u, uint64_t samples, unsigned mode, uint64_t segment, uint64_t *ratio)
{
	const emu_waveform *w = emu_capture_waveform(u, segment);
	if (!ratio)
		return EMU_NULL_PARAMETER;
	if (segment >= u->scope->segments)
		return EMU_SEGMENT_OUT_OF_RANGE;
	if (!samples)
		return EMU_INVALID_PARAMETER;
	if (w && samples > w->samples)
		return EMU_TOO_MANY_SAMPLES;
	*ratio = mode == EMU_RAW ? 1 : samples;
	return EMU_OK;
}

emu_status emu_trigger_infos(emu_unit *u, uint64_t from, uint64_t count, emu_trigger_info *infos)
{
	if (!infos)
		return EMU_NULL_PARAMETER;
	if (emu_stream_running(u))
		return u->family->queued_buffers ? EMU_NOT_AVAILABLE_WHEN_STREAMING_IS_RUNNING : EMU_DEVICE_SAMPLING;
	if (!count || from >= u->scope->segments || count > u->scope->segments - from)
		return EMU_SEGMENT_OUT_OF_RANGE;
	if (emu_capture_running(u))
		return EMU_NO_SAMPLES_AVAILABLE;
	for (uint64_t i = 0; i < count; i++) {
		const emu_waveform *w = emu_capture_waveform(u, from + i);
		if (!w)
			return EMU_NO_SAMPLES_AVAILABLE;
		infos[i] = (emu_trigger_info){
			.status = w->leads ? EMU_DEVICE_TIME_STAMP_RESET : EMU_OK,
			.segment = from + i,
			.index = w->pre,
			.time_fs = w->offset_fs,
			.counter = w->at + u->rig.counter,
		};
	}
	return EMU_OK;
}
