/* What comes in at a connector: the signals of a rig, as codes of an ADC or as levels of pins. The acquisition asks for
 * stretches of samples by index and time; nothing here knows of captures, buffers or calls. */
#ifndef SCOPELOG_EMU_SIGNAL_H
#define SCOPELOG_EMU_SIGNAL_H

#include <stddef.h>
#include <stdint.h>

typedef struct emu_signal emu_signal;

/* A stretch of raw samples: sample i (index first + i of this Start) is taken at t0 + i * dt seconds since the rig
 * began, by the unit's own clock error already applied. */
typedef struct emu_span {
	uint64_t first;
	double t0, dt;
	size_t count;
	/* With anchored = 1, origin is the time of sample 0 of this Start and t0 = origin + first * dt; then the codes of a
	 * sample do not depend, to the last bit, on how a run is cut into spans. Use emu_span_at. */
	double origin;
	int anchored;
} emu_span;

static inline emu_span emu_span_at(double origin, double dt, uint64_t first, size_t count)
{
	emu_span s = {.first = first, .t0 = origin + (double)first * dt, .dt = dt, .count = count, .origin = origin, .anchored = 1};
	return s;
}

/* The analog front end that turns volts into codes. */
typedef struct emu_frontend {
	double range, offset; /* volts: full scale, and what is added to the input */
	int ac;               /* AC coupling: the signal's mean is taken away */
	double bandwidth;     /* Hz; 0: full */
	int bits;
	int16_t min_code, max_code;
	/* The generator's output in volts at a time, for the signal "loopback"; may be NULL. */
	double (*generator)(void *ctx, double t);
	void *generator_ctx;
} emu_frontend;

/* Codes of an analog channel, scaled to 16 bits. Returns 1 when at least one sample was out of range. */
int emu_signal_codes(emu_signal *s, const emu_frontend *f, const emu_span *span, int16_t *codes);
/* Levels of the eight pins of a port as a byte per sample. levels: thresholds in volts. */
void emu_signal_pins(emu_signal *s, const double levels[8], const emu_span *span, uint8_t *pins);
/* One value in volts at the connector (EXT, AUX, the trigger's interpolation). Proof signals have no volts: 0. */
double emu_signal_volts(emu_signal *s, const emu_frontend *f, double t);
/* s may be NULL. */
void emu_signal_free(emu_signal *s);

#endif
