/* Triggers by way of block captures: windows, runts, delay, external input, pins with operands, equivalent time. */
#include "harness.h"
#include "scope.h"
#include "unit.h"

enum { PRE = 200, N = 500 };
static int16_t a[N], pins[N];
static const emu_family *family;

static emu_unit *open_unit(const char *driver, const char *conf, int bits)
{
	family = test_family(driver);
	test_rig(conf);
	emu_unit *u = test_enter(family, test_open(family, NULL, bits));
	for (int c = 0; c < u->model->channels; c++) {
		emu_channel_setting s = {.on = c == 0, .coupling = EMU_DC, .range = 8};
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

/* Captures and fetches A and port 0; 0 when nothing has triggered within a while. */
static int capture(emu_unit *u, uint32_t timebase, double patience)
{
	int16_t ready = 0;
	uint64_t n = N;
	emu_buffer b = {EMU_A, 0, EMU_RAW, EMU_I16, a, NULL, N}, d = {EMU_PORT0, 0, EMU_RAW, EMU_I16, pins, NULL, N};
	CHECK_EQ(emu_block_run(u, PRE, N - PRE, timebase, NULL, 0, NULL, NULL), EMU_OK);
	for (double start = test_seconds(); !ready && test_seconds() - start < patience; test_sleep(0.0005))
		CHECK_EQ(emu_block_ready(u, &ready), EMU_OK);
	if (!ready)
		return 0;
	CHECK_EQ(emu_set_buffer(u, &b, EMU_ADD), EMU_OK);
	if (u->scope->port[0].on)
		CHECK_EQ(emu_set_buffer(u, &d, EMU_ADD), EMU_OK);
	CHECK_EQ(emu_values(u, 0, &n, 1, EMU_RAW, 0, 0, NULL), EMU_OK);
	CHECK_EQ(n, N);
	return 1;
}

static void advanced(emu_unit *u, emu_direction d, int upper, int lower)
{
	emu_threshold t = {EMU_A, (int16_t)upper, (int16_t)lower, 0, 0, -1};
	emu_term term = {EMU_A, EMU_TRUE};
	emu_edge e = {EMU_A, d};
	CHECK_EQ(emu_trigger_thresholds(u, &t, 1), EMU_OK);
	CHECK_EQ(emu_trigger_directions(u, &e, 1, 0), EMU_OK);
	CHECK_EQ(emu_trigger_conditions(u, &term, 1, 1, 1, 0), EMU_OK);
}

#define UNIT "[unit EMU1]\nmodel = 5444DMSO\nhurry = on\n"

static void windows(void)
{
	static const struct { const char *name; emu_direction d; int upper, lower, fires; } rows[] = {
		{"enter", EMU_ENTER, 5000, -5000, 1}, {"exit", EMU_EXIT, 5000, -5000, 1}, {"enter or exit", EMU_ENTER_OR_EXIT, 5000, -5000, 1},
		{"inside", EMU_INSIDE, 5000, -5000, 1}, {"outside", EMU_OUTSIDE, 5000, -5000, 1},
		{"never outside", EMU_EXIT, 32000, -32000, 0}, {"never inside", EMU_ENTER, 32000, 31000, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].name);
		emu_unit *u = open_unit("ps5000a", UNIT "channel A = sine frequency=5kHz amplitude=8V\n", 14);
		advanced(u, rows[i].d, rows[i].upper, rows[i].lower);
		int fired = capture(u, 127, rows[i].fires ? 20 : 0.02);
		CHECK_EQ(fired, rows[i].fires);
		if (fired) {
			int was = a[PRE - 1] <= 5000 && a[PRE - 1] >= -5000, is = a[PRE] <= 5000 && a[PRE] >= -5000;
			CHECK(was != is);
			if (rows[i].d == EMU_ENTER || rows[i].d == EMU_INSIDE)
				CHECK(is);
			if (rows[i].d == EMU_EXIT || rows[i].d == EMU_OUTSIDE)
				CHECK(was);
		}
		close_unit(u);
	}
	test_case("");
}

/* Every fourth pulse is half as high: 1.5 V of 3 V. */
static void runts(void)
{
	static const struct { const char *name; int upper, lower, fires; } rows[] = {{"runt", 13000, 5000, 1}, {"all reach it", 9000, 5000, 0}};
	for (size_t i = 0; i < 2; i++) {
		test_case(rows[i].name);
		emu_unit *u = open_unit("ps5000a", UNIT "channel A = runts period=50us width=20us amplitude=3V every=4 runt=50%\n", 14);
		advanced(u, EMU_POSITIVE_RUNT, rows[i].upper, rows[i].lower);
		int fired = capture(u, 127, rows[i].fires ? 20 : 0.02);
		CHECK_EQ(fired, rows[i].fires);
		int top = 0;
		for (int k = PRE - 1; fired && a[k] >= rows[i].lower; k--)
			top = a[k] > top ? a[k] : top;
		if (fired)
			CHECK(a[PRE] < 5000 && a[PRE - 1] >= 5000 && top < 13000);
		close_unit(u);
	}
	test_case("");
}

static void delayed(void)
{
	test_case("delay");
	emu_unit *u = open_unit("ps5000a", UNIT "channel A = square frequency=100Hz amplitude=8V\n", 14);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 0, EMU_RISING, 150, 0), EMU_OK);
	CHECK(capture(u, 127, 20));
	CHECK(a[PRE - 150] > 0 && a[PRE - 151] < 0);
	close_unit(u);
	test_case("delay too long");
	u = open_unit("ps5000a", UNIT, 14);
	emu_family narrow = *u->family;
	narrow.max_delay = 100;
	const emu_family *wide = u->family;
	u->family = &narrow;
	CHECK_EQ(emu_trigger_delay(u, 101), EMU_DELAY);
	CHECK_EQ(emu_trigger_delay(u, 100), EMU_OK);
	u->family = wide;
	close_unit(u);
}

static void external(void)
{
	test_case("EXT");
	emu_unit *u = open_unit("ps5000a", "[unit EMU1]\nmodel = 5444D\nhurry = on\nchannel A = square frequency=1kHz amplitude=8V\next = square frequency=1kHz amplitude=4V\n", 14);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_EXT, 6553, EMU_FALLING, 0, 0), EMU_OK); /* 1 V */
	CHECK(capture(u, 127, 20));
	CHECK(a[PRE - 1] > 0 && a[PRE] < 0);
	close_unit(u);
	test_case("no EXT");
	u = open_unit("ps2000a", "[unit EMU1]\nmodel = 2406B\n", 8);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_EXT, 0, EMU_RISING, 0, 0), EMU_INVALID_CHANNEL);
	CHECK_EQ(emu_simple_trigger(u, 0, EMU_EXT, 0, EMU_RISING, 0, 0), EMU_OK);
	close_unit(u);
}

/* Analog: A rises through 0 every 1 ms. Pin 0 rises every 0.7 ms, is high for the half of it. */
static void operands(void)
{
	static const char *const names[] = {"digital alone", "or", "and", "then"};
	double levels[8] = {1, 1, 1, 1, 1, 1, 1, 1};
	for (int operand = 0; operand < 4; operand++) {
		test_case(names[operand]);
		emu_unit *u = open_unit("ps2000a", "[unit EMU1]\nmodel = 2206BMSO\nhurry = on\nchannel A = square frequency=1kHz amplitude=8V phase=10deg\npin D0 = square period=700us amplitude=4V offset=2V\n", 8);
		CHECK_EQ(emu_set_port(u, EMU_PORT0, 1, levels, 0), EMU_OK);
		emu_pin_edge high = {0, operand == 2 ? EMU_PIN_HIGH : EMU_PIN_RISING};
		CHECK_EQ(emu_trigger_pins(u, &high, 1, 0), EMU_OK);
		if (operand)
			advanced(u, EMU_RISING, 0, 0);
		CHECK_EQ(emu_trigger_digital_operand(u, operand), EMU_OK);
		CHECK(capture(u, 127, 20));
		int analog = a[PRE - 1] < 0 && a[PRE] >= 0, edge = !(pins[PRE - 1] & 1) && pins[PRE] & 1;
		switch (operand) {
		case 1:
			CHECK(analog || edge);
			break;
		case 2:
			CHECK(analog && pins[PRE] & 1);
			break;
		default:
			CHECK(edge);
			break;
		}
		close_unit(u);
	}
	test_case("");
}

static void refusals(void)
{
	emu_term twice[2] = {{EMU_A, EMU_TRUE}, {EMU_A, EMU_FALSE}}, absent = {(emu_source)6, EMU_TRUE}, one = {EMU_A, EMU_TRUE};
	emu_threshold crossed = {EMU_A, -5, 5, 0, 0, 1}, high = {EMU_A, 32760, 0, 0, 0, -1};
	emu_pin_edge pin = {3, EMU_PIN_RISING};
	int trigger, pulse;
	test_case("refusals");
	emu_unit *u = open_unit("ps2000a", "[unit EMU1]\nmodel = 2406B\n", 8);
	CHECK_EQ(emu_trigger_conditions(u, twice, 2, 1, 1, 0), EMU_DUPLICATE_CONDITION_SOURCE);
	CHECK_EQ(emu_trigger_conditions(u, &absent, 1, 1, 1, 0), EMU_INVALID_CONDITION_CHANNEL);
	CHECK_EQ(emu_trigger_thresholds(u, &crossed, 1), EMU_INVALID_TRIGGER_PROPERTY);
	CHECK_EQ(emu_trigger_pins(u, &pin, 1, 0), EMU_NOT_SUPPORTED_BY_THIS_DEVICE);
	CHECK_EQ(emu_trigger_pins(u, NULL, 0, 0), EMU_OK);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 0, EMU_INSIDE, 0, 0), EMU_INVALID_PARAMETER);
	CHECK_EQ(emu_pulse_width(u, 5, 4, EMU_PULSE_IN_RANGE), EMU_PULSE_WIDTH_QUALIFIER);
	CHECK_EQ(emu_trigger_digital_operand(u, 1), EMU_NOT_USED);
	CHECK_EQ(emu_trigger_conditions(u, &one, 1, 1, 1, 0), EMU_OK);
	CHECK_EQ(emu_trigger_enabled(u, &trigger, &pulse), EMU_OK);
	CHECK(trigger && !pulse);
	CHECK_EQ(emu_trigger_conditions(u, NULL, 0, 1, 0, 0), EMU_OK);
	CHECK_EQ(emu_trigger_enabled(u, &trigger, &pulse), EMU_OK);
	CHECK(!trigger);
	close_unit(u);
	u = open_unit("ps6000a", "[unit EMU1]\nmodel = 6824E\n", 8);
	CHECK_EQ(emu_trigger_thresholds(u, &high, 1), EMU_THRESHOLD_OUT_OF_RANGE);
	CHECK_EQ(emu_trigger_conditions(u, &one, 1, 1, 1, 0), EMU_OK);
	CHECK_EQ(emu_block_run(u, 1, 1, 10, NULL, 0, NULL, NULL), EMU_CONDITION_HAS_NO_TRIGGER_PROPERTY);
	CHECK_EQ(emu_simple_trigger(u, 1, (emu_source)5, 0, EMU_RISING, 0, 0), EMU_OK);
	CHECK_EQ(emu_block_run(u, 1, 1, 10, NULL, 0, NULL, NULL), EMU_TRIGGER_CHANNEL_NOT_ENABLED);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_EXT, 0, EMU_RISING, 0, 0), EMU_EXTERNAL_TRIGGER_NOT_SUPPORTED);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 0, EMU_RISING_LOWER, 0, 0), EMU_INVALID_SIMPLE_TRIGGER_DIRECTION);
	close_unit(u);
}

/* A channel without power takes part in no trigger, but may be named. */
static void unpowered(void)
{
	test_case("channels without power");
	test_rig("[unit EMU1]\nmodel = 5444D\npower = usb\nhurry = on\nchannel A = square frequency=1kHz amplitude=8V\nchannel C = square frequency=1MHz amplitude=8V\n");
	family = test_family("ps5000a");
	int16_t h = 0;
	CHECK_EQ(emu_open(family, &h, NULL, 8), EMU_POWER_SUPPLY_NOT_CONNECTED);
	emu_unit *u = test_enter(family, h);
	CHECK_EQ(emu_change_power(u, EMU_POWER_SUPPLY_NOT_CONNECTED), EMU_OK);
	emu_term either[2] = {{EMU_A, EMU_TRUE}, {(emu_source)2, EMU_TRUE}};
	CHECK_EQ(emu_trigger_conditions(u, &either[0], 1, 1, 1, 0), EMU_OK);
	CHECK_EQ(emu_trigger_conditions(u, &either[1], 1, 0, 1, 0), EMU_OK);
	CHECK(capture(u, 127, 20));
	CHECK(a[PRE] >= 0 && a[PRE - 1] < 0);
	CHECK_EQ(emu_trigger_conditions(u, either, 2, 1, 1, 0), EMU_OK);
	CHECK(!capture(u, 127, 0.02));
	close_unit(u);
}

static void equivalent_time(void)
{
	static int64_t times[N];
	int32_t ps = 0;
	test_case("equivalent time");
	emu_unit *u = open_unit("ps2000a", "[unit EMU1]\nmodel = 2406B\nhurry = on\nchannel A = sine frequency=10MHz amplitude=8V\n", 8);
	CHECK_EQ(emu_ets(u, 1, 100, 30, &ps), EMU_INVALID_PARAMETER);
	CHECK_EQ(emu_ets(u, 1, 100, 10, &ps), EMU_OK);
	CHECK_EQ(ps, 100);
	emu_stream_request r = {.interval_fs = 1000000000, .mode = EMU_RAW, .overview_samples = 1};
	CHECK_EQ(emu_stream_run(u, &r), EMU_ETS_MODE_SET);
	CHECK_EQ(emu_block_run(u, 1, 1, 0, NULL, 0, NULL, NULL), EMU_TRIGGER_ERROR);
	CHECK_EQ(emu_simple_trigger(u, 1, EMU_A, 0, EMU_RISING, 0, 0), EMU_OK);
	CHECK_EQ(emu_ets_times(u, times, NULL, NULL, N), EMU_OK);
	CHECK(capture(u, 5, 20)); /* the timebase does not matter */
	CHECK(a[PRE] >= 0 && a[PRE - 1] < 0);
	for (int i = 1; i < N; i++)
		CHECK_EQ(times[i] - times[i - 1], 100000);
	CHECK(times[PRE] >= 0 && times[PRE] <= 100000);
	CHECK_EQ(emu_ets(u, 0, 0, 0, NULL), EMU_OK);
	close_unit(u);
	u = open_unit("ps6000a", "[unit EMU1]\nmodel = 6824E\n", 8);
	CHECK_EQ(emu_ets(u, 1, 10, 1, &ps), EMU_ETS_NOT_SUPPORTED);
	close_unit(u);
}

int main(void)
{
	windows();
	runts();
	delayed();
	external();
	operands();
	refusals();
	unpowered();
	equivalent_time();
	return test_done();
}
