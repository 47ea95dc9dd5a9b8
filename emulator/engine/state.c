/* Reads and writes a unit's state files. */
#include "state.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rig_files.h"
#include "text.h"

enum { PLUGGED, POWER, FAULTS, FILES };

typedef struct stamp {
	int present;
	ino_t inode;
	off_t size;
	struct timespec changed;
} stamp;

struct emu_state_files {
	pthread_mutex_t mutex;
	/* guarded by mutex */
	char *path[FILES];
	stamp stamp[FILES];
	int read[FILES]; /* was read once */
	uint64_t looked_ns;
	int out;         /* plugged says 0 */
	double until;    /* ... up to this rig time; 0: for ever */
	int power, default_power;
	int faults_new;
	char *faults;
};

emu_state_files *emu_state_new(const emu_rig_unit *u)
{
	static const char *const names[FILES] = {"plugged", "power", "faults"};
	emu_state_files *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	pthread_mutex_init(&s->mutex, NULL);
	for (int i = 0; i < FILES; i++)
		s->path[i] = emu_rig_path(u->serial, names[i]);
	s->power = s->default_power = u->power;
	return s;
}

void emu_state_free(emu_state_files *s)
{
	if (!s)
		return;
	for (int i = 0; i < FILES; i++)
		free(s->path[i]);
	free(s->faults);
	pthread_mutex_destroy(&s->mutex);
	free(s);
}

static void take_plugged(emu_state_files *s, const char *text)
{
	s->out = text && text[strspn(text, " \t")] == '0';
	s->until = 0;
	const char *until = text ? strstr(text, "until ") : NULL;
	if (s->out && until) {
		char number[32] = "";
		strncpy(number, until + 6, sizeof number - 1);
		number[strcspn(number, " \r\n")] = 0;
		emu_quantity(number, "s", &s->until);
	}
}

static void take_power(emu_state_files *s, const char *text)
{
	static const char *const names[] = {"supply", "usb", "undervoltage"};
	s->power = s->default_power;
	for (int i = 0; text && i < 3; i++)
		if (strncmp(text, names[i], strlen(names[i])) == 0)
			s->power = i;
}

static void take(emu_state_files *s, int i, char *text)
{
	if (i == PLUGGED)
		take_plugged(s, text);
	else if (i == POWER)
		take_power(s, text);
	else {
		s->faults_new |= text || s->faults;
		free(s->faults);
		s->faults = text;
		return;
	}
	free(text);
}

static void look(emu_state_files *s, int now)
{
	uint64_t ns = emu_mono_ns();
	if (!now && s->looked_ns != 0 && ns - s->looked_ns < 1000000)
		return;
	s->looked_ns = ns;
	for (int i = 0; i < FILES; i++) {
		struct stat st;
		stamp is = {0};
		if (s->path[i] && stat(s->path[i], &st) == 0) {
			is.present = 1;
			is.inode = st.st_ino;
			is.size = st.st_size;
			is.changed = st.st_mtim;
		}
		const stamp *was = &s->stamp[i];
		if (s->read[i] && is.present == was->present && is.inode == was->inode && is.size == was->size &&
		    is.changed.tv_sec == was->changed.tv_sec && is.changed.tv_nsec == was->changed.tv_nsec)
			continue;
		s->read[i] = 1;
		s->stamp[i] = is;
		take(s, i, is.present ? emu_file_read(s->path[i]) : NULL);
	}
}

int emu_state_plugged(emu_state_files *s)
{
	pthread_mutex_lock(&s->mutex);
	look(s, 0);
	int out = s->out && (s->until == 0 || emu_rig_seconds(emu_mono_ns()) < s->until);
	pthread_mutex_unlock(&s->mutex);
	return !out;
}

int emu_state_power(emu_state_files *s)
{
	pthread_mutex_lock(&s->mutex);
	look(s, 0);
	int power = s->power;
	pthread_mutex_unlock(&s->mutex);
	return power;
}

char *emu_state_faults(emu_state_files *s, uint64_t *version)
{
	char *text = NULL;
	pthread_mutex_lock(&s->mutex);
	look(s, 0);
	if (s->faults_new) {
		const stamp *is = &s->stamp[FAULTS];
		text = strdup(s->faults ? s->faults : "");
		*version = (uint64_t)is->inode << 32 ^ (uint64_t)is->changed.tv_sec * 1000000000u ^ (uint64_t)is->changed.tv_nsec;
		s->faults_new = 0;
	}
	pthread_mutex_unlock(&s->mutex);
	return text;
}

void emu_state_write(emu_unit *u, const char *file, const char *text)
{
	char *path = emu_rig_path(u->serial, file);
	if (path)
		emu_file_write(path, text);
	free(path);
	pthread_mutex_lock(&u->files->mutex);
	look(u->files, 1);
	pthread_mutex_unlock(&u->files->mutex);
}
