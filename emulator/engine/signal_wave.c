/* Signals in volts. Periodic ones are computed from anchors, every 64th sample of a run: the phase at an anchor is
 * exact, the samples up to the next one are steps from it, and so no sample depends on where a span began. */
#include <math.h>
#include <string.h>

#include "signals.h"

typedef struct anchor { double whole, part; } anchor;

static anchor anchor_at(const emu_signal *s, const emu_grid *g, uint64_t n)
{
	long double cycles = (long double)s->frequency * ((long double)g->origin + (long double)n * (long double)g->dt) + (long double)s->phase;
	long double whole = floorl(cycles);
	anchor a = {(double)whole, (double)(cycles - whole)};
	return a;
}

/* Sine: at an anchor sin and cos of the phase, from there on the addition theorem with a table of the steps. */
static void sine(const emu_signal *s, const emu_frontend *f, const emu_grid *g, uint64_t n, size_t count, double *v)
{
	const double turn = 6.283185307179586477;
	const double step = s->frequency * g->dt;
	double gain = s->amplitude, lag = 0;
	if (f && f->bandwidth > 0) {
		gain /= sqrt(1 + (s->frequency / f->bandwidth) * (s->frequency / f->bandwidth));
		lag = atan(s->frequency / f->bandwidth);
	}
	double cosine[EMU_ANCHOR], sinus[EMU_ANCHOR];
	size_t skip = (size_t)(n % EMU_ANCHOR);
	size_t from = skip, to = skip + count;
	if (to > EMU_ANCHOR) {
		from = 0;
		to = EMU_ANCHOR;
	}
	for (size_t k = from; k < to; k++) {
		double angle = (double)k * step;
		angle = (angle - floor(angle)) * turn;
		cosine[k] = cos(angle);
		sinus[k] = sin(angle);
	}
	for (size_t i = 0; i < count;) {
		size_t k = (size_t)((n + i) % EMU_ANCHOR);
		size_t run = EMU_ANCHOR - k < count - i ? EMU_ANCHOR - k : count - i;
		double angle = anchor_at(s, g, n + i - k).part * turn - lag;
		double a = gain * sin(angle), b = gain * cos(angle), offset = s->offset;
		double *out = v + i;
		const double *c = cosine + k, *d = sinus + k;
		for (size_t j = 0; j < run; j++)
			out[j] = offset + a * c[j] + b * d[j];
		i += run;
	}
}

/* Height 0..1 of a pulse that begins at 0: linear edges, the falling one begins at width. */
static double pulse(double t, double width, double rise, double fall)
{
	double up = t >= rise ? 1 : t / rise;
	if (t < width)
		return up;
	double down = t - width >= fall ? 0 : 1 - (t - width) / fall;
	return down < up ? down : up;
}

static double edge(const emu_frontend *f, double seconds)
{
	double least = f && f->bandwidth > 0 ? 0.35 / f->bandwidth : 0;
	return seconds > least ? seconds : least;
}

/* part: 0..1 within the cycle; cycle: its number. */
static double periodic(const emu_signal *s, double part, double cycle, double rise, double fall)
{
	double period = 1 / s->frequency;
	switch (s->shape) {
	case EMU_SHAPE_SQUARE:
		return s->offset + s->amplitude * (2 * pulse(part * period, s->duty * period, rise, fall) - 1);
	case EMU_SHAPE_TRIANGLE:
		part += 0.25;
		part -= floor(part);
		return s->offset + s->amplitude * (part < 0.5 ? 4 * part - 1 : 3 - 4 * part);
	case EMU_SHAPE_SAWTOOTH:
		return s->offset + s->amplitude * (2 * part - 1);
	case EMU_SHAPE_RUNTS: {
		double height = fmod(cycle, (double)s->every) == 0 ? s->runt : 1;
		return s->offset + s->amplitude * height * pulse(part * period, s->width, rise, fall);
	}
	default:
		return s->offset + s->amplitude * pulse(part * period, s->width, rise, fall);
	}
}

static void repeat(const emu_signal *s, const emu_frontend *f, const emu_grid *g, uint64_t n, size_t count, double *v)
{
	const double step = s->frequency * g->dt, rise = edge(f, s->rise), fall = edge(f, s->fall);
	for (size_t i = 0; i < count;) {
		size_t k = (size_t)((n + i) % EMU_ANCHOR);
		size_t run = EMU_ANCHOR - k < count - i ? EMU_ANCHOR - k : count - i;
		anchor a = anchor_at(s, g, n + i - k);
		for (size_t j = 0; j < run; j++) {
			double x = a.part + (double)(k + j) * step, whole = floor(x);
			v[i + j] = periodic(s, x - whole, a.whole + whole, rise, fall);
		}
		i += run;
	}
}

void emu_wave_cycles(const emu_signal *s, const emu_grid *g, uint64_t n, size_t count, uint64_t *cycle)
{
	const double step = s->frequency * g->dt;
	for (size_t i = 0; i < count; i++) {
		size_t k = (size_t)((n + i) % EMU_ANCHOR);
		anchor a = anchor_at(s, g, n + i - k);
		cycle[i] = (uint64_t)(int64_t)(a.whole + floor(a.part + (double)k * step));
	}
}

void emu_shape_volts(const emu_signal *s, const emu_frontend *f, const emu_grid *g, uint64_t n, size_t count, double *v)
{
	switch (s->shape) {
	case EMU_SHAPE_SINE:
		sine(s, f, g, n, count, v);
		break;
	case EMU_SHAPE_SQUARE:
	case EMU_SHAPE_TRIANGLE:
	case EMU_SHAPE_SAWTOOTH:
	case EMU_SHAPE_PULSES:
	case EMU_SHAPE_RUNTS:
		repeat(s, f, g, n, count, v);
		break;
	case EMU_SHAPE_REPLAY:
		for (size_t i = 0; i < count; i++)
			v[i] = s->offset + emu_replay_volts(&s->replay, emu_grid_time(g, n + i));
		break;
	default:
		for (size_t i = 0; i < count; i++)
			v[i] = s->offset;
		if (s->shape == EMU_SHAPE_RANDOM || s->shape == EMU_SHAPE_DOUBLE)
			emu_random_add(s, g, n, count, v);
	}
	if (s->loopback != 0 && f && f->generator)
		for (size_t i = 0; i < count; i++)
			v[i] += s->loopback * f->generator(f->generator_ctx, emu_grid_time(g, n + i));
}

double emu_wave_mean(const emu_signal *s)
{
	switch (s->shape) {
	case EMU_SHAPE_SQUARE:
		return s->offset + s->amplitude * (2 * s->duty - 1);
	case EMU_SHAPE_PULSES:
		return s->offset + s->amplitude * s->frequency * (s->width + (s->fall - s->rise) / 2);
	case EMU_SHAPE_RUNTS:
		return s->offset + s->amplitude * s->frequency * (s->width + (s->fall - s->rise) / 2) * (1 - (1 - s->runt) / (double)s->every);
	case EMU_SHAPE_RANDOM:
		return s->offset + s->amplitude * s->rate * (s->width - s->rise / 2 + s->fall);
	case EMU_SHAPE_DOUBLE:
		return s->offset + s->amplitude * s->rate * (s->width - s->rise / 2 + s->fall) * (1 + s->fraction * s->second);
	case EMU_SHAPE_REPLAY:
		return s->offset + s->replay.mean;
	default:
		return s->offset;
	}
}
