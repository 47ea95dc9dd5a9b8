/* The signal generator: microvolts, hertz and phase steps as the engine's volts and hertz. Not here: the waveform. */
#include "layer.h"

static const double phase_turn = 4294967296.0; /* the phase is a 32-bit number */

/* What the four setting functions have in common. */
typedef struct sweep_args {
	uint32_t sweep, shots, sweeps, trigger_type, trigger_source;
	int16_t ext_threshold;
} sweep_args;

/* shots and sweeps both given is a warning: it is applied all the same. */
static emu_status fill_sweep(emu_generator *g, const sweep_args *a, emu_status *warning)
{
	static const emu_generator_source sources[] = {EMU_GEN_NONE, EMU_GEN_SCOPE, EMU_GEN_AUX, EMU_GEN_EXT, EMU_GEN_SOFT};
	const uint32_t forever = PS2000A_SHOT_SWEEP_TRIGGER_CONTINUOUS_RUN;

	if (a->sweep >= PS2000A_MAX_SWEEP_TYPES || a->trigger_type > PS2000A_SIGGEN_GATE_LOW)
		return EMU_SIG_GEN_PARAM;
	if (a->trigger_source > PS2000A_SIGGEN_SOFT_TRIG)
		return EMU_SIG_GEN_PARAM;
	if (a->shots != forever && a->shots > PS2000A_MAX_SWEEPS_SHOTS)
		return EMU_SIG_GEN_PARAM;
	if (a->sweeps != forever && a->sweeps > PS2000A_MAX_SWEEPS_SHOTS)
		return EMU_SIG_GEN_PARAM;
	g->sweep = (emu_sweep)a->sweep;
	g->shots = a->shots == forever ? 0 : a->shots;
	g->sweeps = a->sweeps == forever ? 0 : a->sweeps;
	g->trigger_type = (int)a->trigger_type;
	g->trigger = sources[a->trigger_source];
	g->ext_threshold = a->ext_threshold;
	*warning = g->shots && g->sweeps ? EMU_SHOTS_SWEEPS_WARNING : EMU_OK;
	return EMU_OK;
}

static emu_status apply(emu_unit *u, emu_generator *g, const sweep_args *a)
{
	emu_status warning, s = fill_sweep(g, a, &warning);

	if (s == EMU_OK)
		s = emu_generator_set(u, g);
	return s == EMU_OK ? warning : s;
}

static emu_status wave_of(int64_t wave, uint32_t operation, emu_wave *w)
{
	static const emu_wave waves[] = {
		EMU_WAVE_SINE, EMU_WAVE_SQUARE, EMU_WAVE_TRIANGLE, EMU_WAVE_RAMP_UP, EMU_WAVE_RAMP_DOWN, EMU_WAVE_SINC,
		EMU_WAVE_GAUSSIAN, EMU_WAVE_HALF_SINE, EMU_WAVE_DC,
	};

	if (wave < 0 || wave >= PS2000A_MAX_WAVE_TYPES || operation > PS2000A_PRBS)
		return EMU_SIG_GEN_PARAM;
	*w = operation == PS2000A_WHITENOISE ? EMU_WAVE_NOISE : operation == PS2000A_PRBS ? EMU_WAVE_PRBS : waves[wave];
	return EMU_OK;
}

PICO_STATUS ps2000aSetSigGenBuiltInV2(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, int16_t waveType,
		double startFrequency, double stopFrequency, double increment, double dwellTime, PS2000A_SWEEP_TYPE sweepType,
		PS2000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType,
		PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
{
	const sweep_args a = {sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold};
	emu_generator g = {
		.on = pkToPk || offsetVoltage,
		.pkpk = pkToPk * 1e-6,
		.offset = offsetVoltage * 1e-6,
		.start_hz = startFrequency,
		.stop_hz = stopFrequency,
		.step_hz = increment,
		.dwell = dwellTime,
		.duty = 0.5,
	};

	LAYER_ENTER(handle, 0);
	emu_status s = wave_of(waveType, operation, &g.wave);
	return emu_leave(u, s == EMU_OK ? apply(u, &g, &a) : s);
}

PICO_STATUS ps2000aSetSigGenBuiltIn(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, int16_t waveType,
		float startFrequency, float stopFrequency, float increment, float dwellTime, PS2000A_SWEEP_TYPE sweepType,
		PS2000A_EXTRA_OPERATIONS operation, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType,
		PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
{
	const sweep_args a = {sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold};
	emu_generator g = {
		.on = pkToPk || offsetVoltage,
		.pkpk = pkToPk * 1e-6,
		.offset = offsetVoltage * 1e-6,
		.start_hz = (double)startFrequency,
		.stop_hz = (double)stopFrequency,
		.step_hz = (double)increment,
		.dwell = (double)dwellTime,
		.duty = 0.5,
	};

	LAYER_ENTER(handle, 0);
	emu_status s = wave_of(waveType, operation, &g.wave);
	return emu_leave(u, s == EMU_OK ? apply(u, &g, &a) : s);
}

PICO_STATUS ps2000aSetSigGenPropertiesBuiltIn(int16_t handle, double startFrequency, double stopFrequency, double increment,
		double dwellTime, PS2000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps,
		PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
{
	const sweep_args a = {sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold};
	emu_generator g = {0};

	LAYER_ENTER(handle, 0);
	emu_status s = emu_generator_get(u, &g);
	if (s != EMU_OK || !g.on || g.wave == EMU_WAVE_ARBITRARY)
		return emu_leave(u, s != EMU_OK ? s : EMU_SIG_GEN_PARAM);
	g.start_hz = startFrequency;
	g.stop_hz = stopFrequency;
	g.step_hz = increment;
	g.dwell = dwellTime;
	return emu_leave(u, apply(u, &g, &a));
}

/* The phase of a whole memory is 2^32, so that a shorter waveform repeats more often. Mirrored in the index modes DUAL and
 * QUAD, the samples are a half or a quarter of the waveform. */
typedef struct arbitrary {
	uint32_t min, max;
	double dds_hz;
} arbitrary;

static emu_status arbitrary_of(emu_unit *u, arbitrary *a, emu_status without)
{
	double max_hz, max_pkpk;
	emu_status s = emu_generator_limits(u, &a->min, &a->max, &a->dds_hz, &max_hz, &max_pkpk);

	return s == EMU_OK && a->max == 0 ? without : s;
}

static double hertz(const arbitrary *a, uint32_t delta, uint32_t samples, int index_mode)
{
	return delta / phase_turn * a->dds_hz * a->max / ((double)samples * (1 << index_mode));
}

static void fill_phases(emu_generator *g, const arbitrary *a, uint32_t start, uint32_t stop, uint32_t step, uint32_t dwell)
{
	g->start_hz = hertz(a, start, g->count, g->index_mode);
	g->stop_hz = hertz(a, stop, g->count, g->index_mode);
	g->step_hz = hertz(a, step, g->count, g->index_mode);
	g->dwell = dwell / a->dds_hz;
}

PICO_STATUS ps2000aSetSigGenArbitrary(int16_t handle, int32_t offsetVoltage, uint32_t pkToPk, uint32_t startDeltaPhase,
		uint32_t stopDeltaPhase, uint32_t deltaPhaseIncrement, uint32_t dwellCount, int16_t *arbitraryWaveform,
		int32_t arbitraryWaveformSize, PS2000A_SWEEP_TYPE sweepType, PS2000A_EXTRA_OPERATIONS operation,
		PS2000A_INDEX_MODE indexMode, uint32_t shots, uint32_t sweeps, PS2000A_SIGGEN_TRIG_TYPE triggerType,
		PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
{
	const sweep_args a = {sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold};
	emu_generator g = {
		.on = 1, .wave = EMU_WAVE_ARBITRARY, .pkpk = pkToPk * 1e-6, .offset = offsetVoltage * 1e-6, .duty = 0.5,
		.samples = arbitraryWaveform, .count = (uint32_t)arbitraryWaveformSize, .index_mode = (int)indexMode,
	};
	arbitrary memory;

	LAYER_ENTER(handle, 0);
	emu_status s = arbitrary_of(u, &memory, EMU_AWG_NOT_SUPPORTED);
	if (s != EMU_OK)
		return emu_leave(u, s);
	if (!arbitraryWaveform)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (arbitraryWaveformSize < (int64_t)memory.min || arbitraryWaveformSize > (int64_t)memory.max)
		return emu_leave(u, EMU_SIG_GEN_PARAM);
	if (indexMode >= PS2000A_MAX_INDEX_MODES || operation > PS2000A_PRBS)
		return emu_leave(u, EMU_SIG_GEN_PARAM);
	if (operation != PS2000A_ES_OFF)
		g.wave = operation == PS2000A_PRBS ? EMU_WAVE_PRBS : EMU_WAVE_NOISE;
	fill_phases(&g, &memory, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount);
	return emu_leave(u, apply(u, &g, &a));
}

PICO_STATUS ps2000aSetSigGenPropertiesArbitrary(int16_t handle, uint32_t startDeltaPhase, uint32_t stopDeltaPhase,
		uint32_t deltaPhaseIncrement, uint32_t dwellCount, PS2000A_SWEEP_TYPE sweepType, uint32_t shots, uint32_t sweeps,
		PS2000A_SIGGEN_TRIG_TYPE triggerType, PS2000A_SIGGEN_TRIG_SOURCE triggerSource, int16_t extInThreshold)
{
	const sweep_args a = {sweepType, shots, sweeps, triggerType, triggerSource, extInThreshold};
	emu_generator g = {0};
	arbitrary memory;

	LAYER_ENTER(handle, 0);
	emu_status s = arbitrary_of(u, &memory, EMU_AWG_NOT_SUPPORTED);
	if (s == EMU_OK)
		s = emu_generator_get(u, &g);
	if (s != EMU_OK || !g.on || g.wave != EMU_WAVE_ARBITRARY)
		return emu_leave(u, s != EMU_OK ? s : EMU_SIG_GEN_PARAM);
	fill_phases(&g, &memory, startDeltaPhase, stopDeltaPhase, deltaPhaseIncrement, dwellCount);
	return emu_leave(u, apply(u, &g, &a));
}

PICO_STATUS ps2000aSigGenFrequencyToPhase(int16_t handle, double frequency, PS2000A_INDEX_MODE indexMode, uint32_t bufferLength,
		uint32_t *phase)
{
	arbitrary memory;

	LAYER_ENTER(handle, 0);
	emu_status s = arbitrary_of(u, &memory, EMU_NOT_SUPPORTED_BY_THIS_DEVICE);
	if (s != EMU_OK)
		return emu_leave(u, s);
	if (!phase)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (indexMode >= PS2000A_MAX_INDEX_MODES || bufferLength < memory.min || bufferLength > memory.max)
		return emu_leave(u, EMU_SIG_GEN_PARAM);
	double delta = frequency / hertz(&memory, 1, bufferLength, (int)indexMode) + 0.5;
	if (!(delta >= 0.5 && delta < phase_turn))
		return emu_leave(u, EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE);
	*phase = (uint32_t)delta;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps2000aSigGenArbitraryMinMaxValues(int16_t handle, int16_t *minArbitraryWaveformValue, int16_t *maxArbitraryWaveformValue,
		uint32_t *minArbitraryWaveformSize, uint32_t *maxArbitraryWaveformSize)
{
	arbitrary memory;

	LAYER_ENTER(handle, 0);
	emu_status s = arbitrary_of(u, &memory, EMU_NOT_SUPPORTED_BY_THIS_DEVICE);
	if (s != EMU_OK)
		return emu_leave(u, s);
	if (!minArbitraryWaveformValue || !maxArbitraryWaveformValue || !minArbitraryWaveformSize || !maxArbitraryWaveformSize)
		return emu_leave(u, EMU_NULL_PARAMETER);
	*minArbitraryWaveformValue = INT16_MIN;
	*maxArbitraryWaveformValue = INT16_MAX;
	*minArbitraryWaveformSize = memory.min;
	*maxArbitraryWaveformSize = memory.max;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps2000aSigGenSoftwareControl(int16_t handle, int16_t state)
{
	LAYER_ENTER(handle, 0);
	return emu_leave(u, emu_generator_software(u, state));
}
