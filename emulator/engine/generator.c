/* The signal generator: what is set, started, gated and paused, kept with its time so that the output at any time, also a
 * past one, can be computed. Not here: the waves (generator_wave.c). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "generator.h"

enum { HISTORY = 256 };
#define EXT_STEP 1e-6 /* the external trigger is looked at this often */

/* The state from a rig time on, until the next one. */
typedef struct node node;
struct node {
	double from;
	emu_generator g;
	double age;     /* seconds of running at `from` */
	bool running, started;
	node *older;
	/* external edge: looked at up to, and found at; guarded by the output's mutex */
	double looked, edge;
	bool high;
};

struct emu_output {
	node *_Atomic newest;
	emu_unit *unit;
	pthread_mutex_t mutex;
};

emu_output *emu_output_new(void)
{
	emu_output *o = calloc(1, sizeof *o);
	if (o)
		pthread_mutex_init(&o->mutex, NULL);
	return o;
}

/* Both states of one setting share its samples: only the oldest of them frees. */
static void free_from(node *n)
{
	while (n) {
		node *older = n->older;
		if (!older || older->g.samples != n->g.samples)
			free((void *)n->g.samples);
		free(n);
		n = older;
	}
}

void emu_output_free(emu_output *o)
{
	if (!o)
		return;
	free_from(atomic_load(&o->newest));
	pthread_mutex_destroy(&o->mutex);
	free(o);
}

static void trim(emu_unit *u)
{
	node *n = atomic_load(&u->scope->output->newest);
	if (emu_scope_running(u))
		return;
	for (int i = 0; n && i < HISTORY; i++)
		n = n->older;
	if (!n || !n->older || (n->g.samples && n->older->g.samples == n->g.samples))
		return;
	free_from(n->older);
	n->older = NULL;
}

static emu_status push(emu_output *o, const node *state)
{
	node *n = malloc(sizeof *n);
	if (!n)
		return EMU_MEMORY;
	*n = *state;
	n->looked = n->from;
	n->edge = INFINITY;
	n->high = true;
	pthread_mutex_lock(&o->mutex);
	n->older = atomic_load(&o->newest);
	atomic_store(&o->newest, n);
	pthread_mutex_unlock(&o->mutex);
	return EMU_OK;
}

static double external_volts(const emu_output *o, double t)
{
	static const emu_frontend f = {.range = 5, .bits = 16, .min_code = -32767, .max_code = 32767};
	emu_source s = o->unit->model->ext == 2 ? EMU_AUX : EMU_EXT;
	return emu_signal_volts(o->unit->signal[s], &f, t);
}

/* When the wanted edge came at the external input, INFINITY before it has. */
static double external_edge(emu_output *o, node *n, double t)
{
	double level = n->g.ext_threshold / 32767.0 * 5;
	pthread_mutex_lock(&o->mutex);
	while (n->edge > t && n->looked < t) {
		bool high = external_volts(o, n->looked) >= level;
		high = n->g.trigger_type == 1 ? !high : high;
		if (high && !n->high)
			n->edge = n->looked;
		n->high = high;
		n->looked += EXT_STEP;
	}
	double edge = n->edge;
	pthread_mutex_unlock(&o->mutex);
	return edge;
}

static bool external(const emu_generator *g)
{
	return g->trigger == EMU_GEN_EXT || g->trigger == EMU_GEN_AUX;
}

double emu_output_volts(void *ctx, double t)
{
	emu_output *o = ctx;
	node *n = atomic_load(&o->newest);
	while (n && n->from > t)
		n = n->older;
	if (!n || !n->g.on)
		return 0;
	if (external(&n->g) && n->started) {
		if (n->g.trigger_type >= 2) {
			bool high = external_volts(o, t) >= n->g.ext_threshold / 32767.0 * 5;
			return high == (n->g.trigger_type == 2) ? emu_wave_volts(&n->g, t - n->from) : n->g.offset;
		}
		double edge = external_edge(o, n, t);
		return edge <= t ? emu_wave_volts(&n->g, t - edge) : n->g.offset;
	}
	if (!n->started)
		return n->g.offset;
	return emu_wave_volts(&n->g, n->running ? n->age + (t - n->from) : n->age);
}

void emu_output_triggered(emu_unit *u, double t)
{
	emu_output *o = u->scope->output;
	node *n = atomic_load(&o->newest);
	if (!n || !n->g.on || n->g.trigger != EMU_GEN_SCOPE || t < n->from)
		return;
	node next = *n;
	next.from = t;
	next.age = 0;
	next.running = next.started = true;
	push(o, &next);
}

static emu_status check_levels(const emu_unit *u, const emu_generator *g)
{
	double most = u->model->generator_uv * 1e-6;
	if (!(g->pkpk >= 0) || g->pkpk > most * (1 + 1e-9))
		return EMU_SIGGEN_PK_TO_PK;
	if (!(fabs(g->offset) <= most / 2 * (1 + 1e-9)))
		return EMU_SIGGEN_OFFSET_VOLTAGE;
	return fabs(g->offset) + g->pkpk / 2 > most / 2 * (1 + 1e-9) ? EMU_SIGGEN_OUTPUT_OVER_VOLTAGE : EMU_OK;
}

static emu_status check(const emu_unit *u, const emu_generator *g)
{
	const emu_model *m = u->model;
	emu_status bad = u->family->queued_buffers ? EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE : EMU_SIG_GEN_PARAM;
	emu_status status = check_levels(u, g);
	if (status)
		return status;
	if (g->wave < EMU_WAVE_SINE || g->wave > EMU_WAVE_ARBITRARY || g->sweep < EMU_UP || g->sweep > EMU_DOWN_UP)
		return EMU_SIG_GEN_PARAM;
	if (g->trigger_type < 0 || g->trigger_type > 3 || g->trigger < EMU_GEN_NONE || g->trigger > EMU_GEN_SOFT)
		return EMU_SIG_GEN_PARAM;
	if (g->wave == EMU_WAVE_ARBITRARY) {
		if (!m->awg)
			return EMU_AWG_NOT_SUPPORTED;
		if (!g->samples || !g->count || g->count > m->awg || g->index_mode < 0 || g->index_mode > 2)
			return EMU_SIG_GEN_PARAM;
	}
	double most = g->wave == EMU_WAVE_ARBITRARY ? m->dds_hz : m->generator_hz;
	if (g->wave != EMU_WAVE_DC && g->wave != EMU_WAVE_NOISE && !(g->start_hz >= 0 && g->start_hz <= most && g->stop_hz <= most))
		return bad;
	return EMU_OK;
}

emu_status emu_generator_set(emu_unit *u, const emu_generator *g)
{
	emu_output *o = u->scope->output;
	node n = {.from = emu_now(u), .g = *g};
	emu_status status = g->on ? check(u, g) : EMU_OK;
	if (status)
		return status;
	o->unit = u;
	n.g.samples = NULL;
	if (g->on && g->wave == EMU_WAVE_ARBITRARY) {
		int16_t *copy = malloc(g->count * sizeof *copy);
		if (!copy)
			return EMU_MEMORY;
		memcpy(copy, g->samples, g->count * sizeof *copy);
		n.g.samples = copy;
	}
	n.started = n.running = g->trigger == EMU_GEN_NONE || external(g);
	if ((status = push(o, &n))) {
		free((void *)n.g.samples);
		return status;
	}
	trim(u);
	emu_truth(u, "generator", "on=%d wave=%d pkpk=%g offset=%g start_hz=%.17g stop_hz=%.17g trigger=%d", g->on, (int)g->wave, g->pkpk, g->offset,
		  g->start_hz, g->stop_hz, (int)g->trigger);
	return g->on && g->shots && g->sweeps ? EMU_SHOTS_SWEEPS_WARNING : EMU_OK;
}

emu_status emu_generator_get(emu_unit *u, emu_generator *g)
{
	const node *n = atomic_load(&u->scope->output->newest);
	if (!g)
		return EMU_NULL_PARAMETER;
	*g = n ? n->g : (emu_generator){.wave = EMU_WAVE_DC, .duty = 0.5};
	return EMU_OK;
}

/* A new state from now on, with the age that the running one has reached. */
static emu_status change(emu_unit *u, bool running, bool restart)
{
	emu_output *o = u->scope->output;
	node next = *atomic_load(&o->newest);
	double now = emu_now(u);
	if (next.running)
		next.age += now - next.from;
	next.from = now;
	next.running = running;
	next.started |= running;
	if (restart)
		next.age = 0;
	return push(o, &next);
}

emu_status emu_generator_software(emu_unit *u, int state)
{
	const node *n = atomic_load(&u->scope->output->newest);
	if (!n || !n->g.on || n->g.trigger != EMU_GEN_SOFT)
		return EMU_SIGGEN_TRIGGER_SOURCE;
	if (n->g.trigger_type >= 2) /* a gate: 0 opens it */
		return change(u, state == 0, false);
	return change(u, true, true);
}

emu_status emu_generator_pause(emu_unit *u, int paused)
{
	const node *n = atomic_load(&u->scope->output->newest);
	if (!n || !n->g.on || !n->started)
		return EMU_OK;
	return change(u, !paused, false);
}

emu_status emu_generator_limits(emu_unit *u, uint32_t *min_samples, uint32_t *max_samples, double *dds_hz, double *max_hz, double *max_pkpk)
{
	const emu_model *m = u->model;
	if (min_samples)
		*min_samples = m->awg ? 1 : 0;
	if (max_samples)
		*max_samples = m->awg;
	if (dds_hz)
		*dds_hz = m->dds_hz;
	if (max_hz)
		*max_hz = m->generator_hz;
	if (max_pkpk)
		*max_pkpk = m->generator_uv * 1e-6;
	return EMU_OK;
}
