/* What the files of this layer share: the family's description, what is remembered per unit, and the translation of the
 * vendor's numbers to the engine's. Not here: the functions (ps2000a.h) and everything that a unit does (emu.h). */
#ifndef SCOPELOG_EMU_PS2000A_LAYER_H
#define SCOPELOG_EMU_PS2000A_LAYER_H

#include "emu.h"
#include "ps2000a.h"
#include "status.h"

extern const emu_family layer_family;

enum {
	LAYER_CHANNELS = 4, /* what the family's numbers can name: A..D, of which a model may have fewer */
	LAYER_EDGES = 6     /* A..D, EXT and AUX: the order of the arguments of SetTriggerChannelDirections */
};

/* Kept per unit, since one call's argument can only be understood with that of another. */
typedef struct layer_state {
	uint32_t direction[LAYER_EDGES];   /* a direction means a level or a window ... */
	int window[LAYER_EDGES];           /* ... as the threshold mode of another call says */
	unsigned thresholds;               /* sources that have properties, a bit each */
	unsigned qualified;                /* sources in the pulse-width conditions, a bit each */
	uint32_t qualifier_direction;      /* of all of them */
	/* GetValuesOverlapped keeps the caller's 32-bit count; the engine writes its own. */
	uint32_t *overlapped;
	uint64_t overlapped_samples;
	int polled; /* the present block has no callback: IsReady hands the count over */
} layer_state;

/* The unit's state, made at first use. NULL: out of memory. */
layer_state *layer_of(emu_unit *u);
/* No later block fetches its values by itself (block.c). */
void layer_end_overlapped(emu_unit *u, layer_state *l);

/* The head of every function with a handle: declares u, or returns what the engine answers (a fault may answer OK). */
#define LAYER_ENTER(handle, flags) \
	emu_unit *u; \
	emu_status entered = emu_enter(&layer_family, (handle), __func__, (flags), &u); \
	if (entered != EMU_OK || !u) \
		return entered

/* A channel or port that has data; EMU_NO_SOURCE: none of that number. */
emu_source layer_data_source(int64_t channel);
/* A source of triggers: channels, EXT, AUX. */
emu_source layer_trigger_source(uint32_t channel);
/* The bit of a trigger source in the sets of layer_state. */
unsigned layer_bit(emu_source s);
/* The vendor's set of modes as the engine's; 0 is raw data. */
emu_status layer_modes(uint32_t modes, unsigned *set);
/* The directions' numbers mean one thing for a level and another for a window. */
emu_direction layer_direction(uint32_t direction, int window);
/* Length of a time unit in femtoseconds; 0: no such unit. */
uint64_t layer_time_unit(uint32_t unit);
/* The engine's counts are wider than the vendor's: too large ones end at the limit. */
int32_t layer_int32(uint64_t n);
uint32_t layer_uint32(uint64_t n);

#endif
