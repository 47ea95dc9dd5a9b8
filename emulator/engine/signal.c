/* Signals as codes of an ADC, as levels of pins, as one value in volts: asks signal_wave.c for volts and quantises. */
#include "signal.h"

#include <math.h>
#include <string.h>

#include "signals.h"

static const double logic_high = 3.3;

emu_grid emu_grid_of(const emu_span *s)
{
	emu_grid g = {s->anchored ? s->origin : s->t0 - (double)s->first * s->dt, s->dt};
	return g;
}

double emu_gauss(uint64_t h)
{
	uint64_t sum = (h & 0xFFFF) + (h >> 16 & 0xFFFF) + (h >> 32 & 0xFFFF) + (h >> 48);
	return ((double)sum - 131070.0) * (1.0 / 37837.2269);
}

/* Noise belongs to the sample, not to time: two samples are never so close that they share it. */
static void add_noise(const emu_signal *s, const emu_grid *g, uint64_t n, size_t count, double *v)
{
	uint64_t bits;
	memcpy(&bits, &g->origin, sizeof bits);
	uint64_t key = emu_splitmix64(s->seed ^ bits);
	for (size_t i = 0; i < count; i++)
		v[i] += s->noise * emu_gauss(emu_splitmix64(key + n + i));
}

/* To the nearest step of the resolution; codes are left-justified, so a step is 2^(16 - bits). */
static int quantise(const emu_frontend *f, double shift, const double *v, size_t count, int16_t *codes)
{
	const double step = (double)(1 << (16 - f->bits));
	const double scale = (double)f->max_code / f->range / step;
	const double round = 0x1.8p52; /* added and taken away: rounds to the nearest whole number */
	const double high = f->max_code, low = f->min_code;
	const double over = high / step + 0.5, under = low / step - 0.5;
	double most = 0, least = 0;
	for (size_t i = 0; i < count; i++) {
		double x = (v[i] + shift) * scale;
		most = x > most ? x : most;
		least = x < least ? x : least;
		x = x > 40000 ? 40000 : x;
		x = x < -40000 ? -40000 : x;
		double code = ((x + round) - round) * step;
		code = code > high ? high : code;
		code = code < low ? low : code;
		codes[i] = (int16_t)(int32_t)code;
	}
	return most > over || least < under;
}

int emu_signal_codes(emu_signal *s, const emu_frontend *f, const emu_span *span, int16_t *codes)
{
	if (s->shape == EMU_SHAPE_PROOF) {
		emu_proof_codes(s, f, span->first, span->count, codes);
		return 0;
	}
	double v[EMU_STRETCH];
	const emu_grid g = emu_grid_of(span);
	const double shift = f->offset - (f->ac ? emu_wave_mean(s) : 0);
	int over = 0;
	for (size_t done = 0; done < span->count;) {
		uint64_t n = span->first + done;
		size_t count = EMU_STRETCH - (size_t)(n % EMU_ANCHOR);
		if (count > span->count - done)
			count = span->count - done;
		emu_shape_volts(s, f, &g, n, count, v);
		if (s->noise > 0)
			add_noise(s, &g, n, count, v);
		over |= quantise(f, shift, v, count, codes + done);
		done += count;
	}
	return over;
}

double emu_signal_volts(emu_signal *s, const emu_frontend *f, double t)
{
	double v = 0;
	const emu_grid g = {t, 0};
	if (s->shape != EMU_SHAPE_PROOF)
		emu_shape_volts(s, f, &g, 0, 1, &v);
	return v - (f && f->ac ? emu_wave_mean(s) : 0);
}

/* Pins with a signal of their own replace those of the port's. */
static void own_pins(const emu_signal *s, const double levels[8], const emu_grid *g, uint64_t n, size_t count, uint8_t *pins)
{
	double v[EMU_STRETCH];
	for (int pin = 0; pin < 8; pin++) {
		if (!s->pin[pin])
			continue;
		emu_shape_volts(s->pin[pin], NULL, g, n, count, v);
		if (s->pin[pin]->noise > 0)
			add_noise(s->pin[pin], g, n, count, v);
		for (size_t i = 0; i < count; i++)
			pins[i] = (uint8_t)((pins[i] & ~(1u << pin)) | (unsigned)(v[i] >= levels[pin]) << pin);
	}
}

/* What logic levels of 0 V and 3.3 V become behind the comparators. */
static void compare(const double levels[8], size_t count, uint8_t *pins)
{
	uint8_t when_low = 0, when_high = 0;
	for (int pin = 0; pin < 8; pin++) {
		when_low |= (uint8_t)((0 >= levels[pin]) << pin);
		when_high |= (uint8_t)((logic_high >= levels[pin]) << pin);
	}
	for (size_t i = 0; i < count; i++)
		pins[i] = (uint8_t)((pins[i] & when_high) | (~pins[i] & when_low));
}

void emu_signal_pins(emu_signal *s, const double levels[8], const emu_span *span, uint8_t *pins)
{
	if (s->shape == EMU_SHAPE_PROOF) {
		emu_proof_pins(s, span->first, span->count, pins);
		return;
	}
	uint64_t cycle[EMU_STRETCH];
	const emu_grid g = emu_grid_of(span);
	for (size_t done = 0; done < span->count;) {
		uint64_t n = span->first + done;
		size_t count = EMU_STRETCH - (size_t)(n % EMU_ANCHOR);
		if (count > span->count - done)
			count = span->count - done;
		uint8_t *out = pins + done;
		if (s->shape == EMU_SHAPE_COUNTER)
			emu_wave_cycles(s, &g, n, count, cycle);
		for (size_t i = 0; i < count; i++) {
			if (s->shape == EMU_SHAPE_COUNTER)
				out[i] = (uint8_t)cycle[i];
			else if (s->shape == EMU_SHAPE_REPLAY)
				out[i] = emu_replay_byte(&s->replay, emu_grid_time(&g, n + i));
			else
				out[i] = (uint8_t)s->levels;
		}
		compare(levels, count, out);
		own_pins(s, levels, &g, n, count, out);
		done += count;
	}
}
