/* Timebases and the memory they fill: what an interval is called, what fits in a segment. Not here: the rules of the
 * models (models.c) and the segments' contents (capture.c). */
#include "capture.h"
#include "scope.h"

emu_status emu_timebase(emu_unit *u, uint32_t n, uint64_t samples, uint64_t *interval_fs, uint64_t *max_samples, uint64_t segment)
{
	emu_scope *s = u->scope;
	uint64_t fastest;
	emu_status status = emu_scope_valid(u, &fastest);
	if (status)
		return status;
	uint64_t interval = emu_model_interval(u->model, s->bits, n);
	if (!interval || interval < fastest)
		return EMU_INVALID_TIMEBASE;
	if (segment >= s->segments)
		return EMU_SEGMENT_OUT_OF_RANGE;
	uint64_t most = emu_model_share(emu_scope_memory(u, s->bits), s->segments, emu_active_count(emu_scope_active(u)));
	if (interval_fs)
		*interval_fs = interval;
	if (max_samples)
		*max_samples = most;
	return samples > most ? EMU_TOO_MANY_SAMPLES : EMU_OK;
}

/* The number of the shortest interval that is not below limit. */
static uint32_t number_at_least(const emu_model *m, int bits, uint64_t limit_fs)
{
	uint32_t low = emu_model_first_timebase(m, bits), high = UINT32_MAX;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (emu_model_interval(m, bits, middle) >= limit_fs)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

emu_status emu_minimum_timebase(emu_unit *u, uint32_t channels, int bits, uint32_t *n, uint64_t *interval_fs)
{
	uint64_t fastest;
	bits = bits ? bits : u->scope->bits;
	emu_status status = emu_model_fastest(u->model, bits, channels, &fastest);
	if (status)
		return status;
	uint32_t number = number_at_least(u->model, bits, fastest);
	if (n)
		*n = number;
	if (interval_fs)
		*interval_fs = emu_model_interval(u->model, bits, number);
	return EMU_OK;
}

emu_status emu_nearest_interval(emu_unit *u, uint32_t channels, int bits, double seconds, uint32_t *n, double *available)
{
	uint32_t first;
	bits = bits ? bits : u->scope->bits;
	emu_status status = emu_minimum_timebase(u, channels, bits, &first, NULL);
	if (status)
		return status;
	if (!(seconds >= 0))
		return EMU_INVALID_PARAMETER;
	double wish = seconds / EMU_FS;
	uint32_t number = number_at_least(u->model, bits, wish < 1e19 ? (uint64_t)wish : (uint64_t)1e19);
	if (number < first)
		number = first;
	double above = (double)emu_model_interval(u->model, bits, number);
	if (number > first && wish < above) {
		double below = (double)emu_model_interval(u->model, bits, number - 1);
		if (wish - below <= above - wish) {
			number--;
			above = below;
		}
	}
	if (n)
		*n = number;
	if (available)
		*available = above * EMU_FS;
	return EMU_OK;
}

emu_status emu_channel_combinations(emu_unit *u, int bits, uint32_t timebase, uint32_t *sets, uint32_t *n)
{
	const emu_model *m = u->model;
	if (!n)
		return EMU_NULL_PARAMETER;
	bits = bits ? bits : u->scope->bits;
	uint64_t interval = emu_model_interval(m, bits, timebase), fastest;
	if (!emu_model_rate(m, bits))
		return emu_model_fastest(m, bits, 1, &fastest);
	if (!interval)
		return EMU_INVALID_TIMEBASE;
	uint32_t found = 0, room = *n;
	for (uint32_t k = 1; k < 1u << (m->channels + m->ports); k++) {
		uint32_t analog = k & ((1u << m->channels) - 1);
		uint32_t set = analog | (k >> m->channels) << EMU_PORT0;
		if (emu_model_fastest(m, bits, set, &fastest) || fastest > interval)
			continue;
		if (sets && found < room)
			sets[found] = set;
		found++;
	}
	*n = found;
	if (!found)
		return EMU_INVALID_TIMEBASE;
	return sets && found > room ? EMU_CHANNELFLAGSCOMBINATIONS_ARRAY_SIZE_TOO_SMALL : EMU_OK;
}

static emu_status cut_memory(emu_unit *u, uint64_t segments)
{
	if (segments == 0 || segments > emu_model_max_segments(u->model))
		return EMU_TOO_MANY_SEGMENTS;
	if (emu_scope_running(u))
		return EMU_BUSY;
	u->scope->segments = segments;
	emu_capture_forget(u);
	return EMU_OK;
}

emu_status emu_memory_segments(emu_unit *u, uint64_t segments, uint64_t *max_samples)
{
	emu_status status = cut_memory(u, segments);
	if (!status && max_samples)
		*max_samples = emu_scope_memory(u, u->scope->bits) / segments;
	return status;
}

static uint64_t fitting(const emu_unit *u, uint64_t samples, int channels, int bits)
{
	uint64_t share = emu_model_share(emu_scope_memory(u, bits), 1, channels);
	uint64_t n = samples ? share / samples : 0, most = emu_model_max_segments(u->model);
	return n < most ? n : most;
}

emu_status emu_segments_by_samples(emu_unit *u, uint64_t samples, uint64_t *max_segments)
{
	if (!max_segments)
		return EMU_NULL_PARAMETER;
	if (!samples)
		return EMU_NO_SAMPLES_REQUESTED;
	uint64_t n = fitting(u, samples, emu_active_count(emu_scope_active(u)), u->scope->bits);
	if (!n)
		return EMU_TOO_MANY_SAMPLES;
	emu_status status = cut_memory(u, n);
	if (!status)
		*max_segments = n;
	return status;
}

emu_status emu_query_segments(emu_unit *u, uint64_t samples, uint32_t channels, int bits, uint64_t *max_segments)
{
	if (!max_segments)
		return EMU_NULL_PARAMETER;
	if (!samples)
		return EMU_NO_SAMPLES_REQUESTED;
	bits = bits ? bits : u->scope->bits;
	if (!emu_model_rate(u->model, bits))
		return EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT;
	*max_segments = fitting(u, samples, (int)channels, bits);
	return *max_segments ? EMU_OK : EMU_TOO_MANY_SAMPLES;
}

emu_status emu_max_memory(emu_unit *u, int bits, uint64_t *samples)
{
	if (!samples)
		return EMU_NULL_PARAMETER;
	bits = bits ? bits : u->scope->bits;
	if (!emu_model_rate(u->model, bits))
		return EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT;
	*samples = emu_model_share(emu_scope_memory(u, bits), 1, emu_active_count(emu_scope_active(u)));
	return EMU_OK;
}

emu_status emu_max_segments(emu_unit *u, uint64_t *n)
{
	if (!n)
		return EMU_NULL_PARAMETER;
	*n = emu_model_max_segments(u->model);
	return EMU_OK;
}

emu_status emu_set_captures(emu_unit *u, uint64_t n)
{
	if (emu_scope_running(u))
		return EMU_BUSY;
	if (!n)
		return u->family->queued_buffers ? EMU_ZERO_NUMBER_OF_CAPTURES_INVALID : EMU_INVALID_PARAMETER;
	if (n > u->scope->segments)
		return u->family->queued_buffers ? EMU_NO_OF_CAPTURES_OUT_OF_RANGE : EMU_INVALID_PARAMETER;
	u->scope->captures = n;
	return EMU_OK;
}
