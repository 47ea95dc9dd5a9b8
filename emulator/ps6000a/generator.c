/* The signal generator: setters gather, SigGenApply programs. Limits are in generator_limits.c. */
#include "layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct limits {
	uint32_t min_samples, max_samples;
	double dds_hz, max_hz, max_pkpk;
} limits;

static emu_status get_limits(emu_unit *u, limits *l)
{
	return emu_generator_limits(u, &l->min_samples, &l->max_samples, &l->dds_hz, &l->max_hz, &l->max_pkpk);
}

static const struct {
	PICO_WAVE_TYPE vendor;
	emu_wave neutral;
} waves[] = {
	{PICO_SINE, EMU_WAVE_SINE}, {PICO_SQUARE, EMU_WAVE_SQUARE}, {PICO_TRIANGLE, EMU_WAVE_TRIANGLE},
	{PICO_RAMP_UP, EMU_WAVE_RAMP_UP}, {PICO_RAMP_DOWN, EMU_WAVE_RAMP_DOWN}, {PICO_SINC, EMU_WAVE_SINC},
	{PICO_GAUSSIAN, EMU_WAVE_GAUSSIAN}, {PICO_HALF_SINE, EMU_WAVE_HALF_SINE}, {PICO_DC_VOLTAGE, EMU_WAVE_DC},
	{PICO_PWM, EMU_WAVE_PWM}, {PICO_WHITENOISE, EMU_WAVE_NOISE}, {PICO_PRBS, EMU_WAVE_PRBS},
	{PICO_ARBITRARY, EMU_WAVE_ARBITRARY},
};

static int wave_of(PICO_WAVE_TYPE vendor, emu_wave *neutral)
{
	for (size_t i = 0; i < sizeof waves / sizeof *waves; i++)
		if (waves[i].vendor == vendor) {
			*neutral = waves[i].neutral;
			return 1;
		}
	return 0;
}

/* Opens the bracket of a setter: declares u, s and the generator's gathered settings g. */
#define GENERATOR_ENTER()                            \
	P6_ENTER(0);                                 \
	p6_state *state = p6_state_of(u);            \
	if (!state)                                  \
		return emu_leave(u, EMU_MEMORY_FAIL); \
	p6_generator *g = &state->generator

PICO_STATUS ps6000aSigGenWaveform(int16_t handle, PICO_WAVE_TYPE waveType, int16_t *buffer, uint64_t bufferLength)
{
	emu_wave wave;
	limits l;

	GENERATOR_ENTER();
	if (!wave_of(waveType, &wave))
		return emu_leave(u, EMU_SIGGEN_WAVETYPE_NOT_SUPPORTED);
	if (wave != EMU_WAVE_ARBITRARY) {
		g->wave = waveType;
		return emu_leave(u, EMU_OK);
	}
	s = get_limits(u, &l);
	if (s == EMU_OK && !l.max_samples)
		s = EMU_AWG_NOT_SUPPORTED;
	if (s == EMU_OK && !buffer)
		s = EMU_SIGGEN_BUFFER_NOT_SUPPLIED;
	if (s == EMU_OK && bufferLength < l.min_samples)
		s = EMU_SIGGEN_EMPTY_BUFFER_SUPPLIED;
	if (s == EMU_OK && bufferLength > l.max_samples)
		s = EMU_SIGGEN_TOO_MANY_SAMPLES;
	if (s != EMU_OK)
		return emu_leave(u, s);
	size_t bytes = (size_t)bufferLength * sizeof *buffer;
	int16_t *copy = malloc(bytes);
	if (!copy)
		return emu_leave(u, EMU_MEMORY_FAIL);
	memcpy(copy, buffer, bytes);
	free(g->samples);
	g->samples = copy;
	g->count = (uint32_t)bufferLength;
	g->wave = waveType;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps6000aSigGenRange(int16_t handle, double peakToPeakVolts, double offsetVolts)
{
	limits l;

	GENERATOR_ENTER();
	s = get_limits(u, &l);
	if (s == EMU_OK && !(peakToPeakVolts >= 0 && peakToPeakVolts <= l.max_pkpk))
		s = EMU_SIGGEN_PK_TO_PK;
	if (s == EMU_OK && !(fabs(offsetVolts) <= l.max_pkpk / 2))
		s = EMU_SIGGEN_OFFSET_VOLTAGE;
	if (s == EMU_OK) {
		g->pkpk = peakToPeakVolts;
		g->offset = offsetVolts;
		g->range_set = 1;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps6000aSigGenWaveformDutyCycle(int16_t handle, double dutyCyclePercent)
{
	GENERATOR_ENTER();
	if (!(dutyCyclePercent >= 0 && dutyCyclePercent <= 100))
		return emu_leave(u, EMU_SIGGEN_DUTYCYCLE_OUT_OF_RANGE);
	g->duty = dutyCyclePercent / 100;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps6000aSigGenTrigger(int16_t handle, PICO_SIGGEN_TRIG_TYPE triggerType, PICO_SIGGEN_TRIG_SOURCE triggerSource,
	uint64_t cycles, uint64_t autoTriggerPicoSeconds)
{
	(void)autoTriggerPicoSeconds; /* the emulated generator waits for its trigger */
	GENERATOR_ENTER();
	if ((uint32_t)triggerType > PICO_SIGGEN_GATE_LOW)
		return emu_leave(u, EMU_SIGGEN_TRIGGERTYPE_NOT_SUPPORTED);
	if ((uint32_t)triggerSource > PICO_SIGGEN_TRIGGER_RAW || triggerSource == PICO_SIGGEN_EXT_IN)
		return emu_leave(u, EMU_SIGGEN_TRIGGERSOURCE_NOT_SUPPORTED);
	g->trigger_type = triggerType;
	g->trigger_source = triggerSource;
	g->cycles = cycles;
	g->trigger_set = 1;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps6000aSigGenFilter(int16_t handle, PICO_SIGGEN_FILTER_STATE filterState)
{
	P6_ENTER(0);
	return emu_leave(u, (uint32_t)filterState > PICO_SIGGEN_FILTER_ON ? EMU_SIGGEN_FILTER_STATE_NOT_SUPPORTED : EMU_OK);
}

PICO_STATUS ps6000aSigGenFrequency(int16_t handle, double frequencyHz)
{
	limits l;

	GENERATOR_ENTER();
	s = get_limits(u, &l);
	if (s == EMU_OK && !(frequencyHz >= 0 && frequencyHz <= l.max_hz))
		s = EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE;
	if (s == EMU_OK) {
		g->frequency = frequencyHz;
		g->by_phase = 0;
		g->frequency_set = 1;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps6000aSigGenFrequencySweep(int16_t handle, double stopFrequencyHz, double frequencyIncrement,
	double dwellTimeSeconds, PICO_SWEEP_TYPE sweepType)
{
	limits l;

	GENERATOR_ENTER();
	s = get_limits(u, &l);
	if (s == EMU_OK && (uint32_t)sweepType > PICO_DOWNUP)
		s = EMU_SIGGEN_SWEEPTYPE_INVALID;
	if (s == EMU_OK && !(stopFrequencyHz > 0 && stopFrequencyHz <= l.max_hz))
		s = EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE;
	if (s == EMU_OK && !(frequencyIncrement > 0 && dwellTimeSeconds > 0 && isfinite(frequencyIncrement + dwellTimeSeconds)))
		s = EMU_SIGGEN_INVALID_SWEEP_PARAMETERS;
	if (s == EMU_OK) {
		g->stop = stopFrequencyHz;
		g->increment = frequencyIncrement;
		g->dwell = dwellTimeSeconds;
		g->sweep = sweepType;
		g->sweep_by_phase = 0;
		g->sweep_set = 1;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps6000aSigGenPhase(int16_t handle, uint64_t deltaPhase)
{
	GENERATOR_ENTER();
	if (!deltaPhase || deltaPhase > UINT32_MAX)
		return emu_leave(u, EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE);
	g->phase = deltaPhase;
	g->by_phase = 1;
	g->frequency_set = 1;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps6000aSigGenPhaseSweep(int16_t handle, uint64_t stopDeltaPhase, uint64_t deltaPhaseIncrement, uint64_t dwellCount,
	PICO_SWEEP_TYPE sweepType)
{
	GENERATOR_ENTER();
	if ((uint32_t)sweepType > PICO_DOWNUP)
		return emu_leave(u, EMU_SIGGEN_SWEEPTYPE_INVALID);
	if (!stopDeltaPhase || stopDeltaPhase > UINT32_MAX || !deltaPhaseIncrement || !dwellCount)
		return emu_leave(u, EMU_SIGGEN_INVALID_SWEEP_PARAMETERS);
	g->stop_phase = stopDeltaPhase;
	g->phase_increment = deltaPhaseIncrement;
	g->dwell_count = dwellCount;
	g->sweep = sweepType;
	g->sweep_by_phase = 1;
	g->sweep_set = 1;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps6000aSigGenClockManual(int16_t handle, double dacClockFrequency, uint64_t prescaleRatio)
{
	limits l;

	GENERATOR_ENTER();
	s = get_limits(u, &l);
	if (s == EMU_OK && !(dacClockFrequency > 0 && dacClockFrequency <= l.dds_hz))
		s = EMU_AWG_CLOCK_FREQUENCY;
	if (s == EMU_OK && (!prescaleRatio || prescaleRatio > UINT32_MAX))
		s = EMU_SIGGEN_PRESCALE_OUT_OF_RANGE;
	if (s == EMU_OK) {
		g->clock_hz = dacClockFrequency;
		g->prescale = prescaleRatio;
		g->clock_set = 1;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps6000aSigGenSoftwareTriggerControl(int16_t handle, PICO_SIGGEN_TRIG_TYPE triggerState)
{
	P6_ENTER(0);
	if ((uint32_t)triggerState > PICO_SIGGEN_GATE_LOW)
		return emu_leave(u, EMU_SIGGEN_TRIGGERTYPE_NOT_SUPPORTED);
	return emu_leave(u, emu_generator_software(u, (int)triggerState));
}

PICO_STATUS ps6000aSigGenPause(int16_t handle)
{
	P6_ENTER(0);
	return emu_leave(u, emu_generator_pause(u, 1));
}

PICO_STATUS ps6000aSigGenRestart(int16_t handle)
{
	P6_ENTER(0);
	return emu_leave(u, emu_generator_pause(u, 0));
}

/* What was not given although what is switched on needs it. */
static emu_status missing(const p6_generator *g, int sweep, int trigger, int override)
{
	int steady = g->wave == PICO_DC_VOLTAGE || g->wave == PICO_WHITENOISE;

	if (!g->range_set)
		return EMU_SIGGEN_RANGE_NOT_SUPPLIED;
	if (!g->frequency_set && !steady)
		return EMU_SIGGEN_FREQUENCY_NOT_SUPPLIED;
	if (!g->by_phase && g->frequency == 0 && !steady)
		return EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE;
	if (sweep && !g->sweep_set)
		return EMU_SIGGEN_SWEEP_INFO_NOT_SUPPLIED;
	if (sweep && steady)
		return EMU_SIGGEN_SWEEP_WAVETYPE_MISMATCH;
	if (sweep && g->by_phase != g->sweep_by_phase)
		return EMU_SIGGEN_SETTINGS_MISMATCH;
	if (trigger && !g->trigger_set)
		return EMU_SIGGEN_TRIGGER_INFO_NOT_SUPPLIED;
	if (override && !g->clock_set)
		return EMU_SIGGEN_CLOCK_FREQ_NOT_SUPPLIED;
	return EMU_OK;
}

static emu_generator neutral(const p6_generator *g, int sweep, int trigger, double clock)
{
	static const emu_generator_source sources[] = {EMU_GEN_NONE, EMU_GEN_SCOPE, EMU_GEN_AUX, EMU_GEN_EXT, EMU_GEN_SOFT,
						       EMU_GEN_SCOPE};
	double step = clock / 4294967296.0; /* hertz of one step of the 32-bit phase */
	emu_generator n = {
		.on = 1, .pkpk = g->pkpk, .offset = g->offset, .duty = g->duty,
		.start_hz = g->by_phase ? (double)g->phase * step : g->frequency,
		.samples = g->samples, .count = g->count,
	};

	(void)wave_of(g->wave, &n.wave);
	n.stop_hz = n.start_hz;
	if (sweep) {
		n.stop_hz = g->sweep_by_phase ? (double)g->stop_phase * step : g->stop;
		n.step_hz = g->sweep_by_phase ? (double)g->phase_increment * step : g->increment;
		n.dwell = g->sweep_by_phase ? (double)g->dwell_count / clock : g->dwell;
		n.sweep = (emu_sweep)g->sweep;
	}
	if (trigger) {
		n.trigger = sources[g->trigger_source];
		n.trigger_type = (int)g->trigger_type;
		n.shots = g->cycles;
	}
	return n;
}

static void tell(double *to, double value)
{
	if (to)
		*to = value;
}

/* The four pointers are results only: programs hand over variables that hold something else. */
PICO_STATUS ps6000aSigGenApply(int16_t handle, int16_t sigGenEnabled, int16_t sweepEnabled, int16_t triggerEnabled,
	int16_t automaticClockOptimisationEnabled, int16_t overrideAutomaticClockAndPrescale, double *frequency,
	double *stopFrequency, double *frequencyIncrement, double *dwellTime)
{
	limits l;

	(void)automaticClockOptimisationEnabled; /* an emulated output has no jitter to optimise */
	GENERATOR_ENTER();
	if (!sigGenEnabled)
		return emu_leave(u, emu_generator_set(u, &(emu_generator){.wave = EMU_WAVE_DC}));
	s = missing(g, sweepEnabled, triggerEnabled, overrideAutomaticClockAndPrescale);
	if (s == EMU_OK)
		s = get_limits(u, &l);
	if (s == EMU_OK && g->pkpk / 2 + fabs(g->offset) > l.max_pkpk / 2)
		s = EMU_SIGGEN_OUTPUT_OVER_VOLTAGE;
	if (s != EMU_OK)
		return emu_leave(u, s);
	double clock = overrideAutomaticClockAndPrescale ? g->clock_hz / (double)g->prescale : l.dds_hz;
	emu_generator n = neutral(g, sweepEnabled, triggerEnabled, clock);
	s = emu_generator_set(u, &n);
	if (s == EMU_OK)
		s = emu_generator_get(u, &n);
	if (s == EMU_OK) {
		tell(frequency, n.start_hz);
		tell(stopFrequency, n.stop_hz);
		tell(frequencyIncrement, n.step_hz);
		tell(dwellTime, n.dwell);
	}
	return emu_leave(u, s);
}
