/* For the tests of the 6000A layer: a rig of one unit in a folder of its own, and checks that tell where they failed. */
#ifndef SCOPELOG_TEST_RIG6000A_H
#define SCOPELOG_TEST_RIG6000A_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../engine/status.h"
#include "../ps6000a/ps6000a.h"

static int failures;
static char rig_dir[256];

#define CHECK(condition)                                                                       \
	do {                                                                                   \
		if (!(condition)) {                                                            \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			failures++;                                                            \
		}                                                                              \
	} while (0)

/* A call and the status that it has to answer. */
#define WANT(status, call)                                                                                              \
	do {                                                                                                            \
		uint32_t got_ = (call);                                                                                 \
		if (got_ != (uint32_t)(status)) {                                                                       \
			const char *name_ = emu_status_name(got_);                                                      \
			fprintf(stderr, "%s:%d: %s answers %#x %s, not %s\n", __FILE__, __LINE__, #call, (unsigned)got_, \
				name_ ? name_ : "", #status);                                                           \
			failures++;                                                                                     \
		}                                                                                                       \
	} while (0)

static inline void rig_file(const char *name, const char *text)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", rig_dir, name);
	f = fopen(path, "w");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0) {
		perror(path);
		exit(2);
	}
}

/* Makes the rig, or changes it for units opened later; unit: lines of the section of unit TEST/1, the model among them. */
static inline void rig(const char *unit)
{
	const char *tmp = getenv("TMPDIR");
	char text[4096];

	if (!rig_dir[0]) {
		snprintf(rig_dir, sizeof rig_dir, "%s/rig6000a.XXXXXX", tmp ? tmp : "/tmp");
		if (!mkdtemp(rig_dir) || setenv("SCOPELOG_RIG", rig_dir, 1) != 0) {
			perror(rig_dir);
			exit(2);
		}
	}
	snprintf(text, sizeof text, "[unit TEST/1]\n%s", unit);
	rig_file("rig.conf", text);
}

static inline int16_t opened(PICO_DEVICE_RESOLUTION resolution)
{
	int16_t handle = 0;

	WANT(EMU_OK, ps6000aOpenUnit(&handle, NULL, resolution));
	if (handle <= 0)
		exit(2);
	return handle;
}

/* Only one channel on, or, with count 8, all. */
static inline void channels(int16_t handle, int count)
{
	for (int i = 0; i < 8; i++)
		WANT(EMU_OK, i < count ? ps6000aSetChannelOn(handle, (PICO_CHANNEL)i, PICO_DC, PICO_X1_PROBE_5V, 0, PICO_BW_FULL)
				       : ps6000aSetChannelOff(handle, (PICO_CHANNEL)i));
}

static inline void wait_ms(int ms)
{
	struct timespec t = {ms / 1000, ms % 1000 * 1000000L};

	nanosleep(&t, NULL);
}

static inline int finish(void)
{
	char command[300];

	snprintf(command, sizeof command, "rm -rf '%s'", rig_dir);
	if (system(command) != 0)
		failures++;
	return failures != 0;
}

#endif
