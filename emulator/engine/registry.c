/* The list of open units of this process; one at a time opens or enumerates. */
#include "registry.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
/* guarded by mutex */
static emu_unit *units[EMU_MAX_UNITS];
static int16_t last_handle;
static int opening;

static emu_unit *find(const emu_family *f, int16_t handle)
{
	for (int i = 0; i < EMU_MAX_UNITS; i++)
		if (units[i] && units[i]->handle == handle && strcmp(units[i]->family->name, f->name) == 0)
			return units[i];
	return NULL;
}

/* The owner is set, and misuse is written down, under the lock: nobody can free the unit meanwhile. */
emu_unit *emu_registry_claim(const emu_family *f, int16_t handle, const char *function, int nested, int *busy)
{
	uint64_t nobody = 0;
	*busy = 0;
	pthread_mutex_lock(&mutex);
	emu_unit *u = find(f, handle);
	if (!u) {
		emu_misuse(NULL, EMU_MISUSE_HANDLE, "%s with handle %d", function, handle);
	} else if (!atomic_compare_exchange_strong(&u->owner, &nobody, emu_thread()) && !(nested && nobody == emu_thread())) {
		emu_misuse(u, EMU_MISUSE_CONCURRENT, "%s while another call is inside", function);
		*busy = 1;
		u = NULL;
	}
	pthread_mutex_unlock(&mutex);
	return u;
}

void emu_registry_refuse(const emu_family *f, int16_t handle, emu_misuse_kind kind, const char *function)
{
	pthread_mutex_lock(&mutex);
	emu_misuse(find(f, handle), kind, "%s with handle %d", function, handle);
	pthread_mutex_unlock(&mutex);
}

int emu_registry_open(const emu_family *f, const char *serial)
{
	int n = 0;
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < EMU_MAX_UNITS; i++)
		if (units[i] && (serial ? strcmp(units[i]->serial, serial) == 0 : strcmp(units[i]->family->name, f->name) == 0))
			n++;
	pthread_mutex_unlock(&mutex);
	return n;
}

static int in_use(int16_t handle)
{
	for (int i = 0; i < EMU_MAX_UNITS; i++)
		if (units[i] && units[i]->handle == handle)
			return 1;
	return 0;
}

/* Handles count up, so that one that was closed is not soon somebody else's. */
int emu_registry_add(emu_unit *u)
{
	int added = 0;
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < EMU_MAX_UNITS && !added; i++) {
		if (units[i])
			continue;
		do
			last_handle = last_handle < INT16_MAX ? last_handle + 1 : 1;
		while (in_use(last_handle));
		u->handle = last_handle;
		units[i] = u;
		added = 1;
	}
	pthread_mutex_unlock(&mutex);
	return added;
}

void emu_registry_remove(emu_unit *u)
{
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < EMU_MAX_UNITS; i++)
		if (units[i] == u)
			units[i] = NULL;
	pthread_mutex_unlock(&mutex);
}

int emu_opening_begin(void)
{
	pthread_mutex_lock(&mutex);
	int mine = !opening;
	opening = 1;
	pthread_mutex_unlock(&mutex);
	return mine;
}

void emu_opening_end(void)
{
	pthread_mutex_lock(&mutex);
	opening = 0;
	pthread_mutex_unlock(&mutex);
}
