/* rig.conf: what is understood, and what is told about what is not. */
#include <fcntl.h>
#include <unistd.h>

#include "harness.h"
#include "rig.h"
#include "text.h"
#include "unit.h"

static void mistakes(void)
{
	static const struct { const char *name, *conf; int line; const char *want; } rows[] = {
		{"before a section", "model = 2406B\n", 1, "before any section"},
		{"unknown section", "[unti EMU1]\n", 1, "[rig] and [unit SERIAL]"},
		{"open bracket", "[unit EMU1\n", 1, "closing ]"},
		{"serial too long", "[unit ABCDEFGHIJK]\n", 1, "1 to 10 characters"},
		{"serial with small letters", "[unit emu]\n", 1, "A-Z"},
		{"no model", "[unit EMU1]\n", 1, "has no model"},
		{"unknown model", "\n[unit EMU1]\nmodel = 2407X\n", 2, "no such model"},
		{"two of a serial", "[unit EMU1]\nmodel = 2406B\n[unit EMU1]\n", 3, "two units EMU1"},
		{"no equals sign", "[unit EMU1]\nmodel 2406B\n", 2, "name = value"},
		{"no value", "[unit EMU1]\nmodel =\n", 2, "no value"},
		{"unknown setting", "[unit EMU1]\nmodel = 2406B\ncolour = red\n", 3, "colour"},
		{"signal", "[unit EMU1]\nmodel = 2406B\n# a comment\nchannel B = sine\n[rig]\n", 4, "frequency"},
		{"channel twice", "[unit EMU1]\nmodel = 2406B\nchannel B = dc\nchannel B = dc\n", 4, "line 3"},
		{"no such channel", "[unit EMU1]\nmodel = 2406B\nchannel I = dc\n", 3, "A to H"},
		{"no such pin", "[unit EMU1]\nmodel = 2406B\npin D16 = dc\n", 3, "D0 to D15"},
		{"pin", "[unit EMU1]\nmodel = 2406B\npin D3 = proof\n", 3, "its port has"},
		{"clock error", "[unit EMU1]\nmodel = 2406B\nclock_error = 5s\n", 3, "ppm"},
		{"pacing", "[unit EMU1]\nmodel = 2406B\npacing = fast\n", 3, "real, unthrottled"},
		{"buffer", "[unit EMU1]\nmodel = 2406B\nbuffer = 3 apples\n", 3, "samples"},
		{"open time", "[unit EMU1]\nmodel = 2406B\nopen_time = -1s\n", 3, "0 to 3600"},
		{"fault", "[unit EMU1]\nmodel = 2406B\nfault = explode\n", 3, "crash"},
		{"fault without value", "[unit EMU1]\nmodel = 2406B\nfault = status call=1\n", 3, "value="},
		{"fault with an unknown name", "[unit EMU1]\nmodel = 2406B\nfault = status value=PICO_NONSENSE\n", 3, "value="},
		{"fault of two triggers", "[unit EMU1]\nmodel = 2406B\nfault = crash call=1 sample=5\n", 3, "one of call"},
		{"lose without count", "[unit EMU1]\nmodel = 2406B\nfault = lose sample=5\n", 3, "count"},
		{"rig setting", "[rig]\nspeed = 3\n", 2, "speed"},
		{"units at once", "[rig]\nmax_open = 0\n", 2, "1 to 64"},
		{"status of units in use", "[rig]\nin_use = PICO_WHAT\n", 2, "PICO_NOT_FOUND"},
	};
	char problem[400], place[40];
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		test_case(rows[i].name);
		test_rig(rows[i].conf);
		emu_rig *r = emu_rig_load(problem, sizeof problem);
		CHECK(!r);
		snprintf(place, sizeof place, "/rig.conf:%d: ", rows[i].line);
		if (!strstr(problem, place) || !strstr(problem, rows[i].want))
			test_fail(__FILE__, __LINE__, "\"%s\" has not \"%s\" and \"%s\"", problem, place, rows[i].want);
		emu_rig_free(r);
	}
	test_case("the caller is told by status, the user by stderr and the log of problems");
	int16_t handle = 7, count = 7;
	CHECK_EQ(emu_open(test_family("ps2000a"), &handle, NULL, 0), EMU_OPERATION_FAILED);
	CHECK_EQ(handle, -1);
	CHECK_EQ(emu_enumerate(test_family("ps2000a"), &count, NULL, NULL), EMU_OPERATION_FAILED);
	CHECK_EQ(count, 0);
	CHECK_EQ(test_count("problems.log", "PICO_NOT_FOUND or 0x3"), 1);
	test_case("");
}

static void settings(void)
{
	test_rig("# a rig\n"
		 "[rig]\nmax_open = 3   # of each family\nenumerate_time = 5ms\nlist_open = on\nin_use = 0x7\nfault = delay function=*EnumerateUnits for=1ms\n"
		 "[unit AB123/0456]\r\n"
		 "model = 5444DMSO\n\tchannel A = sine frequency=1kHz\npin D0 = dc offset=3V\nclock_error = -12.5ppm\npacing = unthrottled\n"
		 "usb = 2.0\npower = usb\nbuffer = 250k samples\ndelivery = 3ms\nunplug = hang\nskew = off\nempty_poll = busy\nhurry = on\nhandshake = twice\nopen_time = 1.5s\n"
		 "pods = 1\nseed = 99\nmemory = 1M\ntemperature = 41.5\ntrip = A C\nfault = crash call=3\nfault = lose sample=1k count=5\n"
		 "calibrated = 02Feb22\nfirmware = 9.9.9.9\nhardware = 7\n[unit U2]\nmodel = 6824E\nbuffer = 20ms\n");
	char problem[400];
	emu_rig *r = emu_rig_load(problem, sizeof problem);
	CHECK(r != NULL);
	if (!r) {
		fprintf(stderr, "%s\n", problem);
		return;
	}
	CHECK_EQ(r->max_open, 3);
	CHECK_NEAR(r->enumerate_s, 0.005, 1e-12);
	CHECK_EQ(r->list_open, 1);
	CHECK_EQ(r->in_use, 7);
	CHECK_EQ(r->faults, 1);
	CHECK_EQ(r->units, 2);
	emu_rig_unit copy;
	CHECK(emu_rig_unit_copy(&copy, &r->unit[0]));
	CHECK_NEAR(r->unit[1].buffer_s, 0.02, 1e-12);
	CHECK(strcmp(r->unit[1].driver, "ps6000a") == 0);
	emu_rig_free(r);
	CHECK(strcmp(copy.serial, "AB123/0456") == 0 && strcmp(copy.variant, "5444DMSO") == 0 && strcmp(copy.driver, "ps5000a") == 0);
	CHECK(strcmp(copy.channel[0].text, "sine frequency=1kHz") == 0 && strcmp(copy.pin[0].text, "dc offset=3V") == 0);
	CHECK_NEAR(copy.clock_ppm, -12.5, 0);
	CHECK(copy.pacing == EMU_UNTHROTTLED && copy.usb == 2 && copy.power == EMU_POWER_USB && copy.unplug == EMU_HANGS);
	CHECK(copy.skew == 0 && copy.empty_busy == 1 && copy.hurry == 1 && copy.handshakes == 2 && copy.pods == 1 && copy.trip == 5);
	CHECK_EQ(copy.buffer_samples, 250000);
	CHECK_NEAR(copy.delivery_s, 0.003, 1e-12);
	CHECK_NEAR(copy.open_s, 1.5, 0);
	CHECK(copy.seed == 99 && copy.memory == 1000000 && copy.faults == 2 && copy.temperature == 41.5);
	CHECK(strcmp(copy.fault[0].text, "crash call=3") == 0 && copy.fault[1].line == 30);
	CHECK(strcmp(copy.calibrated, "02Feb22") == 0 && strcmp(copy.firmware, "9.9.9.9") == 0 && strcmp(copy.hardware, "7") == 0);
	emu_rig_unit_free(&copy);
}

static void quantities(void)
{
	static const struct { const char *text, *unit; int ok; double want; } rows[] = {
		{"1kHz", "Hz", 1, 1000}, {"1.5", "V", 1, 1.5}, {"5mV", "V", 1, 0.005}, {"-3uV", "V", 1, -3e-6}, {"2e3Hz", "Hz", 1, 2000}, {"50%", "%", 1, 50},
		{"7ns", "s", 1, 7e-9}, {"1MS/s", "S/s", 1, 1e6}, {"90deg", "deg", 1, 90}, {"3", "", 1, 3}, {"2k", "", 1, 2000},
		{"1kV", "Hz", 0, 0}, {"kHz", "Hz", 0, 0}, {"", "V", 0, 0}, {"nan", "V", 0, 0}, {"inf", "V", 0, 0}, {"1 kHz", "Hz", 0, 0}, {"5m", "V", 0, 0},
		{"1,5V", "V", 0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double v = 0;
		test_case(rows[i].text);
		CHECK_EQ(emu_quantity(rows[i].text, rows[i].unit, &v), rows[i].ok);
		if (rows[i].ok)
			CHECK_NEAR(v, rows[i].want, (rows[i].want < 0 ? -rows[i].want : rows[i].want) * 1e-12);
	}
	static const struct { const char *text; int ok; uint64_t want; } counts[] = {
		{"0", 1, 0}, {"18446744073709551615", 1, UINT64_MAX}, {"5k", 1, 5000}, {"1e6", 1, 1000000}, {"1.5k", 1, 1500}, {"1.5", 0, 0}, {"-1", 0, 0},
		{"5m", 0, 0}, {"5kk", 0, 0},
	};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		uint64_t v = 0;
		test_case(counts[i].text);
		CHECK_EQ(emu_count(counts[i].text, &v), counts[i].ok);
		if (counts[i].ok)
			CHECK(v == counts[i].want);
	}
	test_case("names of statuses");
	uint32_t s = 0;
	CHECK(emu_status_parse("PICO_NOT_FOUND", &s) && s == EMU_NOT_FOUND);
	CHECK(emu_status_parse("BUSY", &s) && s == EMU_BUSY);
	CHECK(emu_status_parse("0x11A", &s) && s == EMU_POWER_SUPPLY_NOT_CONNECTED);
	CHECK(!emu_status_parse("0x11Z", &s) && !emu_status_parse("", &s) && !emu_status_parse("-1", &s));
	CHECK(strcmp(emu_status_name(0x197), "PICO_WAITING_FOR_DATA_BUFFERS") == 0 && !emu_status_name(0x99999999));
	test_case("");
}

static void default_rig(void)
{
	char problem[400];
	remove(test_path("rig.conf"));
	emu_rig *r = emu_rig_load(problem, sizeof problem);
	CHECK(r && r->units == 3);
	if (!r)
		fprintf(stderr, "%s\n", problem);
	static const char *const drivers[] = {"ps2000a", "ps5000a", "ps6000a"};
	for (int i = 0; r && i < 3; i++)
		CHECK(strcmp(r->unit[i].driver, drivers[i]) == 0 && strlen(r->unit[i].serial) == 9);
	emu_rig_free(r);
}

/* The example of the documentation is a rig. EMULATOR_DOC names the document. */
static void documented(void)
{
	const char *document = getenv("EMULATOR_DOC");
	if (!document)
		return;
	FILE *f = fopen(document, "re");
	char *text = calloc(1, 1 << 18);
	CHECK(f && text && fread(text, 1, (1 << 18) - 1, f) > 0);
	char *begin = text ? strstr(text, "```\n# two scopes\n") : NULL, *end = begin ? strstr(begin + 4, "```") : NULL;
	CHECK(end != NULL);
	if (end) {
		char problem[400];
		*end = 0;
		test_rig(begin + 4);
		test_write("ecg.i16", "some bytes");
		emu_rig *r = emu_rig_load(problem, sizeof problem);
		if (!r)
			test_fail(__FILE__, __LINE__, "%s", problem);
		else
			CHECK_EQ(r->units, 2);
		emu_rig_free(r);
	}
	if (f)
		fclose(f);
	free(text);
}

/* Damaged rigs: refused with a text or understood, never more than that. */
static void damaged(void)
{
	static const char good[] = "[rig]\nmax_open = 3\nfault = status function=*Units value=7 times=2\n[unit AB1/2] # one\nmodel = 2406B\n"
				   "channel A = sine frequency=1kHz amplitude=4V noise=5mV\nchannel B = double rate=100Hz lifetime=2.2us width=60ns\n"
				   "channel C = replay file=\"x y.i16\" rate=360S/s range=1V\nport 0 = counter frequency=1MHz\npin D9 = square period=1ms\n"
				   "fault = lose sample=100 count=5 every=10k\nfault = hang function=a call=10 for=1s\nbuffer = 10k samples\ntrip = A C\n";
	static const char bytes[] = "=[]#\"\n\t. -0189eknAZ\xff\x01%s/";
	char problem[400], text[sizeof good + 8];
	int understood = 0, quiet = open("/dev/null", O_WRONLY | O_CLOEXEC), saved = dup(2);
	fflush(stderr);
	dup2(quiet, 2);
	test_write("x y.i16", "some bytes");
	srand(11);
	for (int i = 0; i < 3000; i++) {
		size_t n = sizeof good - 1;
		memcpy(text, good, n + 1);
		for (int changes = 1 + rand() % 3; changes > 0; changes--) {
			size_t at = (size_t)rand() % n;
			if (rand() % 3 == 0)
				memmove(text + at, text + at + 1, n-- - at);
			else
				text[at] = bytes[(size_t)rand() % (sizeof bytes - 1)];
		}
		test_rig(text);
		emu_rig *r = emu_rig_load(problem, sizeof problem);
		understood += r != NULL;
		CHECK((r != NULL) == (problem[0] == 0));
		emu_rig_free(r);
	}
	fflush(stderr);
	dup2(saved, 2);
	close(saved);
	close(quiet);
	CHECK(understood > 100 && understood < 2900);
	remove(test_path("problems.log"));
}

int main(void)
{
	test_rig("");
	damaged();
	documented();
	mistakes();
	settings();
	quantities();
	default_rig();
	return test_done();
}
