/* Triggers: simple, channels with conditions and directions, pulse width, digital ports, delay, and when they happened. */
#include "layer.h"

#include "../engine/room.h"

enum { MOST = 16 }; /* more sources than a unit has */

/* Off needs no valid arguments; a connector that is set as output cannot be a source. */
static emu_status aux_free(emu_unit *u, emu_source source)
{
	p6_state *p = p6_state_of(u);

	if (!p)
		return EMU_MEMORY_FAIL;
	return source == EMU_AUX && p->aux != PICO_AUXIO_INPUT ? EMU_AUX_OUTPUT_CONFLICT : EMU_OK;
}

PICO_STATUS ps6000aSetSimpleTrigger(int16_t handle, int16_t enable, PICO_CHANNEL source, int16_t threshold,
	PICO_THRESHOLD_DIRECTION direction, uint64_t delay, uint32_t autoTriggerMicroSeconds)
{
	P6_ENTER(EMU_IDLE_ONLY);
	if (!enable)
		return emu_leave(u, emu_simple_trigger(u, 0, EMU_A, 0, EMU_RISING, 0, 0));
	emu_source from = p6_source(source);
	emu_direction d;
	if (!p6_is_analog(from) && from != EMU_AUX)
		return emu_leave(u, EMU_INVALID_TRIGGER_CHANNEL);
	if ((uint32_t)direction > PICO_RISING_OR_FALLING)
		return emu_leave(u, EMU_INVALID_SIMPLE_TRIGGER_DIRECTION);
	s = p6_direction(direction, PICO_LEVEL, &d);
	if (s == EMU_OK)
		s = aux_free(u, from);
	if (s == EMU_OK)
		s = emu_simple_trigger(u, 1, from, threshold, d, delay, autoTriggerMicroSeconds);
	return emu_leave(u, s);
}

PICO_STATUS ps6000aSetTriggerChannelProperties(int16_t handle, PICO_TRIGGER_CHANNEL_PROPERTIES *channelProperties,
	int16_t nChannelProperties, int16_t auxOutputEnable, uint32_t autoTriggerMicroSeconds)
{
	emu_threshold t[MOST];

	(void)auxOutputEnable; /* not used by this series: SetAuxIoMode is */
	P6_ENTER(EMU_IDLE_ONLY);
	if (nChannelProperties < 0 || nChannelProperties > MOST)
		return emu_leave(u, EMU_NO_OF_CHANNEL_TRIGGER_PROPERTIES_OUT_OF_RANGE);
	if (nChannelProperties > 0 && !channelProperties)
		return emu_leave(u, EMU_NULL_CHANNEL_PROPERTIES);
	for (int i = 0; i < nChannelProperties; i++) {
		const PICO_TRIGGER_CHANNEL_PROPERTIES *p = &channelProperties[i];
		emu_source from = p6_source(p->channel);
		if (!p6_is_analog(from) && from != EMU_AUX)
			return emu_leave(u, EMU_INVALID_TRIGGER_CHANNEL);
		t[i] = (emu_threshold){from, p->thresholdUpper, p->thresholdLower, p->thresholdUpperHysteresis,
				       p->thresholdLowerHysteresis, -1};
	}
	s = emu_trigger_thresholds(u, t, nChannelProperties);
	if (s == EMU_OK)
		s = emu_trigger_auto(u, autoTriggerMicroSeconds);
	return emu_leave(u, s);
}

static emu_status conditions(emu_unit *u, const PICO_CONDITION *c, int n, PICO_ACTION action, int qualifier)
{
	emu_term t[MOST];
	uint32_t seen = 0, flags = (uint32_t)action;

	if (!flags || flags & ~(uint32_t)(PICO_CLEAR_CONDITIONS | PICO_ADD_CONDITION))
		return EMU_INVALID_CONDITION_INFO;
	if (n < 0 || n > MOST)
		return EMU_CONDITIONS;
	if (n > 0 && !c)
		return EMU_NULL_CONDITIONS;
	for (int i = 0; i < n; i++) {
		emu_source from = p6_source(c[i].source);
		if (from == EMU_NO_SOURCE || from == EMU_EXT || (qualifier && from == EMU_PWQ))
			return EMU_INVALID_CONDITION_CHANNEL;
		if (p6_is_port(from) && !p6_has_pod(u, from))
			return EMU_NO_MSO_POD_CONNECTED;
		if (seen & 1u << from)
			return EMU_DUPLICATE_CONDITION_SOURCE;
		if ((uint32_t)c[i].condition > PICO_CONDITION_FALSE)
			return EMU_INVALID_TRIGGER_STATES;
		emu_status s = aux_free(u, from);
		if (s != EMU_OK)
			return s;
		seen |= 1u << from;
		t[i] = (emu_term){from, (emu_state)c[i].condition};
	}
	return emu_trigger_conditions(u, t, n, (flags & PICO_CLEAR_CONDITIONS) != 0, (flags & PICO_ADD_CONDITION) != 0, qualifier);
}

PICO_STATUS ps6000aSetTriggerChannelConditions(int16_t handle, PICO_CONDITION *c, int16_t n, PICO_ACTION action)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, conditions(u, c, n, action, 0));
}

PICO_STATUS ps6000aSetPulseWidthQualifierConditions(int16_t handle, PICO_CONDITION *c, int16_t n, PICO_ACTION action)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, conditions(u, c, n, action, 1));
}

static emu_status directions(emu_unit *u, const PICO_DIRECTION *d, int n, int qualifier)
{
	emu_edge e[MOST];

	if (n < 0 || n > MOST)
		return EMU_INVALID_TRIGGER_DIRECTION;
	if (n > 0 && !d)
		return EMU_NULL_DIRECTIONS;
	if (qualifier && n > 1)
		return EMU_ONE_PULSE_WIDTH_DIRECTION_ALLOWED;
	for (int i = 0; i < n; i++) {
		e[i].source = p6_source(d[i].channel);
		if (!p6_is_analog(e[i].source) && e[i].source != EMU_AUX)
			return EMU_INVALID_TRIGGER_CHANNEL;
		emu_status s = p6_direction(d[i].direction, d[i].thresholdMode, &e[i].direction);
		if (s != EMU_OK)
			return s;
	}
	return emu_trigger_directions(u, e, n, qualifier);
}

PICO_STATUS ps6000aSetTriggerChannelDirections(int16_t handle, PICO_DIRECTION *d, int16_t nDirections)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, directions(u, d, nDirections, 0));
}

PICO_STATUS ps6000aSetPulseWidthQualifierDirections(int16_t handle, PICO_DIRECTION *d, int16_t nDirections)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, directions(u, d, nDirections, 1));
}

/* A call replaces the pins of its port; the engine is given those of both ports. */
static emu_status pins(emu_unit *u, PICO_CHANNEL port, const PICO_DIGITAL_CHANNEL_DIRECTIONS *d, int n, int qualifier)
{
	emu_source source = p6_source(port);
	emu_pin_edge edges[2 * 8];
	emu_pin mine[8] = {EMU_PIN_DONT_CARE};
	p6_state *p = p6_state_of(u);
	int count = 0;

	if (!p)
		return EMU_MEMORY_FAIL;
	if (!p6_is_port(source))
		return EMU_INVALID_DIGITAL_PORT;
	if (n < 0 || n > 8)
		return EMU_INVALID_DIGITAL_CHANNEL;
	if (n > 0 && !d)
		return EMU_NULL_DIRECTIONS;
	if (n > 0 && !p6_has_pod(u, source))
		return EMU_NO_MSO_POD_CONNECTED;
	for (int i = 0; i < n; i++) {
		if ((uint32_t)d[i].channel > PICO_PORT_DIGITAL_CHANNEL7)
			return EMU_INVALID_DIGITAL_CHANNEL;
		if ((uint32_t)d[i].direction >= PICO_DIGITAL_MAX_DIRECTION)
			return EMU_INVALID_DIGITAL_TRIGGER_DIRECTION;
		mine[d[i].channel] = (emu_pin)d[i].direction;
	}
	for (int i = 0; i < 8; i++)
		p->pins[qualifier][source - EMU_PORT0][i] = mine[i];
	for (int i = 0; i < 2 * 8; i++)
		if (p->pins[qualifier][i / 8][i % 8] != EMU_PIN_DONT_CARE)
			edges[count++] = (emu_pin_edge){i, p->pins[qualifier][i / 8][i % 8]};
	return emu_trigger_pins(u, edges, count, qualifier);
}

PICO_STATUS ps6000aSetTriggerDigitalPortProperties(int16_t handle, PICO_CHANNEL port, PICO_DIGITAL_CHANNEL_DIRECTIONS *d,
	int16_t nDirections)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, pins(u, port, d, nDirections, 0));
}

PICO_STATUS ps6000aSetPulseWidthDigitalPortProperties(int16_t handle, PICO_CHANNEL port, PICO_DIGITAL_CHANNEL_DIRECTIONS *d,
	int16_t nDirections)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, pins(u, port, d, nDirections, 1));
}

PICO_STATUS ps6000aSetPulseWidthQualifierProperties(int16_t handle, uint32_t lower, uint32_t upper, PICO_PULSE_WIDTH_TYPE type)
{
	P6_ENTER(EMU_IDLE_ONLY);
	if ((uint32_t)type > PICO_PW_TYPE_OUT_OF_RANGE)
		return emu_leave(u, EMU_PULSE_WIDTH_QUALIFIER);
	return emu_leave(u, emu_pulse_width(u, lower, upper, (emu_pulse)type));
}

PICO_STATUS ps6000aSetTriggerDelay(int16_t handle, uint64_t delay)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, emu_trigger_delay(u, delay));
}

PICO_STATUS ps6000aTriggerWithinPreTriggerSamples(int16_t handle, PICO_TRIGGER_WITHIN_PRE_TRIGGER state)
{
	int trigger = 0, width = 0;

	P6_ENTER(EMU_IDLE_ONLY);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (state != PICO_DISABLE && state != PICO_ARM)
		return emu_leave(u, EMU_INVALID_TRIGGER_WITHIN_PRE_TRIGGER_STATE);
	s = emu_trigger_enabled(u, &trigger, &width);
	if (s == EMU_OK && state == PICO_ARM && !trigger)
		s = EMU_NO_TRIGGER_ENABLED_FOR_TRIGGER_IN_PRE_TRIG;
	if (s == EMU_OK)
		p->within_pre_trigger = state == PICO_ARM;
	return emu_leave(u, s);
}

PICO_STATUS ps6000aSetOutputEdgeDetect(int16_t handle, int16_t state)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, emu_edge_detect(u, 1, &state));
}

PICO_STATUS ps6000aQueryOutputEdgeDetect(int16_t handle, int16_t *state)
{
	P6_ENTER(0);
	return emu_leave(u, state ? emu_edge_detect(u, 0, state) : EMU_NULL_PARAMETER);
}

/* Calls put for each segment from..from + count - 1, in pieces, so that a million segments need no memory of a million. */
static emu_status each_info(emu_unit *u, uint64_t from, uint64_t count,
			    void (*put)(void *to, uint64_t i, const emu_trigger_info *info), void *to)
{
	emu_trigger_info infos[64];

	for (uint64_t done = 0; done < count;) {
		uint64_t n = count - done < 64 ? count - done : 64;
		emu_status s = emu_trigger_infos(u, from + done, n, infos);
		if (s != EMU_OK)
			return s;
		for (uint64_t i = 0; i < n; i++)
			put(to, done + i, &infos[i]);
		done += n;
	}
	return EMU_OK;
}

struct offsets {
	int64_t *times;
	PICO_TIME_UNITS *units;
	uint64_t times_room, units_room; /* elements */
};

static void put_offset(void *to, uint64_t i, const emu_trigger_info *info)
{
	struct offsets *o = to;

	if (i < o->times_room)
		o->times[i] = info->time_fs;
	if (i < o->units_room)
		o->units[i] = PICO_FS;
}

PICO_STATUS ps6000aGetTriggerTimeOffset(int16_t handle, int64_t *time, PICO_TIME_UNITS *timeUnits, uint64_t segmentIndex)
{
	struct offsets o = {time, timeUnits, 1, 1};

	P6_ENTER(0);
	if (!time || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	return emu_leave(u, each_info(u, segmentIndex, 1, put_offset, &o));
}

PICO_STATUS ps6000aGetValuesTriggerTimeOffsetBulk(int16_t handle, int64_t *times, PICO_TIME_UNITS *timeUnits,
	uint64_t fromSegmentIndex, uint64_t toSegmentIndex)
{
	P6_ENTER(0);
	if (!times || !timeUnits)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (toSegmentIndex < fromSegmentIndex || toSegmentIndex - fromSegmentIndex >= P6_MOST_SEGMENTS)
		return emu_leave(u, EMU_SEGMENT_OUT_OF_RANGE);
	size_t n = (size_t)(toSegmentIndex - fromSegmentIndex) + 1;
	struct offsets o = {times, timeUnits, emu_room(u, "ps6000aGetValuesTriggerTimeOffsetBulk times", times, n, sizeof *times),
			    emu_room(u, "ps6000aGetValuesTriggerTimeOffsetBulk timeUnits", timeUnits, n, sizeof *timeUnits)};
	return emu_leave(u, each_info(u, fromSegmentIndex, n, put_offset, &o));
}

struct infos {
	PICO_TRIGGER_INFO *to;
	uint64_t room; /* elements */
	uint32_t flags;
};

static void put_info(void *to, uint64_t i, const emu_trigger_info *info)
{
	struct infos *f = to;

	if (i < f->room)
		f->to[i] = (PICO_TRIGGER_INFO){info->status | f->flags, info->segment, info->index, (double)info->time_fs,
					       PICO_FS, info->missed, info->counter};
}

/* With a trigger armed to be looked for inside the pre-trigger samples, the flag says that it was not found there. */
PICO_STATUS ps6000aGetTriggerInfo(int16_t handle, PICO_TRIGGER_INFO *triggerInfo, uint64_t firstSegmentIndex,
	uint64_t segmentCount)
{
	P6_ENTER(0);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (!triggerInfo)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (!segmentCount || segmentCount > P6_MOST_SEGMENTS)
		return emu_leave(u, EMU_SEGMENT_OUT_OF_RANGE);
	struct infos f = {triggerInfo, emu_room(u, "ps6000aGetTriggerInfo", triggerInfo, (size_t)segmentCount, sizeof *triggerInfo),
			  p->within_pre_trigger ? EMU_TRIGGER_WITHIN_A_PRE_TRIGGER_FAILED_TO_CALCULATE : 0};
	return emu_leave(u, each_info(u, firstSegmentIndex, segmentCount, put_info, &f));
}
