/* What a unit acquires: the capabilities of its model, its settings, and the state of a run. Shared by the files of the
 * acquisition engine. Not here: who the unit is and what the rig says of it (unit.h), the signals (signal.h), and what
 * belongs to one part only (trigger.h, stream.h, capture.h, generator.h). */
#ifndef SCOPELOG_EMU_SCOPE_H
#define SCOPELOG_EMU_SCOPE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "unit.h"

#define EMU_FS 1e-15
enum { EMU_CHUNK = 4096, EMU_GROUPS = 32 };
#define EMU_SECOND_FS 1000000000000000ULL

/* ---- Models (models*.c) -------------------------------------------------------------------------------------------- */

/* How timebase numbers become intervals. */
typedef enum emu_clock {
	EMU_CLOCK_200M, EMU_CLOCK_500M, EMU_CLOCK_1G, EMU_CLOCK_5000, EMU_CLOCK_6000, EMU_CLOCK_6428
} emu_clock;

typedef enum emu_supply {
	EMU_SUPPLY_BUS,        /* the USB port is enough */
	EMU_SUPPLY_BUS_USB3,   /* likewise, but a USB 2 port has to be acknowledged */
	EMU_SUPPLY_EXTRA,      /* all channels need the external supply, two run without */
	EMU_SUPPLY_EXTRA_USB3, /* likewise, and a USB 2 port has to be acknowledged */
	EMU_SUPPLY_MAINS
} emu_supply;

typedef struct emu_rate {
	int bits;
	uint64_t sps[4];    /* fastest, with 1, 2, up to 4, up to 8 channels on; 0: not possible */
	int channels;       /* analog channels at most */
	int16_t max_code;
} emu_rate;

struct emu_model {
	const char *driver, *variant;
	int channels, ports, bandwidth_mhz;
	emu_clock clock;
	emu_rate rate[5];       /* one per resolution, ascending; bits 0 ends */
	uint64_t memory8, memory; /* samples in all, with 8 and with more bits */
	int range_first, range_last;
	int couplings;          /* bit set of 1 << emu_coupling */
	int limiters;           /* 1: 20 MHz, 2: 200 MHz */
	uint32_t awg;           /* samples of arbitrary memory; 0: none */
	uint32_t generator_hz, dds_hz, generator_uv;
	int ext;                /* 0: no external trigger input, 1: EXT, 2: AUX */
	int usb;
	emu_supply supply;
	uint64_t stream8, stream; /* streaming, samples per second in all, with 8 and with more bits */
};
extern const emu_model emu_models_2000a[], emu_models_5000a[], emu_models_6000a[]; /* end with driver NULL */

/* The n-th model of the table over all families, NULL behind the last one. */
const emu_model *emu_model_at(int n);
/* NULL: the model lacks this resolution. */
const emu_rate *emu_model_rate(const emu_model *m, int bits);
/* Interval in femtoseconds of a timebase number; 0: no such number at this resolution. */
uint64_t emu_model_interval(const emu_model *m, int bits, uint32_t n);
uint32_t emu_model_first_timebase(const emu_model *m, int bits);
/* Whether a set of channels (bit set of emu_source) can run at this resolution at all, and the fastest interval then. */
/* Whether digital ports cost no rate at this resolution: 5000A from 15 bit, 6000E at 12 bit. */
int emu_model_free_ports(const emu_model *m, int bits);
emu_status emu_model_fastest(const emu_model *m, int bits, uint32_t set, uint64_t *interval_fs);
/* Samples of memory per channel, with so many of them on and the memory cut in segments. */
uint64_t emu_model_share(uint64_t memory, uint64_t segments, int channels);
uint64_t emu_model_max_segments(const emu_model *m);
/* Offset limit in volts, symmetrical. */
double emu_model_offset(const emu_model *m, int range);
double emu_range_volts(int range);

/* ---- Settings ------------------------------------------------------------------------------------------------------ */

typedef struct emu_port {
	int on;
	double levels[8], hysteresis;
} emu_port;

/* What a run sees of the settings, frozen at its start: later calls change nothing about samples already taken. */
typedef struct emu_setup {
	_Atomic int refs;
	emu_unit *unit;
	uint32_t active;            /* bit set of emu_source */
	int bits;
	emu_frontend front[EMU_SOURCES]; /* A..H, EXT, AUX */
	double levels[EMU_PORTS][8];
	uint64_t interval_fs;
	double dt;                  /* seconds by the rig's clock: the unit's clock error is in it */
} emu_setup;
emu_setup *emu_setup_new(emu_unit *u, uint64_t interval_fs);
emu_setup *emu_setup_keep(emu_setup *s);
void emu_setup_drop(emu_setup *s); /* may be NULL */
/* Codes of a source (ports: the eight pins in the low byte). 1: over range somewhere. */
int emu_setup_codes(emu_setup *s, emu_source source, const emu_span *span, int16_t *codes);

typedef struct emu_buffer_entry {
	emu_buffer b;
	size_t older; /* the one before with the same hash, plus 1; 0: none */
} emu_buffer_entry;

typedef struct emu_trigger emu_trigger;     /* trigger.h */
typedef struct emu_stream emu_stream;       /* stream.h */
typedef struct emu_capture emu_capture;     /* capture.h */
typedef struct emu_output emu_output;       /* generator.h */

/* The state of one open unit. Settings are used by the thread inside the unit only; a capture's thread works on its own
 * emu_setup and a copy of the trigger. */
struct emu_scope {
	int bits;
	emu_channel_setting channel[EMU_CHANNELS];
	emu_port port[EMU_PORTS];
	uint64_t segments, captures;
	emu_buffer_entry *buffer; /* in the order of registration */
	size_t buffers, buffer_room;
	size_t *buffer_hash;      /* buffer_room heads of chains, an entry's number plus 1 */
	emu_trigger *trigger;
	emu_stream *stream;       /* never NULL; not running after open */
	emu_capture *capture;
	emu_output *output;
	struct { int on, cycles, interleave; int64_t *times; uint32_t *upper, *lower; int64_t samples; } ets;
	uint64_t led_until_ns;    /* flashing until; UINT64_MAX: for ever */
	int usb_known;            /* acknowledged: the slow port */
	emu_power power_known;    /* acknowledged */
	uint64_t proof;           /* raw index at which the next waveform of a block run goes on */
};

uint64_t emu_scope_memory(const emu_unit *u, int bits);
uint32_t emu_scope_active(const emu_unit *u); /* bit set of the sources that are on */
int emu_active_count(uint32_t set);
/* Whether channels and resolution fit together. */
emu_status emu_scope_valid(const emu_unit *u, uint64_t *fastest_fs);
bool emu_source_exists(const emu_unit *u, emu_source s); /* channels and ports that the model has and that have power */
/* False for the channels that a unit on USB power has to do without (power.c). */
bool emu_channel_powered(const emu_unit *u, emu_source channel);
/* Ends what runs; blocks that were waiting end with this status. */
void emu_scope_abort(emu_unit *u, emu_status s);

/* ---- Buffers (buffer.c) -------------------------------------------------------------------------------------------- */

size_t emu_type_size(emu_type t);
/* The last one registered for this, or NULL. type -1: any. */
emu_buffer_entry *emu_buffer_find(emu_scope *s, emu_source source, uint64_t segment, unsigned mode, int type);
/* Checks that n elements from `at` on can be written to; counts the misuse and returns false when not. */
bool emu_buffer_usable(emu_unit *u, const emu_buffer *b, uint64_t at, uint64_t n);

/* ---- Downsampling (downsample.c) ----------------------------------------------------------------------------------- */

/* A group of raw samples that is being folded to one; carried from one piece to the next. */
typedef struct emu_fold {
	unsigned mode;  /* one of EMU_RAW ... */
	uint64_t ratio; /* 1 with EMU_RAW */
	uint64_t n;     /* raw samples in the unfinished group */
	int port;       /* AGGREGATE of a port: OR and AND instead of maximum and minimum */
	int16_t first, max, min;
	int64_t sum;
} emu_fold;
emu_fold emu_fold_new(unsigned mode, uint64_t ratio, emu_source source);
/* Folds n samples; finished groups are written to the buffer's elements from `at` on. Returns how many. */
uint64_t emu_fold_add(emu_fold *f, const int16_t *codes, size_t n, const emu_buffer *to, uint64_t at);
/* The unfinished group as one more value. Returns 0 or 1. */
uint64_t emu_fold_end(emu_fold *f, const emu_buffer *to, uint64_t at);

#endif
