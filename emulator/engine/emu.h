/* The family-neutral emulation of a vendor library: what the three family layers (emulator/ps2000a, ps5000a, ps6000a)
 * call. A family layer owns the ABI only: types, prototypes, the translation of its numbers to the neutral ones here,
 * and which function exists. Everything that a unit does or remembers is behind this header. Not here: the ABI, and the
 * internals of signals (signal.h), units (unit.h) and acquisition (scope.h).
 *
 * Every function returns a status with the vendor's number (status.h). Functions that take an emu_unit are called
 * between emu_enter and emu_leave only. */
#ifndef SCOPELOG_EMU_H
#define SCOPELOG_EMU_H

#include <stddef.h>
#include <stdint.h>

typedef uint32_t emu_status;
typedef struct emu_unit emu_unit;

/* Sources of samples and of triggers. Channels A..H are 0..7. */
enum { EMU_CHANNELS = 8, EMU_PORTS = 2 };
typedef enum emu_source {
	EMU_A = 0,
	EMU_PORT0 = 8,
	EMU_PORT1 = 9,
	EMU_EXT = 10,
	EMU_AUX = 11,
	EMU_PWQ = 12,     /* the pulse-width qualifier, in trigger conditions only */
	EMU_DIGITAL = 13, /* the digital condition, in trigger conditions only */
	EMU_SOURCES = 14,
	EMU_NO_SOURCE = -1
} emu_source;

/* Downsampling modes, a bit set. */
enum { EMU_RAW = 1, EMU_AGGREGATE = 2, EMU_DECIMATE = 4, EMU_AVERAGE = 8, EMU_DISTRIBUTION = 16, EMU_SUM = 32, EMU_TRIGGER_DATA = 64 };

/* Types of a data buffer's elements. EMU_I8 holds the unscaled 8 bits, all others hold the scaled 16-bit code. */
typedef enum emu_type { EMU_I8, EMU_I16, EMU_I32, EMU_U32, EMU_I64 } emu_type;

typedef enum emu_coupling { EMU_AC, EMU_DC, EMU_DC50 } emu_coupling;

/* What one vendor library is and where it differs from its sisters, as values. One static object per library. */
typedef struct emu_family {
	const char *name;         /* "ps5000a": the driver, also the name of its models in the table */
	const char *version;      /* what GetUnitInfo tells as driver version */
	int queued_buffers;       /* 1: streaming hands out queued buffers (0x197), 0: one ring per channel and callback */
	int has_power;            /* 1: power handshake exists */
	int all_on_after_open;    /* 1: all channels are enabled after open */
	int absent_channel_off_ok; /* 1: switching off a channel that the model lacks answers OK */
	uint64_t max_delay;       /* of the trigger, samples */
	uint64_t max_pulse_width; /* samples */
} emu_family;

/* ---- Library: enumerate and open (rig.c, open.c) ------------------------------------------------------------------ */

/* serials may be NULL; *length in and out as in the vendor's EnumerateUnits; option flags in the buffer are obeyed. */
emu_status emu_enumerate(const emu_family *f, int16_t *count, int8_t *serials, int16_t *length);
/* bits 0: the unit's default resolution. */
emu_status emu_open(const emu_family *f, int16_t *handle, const int8_t *serial, int bits);
emu_status emu_open_async(const emu_family *f, int16_t *started, const int8_t *serial, int bits);
emu_status emu_open_progress(const emu_family *f, int16_t *handle, int16_t *percent, int16_t *complete);
emu_status emu_close(emu_unit *u); /* instead of emu_leave: u is gone afterwards */
/* handle 0 (no unit) knows driver version and path only. u may be NULL. Strings are cut to n with a NUL. */
emu_status emu_info(const emu_family *f, emu_unit *u, int8_t *text, int16_t n, int16_t *need, uint32_t info);

/* ---- Bracket around every call ------------------------------------------------------------------------------------ */

enum {
	EMU_UNPOWERED = 1, /* allowed while a power status waits for its acknowledgement */
	EMU_CALLBACK = 2,  /* allowed from inside a callback */
	EMU_IDLE_ONLY = 4, /* answers PICO_BUSY while a capture runs */
	EMU_QUIET = 8      /* called in loops: written to the log only when refused */
};
/* Checks the handle, concurrent use, calls from callbacks, pending power states, faults of the rig; logs the call.
 * function is the full vendor name. On a status other than 0 *u is NULL and the layer returns that status at once.
 * hook: PICO_OK faults such as a delay or a hang happen inside. */
emu_status emu_enter(const emu_family *f, int16_t handle, const char *function, unsigned flags, emu_unit **u);
/* Ends the call and returns the status to give back (a fault may replace it). */
emu_status emu_leave(emu_unit *u, emu_status s);
/* The layer calls the user's callbacks between these two; any vendor call meanwhile answers PICO_USER_CALLBACK. */
void emu_callback_begin(emu_unit *u);
void emu_callback_end(emu_unit *u);
int16_t emu_handle(const emu_unit *u);
int emu_unit_channels(const emu_unit *u);      /* analog channels that the model has */
int emu_unit_ports(const emu_unit *u);         /* digital ports that the model has (6000E: pods plugged) */
/* Where the family layer keeps what it must remember about a unit: NULL after open; the layer puts a block of malloc
 * there, emu_close gives it to free(). */
void **emu_layer_state(emu_unit *u);

/* ---- Unit as a whole ---------------------------------------------------------------------------------------------- */

emu_status emu_ping(emu_unit *u);
emu_status emu_flash_led(emu_unit *u, int16_t start);
emu_status emu_led_flashing(emu_unit *u, int16_t *flashing);
emu_status emu_change_power(emu_unit *u, uint32_t state);
emu_status emu_current_power(emu_unit *u);     /* the state as status */
emu_status emu_set_resolution(emu_unit *u, int bits);
emu_status emu_resolution(emu_unit *u, int *bits);
emu_status emu_adc_limits(emu_unit *u, int bits, int16_t *min, int16_t *max); /* bits 0: present resolution */

/* ---- Channels and ports ------------------------------------------------------------------------------------------- */

typedef struct emu_channel_setting {
	int on;
	emu_coupling coupling;
	int range;         /* vendor code 0..11: 10 mV, 20 mV, 50 mV ... 50 V */
	double offset;     /* volts, added to the input before digitising */
	double bandwidth;  /* Hz; 0: full */
} emu_channel_setting;
emu_status emu_set_channel(emu_unit *u, emu_source channel, const emu_channel_setting *s);
emu_status emu_set_bandwidth(emu_unit *u, emu_source channel, double hz);
/* levels: volts, one per pin. hysteresis in volts (0: the family's default). */
emu_status emu_set_port(emu_unit *u, emu_source port, int on, const double levels[8], double hysteresis);
/* Usable range codes of a channel, ascending. *n in: room, out: how many; codes NULL: count only. */
emu_status emu_ranges(emu_unit *u, emu_source channel, int32_t *codes, int32_t *n);
emu_status emu_offset_limits(emu_unit *u, int range, emu_coupling c, double *max, double *min);

/* ---- Timebase and memory ------------------------------------------------------------------------------------------ */

/* interval in femtoseconds, max_samples per channel of the segment; both may be NULL. */
emu_status emu_timebase(emu_unit *u, uint32_t n, uint64_t samples, uint64_t *interval_fs, uint64_t *max_samples, uint64_t segment);
/* Stateless: channels is a bit set of emu_source. */
emu_status emu_minimum_timebase(emu_unit *u, uint32_t channels, int bits, uint32_t *n, uint64_t *interval_fs);
emu_status emu_nearest_interval(emu_unit *u, uint32_t channels, int bits, double seconds, uint32_t *n, double *available);
/* Bit sets of emu_source usable at a timebase; sets NULL: count only; *n in and out. */
emu_status emu_channel_combinations(emu_unit *u, int bits, uint32_t timebase, uint32_t *sets, uint32_t *n);
emu_status emu_memory_segments(emu_unit *u, uint64_t segments, uint64_t *max_samples);
emu_status emu_segments_by_samples(emu_unit *u, uint64_t samples, uint64_t *max_segments);
emu_status emu_query_segments(emu_unit *u, uint64_t samples, uint32_t channels, int bits, uint64_t *max_segments);
emu_status emu_max_memory(emu_unit *u, int bits, uint64_t *samples);
emu_status emu_max_segments(emu_unit *u, uint64_t *n);
emu_status emu_set_captures(emu_unit *u, uint64_t n);
emu_status emu_captures(emu_unit *u, uint64_t *n);
emu_status emu_processed_captures(emu_unit *u, uint64_t *n);

/* ---- Data buffers ------------------------------------------------------------------------------------------------- */

enum { EMU_CLEAR_ALL = 1, EMU_ADD = 2, EMU_CLEAR_THIS = 4, EMU_CLEAR_WAVEFORM = 8, EMU_CLEAR_READ = 16 };
typedef struct emu_buffer {
	emu_source source;
	uint64_t segment;
	unsigned mode; /* one of EMU_RAW ... */
	emu_type type;
	void *max, *min; /* both NULL: unregister */
	int64_t samples; /* length of each */
} emu_buffer;
/* Ring families: replaces what was registered for (source, segment, mode, type). Queue families: obeys action. */
emu_status emu_set_buffer(emu_unit *u, const emu_buffer *b, unsigned action);

/* ---- Triggers ----------------------------------------------------------------------------------------------------- */

typedef enum emu_direction {
	EMU_ABOVE, EMU_BELOW, EMU_RISING, EMU_FALLING, EMU_RISING_OR_FALLING,
	EMU_ABOVE_LOWER, EMU_BELOW_LOWER, EMU_RISING_LOWER, EMU_FALLING_LOWER,
	EMU_INSIDE, EMU_OUTSIDE, EMU_ENTER, EMU_EXIT, EMU_ENTER_OR_EXIT, EMU_POSITIVE_RUNT, EMU_NEGATIVE_RUNT, EMU_NO_DIRECTION
} emu_direction;
typedef enum emu_state { EMU_DONT_CARE, EMU_TRUE, EMU_FALSE } emu_state;
typedef enum emu_pin { EMU_PIN_DONT_CARE, EMU_PIN_LOW, EMU_PIN_HIGH, EMU_PIN_RISING, EMU_PIN_FALLING, EMU_PIN_EITHER } emu_pin;
typedef enum emu_pulse { EMU_PULSE_NONE, EMU_PULSE_LESS, EMU_PULSE_GREATER, EMU_PULSE_IN_RANGE, EMU_PULSE_OUT_OF_RANGE } emu_pulse;

typedef struct emu_threshold { /* counts of the present range; hysteresis likewise */
	emu_source source;
	int16_t upper, lower;
	uint16_t upper_hysteresis, lower_hysteresis;
	int window; /* -1: the direction says it */
} emu_threshold;
typedef struct emu_term { emu_source source; emu_state state; } emu_term;
typedef struct emu_edge { emu_source source; emu_direction direction; } emu_edge;
typedef struct emu_pin_edge { int pin; /* 0..15 */ emu_pin direction; } emu_pin_edge;

emu_status emu_simple_trigger(emu_unit *u, int enable, emu_source s, int16_t threshold, emu_direction d, uint64_t delay, uint64_t auto_us);
emu_status emu_trigger_thresholds(emu_unit *u, const emu_threshold *t, int n); /* n 0: off */
/* One AND group of n terms is added to the OR of groups; clear first when asked; n 0 with clear: off. qualifier 1: of
 * the pulse-width qualifier. */
emu_status emu_trigger_conditions(emu_unit *u, const emu_term *t, int n, int clear, int add, int qualifier);
emu_status emu_trigger_directions(emu_unit *u, const emu_edge *e, int n, int qualifier);
emu_status emu_trigger_pins(emu_unit *u, const emu_pin_edge *p, int n, int qualifier); /* n 0: off */
emu_status emu_trigger_digital_operand(emu_unit *u, int operand); /* 0 none, 1 or, 2 and, 3 then */
emu_status emu_pulse_width(emu_unit *u, uint64_t lower, uint64_t upper, emu_pulse type);
emu_status emu_trigger_delay(emu_unit *u, uint64_t samples);
emu_status emu_trigger_auto(emu_unit *u, uint64_t microseconds); /* 0: wait for ever */
emu_status emu_trigger_enabled(emu_unit *u, int *trigger, int *pulse_width);
emu_status emu_edge_detect(emu_unit *u, int set, int16_t *state); /* set 1: from *state, 0: into *state */

typedef struct emu_trigger_info {
	emu_status status;
	uint64_t segment, index;   /* index of the trigger sample in the waveform */
	int64_t time_fs;           /* trigger time offset, femtoseconds from that sample */
	uint64_t missed, counter;  /* counter: of sample periods since arming of the first segment */
} emu_trigger_info;
emu_status emu_trigger_infos(emu_unit *u, uint64_t from, uint64_t count, emu_trigger_info *infos);

/* ---- Block -------------------------------------------------------------------------------------------------------- */

/* Called on a thread of the emulation, inside emu_callback_begin/end. */
typedef void (*emu_block_done)(int16_t handle, emu_status s, void *user);
typedef void (*emu_data_done)(int16_t handle, emu_status s, uint64_t samples, int16_t overflow, void *user);

emu_status emu_block_run(emu_unit *u, uint64_t pre, uint64_t post, uint32_t timebase, double *busy_ms, uint64_t segment,
			 emu_block_done done, void *user);
emu_status emu_block_ready(emu_unit *u, int16_t *ready);
/* mode: a set. overflow: one int16 per segment from..to, may be NULL. *samples in: asked, out: given. */
emu_status emu_values(emu_unit *u, uint64_t start, uint64_t *samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to, int16_t *overflow);
emu_status emu_values_async(emu_unit *u, uint64_t start, uint64_t samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to,
			    emu_data_done done, void *user);
/* Executed by the next emu_block_run; the pointers stay in use until it is ready. */
emu_status emu_values_overlapped(emu_unit *u, uint64_t start, uint64_t *samples, uint64_t ratio, unsigned mode, uint64_t from, uint64_t to, int16_t *overflow);
emu_status emu_stop_overlapped(emu_unit *u);
emu_status emu_max_ratio(emu_unit *u, uint64_t samples, unsigned mode, uint64_t segment, uint64_t *ratio);
emu_status emu_ets(emu_unit *u, int on, int cycles, int interleave, int32_t *picoseconds);
emu_status emu_ets_times(emu_unit *u, int64_t *times, uint32_t *upper, uint32_t *lower, int64_t samples);

/* ---- Streaming ---------------------------------------------------------------------------------------------------- */

typedef struct emu_stream_request {
	uint64_t interval_fs; /* in: wish, out: what is done; a whole number of unit_fs unless that is 0 */
	uint64_t unit_fs;     /* the caller's time unit; 0: any fraction */
	uint64_t pre, post;
	int auto_stop;
	uint64_t ratio;
	unsigned mode;            /* a set */
	uint64_t overview_samples; /* ring families: length of the buffers */
} emu_stream_request;
emu_status emu_stream_run(emu_unit *u, emu_stream_request *r);

/* Ring families: copies one contiguous piece into the registered buffers. call 1: the layer must call the callback. */
typedef struct emu_ring_piece {
	int call;
	int32_t samples;
	uint32_t start;
	int16_t overflow;
	uint32_t trigger_at;
	int16_t triggered, auto_stop;
} emu_ring_piece;
emu_status emu_stream_poll_ring(emu_unit *u, emu_ring_piece *p);

/* Queue families: fills one info per entry; the layer sets source, mode and type and copies the rest back. */
typedef struct emu_queue_piece {
	emu_source source;
	unsigned mode;
	emu_type type;
	int filled; /* 0: leave the caller's info as it was */
	int32_t samples;
	uint64_t buffer;
	int32_t start;
	int16_t overflow;
} emu_queue_piece;
typedef struct emu_queue_trigger { uint64_t at; int16_t triggered, auto_stop; } emu_queue_trigger;
emu_status emu_stream_poll_queue(emu_unit *u, emu_queue_piece *p, int n, emu_queue_trigger *t);

emu_status emu_stream_values(emu_unit *u, uint64_t *samples); /* raw samples per channel of the last streaming run */
emu_status emu_stop(emu_unit *u);

/* ---- Signal generator --------------------------------------------------------------------------------------------- */

typedef enum emu_wave {
	EMU_WAVE_SINE, EMU_WAVE_SQUARE, EMU_WAVE_TRIANGLE, EMU_WAVE_RAMP_UP, EMU_WAVE_RAMP_DOWN, EMU_WAVE_SINC, EMU_WAVE_GAUSSIAN,
	EMU_WAVE_HALF_SINE, EMU_WAVE_DC, EMU_WAVE_NOISE, EMU_WAVE_PRBS, EMU_WAVE_PWM, EMU_WAVE_ARBITRARY
} emu_wave;
typedef enum emu_sweep { EMU_UP, EMU_DOWN, EMU_UP_DOWN, EMU_DOWN_UP } emu_sweep;
typedef enum emu_generator_source { EMU_GEN_NONE, EMU_GEN_SCOPE, EMU_GEN_AUX, EMU_GEN_EXT, EMU_GEN_SOFT } emu_generator_source;
typedef struct emu_generator {
	int on;
	emu_wave wave;
	double pkpk, offset;                     /* volts */
	double start_hz, stop_hz, step_hz, dwell; /* dwell in seconds; stop == start: no sweep */
	emu_sweep sweep;
	double duty;                             /* 0..1, square and PWM */
	const int16_t *samples;                  /* arbitrary; copied */
	uint32_t count;
	int index_mode;                          /* 0 single, 1 dual, 2 quad */
	uint64_t shots, sweeps;                  /* 0: for ever */
	int trigger_type;                        /* 0 rising, 1 falling, 2 gate high, 3 gate low */
	emu_generator_source trigger;
	int16_t ext_threshold;
} emu_generator;
emu_status emu_generator_set(emu_unit *u, const emu_generator *g);
emu_status emu_generator_get(emu_unit *u, emu_generator *g); /* what is applied; samples points inside, until the next call */
emu_status emu_generator_software(emu_unit *u, int state);
emu_status emu_generator_pause(emu_unit *u, int paused);
/* Arbitrary memory and clock of this model; 0 samples: no arbitrary generator. */
emu_status emu_generator_limits(emu_unit *u, uint32_t *min_samples, uint32_t *max_samples, double *dds_hz, double *max_hz, double *max_pkpk);

#endif
