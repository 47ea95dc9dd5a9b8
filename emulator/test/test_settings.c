/* Channels, ports, ranges, timebases, memory, information, LED and the power handshake. */
#include "harness.h"
#include "scope.h"
#include "unit.h"

static emu_unit *open_unit(const char *driver, const char *conf, int bits)
{
	test_rig(conf);
	return test_enter(test_family(driver), test_open(test_family(driver), NULL, bits));
}

static void close_unit(emu_unit *u)
{
	const emu_family *f = u->family;
	int16_t h = emu_handle(u);
	test_leave(u);
	test_close(f, h);
}

static void channels(void)
{
	static const struct { const char *name, *driver, *model; int channel; emu_channel_setting s; emu_status want; } rows[] = {
		{"plain", "ps2000a", "2406B", 0, {.on = 1, .coupling = EMU_DC, .range = 1}, EMU_OK},
		{"no 10 mV", "ps2000a", "2406B", 0, {.on = 1, .coupling = EMU_DC, .range = 0}, EMU_INVALID_VOLTAGE_RANGE},
		{"no 20 mV", "ps2000a", "2206A", 0, {.on = 1, .coupling = EMU_DC, .range = 1}, EMU_INVALID_VOLTAGE_RANGE},
		{"no 50 V", "ps5000a", "5444D", 0, {.on = 1, .coupling = EMU_DC, .range = 11}, EMU_INVALID_VOLTAGE_RANGE},
		{"no 50 ohm", "ps5000a", "5444D", 0, {.on = 1, .coupling = EMU_DC50, .range = 5}, EMU_INVALID_COUPLING},
		{"50 ohm", "ps6000a", "6824E", 7, {.on = 1, .coupling = EMU_DC50, .range = 8}, EMU_OK},
		{"50 ohm at 10 V", "ps6000a", "6824E", 7, {.on = 1, .coupling = EMU_DC50, .range = 9}, EMU_INVALID_VOLTAGE_RANGE},
		{"absent on", "ps6000a", "6403E", 5, {.on = 1, .coupling = EMU_DC, .range = 5}, EMU_INVALID_CHANNEL},
		{"absent off", "ps6000a", "6403E", 5, {.on = 0}, EMU_OK},
		{"absent off elsewhere", "ps2000a", "2206", 2, {.on = 0}, EMU_INVALID_CHANNEL},
		{"offset", "ps5000a", "5444D", 1, {.on = 1, .coupling = EMU_DC, .range = 4, .offset = 0.25}, EMU_OK},
		{"too much offset", "ps5000a", "5444D", 1, {.on = 1, .coupling = EMU_DC, .range = 4, .offset = -0.26}, EMU_INVALID_ANALOGUE_OFFSET},
		{"no offset there", "ps2000a", "2205MSO", 0, {.on = 1, .coupling = EMU_DC, .range = 4, .offset = 5}, EMU_OK},
		{"20 MHz", "ps6000a", "6424E", 0, {.on = 1, .coupling = EMU_DC, .range = 4, .bandwidth = 20e6}, EMU_OK},
		{"no 200 MHz", "ps6000a", "6424E", 0, {.on = 1, .coupling = EMU_DC, .range = 4, .bandwidth = 200e6}, EMU_INVALID_BANDWIDTH},
		{"200 MHz", "ps6000a", "6425E", 0, {.on = 1, .coupling = EMU_DC, .range = 4, .bandwidth = 200e6}, EMU_OK},
		{"no limiter", "ps2000a", "2406B", 0, {.on = 1, .coupling = EMU_DC, .range = 4, .bandwidth = 20e6}, EMU_BANDWIDTH_NOT_SUPPORTED},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char conf[100];
		test_case(rows[i].name);
		snprintf(conf, sizeof conf, "[unit EMU1]\nmodel = %s\n", rows[i].model);
		emu_unit *u = open_unit(rows[i].driver, conf, 0);
		CHECK_EQ(emu_set_channel(u, (emu_source)rows[i].channel, &rows[i].s), rows[i].want);
		close_unit(u);
	}
	test_case("ranges and offsets");
	emu_unit *u = open_unit("ps2000a", "[unit EMU1]\nmodel = 2206A\n", 0);
	int32_t codes[16], n = 16;
	double max, min;
	CHECK_EQ(emu_ranges(u, EMU_A, codes, &n), EMU_OK);
	CHECK_EQ(n, 9);
	CHECK(codes[0] == 2 && codes[8] == 10);
	n = 0;
	CHECK_EQ(emu_ranges(u, EMU_A, NULL, &n), EMU_OK);
	CHECK_EQ(n, 9);
	CHECK_EQ(emu_offset_limits(u, 6, EMU_DC, &max, &min), EMU_OK);
	CHECK(max == 2.5 && min == -2.5);
	CHECK_EQ(emu_offset_limits(u, 6, EMU_DC, NULL, NULL), EMU_NULL_PARAMETER);
	CHECK_EQ(emu_set_port(u, EMU_PORT0, 1, NULL, 0), EMU_INVALID_CHANNEL);
	close_unit(u);
	test_case("pods");
	u = open_unit("ps6000a", "[unit EMU1]\nmodel = 6824E\npods = none\n", 0);
	CHECK_EQ(emu_set_port(u, EMU_PORT0, 1, NULL, 0), EMU_NO_MSO_POD_CONNECTED);
	CHECK_EQ(emu_set_port(u, EMU_PORT0, 0, NULL, 0), EMU_OK);
	close_unit(u);
}

static void resolutions(void)
{
	int bits;
	int16_t max, min;
	uint32_t n, sets[2000], count = 2000;
	uint64_t fs;
	double seconds;
	test_case("resolutions");
	emu_unit *u = open_unit("ps5000a", "[unit EMU1]\nmodel = 5444DMSO\n", 0);
	CHECK_EQ(emu_resolution(u, &bits), EMU_OK);
	CHECK_EQ(bits, 8);
	CHECK_EQ(emu_adc_limits(u, 0, &min, &max), EMU_OK);
	CHECK(max == 32512 && min == -32512);
	CHECK_EQ(emu_set_resolution(u, 16), EMU_OK);
	CHECK_EQ(emu_adc_limits(u, 0, NULL, &max), EMU_OK);
	CHECK_EQ(max, 32767);
	CHECK_EQ(emu_set_resolution(u, 10), EMU_INVALID_DEVICE_RESOLUTION);
	CHECK_EQ(emu_timebase(u, 4, 0, NULL, NULL, 0), EMU_INVALID_NUMBER_CHANNELS_FOR_RESOLUTION); /* four are on */
	CHECK_EQ(emu_minimum_timebase(u, 1, 16, &n, &fs), EMU_OK);
	CHECK(n == 4 && fs == 16000000);
	CHECK_EQ(emu_minimum_timebase(u, 15, 12, &n, &fs), EMU_OK);
	CHECK(n == 3 && fs == 8000000);
	CHECK_EQ(emu_nearest_interval(u, 15, 12, 40e-9, &n, &seconds), EMU_OK);
	CHECK_EQ(n, 5); /* 32 and 48 ns are as near */
	CHECK_NEAR(seconds, 32e-9, 1e-18);
	CHECK_EQ(emu_nearest_interval(u, 15, 12, 1e-9, &n, &seconds), EMU_OK);
	CHECK_EQ(n, 3);
	CHECK_EQ(emu_channel_combinations(u, 16, 4, sets, &count), EMU_OK);
	CHECK_EQ(count, 16); /* one of four channels, each with any ports */
	count = 3;
	CHECK_EQ(emu_channel_combinations(u, 16, 4, sets, &count), EMU_CHANNELFLAGSCOMBINATIONS_ARRAY_SIZE_TOO_SMALL);
	CHECK_EQ(count, 16);
	close_unit(u);
	u = open_unit("ps6000a", "[unit EMU1]\nmodel = 6824E\n", 0);
	CHECK_EQ(emu_minimum_timebase(u, 3, 12, &n, &fs), EMU_CHANNEL_COMBINATION_NOT_VALID_IN_THIS_RESOLUTION);
	CHECK_EQ(emu_set_resolution(u, 14), EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT);
	close_unit(u);
}

static void memory(void)
{
	uint64_t n;
	test_case("memory");
	emu_unit *u = open_unit("ps6000a", "[unit EMU1]\nmodel = 6824E\nmemory = 1M\n", 0);
	for (int c = 2; c < 8; c++) {
		emu_channel_setting off = {0};
		CHECK_EQ(emu_set_channel(u, (emu_source)c, &off), EMU_OK);
	}
	CHECK_EQ(emu_memory_segments(u, 10, &n), EMU_OK);
	CHECK_EQ(n, 100000);
	CHECK_EQ(emu_memory_segments(u, 0, &n), EMU_TOO_MANY_SEGMENTS);
	CHECK_EQ(emu_memory_segments(u, 2000001, &n), EMU_TOO_MANY_SEGMENTS);
	CHECK_EQ(emu_segments_by_samples(u, 1000, &n), EMU_OK);
	CHECK_EQ(n, 500);
	CHECK_EQ(emu_query_segments(u, 1000, 4, 8, &n), EMU_OK);
	CHECK_EQ(n, 250);
	CHECK_EQ(emu_segments_by_samples(u, 500001, &n), EMU_TOO_MANY_SAMPLES);
	CHECK_EQ(emu_max_memory(u, 8, &n), EMU_OK);
	CHECK_EQ(n, 500000);
	CHECK_EQ(emu_set_captures(u, 0), EMU_ZERO_NUMBER_OF_CAPTURES_INVALID);
	CHECK_EQ(emu_set_captures(u, 501), EMU_NO_OF_CAPTURES_OUT_OF_RANGE);
	CHECK_EQ(emu_set_captures(u, 500), EMU_OK);
	close_unit(u);
}

static void info(void)
{
	int8_t text[32];
	int16_t need = 0, flashing;
	test_case("information");
	emu_unit *u = open_unit("ps6000a", "[unit EMU1]\nmodel = 6824E\n", 0);
	CHECK_EQ(emu_info(u->family, u, NULL, 0, &need, 3), EMU_OK);
	CHECK_EQ(need, 6);
	CHECK_EQ(emu_info(u->family, u, text, 6, &need, 3), EMU_OK);
	CHECK(!strcmp((char *)text, "6824E"));
	CHECK_EQ(emu_info(u->family, u, text, 3, &need, 3), EMU_OK);
	CHECK(!strcmp((char *)text, "68"));
	CHECK_EQ(emu_info(u->family, u, text, 32, &need, 4), EMU_OK);
	CHECK(!strcmp((char *)text, "EMU1"));
	for (uint32_t i = 0; i <= 10; i++)
		CHECK_EQ(emu_info(u->family, u, text, 32, &need, i), EMU_OK);
	CHECK_EQ(emu_info(u->family, u, text, 32, &need, 99), EMU_INVALID_INFO);
	CHECK_EQ(text[0], 0);
	CHECK_EQ(emu_info(u->family, NULL, text, 32, &need, 0), EMU_OK);
	CHECK_EQ(emu_info(u->family, NULL, text, 32, &need, 3), EMU_INFO_UNAVAILABLE);
	CHECK_EQ(emu_info(u->family, u, NULL, 0, NULL, 3), EMU_NULL_PARAMETER);
	CHECK_EQ(emu_flash_led(u, -1), EMU_OK);
	CHECK_EQ(emu_led_flashing(u, &flashing), EMU_OK);
	CHECK(flashing);
	CHECK_EQ(emu_flash_led(u, 0), EMU_OK);
	CHECK_EQ(emu_led_flashing(u, &flashing), EMU_OK);
	CHECK(!flashing);
	close_unit(u);
}

/* One row per unit and port: what open answers, what acknowledges it, what has power then. */
static void power(void)
{
	static const struct { const char *name, *model, *rig; emu_status open, after; emu_status c; } rows[] = {
		{"supply", "5444B", "power = supply\n", EMU_OK, EMU_OK, EMU_OK},
		{"without", "5444B", "power = usb\n", EMU_POWER_SUPPLY_NOT_CONNECTED, EMU_OK, EMU_CHANNEL_DISABLED_DUE_TO_USB_POWERED},
		{"two channels", "5244B", "power = usb\n", EMU_OK, EMU_OK, EMU_INVALID_CHANNEL},
		{"D at a slow port", "5244D", "usb = 2.0\n", EMU_USB3_0_DEVICE_NON_USB3_0_PORT, EMU_OK, EMU_INVALID_CHANNEL},
		{"D of four at a slow port", "5444D", "usb = 2.0\npower = usb\n", EMU_USB3_0_DEVICE_NON_USB3_0_PORT, EMU_OK, EMU_CHANNEL_DISABLED_DUE_TO_USB_POWERED},
		{"two handshakes", "5444D", "usb = 2.0\npower = usb\nhandshake = twice\n", EMU_USB3_0_DEVICE_NON_USB3_0_PORT, EMU_POWER_SUPPLY_NOT_CONNECTED, 0},
		{"too weak", "5444D", "power = undervoltage\n", EMU_POWER_SUPPLY_UNDERVOLTAGE, EMU_POWER_SUPPLY_UNDERVOLTAGE, 0},
	};
	const emu_family *f = test_family("ps5000a");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char conf[200];
		int16_t h = 0;
		emu_unit *u = NULL;
		emu_channel_setting on = {.on = 1, .coupling = EMU_DC, .range = 8};
		test_case(rows[i].name);
		snprintf(conf, sizeof conf, "[unit EMU1]\nmodel = %s\n%s", rows[i].model, rows[i].rig);
		test_rig(conf);
		CHECK_EQ(emu_open(f, &h, NULL, 8), rows[i].open);
		CHECK(h > 0);
		CHECK_EQ(emu_enter(f, h, "ps5000aSetChannel", 0, &u), rows[i].open);
		if (u)
			emu_leave(u, EMU_OK);
		u = test_enter(f, h);
		if (rows[i].open) {
			if (rows[i].open != EMU_POWER_SUPPLY_UNDERVOLTAGE)
				CHECK_EQ(emu_change_power(u, EMU_POWER_SUPPLY_CONNECTED), EMU_POWER_SUPPLY_REQUEST_INVALID);
			CHECK_EQ(emu_change_power(u, rows[i].open), rows[i].after);
		}
		if (!rows[i].after)
			CHECK_EQ(emu_set_channel(u, (emu_source)2, &on), rows[i].c);
		test_leave(u);
		test_close(f, h);
	}
	test_case("");
}

static void power_lost(void)
{
	static int16_t a[1000];
	const emu_family *f = test_family("ps5000a");
	test_case("power lost while streaming");
	emu_unit *u = open_unit("ps5000a", "[unit EMU1]\nmodel = 5444D\npower = supply\n", 8);
	int16_t h = emu_handle(u);
	emu_buffer b = {EMU_A, 0, EMU_RAW, EMU_I16, a, NULL, 1000};
	emu_stream_request r = {.interval_fs = 1000000000, .unit_fs = 1000000, .ratio = 1, .mode = EMU_RAW, .overview_samples = 1000};
	CHECK_EQ(emu_set_buffer(u, &b, EMU_ADD), EMU_OK);
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	test_leave(u);
	test_write("EMU1/power", "usb\n");
	test_sleep(0.01);
	CHECK_EQ(emu_enter(f, h, "ps5000aGetStreamingLatestValues", 0, &u), EMU_POWER_SUPPLY_NOT_CONNECTED);
	u = test_enter(f, h);
	CHECK_EQ(emu_scope_running(u), 0);
	CHECK_EQ(emu_current_power(u), EMU_POWER_SUPPLY_NOT_CONNECTED);
	CHECK_EQ(emu_change_power(u, EMU_POWER_SUPPLY_NOT_CONNECTED), EMU_OK);
	CHECK_EQ(emu_scope_active(u), 3);
	CHECK_EQ(emu_stream_run(u, &r), EMU_OK);
	close_unit(u);
}

int main(void)
{
	channels();
	resolutions();
	memory();
	info();
	power();
	power_lost();
	return test_done();
}
