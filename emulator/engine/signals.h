/* The inside of a signal: its values in volts as functions of time. Read-only once made, so any number of threads may
 * ask the same signal. Not here: codes and pins (signal.c). */
#ifndef SCOPELOG_EMU_SIGNALS_H
#define SCOPELOG_EMU_SIGNALS_H

#include "replay.h"
#include "rig.h"
#include "signal.h"
#include "text.h"

enum { EMU_STRETCH = 1024, EMU_ANCHOR = 64 };

typedef enum emu_shape {
	EMU_SHAPE_NONE, EMU_SHAPE_PROOF, EMU_SHAPE_DC, EMU_SHAPE_SINE, EMU_SHAPE_SQUARE, EMU_SHAPE_TRIANGLE, EMU_SHAPE_SAWTOOTH,
	EMU_SHAPE_PULSES, EMU_SHAPE_RUNTS, EMU_SHAPE_RANDOM, EMU_SHAPE_DOUBLE, EMU_SHAPE_REPLAY, EMU_SHAPE_COUNTER, EMU_SHAPE_LEVELS
} emu_shape;

struct emu_signal {
	emu_shape shape;
	int port; /* a digital port: codes are bytes */
	int pin_of_port; /* a pin's own signal: 0 V to 3.3 V unless it says otherwise */
	double frequency, amplitude, offset, noise, loopback; /* amplitude: the peak, of pulses the height */
	double phase;                    /* cycles */
	double duty;                     /* 0..1 */
	double width, rise, fall;        /* seconds */
	uint64_t every;                  /* runts: every this many pulses */
	double runt;                     /* their height, part of the amplitude */
	double rate, spread;             /* random pulses a second; spread of heights, part of the amplitude */
	double lifetime, second, fraction; /* double pulses: mean delay, height of the second, part of pulses that have one */
	uint64_t levels;
	uint64_t seed, proof_seed;
	uint64_t arrivals;               /* seed of random pulses; that of the signal unless shared */
	int shared_arrivals;             /* signals with the same one have their pulses at the same moments */
	emu_replay replay;
	emu_signal *pin[8];
};

/* Sample n of a run is taken at origin + n * dt. */
typedef struct emu_grid { double origin, dt; } emu_grid;
emu_grid emu_grid_of(const emu_span *s);
static inline double emu_grid_time(const emu_grid *g, uint64_t n) { return g->origin + (double)n * g->dt; }

uint64_t emu_splitmix64(uint64_t x);
uint32_t emu_crc32c(const void *p, size_t n);
/* A number in [0, 1) from a hash. */
static inline double emu_unit_interval(uint64_t h) { return (double)(h >> 11) * 0x1p-53; }
/* About normally distributed, variance 1, never beyond 3.5. */
double emu_gauss(uint64_t h);

/* The signal that the rig gives to a source; nothing connected is 0 V. NULL: wrong, *line is the line of rig.conf. */
emu_signal *emu_signals_new(const emu_rig_unit *u, emu_source s, int *line, emu_problem *problem);
/* Volts of count <= EMU_STRETCH samples from n on, without offset of the front end and noise. f may be NULL. */
void emu_shape_volts(const emu_signal *s, const emu_frontend *f, const emu_grid *g, uint64_t n, size_t count, double *v);
/* signal_random.c: adds the random pulses. */
void emu_random_add(const emu_signal *s, const emu_grid *g, uint64_t n, size_t count, double *v);
double emu_random_length(const emu_signal *s); /* seconds that one arrival can last */
/* Periodic parts: number of the cycle, modulo 2^64, at sample n; EMU_SHAPE_COUNTER. */
void emu_wave_cycles(const emu_signal *s, const emu_grid *g, uint64_t n, size_t count, uint64_t *cycle);
double emu_wave_mean(const emu_signal *s);
/* signal_proof.c */
void emu_proof_codes(const emu_signal *s, const emu_frontend *f, uint64_t first, size_t count, int16_t *codes);
void emu_proof_pins(const emu_signal *s, uint64_t first, size_t count, uint8_t *pins);
uint64_t emu_proof_seed(const char *serial, int channel);

#endif
