/* Block and rapid block through the 6000A layer: polling and callback, trigger at its place, trigger information, bulk and
 * asynchronous fetching, downsampling with two buffers, digital ports. */
#include <math.h>
#include <pthread.h>

#include "rig6000a.h"

enum { PRE = 300, POST = 700, N = PRE + POST, SEGMENTS = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int blocks, reads; /* guarded by lock */
static uint32_t answer, inside;
static uint64_t read_samples;

static void on_block(int16_t handle, PICO_STATUS status, void *user)
{
	uint32_t s = ps6000aStop(handle);

	pthread_mutex_lock(&lock);
	CHECK(user == &blocks);
	answer = status;
	inside = s;
	blocks++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void on_data(int16_t handle, PICO_STATUS status, uint64_t samples, int16_t overflow, void *user)
{
	(void)handle;
	(void)overflow;
	pthread_mutex_lock(&lock);
	CHECK(user == &reads);
	answer = status;
	read_samples = samples;
	reads++;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void await(const int *count, int n)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 60;
	pthread_mutex_lock(&lock);
	while (*count < n)
		if (pthread_cond_timedwait(&changed, &lock, &until) != 0) {
			fprintf(stderr, "no callback\n");
			exit(1);
		}
	pthread_mutex_unlock(&lock);
}

static void wait_ready(int16_t handle)
{
	int16_t ready = 0;

	for (int i = 0; i < 60000 && !ready; i++) {
		WANT(EMU_OK, ps6000aIsReady(handle, &ready));
		if (!ready)
			wait_ms(1);
	}
	CHECK(ready);
}

/* The rising crossing of level is where it has to be. */
static void check_edge(const int16_t *v, int level)
{
	CHECK(v[PRE - 1] < level && v[PRE] >= level);
}

static void test_poll(int16_t handle)
{
	int16_t v[N];
	PICO_TRIGGER_INFO info;
	PICO_TIME_UNITS unit = PICO_S;
	int64_t offset = 0;
	double ms = -1, ns = 0;
	uint64_t n = N, room = 0;

	WANT(EMU_OK, ps6000aGetTimebase(handle, 160, N, &ns, &room, 0));
	CHECK(fabs(ns - 998.4) < 1e-6 && room >= N);
	WANT(EMU_OK, ps6000aSetSimpleTrigger(handle, 1, PICO_CHANNEL_A, 6000, PICO_RISING, 0, 0));
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, v, N, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_OK, ps6000aRunBlock(handle, PRE, POST, 160, &ms, 0, NULL, NULL));
	CHECK(ms >= 0);
	wait_ready(handle);
	WANT(EMU_OK, ps6000aGetValues(handle, 0, &n, 1, PICO_RATIO_MODE_RAW, 0, NULL));
	CHECK(n == N);
	check_edge(v, 6000);
	WANT(EMU_OK, ps6000aGetTriggerInfo(handle, &info, 0, 1));
	CHECK(info.segmentIndex == 0 && info.triggerIndex == PRE && info.status & EMU_DEVICE_TIME_STAMP_RESET);
	WANT(EMU_OK, ps6000aGetTriggerTimeOffset(handle, &offset, &unit, 0));
	CHECK(unit == PICO_FS && llabs(offset) <= 998400000);
	CHECK(info.timeUnits == PICO_FS && fabs(info.triggerTime - (double)offset) < 1);
	WANT(EMU_NULL_PARAMETER, ps6000aGetTriggerInfo(handle, NULL, 0, 1));
	WANT(EMU_SEGMENT_OUT_OF_RANGE, ps6000aGetTriggerInfo(handle, &info, 0, 0));
	WANT(EMU_NULL_PARAMETER, ps6000aGetValues(handle, 0, NULL, 1, PICO_RATIO_MODE_RAW, 0, NULL));
	WANT(EMU_FOR_SEGMENT_HEADER_USE_GETTRIGGERINFO, ps6000aGetValues(handle, 0, &n, 1, PICO_RATIO_MODE_SEGMENT_HEADER, 0, NULL));
	WANT(EMU_OK, ps6000aStop(handle));
}

static void test_callbacks(int16_t handle)
{
	int16_t v[N];

	WANT(EMU_OK, ps6000aRunBlock(handle, PRE, POST, 160, NULL, 0, on_block, &blocks));
	await(&blocks, 1);
	CHECK(answer == EMU_OK && inside == EMU_USER_CALLBACK);
	memset(v, 0, sizeof v);
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, v, N, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_NULL_PARAMETER, ps6000aGetValuesAsync(handle, 0, N, 1, PICO_RATIO_MODE_RAW, 0, NULL, NULL));
	WANT(EMU_OK, ps6000aGetValuesAsync(handle, 0, N, 1, PICO_RATIO_MODE_RAW, 0, (void *)on_data, &reads));
	await(&reads, 1);
	CHECK(answer == EMU_OK && read_samples == N);
	check_edge(v, 6000);
	WANT(EMU_OK, ps6000aStop(handle));
}

static void test_rapid(int16_t handle)
{
	static int16_t v[SEGMENTS][N];
	PICO_TRIGGER_INFO infos[SEGMENTS];
	int64_t times[SEGMENTS];
	PICO_TIME_UNITS units[SEGMENTS];
	int16_t overflow[SEGMENTS];
	uint64_t room = 0, n = N, captures = 0;

	WANT(EMU_OK, ps6000aMemorySegments(handle, SEGMENTS, &room));
	CHECK(room >= N);
	WANT(EMU_OK, ps6000aSetNoOfCaptures(handle, SEGMENTS));
	for (int i = 0; i < SEGMENTS; i++)
		WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, v[i], N, PICO_INT16_T, (uint64_t)i, PICO_RATIO_MODE_RAW,
						  i ? PICO_ADD : PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_OK, ps6000aRunBlock(handle, PRE, POST, 160, NULL, 0, NULL, NULL));
	wait_ready(handle);
	WANT(EMU_OK, ps6000aGetNoOfCaptures(handle, &captures));
	CHECK(captures == SEGMENTS);
	WANT(EMU_OK, ps6000aGetValuesBulk(handle, 0, &n, 0, SEGMENTS - 1, 1, PICO_RATIO_MODE_RAW, overflow));
	CHECK(n == N);
	WANT(EMU_OK, ps6000aGetTriggerInfo(handle, infos, 0, SEGMENTS));
	WANT(EMU_OK, ps6000aGetValuesTriggerTimeOffsetBulk(handle, times, units, 0, SEGMENTS - 1));
	for (int i = 0; i < SEGMENTS; i++) {
		check_edge(v[i], 6000);
		CHECK(infos[i].segmentIndex == (uint64_t)i && units[i] == PICO_FS && llabs(times[i]) <= 998400000);
		CHECK(i == 0 || infos[i].timeStampCounter > infos[i - 1].timeStampCounter);
	}
	WANT(EMU_SEGMENT_OUT_OF_RANGE, ps6000aGetValuesTriggerTimeOffsetBulk(handle, times, units, 2, 1));
	WANT(EMU_OK, ps6000aMemorySegments(handle, 1, &room));
	WANT(EMU_OK, ps6000aSetNoOfCaptures(handle, 1));
}

/* Maxima and minima of ten samples against the raw data of the same waveform. */
static void test_aggregate(int16_t handle)
{
	int16_t v[N], max[N / 10], min[N / 10];
	uint64_t n = N, groups = N; /* raw samples in, groups out */

	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, v, N, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_OK, ps6000aSetDataBuffers(handle, PICO_CHANNEL_A, max, min, N / 10, PICO_INT16_T, 0, PICO_RATIO_MODE_AGGREGATE, PICO_ADD));
	WANT(EMU_OK, ps6000aRunBlock(handle, PRE, POST, 160, NULL, 0, NULL, NULL));
	wait_ready(handle);
	WANT(EMU_OK, ps6000aGetValues(handle, 0, &n, 1, PICO_RATIO_MODE_RAW, 0, NULL));
	WANT(EMU_OK, ps6000aGetValues(handle, 0, &groups, 10, PICO_RATIO_MODE_AGGREGATE, 0, NULL));
	CHECK(n == N && groups == N / 10);
	for (int g = 0; g < (int)groups && !failures; g++) {
		int16_t high = v[10 * g], low = high;
		for (int i = 1; i < 10; i++) {
			high = v[10 * g + i] > high ? v[10 * g + i] : high;
			low = v[10 * g + i] < low ? v[10 * g + i] : low;
		}
		CHECK(max[g] == high && min[g] == low);
	}
	WANT(EMU_MULTIPLE_RATIO_MODES, ps6000aGetValues(handle, 0, &groups, 10, PICO_RATIO_MODE_AGGREGATE | PICO_RATIO_MODE_AVERAGE, 0, NULL));
}

/* The trigger is a rising edge of pin 3, set by port; both ports are fetched. */
static void test_pins(int16_t handle)
{
	PICO_CONDITION on_port = {PICO_PORT0, PICO_CONDITION_TRUE};
	PICO_DIGITAL_CHANNEL_DIRECTIONS pin = {PICO_PORT_DIGITAL_CHANNEL3, PICO_DIGITAL_DIRECTION_RISING};
	int16_t levels[8] = {0}, v[N];
	uint64_t n = N;

	for (int i = 0; i < 8; i++)
		levels[i] = 6000; /* about 1.5 V */
	WANT(EMU_OK, ps6000aSetSimpleTrigger(handle, 0, PICO_CHANNEL_A, 0, PICO_RISING, 0, 0));
	WANT(EMU_OK, ps6000aSetDigitalPortOn(handle, PICO_PORT0, levels, 8, PICO_NORMAL_100MV));
	WANT(EMU_OK, ps6000aSetTriggerChannelConditions(handle, &on_port, 1, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_OK, ps6000aSetTriggerDigitalPortProperties(handle, PICO_PORT0, &pin, 1));
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_PORT0, v, N, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL | PICO_ADD));
	WANT(EMU_OK, ps6000aRunBlock(handle, PRE, POST, 160, NULL, 0, NULL, NULL));
	wait_ready(handle);
	WANT(EMU_OK, ps6000aGetValues(handle, 0, &n, 1, PICO_RATIO_MODE_RAW, 0, NULL));
	CHECK((v[PRE] & 8) && !(v[PRE - 1] & 8));
	WANT(EMU_OK, ps6000aStop(handle));
}

int main(void)
{
	rig("model = 6824E\nchannel A = sine frequency=1.0037kHz amplitude=4V\nport 0 = counter frequency=51.3kHz\n");
	int16_t handle = opened(PICO_DR_8BIT);
	channels(handle, 1);
	test_poll(handle);
	test_callbacks(handle);
	test_rapid(handle);
	test_aggregate(handle);
	test_pins(handle);
	WANT(EMU_OK, ps6000aCloseUnit(handle));
	return finish();
}
