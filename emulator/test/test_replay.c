/* Files as signals: raw and WAV, rates, loops, interpolation, and files that are not what they should be. */
#include <math.h>

#include "harness.h"
#include "replay.h"

static void put(const char *file, const void *bytes, size_t n)
{
	FILE *f = fopen(test_path(file), "we");
	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
		exit(1);
}

static emu_replay open_file(const char *file, const char *format, double rate, double range, double full_scale, uint64_t track)
{
	emu_replay r;
	emu_problem problem = {""};
	if (!emu_replay_open(&r, test_path(file), format, rate, range, full_scale, track, &problem))
		test_fail(__FILE__, __LINE__, "%s: %s", file, problem.text);
	return r;
}

static void raw(void)
{
	static const int16_t counts[4] = {0, 16384, -16384, 8192};
	put("a.i16", counts, sizeof counts);
	emu_replay r = open_file("a.i16", NULL, 1000, 2, 0, 0);
	CHECK_EQ(r.count, 4);
	test_case("linear");
	CHECK_NEAR(emu_replay_volts(&r, 0), 0, 1e-12);
	CHECK_NEAR(emu_replay_volts(&r, 0.001), 1, 1e-12);
	CHECK_NEAR(emu_replay_volts(&r, 0.0015), 0, 1e-9);
	CHECK_NEAR(r.mean, 0.125, 1e-12);
	test_case("loop");
	CHECK_NEAR(emu_replay_volts(&r, 0.0035), 0.25, 1e-9);
	CHECK_NEAR(emu_replay_volts(&r, 4000 * 0.004 + 0.001), 1, 1e-6);
	CHECK_NEAR(emu_replay_volts(&r, -0.001), 0.5, 1e-9);
	test_case("once");
	r.loop = 0;
	CHECK_NEAR(emu_replay_volts(&r, 5), 0.5, 1e-12);
	CHECK_NEAR(emu_replay_volts(&r, -5), 0, 1e-12);
	test_case("hold");
	r.hold = 1;
	CHECK_NEAR(emu_replay_volts(&r, 0.0019), 1, 1e-12);
	r.loop = 1;
	r.rate = 250e6;
	for (int i = 0; i < 4000; i++) /* samples of a unit that samples at the same rate, some seconds later */
		CHECK_NEAR(emu_replay_volts(&r, 4.1 + i * 4e-9), counts[i % 4] / 16384.0, 1e-12);
	emu_replay_close(&r);
	test_case("full scale");
	r = open_file("a.i16", "i16", 1000, 2, 16384, 0);
	CHECK_NEAR(emu_replay_volts(&r, 0.001), 2, 1e-12);
	emu_replay_close(&r);
	test_case("bytes");
	static const uint8_t bytes[3] = {1, 255, 128};
	put("a.u8", bytes, sizeof bytes);
	r = open_file("a.u8", NULL, 10, 1, 0, 0);
	CHECK_EQ(emu_replay_byte(&r, 0.1), 255);
	CHECK_EQ(emu_replay_byte(&r, 0.35), 1);
	CHECK_NEAR(emu_replay_volts(&r, 0.2), 0, 1e-12);
	emu_replay_close(&r);
	test_case("floats");
	static const float floats[2] = {0.25f, -0.5f};
	put("a.f32", floats, sizeof floats);
	r = open_file("a.f32", NULL, 10, 2, 0, 0);
	CHECK_NEAR(emu_replay_volts(&r, 0.1), -1, 1e-7);
	emu_replay_close(&r);
	test_case("");
}

/* A WAV file with an unknown chunk of odd length before its samples. */
static size_t wav(uint8_t *b, uint16_t kind, uint16_t channels, uint16_t bits, const void *data, uint32_t n)
{
	const uint32_t rate = 8000, block = channels * bits / 8u;
	uint32_t fmt[4] = {kind | (uint32_t)channels << 16, rate, rate * block, block | (uint32_t)bits << 16};
	memcpy(b, "RIFF....WAVELIST\3\0\0\0xyz\0fmt \20\0\0\0", 32);
	memcpy(b + 32, fmt, 16);
	memcpy(b + 48, "data", 4);
	memcpy(b + 52, &n, 4);
	memcpy(b + 56, data, n);
	return 56 + n;
}

static void waves(void)
{
	uint8_t b[200];
	static const int16_t stereo[6] = {100, -16384, 200, 16384, 300, 0};
	static const struct { const char *name; uint16_t kind, channels, bits; uint64_t track; double want; } rows[] = {
		{"first track", 1, 2, 16, 0, 200 / 32768.0}, {"second track", 1, 2, 16, 1, 0.5}, {"one channel", 1, 1, 16, 0, -0.5},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].name);
		put("a.wav", b, wav(b, rows[i].kind, rows[i].channels, rows[i].bits, stereo, sizeof stereo));
		emu_replay r = open_file("a.wav", NULL, 0, 1, 0, rows[i].track);
		CHECK_NEAR(r.rate, 8000, 0);
		CHECK_EQ(r.count, 6 / rows[i].channels);
		CHECK_NEAR(emu_replay_volts(&r, 1 / 8000.0), rows[i].want, 1e-9);
		emu_replay_close(&r);
	}
	test_case("24 bits");
	static const uint8_t three[6] = {0, 0, 0x40, 0, 0, 0xC0};
	put("a.wav", b, wav(b, 1, 1, 24, three, sizeof three));
	emu_replay r = open_file("a.wav", NULL, 0, 1, 0, 0);
	CHECK_NEAR(emu_replay_volts(&r, 0), 0.5, 1e-9);
	CHECK_NEAR(emu_replay_volts(&r, 1 / 8000.0), -0.5, 1e-9);
	emu_replay_close(&r);
	test_case("");
}

static void mistakes(void)
{
	uint8_t b[200];
	static const int16_t two[2] = {1, 2};
	size_t whole = wav(b, 1, 1, 16, two, sizeof two);
	static const struct { const char *name; size_t length, at; uint8_t value; const char *want; } rows[] = {
		{"not RIFF", 60, 0, 'X', "not a WAV"}, {"compressed", 60, 32, 85, "kind 85"}, {"no data", 48, 0, 'R', "no samples"},
		{"cut in the header", 20, 0, 'R', "no samples"}, {"length beyond the end", 60, 52, 200, NULL}, {"no channels", 60, 34, 0, "kind 1"},
		{"empty data", 56, 0, 'R', "no samples"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t bad[200];
		emu_replay r;
		emu_problem problem = {""};
		test_case(rows[i].name);
		memcpy(bad, b, whole);
		bad[rows[i].at] = rows[i].value;
		put("bad.wav", bad, rows[i].length);
		int ok = emu_replay_open(&r, test_path("bad.wav"), NULL, 0, 1, 0, 0, &problem);
		CHECK_EQ(ok, rows[i].want == NULL);
		if (rows[i].want && !strstr(problem.text, rows[i].want))
			test_fail(__FILE__, __LINE__, "\"%s\" does not tell \"%s\"", problem.text, rows[i].want);
		if (ok) {
			CHECK_EQ(r.count, 2);
			emu_replay_close(&r);
		}
	}
	test_case("");
	emu_replay r;
	emu_problem rate = {""}, name = {""}, empty = {""};
	CHECK(!emu_replay_open(&r, test_path("a.i16"), NULL, 0, 1, 0, 0, &rate) && strstr(rate.text, "rate="));
	CHECK(!emu_replay_open(&r, test_path("a.xyz"), NULL, 1, 1, 0, 0, &name) && strstr(name.text, "format"));
	put("empty.i16", "", 0);
	CHECK(!emu_replay_open(&r, test_path("empty.i16"), NULL, 1, 1, 0, 0, &empty) && strstr(empty.text, "samples"));
}

/* WAV files with random bytes changed and cut anywhere: nothing outside of the file is read. */
static void damaged(void)
{
	uint8_t b[200], bad[200];
	static const int16_t samples[16] = {1, 2, 3};
	size_t whole = wav(b, 1, 2, 16, samples, sizeof samples);
	int opened = 0;
	srand(3);
	for (int i = 0; i < 3000; i++) {
		emu_replay r;
		emu_problem problem = {""};
		memcpy(bad, b, whole);
		for (int k = rand() % 4; k > 0; k--)
			bad[(size_t)rand() % 60] = (uint8_t)rand();
		put("bad.wav", bad, 1 + (size_t)rand() % whole);
		if (!emu_replay_open(&r, test_path("bad.wav"), NULL, 0, 1, 0, 0, &problem)) {
			CHECK(problem.text[0]);
			continue;
		}
		opened++;
		for (int k = 0; k < 20; k++) {
			double v = emu_replay_volts(&r, (rand() % 1000 - 100) * 1e-5);
			CHECK(v >= -1e6 && v <= 1e6);
		}
		CHECK((uint64_t)(r.data - (uint8_t *)r.map) + (r.count - 1) * r.stride < r.bytes);
		emu_replay_close(&r);
	}
	CHECK(opened > 100);
}

int main(void)
{
	test_rig("");
	damaged();
	raw();
	waves();
	mistakes();
	return test_done();
}
