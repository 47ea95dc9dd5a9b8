/* The counters file of a unit, mapped shared, and misuse, which is counted in it. */
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "registry.h"
#include "rig_files.h"

static const uint32_t magic = 0x434D4553, version = 1;

_Static_assert(sizeof(emu_counters) == 8 + 12 * 8 + 8 * 8 + 8 + 64 * 16, "the layout of counters is documented");

/* The size comes first and the numbers are zeros then, so two processes that both make it do no harm. */
emu_counters *emu_counters_map(const char *serial)
{
	char *path = emu_rig_path(serial, "counters");
	int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	free(path);
	if (fd < 0)
		return NULL;
	emu_counters *c = MAP_FAILED;
	struct stat s;
	if (fstat(fd, &s) == 0 && (s.st_size >= (off_t)sizeof *c || ftruncate(fd, sizeof *c) == 0))
		c = mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (c == MAP_FAILED)
		return NULL;
	c->magic = magic;
	c->version = version;
	return c;
}

void emu_counters_unmap(emu_counters *c)
{
	if (c)
		munmap(c, sizeof *c);
}

static const char *const kinds[EMU_MISUSES] = {"concurrent", "callback", "handle", "small-buffer", "freed-buffer", "opening", "order"};

void emu_misuse(emu_unit *u, emu_misuse_kind kind, const char *format, ...)
{
	char text[300];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	for (char *c = text; *c; c++)
		if (*c == '"' || *c == '\n')
			*c = '\'';
	if (!u) {
		emu_problem_log("event=misuse kind=%s text=\"%s\"", kinds[kind], text);
		return;
	}
	u->counters->misuse[kind]++;
	emu_truth(u, "misuse", "kind=%s text=\"%s\"", kinds[kind], text);
}
