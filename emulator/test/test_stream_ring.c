/* Streaming with one ring per channel: every sample, wraps, downsampling, auto-stop, triggers, losses. */
#include "harness.h"
#include "scope.h"
#include "stream.h"
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

static void add(emu_unit *u, emu_source s, unsigned mode, emu_type type, void *max, void *min, int64_t n)
{
	emu_buffer b = {s, 0, mode, type, max, min, n};
	CHECK_EQ(emu_set_buffer(u, &b, EMU_ADD), EMU_OK);
}

/* What the proof signal has on a channel: written independently of the engine's way to buffers. */
static void proof(emu_unit *u, emu_source s, uint64_t first, size_t n, int16_t *codes)
{
	emu_frontend f = {.range = 5, .bits = u->scope->bits, .min_code = -32767, .max_code = 32767};
	if (f.bits == 8)
		f.max_code = 32512, f.min_code = -32512;
	emu_span span = emu_span_at(0, 1e-6, first, n);
	emu_signal_codes(u->signal[s], &f, &span, codes);
}

#define PROOF "channel A = proof\nchannel B = proof\nchannel C = proof\nchannel D = proof\n"

static void every_sample(void)
{
	enum { LENGTH = 1000 };
	static int16_t a[LENGTH], b[LENGTH], want[LENGTH];
	test_case("every sample, wraps");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\npacing = unthrottled\n" PROOF, 14);
	only(u, 3, 8);
	add(u, EMU_A, EMU_RAW, EMU_I16, a, NULL, LENGTH);
	add(u, 1, EMU_RAW, EMU_I16, b, NULL, LENGTH);
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000000, .post = 12345, .auto_stop = 1, .ratio = 1, .mode = EMU_RAW, .overview_samples = LENGTH};
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	CHECK_EQ(r.interval_fs, 1000000000);
	uint64_t next = 0;
	int stopped = 0;
	for (int poll = 0; poll < 100 && !stopped; poll++) {
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		CHECK(p.call);
		CHECK_EQ(p.start, next % LENGTH);
		CHECK(p.start + (uint64_t)p.samples <= LENGTH);
		proof(u, EMU_A, next, (size_t)p.samples, want);
		CHECK(!memcmp(want, a + p.start, (size_t)p.samples * 2));
		proof(u, 1, next, (size_t)p.samples, want);
		CHECK(!memcmp(want, b + p.start, (size_t)p.samples * 2));
		next += (uint64_t)p.samples;
		stopped = p.auto_stop;
	}
	CHECK(stopped);
	CHECK_EQ(next, 12345);
	emu_ring_piece after;
	CHECK_EQ(emu_stream_poll_ring(u, &after), EMU_OK);
	CHECK(!after.call);
	CHECK_EQ(emu_stop(u), EMU_OK);
	uint64_t values;
	CHECK_EQ(emu_stream_values(u, &values), EMU_OK);
	CHECK_EQ(values, 12345);
	CHECK_EQ(atomic_load(&u->counters->run_delivered), 12345);
	CHECK_EQ(atomic_load(&u->counters->run_raw), 12345);
	CHECK_EQ(atomic_load(&u->counters->running), 0);
	close_unit(u);
}

static void downsampled(void)
{
	enum { LENGTH = 64, RATIO = 20, TOTAL = 10010 };
	static int16_t max[LENGTH], min[LENGTH], raw[TOTAL];
	test_case("downsampled");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 2406B\npacing = unthrottled\n" PROOF, 8);
	only(u, 1, 8);
	add(u, EMU_A, EMU_AGGREGATE, EMU_I16, max, min, LENGTH);
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000, .post = TOTAL, .auto_stop = 1, .ratio = RATIO, .mode = EMU_AGGREGATE, .overview_samples = LENGTH};
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	proof(u, EMU_A, 0, TOTAL, raw);
	uint64_t next = 0;
	for (int stopped = 0, poll = 0; !stopped && poll < 100; poll++) {
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		stopped = p.auto_stop;
		for (int i = 0; i < p.samples; i++, next++) {
			int16_t top = -32768, low = 32767;
			for (uint64_t k = next * RATIO; k < (next + 1) * RATIO && k < TOTAL; k++) {
				top = raw[k] > top ? raw[k] : top;
				low = raw[k] < low ? raw[k] : low;
			}
			CHECK_EQ(max[p.start + (uint32_t)i], top);
			CHECK_EQ(min[p.start + (uint32_t)i], low);
		}
	}
	CHECK_EQ(next, (TOTAL + RATIO - 1) / RATIO);
	close_unit(u);
}

/* Groups are carried over polls at any rate of polling; int8 buffers hold the top bits. */
static void real_time(void)
{
	enum { LENGTH = 1 << 16 };
	static int8_t a[LENGTH];
	static int16_t want[LENGTH];
	test_case("real time");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\ndelivery = 2ms\n" PROOF, 8);
	only(u, 1, 8);
	add(u, EMU_A, EMU_RAW, EMU_I8, a, NULL, LENGTH);
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000, .ratio = 1, .mode = EMU_RAW, .overview_samples = LENGTH};
	double start = test_seconds();
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	double started = test_seconds();
	uint64_t next = 0, pieces = 0;
	while (test_seconds() - start < 0.15) {
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		proof(u, EMU_A, next, (size_t)p.samples, want);
		for (int i = 0; i < p.samples; i++)
			CHECK_EQ(a[p.start + (uint32_t)i], want[i] >> 8);
		next += (uint64_t)p.samples;
		pieces += p.call != 0;
		CHECK((double)next <= (test_seconds() - start) * 1e6 + 1);
		test_sleep(0.001);
	}
	for (int more = 1; more;) {
		double now = test_seconds();
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		next += (uint64_t)p.samples;
		more = p.call;
		if (!more) /* all that had come by then, but for the delivery under way */
			CHECK((double)next >= (now - started) * 1e6 - 2001);
	}
	CHECK_EQ(atomic_load(&u->counters->run_dropped), 0);
	CHECK(next >= 100000);
	CHECK(next % 2000 == 0 || next % LENGTH == 0); /* whole deliveries */
	CHECK(pieces >= 2);
	CHECK_EQ(emu_stop(u), EMU_OK);
	close_unit(u);
}

static void fast_clock(void)
{
	enum { LENGTH = 1 << 19 };
	static int8_t a[LENGTH];
	test_case("a clock that is fast by one percent");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\ndelivery = 1ms\nbuffer = 60s\nclock_error = 10000ppm\n" PROOF, 8);
	only(u, 1, 8);
	add(u, EMU_A, EMU_RAW, EMU_I8, a, NULL, LENGTH);
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000, .ratio = 1, .mode = EMU_RAW, .overview_samples = LENGTH};
	double start = test_seconds();
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	CHECK_EQ(r.interval_fs, 1000000000); /* the unit does not know */
	double started = test_seconds();
	uint64_t next = 0;
	test_sleep(0.3);
	double now = test_seconds();
	for (int more = 1; more;) {
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		next += (uint64_t)p.samples;
		more = p.call;
	}
	CHECK((double)next >= (now - started) * 1.01e6 - 1011);
	CHECK((double)next <= (test_seconds() - start) * 1.01e6 + 1);
	close_unit(u);
}

static void late_host(void)
{
	enum { LENGTH = 50000 };
	static int16_t a[LENGTH], want[LENGTH];
	test_case("late host");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\nbuffer = 10000 samples\n" PROOF, 14);
	only(u, 1, 8);
	add(u, EMU_A, EMU_RAW, EMU_I16, a, NULL, LENGTH);
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000, .ratio = 1, .mode = EMU_RAW, .overview_samples = LENGTH};
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	test_sleep(0.05);
	emu_ring_piece p;
	CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
	CHECK_EQ(p.samples, 10000);
	uint64_t lost = atomic_load(&u->counters->run_dropped);
	CHECK(lost >= 30000);
	CHECK_EQ(atomic_load(&u->counters->run_raw), lost + 10000);
	proof(u, EMU_A, lost, 10000, want);
	CHECK(!memcmp(a, want, 20000));
	CHECK_EQ(test_count("EMU1/truth.log", "lost"), 1);
	CHECK_EQ(emu_stop(u), EMU_OK);
	close_unit(u);
}

static void triggered(int auto_stop, int ratio)
{
	enum { LENGTH = 700 };
	static int16_t a[LENGTH];
	test_case(auto_stop ? "trigger with auto-stop" : "trigger, free running");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 5444DMSO\npacing = unthrottled\nchannel A = sine frequency=1kHz amplitude=8V\n", 14);
	only(u, 1, 8);
	unsigned mode = ratio > 1 ? EMU_DECIMATE : EMU_RAW;
	add(u, EMU_A, mode, EMU_I16, a, NULL, LENGTH);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 6553, EMU_RISING, 0, 0), EMU_OK);
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000, .pre = 2000, .post = 3000, .auto_stop = auto_stop, .ratio = (uint64_t)ratio, .mode = mode, .overview_samples = LENGTH};
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	int16_t *all = calloc(20000, 2);
	uint64_t next = 0, at = 0;
	int hits = 0, stopped = 0;
	while (!stopped && next < 10000) {
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		memcpy(all + next, a + p.start, (size_t)p.samples * 2);
		if (p.triggered) {
			hits++;
			at = next + p.trigger_at;
			CHECK(p.trigger_at < (uint32_t)p.samples);
		}
		next += (uint64_t)p.samples;
		stopped = p.auto_stop;
	}
	CHECK_EQ(hits, 1);
	CHECK_EQ(stopped, auto_stop);
	CHECK(at * (uint64_t)ratio >= 2000 - (uint64_t)ratio && at * (uint64_t)ratio < 3100);
	if (ratio == 1) {
		CHECK(all[at] >= 6553 && all[at - 1] < 6553);
		if (auto_stop)
			CHECK_EQ(next, at + 3000);
	}
	free(all);
	close_unit(u);
}

static void auto_trigger(void)
{
	static int16_t a[1000];
	test_case("auto-trigger");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 2406B\npacing = unthrottled\nchannel A = dc\n", 8);
	only(u, 1, 8);
	add(u, EMU_A, EMU_RAW, EMU_I16, a, NULL, 1000);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 6000, EMU_RISING, 0, 5000), EMU_OK);
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000, .pre = 0, .post = 300, .auto_stop = 1, .ratio = 1, .mode = EMU_RAW, .overview_samples = 1000};
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	uint64_t total = 0;
	for (int stopped = 0, poll = 0; !stopped && poll < 100; poll++) {
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		total += (uint64_t)p.samples;
		stopped = p.auto_stop;
	}
	CHECK_EQ(total, 5300);
	close_unit(u);
}

static void refusals(void)
{
	static int16_t a[100];
	emu_stream_request ok = {.interval_fs = 1000000000, .unit_fs = 1000000000, .ratio = 1, .mode = EMU_RAW, .overview_samples = 100}, r;
	emu_ring_piece p;
	uint64_t n;
	test_case("refusals");
	emu_unit *u = open_unit("[unit EMU1]\nmodel = 2406B\nusb = 2.0\nempty_poll = busy\n", 8);
	only(u, 3, 8);
	CHECK_EQ(emu_stream_values(u, &n), EMU_NO_SAMPLES_AVAILABLE);
	CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_INVALID_CALL);
	r = ok;
	CHECK_EQ(emu_stream_run(u, &r), EMU_INVALID_BUFFER);
	add(u, EMU_A, EMU_RAW, EMU_I16, a, NULL, 100);
	r = ok;
	r.interval_fs = 0;
	CHECK_EQ(emu_stream_run(u, &r), EMU_INVALID_SAMPLE_INTERVAL);
	r = ok;
	r.unit_fs = 1000000;
	r.interval_fs = 32000000; /* two channels: 64 ns */
	CHECK_EQ(emu_stream_run(u, &r), EMU_INVALID_SAMPLE_INTERVAL);
	r.interval_fs = 61000000;
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	CHECK_EQ(r.interval_fs, 64000000);
	CHECK_EQ(emu_scope_running(u), 1);
	CHECK_EQ(emu_stream_run(u, &r), EMU_BUSY);
	emu_channel_setting s = {.on = 1, .coupling = EMU_DC, .range = 8};
	CHECK_EQ(emu_set_channel(u, EMU_A, &s), EMU_BUSY);
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, 0, NULL), EMU_DEVICE_SAMPLING);
	CHECK_EQ(emu_stop(u), EMU_OK);
	CHECK_EQ(emu_stop(u), EMU_OK);
	r = ok;
	r.interval_fs = 1400000000; /* to whole units */
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	CHECK_EQ(r.interval_fs, 1000000000);
	CHECK_EQ(emu_stop(u), EMU_OK);
	r = ok;
	r.mode = EMU_AGGREGATE;
	r.ratio = 0;
	CHECK_EQ(emu_stream_run(u, &r), EMU_INVALID_SAMPLERATIO);
	r = ok;
	r.overview_samples = 200; /* more than the buffer has: a misuse, and nothing behind its end is written */
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	CHECK_EQ(atomic_load(&u->counters->misuse[EMU_MISUSE_SMALL]), 1);
	test_sleep(0.02);
	CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
	CHECK_EQ(p.samples, 100);
	test_case("a buffer taken away in a run: nothing is written to it any more");
	add(u, EMU_A, EMU_RAW, EMU_I16, NULL, NULL, 0);
	CHECK_EQ(atomic_load(&u->counters->misuse[EMU_MISUSE_ORDER]), 1);
	memset(a, 0x55, sizeof a);
	test_sleep(0.02);
	CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
	CHECK(p.samples > 0 && a[p.start] == 0x5555 && a[p.start + (uint32_t)p.samples - 1] == 0x5555);
	CHECK_EQ(emu_stop(u), EMU_OK);
	add(u, EMU_A, EMU_RAW, EMU_I16, NULL, NULL, 0);
	CHECK_EQ(atomic_load(&u->counters->misuse[EMU_MISUSE_ORDER]), 1);
	close_unit(u);
	test_case("nothing there yet");
	u = open_unit("[unit EMU1]\nmodel = 2406B\nempty_poll = busy\ndelivery = 60s\n", 8);
	add(u, EMU_A, EMU_RAW, EMU_I16, a, NULL, 100);
	r = ok;
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_BUSY);
	CHECK(!p.call);
	close_unit(u);
}

int main(void)
{
	family = test_family("ps5000a");
	every_sample();
	real_time();
	fast_clock();
	late_host();
	triggered(0, 1);
	triggered(1, 1);
	triggered(1, 7);
	family = test_family("ps2000a");
	downsampled();
	auto_trigger();
	refusals();
	return test_done();
}
