/* One open unit: who it is, what the rig told it to be, and what all parts of the engine share about it: time, the truth
 * log, the counters that survive the process, faults and misuse. Not here: what it acquires (scope.h).
 *
 * A unit is used by one thread at a time, the one between emu_enter and emu_leave, except where a function below says
 * "any thread". */
#ifndef SCOPELOG_EMU_UNIT_H
#define SCOPELOG_EMU_UNIT_H

#include <stdatomic.h>

#include "emu.h"
#include "rig.h"
#include "signal.h"
#include "status.h"

typedef struct emu_model emu_model; /* scope.h */
typedef struct emu_scope emu_scope; /* scope.h */
typedef struct emu_faults emu_faults;
typedef struct emu_state_files emu_state_files;

typedef enum emu_power { EMU_POWER_SUPPLY, EMU_POWER_USB, EMU_POWER_UNDERVOLTAGE } emu_power;

typedef enum emu_misuse_kind {
	EMU_MISUSE_CONCURRENT, /* a call while another one was inside the same unit */
	EMU_MISUSE_CALLBACK,   /* a call from inside a callback */
	EMU_MISUSE_HANDLE,     /* a handle that is not open */
	EMU_MISUSE_SMALL,      /* a buffer smaller than what is written to it */
	EMU_MISUSE_FREED,      /* a buffer whose memory is gone while it was registered */
	EMU_MISUSE_OPENING,    /* an open or an enumeration while an open was under way */
	EMU_MISUSE_ORDER,      /* buffers taken away in a streaming run, or added while they are still held */
	EMU_MISUSES
} emu_misuse_kind;

/* The file DIR/<unit>/counters, mapped shared: what is in it when a process dies stays. Fixed layout, little-endian,
 * documented in docs/emulator.md. Written by the process that holds the unit's lock only (misuse: any). */
typedef struct emu_counters {
	uint32_t magic, version;           /* 0x434D4553 "SEMC", 1 */
	_Atomic uint64_t opens, calls;
	_Atomic uint64_t runs;             /* streaming runs since the rig began; the present or last one has this number */
	_Atomic uint64_t running;          /* 1 while a streaming run goes on: still 1 after a death */
	_Atomic uint64_t run_start_ns;     /* CLOCK_MONOTONIC of raw sample 0 of the run */
	_Atomic uint64_t run_interval_fs;
	_Atomic uint64_t run_counter;      /* the unit's continuous raw counter at raw sample 0 of the run */
	_Atomic uint64_t run_raw;          /* raw samples per channel of the run that have arrived or were lost */
	_Atomic uint64_t run_delivered;    /* of these, handed over to the caller */
	_Atomic uint64_t run_dropped;      /* of these, lost inside: late host and faults */
	_Atomic uint64_t total_delivered, total_dropped; /* of all runs before this one */
	_Atomic uint64_t misuse[8];        /* by emu_misuse_kind */
	uint64_t fault_next;               /* the slot that is taken next, modulo their number */
	struct { uint64_t key, fired; } fault[64]; /* fault_life.c */
} emu_counters;

struct emu_unit {
	const emu_family *family;
	const emu_model *model;
	emu_rig_unit rig;          /* a copy of its own */
	char serial[EMU_SERIAL + 1];
	char variant[16];
	int16_t handle;
	char *dir;                 /* DIR/<serial with / as _> */
	emu_signal *signal[EMU_SOURCES]; /* never NULL for 0..EMU_AUX while open; nothing connected is 0 V */
	double clock_ppm;
	emu_pacing pacing;
	int usb;                   /* 2 or 3 */
	emu_power power;           /* what the rig says now; refreshed by emu_enter */
	emu_status power_pending;  /* waits for ChangePowerSource; 0: nothing. Kept by power.c */
	emu_counters *counters;
	emu_scope *scope;          /* owned by the acquisition engine */
	emu_faults *faults;
	emu_state_files *files;
	/* the bracket's own (enter.c) */
	struct { const char *function; unsigned flags; emu_status replace; uint64_t entered_ns; } call[4];
	int depth;
	_Atomic uint64_t owner;    /* the thread inside; 0: nobody */
	_Atomic int lost;          /* 1: was unplugged while open, stays so until it is closed */
	int busy_for_ever;         /* of the unplug behaviour */
	int lock_fd, truth_fd;
	char *truth_path;
	void *layer_state;         /* of the family layer; freed by emu_close */
	double opened_s;           /* rig time at which the open was done; 0: it is not yet */
};

/* ---- Provided by the acquisition engine (scope.h and its files) ---------------------------------------------------- */

/* A fresh unit's state. bits 0: the default resolution. u is complete apart from scope. */
emu_status emu_scope_new(emu_unit *u, int bits);
void emu_scope_free(emu_unit *u);          /* ends runs, joins threads; u->scope may be NULL */
int emu_scope_running(const emu_unit *u);  /* a capture goes on (EMU_IDLE_ONLY) */
const emu_model *emu_model_find(const char *driver, const char *variant);
/* power.c: what an open answers (0, 0x119, 0x11A, 0x11E ...), from u->power and u->usb and the model; sets power_pending. */
emu_status emu_power_open(emu_unit *u);
/* power.c: called by emu_enter for each call without EMU_UNPOWERED, after u->power was refreshed: 0 or the status that
 * waits (a change of u->power sets one). Ends a running capture where the power was lost. */
emu_status emu_power_check(emu_unit *u);

/* ---- Time (any thread) --------------------------------------------------------------------------------------------- */

uint64_t emu_mono_ns(void);            /* CLOCK_MONOTONIC */
double emu_seconds_at(uint64_t mono_ns); /* since the rig began */
double emu_now(const emu_unit *u);     /* seconds since the rig began */

/* ---- Truth log: DIR/<unit>/truth.log (any thread) ------------------------------------------------------------------- */

/* One line: time, process, event and then the text, which is `key=value` pairs ("samples=%llu"). One write(2): what was
 * logged survives SIGKILL. */
void emu_truth(emu_unit *u, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- Misuse (any thread) -------------------------------------------------------------------------------------------- */

/* Counts and logs. u may be NULL (bad handle): then it is counted for the process and written to DIR/problems.log. */
void emu_misuse(emu_unit *u, emu_misuse_kind kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* 1 when all n bytes at p can be written to: mapped, writable and, under AddressSanitizer, not freed nor out of bounds.
 * Costs one system call per 16 pages; nothing is changed. */
int emu_writable(const void *p, size_t n);

/* ---- Faults of the rig, for the acquisition ------------------------------------------------------------------------- */

/* Data that has arrived since_start seconds after the start of a run, told as the time up to which it has: since_start
 * itself, or less while delivery is late or comes in bursts. Never decreases within a run. */
double emu_fault_arrived(const emu_unit *u, double since_start);
/* The first stretch of raw samples of this run that gets lost inside the driver and ends behind `from`: returns its first
 * index and *count; UINT64_MAX: none any more. */
uint64_t emu_fault_lost(const emu_unit *u, uint64_t from, uint64_t *count);
/* No raw sample at or behind this index of the run may be delivered before the fault that waits for it has come: it
 * comes at the first call after counters->run_raw has reached it. UINT64_MAX: none. */
uint64_t emu_fault_limit(const emu_unit *u);
/* Unplugged now? (any thread; looks at the files at most every millisecond) */
int emu_unplugged(emu_unit *u);

#endif
