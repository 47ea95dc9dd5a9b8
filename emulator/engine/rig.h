/* The rig as its files tell it: rig.conf parsed to values. Written once when a unit is enumerated or opened, read only
 * afterwards. Not here: state that changes while a unit is open (unit.h), and what a signal's values are (signal.h). */
#ifndef SCOPELOG_EMU_RIG_H
#define SCOPELOG_EMU_RIG_H

#include "emu.h"

enum { EMU_PINS = 16, EMU_SERIAL = 10, EMU_MAX_UNITS = 64 };

typedef enum emu_pacing { EMU_REAL_TIME, EMU_UNTHROTTLED } emu_pacing;
typedef enum emu_unplug { EMU_GONE, EMU_BUSY_FOR_EVER, EMU_HANGS } emu_unplug; /* how calls behave without the unit */

/* One `name = kind key=value ...` line, kept as text until the unit is opened. */
typedef struct emu_rig_line {
	char *text; /* behind the "="; NULL: not given */
	int line;   /* of rig.conf; 0: default rig */
} emu_rig_line;

typedef struct emu_rig_unit {
	char serial[EMU_SERIAL + 1];
	char variant[16]; /* as PICO_VARIANT_INFO tells it, "5444DMSO" */
	char driver[16];  /* "ps5000a" */
	char calibrated[12], firmware[16], hardware[8];
	emu_rig_line channel[EMU_SOURCES]; /* indexed by emu_source: A..H, both ports, EXT, AUX */
	emu_rig_line pin[EMU_PINS];        /* a signal for one pin, D0..D15 */
	emu_rig_line *fault;
	int faults;
	emu_pacing pacing;
	double clock_ppm;      /* the unit's clock runs fast by this much */
	double open_s;         /* an open takes this long */
	int usb;               /* 2 or 3: the port it is plugged into */
	int power;             /* emu_power, while there is no power file */
	emu_unplug unplug;
	int pods;              /* 6000E: bit set of the MSO pods plugged */
	double buffer_s;       /* driver-side streaming buffer in seconds of data; used when buffer_samples is 0 */
	uint64_t buffer_samples; /* the same in raw samples per channel */
	double delivery_s;     /* data comes in pieces of this many seconds; 0: the engine's own choice */
	int skew;              /* 6000E: unequal counts per channel at a change of buffers */
	uint64_t seed;         /* of skew and of random signals */
	int empty_busy;        /* 1: a poll without new data answers PICO_BUSY, 0: PICO_OK */
	int hurry;             /* 1: block captures and their triggers are ready at once, whatever time they would take */
	uint64_t memory;       /* samples of capture memory; 0: what the model has */
	uint64_t counter;      /* where the counter begins that triggers are stamped with */
	double temperature;    /* degrees Celsius */
	int handshakes;        /* acknowledgements that an open on USB 2 without supply asks for: 1, or 2 one after the other */
	unsigned trip;         /* 6000E: bit set of channels whose 50 ohm input trips by over-voltage when switched on */
} emu_rig_unit;

typedef struct emu_rig {
	char *dir;
	emu_rig_unit *unit;
	int units;
	int max_open;         /* per process and family */
	double enumerate_s;   /* an enumeration takes this long */
	int list_open;        /* 1: enumeration lists units that are open too */
	emu_status in_use;    /* answer to the open of a unit that another process holds */
	emu_rig_line *fault;  /* of calls without a unit: EnumerateUnits */
	int faults;
} emu_rig;

/* The directory (made when it is the default one), or NULL with a text on stderr once. Belongs to the library. */
const char *emu_rig_dir(void);
/* Reads rig.conf, or makes the default rig without it. NULL: wrong; the text "file:line: ..." is in problem, on stderr
 * (once per text) and in DIR/problems.log. Free with emu_rig_free. */
emu_rig *emu_rig_load(char *problem, size_t n);
void emu_rig_free(emu_rig *r);
void emu_rig_unit_free(emu_rig_unit *u); /* the contents, not the struct */
int emu_rig_unit_copy(emu_rig_unit *to, const emu_rig_unit *from);
/* Seconds since the rig began: since the file DIR/began was made in this boot. */
double emu_rig_seconds(uint64_t mono_ns);

#endif
