/* Ten thousand polls of eight channels of proof signal through queued buffers: every sample of every channel is compared with
 * the formula, while the host is at times late with buffers (0x197) and hands them over in changing order.
 * A second run hands over all channels' buffers in step and early: there counts are unequal because of the unit's skew only,
 * and a third one without skew has equal counts throughout. */
#include "proof6000a.h"
#include "rig6000a.h"

enum { CHANNELS = 8, BUFFERS = 3, LENGTH = 701, POLLS = 10000, STEADY_POLLS = 1000, GUARD = 4 };
enum feeding { AT_RANDOM, IN_STEP };
#define GUARD_VALUE 0x5A5A

typedef struct lane {
	int16_t buffer[BUFFERS][LENGTH + GUARD];
	uint64_t seed;
	uint64_t sample;   /* the next one's index */
	uint64_t added;    /* buffers handed over */
	uint64_t finished; /* buffers full */
} lane;

static lane lanes[CHANNELS];
static uint64_t random_state = 88172645463325252u;

static uint64_t next_random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static int add(int16_t handle, int channel, PICO_ACTION action)
{
	lane *l = &lanes[channel];
	int16_t *b = l->buffer[l->added % BUFFERS];

	if (l->added - l->finished >= BUFFERS)
		return 0; /* all are the driver's */
	for (int i = 0; i < LENGTH + GUARD; i++)
		b[i] = GUARD_VALUE;
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, (PICO_CHANNEL)channel, b, LENGTH, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, action));
	l->added++;
	return 1;
}

/* Compares a piece, or stops the test at the first difference: what follows it tells nothing. */
static void take(lane *l, const PICO_STREAMING_DATA_INFO *info, int poll)
{
	if (info->noOfSamples_ == 0)
		return;
	uint64_t buffer = l->sample / LENGTH;
	int32_t start = (int32_t)(l->sample % LENGTH);
	const int16_t *b = l->buffer[buffer % BUFFERS];
	if (info->noOfSamples_ < 0 || info->bufferIndex_ != buffer || info->startIndex_ != start || buffer >= l->added ||
	    info->startIndex_ + info->noOfSamples_ > LENGTH) {
		fprintf(stderr, "poll %d channel %u: %d samples at %d of buffer %llu, expected buffer %llu at %d of %llu handed over\n", poll,
			info->channel_, info->noOfSamples_, info->startIndex_, (unsigned long long)info->bufferIndex_,
			(unsigned long long)buffer, start, (unsigned long long)l->added);
		exit(1);
	}
	for (int32_t i = 0; i < info->noOfSamples_; i++)
		if (b[start + i] != proof(l->seed, l->sample + (uint64_t)i)) {
			fprintf(stderr, "poll %d channel %u: sample %llu is %d, not %d\n", poll, info->channel_,
				(unsigned long long)l->sample + (unsigned long long)i, b[start + i], proof(l->seed, l->sample + (uint64_t)i));
			exit(1);
		}
	l->sample += (uint64_t)info->noOfSamples_;
	if (l->sample / LENGTH > buffer) {
		l->finished++;
		for (int i = 0; i < GUARD; i++)
			CHECK(b[LENGTH + i] == GUARD_VALUE);
	}
}

/* Hands over buffers: as soon as one is free, or at random, thus at times too late, channels in an order that changes. */
static void feed(int16_t handle, enum feeding how, int must)
{
	int first = how == IN_STEP ? 0 : (int)(next_random() % CHANNELS);

	for (int i = 0; i < CHANNELS; i++)
		if (must || how == IN_STEP || next_random() % 4)
			add(handle, (first + i) % CHANNELS, PICO_ADD);
}

typedef struct tally {
	int waits, unequal, empty;
	uint64_t least; /* samples of the channel that got the fewest */
} tally;

static tally run(int16_t handle, enum feeding how, int polls)
{
	PICO_STREAMING_DATA_INFO infos[CHANNELS];
	PICO_STREAMING_DATA_TRIGGER_INFO trigger;
	double interval = 100;
	tally t = {0, 0, 0, UINT64_MAX};
	uint64_t total = 0;

	for (int c = 0; c < CHANNELS; c++) {
		lanes[c].sample = lanes[c].added = lanes[c].finished = 0;
		add(handle, c, c ? PICO_ADD : PICO_CLEAR_ALL | PICO_ADD);
	}
	feed(handle, how, how == IN_STEP);
	WANT(EMU_OK, ps6000aRunStreaming(handle, &interval, PICO_NS, 0, 1000000, 0, 1, PICO_RATIO_MODE_RAW));
	for (int poll = 0; poll < polls; poll++) {
		memset(infos, 0, sizeof infos);
		for (int c = 0; c < CHANNELS; c++)
			infos[c] = (PICO_STREAMING_DATA_INFO){.channel_ = (PICO_CHANNEL)c, .mode_ = PICO_RATIO_MODE_RAW, .type_ = PICO_INT16_T};
		uint32_t s = ps6000aGetStreamingLatestValues(handle, infos, CHANNELS, &trigger);
		CHECK(s == EMU_OK || s == EMU_WAITING_FOR_DATA_BUFFERS || s == EMU_BUSY);
		int differ = 0, any = 0;
		for (int c = 0; c < CHANNELS; c++) {
			differ |= infos[c].noOfSamples_ != infos[0].noOfSamples_;
			any |= infos[c].noOfSamples_;
			take(&lanes[c], &infos[c], poll);
		}
		t.unequal += differ;
		t.empty += !any;
		t.waits += s == EMU_WAITING_FOR_DATA_BUFFERS;
		feed(handle, how, s == EMU_WAITING_FOR_DATA_BUFFERS && poll % 3 == 0);
	}
	WANT(EMU_OK, ps6000aStop(handle));
	WANT(EMU_OK, ps6000aNoOfStreamingValues(handle, &total));
	for (int c = 0; c < CHANNELS; c++) {
		CHECK(lanes[c].sample <= total);
		t.least = lanes[c].sample < t.least ? lanes[c].sample : t.least;
	}
	WANT(EMU_OK, ps6000aSetDataBuffer(handle, PICO_CHANNEL_A, NULL, 0, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW, PICO_CLEAR_ALL));
	printf("samples of the shortest channel %llu, waits %d, unequal counts %d, empty polls %d\n", (unsigned long long)t.least, t.waits,
	       t.unequal, t.empty);
	return t;
}

static void with_rig(const char *skew, void (*test)(int16_t handle))
{
	char text[1024];

	snprintf(text, sizeof text, "model = 6824E\npacing = unthrottled\nskew = %s\n", skew);
	for (int c = 0; c < CHANNELS; c++) {
		snprintf(text + strlen(text), sizeof text - strlen(text), "channel %c = proof\n", 'A' + c);
		lanes[c].seed = proof_seed(c);
	}
	rig(text);
	int16_t handle = opened(PICO_DR_8BIT);
	channels(handle, CHANNELS);
	WANT(EMU_OK, ps6000aSetSimpleTrigger(handle, 0, PICO_CHANNEL_A, 0, PICO_RISING, 0, 0));
	test(handle);
	WANT(EMU_OK, ps6000aCloseUnit(handle));
}

static void skewed(int16_t handle)
{
	tally t = run(handle, AT_RANDOM, POLLS);

	CHECK(t.least > (uint64_t)POLLS / 4 * LENGTH);
	CHECK(t.waits > POLLS / 100);
	t = run(handle, IN_STEP, STEADY_POLLS);
	CHECK(t.unequal > STEADY_POLLS / 4 && t.waits == 0 && t.empty == 0);
}

static void steady(int16_t handle)
{
	tally t = run(handle, IN_STEP, STEADY_POLLS);

	CHECK(t.unequal == 0 && t.waits == 0 && t.empty == 0 && t.least == (uint64_t)STEADY_POLLS * LENGTH);
}

int main(void)
{
	with_rig("on", skewed);
	with_rig("off", steady);
	return finish();
}
