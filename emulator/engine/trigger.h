/* The trigger: what is set (struct emu_trigger), and the hunt for it in the samples of a run. Not here: what a run does
 * with the place found (stream.h, capture.h). */
#ifndef SCOPELOG_EMU_TRIGGER_H
#define SCOPELOG_EMU_TRIGGER_H

#include "scope.h"

typedef struct emu_group {
	emu_term term[EMU_SOURCES];
	int n;
} emu_group;

/* Index 0 of the arrays of two: the trigger, 1: the pulse-width qualifier. */
struct emu_trigger {
	emu_threshold threshold[EMU_SOURCES];
	uint32_t thresholds;          /* bit set of the sources that have one */
	emu_direction direction[2][EMU_SOURCES];
	emu_group group[2][EMU_GROUPS];
	int groups[2];
	emu_pin pin[2][EMU_PINS];
	int pins[2];
	int operand;                  /* 0 none, 1 or, 2 and, 3 then */
	uint64_t lower, upper;        /* samples */
	emu_pulse pulse;
	uint64_t delay, auto_us;
	int16_t edge_detect;
};

emu_trigger *emu_trigger_new(void);
void emu_trigger_free(emu_trigger *t);
bool emu_trigger_on(const emu_trigger *t);
bool emu_trigger_pulse_on(const emu_trigger *t);
/* What a run answers when the trigger does not fit the channels that are on. */
emu_status emu_trigger_valid(const emu_unit *u);

/* ---- One comparator (trigger_watch.c) ------------------------------------------------------------------------------- */

enum { EMU_IS = 1, EMU_EVENT = 2 }; /* bits per sample: the condition holds; it began to hold here */

typedef enum emu_watch_kind {
	EMU_WATCH_LEVEL,  /* ABOVE, BELOW, INSIDE, OUTSIDE: a state */
	EMU_WATCH_EDGE,   /* RISING, FALLING, ENTER, EXIT: an event that leads into a state */
	EMU_WATCH_INSTANT /* either edge, runts: an event only */
} emu_watch_kind;

typedef struct emu_watch {
	emu_source source;
	emu_direction direction;
	emu_watch_kind kind;
	int upper, lower, upper_hysteresis, lower_hysteresis;
	uint16_t care, want, rise, fall; /* of pins */
	/* state */
	int known, is, armed, reached;
	uint16_t pins;
} emu_watch;

/* window 1: the plain directions mean their window forms, 0: the reverse. */
emu_watch emu_watch_analog(emu_source s, emu_direction d, const emu_threshold *t);
/* of the pins that belong to s (PORT0, PORT1 or DIGITAL); false when none is cared for. */
bool emu_watch_pins(emu_watch *w, emu_source s, const emu_pin pin[EMU_PINS]);
void emu_watch_reset(emu_watch *w);
void emu_watch_codes(emu_watch *w, const int16_t *codes, size_t n, uint8_t *bits);
void emu_watch_ports(emu_watch *w, const int16_t *port0, const int16_t *port1, size_t n, uint8_t *bits);
/* Only RISING, FALLING: the first event, n when there is none. Fast. */
size_t emu_watch_first(emu_watch *w, const int16_t *codes, size_t n);
/* The threshold that an event at code went through. */
int emu_watch_crossed(const emu_watch *w, int code);

/* ---- The pulse-width qualifier (trigger_pulse.c) --------------------------------------------------------------------- */

typedef struct emu_pulse_timer {
	emu_pulse type;
	uint64_t lower, upper;
	/* state */
	int known, was, active, told;
	uint64_t since; /* samples since the pulse began */
} emu_pulse_timer;
void emu_pulse_reset(emu_pulse_timer *p);
/* in: EMU_IS where the pulse lasts; instant 1: EMU_EVENT at either end of it. out: EMU_IS where the qualifier holds, EMU_EVENT where it
 * is decided. */
void emu_pulse_run(emu_pulse_timer *p, int instant, const uint8_t *in, size_t n, uint8_t *out);

/* ---- The hunt (trigger_hunt.c) ---------------------------------------------------------------------------------------- */

typedef struct emu_hunt emu_hunt;
/* Copies t, keeps the setup. NULL: no memory. */
emu_hunt *emu_hunt_new(const emu_trigger *t, emu_setup *setup);
void emu_hunt_free(emu_hunt *h);
void emu_hunt_rearm(emu_hunt *h);
/* Looks at the samples first..first+n-1 of a run whose sample 0 is taken at origin. Calls must follow one another without
 * a hole after a rearm. True: fires at *at, and the hunt is over until the next rearm. */
bool emu_hunt_run(emu_hunt *h, double origin, uint64_t first, uint64_t n, uint64_t *at);
/* Femtoseconds from the sample that fired to the crossing: 0 or negative. */
int64_t emu_hunt_offset(emu_hunt *h, double origin, uint64_t at);

#endif
