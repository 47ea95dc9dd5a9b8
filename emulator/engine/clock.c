/* Time: CLOCK_MONOTONIC, and the seconds since the rig began. The beginning is a file of the rig directory, so that all
 * processes agree on it; a reboot begins anew, since CLOCK_MONOTONIC does. */
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "rig_files.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint64_t began_ns;

uint64_t emu_mono_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* One line "NANOSECONDS BOOT". The directory is locked meanwhile, so that all processes agree on who was first. */
static void agree(const char *dir)
{
	char *boot = emu_file_read_line("/proc/sys/kernel/random/boot_id"), *path = emu_rig_path(NULL, "began");
	char *line = path ? emu_file_read_line(path) : NULL, *end = line, text[128];
	unsigned long long ns = line ? strtoull(line, &end, 10) : 0;
	snprintf(text, sizeof text, "%llu %s\n", (unsigned long long)began_ns, boot ? boot : "-");
	if (line && end != line && *end == ' ' && strcmp(end + 1, boot ? boot : "-") == 0)
		began_ns = ns;
	else if (!path || !emu_file_write(path, text))
		fprintf(stderr, "scopelog emulator: %s: the beginning of the rig cannot be written\n", dir);
	free(line);
	free(path);
	free(boot);
}

static void begin(void)
{
	began_ns = emu_mono_ns();
	const char *dir = emu_rig_dir();
	int fd = dir ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX) == 0)
		agree(dir);
	close(fd);
}

double emu_rig_seconds(uint64_t mono_ns)
{
	pthread_once(&once, begin);
	return mono_ns >= began_ns ? (double)(mono_ns - began_ns) * 1e-9 : -(double)(began_ns - mono_ns) * 1e-9;
}

double emu_seconds_at(uint64_t mono_ns)
{
	return emu_rig_seconds(mono_ns);
}

double emu_now(const emu_unit *u)
{
	(void)u;
	pthread_once(&once, begin); /* before the clock is read, so that no time lies before the beginning */
	return emu_rig_seconds(emu_mono_ns());
}
