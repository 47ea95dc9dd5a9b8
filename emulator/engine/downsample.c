/* Downsampling: groups of raw samples folded to one value, or to two with AGGREGATE, and the conversion to the type of a
 * buffer's elements. Not here: which samples belong to a run. */
#include <limits.h>
#include <string.h>

#include "scope.h"

emu_fold emu_fold_new(unsigned mode, uint64_t ratio, emu_source source)
{
	return (emu_fold){
		.mode = mode,
		.ratio = mode == EMU_RAW || ratio == 0 ? 1 : ratio,
		.port = source == EMU_PORT0 || source == EMU_PORT1,
	};
}

static void put(const emu_buffer *to, void *p, uint64_t at, int64_t value)
{
	if (!p)
		return;
	switch (to->type) {
	case EMU_I8:
		((int8_t *)p)[at] = (int8_t)(to->source >= EMU_PORT0 ? value : value >> 8);
		break;
	case EMU_I16:
		((int16_t *)p)[at] = (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
		break;
	case EMU_I32:
		((int32_t *)p)[at] = (int32_t)(value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value);
		break;
	case EMU_U32:
		((uint32_t *)p)[at] = (uint32_t)value;
		break;
	case EMU_I64:
		((int64_t *)p)[at] = value;
		break;
	}
}

static void copy_raw(const emu_buffer *to, const int16_t *codes, size_t n, uint64_t at)
{
	void *p = to->max ? to->max : to->min;
	if (to->type == EMU_I16) {
		if ((int16_t *)p + at != codes)
			memcpy((int16_t *)p + at, codes, n * sizeof *codes);
	} else if (to->type == EMU_I8 && to->source < EMU_PORT0) {
		int8_t *out = (int8_t *)p + at;
		for (size_t i = 0; i < n; i++)
			out[i] = (int8_t)(codes[i] >> 8);
	} else {
		for (size_t i = 0; i < n; i++)
			put(to, p, at + i, codes[i]);
	}
}

static void finish(emu_fold *f, const emu_buffer *to, uint64_t at)
{
	void *p = to->max ? to->max : to->min;
	switch (f->mode) {
	case EMU_AGGREGATE:
		put(to, to->max, at, f->max);
		put(to, to->min, at, f->min);
		break;
	case EMU_DECIMATE:
		put(to, p, at, f->first);
		break;
	case EMU_AVERAGE:
		put(to, p, at, f->sum / (int64_t)f->n);
		break;
	default:
		put(to, p, at, f->sum);
		break;
	}
	f->n = 0;
}

static void begin(emu_fold *f, int16_t code)
{
	f->first = f->max = f->min = code;
	f->sum = 0;
}

static void gather(emu_fold *f, const int16_t *codes, size_t n)
{
	int16_t max = f->max, min = f->min;
	int64_t sum = f->sum;
	if (f->port) {
		for (size_t i = 0; i < n; i++) {
			max |= codes[i];
			min &= codes[i];
			sum += codes[i];
		}
	} else {
		for (size_t i = 0; i < n; i++) {
			max = codes[i] > max ? codes[i] : max;
			min = codes[i] < min ? codes[i] : min;
			sum += codes[i];
		}
	}
	f->max = max;
	f->min = min;
	f->sum = sum;
	f->n += n;
}

uint64_t emu_fold_add(emu_fold *f, const int16_t *codes, size_t n, const emu_buffer *to, uint64_t at)
{
	uint64_t out = 0;
	if (f->mode == EMU_RAW) {
		copy_raw(to, codes, n, at);
		return n;
	}
	while (n) {
		uint64_t part = f->ratio - f->n;
		part = part < n ? part : n;
		if (f->n == 0)
			begin(f, codes[0]);
		gather(f, codes, (size_t)part);
		codes += part;
		n -= (size_t)part;
		if (f->n == f->ratio)
			finish(f, to, at + out++);
	}
	return out;
}

uint64_t emu_fold_end(emu_fold *f, const emu_buffer *to, uint64_t at)
{
	if (f->mode == EMU_RAW || f->n == 0)
		return 0;
	finish(f, to, at);
	return 1;
}
