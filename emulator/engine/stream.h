/* A streaming run: where its samples come from, who gets them, how far each has come. Shared by stream*.c. */
#ifndef SCOPELOG_EMU_STREAM_H
#define SCOPELOG_EMU_STREAM_H

#include "scope.h"
#include "trigger.h"

enum { EMU_LANES = 2 * (EMU_CHANNELS + EMU_PORTS), EMU_GAPS = 64, EMU_PIECE = 1 << 16 };

typedef struct emu_gap {
	uint64_t at, count; /* raw indices of the run */
} emu_gap;

/* How far a reader of the run has come. Samples that were lost in front of it are gaps. */
typedef struct emu_cursor {
	uint64_t raw;       /* next raw sample */
	emu_gap gap[EMU_GAPS];
	int gaps;
	uint64_t delivered, dropped;
} emu_cursor;

/* One (source, mode[, type]) that is delivered. */
typedef struct emu_lane {
	emu_source source;
	unsigned mode;
	emu_type type;
	emu_fold fold;
	uint64_t groups;        /* delivered, samples of this mode */
	/* queue families */
	emu_cursor cursor;
	emu_buffer *queue;      /* the first one is being filled */
	size_t queued, room;
	uint64_t index;         /* running number of the first one */
	int64_t at;             /* samples in it */
	bool held_back;         /* one of the last polls delivered less than it could */
} emu_lane;

struct emu_stream {
	bool running, ended, known; /* ended: by auto-stop; known: there was a run */
	emu_stream_request r;
	emu_setup *setup;
	double origin;          /* rig time of raw sample 0 */
	double period;          /* of delivery, seconds */
	uint64_t capacity;      /* raw samples per channel that are kept for a late host */
	uint64_t held, credit;  /* what a fault holds back now, and what it brings at once on top: the host is not late then */
	uint64_t arrived;       /* raw samples per channel */
	uint64_t usable;        /* of these, up to which they may be delivered now */
	uint64_t seen;          /* usable at the last look of the readers */
	uint64_t fault_told;    /* losses by faults are in the truth log up to here */
	uint64_t end;           /* raw index; UINT64_MAX: none */
	uint64_t values;        /* of the last run */
	uint64_t polls;
	emu_lane lane[EMU_LANES];
	int lanes;
	emu_cursor cursor;      /* ring families */
	uint64_t ring, ring_at; /* length and next index */
	/* trigger */
	emu_hunt *hunt;         /* NULL: none, or found */
	uint64_t hunted, forced; /* looked at up to; forced: index at which auto-trigger comes */
	bool triggered, trigger_told, auto_told;
	uint64_t trigger_raw;   /* raw index */
	uint64_t trigger_group; /* in samples delivered; valid when located */
	bool trigger_located;
	int16_t scratch[EMU_PIECE];
};

emu_stream *emu_stream_new(void);
void emu_stream_free(emu_stream *s);
bool emu_stream_running(const emu_unit *u);
void emu_stream_end(emu_unit *u); /* nothing when none runs */
emu_status emu_stream_add(emu_unit *u, const emu_buffer *b); /* queue families, during a run */
emu_lane *emu_stream_lane(emu_stream *s, emu_source source, unsigned mode, int type);

/* ---- stream_source.c ------------------------------------------------------------------------------------------------ */

/* Looks at the clock: brings arrived and usable up to date. ahead: raw samples that an unthrottled unit has at most. */
void emu_stream_arrive(emu_unit *u, uint64_t ahead);
/* Ring families: accounts for what a late reader lost, the oldest samples. */
void emu_stream_overwrite(emu_unit *u);
/* Queue families: what does not fit any more is lost, the newest samples, at the same place on all channels. asked: bit set
 * of the lanes in this call. A lane that nobody asks for loses its oldest samples by itself. */
void emu_stream_overflow(emu_unit *u, uint32_t asked);
/* Steps over gaps; returns how many samples follow without a hole, at most `most`. */
uint64_t emu_cursor_next(emu_unit *u, emu_cursor *c, uint64_t most);
/* Hunts for the trigger up to a raw index; may set s->end. */
void emu_stream_hunt(emu_unit *u, uint64_t upto);
/* Codes of n raw samples from `first` on for a lane, folded into the buffer; groups done. */
uint64_t emu_stream_fill(emu_unit *u, emu_lane *l, uint64_t first, size_t n, const emu_buffer *b, uint64_t at, int *over);
/* Tells the shared counters; most: how far the most advanced reader has come. */
void emu_stream_count(emu_unit *u, const emu_cursor *c, uint64_t most);

#endif
