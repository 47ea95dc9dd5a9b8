/* Logs stay within a bound and keep their beginning and their end, whoever writes. */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"
#include "log.h"
#include "rig_files.h"
#include "unit.h"

static uint64_t size_of(const char *file)
{
	struct stat s;
	return stat(test_path(file), &s) == 0 ? (uint64_t)s.st_size : 0;
}

/* The number behind key= in the first or last line; -1: none. */
static long number(const char *file, const char *key, int last)
{
	char *text = test_read(file), *found = NULL;
	for (char *at = text; (at = strstr(at, key)); at += strlen(key)) {
		found = at;
		if (!last)
			break;
	}
	long n = found ? atol(found + strlen(key)) : -1;
	free(text);
	return n;
}

static void truth(void)
{
	const emu_family *f = test_family("ps2000a");
	int16_t handle = test_open(f, "EMU1", 0);
	emu_unit *u = test_enter(f, handle);
	test_case("a short log is one file");
	emu_truth(u, "step", "n=%d", 0);
	CHECK(size_of("EMU1/truth.log") > 0 && size_of("EMU1/truth.log.first") == 0);
	emu_log_limit = 4096;
	for (int i = 1; i <= 1000; i++)
		emu_truth(u, "step", "n=%d", i);
	test_case("beginning and end are kept");
	CHECK_EQ(test_count("EMU1/truth.log.first", "event=open"), 1);
	CHECK_EQ(number("EMU1/truth.log.first", " n=", 0), 0);
	CHECK_EQ(number("EMU1/truth.log", " n=", 1), 1000);
	CHECK_EQ(number("EMU1/truth.log.before", " n=", 1) + 1, number("EMU1/truth.log", " n=", 0));
	CHECK(number("EMU1/truth.log.before", " n=", 0) > number("EMU1/truth.log.first", " n=", 1) + 1);
	test_case("none is longer than the limit");
	CHECK(size_of("EMU1/truth.log.first") <= 4096 && size_of("EMU1/truth.log.before") <= 4096 && size_of("EMU1/truth.log") <= 4096);
	CHECK(size_of("EMU1/truth.log.first") > 4000 && size_of("EMU1/truth.log.before") > 4000);
	test_leave(u);
	test_close(f, handle);
	test_case("opened again it goes on");
	handle = test_open(f, "EMU1", 0);
	test_close(f, handle);
	CHECK_EQ(test_count("EMU1/truth.log", "event=close"), 2);
	test_case("");
}

/* Several processes at one log: no line is torn, the bound holds but for what was on its way. */
static void problems(void)
{
	enum { WRITERS = 4, LINES = 400, LIMIT = 16384 };
	static const char *const files[] = {"problems.log", "problems.log.first", "problems.log.before"};
	test_case("problems of several processes");
	emu_log_limit = LIMIT;
	fflush(NULL);
	for (int w = 0; w < WRITERS; w++) {
		if (fork() == 0) {
			for (int i = 0; i < LINES; i++)
				emu_problem_log("event=test writer=%d n=%d end", w, i);
			_exit(0);
		}
	}
	for (int w = 0, status; w < WRITERS; w++)
		CHECK(wait(&status) > 0 && status == 0);
	for (int i = 0; i < 3; i++) {
		CHECK(size_of(files[i]) > 0 && size_of(files[i]) <= LIMIT + WRITERS * 100);
		CHECK_EQ(test_count(files[i], "mono="), test_count(files[i], " end\n"));
		CHECK_EQ(test_count(files[i], "\n"), test_count(files[i], " end\n"));
	}
	long latest = -1;
	for (int w = 0; w < WRITERS; w++) {
		char key[40];
		snprintf(key, sizeof key, "writer=%d n=", w);
		if (number("problems.log", key, 1) > latest)
			latest = number("problems.log", key, 1);
	}
	CHECK_EQ(latest, LINES - 1);
	test_case("");
}

int main(void)
{
	test_rig("[unit EMU1]\nmodel = 2406B\n");
	truth();
	problems();
	return test_done();
}
