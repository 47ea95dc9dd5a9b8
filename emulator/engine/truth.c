/* The truth log of a unit: one line per event, each with one write(2). */
#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "unit.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static locale_t plain;

static void make_plain(void)
{
	plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* Numbers must not follow the locale of the program around us. */
void emu_truth(emu_unit *u, const char *event, const char *format, ...)
{
	char line[1024];
	double t = emu_now(u);
	int saved = errno;
	pthread_once(&once, make_plain);
	locale_t before = plain ? uselocale(plain) : (locale_t)0;
	int n = snprintf(line, sizeof line, "t=%.9f pid=%ld event=%s%s", t, (long)getpid(), event, *format ? " " : "");
	va_list args;
	va_start(args, format);
	int more = vsnprintf(line + n, sizeof line - (size_t)n, format, args);
	va_end(args);
	if (before)
		uselocale(before);
	n += more > 0 ? more : 0;
	if (n > (int)sizeof line - 2)
		n = (int)sizeof line - 2;
	line[n++] = '\n';
	if (u->truth_fd >= 0 && !emu_log_write(u->truth_path, &u->truth_fd, line, (size_t)n))
		fprintf(stderr, "scopelog emulator: truth log of %s: %s\n", u->serial, strerror(errno));
	errno = saved;
}
