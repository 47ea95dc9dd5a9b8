/* OpenUnitAsync and OpenUnitProgress: the unit is locked at once, and the time the firmware takes is told as percent. */
#include <pthread.h>

#include "opening.h"
#include "registry.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/* guarded by mutex: the one open that is under way */
static struct {
	int active;
	emu_unit *unit; /* NULL: nothing found, answer says what */
	emu_status answer;
	int16_t handle;
	int bits;
	uint64_t begun_ns;
} pending;

emu_status emu_open_async(const emu_family *f, int16_t *started, const int8_t *serial, int bits)
{
	if (!started)
		return EMU_NULL_PARAMETER;
	*started = 0;
	if (emu_in_callback()) {
		emu_misuse(NULL, EMU_MISUSE_CALLBACK, "%sOpenUnitAsync", f->name);
		return EMU_USER_CALLBACK;
	}
	if (!emu_opening_begin()) {
		emu_misuse(NULL, EMU_MISUSE_OPENING, "%sOpenUnitAsync", f->name);
		return EMU_OPEN_OPERATION_IN_PROGRESS;
	}
	emu_unit *u;
	int16_t handle;
	emu_status s = emu_opening_start(f, serial, &u, &handle);
	if (u && emu_opening_faults(u, "OpenUnitAsync", &s)) {
		emu_opening_drop(u, s);
		u = NULL;
		handle = -1;
	}
	pthread_mutex_lock(&mutex);
	pending.active = 1;
	pending.unit = u;
	pending.answer = s;
	pending.handle = handle;
	pending.bits = bits;
	pending.begun_ns = emu_mono_ns();
	pthread_mutex_unlock(&mutex);
	*started = 1;
	return EMU_OK;
}

/* Without an open under way there is nothing to tell. */
emu_status emu_open_progress(const emu_family *f, int16_t *handle, int16_t *percent, int16_t *complete)
{
	if (!handle || !percent || !complete)
		return EMU_NULL_PARAMETER;
	if (emu_in_callback()) {
		emu_misuse(NULL, EMU_MISUSE_CALLBACK, "%sOpenUnitProgress", f->name);
		return EMU_USER_CALLBACK;
	}
	*handle = 0;
	*percent = 0;
	*complete = 0;
	emu_status s = EMU_OK;
	pthread_mutex_lock(&mutex);
	if (!pending.active) {
		pthread_mutex_unlock(&mutex);
		return EMU_OPERATION_FAILED;
	}
	emu_unit *u = pending.unit;
	if (u && emu_opening_faults(u, "OpenUnitProgress", &s)) {
		pthread_mutex_unlock(&mutex);
		return s;
	}
	double elapsed = (double)(emu_mono_ns() - pending.begun_ns) * 1e-9;
	if (u && elapsed < u->rig.open_s) {
		*percent = (int16_t)(elapsed / u->rig.open_s * 100);
		pthread_mutex_unlock(&mutex);
		return EMU_OK;
	}
	if (u) {
		s = emu_opening_finish(u, pending.bits, handle);
	} else {
		s = pending.answer;
		*handle = pending.handle;
	}
	*percent = 100;
	*complete = 1;
	pending.active = 0;
	pthread_mutex_unlock(&mutex);
	emu_opening_end();
	return s;
}
