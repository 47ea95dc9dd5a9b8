/* Signals: codes, cuts, kinds. */
#include <math.h>

#include "harness.h"
#include "rig_unit.h"
#include "signals.h"

static const emu_frontend front16 = {.range = 2, .bits = 16, .min_code = -32767, .max_code = 32767};
static const emu_frontend front8 = {.range = 2, .bits = 8, .min_code = -32512, .max_code = 32512};
static const emu_frontend front12 = {.range = 2, .bits = 12, .min_code = -32767, .max_code = 32767};

static emu_signal *signal_on(const char *serial, emu_source s, const char *text)
{
	emu_rig_unit u;
	emu_problem problem = {""};
	int line = 0;
	emu_rig_unit_defaults(&u, serial);
	u.channel[s] = (emu_rig_line){strdup(text), 1};
	emu_signal *made = emu_signals_new(&u, s, &line, &problem);
	if (!made)
		test_fail(__FILE__, __LINE__, "%s: %s", text, problem.text);
	emu_rig_unit_free(&u);
	return made;
}

static emu_signal *signal_of(emu_source s, const char *text)
{
	return signal_on("EMU1", s, text);
}

static void wrong(emu_source s, const char *text, const char *want)
{
	emu_rig_unit u;
	emu_problem problem = {""};
	int line = 0;
	emu_rig_unit_defaults(&u, "EMU1");
	u.channel[s] = (emu_rig_line){strdup(text), 7};
	emu_signal *made = emu_signals_new(&u, s, &line, &problem);
	test_case(text);
	CHECK(!made);
	CHECK_EQ(line, 7);
	if (!strstr(problem.text, want))
		test_fail(__FILE__, __LINE__, "\"%s\" does not tell \"%s\"", problem.text, want);
	emu_signal_free(made);
	emu_rig_unit_free(&u);
	test_case("");
}

static void proof(void)
{
	static const struct { const char *name; emu_source s; const emu_frontend *f; uint64_t first; int16_t want[4]; } rows[] = {
		{"16 bits", EMU_A, &front16, 0, {21298, 6082, -31515, 16652}},
		{"8 bits", (emu_source)3, &front8, 0, {28672, 6400, 2816, 21504}},
		{"12 bits", EMU_A, &front12, 0, {21296, 6080, -31520, 16640}},
		{"behind 2^32", EMU_A, &front16, 4294967301u, {-5085}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].name);
		emu_signal *s = signal_of(rows[i].s, "proof");
		emu_span span = emu_span_at(12345, 1e-9, rows[i].first, rows[i].first ? 1 : 4);
		int16_t got[4];
		CHECK_EQ(emu_signal_codes(s, rows[i].f, &span, got), 0);
		for (size_t k = 0; k < span.count; k++)
			CHECK_EQ(got[k], rows[i].want[k]);
		emu_signal_free(s);
	}
	static const uint8_t pins[2][4] = {{176, 55, 47, 75}, {33, 206, 212, 76}};
	static const double levels[8] = {99, 99, 99, 99, 99, 99, 99, 99};
	for (int port = 0; port < 2; port++) {
		test_case("pins do not care for levels");
		emu_signal *s = signal_of(port ? EMU_PORT1 : EMU_PORT0, "proof");
		emu_span span = emu_span_at(0, 1, 0, 4);
		uint8_t got[4];
		emu_signal_pins(s, levels, &span, got);
		for (int k = 0; k < 4; k++)
			CHECK_EQ(got[k], pins[port][k]);
		emu_signal_free(s);
	}
	CHECK_EQ(emu_crc32c("123456789", 9), 0xE3069283);
}

static void quantisation(void)
{
	static const struct { const char *name; const emu_frontend *f; double volts; int16_t code; int over; } rows[] = {
		{"zero", &front16, 0, 0, 0},
		{"full scale, 16 bits", &front16, 2, 32767, 0},
		{"less than a step above", &front16, 2.00002, 32767, 0},
		{"over", &front16, 2.0001, 32767, 1},
		{"under", &front16, -2.0001, -32767, 1},
		{"far over", &front16, 1e9, 32767, 1},
		{"half scale, 16 bits", &front16, 1, 16384, 0},
		{"a step of 8 bits is 2 V / 127", &front8, 2.0 / 127, 256, 0},
		{"just below half of it", &front8, 0.999 / 127, 0, 0},
		{"just above half of it", &front8, 1.001 / 127, 256, 0},
		{"full scale, 8 bits", &front8, -2, -32512, 0},
		{"half a step over, 8 bits", &front8, 2.0 * 127.6 / 127, 32512, 1},
		{"12 bits are left-justified", &front12, 2.0 * 100.2 * 16 / 32767, 1600, 0},
		{"full scale, 12 bits", &front12, 2, 32767, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[80];
		test_case(rows[i].name);
		snprintf(text, sizeof text, "dc offset=%.17g", rows[i].volts);
		emu_signal *s = signal_of(EMU_A, text);
		emu_span span = emu_span_at(0, 1e-6, 0, 1);
		int16_t code;
		CHECK_EQ(emu_signal_codes(s, rows[i].f, &span, &code), rows[i].over);
		CHECK_EQ(code, rows[i].code);
		emu_frontend shifted = *rows[i].f;
		shifted.offset = -rows[i].volts;
		CHECK_EQ(emu_signal_codes(s, &shifted, &span, &code), 0);
		CHECK_EQ(code, 0);
		emu_signal_free(s);
	}
}

static double generator(void *ctx, double t)
{
	return *(double *)ctx * sin(t * 1e4);
}

/* Whatever a run is cut into: the same codes, at any age of the rig. */
static void cuts(void)
{
	static const char *const kinds[] = {
		"proof", "dc offset=300mV noise=10mV", "sine frequency=12.345kHz amplitude=3.4V phase=33deg noise=1mV", "sine frequency=333.333MHz amplitude=2V",
		"square frequency=1.1kHz duty=30% rise=10us fall=40us", "triangle frequency=777Hz", "sawtooth frequency=5kHz delay=3us",
		"pulses frequency=2kHz width=30us rise=1us fall=2us", "runts frequency=20kHz width=10us every=3 runt=40%",
		"random rate=50kHz width=2us fall=3us spread=20% amplitude=500mV", "double rate=3kHz lifetime=20us width=5us fall=2us amplitude=700mV second=50%",
		"random rate=100MHz width=5ns amplitude=100mV", "noise amplitude=20mV", "loopback gain=0.5 offset=10mV",
	};
	static const struct { double origin, dt; } grids[] = {{0, 1e-6}, {3.7, 1.3e-7}, {654321.123456, 1e-6}, {86400.5, 8e-9}};
	enum { N = 5000 };
	static int16_t whole[N], part[N];
	double volts = 1.5;
	srand(7);
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		emu_signal *s = signal_of(EMU_A, kinds[k]);
		emu_frontend f = front16;
		f.generator = generator;
		f.generator_ctx = &volts;
		for (size_t g = 0; s && g < sizeof grids / sizeof *grids; g++) {
			uint64_t first = g == 1 ? 10000000019u : 0;
			char name[160];
			snprintf(name, sizeof name, "%s, grid %zu", kinds[k], g);
			test_case(name);
			emu_span span = emu_span_at(grids[g].origin, grids[g].dt, first, N);
			emu_signal_codes(s, &f, &span, whole);
			for (size_t at = 0; at < N;) {
				size_t n = 1 + (size_t)rand() % (rand() % 4 ? 300 : 3);
				n = n < N - at ? n : N - at;
				span = emu_span_at(grids[g].origin, grids[g].dt, first + at, n);
				emu_signal_codes(s, &f, &span, part + at);
				at += n;
			}
			for (int i = 0; i < N; i++) {
				if (whole[i] != part[i]) {
					test_fail(__FILE__, __LINE__, "sample %d is %d in one piece, %d in pieces", i, whole[i], part[i]);
					break;
				}
			}
		}
		emu_signal_free(s);
	}
	test_case("");
}

/* Against libm, sample by sample, within a step. */
static void sine(void)
{
	static int16_t codes[10000];
	emu_signal *s = signal_of(EMU_A, "sine frequency=1.0037kHz amplitude=3V offset=100mV phase=90deg");
	const double origin = 1234.5, dt = 1e-6;
	emu_span span = emu_span_at(origin, dt, 1000, 10000);
	CHECK_EQ(emu_signal_codes(s, &front16, &span, codes), 0);
	int wrong_codes = 0;
	for (int i = 0; i < 10000; i++) {
		double t = origin + (1000 + i) * dt;
		double v = 0.1 + 1.5 * sin(2 * 3.14159265358979323846 * (fmod(1003.7 * t, 1) + 0.25));
		wrong_codes += fabs(codes[i] - v / 2 * 32767) > 0.51;
	}
	CHECK_EQ(wrong_codes, 0);
	CHECK_NEAR(emu_signal_volts(s, NULL, 0), 1.6, 1e-9);
	emu_frontend f = front16;
	f.ac = 1;
	CHECK_NEAR(emu_signal_volts(s, &f, 0), 1.5, 1e-9);
	emu_signal_free(s);
	test_case("bandwidth");
	s = signal_of(EMU_A, "sine frequency=20MHz amplitude=2V");
	f = front16;
	f.bandwidth = 20e6;
	double most = 0;
	for (int i = 0; i < 1000; i++)
		most = fmax(most, emu_signal_volts(s, &f, i * 50e-12));
	CHECK_NEAR(most, sqrt(0.5), 1e-4);
	emu_signal_free(s);
	test_case("");
}

static double volts_at(const char *text, double t)
{
	emu_signal *s = signal_of(EMU_A, text);
	double v = s ? emu_signal_volts(s, NULL, t) : NAN;
	emu_signal_free(s);
	return v;
}

static void shapes(void)
{
	static const struct { const char *text; double t, want; } rows[] = {
		{"square frequency=1kHz", 0.1e-3, 1}, {"square frequency=1kHz", 0.6e-3, -1}, {"square period=1ms duty=70%", 0.6e-3, 1},
		{"square frequency=1kHz rise=100us", 50e-6, 0}, {"triangle frequency=1kHz", 0, 0}, {"triangle frequency=1kHz", 0.25e-3, 1},
		{"triangle frequency=1kHz amplitude=4V", 0.75e-3, -2}, {"square frequency=1kHz amplitude=500mV offset=1V", 0.1e-3, 1.25},
		{"sine frequency=1kHz amplitude=3V", 0.25e-3, 1.5}, {"sawtooth frequency=1kHz amplitude=1V", 0.75e-3, 0.25}, {"sawtooth frequency=1kHz", 0.75e-3, 0.5}, {"sawtooth frequency=1kHz", 0.25e-3, -0.5},
		{"pulses frequency=1kHz width=100us amplitude=3V offset=1V", 50e-6, 4}, {"pulses frequency=1kHz width=100us", 150e-6, 0},
		{"pulses frequency=1kHz width=100us delay=100us", 150e-6, 1}, {"pulses frequency=1kHz width=100us fall=100us", 150e-6, 0.5},
		{"runts frequency=1kHz width=100us every=4 runt=25%", 50e-6, 0.25}, {"runts frequency=1kHz width=100us every=4 runt=25%", 1.05e-3, 1},
		{"runts frequency=1kHz width=100us every=4 runt=25%", 4.05e-3, 0.25}, {"dc offset=-2.5V", 3, -2.5},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].text);
		CHECK_NEAR(volts_at(rows[i].text, rows[i].t), rows[i].want, 1e-6);
	}
	test_case("");
}

/* The law of the pulses: number, distances, delays; and the same pulses at another rate of sampling. */
static void random_pulses(void)
{
	enum { N = 1000000 };
	int16_t *fine = malloc(N * sizeof *fine), *coarse = malloc(N * sizeof *coarse);
	emu_signal *s = signal_of(EMU_A, "random rate=1kHz width=1us amplitude=1V");
	emu_span span = emu_span_at(50, 1e-6, 0, N);
	int rises = 0, high = 0, different = 0;
	emu_signal_codes(s, &front16, &span, fine);
	for (int i = 1; i < N; i++)
		rises += fine[i] > 8000 && fine[i - 1] < 8000;
	CHECK(rises > 850 && rises < 1150); /* 1000 +- 5 sigma, less those that touch */
	span = emu_span_at(50, 7e-6, 0, N / 7);
	emu_signal_codes(s, &front16, &span, coarse);
	for (int i = 0; i < N / 7; i++)
		different += abs(coarse[i] - fine[7 * i]) > 1;
	CHECK(different <= 2); /* an edge exactly at a sample may fall to either side */
	/* Sampled far more slowly than pulses come: the part of time that is high stays the same. */
	emu_signal *dense = signal_of(EMU_A, "random rate=1MHz width=100ns amplitude=100mV");
	span = emu_span_at(50, 1e-4, 0, 20000);
	emu_signal_codes(dense, &front16, &span, coarse);
	for (int i = 0; i < 20000; i++)
		high += coarse[i] > 800;
	CHECK_NEAR(high / 20000.0, 1 - exp(-0.1), 0.015);
	emu_signal_free(dense);
	emu_signal_free(s);
	test_case("double");
	s = signal_of(EMU_A, "double rate=100Hz width=1us lifetime=20us amplitude=1V");
	double sum = 0;
	int pairs = 0, last = -1000000;
	for (int block = 0; block < 20; block++) {
		span = emu_span_at(100, 1e-6 / 4, (uint64_t)block * N, N);
		emu_signal_codes(s, &front16, &span, fine);
		for (int i = 1; i < N; i++) {
			if (fine[i] <= 8000 || fine[i - 1] > 8000)
				continue;
			if (i - last < 1200) {
				sum += (i - last) / 4.0;
				pairs++;
			}
			last = i;
		}
		last = -1000000;
	}
	CHECK(pairs > 380 && pairs < 620);
	CHECK_NEAR(sum / pairs, 20, 4.5);
	emu_signal_free(s);
	free(fine);
	free(coarse);
	test_case("");
}

/* The same arrivals on other channels and units, single pulses beside double ones; noise stays of its own. */
static void shared_arrivals(void)
{
	enum { N = 100000 };
	static const struct { const char *name, *serial; emu_source source; const char *text; int equal; } rows[] = {
		{"another channel", "EMU1", (emu_source)2, "random rate=20kHz width=1us spread=10% amplitude=1V arrivals=7", 1},
		{"another unit", "EMU2", EMU_A, "random rate=20kHz width=1us spread=10% amplitude=1V arrivals=7", 1},
		{"the first of two pulses", "EMU1", (emu_source)3, "double rate=20kHz width=1us spread=10% amplitude=1V fraction=0% arrivals=7", 1},
		{"another number", "EMU1", EMU_A, "random rate=20kHz width=1us spread=10% amplitude=1V arrivals=8", 0},
		{"none", "EMU1", EMU_A, "random rate=20kHz width=1us spread=10% amplitude=1V", 0},
		{"noise", "EMU2", EMU_A, "random rate=20kHz width=1us spread=10% amplitude=1V noise=1mV arrivals=7", 0},
	};
	int16_t *first = malloc(N * sizeof *first), *other = malloc(N * sizeof *other);
	emu_signal *s = signal_of(EMU_A, "random rate=20kHz width=1us spread=10% amplitude=1V arrivals=7");
	emu_span span = emu_span_at(50, 1e-7, 0, N);
	int rises = 0;
	emu_signal_codes(s, &front16, &span, first);
	emu_signal_free(s);
	for (int i = 1; i < N; i++)
		rises += first[i] > 8000 && first[i - 1] < 8000;
	CHECK(rises > 130 && rises < 270); /* 200 in 10 ms, +- 5 sigma */
	for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
		test_case(rows[k].name);
		int same = 1, apart = 0;
		s = signal_on(rows[k].serial, rows[k].source, rows[k].text);
		emu_signal_codes(s, &front16, &span, other);
		emu_signal_free(s);
		for (int i = 0; i < N; i++) {
			same &= first[i] == other[i];
			apart += (first[i] > 8000) != (other[i] > 8000);
		}
		CHECK_EQ(same, rows[k].equal);
		if (strstr(rows[k].text, "noise"))
			CHECK(apart == 0);
		else if (!rows[k].equal)
			CHECK(apart > 1000);
	}
	free(first);
	free(other);
	test_case("");
}

static void noise(void)
{
	enum { N = 200000 };
	int16_t *codes = malloc(N * sizeof *codes);
	emu_signal *s = signal_of(EMU_A, "noise amplitude=100mV");
	emu_span span = emu_span_at(5, 1e-9, 0, N);
	double sum = 0, squares = 0, lag = 0;
	emu_signal_codes(s, &front16, &span, codes);
	for (int i = 0; i < N; i++) {
		double v = codes[i] * 2.0 / 32767;
		sum += v;
		squares += v * v;
		if (i)
			lag += v * codes[i - 1] * 2.0 / 32767;
	}
	CHECK_NEAR(sum / N, 0, 0.1 * 5 / sqrt(N));
	CHECK_NEAR(sqrt(squares / N), 0.1, 0.001);
	CHECK_NEAR(lag / squares, 0, 0.015);
	emu_signal_free(s);
	free(codes);
}

static void pins(void)
{
	static const double middle[8] = {1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5}, high[8] = {5, 5, 5, 5, 5, 5, 5, 5}, low[8] = {-1, -1, -1, -1, -1, -1, -1, -1};
	emu_span span = emu_span_at(0, 1e-3, 0, 2000);
	static uint8_t got[2000];
	emu_signal *s = signal_of(EMU_PORT0, "counter frequency=1kHz phase=90deg");
	emu_signal_pins(s, middle, &span, got);
	for (int i = 0; i < 2000; i++)
		CHECK_EQ(got[i], i & 255);
	emu_signal_pins(s, high, &span, got);
	CHECK_EQ(got[255], 0);
	emu_signal_pins(s, low, &span, got);
	CHECK_EQ(got[0], 255);
	emu_signal_free(s);
	emu_rig_unit u;
	emu_problem problem = {""};
	int line = 0;
	emu_rig_unit_defaults(&u, "EMU1");
	u.channel[EMU_PORT1] = (emu_rig_line){strdup("levels value=0xA5"), 1};
	u.pin[9] = (emu_rig_line){strdup("square frequency=100Hz phase=9deg"), 2};
	u.pin[12] = (emu_rig_line){strdup("pulses frequency=10Hz width=20ms"), 3};
	s = emu_signals_new(&u, EMU_PORT1, &line, &problem);
	CHECK(s != NULL);
	emu_signal_pins(s, middle, &span, got);
	CHECK_EQ(got[0], 0xB7);
	CHECK_EQ(got[7], 0xB5);
	CHECK_EQ(got[27], 0xA5); /* pulses on a pin begin at 0 V and are high in between only */
	static const double top[8] = {3.2, 3.2, 3.2, 3.2, 3.2, 3.2, 3.2, 3.2};
	emu_signal_pins(s, top, &span, got);
	CHECK_EQ(got[0] & 0x12, 0x12);
	emu_signal_free(s);
	emu_rig_unit_free(&u);
}

static void mistakes(void)
{
	wrong(EMU_A, "sinus frequency=1kHz", "none of proof");
	wrong(EMU_A, "sine", "frequency");
	wrong(EMU_A, "sine frequency=1kV", "Hz");
	wrong(EMU_A, "sine frequency=1kHz period=1ms", "one of them");
	wrong(EMU_A, "sine frequency=1kHz amplitud=1V", "amplitud");
	wrong(EMU_A, "sine frequency=1kHz amplitude=2V amplitude=2V", "twice");
	wrong(EMU_A, "sine frequency", "key=value");
	wrong(EMU_A, "counter frequency=1kHz", "none of");
	wrong(EMU_PORT0, "sine frequency=1kHz", "none of proof, counter");
	wrong(EMU_PORT0, "levels value=256", "byte");
	wrong(EMU_A, "pulses frequency=1kHz width=2ms", "width");
	wrong(EMU_A, "dc amplitude=1V", "amplitude");
	wrong(EMU_A, "replay rate=1kS/s", "file");
	wrong(EMU_A, "replay file=\"no such.i16\" rate=1kS/s", "no such.i16");
	wrong(EMU_A, "replay file=\"open rate=1kS/s", "quote");
	wrong(EMU_EXT, "proof", "never recorded");
	wrong(EMU_A, "random rate=1GHz width=1ms", "1000 pulses");
	wrong(EMU_A, "random rate=1kHz arrivals=some", "a whole number");
	wrong(EMU_A, "sine frequency=1kHz arrivals=1", "arrivals");
}

int main(void)
{
	test_rig("");
	proof();
	quantisation();
	cuts();
	sine();
	shapes();
	random_pulses();
	shared_arrivals();
	noise();
	pins();
	mistakes();
	return test_done();
}
