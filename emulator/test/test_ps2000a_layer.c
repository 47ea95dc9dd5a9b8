/* The 2000A layer: every function with a handle that is not open and with NULL for all pointers, the
 * advanced trigger in any order of calls, counts of overlapped requests, callbacks of data. */
#include <stdatomic.h>

#include "../ps2000a/ps2000a.h"
#include "harness.h"

#define WANT(status, call) CHECK_EQ(call, EMU_##status)

static const char conf[] =
	"[unit LAYER/1]\nmodel = 2206BMSO\nhurry = on\nchannel A = sine frequency=1.0037kHz amplitude=3V\nport 0 = counter frequency=50kHz\n";

/* with is what a good handle answers to NULL for every pointer and 0 for every number. */
#define FUNCTIONS(X) \
	X(OK, GetUnitInfo(h, text, 20, NULL, 3)) X(NULL_PARAMETER, GetUnitInfo(h, NULL, 0, NULL, 0)) X(OK, FlashLed(h, 0)) \
	X(OK, PingUnit(h)) X(NULL_PARAMETER, MaximumValue(h, NULL)) X(NULL_PARAMETER, MinimumValue(h, NULL)) \
	X(NULL_PARAMETER, GetScalingValues(h, NULL, 1)) X(INVALID_CHANNEL, SetChannel(h, 4, 1, 1, 7, 0)) \
	X(INVALID_COUPLING, SetChannel(h, 0, 1, 2, 7, 0)) X(INVALID_VOLTAGE_RANGE, SetChannel(h, 0, 1, 1, 11, 0)) \
	X(INVALID_CHANNEL, SetDigitalPort(h, 0, 1, 0)) X(INVALID_CHANNEL, SetDigitalPort(h, 0x82, 1, 0)) \
	X(INVALID_PARAMETER, SetDigitalPort(h, 0x80, 1, -32768)) \
	X(NULL_PARAMETER, GetChannelInformation(h, 0, 0, NULL, NULL, 0)) \
	X(NULL_PARAMETER, GetAnalogueOffset(h, 7, 1, NULL, NULL)) X(OK, GetTimebase(h, 100, 0, NULL, 0, NULL, 0)) \
	X(INVALID_PARAMETER, GetTimebase(h, 100, -1, NULL, 0, NULL, 0)) X(OK, GetTimebase2(h, 100, 0, NULL, 0, NULL, 0)) \
	X(OK, MemorySegments(h, 1, NULL)) X(NULL_PARAMETER, GetMaxSegments(h, NULL)) X(OK, SetNoOfCaptures(h, 1)) \
	X(INVALID_PARAMETER, GetNoOfCaptures(h, NULL)) X(NULL_PARAMETER, GetNoOfProcessedCaptures(h, NULL)) \
	X(OK, SetSimpleTrigger(h, 0, 99, 0, 99, 0, -1)) X(OK, SetTriggerChannelProperties(h, NULL, 0, 0, 0)) \
	X(INVALID_PARAMETER, SetTriggerChannelProperties(h, NULL, 1, 0, 0)) X(OK, SetTriggerChannelConditions(h, NULL, 0)) \
	X(CONDITIONS, SetTriggerChannelConditions(h, NULL, 1)) X(OK, SetTriggerChannelDirections(h, 2, 2, 2, 2, 2, 2)) \
	X(INVALID_PARAMETER, SetTriggerChannelDirections(h, 2, 2, 11, 2, 2, 2)) X(OK, SetTriggerDelay(h, 0)) \
	X(OK, SetTriggerDigitalPortProperties(h, NULL, 0)) X(OK, SetPulseWidthQualifier(h, NULL, 0, 2, 0, 0, 0)) \
	X(PULSE_WIDTH_QUALIFIER, SetPulseWidthQualifier(h, NULL, 0, 2, 0, 0, 5)) \
	X(OK, SetPulseWidthDigitalPortProperties(h, NULL, 0)) \
	X(NULL_PARAMETER, IsTriggerOrPulseWidthQualifierEnabled(h, NULL, NULL)) X(OK, SetOutputEdgeDetect(h, 1)) \
	X(NULL_PARAMETER, QueryOutputEdgeDetect(h, NULL)) X(NULL_PARAMETER, GetTriggerTimeOffset(h, NULL, NULL, NULL, 0)) \
	X(NULL_PARAMETER, GetTriggerTimeOffset64(h, NULL, NULL, 0)) \
	X(NULL_PARAMETER, GetValuesTriggerTimeOffsetBulk(h, NULL, NULL, NULL, 0, 0)) \
	X(NULL_PARAMETER, GetValuesTriggerTimeOffsetBulk64(h, NULL, NULL, 0, 0)) X(OK, SetDataBuffer(h, 0, NULL, 0, 0, 0)) \
	X(OK, SetDataBuffers(h, 0, NULL, NULL, 0, 0, 0)) X(RATIO_MODE_NOT_SUPPORTED, SetDataBuffer(h, 0, samples, 10, 0, 3)) \
	X(RATIO_MODE_NOT_SUPPORTED, SetDataBuffer(h, 0, samples, 10, 0, 8)) \
	X(INVALID_PARAMETER, SetDataBuffer(h, 0, samples, -1, 0, 0)) X(INVALID_CHANNEL, SetDataBuffer(h, 4, samples, 10, 0, 0)) \
	X(OK, SetUnscaledDataBuffers(h, 0, NULL, NULL, 0, 0, 0)) \
	X(INVALID_PARAMETER, RunBlock(h, -1, 0, 100, 0, NULL, 0, NULL, NULL)) X(NULL_PARAMETER, IsReady(h, NULL)) \
	X(NULL_PARAMETER, GetValues(h, 0, NULL, 1, 0, 0, NULL)) X(INVALID_PARAMETER, GetValuesBulk(h, NULL, 0, 0, 1, 0, NULL)) \
	X(NULL_PARAMETER, GetValuesAsync(h, 0, 1, 1, 0, 0, NULL, NULL)) \
	X(INVALID_PARAMETER, GetValuesOverlapped(h, 0, NULL, 1, 0, 0, NULL)) \
	X(INVALID_PARAMETER, GetValuesOverlappedBulk(h, 0, NULL, 1, 0, 0, 0, NULL)) \
	X(NULL_PARAMETER, GetMaxDownSampleRatio(h, 1, NULL, 1, 0)) X(NULL_PARAMETER, RunStreaming(h, NULL, 3, 0, 0, 0, 1, 0, 0)) \
	X(NULL_PARAMETER, GetStreamingLatestValues(h, NULL, NULL)) X(NULL_PARAMETER, NoOfStreamingValues(h, NULL)) \
	X(OK, Stop(h)) X(OK, SetEts(h, 0, 0, 0, NULL)) X(INVALID_PARAMETER, SetEts(h, 3, 0, 0, NULL)) \
	X(NULL_PARAMETER, SetEtsTimeBuffer(h, NULL, 0)) X(NULL_PARAMETER, SetEtsTimeBuffers(h, NULL, NULL, 0)) \
	X(NULL_PARAMETER, SetSigGenArbitrary(h, 0, 0, 0, 0, 0, 0, NULL, 10, 0, 0, 0, 0, 0, 0, 0, 0)) \
	X(SIG_GEN_PARAM, SetSigGenArbitrary(h, 0, 0, 0, 0, 0, 0, samples, 0, 0, 0, 0, 0, 0, 0, 0, 0)) \
	X(SIG_GEN_PARAM, SetSigGenBuiltIn(h, 0, 1, 9, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)) \
	X(SIG_GEN_PARAM, SetSigGenBuiltInV2(h, 0, 1, 0, 1, 1, 0, 0, 4, 0, 0, 0, 0, 0, 0)) \
	X(SHOTS_SWEEPS_WARNING, SetSigGenBuiltInV2(h, 0, 1000, 0, 1, 2, 1, 1, 0, 0, 3, 4, 0, 4, 0)) \
	X(SIG_GEN_PARAM, SetSigGenPropertiesArbitrary(h, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) \
	X(OK, SetSigGenBuiltIn(h, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)) \
	X(SIG_GEN_PARAM, SetSigGenPropertiesBuiltIn(h, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0)) \
	X(NULL_PARAMETER, SigGenFrequencyToPhase(h, 1, 0, 10, NULL)) \
	X(NULL_PARAMETER, SigGenArbitraryMinMaxValues(h, NULL, NULL, NULL, NULL)) \
	X(SIGGEN_TRIGGER_SOURCE, SigGenSoftwareControl(h, 0)) X(NOT_USED, HoldOff(h, 0, 0)) \
	X(OK, SetDigitalAnalogTriggerOperand(h, 0)) X(INVALID_PARAMETER, SetDigitalAnalogTriggerOperand(h, 4)) \
	X(INVALID_CHANNEL, SetChannel(h, 2, 1, 1, 7, 0))

static int16_t opened(void)
{
	int16_t handle = 0;

	WANT(OK, ps2000aOpenUnit(&handle, NULL));
	if (handle <= 0)
		exit(1);
	return handle;
}

static void arguments(void)
{
	int16_t h = 999, samples[10] = {0};
	int8_t text[20];

	test_case("no unit");
#define CLOSED(want, call) if (strncmp(#call, "GetUnitInfo(h, NULL", 19)) WANT(INVALID_HANDLE, ps2000a##call);
	FUNCTIONS(CLOSED)
	WANT(INVALID_HANDLE, ps2000aCloseUnit(h));
	test_case("NULL");
	WANT(NULL_PARAMETER, ps2000aOpenUnit(NULL, NULL));
	WANT(NULL_PARAMETER, ps2000aOpenUnitAsync(NULL, NULL));
	WANT(NULL_PARAMETER, ps2000aOpenUnitProgress(NULL, NULL, NULL));
	WANT(NULL_PARAMETER, ps2000aEnumerateUnits(NULL, NULL, NULL));
	h = opened();
#define OPENED(want, call) WANT(want, ps2000a##call);
	FUNCTIONS(OPENED)
	WANT(NOT_USED, ps2000aConvertStreamingDataInternal());
	WANT(NOT_USED, ps2000aRunStreamingInternal());
	WANT(NOT_USED, ps2000aGetTimebaseStateless());
	WANT(NOT_USED, ps2000aGetTimebaseStateless2());
	ps2000aApplyFix(1, 2);
	WANT(OK, ps2000aCloseUnit(h));
}

static void wait_ready(int16_t h)
{
	int16_t ready = 0;

	for (double end = test_seconds() + 20; !ready && test_seconds() < end; test_sleep(0.001))
		WANT(OK, ps2000aIsReady(h, &ready));
	CHECK(ready);
}

static void only_a(int16_t h)
{
	WANT(OK, ps2000aSetChannel(h, PS2000A_CHANNEL_A, 1, PS2000A_DC, PS2000A_2V, 0));
	WANT(OK, ps2000aSetChannel(h, PS2000A_CHANNEL_B, 0, PS2000A_DC, PS2000A_2V, 0));
}

/* The threshold says window or level mode, and what to do with it in another call: in any order. */
static void set_window(int16_t h, int order)
{
	PS2000A_TRIGGER_CHANNEL_PROPERTIES p = {20000, 0, 12000, 0, PS2000A_CHANNEL_A, PS2000A_WINDOW};
	PS2000A_TRIGGER_CONDITIONS c = {.channelA = PS2000A_CONDITION_TRUE};

	for (int i = 0; i < 3; i++) {
		int step = (order + i) % 3;

		if (step == 0)
			WANT(OK, ps2000aSetTriggerChannelProperties(h, &p, 1, 0, 0));
		if (step == 1)
			WANT(OK, ps2000aSetTriggerChannelConditions(h, &c, 1));
		if (step == 2)
			WANT(OK, ps2000aSetTriggerChannelDirections(h, PS2000A_ENTER, 2, 2, 2, 2, 2));
	}
}

static void orders(void)
{
	static int16_t codes[2000];

	for (int order = 0; order < 3; order++) {
		uint32_t n = 2000;
		int16_t h = opened();

		test_case("trigger in any order");
		only_a(h);
		set_window(h, order);
		WANT(OK, ps2000aRunBlock(h, 1000, 1000, 1000, 0, NULL, 0, NULL, NULL));
		wait_ready(h);
		WANT(OK, ps2000aSetDataBuffer(h, PS2000A_CHANNEL_A, codes, 2000, 0, PS2000A_RATIO_MODE_NONE));
		WANT(OK, ps2000aGetValues(h, 0, &n, 1, PS2000A_RATIO_MODE_NONE, 0, NULL));
		CHECK_EQ(n, 2000);
		CHECK(codes[1000] >= 12000 && codes[1000] <= 20000);
		CHECK(codes[999] < 12000 || codes[999] > 20000);
		WANT(OK, ps2000aCloseUnit(h));
	}
}

static atomic_int called;
static uint32_t last_status, last_samples;

static void block_ready(int16_t handle, PICO_STATUS status, void *user)
{
	CHECK(handle > 0);
	CHECK(user == &called);
	last_status = status;
	atomic_fetch_add(&called, 1);
}

static void data_ready(int16_t handle, PICO_STATUS status, uint32_t samples, int16_t overflow, void *user)
{
	CHECK_EQ(overflow, 0);
	last_samples = samples;
	block_ready(handle, status, user);
}

static void wait_called(int n)
{
	for (double end = test_seconds() + 20; atomic_load(&called) < n && test_seconds() < end;)
		test_sleep(0.001);
	CHECK_EQ(atomic_load(&called), n);
}

/* The caller's count is 32 bits wide: nothing beside it may change. */
static void overlapped(void)
{
	struct { uint32_t before, n, after; } count = {0x11111111, 500, 0x22222222};
	static int16_t codes[500];
	int16_t h = opened();

	test_case("overlapped");
	only_a(h);
	WANT(OK, ps2000aSetDataBuffer(h, PS2000A_CHANNEL_A, codes, 500, 0, PS2000A_RATIO_MODE_NONE));
	WANT(OK, ps2000aGetValuesOverlapped(h, 0, &count.n, 1, PS2000A_RATIO_MODE_NONE, 0, NULL));
	for (int run = 1; run <= 2; run++) {
		count.n = 0;
		codes[0] = codes[499] = 12345;
		WANT(OK, ps2000aRunBlock(h, 0, 500, 1000, 0, NULL, 0, run == 1 ? block_ready : NULL, &called));
		if (run == 1)
			wait_called(1);
		wait_ready(h);
		CHECK_EQ(count.n, 500);
		CHECK(codes[0] != 12345 && codes[499] != 12345);
	}
	CHECK(count.before == 0x11111111 && count.after == 0x22222222);
	WANT(OK, ps2000aSetDataBuffer(h, PS2000A_CHANNEL_A, NULL, 0, 0, PS2000A_RATIO_MODE_NONE));
	WANT(OK, ps2000aStop(h));
	WANT(OK, ps2000aCloseUnit(h));
}

/* A unit that is closed in the middle of a capture still calls back, once, and nothing is left behind. */
static void closed(void)
{
	uint32_t n = 500;
	static int16_t codes[500];
	int16_t h = opened();

	test_case("closed in the middle");
	only_a(h);
	WANT(OK, ps2000aSetSimpleTrigger(h, 1, PS2000A_CHANNEL_A, 32000, PS2000A_RISING, 0, 0));
	WANT(OK, ps2000aSetDataBuffer(h, PS2000A_CHANNEL_A, codes, 500, 0, PS2000A_RATIO_MODE_NONE));
	WANT(OK, ps2000aGetValuesOverlapped(h, 0, &n, 1, PS2000A_RATIO_MODE_NONE, 0, NULL));
	atomic_store(&called, 0);
	WANT(OK, ps2000aRunBlock(h, 0, 500, 1000, 0, NULL, 0, block_ready, &called));
	WANT(OK, ps2000aCloseUnit(h));
	wait_called(1);
	CHECK_EQ(last_status, EMU_CANCELLED);
}

static void asynchronous(void)
{
	static int16_t codes[500];
	int16_t h = opened();

	test_case("asynchronous values");
	only_a(h);
	WANT(NO_SAMPLES_AVAILABLE, ps2000aGetValuesAsync(h, 0, 500, 1, PS2000A_RATIO_MODE_NONE, 0, (void *)data_ready, &called));
	WANT(OK, ps2000aRunBlock(h, 0, 500, 1000, 0, NULL, 0, NULL, NULL));
	wait_ready(h);
	WANT(OK, ps2000aSetDataBuffer(h, PS2000A_CHANNEL_A, codes, 500, 0, PS2000A_RATIO_MODE_NONE));
	atomic_store(&called, 0);
	WANT(OK, ps2000aGetValuesAsync(h, 0, 500, 1, PS2000A_RATIO_MODE_NONE, 0, (void *)data_ready, &called));
	wait_called(1);
	CHECK_EQ(last_status, EMU_OK);
	CHECK_EQ(last_samples, 500);
	WANT(OK, ps2000aCloseUnit(h));
}

int main(void)
{
	test_rig(conf);
	arguments();
	orders();
	overlapped();
	closed();
	asynchronous();
	return test_done();
}
