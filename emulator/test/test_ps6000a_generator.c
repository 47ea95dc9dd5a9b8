/* The signal generator of the 6000A layer: what setters refuse, what SigGenApply misses and tells, and that what comes out of
 * the connector goes into a channel by loop-back. */
#include <math.h>

#include "rig6000a.h"

enum { N = 20000 };

static void test_setters(int16_t handle)
{
	int16_t wave[16] = {0};
	double low, high, step;

	WANT(EMU_SIGGEN_WAVETYPE_NOT_SUPPORTED, ps6000aSigGenWaveform(handle, (PICO_WAVE_TYPE)3, NULL, 0));
	WANT(EMU_SIGGEN_BUFFER_NOT_SUPPLIED, ps6000aSigGenWaveform(handle, PICO_ARBITRARY, NULL, 100));
	WANT(EMU_SIGGEN_EMPTY_BUFFER_SUPPLIED, ps6000aSigGenWaveform(handle, PICO_ARBITRARY, wave, 0));
	WANT(EMU_SIGGEN_TOO_MANY_SAMPLES, ps6000aSigGenWaveform(handle, PICO_ARBITRARY, wave, 1 << 24));
	WANT(EMU_SIGGEN_PK_TO_PK, ps6000aSigGenRange(handle, 1000, 0));
	WANT(EMU_SIGGEN_OFFSET_VOLTAGE, ps6000aSigGenRange(handle, 1, NAN));
	WANT(EMU_SIGGEN_DUTYCYCLE_OUT_OF_RANGE, ps6000aSigGenWaveformDutyCycle(handle, 101));
	WANT(EMU_SIGGEN_TRIGGERTYPE_NOT_SUPPORTED, ps6000aSigGenTrigger(handle, (PICO_SIGGEN_TRIG_TYPE)4, PICO_SIGGEN_SOFT_TRIG, 1, 0));
	WANT(EMU_SIGGEN_TRIGGERSOURCE_NOT_SUPPORTED, ps6000aSigGenTrigger(handle, PICO_SIGGEN_RISING, PICO_SIGGEN_EXT_IN, 1, 0));
	WANT(EMU_SIGGEN_FILTER_STATE_NOT_SUPPORTED, ps6000aSigGenFilter(handle, (PICO_SIGGEN_FILTER_STATE)3));
	WANT(EMU_OK, ps6000aSigGenFilter(handle, PICO_SIGGEN_FILTER_AUTO));
	WANT(EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE, ps6000aSigGenFrequency(handle, 1e12));
	WANT(EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE, ps6000aSigGenFrequency(handle, -1));
	WANT(EMU_SIGGEN_SWEEPTYPE_INVALID, ps6000aSigGenFrequencySweep(handle, 1000, 1, 1, (PICO_SWEEP_TYPE)4));
	WANT(EMU_SIGGEN_INVALID_SWEEP_PARAMETERS, ps6000aSigGenFrequencySweep(handle, 1000, 0, 1, PICO_UP));
	WANT(EMU_SIGGEN_INVALID_SWEEP_PARAMETERS, ps6000aSigGenPhaseSweep(handle, 0, 1, 1, PICO_UP));
	WANT(EMU_SIGGEN_PRESCALE_OUT_OF_RANGE, ps6000aSigGenClockManual(handle, 1e6, 0));
	WANT(EMU_SIG_GEN_PARAM, ps6000aSigGenLimits(handle, (PICO_SIGGEN_PARAMETER)3, &low, &high, &step));
	WANT(EMU_OK, ps6000aSigGenLimits(handle, PICO_SIGGEN_PARAM_SAMPLE, &low, &high, &step));
	CHECK(low == -32767 && high == 32767 && step == 1);
	WANT(EMU_OK, ps6000aSigGenLimits(handle, PICO_SIGGEN_PARAM_BUFFER_LENGTH, &low, &high, NULL));
	CHECK(high == 40000);
}

static uint32_t apply(int16_t handle, int sweep, int trigger, int override, double *hz)
{
	return ps6000aSigGenApply(handle, 1, (int16_t)sweep, (int16_t)trigger, 0, (int16_t)override, hz, NULL, NULL, NULL);
}

static void test_missing(int16_t handle)
{
	WANT(EMU_SIGGEN_RANGE_NOT_SUPPLIED, apply(handle, 0, 0, 0, NULL));
	WANT(EMU_OK, ps6000aSigGenRange(handle, 2, 0));
	WANT(EMU_SIGGEN_FREQUENCY_NOT_SUPPLIED, apply(handle, 0, 0, 0, NULL));
	WANT(EMU_OK, ps6000aSigGenFrequency(handle, 0)); /* good enough for a steady voltage */
	WANT(EMU_SIGGEN_FREQUENCY_OUT_OF_RANGE, apply(handle, 0, 0, 0, NULL));
	WANT(EMU_OK, ps6000aSigGenWaveform(handle, PICO_DC_VOLTAGE, NULL, 0));
	WANT(EMU_OK, apply(handle, 0, 0, 0, NULL));
	WANT(EMU_OK, ps6000aSigGenWaveform(handle, PICO_SINE, NULL, 0));
	WANT(EMU_OK, ps6000aSigGenFrequency(handle, 1000));
	WANT(EMU_SIGGEN_SWEEP_INFO_NOT_SUPPLIED, apply(handle, 1, 0, 0, NULL));
	WANT(EMU_SIGGEN_TRIGGER_INFO_NOT_SUPPLIED, apply(handle, 0, 1, 0, NULL));
	WANT(EMU_SIGGEN_CLOCK_FREQ_NOT_SUPPLIED, apply(handle, 0, 0, 1, NULL));
	WANT(EMU_OK, ps6000aSigGenPhaseSweep(handle, 1000, 1, 1, PICO_UP));
	WANT(EMU_SIGGEN_SETTINGS_MISMATCH, apply(handle, 1, 0, 0, NULL));
}

static void capture(int16_t handle, int16_t v[N])
{
	uint64_t n = N;
	int16_t ready = 0;

	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, v, N, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_OK, ps6000aRunBlock(handle, 0, N, 160, NULL, 0, NULL, NULL)); /* 998.4 ns */
	for (int i = 0; i < 60000 && !ready; i++) {
		WANT(EMU_OK, ps6000aIsReady(handle, &ready));
		if (!ready)
			wait_ms(1);
	}
	WANT(EMU_OK, ps6000aGetValues(handle, 0, &n, 1, PICO_RATIO_MODE_RAW, 0, NULL));
	CHECK(n == N);
}

static void extremes(const int16_t v[N], int *low, int *high, int *rises)
{
	*low = *high = v[0];
	*rises = 0;
	for (int i = 1; i < N; i++) {
		*low = v[i] < *low ? v[i] : *low;
		*high = v[i] > *high ? v[i] : *high;
		*rises += v[i - 1] < 0 && v[i] >= 0;
	}
}

static void test_loopback(int16_t handle)
{
	static int16_t v[N];
	int16_t wave[4] = {-32767, -32767, 32767, 32767};
	int low, high, rises;
	double hz = 0;
	const int full = 32512, lsb = 256; /* of 5 V and 8 bits */

	WANT(EMU_OK, apply(handle, 0, 0, 0, &hz));
	CHECK(fabs(hz - 1000) < 1);
	capture(handle, v); /* 19.97 ms of 1 kHz, 1 V either way */
	extremes(v, &low, &high, &rises);
	CHECK(abs(high - full / 5) <= lsb && abs(low + full / 5) <= lsb && rises >= 19 && rises <= 21);
	WANT(EMU_OK, ps6000aSigGenRange(handle, 1, 0));
	capture(handle, v);
	extremes(v, &low, &high, &rises);
	CHECK(abs(high - full / 5) <= lsb); /* nothing changes until it is applied */
	WANT(EMU_OK, ps6000aSigGenWaveform(handle, PICO_ARBITRARY, wave, 4));
	memset(wave, 0, sizeof wave); /* the generator has a copy */
	WANT(EMU_OK, ps6000aSigGenFrequency(handle, 500));
	WANT(EMU_OK, apply(handle, 0, 0, 0, &hz));
	capture(handle, v);
	extremes(v, &low, &high, &rises);
	CHECK(abs(high - full / 10) <= lsb && abs(low + full / 10) <= lsb && rises >= 9 && rises <= 11);
	WANT(EMU_OK, ps6000aSigGenApply(handle, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL));
	capture(handle, v);
	extremes(v, &low, &high, &rises);
	CHECK(high == low);
	double most = 0;
	WANT(EMU_OK, ps6000aSigGenLimits(handle, PICO_SIGGEN_PARAM_OUTPUT_VOLTS, NULL, &most, NULL));
	WANT(EMU_OK, ps6000aSigGenRange(handle, 2 * most, most / 2));
	WANT(EMU_SIGGEN_OUTPUT_OVER_VOLTAGE, apply(handle, 0, 0, 0, NULL));
}

static void test_pause(int16_t handle)
{
	static int16_t v[N];
	int low, high, rises;

	WANT(EMU_OK, ps6000aSigGenWaveform(handle, PICO_SQUARE, NULL, 0));
	WANT(EMU_OK, ps6000aSigGenRange(handle, 2, 0));
	WANT(EMU_OK, ps6000aSigGenFrequency(handle, 1000));
	WANT(EMU_OK, apply(handle, 0, 0, 0, NULL));
	WANT(EMU_OK, ps6000aSigGenPause(handle));
	capture(handle, v);
	extremes(v, &low, &high, &rises);
	CHECK(high == low);
	WANT(EMU_OK, ps6000aSigGenRestart(handle));
	capture(handle, v);
	extremes(v, &low, &high, &rises);
	CHECK(high > 6000 && low < -6000);
}

int main(void)
{
	rig("model = 6824E\nchannel A = loopback\n");
	int16_t handle = opened(PICO_DR_8BIT);
	channels(handle, 1);
	test_setters(handle);
	test_missing(handle);
	test_loopback(handle);
	test_pause(handle);
	WANT(EMU_OK, ps6000aCloseUnit(handle));
	return finish();
}
