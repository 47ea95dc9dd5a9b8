/* Streaming with queued buffers: every sample of every channel at unequal counts, the 0x197 flow, late hosts. */
#include "harness.h"
#include "scope.h"
#include "stream.h"
#include "unit.h"

enum { LENGTH = 500, CHANNELS = 3, TURNS = 3 };
static const emu_family *family;
static int16_t memory[CHANNELS][TURNS][LENGTH];

static emu_unit *open_unit(const char *conf)
{
	test_rig(conf);
	emu_unit *u = test_enter(family, test_open(family, NULL, 8));
	for (int c = 0; c < 8; c++) {
		emu_channel_setting s = {.on = c < CHANNELS, .coupling = EMU_DC, .range = 8};
		CHECK_EQ(emu_set_channel(u, (emu_source)c, &s), EMU_OK);
	}
	return u;
}

static void close_unit(emu_unit *u)
{
	int16_t h = emu_handle(u);
	test_leave(u);
	test_close(family, h);
}

static emu_status add(emu_unit *u, int c, int turn, unsigned action)
{
	emu_buffer b = {(emu_source)c, 0, EMU_RAW, EMU_I16, memory[c][turn], NULL, LENGTH};
	return emu_set_buffer(u, &b, action);
}

static void proof(emu_unit *u, int c, uint64_t first, size_t n, int16_t *codes)
{
	emu_frontend f = {.range = 5, .bits = 8, .min_code = -32512, .max_code = 32512};
	emu_span span = emu_span_at(0, 1e-6, first, n);
	emu_signal_codes(u->signal[c], &f, &span, codes);
}

static const emu_stream_request plain = {.interval_fs = 1000000000, .ratio = 1, .mode = EMU_RAW};

static void start(emu_unit *u, const emu_stream_request *want)
{
	emu_stream_request r = *want;
	CHECK_EQ(add(u, 0, 0, EMU_CLEAR_ALL | EMU_ADD), EMU_OK);
	for (int c = 1; c < CHANNELS; c++)
		CHECK_EQ(add(u, c, 0, EMU_ADD), EMU_OK);
	for (int c = 0; c < CHANNELS; c++)
		CHECK_EQ(add(u, c, 1, EMU_ADD), EMU_OK);
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	CHECK_EQ(r.interval_fs, 1000000000);
}

static void ask(emu_queue_piece *p)
{
	for (int c = 0; c < CHANNELS; c++)
		p[c] = (emu_queue_piece){.source = (emu_source)c, .mode = EMU_RAW, .type = EMU_I16};
}

#define RIG "[unit EMU1]\nmodel = 6824E\nchannel A = proof\nchannel B = proof\nchannel C = proof\n"

static void every_sample(const char *conf, int skewed)
{
	uint64_t next[CHANNELS] = {0}, buffers[CHANNELS] = {0};
	int unequal = 0, waits = 0;
	int16_t want[LENGTH];
	emu_queue_trigger t;
	test_case(skewed ? "every sample, unequal counts" : "every sample, equal counts");
	emu_unit *u = open_unit(conf);
	start(u, &plain);
	for (int poll = 0; poll < 400; poll++) {
		emu_queue_piece p[CHANNELS];
		ask(p);
		emu_status s = emu_stream_poll_queue(u, p, CHANNELS, &t);
		CHECK(s == EMU_OK || s == EMU_WAITING_FOR_DATA_BUFFERS);
		waits += s != EMU_OK;
		unequal += p[0].filled != p[1].filled || (p[0].filled && p[0].samples != p[1].samples);
		for (int c = 0; c < CHANNELS; c++) {
			if (!p[c].filled)
				continue;
			CHECK_EQ(p[c].buffer, next[c] / LENGTH);
			CHECK_EQ(p[c].start, next[c] % LENGTH);
			CHECK(p[c].start + p[c].samples <= LENGTH);
			proof(u, c, next[c], (size_t)p[c].samples, want);
			CHECK(!memcmp(want, memory[c][p[c].buffer % TURNS] + p[c].start, (size_t)p[c].samples * 2));
			next[c] += (uint64_t)p[c].samples;
		}
		for (int c = 0; c < CHANNELS; c++) {
			if (next[c] / LENGTH > buffers[c] && poll % 3) { /* now and then late with the next one */
				buffers[c]++;
				CHECK_EQ(add(u, c, (int)(buffers[c] + 1) % TURNS, EMU_ADD), EMU_OK);
			}
		}
	}
	CHECK(next[0] > 50000);
	CHECK_EQ(unequal > 20, skewed);
	CHECK(waits > 0);
	CHECK_EQ(atomic_load(&u->counters->misuse[EMU_MISUSE_ORDER]), 0);
	CHECK_EQ(emu_stop(u), EMU_OK);
	uint64_t values, most = 0;
	for (int c = 0; c < CHANNELS; c++)
		most = next[c] > most ? next[c] : most;
	CHECK_EQ(emu_stream_values(u, &values), EMU_OK);
	CHECK_EQ(values, most);
	close_unit(u);
}

static void one_of_several(void)
{
	test_case("polls one channel of three");
	emu_unit *u = open_unit(RIG "pacing = unthrottled\n");
	emu_stream_request r = plain;
	r.auto_stop = 1;
	r.post = 900;
	start(u, &r);
	uint64_t next = 0;
	int stopped = 0;
	for (int poll = 0; poll < 20 && !stopped; poll++) {
		emu_queue_trigger t;
		emu_queue_piece p = {.source = EMU_A, .mode = EMU_AGGREGATE, .type = EMU_I16}; /* not the mode registered */
		emu_stream_poll_queue(u, &p, 1, &t);
		next += p.filled ? (uint64_t)p.samples : 0;
		stopped = t.auto_stop;
	}
	CHECK(stopped);
	CHECK_EQ(next, 900);
	close_unit(u);
}

/* The latest data is lost, at the same place on all channels, and what is delivered is exact. */
static void late_host(void)
{
	int16_t want[LENGTH];
	uint64_t next[CHANNELS] = {0};
	emu_queue_trigger t;
	test_case("late host");
	emu_unit *u = open_unit(RIG "buffer = 700 samples\nskew = off\n");
	start(u, &plain);
	test_sleep(0.02);
	uint64_t gap = 0;
	for (int poll = 0; poll < 3; poll++) {
		emu_queue_piece p[CHANNELS];
		ask(p);
		emu_stream_poll_queue(u, p, CHANNELS, &t);
		for (int c = 0; c < CHANNELS && p[c].filled; c++) {
			for (int i = 0; i < p[c].samples; i++) {
				int16_t got = memory[c][p[c].buffer % TURNS][p[c].start + i];
				proof(u, c, next[c] + (next[c] >= 700 ? gap : 0), 1, want);
				if (got != want[0] && next[c] == 700 && !gap) {
					gap = atomic_load(&u->counters->run_dropped);
					proof(u, c, 700 + gap, 1, want);
				}
				CHECK_EQ(got, want[0]);
				next[c]++;
			}
		}
	}
	CHECK(next[0] >= 700 && next[0] == next[1] && next[1] == next[2]);
	CHECK_EQ(test_count("EMU1/truth.log", "at=700 "), 1);
	close_unit(u);
}

static void refusals(void)
{
	emu_queue_trigger t;
	emu_queue_piece p[CHANNELS];
	test_case("refusals");
	emu_unit *u = open_unit(RIG);
	ask(p);
	CHECK_EQ(emu_stream_poll_queue(u, p, CHANNELS, &t), EMU_INVALID_CALL);
	emu_buffer none = {.source = EMU_A, .mode = EMU_RAW, .type = EMU_I16};
	CHECK_EQ(emu_set_buffer(u, &none, EMU_CLEAR_ALL), EMU_OK);
	CHECK_EQ(emu_set_buffer(u, &none, EMU_ADD), EMU_BOTH_MIN_AND_MAX_NULL_BUFFERS_CANNOT_BE_ADDED);
	CHECK_EQ(add(u, 0, 0, 0), EMU_INVALID_ACTION);
	CHECK_EQ(add(u, 0, 0, EMU_CLEAR_ALL | EMU_CLEAR_THIS | EMU_ADD), EMU_INVALID_ACTION_FLAGS_COMBINATION);
	CHECK_EQ(add(u, 0, 0, EMU_CLEAR_ALL | EMU_ADD), EMU_OK);
	emu_buffer shorter = {1, 0, EMU_RAW, EMU_I16, memory[1][0], NULL, LENGTH - 1};
	CHECK_EQ(emu_set_buffer(u, &shorter, EMU_ADD), EMU_NO_OF_SAMPLES_NEED_TO_BE_EQUAL_WHEN_ADDING_BUFFERS);
	static const struct { const char *name; unsigned mode; uint64_t post; int auto_stop; emu_status want; } rows[] = {
		{"trigger mode", EMU_RAW | EMU_TRIGGER_DATA, 0, 0, EMU_STREAMING_DOES_NOT_SUPPORT_TRIGGER_RATIO_MODES},
		{"two aggregations", EMU_RAW | EMU_AVERAGE | EMU_AGGREGATE, 0, 0, EMU_STREAMING_COMBINATION_OF_RAW_DATA_AND_ONE_AGGREGATION_DATA_TYPE_ALLOWED},
		{"no samples", EMU_RAW, 0, 1, EMU_TOO_FEW_REQUESTED_STREAMING_SAMPLES},
		{"raw and one", EMU_RAW | EMU_AVERAGE, 0, 0, EMU_OK},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].name);
		emu_stream_request r = plain;
		r.mode = rows[i].mode;
		r.post = rows[i].post;
		r.auto_stop = rows[i].auto_stop;
		CHECK_EQ(emu_stream_run(u, &r), rows[i].want);
	}
	CHECK_EQ(emu_stop(u), EMU_OK);
	test_case("faster than the bus");
	emu_stream_request fast = {.interval_fs = 1000000, .ratio = 1, .mode = EMU_RAW};
	CHECK_EQ(emu_stream_run(u, &fast), EMU_OK);
	CHECK_EQ(fast.interval_fs, 12800000); /* three channels count as four at 312.5 MS/s */
	test_case("during a run");
	CHECK_EQ(add(u, 0, 1, EMU_CLEAR_ALL | EMU_ADD), EMU_REMOVING_DATA_BUFFER_ENTRIES_NOT_ALLOWED_WHILE_DATA_PROCESSING);
	CHECK_EQ(add(u, 0, 0, EMU_ADD), EMU_OK); /* still held: counted */
	CHECK_EQ(atomic_load(&u->counters->misuse[EMU_MISUSE_ORDER]), 2);
	uint64_t n = 10;
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, 0, NULL), EMU_NOT_AVAILABLE_WHEN_STREAMING_IS_RUNNING);
	close_unit(u);
}

static void triggered(void)
{
	test_case("trigger");
	test_rig("[unit EMU1]\nmodel = 6824E\npacing = unthrottled\nchannel A = sine frequency=1kHz amplitude=8V\n");
	emu_unit *u = test_enter(family, test_open(family, NULL, 8));
	for (int c = 0; c < 8; c++) {
		emu_channel_setting s = {.on = c < CHANNELS, .coupling = EMU_DC, .range = 8};
		CHECK_EQ(emu_set_channel(u, (emu_source)c, &s), EMU_OK);
	}
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 6400, EMU_RISING, 0, 0), EMU_OK);
	emu_stream_request r = plain;
	r.auto_stop = 1;
	r.pre = 300;
	r.post = 400;
	start(u, &r);
	int hits = 0, stopped = 0, turn = 2;
	for (int poll = 0; poll < 50 && !stopped; poll++) {
		emu_queue_trigger t;
		emu_queue_piece p[CHANNELS];
		ask(p);
		emu_status s = emu_stream_poll_queue(u, p, CHANNELS, &t);
		if (t.triggered) {
			const int16_t *a = memory[0][p[0].buffer % TURNS];
			hits++;
			CHECK(t.at >= (uint64_t)p[0].start && t.at < (uint64_t)(p[0].start + p[0].samples));
			CHECK(a[t.at] >= 6400 && (t.at == 0 || a[t.at - 1] < 6400));
		}
		stopped = t.auto_stop;
		if (s == EMU_WAITING_FOR_DATA_BUFFERS) {
			for (int c = 0; c < CHANNELS; c++)
				CHECK_EQ(add(u, c, turn, EMU_ADD), EMU_OK);
			turn = (turn + 1) % TURNS;
		}
	}
	CHECK_EQ(hits, 1);
	CHECK(stopped);
	close_unit(u);
}

int main(void)
{
	family = test_family("ps6000a");
	every_sample(RIG "pacing = unthrottled\n", 1);
	every_sample(RIG "pacing = unthrottled\nskew = off\n", 0);
	one_of_several();
	late_host();
	refusals();
	triggered();
	return test_done();
}
