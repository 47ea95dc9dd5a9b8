/* What the C tests share: checks that count, a rig directory of their own, and a family to be. A test program is
 * test_<topic>.c with a main that ends in `return test_done();`. */
#ifndef SCOPELOG_EMU_TEST_HARNESS_H
#define SCOPELOG_EMU_TEST_HARNESS_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu.h"
#include "status.h"

extern int test_failures;
void test_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

#define CHECK(condition) \
	do { \
		if (!(condition)) \
			test_fail(__FILE__, __LINE__, "%s", #condition); \
	} while (0)
/* Whole numbers. */
#define CHECK_EQ(got, want) \
	do { \
		long long got_ = (long long)(got), want_ = (long long)(want); \
		if (got_ != want_) \
			test_fail(__FILE__, __LINE__, "%s = %lld (0x%llx), want %s = %lld", #got, got_, got_, #want, want_); \
	} while (0)
#define CHECK_NEAR(got, want, within) \
	do { \
		double got_ = (got), want_ = (want); \
		if (!(got_ - want_ <= (within) && want_ - got_ <= (within))) \
			test_fail(__FILE__, __LINE__, "%s = %.12g, want %.12g", #got, got_, want_); \
	} while (0)

/* Names the case that failures are reported with, until the next one. */
void test_case(const char *name);
/* Writes rig.conf into the rig directory of this process, which is made at the first call and removed at exit. */
void test_rig(const char *conf);
/* A file of the rig directory: "EMU1/truth.log" is written EMU1/..., for unit folders with _ for /. Static memory. */
const char *test_path(const char *file);
void test_write(const char *file, const char *text);
/* To be freed; "" when the file is absent. */
char *test_read(const char *file);
/* How often a text stands in a file of the rig directory. */
int test_count(const char *file, const char *text);
void test_sleep(double seconds);
double test_seconds(void); /* CLOCK_MONOTONIC */
/* A family with the properties of the driver of that name. */
const emu_family *test_family(const char *driver);
/* Opens by serial (NULL: the first) and checks PICO_OK; the handle. */
int16_t test_open(const emu_family *f, const char *serial, int bits);
/* Between these an engine call can be made; the unit, or NULL with the failure recorded. */
emu_unit *test_enter(const emu_family *f, int16_t handle);
void test_leave(emu_unit *u);
void test_close(const emu_family *f, int16_t handle);
/* 0 when all checks held. */
int test_done(void);

#endif
