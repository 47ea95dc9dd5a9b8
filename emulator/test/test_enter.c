/* The bracket around calls: misuse, callbacks, plug and power, what is logged and what is left after a death. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "unit.h"

static const emu_family *family;

static emu_status call(int16_t handle, const char *function)
{
	emu_unit *u = NULL;
	emu_status s = emu_enter(family, handle, function, EMU_UNPOWERED, &u);
	CHECK((s == EMU_OK) == (u != NULL));
	return u ? emu_leave(u, s) : s;
}

static uint64_t misuses(int16_t handle, emu_misuse_kind kind)
{
	emu_unit *u = test_enter(family, handle);
	uint64_t n = u ? u->counters->misuse[kind] : 0;
	test_leave(u);
	return n;
}

static void *other_thread(void *handle)
{
	emu_status *s = handle;
	*s = call((int16_t)*s, "ps2000aPingUnit");
	return NULL;
}

static void concurrent(void)
{
	int16_t handle = test_open(family, "EMU1", 0);
	test_case("a call while another one is inside");
	emu_unit *u = test_enter(family, handle);
	emu_status s = (emu_status)handle;
	pthread_t t;
	pthread_create(&t, NULL, other_thread, &s);
	pthread_join(t, NULL);
	CHECK_EQ(s, EMU_DRIVER_FUNCTION);
	test_leave(u);
	CHECK_EQ(misuses(handle, EMU_MISUSE_CONCURRENT), 1);
	CHECK_EQ(call(handle, "ps2000aPingUnit"), EMU_OK);
	test_case("a call from a callback");
	u = test_enter(family, handle);
	emu_callback_begin(u);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_USER_CALLBACK);
	int16_t n = 0;
	CHECK_EQ(emu_enumerate(family, &n, NULL, NULL), EMU_USER_CALLBACK);
	emu_unit *again = NULL;
	CHECK_EQ(emu_enter(family, handle, "ps2000aGetUnitInfo", EMU_CALLBACK, &again), EMU_OK);
	CHECK(again == u);
	test_leave(again);
	test_case("other threads see the unit busy meanwhile");
	s = (emu_status)handle;
	pthread_create(&t, NULL, other_thread, &s);
	pthread_join(t, NULL);
	CHECK_EQ(s, EMU_DRIVER_FUNCTION);
	emu_callback_end(u);
	test_leave(u);
	CHECK_EQ(misuses(handle, EMU_MISUSE_CALLBACK), 1);
	CHECK_EQ(misuses(handle, EMU_MISUSE_CONCURRENT), 2);
	CHECK_EQ(call(handle, "ps2000aStop"), EMU_OK);
	test_case("the truth log tells them");
	CHECK_EQ(test_count("EMU1/truth.log", "event=misuse kind=concurrent text=\"ps2000aPingUnit"), 2);
	CHECK_EQ(test_count("EMU1/truth.log", "event=misuse kind=callback text=\"ps2000aStop"), 1);
	test_close(family, handle);
	test_case("");
}

/* Many threads at one unit, one of which closes it: for the sanitizers. */
static _Atomic int stop;
static void *hammer(void *handle)
{
	while (!stop)
		call(*(int16_t *)handle, "ps2000aPingUnit");
	return NULL;
}

static void crowd(void)
{
	int16_t handle = test_open(family, "EMU1", 0);
	pthread_t t[3];
	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, hammer, &handle);
	for (int i = 0; i < 50; i++)
		call(handle, "ps2000aStop");
	emu_unit *u = NULL;
	for (const double begun = test_seconds(); !u && test_seconds() - begun < 20;)
		emu_enter(family, handle, "ps2000aCloseUnit", 0, &u);
	CHECK(u != NULL);
	if (u)
		emu_close(u);
	stop = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
}

static void plug(void)
{
	int16_t handle = test_open(family, "EMU1", 0);
	test_case("unplugged: gone");
	test_write("EMU1/plugged", "0\n");
	test_sleep(0.003);
	CHECK_EQ(call(handle, "ps2000aPingUnit"), EMU_NOT_RESPONDING);
	test_case("plugged again: the old handle stays lost");
	test_write("EMU1/plugged", "1\n");
	test_sleep(0.003);
	CHECK_EQ(call(handle, "ps2000aPingUnit"), EMU_NOT_RESPONDING);
	test_close(family, handle);
	handle = test_open(family, "EMU1", 0);
	CHECK_EQ(call(handle, "ps2000aPingUnit"), EMU_OK);
	CHECK_EQ(test_count("EMU1/truth.log", "event=unplugged"), 1);
	test_case("out for a time");
	test_write("EMU1/plugged", "0 until 0.001\n");
	test_sleep(0.003);
	CHECK_EQ(call(handle, "ps2000aPingUnit"), EMU_OK);
	test_close(family, handle);
	test_case("unplugged: busy for ever");
	handle = test_open(family, "BUSY", 0);
	test_write("BUSY/plugged", "0\n");
	test_sleep(0.003);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(call(handle, "ps2000aGetStreamingLatestValues"), EMU_BUSY);
	test_close(family, handle);
	test_case("unplugged: hangs, close too");
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		handle = test_open(family, "HANG", 0);
		test_write("HANG/plugged", "0\n");
		test_sleep(0.003);
		test_close(family, handle);
		_exit(1);
	}
	const double begun = test_seconds();
	while (test_count("HANG/truth.log", "event=unplugged") == 0 && test_seconds() - begun < 20)
		test_sleep(0.002);
	test_sleep(0.02);
	int status;
	CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	test_case("power state");
	handle = test_open(family, "EMU1", 0);
	test_write("EMU1/power", "usb\n");
	test_sleep(0.003);
	emu_unit *u = test_enter(family, handle);
	CHECK(u && u->power == EMU_POWER_USB);
	test_leave(u);
	remove(test_path("EMU1/power"));
	test_sleep(0.003);
	u = test_enter(family, handle);
	CHECK(u && u->power == EMU_POWER_SUPPLY);
	test_leave(u);
	test_close(family, handle);
	test_case("");
}

/* SIGKILL in the middle of a run: counters and log stay, the next open writes the end of the run. */
static void death(void)
{
	test_case("after SIGKILL");
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		emu_unit *u = test_enter(family, test_open(family, "DEAD", 0));
		u->counters->runs = 3;
		u->counters->run_raw = 1000;
		u->counters->run_delivered = 900;
		u->counters->run_dropped = 100;
		u->counters->running = 1;
		emu_truth(u, "last", "words=%d", 42);
		kill(getpid(), SIGKILL);
	}
	waitpid(child, NULL, 0);
	CHECK_EQ(test_count("DEAD/truth.log", "event=last words=42"), 1);
	int16_t handle = test_open(family, "DEAD", 0);
	CHECK_EQ(test_count("DEAD/truth.log", "event=run-cut run=3 counter=0 raw=1000 delivered=900 dropped=100"), 1);
	emu_unit *u = test_enter(family, handle);
	CHECK(u && u->counters->opens == 2 && u->counters->running == 0 && u->counters->total_delivered == 900 && u->counters->total_dropped == 100);
	CHECK(u && u->counters->magic == 0x434D4553);
	test_leave(u);
	test_close(family, handle);
	test_case("");
}

static void writable(void)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 40 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *heap = malloc(100);
	test_case("memory that is there");
	CHECK(emu_writable(p, 40 * page) && emu_writable(p + 5, 1) && emu_writable(heap, 100) && emu_writable(NULL, 0));
	test_case("memory that is not");
	munmap(p + 20 * page, 20 * page);
	CHECK(emu_writable(p, 20 * page) && !emu_writable(p, 20 * page + 1) && !emu_writable(p + 30 * page, 8));
	CHECK(!emu_writable(NULL, 1) && !emu_writable((void *)-8, 16));
	munmap(p, 20 * page);
	CHECK(!emu_writable(p, 1));
#ifdef __SANITIZE_ADDRESS__
	test_case("what AddressSanitizer knows");
	CHECK(!emu_writable(heap, 101));
	char *volatile gone = heap;
	free(heap);
	CHECK(!emu_writable(gone, 1));
#else
	free(heap);
#endif
	test_case("");
}

static void log_of_calls(void)
{
	int16_t handle = test_open(family, "LOG1", 0);
	emu_unit *u = NULL;
	test_case("log of calls");
	call(handle, "ps2000aSetChannel");
	CHECK_EQ(emu_enter(family, handle, "ps2000aIsReady", EMU_QUIET, &u), EMU_OK);
	CHECK_EQ(emu_leave(u, EMU_OK), EMU_OK);
	CHECK_EQ(emu_enter(family, handle, "ps2000aIsReady", EMU_QUIET, &u), EMU_OK);
	CHECK_EQ(emu_leave(u, EMU_BUSY), EMU_BUSY);
	CHECK_EQ(emu_enter(family, handle, "ps2000aSetDataBuffer", EMU_QUIET, &u), EMU_OK);
	CHECK_EQ(emu_leave(u, EMU_INVALID_CHANNEL), EMU_INVALID_CHANNEL);
	CHECK_EQ(emu_enter(family, handle, "ps2000aRunBlock", 0, &u), EMU_OK);
	CHECK_EQ(emu_leave(u, EMU_INVALID_TIMEBASE), EMU_INVALID_TIMEBASE);
	CHECK_EQ(test_count("LOG1/truth.log", "event=call function=ps2000aSetChannel status=0x0 us="), 1);
	CHECK_EQ(test_count("LOG1/truth.log", "IsReady"), 0);
	CHECK_EQ(test_count("LOG1/truth.log", "function=ps2000aSetDataBuffer status=0x10"), 1);
	CHECK_EQ(test_count("LOG1/truth.log", "function=ps2000aRunBlock status=0xE"), 1);
	test_close(family, handle);
	CHECK_EQ(test_count("LOG1/truth.log", "event=close"), 1);
	test_case("time goes on with the rig");
	double now = emu_now(NULL);
	CHECK(now >= 0 && now < 600 && emu_now(NULL) >= now);
	test_case("");
}

int main(void)
{
	family = test_family("ps2000a");
	test_rig("[unit EMU1]\nmodel = 2406B\n[unit BUSY]\nmodel = 2406B\nunplug = busy\n[unit HANG]\nmodel = 2406B\nunplug = hang\n"
		 "[unit DEAD]\nmodel = 2406B\n[unit LOG1]\nmodel = 2406B\n");
	CHECK(emu_now(NULL) >= 0); /* the first look at the clock of a new rig */
	log_of_calls();
	concurrent();
	crowd();
	plug();
	death();
	writable();
	return test_done();
}
