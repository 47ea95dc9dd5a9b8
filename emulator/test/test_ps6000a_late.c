/* A host that polls too late: what the unit cannot keep is lost without a status, at the same place on every channel, so that
 * channels stay in step; what was delivered and what was lost add up to what NoOfStreamingValues tells. */
#include "proof6000a.h"
#include "rig6000a.h"

enum { CHANNELS = 3, LENGTH = 50000, QUEUED = 12, GAPS = 32, FAR = 2000000, SURE = 12 };

typedef struct gap {
	uint64_t delivered, lost; /* samples delivered before it; raw samples missing */
} gap;

typedef struct lane {
	int16_t buffer[QUEUED][LENGTH];
	uint64_t seed, delivered, raw;
	gap gaps[GAPS];
	int n;
} lane;

static lane lanes[CHANNELS];

static int matches(const lane *l, const int16_t *v, int32_t n, uint64_t raw)
{
	for (int32_t i = 0; i < n && i < SURE; i++)
		if (v[i] != proof(l->seed, raw + (uint64_t)i))
			return 0;
	return 1;
}

/* Goes through all that was delivered; where the expected sample is missing, the one that is there says how many were lost. */
static void follow(lane *l)
{
	const int16_t *v = l->buffer[0];
	uint64_t raw = 0;

	for (uint64_t i = 0; i < l->delivered; i++, raw++) {
		if (v[i] == proof(l->seed, raw))
			continue;
		uint64_t lost = 1;
		while (lost < FAR && !matches(l, v + i, (int32_t)(l->delivered - i), raw + lost))
			lost++;
		if (lost == FAR || l->n == GAPS) {
			fprintf(stderr, "delivered sample %llu belongs nowhere\n", (unsigned long long)i);
			exit(1);
		}
		l->gaps[l->n++] = (gap){i, lost};
		raw += lost;
	}
	l->raw = raw;
}

/* Takes what is there, at most a few calls' worth. Nothing is compared yet: that would make the host late. */
static void poll(int16_t handle)
{
	PICO_STREAMING_DATA_INFO infos[CHANNELS];
	PICO_STREAMING_DATA_TRIGGER_INFO trigger;

	for (int any = 1, calls = 0; any && calls < 8; calls++) {
		any = 0;
		memset(infos, 0, sizeof infos);
		for (int c = 0; c < CHANNELS; c++)
			infos[c] = (PICO_STREAMING_DATA_INFO){.channel_ = (PICO_CHANNEL)c, .mode_ = PICO_RATIO_MODE_RAW, .type_ = PICO_INT16_T};
		uint32_t s = ps6000aGetStreamingLatestValues(handle, infos, CHANNELS, &trigger);
		CHECK(s == EMU_OK || s == EMU_WAITING_FOR_DATA_BUFFERS);
		for (int c = 0; c < CHANNELS; c++) {
			if (infos[c].noOfSamples_ <= 0)
				continue;
			any = 1;
			CHECK(infos[c].bufferIndex_ * LENGTH + (uint64_t)infos[c].startIndex_ == lanes[c].delivered);
			lanes[c].delivered += (uint64_t)infos[c].noOfSamples_;
		}
	}
}

int main(void)
{
	double interval = 1;
	uint64_t total = 0;

	rig("model = 6824E\nbuffer = 20k samples\ndelivery = 1ms\nchannel A = proof\nchannel B = proof\nchannel C = proof\n");
	int16_t handle = opened(PICO_DR_8BIT);
	channels(handle, CHANNELS);
	WANT(EMU_OK, ps6000aSetSimpleTrigger(handle, 0, PICO_CHANNEL_A, 0, PICO_RISING, 0, 0));
	for (int c = 0; c < CHANNELS; c++) {
		lanes[c].seed = proof_seed(c);
		for (int i = 0; i < QUEUED; i++)
			WANT(EMU_OK, ps6000aSetDataBuffer(handle, (PICO_CHANNEL)c, lanes[c].buffer[i], LENGTH, PICO_INT16_T, 0, PICO_RATIO_MODE_RAW,
							  c + i ? PICO_ADD : PICO_CLEAR_ALL | PICO_ADD));
	}
	WANT(EMU_OK, ps6000aRunStreaming(handle, &interval, PICO_US, 0, 1000000, 0, 1, PICO_RATIO_MODE_RAW));
	for (int i = 0; i < 4; i++) {
		poll(handle);
		wait_ms(70); /* 70,000 samples come, 20,000 are kept */
	}
	poll(handle);
	WANT(EMU_OK, ps6000aStop(handle));
	WANT(EMU_OK, ps6000aNoOfStreamingValues(handle, &total));
	for (int c = 0; c < CHANNELS; c++)
		follow(&lanes[c]);
	CHECK(lanes[0].n >= 3);
	for (int c = 0; c < CHANNELS; c++) {
		CHECK(lanes[c].raw <= total);
		CHECK(lanes[c].n == lanes[0].n);
		for (int i = 0; i < lanes[c].n && i < lanes[0].n; i++) {
			/* one sample in 256 agrees by chance, so a gap may show a little behind its place */
			int64_t apart = (int64_t)(lanes[c].gaps[i].delivered - lanes[0].gaps[i].delivered);
			CHECK(apart > -SURE && apart < SURE && lanes[c].gaps[i].lost == lanes[0].gaps[i].lost);
		}
	}
	for (int i = 0; i < lanes[0].n; i++)
		printf("lost %llu samples behind %llu\n", (unsigned long long)lanes[0].gaps[i].lost, (unsigned long long)lanes[0].gaps[i].delivered);
	WANT(EMU_OK, ps6000aCloseUnit(handle));
	return finish();
}
