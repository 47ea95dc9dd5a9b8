/* Where the rig is: SCOPELOG_RIG, else a private folder of the user with the default rig; and the folders of units. */
#include "rig_files.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "rig.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char *directory;

/* A folder that is ours alone: others could make units or read signals otherwise. */
static int private_folder(const char *path)
{
	struct stat s;
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return 0;
	return lstat(path, &s) == 0 && S_ISDIR(s.st_mode) && s.st_uid == geteuid() && (s.st_mode & 077) == 0;
}

static void find(void)
{
	char path[4096];
	const char *named = getenv("SCOPELOG_RIG");
	if (named && *named) {
		char *absolute = realpath(named, NULL);
		if (!absolute && errno == ENOENT && mkdir(named, 0700) == 0)
			absolute = realpath(named, NULL);
		if (!absolute)
			fprintf(stderr, "scopelog emulator: SCOPELOG_RIG=%s: %s\n", named, strerror(errno));
		directory = absolute;
		return;
	}
	struct stat s;
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	if (runtime && *runtime == '/' && stat(runtime, &s) == 0 && S_ISDIR(s.st_mode))
		snprintf(path, sizeof path, "%s/scopelog-emulator", runtime);
	else
		snprintf(path, sizeof path, "/tmp/scopelog-emulator-%ld", (long)geteuid());
	if (!private_folder(path)) {
		fprintf(stderr, "scopelog emulator: %s must be a folder of this user with mode 0700: remove it, or name another one in SCOPELOG_RIG\n", path);
		return;
	}
	directory = strdup(path);
}

const char *emu_rig_dir(void)
{
	pthread_once(&once, find);
	return directory;
}

char *emu_rig_path(const char *serial, const char *file)
{
	const char *dir = emu_rig_dir();
	if (!dir)
		return NULL;
	char *path = NULL;
	if (asprintf(&path, "%s/%s%s%s", dir, serial ? serial : "", serial && file ? "/" : "", file ? file : "") < 0)
		return NULL;
	if (serial) {
		for (char *c = path + strlen(dir) + 1, *end = c + strlen(serial); c < end; c++)
			if (*c == '/')
				*c = '_';
	}
	return path;
}

/* rename(2) makes the new content appear whole. */
int emu_file_write(const char *path, const char *text)
{
	char *temporary = NULL;
	if (asprintf(&temporary, "%s.%ld.tmp", path, (long)getpid()) < 0)
		return 0;
	int ok = 0;
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0) {
		size_t n = strlen(text);
		ok = write(fd, text, n) == (ssize_t)n;
		close(fd);
		ok = ok && rename(temporary, path) == 0;
		if (!ok)
			unlink(temporary);
	}
	free(temporary);
	return ok;
}

char *emu_file_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat s;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode) || s.st_size > 1 << 20) {
		close(fd);
		errno = EINVAL;
		return NULL;
	}
	size_t room = (size_t)s.st_size, got = 0;
	char *text = malloc(room + 1);
	while (text && got < room) {
		ssize_t n = read(fd, text + got, room - got);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	close(fd);
	if (text)
		text[got] = 0;
	return text;
}

char *emu_file_read_line(const char *path)
{
	char line[256];
	FILE *f = fopen(path, "re");
	char *got = f ? fgets(line, sizeof line, f) : NULL;
	if (f)
		fclose(f);
	if (!got)
		return NULL;
	line[strcspn(line, "\n")] = 0;
	return strdup(line);
}

void emu_problem_log(const char *format, ...)
{
	char text[600], line[700];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	char *path = emu_rig_path(NULL, "problems.log");
	int fd = path ? emu_log_open(path) : -1;
	if (fd >= 0) {
		struct timespec t;
		clock_gettime(CLOCK_MONOTONIC, &t);
		int n = snprintf(line, sizeof line, "mono=%lld.%09ld pid=%ld %s\n", (long long)t.tv_sec, t.tv_nsec, (long)getpid(), text);
		if (!emu_log_write(path, &fd, line, (size_t)n))
			fprintf(stderr, "scopelog emulator: %s", line);
		close(fd);
	}
	free(path);
}
