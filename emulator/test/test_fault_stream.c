/* Faults while a unit streams in real time: what is delivered, what is answered, what is counted. */
#include <sys/mman.h>

#include "harness.h"
#include "scope.h"
#include "unit.h"

enum { LENGTH = 1 << 18 };
static const uint64_t microsecond = 1000000000; /* femtoseconds */

typedef struct run {
	const emu_family *family;
	int16_t handle;
	int16_t *buffer;
	uint64_t got;     /* samples */
	uint64_t at;      /* raw index of the next one */
	uint64_t wrong;   /* samples that are not what the proof signal has there */
	uint64_t early;   /* polls that had more than the first 30 ms before 90 ms were over */
} run;

static emu_unit *enter(run *r, const char *function, emu_status *s)
{
	emu_unit *u = NULL;
	*s = emu_enter(r->family, r->handle, function, strcmp(function, "ChangePowerSource") == 0 ? EMU_UNPOWERED : 0, &u);
	return u;
}

/* One channel with the proof signal at 1 MS/s. */
static void set_up(run *r)
{
	emu_status s;
	emu_unit *u = enter(r, "Run", &s);
	for (int c = 0; u && c < emu_unit_channels(u); c++) {
		emu_channel_setting set = {.on = c == 0, .coupling = EMU_DC, .range = 8};
		CHECK_EQ(emu_set_channel(u, (emu_source)c, &set), EMU_OK);
	}
	emu_buffer b = {EMU_A, 0, EMU_RAW, EMU_I16, r->buffer, NULL, LENGTH};
	emu_stream_request q = {.interval_fs = microsecond, .unit_fs = microsecond, .ratio = 1, .mode = EMU_RAW, .overview_samples = LENGTH};
	CHECK(u && emu_set_buffer(u, &b, EMU_ADD) == EMU_OK);
	CHECK(u && emu_stream_run(u, &q) == EMU_OK && q.interval_fs == microsecond);
	if (u)
		emu_leave(u, EMU_OK);
	r->at = r->got = r->wrong = 0;
	r->early = 0;
}

static run start(const char *driver, const char *serial, const char *model, const char *lines)
{
	char conf[600];
	run r = {.family = test_family(driver), .buffer = calloc(LENGTH, sizeof *r.buffer)};
	snprintf(conf, sizeof conf, "[unit %s]\nmodel = %s\nchannel A = proof\n%s", serial, model, lines);
	test_rig(conf);
	r.handle = test_open(r.family, serial, 8);
	set_up(&r);
	return r;
}

static void compare(run *r, emu_unit *u, const emu_ring_piece *p, uint64_t hole, uint64_t count)
{
	static int16_t want[LENGTH];
	static const emu_frontend front = {.range = 5, .bits = 8, .min_code = -32512, .max_code = 32512};
	for (int32_t i = 0; i < p->samples;) {
		if (r->at == hole)
			r->at += count;
		uint64_t n = (uint64_t)(p->samples - i);
		if (r->at < hole && n > hole - r->at)
			n = hole - r->at;
		emu_span span = emu_span_at(0, 1e-6, r->at, (size_t)n);
		emu_signal_codes(u->signal[EMU_A], &front, &span, want);
		for (uint64_t k = 0; k < n; k++)
			r->wrong += want[k] != r->buffer[p->start + (uint64_t)i + k];
		i += (int32_t)n;
		r->at += n;
		r->got += n;
	}
}

/* Polls until so many samples came or another status than OK, which is returned. */
static emu_status listen(run *r, uint64_t samples, uint64_t hole, uint64_t count)
{
	const double begun = test_seconds();
	while (r->got < samples && test_seconds() - begun < 20) {
		emu_status s;
		emu_unit *u = enter(r, "GetStreamingLatestValues", &s);
		if (!u)
			return s;
		emu_ring_piece p;
		s = emu_stream_poll_ring(u, &p);
		if (s == EMU_OK && p.call) {
			compare(r, u, &p, hole, count);
			double since = test_seconds() - (double)u->counters->run_start_ns * 1e-9;
			r->early += since < 0.09 && r->at > 30000;
		}
		if (emu_leave(u, s) != EMU_OK)
			return s;
		test_sleep(0.0005);
	}
	return EMU_OK;
}

static void finish(run *r)
{
	test_close(r->family, r->handle);
	free(r->buffer);
}

static void lose_and_late(void)
{
	test_case("lose, late");
	run r = start("ps2000a", "L1", "2406B", "fault = lose sample=20000 count=77\nfault = late at=30ms for=60ms\nbuffer = 20s\n");
	CHECK_EQ(listen(&r, 120000, 20000, 77), EMU_OK);
	CHECK(r.got >= 120000);
	CHECK_EQ(r.wrong, 0);
	CHECK_EQ(r.early, 0);
	emu_status s;
	emu_unit *u = enter(&r, "Stop", &s);
	CHECK(u && emu_stop(u) == EMU_OK);
	CHECK(u && u->counters->run_dropped == 77 && u->counters->run_delivered == r.got && u->counters->running == 0);
	test_leave(u);
	CHECK_EQ(test_count("L1/truth.log", "event=lost cause=fault at=20000 samples=77"), 1);
	finish(&r);
}

static void unplug(void)
{
	test_case("unplugged at a sample");
	run r = start("ps2000a", "U1", "2406B", "fault = unplug sample=30000 run=1\n");
	CHECK_EQ(listen(&r, 1000000, UINT64_MAX, 0), EMU_NOT_RESPONDING);
	CHECK_EQ(r.wrong, 0);
	CHECK(r.got > 0 && r.got <= 30000);
	CHECK_EQ(listen(&r, 1000000, UINT64_MAX, 0), EMU_NOT_RESPONDING);
	test_close(r.family, r.handle);
	test_case("plugged again, opened again");
	test_write("U1/plugged", "1\n");
	r.handle = test_open(r.family, "U1", 8);
	set_up(&r);
	CHECK_EQ(listen(&r, 20000, UINT64_MAX, 0), EMU_OK);
	CHECK_EQ(r.wrong, 0);
	finish(&r);
}

static void power(void)
{
	test_case("supply lost in a run");
	run r = start("ps5000a", "P1", "5442B", "fault = power state=usb sample=30000 run=1\n");
	CHECK_EQ(listen(&r, 1000000, UINT64_MAX, 0), EMU_POWER_SUPPLY_NOT_CONNECTED);
	CHECK_EQ(r.wrong, 0);
	CHECK(r.got > 0 && r.got <= 30000);
	CHECK_EQ(listen(&r, 1000000, UINT64_MAX, 0), EMU_POWER_SUPPLY_NOT_CONNECTED);
	test_case("acknowledged, it runs on USB");
	emu_status s;
	emu_unit *u = enter(&r, "ChangePowerSource", &s);
	CHECK(u && emu_change_power(u, EMU_POWER_SUPPLY_NOT_CONNECTED) == EMU_OK);
	for (int c = 0; u && c < 2; c++) {
		emu_channel_setting set = {.on = c == 0, .coupling = EMU_DC, .range = 8};
		CHECK_EQ(emu_set_channel(u, (emu_source)c, &set), EMU_OK);
	}
	emu_stream_request q = {.interval_fs = microsecond, .unit_fs = microsecond, .ratio = 1, .mode = EMU_RAW, .overview_samples = LENGTH};
	CHECK(u && emu_stream_run(u, &q) == EMU_OK);
	test_leave(u);
	r.at = r.got = 0;
	CHECK_EQ(listen(&r, 20000, UINT64_MAX, 0), EMU_OK);
	CHECK_EQ(r.wrong, 0);
	finish(&r);
}

/* A buffer that is unmapped in a run: counted, and nobody crashes. */
static void freed(void)
{
	test_case("freed buffer");
	run r = start("ps2000a", "F1", "2406B", "");
	free(r.buffer);
	r.buffer = mmap(NULL, LENGTH * sizeof *r.buffer, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	emu_status s;
	emu_unit *u = enter(&r, "Stop", &s);
	CHECK(u && emu_stop(u) == EMU_OK);
	test_leave(u);
	set_up(&r);
	CHECK_EQ(listen(&r, 5000, UINT64_MAX, 0), EMU_OK);
	munmap(r.buffer, LENGTH * sizeof *r.buffer);
	test_sleep(0.02);
	u = enter(&r, "GetStreamingLatestValues", &s);
	emu_ring_piece p;
	if (u)
		emu_stream_poll_ring(u, &p);
	CHECK(u && u->counters->misuse[EMU_MISUSE_FREED] >= 1);
	test_leave(u);
	test_close(r.family, r.handle);
}

int main(void)
{
	test_rig("");
	lose_and_late();
	unplug();
	power();
	freed();
	return test_done();
}
