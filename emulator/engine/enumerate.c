/* EnumerateUnits: serials of the units that are plugged and free, and what its option flags add. */
#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "opening.h"
#include "registry.h"
#include "state.h"

/* From the first enumeration on, since they count calls. Used by the one thread that is enumerating. */
static struct emu_faults *faults;

/* Flags stand in the buffer on entry: "-v", "-c", "-h", "-u", "-f" with anything between. What does not begin with a
 * minus is no request but memory that was never written. */
static unsigned read_flags(const int8_t *text, int16_t n)
{
	static const char letters[] = "vchuf";
	unsigned flags = 0;
	if (!text || n < 3 || text[0] != '-')
		return 0;
	for (int16_t i = 0; i + 1 < n && text[i]; i++) {
		const char *letter = text[i] == '-' && text[i + 1] ? strchr(letters, text[i + 1]) : NULL;
		if (letter)
			flags |= 1u << (letter - letters);
	}
	return flags;
}

static int describe(char *to, size_t n, const emu_rig_unit *r, unsigned flags)
{
	const char *values[] = {r->variant, r->calibrated, r->hardware, r->usb == 3 ? "3.0" : "2.0", r->firmware};
	int used = snprintf(to, n, "%s", r->serial);
	for (int i = 0; i < 5; i++)
		if (flags & 1u << i)
			used += snprintf(to + used, n - (size_t)used, "[%s]", values[i]);
	return used;
}

static int listed(const emu_family *f, const emu_rig *rig, const emu_rig_unit *r)
{
	if (strcmp(r->driver, f->name) != 0)
		return 0;
	emu_state_files *files = emu_state_new(r);
	int plugged = files && emu_state_plugged(files);
	emu_state_free(files);
	return plugged && (rig->list_open || (!emu_registry_open(f, r->serial) && !emu_unit_locked(r->serial)));
}

/* Whole entries as far as they fit; *length tells what all of them need. */
static void list(const emu_family *f, const emu_rig *rig, int16_t *count, int8_t *serials, int16_t *length)
{
	unsigned flags = serials && length ? read_flags(serials, *length) : 0;
	int room = serials && length ? *length : 0, used = 0, need = 0;
	char entry[160];
	if (room > 0)
		serials[0] = 0;
	for (int i = 0; i < rig->units; i++) {
		if (!listed(f, rig, &rig->unit[i]))
			continue;
		int n = describe(entry, sizeof entry, &rig->unit[i], flags), comma = need > 0;
		if (used == need && used + comma + n + 1 <= room) {
			if (comma)
				serials[used++] = ',';
			memcpy(serials + used, entry, (size_t)n + 1);
			used += n;
		}
		need += comma + n;
		(*count)++;
	}
	if (length)
		*length = (int16_t)(need + 1 < INT16_MAX ? need + 1 : INT16_MAX);
}

/* Faults of calls without a unit. 1: answer *s. */
static int fire(const emu_family *f, const emu_rig *rig, emu_status *s, emu_status *replace)
{
	char function[80];
	snprintf(function, sizeof function, "%sEnumerateUnits", f->name);
	if (!faults)
		faults = emu_faults_new(rig->fault, rig->faults, NULL);
	return emu_faults_fire(faults, NULL, function, s, replace);
}

emu_status emu_enumerate(const emu_family *f, int16_t *count, int8_t *serials, int16_t *length)
{
	char problem[400];
	emu_status s = EMU_OK, replace = EMU_OK;
	if (!count || (serials && !length))
		return EMU_NULL_PARAMETER;
	*count = 0;
	if (emu_in_callback()) {
		emu_misuse(NULL, EMU_MISUSE_CALLBACK, "%sEnumerateUnits", f->name);
		return EMU_USER_CALLBACK;
	}
	if (!emu_opening_begin()) {
		emu_misuse(NULL, EMU_MISUSE_OPENING, "%sEnumerateUnits", f->name);
		return EMU_OPEN_OPERATION_IN_PROGRESS;
	}
	emu_rig *rig = emu_rig_load(problem, sizeof problem);
	if (!rig) {
		s = EMU_OPERATION_FAILED;
	} else if (!fire(f, rig, &s, &replace)) {
		emu_opening_wait(rig->enumerate_s);
		list(f, rig, count, serials, length);
		s = replace;
	}
	emu_rig_free(rig);
	emu_opening_end();
	return s;
}
