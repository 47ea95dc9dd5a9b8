/* Faults at calls, and what the data path is told of them. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "unit.h"

static const emu_family *family;

static emu_status call(int16_t handle, const char *function)
{
	emu_unit *u = NULL;
	emu_status s = emu_enter(family, handle, function, EMU_UNPOWERED, &u);
	return u ? emu_leave(u, EMU_OK) : s;
}

/* A rig of one unit with these lines. */
static int16_t rig(const char *serial, const char *lines)
{
	char conf[1000];
	snprintf(conf, sizeof conf, "[unit %s]\nmodel = 2406B\n%s", serial, lines);
	test_rig(conf);
	return test_open(family, serial, 0);
}

static void statuses(void)
{
	static const struct { const char *name, *fault; emu_status want[6]; int log; } rows[] = {
		{"third call", "status function=ps2000aStop call=3 value=PICO_NOT_RESPONDING", {0, 0, 7, 0, 0, 0}, 1},
		{"any function by pattern", "status function=*Stop call=2 value=0x123", {0, 0x123, 0, 0, 0, 0}, 1},
		{"another function", "status function=ps2000aRunBlock value=7", {0}, 0},
		{"several times", "status function=ps2000aStop call=2 times=2 value=PICO_BUSY", {0, 0x27, 0x27, 0, 0, 0}, 2},
		{"after the call", "status function=ps2000aStop call=2 when=after value=PICO_TIMEOUT", {0, 0x143, 0, 0, 0, 0}, 1},
		{"busy for ever", "busy function=ps2000aStop call=4", {0, 0, 0, 0x27, 0x27, 0x27}, 3},
		{"in the second open only", "status function=ps2000aStop open=2 value=7", {0}, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char lines[200], serial[11], log[40];
		test_case(rows[i].name);
		snprintf(lines, sizeof lines, "fault = %s\n", rows[i].fault);
		snprintf(serial, sizeof serial, "S%zu", i);
		int16_t handle = rig(serial, lines);
		for (int k = 0; k < 6; k++)
			CHECK_EQ(call(handle, "ps2000aStop"), rows[i].want[k]);
		test_close(family, handle);
		snprintf(log, sizeof log, "%s/truth.log", serial);
		CHECK_EQ(test_count(log, "event=fault"), rows[i].log);
	}
	test_case("the second open");
	int16_t handle = test_open(family, "S6", 0);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_NOT_RESPONDING);
	test_close(family, handle);
	test_case("");
}

/* How a process ends that opens a unit with this fault and makes one call; -signal or exit code, 1000: it does not. */
static int ends(const char *serial, const char *line, double within)
{
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		/* Sanitizers catch signals; here the plain death is wanted. */
		signal(SIGSEGV, SIG_DFL);
		int16_t handle = rig(serial, line);
		call(handle, "ps2000aRunStreaming");
		_exit(0);
	}
	const double begun = test_seconds();
	for (int status; test_seconds() - begun < within; test_sleep(0.002))
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	return 1000;
}

static void deaths(void)
{
	test_case("crash");
	CHECK_EQ(ends("D1", "fault = crash function=*RunStreaming\n", 20), -SIGSEGV);
	CHECK_EQ(test_count("D1/truth.log", "event=fault kind=crash function=ps2000aRunStreaming"), 1);
	test_case("exit");
	CHECK_EQ(ends("D2", "fault = exit code=3 function=*RunStreaming\n", 20), 3);
	test_case("hang");
	CHECK_EQ(ends("D3", "fault = hang function=*RunStreaming\n", 0.1), 1000);
	test_case("endless loop");
	CHECK_EQ(ends("D4", "fault = spin function=*RunStreaming\n", 0.1), 1000);
	test_case("none");
	CHECK_EQ(ends("D5", "", 20), 0);
	test_case("");
}

static void times(void)
{
	int16_t handle = rig("T1", "fault = delay function=*Stop for=30ms\nfault = hang function=*PingUnit for=20ms\nfault = status at=50ms function=*RunBlock value=7\n");
	double begun = test_seconds();
	test_case("delay");
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	CHECK(test_seconds() - begun >= 0.03);
	test_case("hang for a time");
	begun = test_seconds();
	CHECK_EQ(call(handle, "ps2000aPingUnit"), EMU_OK);
	CHECK(test_seconds() - begun >= 0.02);
	test_case("at a time after the open");
	test_sleep(0.05);
	CHECK_EQ(call(handle, "ps2000aRunBlock"), EMU_NOT_RESPONDING);
	test_close(family, handle);
	test_case("");
}

static void noise(int fd)
{
	static const char *const streams[] = {"stdout", "stderr"};
	char lines[100];
	snprintf(lines, sizeof lines, "fault = noise stream=%s function=*Stop text=\"hello there\"\n", streams[fd - 1]);
	int16_t handle = rig(fd == 1 ? "N1" : "N2", lines);
	int ends_of_pipe[2], saved = dup(fd);
	char text[64] = "";
	test_case(fd == 1 ? "noise on stdout" : "noise on stderr");
	if (pipe(ends_of_pipe) != 0)
		exit(1);
	fflush(NULL);
	dup2(ends_of_pipe[1], fd);
	call(handle, "ps2000aStop");
	dup2(saved, fd);
	close(ends_of_pipe[1]);
	CHECK(read(ends_of_pipe[0], text, sizeof text - 1) > 0);
	CHECK(strcmp(text, "hello there\n") == 0);
	close(ends_of_pipe[0]);
	close(saved);
	test_close(family, handle);
	test_case("");
}

static void state(void)
{
	test_case("unplug and plug again by a fault");
	int16_t handle = rig("P1", "fault = unplug function=*Stop call=2 for=400ms\n");
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_NOT_RESPONDING);
	CHECK_EQ(call(handle, "ps2000aPingUnit"), EMU_NOT_RESPONDING);
	test_close(family, handle);
	CHECK_EQ(emu_open(family, &handle, NULL, 0), EMU_NOT_FOUND);
	test_sleep(0.41);
	handle = test_open(family, "P1", 0);
	test_close(family, handle);
	test_case("power by a fault");
	handle = rig("P2", "fault = power state=usb function=*Stop\n");
	call(handle, "ps2000aStop");
	emu_unit *u = test_enter(family, handle);
	CHECK(u && u->power == EMU_POWER_USB);
	test_leave(u);
	test_case("faults while the unit is open");
	test_write("P2/faults", "# from now on\nstatus function=*Stop value=7 call=2\nnonsense\n");
	test_sleep(0.003);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_NOT_RESPONDING);
	CHECK_EQ(test_count("problems.log", "event=faults unit=P2 problem=\"line 3: "), 1);
	test_write("P2/faults", "");
	test_sleep(0.003);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	test_close(family, handle);
	test_case("");
}

/* A fault that is over stays over in later opens, of other processes too. */
static void lives(void)
{
	static const struct { const char *name, *fault; emu_status want[3][3]; } rows[] = {
		{"once in its life", "status function=*Stop call=2 value=7", {{0, 7, 0}, {0, 0, 0}, {0, 0, 0}}},
		{"four times in its life", "status function=*Stop call=1 times=4 value=7", {{7, 7, 7}, {7, 0, 0}, {0, 0, 0}}},
		{"for ever", "status function=*Stop call=2 times=0 value=7", {{0, 7, 7}, {0, 7, 7}, {0, 7, 7}}},
		{"again in each open", "status function=*Stop call=2 value=7 again=open", {{0, 7, 0}, {0, 7, 0}, {0, 7, 0}}},
		{"the second open only", "status function=*Stop open=2 value=7", {{0, 0, 0}, {7, 0, 0}, {0, 0, 0}}},
		{"the same line twice", "status function=*Stop value=7\nfault = status function=*Stop value=7", {{7, 7, 0}, {0, 0, 0}, {0, 0, 0}}},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char lines[200], serial[11];
		test_case(rows[i].name);
		snprintf(lines, sizeof lines, "fault = %s\n", rows[i].fault);
		snprintf(serial, sizeof serial, "Y%zu", i);
		for (int open = 0; open < 3; open++) {
			int16_t handle = rig(serial, lines);
			for (int k = 0; k < 3; k++)
				CHECK_EQ(call(handle, "ps2000aStop"), rows[i].want[open][k]);
			test_close(family, handle);
		}
	}
	test_case("a process that a fault has killed");
	CHECK_EQ(ends("Y7", "fault = crash function=*RunStreaming\n", 20), -SIGSEGV);
	CHECK_EQ(ends("Y7", "fault = crash function=*RunStreaming\n", 20), 0);
	test_case("a unit that was off its port comes back for good");
	int16_t handle = rig("Y8", "fault = unplug at=20ms for=100ms\n");
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	test_sleep(0.021);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_NOT_RESPONDING);
	test_close(family, handle);
	test_sleep(0.11);
	handle = test_open(family, "Y8", 0);
	test_sleep(0.03);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	test_case("the file of faults");
	test_write("Y8/faults", "status function=*Stop value=7\n");
	test_sleep(0.003);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_NOT_RESPONDING);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	test_close(family, handle);
	handle = test_open(family, "Y8", 0);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	test_case("written again");
	test_write("Y8/faults", "status function=*Stop value=7\n");
	test_sleep(0.003);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_NOT_RESPONDING);
	test_close(family, handle);
	test_case("more faults than are remembered one by one");
	char many[4000] = "";
	for (int k = 0; k < 70; k++)
		sprintf(many + strlen(many), "status function=test%d value=7\n", k);
	test_write("Y8/faults", many);
	handle = test_open(family, "Y8", 0);
	for (int turn = 0; turn < 2; turn++)
		for (int k = 0; k < 70; k++) {
			char name[20];
			snprintf(name, sizeof name, "test%d", k);
			CHECK_EQ(call(handle, name), turn ? EMU_OK : EMU_NOT_RESPONDING);
		}
	test_close(family, handle);
	test_case("");
}

static void data(void)
{
	int16_t handle = rig("L1", "fault = late at=2s for=500ms every=10s\nfault = lose sample=1000 count=10 every=100 run=1\nfault = lose sample=2005 count=3 run=1\n"
				   "fault = unplug sample=5000 run=1\n");
	emu_unit *u = test_enter(family, handle);
	u->counters->runs = 1;
	u->counters->running = 1;
	test_case("late");
	static const double arrivals[][2] = {{0, 0}, {1.9, 1.9}, {2, 2}, {2.4, 2}, {2.6, 2.6}, {11.9, 11.9}, {12.3, 12}, {12.5, 12.5}};
	for (size_t i = 0; i < sizeof arrivals / sizeof *arrivals; i++)
		CHECK_NEAR(emu_fault_arrived(u, arrivals[i][0]), arrivals[i][1], 1e-9);
	test_case("lose");
	static const uint64_t losses[][3] = {{0, 1000, 10}, {1009, 1000, 10}, {1010, 1100, 10}, {1105, 1100, 10}, {1110, 1200, 10}, {2003, 2000, 10}, {2010, 2100, 10}};
	for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
		uint64_t count = 0, first = emu_fault_lost(u, losses[i][0], &count);
		CHECK_EQ(first, losses[i][1]);
		CHECK_EQ(count, losses[i][2]);
	}
	test_case("limit");
	CHECK_EQ(emu_fault_limit(u), 5000);
	u->counters->run_raw = 4999;
	test_leave(u);
	CHECK_EQ(call(handle, "ps2000aGetStreamingLatestValues"), EMU_OK);
	u = test_enter(family, handle);
	u->counters->run_raw = 5000;
	test_leave(u);
	CHECK_EQ(call(handle, "ps2000aGetStreamingLatestValues"), EMU_NOT_RESPONDING);
	test_close(family, handle);
	test_case("in the next run they are over");
	test_write("L1/plugged", "1");
	handle = rig("L1", "fault = lose sample=0 count=5 run=1\nfault = crash sample=7 run=1\nfault = burst every=100ms\n");
	u = test_enter(family, handle);
	u->counters->runs = 2;
	uint64_t count = 1;
	CHECK(emu_fault_lost(u, 0, &count) == UINT64_MAX && count == 0 && emu_fault_limit(u) == UINT64_MAX);
	test_case("burst");
	CHECK_NEAR(emu_fault_arrived(u, 0.05), 0, 1e-9);
	CHECK_NEAR(emu_fault_arrived(u, 0.25), 0.2, 1e-9);
	u->counters->running = 0;
	test_leave(u);
	test_close(family, handle);
	test_case("");
}

int main(void)
{
	family = test_family("ps2000a");
	test_rig("");
	statuses();
	deaths();
	times();
	noise(1);
	noise(2);
	state();
	lives();
	data();
	return test_done();
}
