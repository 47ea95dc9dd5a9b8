/* Streaming under the faults of a rig: lost samples, bursts, the sample at which something happens, memory that is gone. */
#include <sys/mman.h>

#include "harness.h"
#include "scope.h"
#include "unit.h"

enum { LENGTH = 4096 };
static const emu_family *family;
static int16_t memory[3][2][LENGTH];

static emu_unit *open_unit(const char *driver, const char *conf)
{
	family = test_family(driver);
	test_rig(conf);
	emu_unit *u = test_enter(family, test_open(family, NULL, 8));
	for (int c = 0; c < u->model->channels; c++) {
		emu_channel_setting s = {.on = c < 2, .coupling = EMU_DC, .range = 8};
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

static void add(emu_unit *u, int c, void *to)
{
	emu_buffer b = {(emu_source)c, 0, EMU_RAW, EMU_I16, to, NULL, LENGTH};
	CHECK_EQ(emu_set_buffer(u, &b, EMU_ADD), EMU_OK);
}

static void start(emu_unit *u)
{
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000, .ratio = 1, .mode = EMU_RAW, .overview_samples = LENGTH};
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
}

static int16_t proof(emu_unit *u, int c, uint64_t i)
{
	emu_frontend f = {.range = 5, .bits = 8, .min_code = -32512, .max_code = 32512};
	emu_span span = emu_span_at(0, 1e-6, i, 1);
	int16_t code;
	emu_signal_codes(u->signal[c], &f, &span, &code);
	return code;
}

/* Raw index of the n-th sample delivered when 10 of every 5000 from 1000 on are lost. */
static uint64_t survivor(uint64_t n)
{
	uint64_t i = n;
	for (uint64_t at = 1000; i >= at; at += 5000)
		i += 10;
	return i;
}

#define PROOF "channel A = proof\nchannel B = proof\n"
#define LOSE "fault = lose sample=1000 count=10 every=5000\n"

static void lost_in_a_ring(void)
{
	test_case("lost, ring");
	emu_unit *u = open_unit("ps5000a", "[unit EMU1]\nmodel = 5444DMSO\npacing = unthrottled\n" PROOF LOSE);
	uint64_t next = 0;
	add(u, 0, memory[0][0]);
	add(u, 1, memory[1][0]);
	start(u);
	for (int poll = 0; poll < 20; poll++) {
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		for (int i = 0; i < p.samples; i++, next++)
			for (int c = 0; c < 2; c++)
				CHECK_EQ(memory[c][0][p.start + (uint32_t)i], proof(u, c, survivor(next)));
	}
	CHECK(next > 20000);
	uint64_t raw = atomic_load(&u->counters->run_raw), dropped = atomic_load(&u->counters->run_dropped);
	CHECK_EQ(atomic_load(&u->counters->run_delivered), next);
	CHECK_EQ(raw, next + dropped);
	CHECK_EQ(test_count("EMU1/truth.log", "cause=fault"), (int)(dropped / 10));
	close_unit(u);
}

static void lost_in_queues(void)
{
	test_case("lost, queues");
	emu_unit *u = open_unit("ps6000a", "[unit EMU2]\nmodel = 6824E\npacing = unthrottled\n" PROOF LOSE);
	uint64_t next[2] = {0}, buffers[2] = {0};
	for (int turn = 0; turn < 2; turn++)
		for (int c = 0; c < 2; c++)
			add(u, c, memory[c][turn]);
	start(u);
	for (int poll = 0; poll < 40; poll++) {
		emu_queue_piece p[2] = {{.source = EMU_A, .mode = EMU_RAW, .type = EMU_I16}, {.source = 1, .mode = EMU_RAW, .type = EMU_I16}};
		emu_queue_trigger t;
		emu_stream_poll_queue(u, p, 2, &t);
		for (int c = 0; c < 2; c++) {
			for (int i = 0; p[c].filled && i < p[c].samples; i++, next[c]++)
				CHECK_EQ(memory[c][p[c].buffer % 2][p[c].start + i], proof(u, c, survivor(next[c])));
			if (next[c] / LENGTH > buffers[c])
				add(u, c, memory[c][buffers[c]++ % 2]);
		}
	}
	CHECK(next[0] > 20000 && next[1] > 20000);
	uint64_t raw = atomic_load(&u->counters->run_raw);
	uint64_t told = 0, lost = 0;
	char *log = test_read("EMU2/truth.log");
	for (char *at = log; (at = strstr(at, "cause=fault")) && (at = strstr(at, "samples="));)
		told += strtoull(at + 8, NULL, 10);
	free(log);
	for (uint64_t i = 0; i < raw; i++)
		lost += i >= 1000 && (i - 1000) % 5000 < 10;
	CHECK_EQ(told, lost); /* once, not once per channel */
	close_unit(u);
}

static void bursts(void)
{
	test_case("bursts");
	/* a burst is more than the driver's buffer holds; that is not the host's fault */
	emu_unit *u = open_unit("ps5000a", "[unit EMU1]\nmodel = 5444DMSO\nbuffer = 400ms\nfault = burst every=900ms\n" PROOF);
	emu_ring_piece p;
	add(u, 0, memory[0][0]);
	double begin = test_seconds();
	start(u);
	do {
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		CHECK(!p.call || test_seconds() - begin >= 0.9);
	} while (!p.call);
	for (uint64_t next = 0; next < 10 * LENGTH; next += (uint64_t)p.samples, emu_stream_poll_ring(u, &p))
		CHECK_EQ(memory[0][0][p.start], proof(u, 0, next));
	CHECK_EQ(atomic_load(&u->counters->run_dropped), 0);
	close_unit(u);
}

static void up_to_a_sample(void)
{
	test_case("unplugged at a sample");
	emu_unit *u = open_unit("ps5000a", "[unit EMU1]\nmodel = 5444DMSO\npacing = unthrottled\nfault = unplug sample=5000\n" PROOF);
	int16_t h = emu_handle(u);
	uint64_t next = 0;
	add(u, 0, memory[0][0]);
	start(u);
	test_leave(u);
	emu_status s;
	while (!(s = emu_enter(family, h, "ps5000aGetStreamingLatestValues", 0, &u)) && next <= 5000) {
		emu_ring_piece p;
		CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
		next += (uint64_t)p.samples;
		emu_leave(u, EMU_OK);
	}
	CHECK_EQ(s, EMU_NOT_RESPONDING);
	CHECK_EQ(next, 5000);
	if (!emu_enter(family, h, "ps5000aCloseUnit", EMU_UNPOWERED, &u))
		emu_close(u);
	test_write("EMU1/plugged", "1");
}

/* Memory that is not there any more is not written to, and counted. */
static void freed(void)
{
	test_case("freed");
	emu_unit *u = open_unit("ps5000a", "[unit EMU1]\nmodel = 5444DMSO\npacing = unthrottled\n" PROOF);
	size_t size = LENGTH * 2;
	int16_t *gone = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	emu_ring_piece p;
	add(u, 0, gone);
	add(u, 1, memory[1][0]);
	start(u);
	CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
	CHECK_EQ(gone[7], proof(u, 0, 7));
	munmap(gone, size);
	CHECK_EQ(emu_stream_poll_ring(u, &p), EMU_OK);
	CHECK_EQ(p.samples, LENGTH);
	CHECK_EQ(memory[1][0][9], proof(u, 1, LENGTH + 9)); /* the others go on */
	CHECK_EQ(atomic_load(&u->counters->misuse[EMU_MISUSE_FREED]), 1);
	close_unit(u);
}

int main(void)
{
	lost_in_a_ring();
	lost_in_queues();
	bursts();
	up_to_a_sample();
	freed();
	return test_done();
}
