/* Registered buffers: found again, replaced, cleared; many of them. */
#include "harness.h"
#include "scope.h"
#include "unit.h"

static int16_t memory[4][100];

static emu_unit *open_unit(const char *driver, const char *conf)
{
	test_rig(conf);
	return test_enter(test_family(driver), test_open(test_family(driver), NULL, 0));
}

static void close_unit(emu_unit *u)
{
	const emu_family *f = u->family;
	int16_t h = emu_handle(u);
	test_leave(u);
	test_close(f, h);
}

static emu_status set(emu_unit *u, emu_source s, uint64_t segment, unsigned mode, void *max, int64_t n, unsigned action)
{
	emu_buffer b = {s, segment, mode, EMU_I16, max, NULL, n};
	return emu_set_buffer(u, &b, action);
}

static void *found(emu_unit *u, emu_source s, uint64_t segment, unsigned mode)
{
	emu_buffer_entry *e = emu_buffer_find(u->scope, s, segment, mode, -1);
	return e ? e->b.max : NULL;
}

static void rings(void)
{
	test_case("rings");
	emu_unit *u = open_unit("ps5000a", "[unit EMU1]\nmodel = 5444DMSO\n");
	CHECK(!found(u, EMU_A, 0, EMU_RAW));
	CHECK_EQ(set(u, EMU_A, 0, EMU_RAW, memory[0], 100, 0), EMU_OK);
	CHECK_EQ(set(u, EMU_A, 0, EMU_AVERAGE, memory[1], 100, 0), EMU_OK);
	CHECK_EQ(set(u, EMU_PORT1, 0, EMU_RAW, memory[2], 100, 0), EMU_OK);
	CHECK(found(u, EMU_A, 0, EMU_RAW) == memory[0]);
	CHECK(found(u, EMU_A, 0, EMU_AVERAGE) == memory[1]);
	CHECK(found(u, EMU_PORT1, 0, EMU_RAW) == memory[2]);
	CHECK_EQ(set(u, EMU_A, 0, EMU_RAW, memory[3], 50, 0), EMU_OK);
	CHECK(found(u, EMU_A, 0, EMU_RAW) == memory[3]);
	CHECK_EQ(set(u, EMU_A, 0, EMU_RAW, NULL, 0, 0), EMU_OK);
	CHECK(!found(u, EMU_A, 0, EMU_RAW));
	CHECK(found(u, EMU_A, 0, EMU_AVERAGE) == memory[1]);
	CHECK_EQ(set(u, EMU_A, 0, EMU_RAW, NULL, 0, 0), EMU_OK);
	CHECK_EQ(set(u, EMU_A, 1, EMU_RAW, memory[0], 100, 0), EMU_SEGMENT_OUT_OF_RANGE);
	CHECK_EQ(set(u, EMU_A, 0, EMU_DISTRIBUTION, memory[0], 100, 0), EMU_RATIO_MODE_NOT_SUPPORTED);
	CHECK_EQ(set(u, (emu_source)5, 0, EMU_RAW, memory[0], 100, 0), EMU_INVALID_CHANNEL);
	CHECK_EQ(set(u, EMU_A, 0, EMU_RAW, memory[0], -1, 0), EMU_INVALID_PARAMETER);
	close_unit(u);
}

static void queues(void)
{
	test_case("queues");
	emu_unit *u = open_unit("ps6000a", "[unit EMU1]\nmodel = 6824E\n");
	CHECK_EQ(emu_memory_segments(u, 10, NULL), EMU_OK);
	for (uint64_t w = 0; w < 3; w++) {
		CHECK_EQ(set(u, EMU_A, w, EMU_RAW, memory[0] + w, 10, EMU_ADD), EMU_OK);
		CHECK_EQ(set(u, (emu_source)1, w, EMU_RAW, memory[1] + w, 10, EMU_ADD), EMU_OK);
	}
	CHECK_EQ(set(u, EMU_A, 1, EMU_RAW, memory[2], 10, EMU_ADD), EMU_OK);
	CHECK(found(u, EMU_A, 1, EMU_RAW) == memory[2]); /* the latest */
	CHECK_EQ(set(u, EMU_A, 1, EMU_RAW, NULL, 0, EMU_CLEAR_THIS), EMU_OK);
	CHECK(!found(u, EMU_A, 1, EMU_RAW) && found(u, (emu_source)1, 1, EMU_RAW));
	CHECK_EQ(set(u, EMU_A, 2, EMU_RAW, NULL, 0, EMU_CLEAR_WAVEFORM), EMU_OK);
	CHECK(!found(u, EMU_A, 2, EMU_RAW) && !found(u, (emu_source)1, 2, EMU_RAW) && found(u, EMU_A, 0, EMU_RAW));
	CHECK_EQ(set(u, EMU_A, 0, EMU_RAW, memory[3], 99, EMU_CLEAR_ALL | EMU_ADD), EMU_OK);
	CHECK_EQ(u->scope->buffers, 1);
	CHECK(found(u, EMU_A, 0, EMU_RAW) == memory[3]);
	CHECK_EQ(set(u, EMU_A, 0, EMU_RAW, NULL, 0, EMU_CLEAR_ALL), EMU_OK);
	CHECK_EQ(u->scope->buffers, 0);
	close_unit(u);
}

static void many(void)
{
	enum { SEGMENTS = 20000 };
	test_case("many");
	emu_unit *u = open_unit("ps6000a", "[unit EMU1]\nmodel = 6824E\nhurry = on\nchannel A = proof\n");
	for (int c = 1; c < 8; c++) {
		emu_channel_setting off = {0};
		CHECK_EQ(emu_set_channel(u, (emu_source)c, &off), EMU_OK);
	}
	CHECK_EQ(emu_memory_segments(u, SEGMENTS, NULL), EMU_OK);
	CHECK_EQ(emu_set_captures(u, SEGMENTS), EMU_OK);
	int16_t *data = calloc(SEGMENTS, 20);
	for (uint64_t w = 0; w < SEGMENTS; w++)
		CHECK_EQ(set(u, EMU_A, w, EMU_RAW, data + w * 10, 10, EMU_ADD), EMU_OK);
	CHECK_EQ(emu_block_run(u, 5, 5, 10, NULL, 0, NULL, NULL), EMU_OK);
	int16_t ready = 0;
	for (double start = test_seconds(); !ready && test_seconds() - start < 30; test_sleep(0.001))
		CHECK_EQ(emu_block_ready(u, &ready), EMU_OK);
	uint64_t n = 10;
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, SEGMENTS - 1, NULL), EMU_OK);
	emu_frontend f = {.range = 5, .bits = 8, .min_code = -32512, .max_code = 32512};
	int16_t *want = calloc(SEGMENTS, 20);
	emu_span span = emu_span_at(0, 1e-6, 0, SEGMENTS * 10);
	emu_signal_codes(u->signal[0], &f, &span, want);
	CHECK(!memcmp(data, want, SEGMENTS * 20));
	free(want);
	free(data);
	close_unit(u);
}

int main(void)
{
	rings();
	queues();
	many();
	return test_done();
}
