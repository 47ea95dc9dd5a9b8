/* When the trigger came: offsets within a sample, in femtoseconds. Not here: what triggers. */
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

PICO_STATUS ps2000aGetTriggerTimeOffset(int16_t handle, uint32_t *timeUpper, uint32_t *timeLower, PS2000A_TIME_UNITS *timeUnits,
		uint32_t segmentIndex)
{
	int64_t fs;

	LAYER_ENTER(handle, 0);
	if (!timeUpper || !timeLower || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = time_of(u, segmentIndex, &fs);
	if (s == EMU_OK) {
		halves(fs, timeUpper, timeLower);
		*timeUnits = PS2000A_FS;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps2000aGetTriggerTimeOffset64(int16_t handle, int64_t *time, PS2000A_TIME_UNITS *timeUnits, uint32_t segmentIndex)
{
	int64_t fs;

	LAYER_ENTER(handle, 0);
	if (!time || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = time_of(u, segmentIndex, &fs);
	if (s == EMU_OK) {
		*time = fs;
		*timeUnits = PS2000A_FS;
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

PICO_STATUS ps2000aGetValuesTriggerTimeOffsetBulk(int16_t handle, uint32_t *timesUpper, uint32_t *timesLower,
		PS2000A_TIME_UNITS *timeUnits, uint32_t fromSegmentIndex, uint32_t toSegmentIndex)
{
	size_t n;

	LAYER_ENTER(handle, 0);
	if (!timesUpper || !timesLower || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = segments(u, fromSegmentIndex, toSegmentIndex, &n);
	const size_t upper_fit = emu_room(u, "ps2000aGetValuesTriggerTimeOffsetBulk timesUpper", timesUpper, n, sizeof *timesUpper);
	const size_t lower_fit = emu_room(u, "ps2000aGetValuesTriggerTimeOffsetBulk timesLower", timesLower, n, sizeof *timesLower);
	const size_t units_fit = emu_room(u, "ps2000aGetValuesTriggerTimeOffsetBulk timeUnits", timeUnits, n, sizeof *timeUnits);
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
			timeUnits[i] = PS2000A_FS;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps2000aGetValuesTriggerTimeOffsetBulk64(int16_t handle, int64_t *times, PS2000A_TIME_UNITS *timeUnits,
		uint32_t fromSegmentIndex, uint32_t toSegmentIndex)
{
	size_t n;

	LAYER_ENTER(handle, 0);
	if (!times || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = segments(u, fromSegmentIndex, toSegmentIndex, &n);
	const size_t times_fit = emu_room(u, "ps2000aGetValuesTriggerTimeOffsetBulk64 times", times, n, sizeof *times);
	const size_t units_fit = emu_room(u, "ps2000aGetValuesTriggerTimeOffsetBulk64 timeUnits", timeUnits, n, sizeof *timeUnits);
	for (size_t i = 0; s == EMU_OK && i < n; i++) {
		int64_t fs;

		s = time_of(u, fromSegmentIndex + (uint32_t)i, &fs);
		if (s == EMU_OK && i < times_fit)
			times[i] = fs;
		if (s == EMU_OK && i < units_fit)
			timeUnits[i] = PS2000A_FS;
	}
	return emu_leave(u, s);
}
