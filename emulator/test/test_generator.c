/* The signal generator: waves, sweeps, shots, gates, refusals, and its output looped back into a channel. */
#include <math.h>

#include "generator.h"
#include "harness.h"
#include "scope.h"

static const emu_family *family;

static void waves(void)
{
	static const int16_t ramp[4] = {-32767, 0, 16384, 32767};
	static const struct { emu_wave wave; double at[4], want[4]; } rows[] = {
		{EMU_WAVE_SINE, {0, 0.25, 0.5, 0.75}, {0, 1, 0, -1}},
		{EMU_WAVE_SQUARE, {0.01, 0.49, 0.51, 0.99}, {1, 1, -1, -1}},
		{EMU_WAVE_TRIANGLE, {0, 0.25, 0.5, 0.75}, {0, 1, 0, -1}},
		{EMU_WAVE_RAMP_UP, {0, 0.25, 0.5, 0.75}, {-1, -0.5, 0, 0.5}},
		{EMU_WAVE_RAMP_DOWN, {0, 0.25, 0.5, 0.75}, {1, 0.5, 0, -0.5}},
		{EMU_WAVE_SINC, {0, 0.25, 0.5, 0.75}, {0, 0, 1, 0}},
		{EMU_WAVE_GAUSSIAN, {0, 0.25, 0.5, 0.75}, {-0.99932907474, -0.72932943352, 1, -0.72932943352}},
		{EMU_WAVE_HALF_SINE, {0, 0.25, 0.5, 0.75}, {-1, 0.41421356237, 1, 0.41421356237}},
		{EMU_WAVE_DC, {0, 0.25, 0.5, 0.75}, {0, 0, 0, 0}},
		{EMU_WAVE_ARBITRARY, {0.1, 0.3, 0.6, 0.9}, {-1, 0, 0.50001526, 1}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char name[32];
		snprintf(name, sizeof name, "wave %d", (int)rows[i].wave);
		test_case(name);
		for (int k = 0; k < 4; k++) {
			emu_generator g = {.on = 1, .wave = rows[i].wave, .pkpk = 2, .offset = 0.5, .start_hz = 1000, .samples = ramp, .count = 4};
			CHECK_NEAR(emu_wave_volts(&g, rows[i].at[k] / 1000), 0.5 + rows[i].want[k], 1e-6);
			CHECK_NEAR(emu_wave_volts(&g, (7 + rows[i].at[k]) / 1000), 0.5 + rows[i].want[k], 1e-6);
		}
	}
	test_case("arbitrary, mirrored");
	emu_generator g = {.on = 1, .wave = EMU_WAVE_ARBITRARY, .pkpk = 2, .start_hz = 1, .samples = ramp, .count = 4, .index_mode = 1};
	CHECK_NEAR(emu_wave_volts(&g, 0.05), -1, 1e-6);
	CHECK_NEAR(emu_wave_volts(&g, 0.45), 1, 1e-6);
	CHECK_NEAR(emu_wave_volts(&g, 0.95), -1, 1e-6);
	g.index_mode = 2;
	CHECK_NEAR(emu_wave_volts(&g, 0.2), 1, 1e-6);
	CHECK_NEAR(emu_wave_volts(&g, 0.7), -1, 1e-6);
	test_case("noise and bits");
	g = (emu_generator){.on = 1, .wave = EMU_WAVE_NOISE, .pkpk = 2};
	double sum = 0, squares = 0;
	for (int i = 0; i < 20000; i++) {
		double v = emu_wave_volts(&g, i * 1e-7);
		CHECK(v >= -1 && v <= 1);
		sum += v, squares += v * v;
	}
	CHECK_NEAR(sum / 20000, 0, 0.03);
	CHECK_NEAR(squares / 20000, 1.0 / 3, 0.03);
	g.wave = EMU_WAVE_PRBS;
	g.start_hz = 1000;
	int high = 0;
	for (int i = 0; i < 2000; i++) {
		CHECK_NEAR(emu_wave_volts(&g, (i + 0.1) / 1000), emu_wave_volts(&g, (i + 0.9) / 1000), 0);
		high += emu_wave_volts(&g, (i + 0.5) / 1000) > 0;
	}
	CHECK(high > 850 && high < 1150);
	test_case("");
}

/* Cycles of a sweep, added up dwell by dwell. */
static double slow_phase(const emu_generator *g, double age)
{
	double phase = 0;
	int n = (int)llround((g->stop_hz - g->start_hz) / g->step_hz) + 1, rung = 0, step = 1;
	int down = g->sweep == EMU_DOWN || g->sweep == EMU_DOWN_UP, both = g->sweep >= EMU_UP_DOWN;
	for (; age > 0; age -= g->dwell) {
		double f = g->start_hz + g->step_hz * (down ? n - 1 - rung : rung);
		phase += f * fmin(age, g->dwell);
		rung += step;
		if (both && (rung == n || rung < 0)) {
			step = -step;
			rung += 2 * step;
		} else if (rung == n) {
			rung = 0;
		}
	}
	return phase;
}

static void sweeps(void)
{
	for (int kind = EMU_UP; kind <= EMU_DOWN_UP; kind++) {
		char name[32];
		snprintf(name, sizeof name, "sweep %d", kind);
		test_case(name);
		emu_generator g = {.on = 1, .wave = EMU_WAVE_RAMP_UP, .pkpk = 2, .start_hz = 100, .stop_hz = 500, .step_hz = 100, .dwell = 0.0123, .sweep = (emu_sweep)kind};
		for (double age = 0.001; age < 0.4; age += 0.00717) {
			double p = slow_phase(&g, age);
			double want = 2 * (p - floor(p)) - 1, got = emu_wave_volts(&g, age);
			CHECK(fabs(got - want) < 1e-6 || fabs(fabs(got - want) - 2) < 1e-6);
		}
		g.sweeps = 2;
		g.offset = 0.25;
		double length = (kind >= EMU_UP_DOWN ? 8 : 5) * 0.0123;
		CHECK_NEAR(emu_wave_volts(&g, 2 * length + 1e-6), 0.25, 1e-12);
	}
	test_case("shots");
	emu_generator g = {.on = 1, .wave = EMU_WAVE_SQUARE, .pkpk = 2, .start_hz = 1000, .shots = 3};
	CHECK_NEAR(emu_wave_volts(&g, 0.0021), 1, 1e-12);
	CHECK_NEAR(emu_wave_volts(&g, 0.0031), 0, 1e-12);
	test_case("");
}

static emu_unit *open_unit(const char *conf)
{
	test_rig(conf);
	return test_enter(family, test_open(family, NULL, 14));
}

static void close_unit(emu_unit *u)
{
	int16_t h = emu_handle(u);
	test_leave(u);
	test_close(family, h);
}

static void looped_back(void)
{
	enum { N = 2000 };
	static int16_t a[N];
	test_case("loop-back");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\nchannel A = loopback\n");
	for (int c = 0; c < 4; c++) {
		emu_channel_setting s = {.on = c == 0, .coupling = EMU_DC, .range = 7};
		CHECK_EQ(emu_set_channel(u, (emu_source)c, &s), EMU_OK);
	}
	emu_generator g = {.on = 1, .wave = EMU_WAVE_SINE, .pkpk = 2, .offset = 0.5, .start_hz = 10000};
	CHECK_EQ(emu_generator_set(u, &g), EMU_OK);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 8192, EMU_RISING, 0, 0), EMU_OK);
	CHECK_EQ(emu_block_run(u, N / 2, N / 2, 127, NULL, 0, NULL, NULL), EMU_OK);
	int16_t ready = 0;
	for (double start = test_seconds(); !ready && test_seconds() - start < 20;)
		emu_block_ready(u, &ready);
	/* what comes later changes nothing about what was captured */
	emu_generator off = {.wave = EMU_WAVE_DC};
	CHECK_EQ(emu_generator_set(u, &off), EMU_OK);
	emu_buffer b = {EMU_A, 0, EMU_RAW, EMU_I16, a, NULL, N};
	CHECK_EQ(emu_set_buffer(u, &b, EMU_ADD), EMU_OK);
	uint64_t n = N;
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, 0, NULL), EMU_OK);
	emu_trigger_info info;
	CHECK_EQ(emu_trigger_infos(u, 0, 1, &info), EMU_OK);
	double worst = 0;
	for (int i = 0; i < N; i++) {
		/* the crossing of 0.5 V is at phase 0, and lies before the trigger sample by -time_fs */
		double t = (i - N / 2) * 1e-6 - (double)info.time_fs * 1e-15;
		double want = (0.5 + sin(2 * acos(-1) * 1e4 * t)) / 2 * 32767;
		worst = fmax(worst, fabs(a[i] - want));
	}
	CHECK(worst < 40); /* 8192 is not exactly 0.5 V; a step is 4 */
	close_unit(u);
}

static void controlled(void)
{
	test_case("software trigger and gate");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\n");
	emu_generator g = {.on = 1, .wave = EMU_WAVE_DC, .pkpk = 0, .offset = 1, .trigger = EMU_GEN_NONE};
	CHECK_EQ(emu_generator_software(u, 1), EMU_SIGGEN_TRIGGER_SOURCE);
	CHECK_EQ(emu_generator_set(u, &g), EMU_OK);
	CHECK_NEAR(emu_output_volts(u->scope->output, emu_now(u)), 1, 0);
	g = (emu_generator){.on = 1, .wave = EMU_WAVE_SQUARE, .pkpk = 2, .start_hz = 0.001, .trigger = EMU_GEN_SOFT};
	CHECK_EQ(emu_generator_set(u, &g), EMU_OK);
	double before = emu_now(u);
	CHECK_NEAR(emu_output_volts(u->scope->output, before), 0, 0);
	CHECK_EQ(emu_generator_software(u, 1), EMU_OK);
	CHECK_NEAR(emu_output_volts(u->scope->output, emu_now(u)), 1, 0);
	CHECK_NEAR(emu_output_volts(u->scope->output, before), 0, 0); /* the past stays */
	test_case("scope trigger");
	g.trigger = EMU_GEN_SCOPE;
	CHECK_EQ(emu_generator_set(u, &g), EMU_OK);
	double t = emu_now(u) + 1;
	emu_output_triggered(u, t);
	CHECK_NEAR(emu_output_volts(u->scope->output, t - 0.5), 0, 0);
	CHECK_NEAR(emu_output_volts(u->scope->output, t + 0.5), 1, 0);
	test_case("many settings");
	int16_t wave[100] = {0};
	for (int i = 0; i < 600; i++) {
		emu_generator w = {.on = 1, .wave = EMU_WAVE_ARBITRARY, .pkpk = 1, .start_hz = 10, .samples = wave, .count = 100};
		CHECK_EQ(emu_generator_set(u, &w), EMU_OK);
		CHECK_EQ(emu_generator_pause(u, 1), EMU_OK);
	}
	close_unit(u);
	test_case("gate at EXT");
	u = open_unit("[unit EMU1]\nmodel = 5444D\next = square frequency=100Hz amplitude=4V\n");
	g = (emu_generator){.on = 1, .wave = EMU_WAVE_DC, .offset = 1, .pkpk = 0, .trigger = EMU_GEN_EXT, .trigger_type = 0, .ext_threshold = 3000};
	CHECK_EQ(emu_generator_set(u, &g), EMU_OK);
	double first = emu_now(u);
	CHECK_NEAR(emu_output_volts(u->scope->output, first + 0.02), 1, 0);
	close_unit(u);
}

static void refusals(void)
{
	static const int16_t wave[4];
	static const struct { const char *name; const char *model; emu_generator g; emu_status want; } rows[] = {
		{"too much", "5444DMSO", {.on = 1, .pkpk = 4.1, .start_hz = 1}, EMU_SIGGEN_PK_TO_PK},
		{"offset", "5444DMSO", {.on = 1, .pkpk = 1, .offset = 2.1, .start_hz = 1}, EMU_SIGGEN_OFFSET_VOLTAGE},
		{"together", "5444DMSO", {.on = 1, .pkpk = 4, .offset = 0.1, .start_hz = 1}, EMU_SIGGEN_OUTPUT_OVER_VOLTAGE},
		{"too fast", "5444DMSO", {.on = 1, .pkpk = 1, .start_hz = 21e6}, EMU_SIG_GEN_PARAM},
		{"no arbitrary generator", "5444A", {.on = 1, .wave = EMU_WAVE_ARBITRARY, .samples = wave, .count = 4}, EMU_AWG_NOT_SUPPORTED},
		{"too long", "5444DMSO", {.on = 1, .wave = EMU_WAVE_ARBITRARY, .samples = wave, .count = 32769}, EMU_SIG_GEN_PARAM},
		{"shots and sweeps", "5444DMSO", {.on = 1, .pkpk = 1, .start_hz = 1, .shots = 1, .sweeps = 1}, EMU_SHOTS_SWEEPS_WARNING},
		{"0 Hz", "5444DMSO", {.on = 1, .pkpk = 1}, EMU_OK},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char conf[100];
		test_case(rows[i].name);
		snprintf(conf, sizeof conf, "[unit EMU1]\nmodel = %s\n", rows[i].model);
		emu_unit *u = open_unit(conf);
		CHECK_EQ(emu_generator_set(u, &rows[i].g), rows[i].want);
		close_unit(u);
	}
	test_case("");
}

int main(void)
{
	family = test_family("ps5000a");
	waves();
	sweeps();
	looped_back();
	controlled();
	refusals();
	return test_done();
}
