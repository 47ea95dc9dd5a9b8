/* Enumerating, opening by all ways, units in use, and closing. */
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "unit.h"

static const char conf[] = "[rig]\nmax_open = 2\n[unit AA/1]\nmodel = 5444DMSO\npower = usb\nusb = 2.0\n[unit AA/2]\nmodel = 5444DMSO\nusb = 3.0\n[unit AA/3]\nmodel = 5444DMSO\n"
			   "[unit BB1]\nmodel = 2406B\n[unit BB2]\nmodel = 2406B\nopen_time = 500ms\n";

static void enumerate(void)
{
	const emu_family *f = test_family("ps5000a");
	static const struct { const char *name; int16_t room; const char *flags, *want; int16_t length; } rows[] = {
		{"all", 100, "", "AA/1,AA/2,AA/3", 15},
		{"just enough", 15, "", "AA/1,AA/2,AA/3", 15},
		{"whole entries only", 14, "", "AA/1,AA/2", 15},
		{"room for none", 4, "", "", 15},
		{"variant", 100, "-v", "AA/1[5444DMSO],AA/2[5444DMSO],AA/3[5444DMSO]", 45},
		{"variant and USB", 100, "-v:-u", "AA/1[5444DMSO][2.0],AA/2[5444DMSO][3.0],AA/3[5444DMSO][3.0]", 60},
		{"never written memory", 100, "zz-v", "AA/1,AA/2,AA/3", 15},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int8_t text[100];
		int16_t count = -1, length = rows[i].room;
		test_case(rows[i].name);
		memset(text, 'z', sizeof text);
		strcpy((char *)text, rows[i].flags);
		CHECK_EQ(emu_enumerate(f, &count, text, &length), EMU_OK);
		CHECK_EQ(count, 3);
		CHECK_EQ(length, rows[i].length);
		if (strcmp((char *)text, rows[i].want) != 0)
			test_fail(__FILE__, __LINE__, "\"%s\", want \"%s\"", (char *)text, rows[i].want);
	}
	test_case("arguments");
	int16_t count = 0, length = 0;
	int8_t text[10];
	CHECK_EQ(emu_enumerate(f, NULL, NULL, NULL), EMU_NULL_PARAMETER);
	CHECK_EQ(emu_enumerate(f, &count, text, NULL), EMU_NULL_PARAMETER);
	CHECK_EQ(emu_enumerate(f, &count, NULL, &length), EMU_OK);
	CHECK_EQ(length, 15);
	CHECK_EQ(emu_enumerate(test_family("ps6000a"), &count, NULL, NULL), EMU_OK);
	CHECK_EQ(count, 0);
	test_case("unplugged and open units are not listed");
	test_write("AA_3/plugged", "0\n");
	int16_t handle = test_open(test_family("ps2000a"), "BB1", 0);
	CHECK_EQ(emu_enumerate(f, &count, NULL, NULL), EMU_OK);
	CHECK_EQ(count, 2);
	CHECK_EQ(emu_enumerate(test_family("ps2000a"), &count, NULL, NULL), EMU_OK);
	CHECK_EQ(count, 1);
	test_close(test_family("ps2000a"), handle);
	remove(test_path("AA_3/plugged"));
	test_case("");
}

static void open_ways(void)
{
	const emu_family *f = test_family("ps5000a");
	int16_t first = 0, second = 0, third = 9;
	test_case("power codes leave a valid handle");
	emu_status s = emu_open(f, &first, NULL, 0);
	CHECK(s == EMU_POWER_SUPPLY_NOT_CONNECTED || s == EMU_USB3_0_DEVICE_NON_USB3_0_PORT);
	CHECK(first > 0);
	emu_unit *u = NULL;
	CHECK_EQ(emu_enter(f, first, "ps5000aRunBlock", 0, &u), s);
	CHECK(!u);
	test_case("by serial");
	CHECK_EQ(emu_open(f, &second, (const int8_t *)"AA/2", 0), EMU_OK);
	CHECK(second > 0 && second != first);
	test_case("a finite number");
	CHECK_EQ(emu_open(f, &third, NULL, 0), EMU_MAX_UNITS_OPENED);
	CHECK_EQ(third, 0);
	test_close(f, first);
	test_case("the same unit twice");
	CHECK_EQ(emu_open(f, &third, (const int8_t *)"AA/2", 0), EMU_NOT_FOUND);
	CHECK_EQ(third, 0);
	test_case("none of that serial");
	CHECK_EQ(emu_open(f, &third, (const int8_t *)"ZZ/9", 0), EMU_NOT_FOUND);
	CHECK_EQ(third, 0);
	test_case("no unit of the family");
	CHECK_EQ(emu_open(test_family("ps6000a"), &third, NULL, 0), EMU_NOT_FOUND);
	test_case("unplugged");
	test_write("AA_3/plugged", "0\n");
	CHECK_EQ(emu_open(f, &third, (const int8_t *)"AA/3", 0), EMU_NOT_FOUND);
	CHECK_EQ(third, 0);
	test_write("AA_3/plugged", "1\n");
	third = test_open(f, "AA/3", 0);
	test_close(f, third);
	test_close(f, second);
	test_case("a handle of another family");
	third = test_open(test_family("ps2000a"), "BB1", 0);
	CHECK_EQ(emu_enter(f, third, "ps5000aPingUnit", 0, &u), EMU_INVALID_HANDLE);
	test_close(test_family("ps2000a"), third);
	CHECK_EQ(emu_enter(test_family("ps2000a"), third, "ps2000aPingUnit", 0, &u), EMU_INVALID_HANDLE);
	CHECK_EQ(test_count("problems.log", "event=misuse kind=handle"), 2);
	test_case("arguments");
	CHECK_EQ(emu_open(f, NULL, NULL, 0), EMU_NULL_PARAMETER);
	test_case("");
}

/* Another process holds the unit; it dies, and the unit is free at once. */
static void elsewhere(void)
{
	const emu_family *f = test_family("ps2000a");
	int there[2], back[2];
	char byte;
	test_case("in use elsewhere");
	if (pipe(there) != 0 || pipe(back) != 0)
		exit(1);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		int16_t handle = test_open(f, "BB1", 0);
		byte = handle > 0;
		if (write(back[1], &byte, 1) == 1 && read(there[0], &byte, 1) == 1)
			_exit(0);
		pause();
	}
	CHECK_EQ(read(back[0], &byte, 1), 1);
	CHECK_EQ(byte, 1);
	int16_t handle = 9, count = 0;
	CHECK_EQ(emu_open(f, &handle, (const int8_t *)"BB1", 0), EMU_NOT_FOUND);
	CHECK_EQ(handle, -1);
	CHECK_EQ(emu_enumerate(f, &count, NULL, NULL), EMU_OK);
	CHECK_EQ(count, 1);
	test_case("another status, and listed all the same");
	test_rig("[rig]\nin_use = PICO_BUSY\nlist_open = on\nenumerate_time = 20ms\n[unit BB1]\nmodel = 2406B\n[unit BB2]\nmodel = 2406B\n");
	CHECK_EQ(emu_open(f, &handle, (const int8_t *)"BB1", 0), EMU_BUSY);
	CHECK_EQ(handle, -1);
	const double begun = test_seconds();
	CHECK_EQ(emu_enumerate(f, &count, NULL, NULL), EMU_OK);
	CHECK_EQ(count, 2);
	CHECK(test_seconds() - begun >= 0.02);
	test_rig(conf);
	test_case("the first free one");
	handle = test_open(f, NULL, 0);
	emu_unit *u = test_enter(f, handle);
	CHECK(u && strcmp(u->serial, "BB2") == 0);
	test_leave(u);
	test_close(f, handle);
	test_case("the lock falls with the process");
	CHECK_EQ(write(there[1], "x", 1), 1);
	waitpid(child, NULL, 0);
	handle = test_open(f, "BB1", 0);
	test_close(f, handle);
	for (int i = 0; i < 2; i++) {
		close(there[i]);
		close(back[i]);
	}
	test_case("");
}

static void async(void)
{
	const emu_family *f = test_family("ps2000a");
	int16_t started = 0, handle = 9, percent = 9, complete = 9, other = 0, last = 0;
	test_case("progress");
	CHECK_EQ(emu_open_progress(f, &handle, &percent, &complete), EMU_OPERATION_FAILED);
	CHECK_EQ(emu_open_async(f, &started, (const int8_t *)"BB2", 0), EMU_OK);
	CHECK_EQ(started, 1);
	CHECK_EQ(emu_open_progress(f, &handle, &percent, &complete), EMU_OK);
	CHECK(complete == 0 && percent < 100 && handle == 0);
	test_case("others have to wait");
	CHECK_EQ(emu_open(f, &other, NULL, 0), EMU_OPEN_OPERATION_IN_PROGRESS);
	CHECK_EQ(emu_open_async(f, &started, NULL, 0), EMU_OPEN_OPERATION_IN_PROGRESS);
	CHECK_EQ(started, 0);
	CHECK_EQ(emu_enumerate(f, &other, NULL, NULL), EMU_OPEN_OPERATION_IN_PROGRESS);
	CHECK_EQ(test_count("problems.log", "kind=opening"), 3);
	test_case("completion");
	const double begun = test_seconds();
	while (!complete && test_seconds() - begun < 20) {
		CHECK_EQ(emu_open_progress(f, &handle, &percent, &complete), EMU_OK);
		CHECK(percent >= last);
		last = percent;
	}
	CHECK(complete == 1 && percent == 100 && handle > 0);
	test_close(f, handle);
	test_case("nothing found is told by the progress");
	CHECK_EQ(emu_open_async(f, &started, (const int8_t *)"NONE", 0), EMU_OK);
	CHECK_EQ(emu_open_progress(f, &handle, &percent, &complete), EMU_NOT_FOUND);
	CHECK(complete == 1 && handle == 0);
	test_case("a slow open");
	const double before = test_seconds();
	handle = test_open(f, "BB2", 0);
	CHECK(test_seconds() - before >= 0.5);
	test_close(f, handle);
	test_case("");
}

static void faults(void)
{
	const emu_family *f = test_family("ps2000a");
	test_rig("[rig]\nfault = status function=ps2000aEnumerateUnits call=2 value=PICO_BUSY\n[unit CC1]\nmodel = 2406B\n"
		 "fault = status function=ps2000aOpenUnit open=1 value=PICO_FW_FAIL\nfault = status function=*OpenUnitAsync open=2 value=PICO_FPGA_FAIL\n");
	int16_t handle = 0, count = 0, started, percent, complete;
	test_case("open fails by a fault");
	CHECK_EQ(emu_open(f, &handle, NULL, 0), EMU_FW_FAIL);
	CHECK_EQ(handle, -1);
	test_case("asynchronous open fails by a fault");
	CHECK_EQ(emu_open_async(f, &started, NULL, 0), EMU_OK);
	CHECK_EQ(emu_open_progress(f, &handle, &percent, &complete), EMU_FPGA_FAIL);
	CHECK(complete == 1 && handle == -1);
	test_case("the third open is good");
	handle = test_open(f, NULL, 0);
	test_close(f, handle);
	test_case("enumeration fails the second time");
	CHECK_EQ(emu_enumerate(f, &count, NULL, NULL), EMU_OK);
	CHECK_EQ(emu_enumerate(f, &count, NULL, NULL), EMU_BUSY);
	CHECK_EQ(emu_enumerate(f, &count, NULL, NULL), EMU_OK);
	test_case("");
}

/* Acknowledgements that an open asks for: the status of each, until it is OK. */
static void handshakes(void)
{
	static const struct { const char *name, *lines; emu_status want[3]; } rows[] = {
		{"supply on USB 3", "", {0}},
		{"USB 2 without supply", "usb = 2.0\npower = usb\n", {EMU_USB3_0_DEVICE_NON_USB3_0_PORT, 0}},
		{"one after the other", "usb = 2.0\npower = usb\nhandshake = twice\n", {EMU_USB3_0_DEVICE_NON_USB3_0_PORT, EMU_POWER_SUPPLY_NOT_CONNECTED, 0}},
	};
	const emu_family *f = test_family("ps5000a");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char conf[200];
		int16_t handle = 0;
		test_case(rows[i].name);
		snprintf(conf, sizeof conf, "[unit HS%zu]\nmodel = 5444DMSO\n%s", i, rows[i].lines);
		test_rig(conf);
		emu_status s = emu_open(f, &handle, NULL, 0);
		CHECK_EQ(s, rows[i].want[0]);
		for (int k = 1; s != EMU_OK && k < 3; k++) {
			emu_unit *u = NULL;
			CHECK_EQ(emu_enter(f, handle, "ps5000aStop", 0, &u), s);
			u = test_enter(f, handle);
			s = u ? emu_change_power(u, s) : EMU_OK;
			test_leave(u);
			CHECK_EQ(s, rows[i].want[k]);
		}
		test_close(f, handle);
	}
	test_case("");
}

int main(void)
{
	/* The faults of [rig] are read at the first enumeration of a process, so they come first. */
	faults();
	handshakes();
	remove(test_path("problems.log"));
	test_rig(conf);
	enumerate();
	open_ways();
	elsewhere();
	async();
	return test_done();
}
