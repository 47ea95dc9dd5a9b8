/* What the files of this layer share: the translation of the vendor's numbers to the neutral ones of emu.h, the bracket
 * around each function, and what the layer itself remembers of an open unit. */
#ifndef SCOPELOG_PS6000A_LAYER_H
#define SCOPELOG_PS6000A_LAYER_H

#include "../engine/emu.h"
#include "../engine/status.h"
#include "ps6000a.h"

extern const emu_family p6_family;

/* More segments than any model has: bounds for arrays that come with a number of segments. */
#define P6_MOST_SEGMENTS (UINT64_C(1) << 32)

/* Opens the bracket of a vendor function that has the argument handle: declares u and s, and returns from the function
 * with the status when the call may not go on (a fault may end it with PICO_OK too). Every path after it ends in emu_leave(u, s). */
#define P6_ENTER(flags)                                                      \
	emu_unit *u;                                                         \
	emu_status s = emu_enter(&p6_family, handle, __func__, (flags), &u); \
	if (s != EMU_OK || !u)                                               \
	return s

/* ---- translate.c: numbers only, no state -------------------------------------------------------------------------- */

emu_source p6_source(PICO_CHANNEL c); /* EMU_NO_SOURCE: no such channel */
int p6_is_analog(emu_source s);
int p6_is_port(emu_source s);
/* A set of neutral modes; 0 with *s set when the set is none of the vendor's. */
unsigned p6_modes(PICO_RATIO_MODE mode, emu_status *s);
emu_status p6_bits(PICO_DEVICE_RESOLUTION r, int *bits);
PICO_DEVICE_RESOLUTION p6_resolution(int bits);
emu_status p6_type(PICO_DATA_TYPE t, emu_type *type);
emu_status p6_unit_fs(PICO_TIME_UNITS t, uint64_t *fs);
emu_status p6_coupling(PICO_COUPLING c, emu_coupling *coupling);
emu_status p6_direction(PICO_THRESHOLD_DIRECTION d, PICO_THRESHOLD_MODE mode, emu_direction *direction);
emu_status p6_flags(PICO_CHANNEL_FLAGS flags, uint32_t *sources); /* flags to a set of 1 << source */
PICO_CHANNEL_FLAGS p6_flags_back(uint32_t sources);

/* ---- channel.c ---------------------------------------------------------------------------------------------------- */

int p6_has_pod(const emu_unit *u, emu_source port); /* an MSO pod is plugged at this port, as last looked */

/* ---- state.c: what the layer remembers of a unit ------------------------------------------------------------------ */

/* What the setters of the signal generator gathered until SigGenApply. */
typedef struct p6_generator {
	PICO_WAVE_TYPE wave;
	int16_t *samples; /* owned */
	uint32_t count;
	int range_set, frequency_set, sweep_set, trigger_set, clock_set;
	int by_phase, sweep_by_phase; /* the last setter gave phase steps instead of hertz */
	double pkpk, offset, duty;
	double frequency, stop, increment, dwell;
	uint64_t phase, stop_phase, phase_increment, dwell_count;
	PICO_SWEEP_TYPE sweep;
	PICO_SIGGEN_TRIG_TYPE trigger_type;
	PICO_SIGGEN_TRIG_SOURCE trigger_source;
	uint64_t cycles;
	double clock_hz;
	uint64_t prescale;
} p6_generator;

struct p6_events; /* events.c */

typedef struct p6_state {
	p6_generator generator;
	uint32_t tripped; /* channels whose 50 ohm input has tripped, 1 << source */
	PICO_AUXIO_MODE aux;
	int within_pre_trigger;
	int overlapped; /* a deferred read waits for the next run */
	unsigned stream_modes; /* of the present or last streaming run */
	emu_pin pins[2][2][8]; /* of trigger and qualifier, by port and pin */
	struct p6_events *events; /* NULL until the first interaction callback is registered */
} p6_state;

/* The state of the unit, made at the first call. Belongs to the caller until emu_leave; NULL: out of memory. */
p6_state *p6_state_of(emu_unit *u);
/* Ends the unit's event thread and frees its state. */
void p6_state_drop(emu_unit *u);

/* ---- events.c: interaction callbacks ------------------------------------------------------------------------------ */

/* Ends the thread; the caller is not that thread. */
void p6_events_free(struct p6_events *e);
int p6_events_probes_wanted(struct p6_events *e); /* a probe callback was registered; e may be NULL */

#endif
