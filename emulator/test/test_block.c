/* Block and rapid block: waveforms around the trigger, every sample, segments, fetching in all forms, ends. */
#include <math.h>

#include "capture.h"
#include "harness.h"
#include "scope.h"
#include "unit.h"

static const emu_family *family;

static emu_unit *open_unit(const char *conf, int bits)
{
	test_rig(conf);
	return test_enter(family, test_open(family, NULL, bits));
}

static void close_unit(emu_unit *u)
{
	int16_t h = emu_handle(u);
	test_leave(u);
	test_close(family, h);
}

static void only(emu_unit *u, uint32_t set, int range)
{
	for (int c = 0; c < u->model->channels; c++) {
		emu_channel_setting s = {.on = set >> c & 1, .coupling = EMU_DC, .range = range};
		CHECK_EQ(emu_set_channel(u, (emu_source)c, &s), EMU_OK);
	}
}

static void add(emu_unit *u, emu_source s, uint64_t segment, unsigned mode, void *max, void *min, int64_t n)
{
	emu_buffer b = {s, segment, mode, EMU_I16, max, min, n};
	CHECK_EQ(emu_set_buffer(u, &b, EMU_ADD), EMU_OK);
}

static int wait_ready(emu_unit *u)
{
	int16_t ready = 0;
	double start = test_seconds();
	while (!ready && test_seconds() - start < 20) {
		if (emu_block_ready(u, &ready))
			return 0;
		test_sleep(0.0005);
	}
	return ready;
}

static void proof(emu_unit *u, emu_source s, uint64_t first, size_t n, int16_t *codes)
{
	emu_frontend f = {.range = 5, .bits = u->scope->bits, .min_code = -32767, .max_code = 32767};
	if (f.bits == 8)
		f.max_code = 32512, f.min_code = -32512;
	emu_span span = emu_span_at(0, 1e-6, first, n);
	emu_signal_codes(u->signal[s], &f, &span, codes);
}

#define HURRY "[unit EMU1]\nmodel = 5444DMSO\nhurry = on\n"

static void around_the_trigger(void)
{
	static const struct { const char *name; emu_direction d; int16_t threshold; } rows[] = {
		{"rising", EMU_RISING, 8000}, {"falling", EMU_FALLING, -3000}, {"either", EMU_RISING_OR_FALLING, 5000},
		{"above", EMU_ABOVE, 8000}, {"below", EMU_BELOW, 100},
	};
	static int16_t a[3000];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].name);
		emu_unit *u = open_unit(HURRY "channel A = sine frequency=10kHz amplitude=3.6V\n", 15);
		only(u, 1, 7);
		CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, rows[i].threshold, rows[i].d, 0, 0), EMU_OK);
		uint64_t interval, n = 3000;
		CHECK_EQ(emu_timebase(u, 102, 3000, &interval, NULL, 0), EMU_OK);
		CHECK_EQ(interval, 800000000);
		CHECK_EQ(emu_block_run(u, 1000, 2000, 102, NULL, 0, NULL, NULL), EMU_OK);
		CHECK(wait_ready(u));
		add(u, EMU_A, 0, EMU_RAW, a, NULL, 3000);
		int16_t overflow = -1;
		CHECK_EQ(emu_values(u, 0, &n, 10, EMU_RAW, 0, 0, &overflow), EMU_OK);
		CHECK_EQ(n, 3000);
		CHECK_EQ(overflow, 0);
		int rises = a[999] < rows[i].threshold && a[1000] >= rows[i].threshold;
		int falls = a[999] > rows[i].threshold && a[1000] <= rows[i].threshold;
		int down = rows[i].d == EMU_FALLING || rows[i].d == EMU_BELOW;
		int level = rows[i].d == EMU_RISING_OR_FALLING ? rises || falls : down ? falls : rises;
		CHECK(level);
		emu_trigger_info info;
		CHECK_EQ(emu_trigger_infos(u, 0, 1, &info), EMU_OK);
		CHECK_EQ(info.index, 1000);
		CHECK_EQ(info.status, EMU_DEVICE_TIME_STAMP_RESET);
		CHECK(info.time_fs <= 0 && info.time_fs >= -(int64_t)interval);
		if (rows[i].d == EMU_RISING) {
			/* the crossing of a sine of 1.8 V, in a range of 2 V, against the sample behind it */
			double top = 1.8 / 2 * 32767, crossing = asin(8000 / top) / (2 * acos(-1) * 1e4), at = asin(a[1000] / top) / (2 * acos(-1) * 1e4);
			CHECK_NEAR((double)info.time_fs * 1e-15, crossing - at, 2e-9);
		}
		close_unit(u);
	}
	test_case("");
}

static void does_not_fire(void)
{
	static const struct { const char *name; emu_direction d; int16_t threshold; } rows[] = {
		{"never reached", EMU_RISING, 30000}, {"never below", EMU_FALLING, -30000}, {"always above", EMU_ABOVE, -30000},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].name);
		emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\nchannel A = sine frequency=10kHz amplitude=2V\n", 14);
		only(u, 1, 7);
		CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, rows[i].threshold, rows[i].d, 0, 0), EMU_OK);
		CHECK_EQ(emu_block_run(u, 10, 10, 102, NULL, 0, NULL, NULL), EMU_OK);
		test_sleep(0.02);
		int16_t ready = -1;
		CHECK_EQ(emu_block_ready(u, &ready), EMU_OK);
		CHECK_EQ(ready, 0);
		uint64_t n = 20;
		CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, 0, NULL), EMU_NO_SAMPLES_AVAILABLE);
		CHECK_EQ(emu_stop(u), EMU_OK);
		CHECK_EQ(emu_block_ready(u, &ready), EMU_CANCELLED);
		CHECK_EQ(ready, 0);
		close_unit(u);
	}
	test_case("already above, edge detect off");
	emu_unit *u = open_unit(HURRY "channel A = dc offset=1V\n", 14);
	int16_t off = 0;
	only(u, 1, 7);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 100, EMU_ABOVE, 0, 0), EMU_OK);
	CHECK_EQ(emu_edge_detect(u, 1, &off), EMU_OK);
	CHECK_EQ(emu_block_run(u, 10, 10, 102, NULL, 0, NULL, NULL), EMU_OK);
	CHECK(wait_ready(u));
	close_unit(u);
	test_case("auto-trigger");
	u = open_unit("[unit EMU1]\nmodel = 5444DMSO\nchannel A = dc\n", 14);
	only(u, 1, 7);
	double start = test_seconds();
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 100, EMU_RISING, 0, 30000), EMU_OK);
	CHECK_EQ(emu_block_run(u, 10, 10, 102, NULL, 0, NULL, NULL), EMU_OK);
	CHECK(wait_ready(u));
	CHECK(test_seconds() - start >= 0.03);
	close_unit(u);
	test_case("");
}

/* Conditions over several channels: A a sine of 10 kHz, B a square of 1 kHz, C constant. */
static void conditions(void)
{
	enum { PRE = 100, N = 400 };
	static int16_t a[N], b[N];
	static const struct {
		const char *name;
		emu_edge edge[3];
		emu_term term[2][3];
		int terms[2];
		int b_high; /* what B is at the trigger: 1, 0, -1 does not matter */
		int rises;  /* A crosses upwards there */
	} rows[] = {
		{"A rising and B above", {{EMU_A, EMU_RISING}, {1, EMU_ABOVE}}, {{{EMU_A, EMU_TRUE}, {1, EMU_TRUE}}}, {2}, 1, 1},
		{"A rising and B not above", {{EMU_A, EMU_RISING}, {1, EMU_ABOVE}}, {{{EMU_A, EMU_TRUE}, {1, EMU_FALSE}}}, {2}, 0, 1},
		{"A rising or B rising", {{EMU_A, EMU_RISING}, {1, EMU_RISING}}, {{{EMU_A, EMU_TRUE}}, {{1, EMU_TRUE}}}, {1, 1}, -1, -1},
		{"A inside and B rising", {{EMU_A, EMU_OUTSIDE}, {1, EMU_RISING}}, {{{EMU_A, EMU_FALSE}, {1, EMU_TRUE}}}, {2}, 1, -1},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].name);
		emu_unit *u = open_unit(HURRY "channel A = sine frequency=10kHz amplitude=8V phase=40deg\nchannel B = square frequency=1.03kHz amplitude=8V phase=100deg\n", 14);
		only(u, 3, 8);
		emu_threshold t[2] = {{EMU_A, 3000, -3000, 0, 0, -1}, {1, 1000, -1000, 0, 0, -1}};
		CHECK_EQ(emu_trigger_thresholds(u, t, 2), EMU_OK);
		CHECK_EQ(emu_trigger_directions(u, rows[i].edge, 2, 0), EMU_OK);
		for (int g = 0; g < 2 && rows[i].terms[g]; g++)
			CHECK_EQ(emu_trigger_conditions(u, rows[i].term[g], rows[i].terms[g], g == 0, 1, 0), EMU_OK);
		CHECK_EQ(emu_block_run(u, PRE, N - PRE, 127, NULL, 0, NULL, NULL), EMU_OK);
		CHECK(wait_ready(u));
		add(u, EMU_A, 0, EMU_RAW, a, NULL, N);
		add(u, 1, 0, EMU_RAW, b, NULL, N);
		uint64_t n = N;
		CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, 0, NULL), EMU_OK);
		int a_rises = a[PRE - 1] < 3000 && a[PRE] >= 3000, b_rises = b[PRE - 1] < 1000 && b[PRE] >= 1000;
		if (rows[i].b_high >= 0)
			CHECK_EQ(b[PRE] >= 1000, rows[i].b_high);
		if (rows[i].rises >= 0)
			CHECK_EQ(a_rises, rows[i].rises);
		else
			CHECK(a_rises || b_rises);
		close_unit(u);
	}
	test_case("");
}

/* Pulses of 20 us every 100 us on A. */
static void pulse_widths(void)
{
	enum { PRE = 200, N = 400 };
	static int16_t a[N];
	static const struct { const char *name; emu_pulse type; uint64_t lower, upper; int fires, at_end, dc; } rows[] = {
		{"longer than 10 us", EMU_PULSE_GREATER, 10, 0, 1, 0, 0}, {"longer than 30 us", EMU_PULSE_GREATER, 30, 0, 0, 0, 0},
		{"shorter than 30 us", EMU_PULSE_LESS, 30, 0, 1, 1, 0}, {"shorter than 10 us", EMU_PULSE_LESS, 10, 0, 0, 0, 0},
		{"15 to 25 us", EMU_PULSE_IN_RANGE, 15, 25, 1, 1, 0}, {"22 to 25 us", EMU_PULSE_IN_RANGE, 22, 25, 0, 0, 0},
		{"not 22 to 25 us", EMU_PULSE_OUT_OF_RANGE, 22, 25, 1, 1, 0}, {"not 15 to 25 us", EMU_PULSE_OUT_OF_RANGE, 15, 25, 0, 0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int with_edge = 0; with_edge < 2; with_edge++) {
			test_case(rows[i].name);
			emu_unit *u = open_unit(HURRY "channel A = pulses period=100us width=20us amplitude=2V\n", 14);
			only(u, 1, 7);
			emu_threshold t = {EMU_A, 8000, 0, 100, 0, -1};
			emu_edge start = {EMU_A, EMU_RISING}, end = {EMU_A, EMU_FALLING};
			emu_term when[2] = {{EMU_PWQ, EMU_TRUE}, {EMU_A, EMU_TRUE}}, pulse = {EMU_A, EMU_TRUE};
			CHECK_EQ(emu_trigger_thresholds(u, &t, 1), EMU_OK);
			CHECK_EQ(emu_trigger_conditions(u, when, 1 + with_edge, 1, 1, 0), EMU_OK);
			CHECK_EQ(emu_trigger_directions(u, &end, 1, 0), EMU_OK);
			CHECK_EQ(emu_trigger_conditions(u, &pulse, 1, 1, 1, 1), EMU_OK);
			CHECK_EQ(emu_trigger_directions(u, &start, 1, 1), EMU_OK);
			CHECK_EQ(emu_pulse_width(u, rows[i].lower, rows[i].upper, rows[i].type), EMU_OK);
			CHECK_EQ(emu_block_run(u, PRE, N - PRE, 127, NULL, 0, NULL, NULL), EMU_OK); /* 1 us */
			if (!rows[i].fires) {
				int16_t ready;
				test_sleep(0.01);
				CHECK_EQ(emu_block_ready(u, &ready), EMU_OK);
				CHECK_EQ(ready, 0);
				close_unit(u);
				continue;
			}
			CHECK(wait_ready(u));
			add(u, EMU_A, 0, EMU_RAW, a, NULL, N);
			uint64_t n = N;
			CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, 0, NULL), EMU_OK);
			int width = 0;
			for (int k = PRE - 1; k >= 0 && a[k] >= 8000; k--)
				width++;
			if (rows[i].at_end || with_edge) {
				CHECK(a[PRE] < 8000);
				CHECK(width == 20 || width == 19 || width == 21 || with_edge == 0);
			} else {
				CHECK_EQ(width, 11); /* the first moment at which it is longer */
			}
			close_unit(u);
		}
	}
	test_case("");
}

static void digital(void)
{
	enum { PRE = 50, N = 100 };
	static int16_t d[N];
	double levels[8] = {1, 1, 1, 1, 1, 1, 1, 1};
	test_case("pins");
	emu_unit *u = open_unit(HURRY "channel A = dc\npin D0 = square frequency=1kHz amplitude=8V offset=1V\npin D1 = square frequency=7kHz amplitude=8V offset=1V\n", 8);
	only(u, 1, 8);
	CHECK_EQ(emu_set_port(u, EMU_PORT0, 1, levels, 0), EMU_OK);
	emu_pin_edge pins[2] = {{0, EMU_PIN_HIGH}, {1, EMU_PIN_FALLING}};
	emu_term term = {EMU_DIGITAL, EMU_TRUE};
	CHECK_EQ(emu_trigger_pins(u, pins, 2, 0), EMU_OK);
	CHECK_EQ(emu_trigger_conditions(u, &term, 1, 1, 1, 0), EMU_OK);
	CHECK_EQ(emu_block_run(u, PRE, N - PRE, 127, NULL, 0, NULL, NULL), EMU_OK);
	CHECK(wait_ready(u));
	add(u, EMU_PORT0, 0, EMU_RAW, d, NULL, N);
	uint64_t n = N;
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, 0, NULL), EMU_OK);
	CHECK_EQ(d[PRE] & 3, 1);
	CHECK_EQ(d[PRE - 1] & 2, 2);
	close_unit(u);
	test_case("");
}

static _Atomic int calls;
static _Atomic uint32_t call_status;

static void done(int16_t handle, emu_status s, void *user)
{
	CHECK(handle > 0);
	CHECK(user == &calls);
	atomic_store(&call_status, s);
	atomic_fetch_add(&calls, 1);
}

static void wait_calls(int n)
{
	for (double start = test_seconds(); atomic_load(&calls) < n && test_seconds() - start < 20;)
		test_sleep(0.0005);
	CHECK_EQ(atomic_load(&calls), n);
}

static void data_done(int16_t handle, emu_status s, uint64_t samples, int16_t overflow, void *user)
{
	CHECK(samples == 50 && overflow == 0);
	done(handle, s, user);
}

static void rapid(void)
{
	enum { WAVES = 10, N = 100 };
	static int16_t a[WAVES][N], want[N], bulk_overflow[WAVES];
	uint64_t max, n;
	test_case("rapid block");
	emu_unit *u = open_unit(HURRY "channel A = proof\nchannel B = square frequency=10.1kHz amplitude=4V\n", 14);
	only(u, 3, 8);
	CHECK_EQ(emu_memory_segments(u, WAVES + 2, &max), EMU_OK);
	CHECK_EQ(max, 256000000 / (WAVES + 2));
	CHECK_EQ(emu_set_captures(u, WAVES + 3), EMU_INVALID_PARAMETER);
	CHECK_EQ(emu_set_captures(u, WAVES), EMU_OK);
	CHECK_EQ(emu_simple_trigger(u, 1, 1, 0, EMU_RISING, 0, 0), EMU_OK);
	for (int round = 0; round < 2; round++) {
		CHECK_EQ(emu_block_run(u, 30, N - 30, 127, NULL, 0, done, &calls), EMU_OK);
		wait_calls(round + 1);
		CHECK_EQ(atomic_load(&call_status), EMU_OK);
		CHECK_EQ(emu_captures(u, &n), EMU_OK);
		CHECK_EQ(n, WAVES);
		for (uint64_t w = 0; w < WAVES; w++)
			add(u, EMU_A, w, EMU_RAW, a[w], NULL, N);
		n = N;
		CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, WAVES - 1, bulk_overflow), EMU_OK);
		CHECK_EQ(n, N);
		uint64_t at = 0;
		for (uint64_t w = 0; w < WAVES; w++) {
			proof(u, EMU_A, (uint64_t)round * WAVES * N + w * N, N, want); /* counts on */
			CHECK(!memcmp(a[w], want, sizeof want));
			emu_trigger_info info;
			CHECK_EQ(emu_trigger_infos(u, w, 1, &info), EMU_OK);
			CHECK_EQ(info.status, w ? EMU_OK : EMU_DEVICE_TIME_STAMP_RESET);
			CHECK(w == 0 || info.counter >= at + N); /* re-armed when the one before was complete */
			at = info.counter;
		}
	}
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, WAVES, NULL), EMU_NO_SAMPLES_AVAILABLE);
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, WAVES + 2, NULL), EMU_SEGMENT_OUT_OF_RANGE);
	CHECK_EQ(emu_values(u, N, &n, 1, EMU_RAW, 0, 0, NULL), EMU_STARTINDEX_INVALID);
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_AVERAGE, 0, 0, NULL), EMU_BUFFERS_NOT_SET);
	CHECK_EQ(emu_values_async(u, 50, 100, 1, EMU_RAW, 3, 3, data_done, &calls), EMU_OK);
	wait_calls(3);
	CHECK(!memcmp(a[3], want, 0));
	proof(u, EMU_A, WAVES * N + 3 * N + 50, 50, want);
	CHECK(!memcmp(a[3], want, 100));
	CHECK_EQ(emu_stop(u), EMU_OK);
	CHECK_EQ(emu_memory_segments(u, 1, NULL), EMU_OK);
	CHECK_EQ(emu_block_run(u, 0, N, 127, NULL, 0, NULL, NULL), EMU_NOT_ENOUGH_SEGMENTS);
	CHECK_EQ(emu_set_captures(u, 1), EMU_OK);
	static int16_t direct[N];
	add(u, EMU_A, 0, EMU_RAW, direct, NULL, N);
	n = N;
	int16_t over = -1;
	CHECK_EQ(emu_values_overlapped(u, 0, &n, 1, EMU_RAW, 0, 0, &over), EMU_OK);
	CHECK_EQ(emu_block_run(u, 0, N, 127, NULL, 0, NULL, NULL), EMU_OK);
	CHECK(wait_ready(u));
	proof(u, EMU_A, 0, N, want); /* from 0 again after the stop */
	CHECK(!memcmp(direct, want, sizeof want));
	CHECK_EQ(over, 0);
	CHECK_EQ(n, N);
	close_unit(u);
	test_case("");
}

static void cancelled(void)
{
	test_case("cancelled");
	atomic_store(&calls, 0);
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\nchannel A = pulses period=20ms width=1ms amplitude=2V\n", 14);
	only(u, 1, 7);
	uint64_t n;
	CHECK_EQ(emu_memory_segments(u, 1000, NULL), EMU_OK);
	CHECK_EQ(emu_set_captures(u, 1000), EMU_OK);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 8000, EMU_RISING, 0, 0), EMU_OK);
	CHECK_EQ(emu_block_run(u, 10, 10, 10000, NULL, 0, done, &calls), EMU_OK);
	CHECK_EQ(emu_ping(u), EMU_BUSY);
	CHECK_EQ(emu_block_run(u, 10, 10, 10000, NULL, 0, done, &calls), EMU_BUSY);
	for (n = 0; n < 2;) {
		CHECK_EQ(emu_captures(u, &n), EMU_OK);
		test_sleep(0.001);
	}
	CHECK_EQ(emu_stop(u), EMU_OK);
	CHECK_EQ(atomic_load(&calls), 1);
	CHECK_EQ(atomic_load(&call_status), EMU_CANCELLED);
	CHECK_EQ(emu_captures(u, &n), EMU_OK);
	CHECK(n >= 2 && n < 1000);
	static int16_t a[20];
	for (uint64_t w = 0; w < n; w++)
		add(u, EMU_A, w, EMU_RAW, a, NULL, 20);
	uint64_t samples = 20;
	CHECK_EQ(emu_values(u, 0, &samples, 1, EMU_RAW, 0, n - 1, NULL), EMU_OK);
	CHECK_EQ(emu_values(u, 0, &samples, 1, EMU_RAW, 0, n, NULL), EMU_NO_SAMPLES_AVAILABLE);
	close_unit(u);
}

static void limits(void)
{
	uint64_t max;
	test_case("limits");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\nmemory = 1000\nhurry = on\n", 8);
	only(u, 7, 8);
	CHECK_EQ(emu_timebase(u, 1, 0, NULL, NULL, 0), EMU_INVALID_TIMEBASE);
	CHECK_EQ(emu_timebase(u, 2, 250, NULL, &max, 0), EMU_OK);
	CHECK_EQ(max, 250);
	CHECK_EQ(emu_timebase(u, 2, 251, NULL, &max, 0), EMU_TOO_MANY_SAMPLES);
	CHECK_EQ(emu_timebase(u, 2, 0, NULL, &max, 1), EMU_SEGMENT_OUT_OF_RANGE);
	CHECK_EQ(emu_block_run(u, 1, 250, 2, NULL, 0, NULL, NULL), EMU_TOO_MANY_SAMPLES);
	CHECK_EQ(emu_block_run(u, 0, 0, 2, NULL, 0, NULL, NULL), EMU_INVALID_PARAMETER);
	CHECK_EQ(emu_block_run(u, 0, 250, 1, NULL, 0, NULL, NULL), EMU_INVALID_TIMEBASE);
	CHECK_EQ(emu_block_run(u, 0, 250, 2, NULL, 1, NULL, NULL), EMU_SEGMENT_OUT_OF_RANGE);
	CHECK_EQ(emu_simple_trigger(u, 1, 3, 0, EMU_RISING, 0, 0), EMU_OK);
	CHECK_EQ(emu_block_run(u, 0, 250, 2, NULL, 0, NULL, NULL), EMU_INVALID_TRIGGER_CHANNEL);
	CHECK_EQ(emu_simple_trigger(u, 0, 99, 0, 77, UINT64_MAX, 0), EMU_OK);
	CHECK_EQ(emu_block_run(u, 0, 250, 2, NULL, 0, NULL, NULL), EMU_OK);
	CHECK(wait_ready(u));
	close_unit(u);
}

int main(void)
{
	family = test_family("ps5000a");
	around_the_trigger();
	does_not_fire();
	conditions();
	pulse_widths();
	digital();
	rapid();
	cancelled();
	limits();
	return test_done();
}
