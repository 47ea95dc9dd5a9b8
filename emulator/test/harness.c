/* The common part of the C tests. */
#include "harness.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int test_failures;
static const char *present = "";
static char directory[256];
static pid_t owner;

void test_fail(const char *file, int line, const char *format, ...)
{
	const char *slash = strrchr(file, '/');
	va_list args;
	va_start(args, format);
	fprintf(stderr, "%s:%d: %s%s", slash ? slash + 1 : file, line, present, *present ? ": " : "");
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	test_failures++;
}

void test_case(const char *name)
{
	present = name;
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *at)
{
	(void)s;
	(void)type;
	(void)at;
	return remove(path);
}

/* A child of fork leaves the folder alone. */
static void clean_up(void)
{
	if (getpid() == owner)
		nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void make_directory(void)
{
	const char *base = getenv("TMPDIR");
	snprintf(directory, sizeof directory, "%s/emulator-test-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		exit(1);
	}
	owner = getpid();
	setenv("SCOPELOG_RIG", directory, 1);
	atexit(clean_up);
}

const char *test_path(const char *file)
{
	static char path[512];
	if (!directory[0])
		make_directory();
	snprintf(path, sizeof path, "%s/%s", directory, file);
	return path;
}

void test_write(const char *file, const char *text)
{
	char path[512], temporary[540];
	snprintf(path, sizeof path, "%s", test_path(file));
	char *slash = strrchr(path, '/');
	*slash = 0;
	mkdir(path, 0700);
	*slash = '/';
	snprintf(temporary, sizeof temporary, "%s.new", path);
	FILE *f = fopen(temporary, "we");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0 || rename(temporary, path) != 0) {
		perror(path);
		exit(1);
	}
}

void test_rig(const char *conf)
{
	test_write("rig.conf", conf);
}

char *test_read(const char *file)
{
	FILE *f = fopen(test_path(file), "re");
	size_t n = 0, room = 1 << 16;
	char *text = malloc(room);
	if (!text)
		exit(1);
	while (f) {
		size_t got = fread(text + n, 1, room - 1 - n, f);
		n += got;
		if (got == 0)
			break;
		if (n == room - 1 && !(text = realloc(text, room *= 2)))
			exit(1);
	}
	if (f)
		fclose(f);
	text[n] = 0;
	return text;
}

int test_count(const char *file, const char *text)
{
	char *all = test_read(file);
	int n = 0;
	for (char *at = all; (at = strstr(at, text)); at += strlen(text))
		n++;
	free(all);
	return n;
}

void test_sleep(double seconds)
{
	struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
	while (nanosleep(&t, &t) != 0)
		;
}

double test_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

const emu_family *test_family(const char *driver)
{
	static const emu_family families[] = {
		{.name = "ps2000a", .version = "0.0.0.0", .all_on_after_open = 1, .max_delay = UINT32_MAX, .max_pulse_width = UINT32_MAX},
		{.name = "ps5000a", .version = "0.0.0.0", .has_power = 1, .all_on_after_open = 1, .max_delay = UINT32_MAX, .max_pulse_width = UINT32_MAX},
		{.name = "ps6000a", .version = "0.0.0.0", .queued_buffers = 1, .all_on_after_open = 1, .absent_channel_off_ok = 1,
		 .max_delay = UINT64_MAX, .max_pulse_width = UINT32_MAX},
	};
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (strcmp(families[i].name, driver) == 0)
			return &families[i];
	test_fail(__FILE__, __LINE__, "no family %s", driver);
	exit(1);
}

int16_t test_open(const emu_family *f, const char *serial, int bits)
{
	int16_t handle = 0;
	CHECK_EQ(emu_open(f, &handle, (const int8_t *)serial, bits), EMU_OK);
	CHECK(handle > 0);
	return handle;
}

emu_unit *test_enter(const emu_family *f, int16_t handle)
{
	emu_unit *u = NULL;
	CHECK_EQ(emu_enter(f, handle, "test", EMU_UNPOWERED | EMU_QUIET, &u), EMU_OK);
	return u;
}

void test_leave(emu_unit *u)
{
	if (u)
		emu_leave(u, EMU_OK);
}

void test_close(const emu_family *f, int16_t handle)
{
	emu_unit *u = NULL;
	CHECK_EQ(emu_enter(f, handle, "testCloseUnit", EMU_UNPOWERED, &u), EMU_OK);
	if (u)
		CHECK_EQ(emu_close(u), EMU_OK);
}

int test_done(void)
{
	if (test_failures)
		fprintf(stderr, "%d checks failed\n", test_failures);
	return test_failures != 0;
}
