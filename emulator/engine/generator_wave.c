/* Waves of the signal generator as pure functions of time, with their sweeps. Not here: what is set and when. */
#include <math.h>

#include "generator.h"

#define TAU 6.283185307179586476925

static double unit_noise(uint64_t x)
{
	x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ULL;
	x = (x ^ x >> 27) * 0x94D049BB133111EBULL;
	x ^= x >> 31;
	return (double)(x >> 11) * 0x1p-53;
}

static double arbitrary(const emu_generator *g, double p)
{
	double sign = 1;
	if (!g->samples || !g->count)
		return 0;
	if (g->index_mode == 2) { /* a quarter: forwards, backwards, and both inverted */
		sign = p < 0.5 ? 1 : -1;
		p = fmod(p, 0.5) * 4;
		p = p < 1 ? p : 2 - p;
	} else if (g->index_mode == 1) {
		p = p < 0.5 ? 2 * p : 2 - 2 * p;
	}
	uint32_t i = (uint32_t)(p * g->count);
	return sign * g->samples[i < g->count ? i : g->count - 1] / 32767.0;
}

/* From -1 to 1 at phase p of 0 to 1. */
static double shape(const emu_generator *g, double p)
{
	double duty = g->duty > 0 && g->duty < 1 ? g->duty : 0.5, x;
	switch (g->wave) {
	case EMU_WAVE_SINE:
		return sin(TAU * p);
	case EMU_WAVE_SQUARE: case EMU_WAVE_PWM:
		return p < duty ? 1 : -1;
	case EMU_WAVE_TRIANGLE:
		return p < 0.25 ? 4 * p : p < 0.75 ? 2 - 4 * p : 4 * p - 4;
	case EMU_WAVE_RAMP_UP:
		return 2 * p - 1;
	case EMU_WAVE_RAMP_DOWN:
		return 1 - 2 * p;
	case EMU_WAVE_SINC:
		x = (p - 0.5) * 8 * TAU / 2;
		return fabs(x) < 1e-9 ? 1 : sin(x) / x;
	case EMU_WAVE_GAUSSIAN:
		x = (p - 0.5) * 8;
		return 2 * exp(-x * x / 2) - 1;
	case EMU_WAVE_HALF_SINE:
		return 2 * fabs(sin(TAU / 2 * p)) - 1;
	case EMU_WAVE_ARBITRARY:
		return arbitrary(g, p);
	default:
		return 0;
	}
}

static bool sweeps(const emu_generator *g)
{
	return g->stop_hz != g->start_hz && g->stop_hz > 0 && g->step_hz > 0 && g->dwell > 0;
}

/* Frequencies of a sweep: low + i * step for i = 0..n-1, in the order of the sweep's kind. */
typedef struct sweep {
	double low, step, dwell;
	uint64_t n, length; /* of one sweep, in dwells */
	emu_sweep kind;
} sweep;

static sweep sweep_of(const emu_generator *g)
{
	double low = fmin(g->start_hz, g->stop_hz), high = fmax(g->start_hz, g->stop_hz);
	uint64_t n = (uint64_t)((high - low) / g->step_hz * (1 + 1e-12)) + 1;
	int both = (g->sweep == EMU_UP_DOWN || g->sweep == EMU_DOWN_UP) && n > 1;
	return (sweep){low, g->step_hz, g->dwell, n, both ? 2 * n - 2 : n, g->sweep};
}

/* Place in the ladder of frequencies at dwell j of a sweep. */
static uint64_t rung(const sweep *s, uint64_t j)
{
	uint64_t up = j < s->n ? j : 2 * (s->n - 1) - j;
	return s->kind == EMU_DOWN || s->kind == EMU_DOWN_UP ? s->n - 1 - up : up;
}

/* Sum of the rungs of the first j dwells. */
static double rungs(const sweep *s, uint64_t j)
{
	double top = (double)(s->n - 1), k = (double)j, sum;
	if (j <= s->n)
		sum = k * (k - 1) / 2;
	else {
		double back = (double)(j - s->n); /* from n-2 downwards */
		sum = top * (top + 1) / 2 + back * (2 * top - 1 - back) / 2;
	}
	return s->kind == EMU_DOWN || s->kind == EMU_DOWN_UP ? k * top - sum : sum;
}

static double swept_cycles(const sweep *s, double age)
{
	uint64_t k = (uint64_t)(age / s->dwell), whole = k / s->length, j = k % s->length;
	double rest = age - (double)k * s->dwell;
	double per = (s->low * (double)s->length + s->step * rungs(s, s->length)) * s->dwell;
	double here = s->low + s->step * (double)rung(s, j);
	return (double)whole * per + (s->low * (double)j + s->step * rungs(s, j)) * s->dwell + here * rest;
}

double emu_wave_volts(const emu_generator *g, double age)
{
	double cycles = g->start_hz * age;
	if (sweeps(g)) {
		sweep s = sweep_of(g);
		if (g->sweeps && age >= (double)g->sweeps * (double)s.length * s.dwell)
			return g->offset;
		cycles = swept_cycles(&s, age);
	}
	if (g->shots && cycles >= (double)g->shots)
		return g->offset;
	if (g->wave == EMU_WAVE_NOISE)
		return g->offset + g->pkpk * (unit_noise((uint64_t)(age * 20e6) + 0x9E3779B97F4A7C15ULL) - 0.5);
	if (g->wave == EMU_WAVE_PRBS)
		return g->offset + g->pkpk * (unit_noise((uint64_t)cycles + 0x51ED2701ULL) < 0.5 ? -0.5 : 0.5);
	return g->offset + g->pkpk / 2 * shape(g, cycles - floor(cycles));
}
