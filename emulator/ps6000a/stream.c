/* Streaming: start, the poll that fills the caller's info structures, and the count afterwards. */
#include "layer.h"

enum { MOST_INFOS = 64 }; /* more than channels and ports times two modes */

static emu_status stream_modes(PICO_RATIO_MODE mode, unsigned *modes)
{
	const uint32_t trigger = (uint32_t)PICO_RATIO_MODE_TRIGGER | PICO_RATIO_MODE_SEGMENT_HEADER |
		PICO_RATIO_MODE_TRIGGER_DATA_FOR_TIME_CALCULATION;
	emu_status s;
	unsigned reduced;

	if ((uint32_t)mode & trigger)
		return EMU_STREAMING_DOES_NOT_SUPPORT_TRIGGER_RATIO_MODES;
	*modes = p6_modes(mode, &s);
	reduced = *modes & ~(unsigned)EMU_RAW;
	if (s == EMU_OK && reduced & (reduced - 1))
		s = EMU_STREAMING_COMBINATION_OF_RAW_DATA_AND_ONE_AGGREGATION_DATA_TYPE_ALLOWED;
	return s;
}

PICO_STATUS ps6000aRunStreaming(int16_t handle, double *sampleInterval, PICO_TIME_UNITS sampleIntervalTimeUnits,
	uint64_t maxPreTriggerSamples, uint64_t maxPostPreTriggerSamples, int16_t autoStop, uint64_t downSampleRatio,
	PICO_RATIO_MODE downSampleRatioMode)
{
	emu_stream_request r = {
		.pre = maxPreTriggerSamples, .post = maxPostPreTriggerSamples, .auto_stop = autoStop != 0, .ratio = downSampleRatio,
	};
	uint64_t unit = 0;

	P6_ENTER(EMU_IDLE_ONLY);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (!sampleInterval)
		return emu_leave(u, EMU_NULL_PARAMETER);
	s = p6_unit_fs(sampleIntervalTimeUnits, &unit);
	if (s == EMU_OK)
		s = stream_modes(downSampleRatioMode, &r.mode);
	if (s != EMU_OK)
		return emu_leave(u, s);
	double fs = *sampleInterval * (double)unit;
	if (!(fs >= 1 && fs < 1e19))
		return emu_leave(u, EMU_INVALID_SAMPLE_INTERVAL);
	if (maxPreTriggerSamples + maxPostPreTriggerSamples == 0)
		return emu_leave(u, EMU_TOO_FEW_REQUESTED_STREAMING_SAMPLES);
	if (p->overlapped)
		return emu_leave(u, EMU_STREAMING_ONLY_SUPPORTS_ONE_READ);
	if (p->tripped)
		return emu_leave(u, EMU_DC_50OHM_OVERVOLTAGE_TRIPPED);
	r.interval_fs = (uint64_t)(fs + 0.5);
	s = emu_stream_run(u, &r);
	if (s == EMU_OK) {
		p->stream_modes = r.mode;
		*sampleInterval = (double)r.interval_fs / (double)unit;
	}
	return emu_leave(u, s);
}

/* Programs pass other values than the run's mode, the ratio for one, and real units serve them: the channel decides. */
static unsigned mode_of(PICO_RATIO_MODE asked, unsigned running)
{
	emu_status s;
	unsigned mode = p6_modes(asked, &s);

	if (s == EMU_OK && !(mode & (mode - 1)) && mode & running)
		return mode;
	return running & EMU_RAW ? EMU_RAW : running;
}

PICO_STATUS ps6000aGetStreamingLatestValues(int16_t handle, PICO_STREAMING_DATA_INFO *streamingDataInfo,
	uint64_t nStreamingDataInfos, PICO_STREAMING_DATA_TRIGGER_INFO *triggerInfo)
{
	emu_queue_piece pieces[MOST_INFOS];
	emu_queue_trigger trigger = {0, 0, 0};
	PICO_STREAMING_DATA_INFO *info = streamingDataInfo;

	P6_ENTER(EMU_QUIET);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (!info || !nStreamingDataInfos)
		return emu_leave(u, EMU_STREAMING_DATA_REQUIRED);
	if (nStreamingDataInfos > MOST_INFOS)
		return emu_leave(u, EMU_ARGUMENT_OUT_OF_RANGE);
	if (!triggerInfo)
		return emu_leave(u, EMU_NULL_PARAMETER);
	int n = (int)nStreamingDataInfos;
	for (int i = 0; i < n; i++) {
		pieces[i] = (emu_queue_piece){.source = p6_source(info[i].channel_), .mode = mode_of(info[i].mode_, p->stream_modes)};
		if (!p6_is_analog(pieces[i].source) && !p6_is_port(pieces[i].source))
			return emu_leave(u, EMU_INVALID_CHANNEL);
		s = p6_type(info[i].type_, &pieces[i].type);
		if (s != EMU_OK)
			return emu_leave(u, s);
	}
	s = emu_stream_poll_queue(u, pieces, n, &trigger);
	for (int i = 0; i < n; i++)
		if (pieces[i].filled) {
			info[i].noOfSamples_ = pieces[i].samples;
			info[i].bufferIndex_ = pieces[i].buffer;
			info[i].startIndex_ = pieces[i].start;
			info[i].overflow_ = pieces[i].overflow;
		}
	*triggerInfo = (PICO_STREAMING_DATA_TRIGGER_INFO){trigger.at, trigger.triggered, trigger.auto_stop};
	return emu_leave(u, s);
}

PICO_STATUS ps6000aNoOfStreamingValues(int16_t handle, uint64_t *noOfValues)
{
	P6_ENTER(0);
	return emu_leave(u, noOfValues ? emu_stream_values(u, noOfValues) : EMU_NULL_PARAMETER);
}
