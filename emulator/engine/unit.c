/* Makes a unit from what the rig says and takes it apart; the lock of its folder. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fault.h"
#include "log.h"
#include "registry.h"
#include "rig_files.h"
#include "scope.h"
#include "signals.h"
#include "state.h"

/* Reads after a death: what the last process could not say any more. */
static void report_cut_run(emu_unit *u)
{
	emu_counters *c = u->counters;
	if (!c->running)
		return;
	emu_truth(u, "run-cut", "run=%llu counter=%llu raw=%llu delivered=%llu dropped=%llu interval_fs=%llu", (unsigned long long)c->runs,
		  (unsigned long long)c->run_counter, (unsigned long long)c->run_raw, (unsigned long long)c->run_delivered,
		  (unsigned long long)c->run_dropped, (unsigned long long)c->run_interval_fs);
	c->total_delivered += c->run_delivered;
	c->total_dropped += c->run_dropped;
	c->run_delivered = 0;
	c->run_dropped = 0;
	c->running = 0;
}

/* An enumeration elsewhere holds the lock for an instant, to see whether it is free: so try for 20 ms. */
int emu_unit_lock(const char *serial)
{
	char *dir = emu_rig_path(serial, NULL), *path = emu_rig_path(serial, "lock");
	int fd = -1;
	if (dir && path) {
		mkdir(dir, 0700);
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	}
	free(dir);
	free(path);
	for (int attempt = 0; fd >= 0; attempt++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return fd;
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		if (attempt == 10)
			break;
		nanosleep(&(struct timespec){0, 2000000}, NULL);
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

int emu_unit_locked(const char *serial)
{
	char *path = emu_rig_path(serial, "lock");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	free(path);
	if (fd < 0)
		return 0;
	int locked = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return locked;
}

static int fill(emu_unit *u, const emu_rig_unit *r)
{
	int line = 0;
	emu_problem problem = {""};
	u->model = emu_model_find(r->driver, r->variant);
	u->dir = emu_rig_path(r->serial, NULL);
	u->counters = emu_counters_map(r->serial);
	u->files = emu_state_new(r);
	u->faults = emu_faults_new(r->fault, r->faults, u->counters);
	u->truth_path = emu_rig_path(r->serial, "truth.log");
	u->truth_fd = u->truth_path ? emu_log_open(u->truth_path) : -1;
	if (!u->model || !u->dir || !u->counters || !u->files || !u->faults || u->truth_fd < 0)
		return 0;
	for (int i = 0; i <= EMU_AUX; i++) {
		u->signal[i] = emu_signals_new(&u->rig, (emu_source)i, &line, &problem);
		if (!u->signal[i])
			return 0;
	}
	return 1;
}

emu_unit *emu_unit_new(const emu_family *f, const emu_rig_unit *r, int lock)
{
	emu_unit *u = calloc(1, sizeof *u);
	if (!u) {
		close(lock);
		return NULL;
	}
	u->lock_fd = lock;
	u->truth_fd = -1;
	u->family = f;
	int ok = emu_rig_unit_copy(&u->rig, r);
	strcpy(u->serial, r->serial);
	strcpy(u->variant, r->variant);
	u->clock_ppm = r->clock_ppm;
	u->pacing = r->pacing;
	u->usb = r->usb;
	if (!ok || !fill(u, r)) {
		emu_unit_free(u);
		return NULL;
	}
	u->power = (emu_power)emu_state_power(u->files);
	u->counters->opens++;
	report_cut_run(u);
	return u;
}

void emu_unit_free(emu_unit *u)
{
	for (int i = 0; i < EMU_SOURCES; i++)
		emu_signal_free(u->signal[i]);
	emu_faults_free(u->faults);
	emu_state_free(u->files);
	emu_counters_unmap(u->counters);
	emu_rig_unit_free(&u->rig);
	if (u->truth_fd >= 0)
		close(u->truth_fd);
	close(u->lock_fd);
	free(u->layer_state);
	free(u->truth_path);
	free(u->dir);
	free(u);
}

void **emu_layer_state(emu_unit *u)
{
	return &u->layer_state;
}

int emu_unit_channels(const emu_unit *u)
{
	return u->model->channels;
}

/* A 6000E has the ports whose pods are plugged, counted from the first. */
int emu_unit_ports(const emu_unit *u)
{
	if (!u->family->queued_buffers || u->model->ports < EMU_PORTS)
		return u->model->ports;
	return (u->rig.pods & 1) + (u->rig.pods >> 1 & 1);
}
