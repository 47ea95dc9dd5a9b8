/* When the trigger came: offsets within a sample, and the counters of rapid block. All times are femtoseconds. Not here:
 * what triggers. */
#include "layer.h"
#include "room.h"

static emu_status time_of(emu_unit *u, uint32_t segment, int64_t *fs)
{
	emu_trigger_info i = {0};
	emu_status s = emu_trigger_infos(u, segment, 1, &i);

	*fs = i.time_fs;
	return s;
}

static void halves(int64_t fs, uint32_t *upper, uint32_t *lower)
{
	*upper = (uint32_t)((uint64_t)fs >> 32);
	*lower = (uint32_t)(uint64_t)fs;
}

PICO_STATUS ps5000aGetTriggerTimeOffset(int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, PS5000A_TIME_UNITS *timeUnits,
		uint32_t segmentIndex)
{
	int64_t fs;

	LAYER_ENTER(handle, 0);
	if (!timeUpper || !timeLower || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = time_of(u, segmentIndex, &fs);
	if (s == EMU_OK) {
		halves(fs, timeUpper, timeLower);
		*timeUnits = PS5000A_FS;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps5000aGetTriggerTimeOffset64(int16_t handle, int64_t *time, PS5000A_TIME_UNITS *timeUnits, uint32_t segmentIndex)
{
	int64_t fs;

	LAYER_ENTER(handle, 0);
	if (!time || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = time_of(u, segmentIndex, &fs);
	if (s == EMU_OK) {
		*time = fs;
		*timeUnits = PS5000A_FS;
	}
	return emu_leave(u, s);
}

/* How many segments from..to are. All must be there: the last one is asked for, so that otherwise the caller's arrays stay
 * as they were. */
static emu_status segments(emu_unit *u, uint32_t from, uint32_t to, size_t *n)
{
	emu_trigger_info i;
	emu_status s = from > to ? EMU_SEGMENT_OUT_OF_RANGE : emu_trigger_infos(u, to, 1, &i);

	*n = s == EMU_OK ? (size_t)(to - from) + 1 : 0;
	return s;
}

PICO_STATUS ps5000aGetValuesTriggerTimeOffsetBulk(int16_t handle, uint32_t *timesUpper, uint32_t *timesLower,
		PS5000A_TIME_UNITS *timeUnits, uint32_t fromSegmentIndex, uint32_t toSegmentIndex)
{
	size_t n;

	LAYER_ENTER(handle, 0);
	if (!timesUpper || !timesLower || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = segments(u, fromSegmentIndex, toSegmentIndex, &n);
	const size_t upper_fit = emu_room(u, "ps5000aGetValuesTriggerTimeOffsetBulk timesUpper", timesUpper, n, sizeof *timesUpper);
	const size_t lower_fit = emu_room(u, "ps5000aGetValuesTriggerTimeOffsetBulk timesLower", timesLower, n, sizeof *timesLower);
	const size_t units_fit = emu_room(u, "ps5000aGetValuesTriggerTimeOffsetBulk timeUnits", timeUnits, n, sizeof *timeUnits);
	for (size_t i = 0; s == EMU_OK && i < n; i++) {
		uint32_t upper, lower;
		int64_t fs;

		s = time_of(u, fromSegmentIndex + (uint32_t)i, &fs);
		halves(fs, &upper, &lower);
		if (s == EMU_OK && i < upper_fit)
			timesUpper[i] = upper;
		if (s == EMU_OK && i < lower_fit)
			timesLower[i] = lower;
		if (s == EMU_OK && i < units_fit)
			timeUnits[i] = PS5000A_FS;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps5000aGetValuesTriggerTimeOffsetBulk64(int16_t handle, int64_t *times, PS5000A_TIME_UNITS *timeUnits,
		uint32_t fromSegmentIndex, uint32_t toSegmentIndex)
{
	size_t n;

	LAYER_ENTER(handle, 0);
	if (!times || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = segments(u, fromSegmentIndex, toSegmentIndex, &n);
	const size_t times_fit = emu_room(u, "ps5000aGetValuesTriggerTimeOffsetBulk64 times", times, n, sizeof *times);
	const size_t units_fit = emu_room(u, "ps5000aGetValuesTriggerTimeOffsetBulk64 timeUnits", timeUnits, n, sizeof *timeUnits);
	for (size_t i = 0; s == EMU_OK && i < n; i++) {
		int64_t fs;

		s = time_of(u, fromSegmentIndex + (uint32_t)i, &fs);
		if (s == EMU_OK && i < times_fit)
			times[i] = fs;
		if (s == EMU_OK && i < units_fit)
			timeUnits[i] = PS5000A_FS;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps5000aGetTriggerInfoBulk(int16_t handle, PS5000A_TRIGGER_INFO *triggerInfo, uint32_t fromSegmentIndex,
		uint32_t toSegmentIndex)
{
	size_t n;

	LAYER_ENTER(handle, 0);
	if (!triggerInfo)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = segments(u, fromSegmentIndex, toSegmentIndex, &n);
	n = emu_room(u, "ps5000aGetTriggerInfoBulk triggerInfo", triggerInfo, n, sizeof *triggerInfo);
	for (size_t i = 0; s == EMU_OK && i < n; i++) {
		emu_trigger_info t = {0};

		s = emu_trigger_infos(u, fromSegmentIndex + (uint32_t)i, 1, &t);
		if (s == EMU_OK)
			triggerInfo[i] = (PS5000A_TRIGGER_INFO){
				.status = t.status,
				.segmentIndex = layer_uint32(t.segment),
				.triggerIndex = layer_uint32(t.index),
				.triggerTime = t.time_fs,
				.timeUnits = PS5000A_FS,
				.timeStampCounter = t.counter,
			};
	}
	return emu_leave(u, s);
}
