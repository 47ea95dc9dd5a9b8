/* Block captures: the run in progress and the waveforms in the segments of the memory. A segment keeps what is needed to
 * compute its samples, not the samples. Shared by block*.c and values*.c. */
#ifndef SCOPELOG_EMU_CAPTURE_H
#define SCOPELOG_EMU_CAPTURE_H

#include "scope.h"
#include "trigger.h"

/* A finished waveform. */
typedef struct emu_waveform {
	emu_setup *setup;      /* NULL: nothing captured */
	uint64_t samples, pre;
	double origin;         /* of the run: rig time of its index 0, where the first segment was armed */
	uint64_t first;        /* index of the waveform's sample 0 in the run */
	uint64_t proof;        /* index of the waveform's sample 0 for the proof signal, which counts captured samples only */
	uint64_t at;           /* periods from the arming of the first segment to the trigger sample */
	int64_t offset_fs;
	bool leads;            /* the first of its run */
	int ets;               /* interleave; 0: none */
} emu_waveform;

typedef enum emu_capture_state { EMU_NEVER, EMU_ARMED, EMU_READY, EMU_ENDED } emu_capture_state;

/* A GetValues that waits for the next run. */
typedef struct emu_overlapped {
	bool on;
	uint64_t start, *samples, asked, ratio, from, to;
	unsigned mode;
	int16_t *overflow;
} emu_overlapped;

/* Fields below the mutex are guarded by it while a thread runs. */
struct emu_capture {
	emu_unit *unit;
	pthread_t thread;
	bool joinable;
	emu_setup *setup;
	emu_hunt *hunt;
	double origin;
	uint64_t pre, post, captures, first_segment, forced, delay, proof;
	int ets;
	emu_block_done done;
	void *user;
	emu_overlapped overlapped;
	emu_waveform *segment;
	uint64_t segments;
	/* asynchronous GetValues */
	pthread_t fetch_thread;
	bool fetch_joinable;
	_Atomic int fetching;

	pthread_mutex_t mutex;
	pthread_cond_t wake;
	emu_capture_state state;
	emu_status status; /* of an ended one */
	bool cancel;
	emu_status cancel_status;
	uint64_t completed;
	uint64_t processed;
};

emu_capture *emu_capture_new(void);
void emu_capture_free(emu_capture *c);
bool emu_capture_running(const emu_unit *u);
/* Ends a capture or a fetch under way and joins its thread; the callback gets the status. */
void emu_capture_end(emu_unit *u, emu_status status);
void emu_capture_forget(emu_unit *u); /* all waveforms */
/* NULL: nothing captured in this segment. */
emu_waveform *emu_capture_waveform(emu_unit *u, uint64_t segment);
/* The work of GetValues, on any thread that owns the data. */
emu_status emu_values_copy(emu_unit *u, uint64_t start, uint64_t *samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to, int16_t *overflow);

#endif
