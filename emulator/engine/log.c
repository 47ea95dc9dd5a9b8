/* Appends to logs and puts them aside when they are long. */
#include "log.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t emu_log_limit = 32 << 20;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

int emu_log_open(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Another process may have done it since: then the path leads to another file. */
static void put_aside(const char *path, int fd)
{
	struct stat ours, there;
	char *first = NULL, *before = NULL;
	if (fstat(fd, &ours) == 0 && stat(path, &there) == 0 && ours.st_ino == there.st_ino && ours.st_dev == there.st_dev &&
	    asprintf(&first, "%s.first", path) > 0 && asprintf(&before, "%s.before", path) > 0)
		rename(path, access(first, F_OK) == 0 ? before : first);
	free(first);
	free(before);
}

int emu_log_write(const char *path, int *fd, const char *lines, size_t n)
{
	struct stat s;
	pthread_mutex_lock(&mutex);
	if (fstat(*fd, &s) == 0 && s.st_size > 0 && (uint64_t)s.st_size + n > emu_log_limit && flock(*fd, LOCK_EX) == 0) {
		put_aside(path, *fd);
		int fresh = emu_log_open(path);
		if (fresh >= 0) {
			close(*fd);
			*fd = fresh;
		} else {
			flock(*fd, LOCK_UN);
		}
	}
	int done = write(*fd, lines, n) == (ssize_t)n;
	pthread_mutex_unlock(&mutex);
	return done;
}
