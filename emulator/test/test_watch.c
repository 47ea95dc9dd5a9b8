/* Comparators, pulse timer and downsampling, on codes written down here. */
#include "harness.h"
#include "scope.h"
#include "trigger.h"

enum { MOST = 32 };

/* One row: codes, and per sample '.' nothing, 's' holds, 'E' event (and holds). */
static void watch(const char *name, emu_direction d, int window, int upper, int lower, int hysteresis, int n, const int16_t *codes, const char *want)
{
	emu_threshold t = {EMU_A, (int16_t)upper, (int16_t)lower, (uint16_t)hysteresis, (uint16_t)hysteresis, window};
	uint8_t bits[MOST];
	char got[MOST + 1] = "";
	test_case(name);
	/* cut at every place: the state is carried over */
	for (int cut = 0; cut <= n; cut++) {
		emu_watch w = emu_watch_analog(EMU_A, d, &t);
		emu_watch_codes(&w, codes, (size_t)cut, bits);
		emu_watch_codes(&w, codes + cut, (size_t)(n - cut), bits + cut);
		for (int i = 0; i < n; i++)
			got[i] = bits[i] & EMU_EVENT ? 'E' : bits[i] & EMU_IS ? 's' : '.';
		if (strcmp(got, want))
			test_fail(__FILE__, __LINE__, "cut at %d: %s, want %s", cut, got, want);
		emu_watch f = emu_watch_analog(EMU_A, d, &t);
		if (f.direction != EMU_RISING && f.direction != EMU_FALLING)
			continue;
		const char *e = strchr(want, 'E');
		size_t first = emu_watch_first(&f, codes, (size_t)cut);
		if (first == (size_t)cut)
			first += emu_watch_first(&f, codes + cut, (size_t)(n - cut));
		CHECK_EQ(first, e ? e - want : n);
	}
}
#define ROW(name, d, window, upper, lower, hysteresis, want, ...) \
	do { \
		static const int16_t codes[] = {__VA_ARGS__}; \
		watch(name, d, window, upper, lower, hysteresis, (int)(sizeof codes / sizeof *codes), codes, want); \
	} while (0)

static void comparators(void)
{
	ROW("rising", EMU_RISING, -1, 100, 0, 0, "..Ess.Es", 0, 99, 100, 150, 100, 99, 101, 102);
	ROW("rising from above", EMU_RISING, -1, 100, 0, 0, "ss.Es", 100, 120, 99, 100, 100);
	ROW("rising with hysteresis", EMU_RISING, -1, 100, 0, 20, ".Essss.E", 80, 100, 81, 100, 120, 100, 80, 100);
	ROW("rising NONE", EMU_NO_DIRECTION, -1, 100, 0, 0, ".E", 0, 100);
	ROW("rising lower", EMU_RISING_LOWER, -1, 100, -50, 0, "..E", -60, -51, -50);
	ROW("falling", EMU_FALLING, -1, -100, 0, 0, "..Es.E", 0, -99, -100, -120, -99, -100);
	ROW("falling lower with hysteresis", EMU_FALLING_LOWER, -1, 100, -50, 10, "..s.E", -45, -42, -50, -40, -51);
	ROW("above", EMU_ABOVE, -1, 100, 0, 0, ".E.", 0, 100, 99);
	ROW("below", EMU_BELOW, -1, 100, 0, 0, ".E.", 101, 100, 101);
	ROW("either", EMU_RISING_OR_FALLING, -1, 100, 0, 10, ".E....E", 0, 100, 99, 91, 90, 95, 100);
	ROW("either, both ways", EMU_RISING_OR_FALLING, -1, 100, 0, 10, ".E.E..E", 0, 110, 105, 100, 95, 90, 120);
	ROW("either, from above", EMU_RISING_OR_FALLING, -1, 100, 0, 10, "..E...E", 130, 101, 99, 91, 100, 90, 105);
	ROW("either, without hysteresis", EMU_RISING_OR_FALLING, -1, 100, 0, 0, ".E.EE..", 99, 101, 101, 99, 101, 101, 101);
	ROW("inside", EMU_INSIDE, -1, 100, -100, 0, ".Ess.E", 200, 100, 0, -100, -101, -100);
	ROW("outside", EMU_OUTSIDE, -1, 100, -100, 0, ".E.E", 0, 101, 0, -101);
	ROW("enter", EMU_ENTER, -1, 100, -100, 0, "s.Es.E", 0, 101, 100, 50, -101, 0);
	ROW("enter with hysteresis", EMU_ENTER, -1, 100, -100, 20, "..s.E", 101, 105, 100, 120, 100);
	ROW("exit", EMU_EXIT, -1, 100, -100, 0, "s.Es.E", 101, 0, 101, 101, 100, -101);
	ROW("exit with hysteresis", EMU_EXIT, -1, 100, -100, 20, ".s.E", 90, 101, 80, 101);
	ROW("enter or exit", EMU_ENTER_OR_EXIT, -1, 100, -100, 0, ".E.E", 0, 101, 101, 0);
	ROW("window form of rising", EMU_RISING, 1, 100, -100, 0, ".E", 200, 0);
	ROW("level form of exit", EMU_EXIT, 0, 100, -100, 0, ".E", 200, 100);
	ROW("positive runt", EMU_POSITIVE_RUNT, -1, 100, 50, 0, "...E...", 0, 60, 60, 40, 60, 110, 40);
	ROW("runt after a full pulse", EMU_POSITIVE_RUNT, -1, 100, 50, 0, ".....E", 0, 110, 49, 49, 50, 49);
	ROW("negative runt", EMU_NEGATIVE_RUNT, -1, 100, 50, 0, "..E...", 120, 90, 101, 90, 40, 120);
	test_case("");
}

static void pins(void)
{
	static const struct { const char *name; emu_source s; emu_pin pin[EMU_PINS]; uint16_t level[6]; const char *want; } rows[] = {
		{"high", EMU_DIGITAL, {[2] = EMU_PIN_HIGH}, {0, 4, 5, 1}, ".ss."},
		{"low and high", EMU_DIGITAL, {[0] = EMU_PIN_LOW, [9] = EMU_PIN_HIGH}, {0, 0x200, 0x201, 1}, ".s.."},
		{"rising", EMU_PORT0, {[1] = EMU_PIN_RISING}, {2, 0, 2, 2}, "..E."},
		{"falling", EMU_PORT1, {[15] = EMU_PIN_FALLING}, {0x8000, 0, 0x8000, 0}, ".E.E"},
		{"either while high", EMU_DIGITAL, {[0] = EMU_PIN_EITHER, [3] = EMU_PIN_HIGH}, {0, 1, 8, 9}, "..EE"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		emu_watch w;
		int16_t low[6], high[6];
		uint8_t bits[6];
		size_t n = strlen(rows[i].want);
		test_case(rows[i].name);
		CHECK(emu_watch_pins(&w, rows[i].s, rows[i].pin));
		for (size_t k = 0; k < n; k++) {
			low[k] = rows[i].level[k] & 0xFF;
			high[k] = rows[i].level[k] >> 8;
		}
		emu_watch_ports(&w, low, high, n, bits);
		for (size_t k = 0; k < n; k++)
			CHECK_EQ(bits[k] & EMU_EVENT ? 'E' : bits[k] & EMU_IS ? 's' : '.', rows[i].want[k]);
	}
	emu_watch w;
	emu_pin none[EMU_PINS] = {[9] = EMU_PIN_HIGH};
	test_case("another port");
	CHECK(!emu_watch_pins(&w, EMU_PORT0, none));
	test_case("");
}

static void pulse(const char *name, emu_pulse type, uint64_t lower, uint64_t upper, const char *in, const char *want)
{
	emu_pulse_timer p = {.type = type, .lower = lower, .upper = upper};
	size_t n = strlen(in);
	uint8_t bits[64], out[64];
	test_case(name);
	for (size_t i = 0; i < n; i++)
		bits[i] = in[i] == '-' ? EMU_IS : 0;
	emu_pulse_reset(&p);
	emu_pulse_run(&p, 0, bits, n / 2, out);
	emu_pulse_run(&p, 0, bits + n / 2, n - n / 2, out + n / 2);
	for (size_t i = 0; i < n; i++)
		if ((out[i] & EMU_EVENT ? 'E' : '.') != want[i])
			test_fail(__FILE__, __LINE__, "sample %zu: %d, want %c", i, out[i], want[i]);
}

static void pulses(void)
{
	pulse("less", EMU_PULSE_LESS, 3, 0, "..--..---..-", "....E......." );
	pulse("greater: as soon as it is", EMU_PULSE_GREATER, 2, 0, "..--..-----.", ".........E..");
	pulse("greater: just not", EMU_PULSE_GREATER, 3, 0, "..---...", "........");
	pulse("in range", EMU_PULSE_IN_RANGE, 2, 3, ".-..--..---..----.", "......E....E......");
	pulse("out of range", EMU_PULSE_OUT_OF_RANGE, 2, 3, ".-..--..---..-----.", "..E..............E.");
	pulse("one that lasts at arming does not count", EMU_PULSE_LESS, 10, 0, "--..-.", ".....E");
	test_case("");
}

static void folds(void)
{
	static const unsigned modes[] = {EMU_RAW, EMU_AGGREGATE, EMU_DECIMATE, EMU_AVERAGE, EMU_SUM};
	int16_t codes[1000];
	uint32_t x = 1;
	for (int i = 0; i < 1000; i++)
		codes[i] = (int16_t)((x = x * 1664525 + 1013904223) >> 16);
	for (size_t m = 0; m < 5; m++) {
		for (uint64_t ratio = 1; ratio < 40; ratio += 7) {
			for (int port = 0; port < 2; port++) {
				int64_t max[1001] = {0}, min[1001] = {0};
				emu_source source = port ? EMU_PORT0 : EMU_A;
				emu_buffer b = {.source = source, .mode = modes[m], .type = EMU_I64, .max = max, .min = min, .samples = 1001};
				emu_fold f = emu_fold_new(modes[m], ratio, source);
				uint64_t got = 0, r = modes[m] == EMU_RAW ? 1 : ratio;
				for (size_t i = 0, n; i < 1000; i += n) {
					n = 1 + (i * 7) % 53;
					n = n < 1000 - i ? n : 1000 - i;
					got += emu_fold_add(&f, codes + i, n, &b, got);
				}
				CHECK_EQ(got, 1000 / r);
				got += emu_fold_end(&f, &b, got);
				CHECK_EQ(got, (1000 + r - 1) / r);
				for (uint64_t g = 0; g < got; g++) {
					int64_t top = codes[g * r], low = top, sum = 0, n = 0;
					for (uint64_t i = g * r; i < (g + 1) * r && i < 1000; i++, n++) {
						int64_t v = codes[i];
						top = port ? top | v : v > top ? v : top;
						low = port ? low & v : v < low ? v : low;
						sum += v;
					}
					int64_t want = modes[m] == EMU_AGGREGATE ? top : modes[m] == EMU_AVERAGE ? sum / n : modes[m] == EMU_SUM ? sum : codes[g * r];
					CHECK_EQ(max[g], want);
					if (modes[m] == EMU_AGGREGATE)
						CHECK_EQ(min[g], low);
				}
			}
		}
	}
}

static void types(void)
{
	static const int16_t codes[] = {-32512, -256, 0, 256, 32512};
	int8_t i8[5];
	int32_t i32[5];
	emu_buffer b = {.source = EMU_A, .mode = EMU_RAW, .type = EMU_I8, .max = i8};
	emu_fold f = emu_fold_new(EMU_RAW, 5, EMU_A);
	CHECK_EQ(emu_fold_add(&f, codes, 5, &b, 0), 5);
	b.type = EMU_I32;
	b.max = i32;
	CHECK_EQ(emu_fold_add(&f, codes, 5, &b, 0), 5);
	for (int i = 0; i < 5; i++) {
		CHECK_EQ(i8[i], codes[i] / 256);
		CHECK_EQ(i32[i], codes[i]);
	}
}

int main(void)
{
	comparators();
	pins();
	pulses();
	folds();
	types();
	return test_done();
}
