/* Names of status numbers, both ways. The numbers themselves are in status.h. */
#include "status.h"

#include <stdlib.h>
#include <string.h>

static const struct { const char *name; uint32_t value; } names[] = {
#define NAMED(name, value) {"PICO_" #name, value},
	EMU_STATUSES(NAMED)
#undef NAMED
};

const char *emu_status_name(uint32_t status)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].value == status)
			return names[i].name;
	return NULL;
}

int emu_status_parse(const char *text, uint32_t *status)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(text, names[i].name) == 0 || strcmp(text, names[i].name + 5) == 0) {
			*status = names[i].value;
			return 1;
		}
	}
	char *end;
	if (*text < '0' || *text > '9')
		return 0;
	unsigned long long v = strtoull(text, &end, 0);
	if (*end || v > 0xFFFFFFFF)
		return 0;
	*status = (uint32_t)v;
	return 1;
}
