/* Faults that the rig asks for: parsed lines, counted per open unit. What the acquisition asks of them is in unit.h. */
#ifndef SCOPELOG_EMU_FAULT_H
#define SCOPELOG_EMU_FAULT_H

#include "rig.h"
#include "text.h"

struct emu_counters;

typedef enum emu_fault_kind {
	EMU_FAULT_STATUS, EMU_FAULT_BUSY, EMU_FAULT_HANG, EMU_FAULT_SPIN, EMU_FAULT_CRASH, EMU_FAULT_EXIT, EMU_FAULT_DELAY, EMU_FAULT_UNPLUG,
	EMU_FAULT_POWER, EMU_FAULT_NOISE, EMU_FAULT_LATE, EMU_FAULT_BURST, EMU_FAULT_LOSE
} emu_fault_kind;

typedef struct emu_fault {
	emu_fault_kind kind;
	char function[64];          /* a pattern of fnmatch(3) */
	uint64_t call;              /* the n-th matching call, from 1; 0: not by call */
	uint64_t sample;            /* raw index of the run; UINT64_MAX: not by sample */
	double at;                  /* seconds since the open (data faults: since the start of the run); < 0: not by time */
	uint64_t open, run;         /* only in this open or run of the unit, from 1; 0: in all */
	uint64_t times;             /* how often; 0: for ever */
	int again;                  /* counts anew in each open */
	uint64_t key;               /* what its number is remembered by */
	int came;                   /* in this open */
	double seconds, every_s;
	uint64_t count, every;      /* lose */
	emu_status value;
	int after;                  /* the call is done first */
	int code, stream;           /* exit code; 1 or 2 */
	char text[120];             /* of noise; state of power */
	uint64_t seen, fired;
} emu_fault;

struct emu_faults {
	emu_fault *fault;
	int n, fixed;               /* the first `fixed` are rig.conf's, the others the state file's */
	struct emu_counters *life;  /* where their numbers outlive the open; NULL: they do not */
};

/* Parses one line. Returns 0 and sets problem when it is wrong. */
int emu_fault_parse(emu_fault *f, const char *text, emu_problem *problem);
void emu_fault_check(const char *text, emu_problem *problem);
/* life may be NULL and must outlive the faults. */
struct emu_faults *emu_faults_new(const emu_rig_line *lines, int n, struct emu_counters *life);
void emu_faults_free(struct emu_faults *f);
/* Replaces the faults of the state file by those of text; "line n: ..." in problem. version: another one for each time that
 * the file was written. */
void emu_faults_replace(struct emu_faults *f, const char *text, uint64_t version, emu_problem *problem);
/* fault_life.c: finds out how often f has come before, and writes down that it has come once more. f is not yet one of all. */
void emu_fault_remember(struct emu_faults *all, emu_fault *f, const char *text, uint64_t version);
void emu_fault_came(struct emu_faults *all, emu_fault *f);
/* Does what is due at this call: may sleep, hang, crash. Returns 1 when the call must answer *answer at once; *replace
 * is what the call answers after it was done (0: its own status). u may be NULL: calls without a unit. */
int emu_faults_fire(struct emu_faults *f, emu_unit *u, const char *function, emu_status *answer, emu_status *replace);

#endif
