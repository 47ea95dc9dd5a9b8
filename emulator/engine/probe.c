/* The state files of accessories. Each holds one short line:
 *   pods         the ports with a pod, as in rig.conf: "none", "1", "2", "both"
 *   probes       channel=number pairs: "A=6000 C=6001"
 *   temperature  degrees Celsius: "41.5"
 *   reference    "internal" or "external"
 *   generator    "ok" or "overload"
 *   button       "A short" or "A long"; is removed when it has been told */
#include "probe.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT = 128 };

/* The text of a file without the line's end; 0 when there is none. */
static int text_of(const emu_unit *u, const char *name, char text[TEXT])
{
	char path[4096];
	int fd, n;

	if ((size_t)snprintf(path, sizeof path, "%s/%s", u->dir, name) >= sizeof path)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	n = (int)read(fd, text, TEXT - 1);
	close(fd);
	if (n <= 0)
		return 0;
	text[n] = 0;
	text[strcspn(text, "\n")] = 0;
	return 1;
}

void emu_accessories_read(const emu_unit *u, emu_accessories *a)
{
	char text[TEXT], *end;

	/* emu_pods_refresh may write meanwhile, on the thread that is inside the unit */
	*a = (emu_accessories){.pods = (unsigned)__atomic_load_n(&u->rig.pods, __ATOMIC_RELAXED), .temperature = u->rig.temperature};
	if (text_of(u, "pods", text)) {
		static const char *const words[] = {"none", "1", "2", "both"};
		for (unsigned set = 0; set < sizeof words / sizeof *words; set++)
			if (!strcmp(text, words[set]))
				a->pods = set;
	}
	if (text_of(u, "probes", text))
		for (char *p = text; *p; p += *p != 0) {
			if (*p >= 'A' && *p < 'A' + EMU_CHANNELS && p[1] == '=') {
				int channel = *p - 'A';
				a->probe[channel] = (int32_t)strtol(p + 2, &end, 10);
				p = end;
			}
		}
	if (text_of(u, "temperature", text)) {
		double t = strtod(text, &end);
		if (end != text)
			a->temperature = t;
	}
	a->external_reference = text_of(u, "reference", text) && !strcmp(text, "external");
	a->generator_overload = text_of(u, "generator", text) && !strcmp(text, "overload");
}

void emu_pods_refresh(emu_unit *u)
{
	emu_accessories a;

	emu_accessories_read(u, &a);
	__atomic_store_n(&u->rig.pods, (int)a.pods, __ATOMIC_RELAXED);
}

int emu_button_pressed(const emu_unit *u, int *channel, int *held)
{
	char text[TEXT], path[4096];

	if (!text_of(u, "button", text) || text[0] < 'A' || text[0] >= 'A' + EMU_CHANNELS)
		return 0;
	if ((size_t)snprintf(path, sizeof path, "%s/button", u->dir) >= sizeof path || unlink(path) != 0)
		return 0;
	*channel = text[0] - 'A';
	*held = strstr(text, "long") != NULL;
	return 1;
}
