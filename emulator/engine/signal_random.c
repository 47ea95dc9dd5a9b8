/* Random pulses and double pulses as a pure function of time: time is cut into cells of one mean distance, and how many
 * pulses begin in a cell, where, how high and with which second pulse is a hash of the cell's number. */
#include <math.h>

#include "signals.h"

enum { MOST = 7 }; /* pulses in a cell; the Poisson law of mean 1 has more once in 10^5 cells */

typedef struct arrival {
	double at, height;
	double again; /* when the second pulse begins; 0: there is none */
} arrival;

static double one_length(const emu_signal *s)
{
	return s->width + 12 * s->fall;
}

double emu_random_length(const emu_signal *s)
{
	return one_length(s) + (s->shape == EMU_SHAPE_DOUBLE ? 20 * s->lifetime : 0);
}

/* Linear rise, flat to width, exponential fall. */
static double form(const emu_signal *s, double t)
{
	if (t < s->rise && t < s->width)
		return t / s->rise;
	if (t < s->width)
		return 1;
	return s->fall > 0 ? exp(-(t - s->width) / s->fall) : 0;
}

static int arrivals(const emu_signal *s, double cell, arrival a[MOST])
{
	static const double poisson[MOST] = {0.36787944117, 0.73575888234, 0.91969860293, 0.98101184312, 0.99634015317, 0.99940581518, 0.99991675885};
	uint64_t h = emu_splitmix64(s->arrivals ^ (uint64_t)(int64_t)cell);
	double u = emu_unit_interval(h);
	int n = 0;
	while (n < MOST && u >= poisson[n])
		n++;
	for (int i = 0; i < n; i++) {
		h = emu_splitmix64(h);
		a[i].at = (cell + emu_unit_interval(h)) / s->rate;
		h = emu_splitmix64(h);
		a[i].height = s->amplitude * (s->spread > 0 ? 1 + s->spread * emu_gauss(h) : 1);
		a[i].again = 0;
		/* drawn for single pulses, too, so that both kinds have theirs at the same moments */
		h = emu_splitmix64(h);
		int has = emu_unit_interval(h) < s->fraction;
		h = emu_splitmix64(h);
		if (s->shape != EMU_SHAPE_DOUBLE)
			continue;
		double delay = -s->lifetime * log1p(-emu_unit_interval(h));
		if (has)
			a[i].again = a[i].at + (delay < 20 * s->lifetime ? delay : 20 * s->lifetime);
	}
	return n;
}

static double value(const emu_signal *s, double t, double at, double height, double length)
{
	double since = t - at;
	return since >= 0 && since < length ? height * form(s, since) : 0;
}

/* Adds one pulse to the samples that it touches. */
static void add(const emu_signal *s, const emu_grid *g, uint64_t n, size_t count, double *v, double at, double height)
{
	double length = one_length(s), first = floor((at - emu_grid_time(g, n)) / g->dt) - 1;
	size_t i = first > 0 ? (first < (double)count ? (size_t)first : count) : 0;
	for (; i < count; i++) {
		double t = emu_grid_time(g, n + i);
		if (t - at >= length)
			break;
		v[i] += value(s, t, at, height, length);
	}
}

/* Cells far closer than samples: only those that reach a sample are looked at. Same sums in the same order. */
static void add_dense(const emu_signal *s, const emu_grid *g, uint64_t n, size_t count, double *v)
{
	arrival a[MOST];
	double length = one_length(s);
	for (size_t i = 0; i < count; i++) {
		double t = emu_grid_time(g, n + i), last = floor(t * s->rate);
		for (double cell = floor((t - emu_random_length(s)) * s->rate) - 1; cell <= last; cell++) {
			int found = arrivals(s, cell, a);
			for (int j = 0; j < found; j++) {
				v[i] += value(s, t, a[j].at, a[j].height, length);
				if (a[j].again != 0)
					v[i] += value(s, t, a[j].again, a[j].height * s->second, length);
			}
		}
	}
}

void emu_random_add(const emu_signal *s, const emu_grid *g, uint64_t n, size_t count, double *v)
{
	if (g->dt * s->rate > 4 || g->dt == 0) {
		add_dense(s, g, n, count, v);
		return;
	}
	arrival a[MOST];
	double last = floor(emu_grid_time(g, n + count - 1) * s->rate) + 1;
	for (double cell = floor((emu_grid_time(g, n) - emu_random_length(s)) * s->rate) - 1; cell <= last; cell++) {
		int found = arrivals(s, cell, a);
		for (int j = 0; j < found; j++) {
			add(s, g, n, count, v, a[j].at, a[j].height);
			if (a[j].again != 0)
				add(s, g, n, count, v, a[j].again, a[j].height * s->second);
		}
	}
}
