/* What the signal generator can do: limits of a parameter, and of frequencies for a waveform. */
#include "layer.h"

PICO_STATUS ps6000aSigGenLimits(int16_t handle, PICO_SIGGEN_PARAMETER parameter, double *minimumPermissibleValue,
	double *maximumPermissibleValue, double *step)
{
	uint32_t least = 0, most = 0;
	double dds, hz, pkpk = 0, low, high, by = 1;

	P6_ENTER(0);
	s = emu_generator_limits(u, &least, &most, &dds, &hz, &pkpk);
	if (s == EMU_OK && (uint32_t)parameter > PICO_SIGGEN_PARAM_BUFFER_LENGTH)
		s = EMU_SIG_GEN_PARAM;
	if (s == EMU_OK && !minimumPermissibleValue && !maximumPermissibleValue && !step)
		s = EMU_SIGGEN_NULL_PARAMETER;
	if (s != EMU_OK)
		return emu_leave(u, s);
	switch (parameter) {
	case PICO_SIGGEN_PARAM_OUTPUT_VOLTS:
		low = -pkpk / 2;
		high = pkpk / 2;
		by = pkpk / 65535;
		break;
	case PICO_SIGGEN_PARAM_SAMPLE:
		low = -32767;
		high = 32767;
		break;
	default:
		low = least;
		high = most;
	}
	if (minimumPermissibleValue)
		*minimumPermissibleValue = low;
	if (maximumPermissibleValue)
		*maximumPermissibleValue = high;
	if (step)
		*step = by;
	return emu_leave(u, s);
}

/* The first arguments are wishes; those behind them results. Of an arbitrary waveform the fastest repetition still gives
 * every sample one period of the clock. */
PICO_STATUS ps6000aSigGenFrequencyLimits(int16_t handle, PICO_WAVE_TYPE waveType, uint64_t *numSamples, double *startFrequency,
	int16_t sweepEnabled, double *manualDacClockFrequency, uint64_t *manualPrescaleRatio, double *maxStopFrequencyOut,
	double *minFrequencyStepOut, double *maxFrequencyStepOut, double *minDwellTimeOut, double *maxDwellTimeOut)
{
	uint32_t least = 0, most = 0;
	double dds = 0, hz = 0, pkpk;

	(void)sweepEnabled;
	P6_ENTER(0);
	s = emu_generator_limits(u, &least, &most, &dds, &hz, &pkpk);
	if (s != EMU_OK)
		return emu_leave(u, s);
	if (manualDacClockFrequency) {
		if (!(*manualDacClockFrequency > 0 && *manualDacClockFrequency <= dds))
			return emu_leave(u, EMU_AWG_CLOCK_FREQUENCY);
		dds = *manualDacClockFrequency;
	}
	if (manualPrescaleRatio) {
		if (!*manualPrescaleRatio)
			return emu_leave(u, EMU_SIGGEN_PRESCALE_OUT_OF_RANGE);
		dds /= (double)*manualPrescaleRatio;
	}
	if (waveType == PICO_ARBITRARY) {
		if (!numSamples)
			return emu_leave(u, EMU_SIGGEN_NULL_PARAMETER);
		if (*numSamples < least || *numSamples > most)
			return emu_leave(u, EMU_SIGGEN_TOO_MANY_SAMPLES);
		if (dds / (double)*numSamples < hz)
			hz = dds / (double)*numSamples;
	} else if (dds / 2 < hz) {
		hz = dds / 2;
	}
	if (startFrequency && *startFrequency > hz)
		return emu_leave(u, EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE);
	const struct {
		double *to, value;
	} results[] = {
		{maxStopFrequencyOut, hz}, {minFrequencyStepOut, dds / 4294967296.0}, {maxFrequencyStepOut, hz},
		{minDwellTimeOut, 1 / dds}, {maxDwellTimeOut, 4294967295.0 / dds},
	};
	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		if (results[i].to)
			*results[i].to = results[i].value;
	return emu_leave(u, s);
}
