/* The simple trigger and the first form of the advanced trigger: one structure or argument per channel. Not here: the
 * lists of the second form (trigger_v2.c), pins (trigger_digital.c), when a trigger came (trigger_times.c). */
#include "layer.h"

PICO_STATUS ps5000aSetSimpleTrigger(int16_t handle, int16_t enable, PS5000A_CHANNEL channel, int16_t threshold,
		PS5000A_THRESHOLD_DIRECTION direction, uint32_t delay, int16_t autoTrigger_ms)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (!enable)
		return emu_leave(u, emu_simple_trigger(u, 0, EMU_A, 0, EMU_RISING, 0, 0));
	emu_source s = layer_trigger_source(channel);
	if (s == EMU_NO_SOURCE || s == EMU_PWQ || s == EMU_DIGITAL)
		return emu_leave(u, EMU_INVALID_CHANNEL);
	if (direction > PS5000A_RISING_OR_FALLING || autoTrigger_ms < 0)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	return emu_leave(u, emu_simple_trigger(u, 1, s, threshold, layer_direction(direction, 0), delay,
			(uint64_t)autoTrigger_ms * 1000));
}

static emu_source edge_source(int i)
{
	return i < LAYER_CHANNELS ? (emu_source)(EMU_A + i) : i == LAYER_CHANNELS ? EMU_EXT : EMU_AUX;
}

/* Directions of the sources that have properties: the others do not take part, and a model may not have them. */
static emu_status send_directions(emu_unit *u, const layer_state *l)
{
	emu_edge e[LAYER_EDGES];
	int n = 0;

	for (int i = 0; i < LAYER_EDGES; i++)
		if (l->thresholds & layer_bit(edge_source(i)))
			e[n++] = (emu_edge){edge_source(i), layer_direction(l->direction[i], l->window[i])};
	return n ? emu_trigger_directions(u, e, n, 0) : EMU_OK;
}

/* The qualifier has one direction for all its sources. */
static emu_status send_qualifier_direction(emu_unit *u, const layer_state *l)
{
	emu_edge e[LAYER_EDGES];
	int n = 0;

	for (int i = 0; i < LAYER_EDGES; i++)
		if (l->qualified & layer_bit(edge_source(i)))
			e[n++] = (emu_edge){edge_source(i), layer_direction(l->qualifier_direction, l->window[i])};
	return n ? emu_trigger_directions(u, e, n, 1) : EMU_OK;
}

static emu_status set_properties(emu_unit *u, layer_state *l, const PS5000A_TRIGGER_CHANNEL_PROPERTIES *p, int n)
{
	emu_threshold t[LAYER_EDGES];
	unsigned sources = 0;

	for (int i = 0; i < n; i++) {
		emu_source s = layer_trigger_source(p[i].channel);

		if (s == EMU_NO_SOURCE || s == EMU_PWQ || s == EMU_DIGITAL)
			return EMU_INVALID_TRIGGER_PROPERTY;
		if (p[i].thresholdMode != PS5000A_LEVEL && p[i].thresholdMode != PS5000A_WINDOW)
			return EMU_INVALID_TRIGGER_PROPERTY;
		t[i] = (emu_threshold){
			.source = s,
			.upper = p[i].thresholdUpper,
			.lower = p[i].thresholdLower,
			.upper_hysteresis = p[i].thresholdUpperHysteresis,
			.lower_hysteresis = p[i].thresholdLowerHysteresis,
			.window = p[i].thresholdMode == PS5000A_WINDOW,
		};
		sources |= layer_bit(s);
	}
	emu_status s = emu_trigger_thresholds(u, t, n);
	if (s != EMU_OK)
		return s;
	l->thresholds = sources;
	for (int i = 0; i < n; i++)
		l->window[p[i].channel] = t[i].window;
	s = send_directions(u, l);
	return s == EMU_OK ? send_qualifier_direction(u, l) : s;
}

PICO_STATUS ps5000aSetTriggerChannelProperties(int16_t handle, PS5000A_TRIGGER_CHANNEL_PROPERTIES *channelProperties,
		int16_t nChannelProperties, int16_t auxOutputEnable, int32_t autoTriggerMilliseconds)
{
	(void)auxOutputEnable;
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	if (nChannelProperties < 0 || nChannelProperties > LAYER_EDGES || autoTriggerMilliseconds < 0)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	if (nChannelProperties > 0 && !channelProperties)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	emu_status s = set_properties(u, l, channelProperties, nChannelProperties);
	if (s == EMU_OK)
		s = emu_trigger_auto(u, (uint64_t)autoTriggerMilliseconds * 1000);
	return emu_leave(u, s);
}

/* The states of a structure as a list of those that matter. */
static int terms_of(const uint32_t *states, const emu_source *sources, int n, emu_term *terms)
{
	int used = 0;

	for (int i = 0; i < n; i++) {
		if (states[i] > PS5000A_CONDITION_FALSE)
			return -1;
		if (states[i] != PS5000A_CONDITION_DONT_CARE)
			terms[used++] = (emu_term){sources[i], states[i] == PS5000A_CONDITION_TRUE ? EMU_TRUE : EMU_FALSE};
	}
	return used;
}

PICO_STATUS ps5000aSetTriggerChannelConditions(int16_t handle, PS5000A_TRIGGER_CONDITIONS *conditions, int16_t nConditions)
{
	static const emu_source sources[] = {EMU_A, EMU_A + 1, EMU_A + 2, EMU_A + 3, EMU_EXT, EMU_AUX, EMU_PWQ};
	emu_term terms[7];

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (nConditions < 0 || (nConditions > 0 && !conditions))
		return emu_leave(u, EMU_CONDITIONS);
	emu_status s = emu_trigger_conditions(u, NULL, 0, 1, 0, 0);
	for (int i = 0; s == EMU_OK && i < nConditions; i++) {
		const PS5000A_TRIGGER_CONDITIONS *c = &conditions[i];
		const uint32_t states[] = {c->channelA, c->channelB, c->channelC, c->channelD, c->external, c->aux, c->pulseWidthQualifier};
		int n = terms_of(states, sources, 7, terms);

		if (n < 0)
			s = EMU_CONDITIONS;
		else if (n > 0)
			s = emu_trigger_conditions(u, terms, n, 0, 1, 0);
	}
	return emu_leave(u, s);
}

PICO_STATUS ps5000aSetTriggerChannelDirections(int16_t handle, PS5000A_THRESHOLD_DIRECTION channelA,
		PS5000A_THRESHOLD_DIRECTION channelB, PS5000A_THRESHOLD_DIRECTION channelC, PS5000A_THRESHOLD_DIRECTION channelD,
		PS5000A_THRESHOLD_DIRECTION ext, PS5000A_THRESHOLD_DIRECTION aux)
{
	const uint32_t directions[LAYER_EDGES] = {channelA, channelB, channelC, channelD, ext, aux};

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	for (int i = 0; i < LAYER_EDGES; i++)
		if (layer_direction(directions[i], 0) == EMU_NO_DIRECTION)
			return emu_leave(u, EMU_INVALID_PARAMETER);
	for (int i = 0; i < LAYER_EDGES; i++)
		l->direction[i] = directions[i];
	return emu_leave(u, send_directions(u, l));
}

PICO_STATUS ps5000aSetTriggerDelay(int16_t handle, uint32_t delay)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, emu_trigger_delay(u, delay));
}

static emu_status set_qualifier(emu_unit *u, layer_state *l, const PS5000A_PWQ_CONDITIONS *conditions, int n)
{
	static const emu_source sources[] = {EMU_A, EMU_A + 1, EMU_A + 2, EMU_A + 3, EMU_EXT, EMU_AUX};
	emu_term terms[LAYER_EDGES];
	emu_status s = emu_trigger_conditions(u, NULL, 0, 1, 0, 1);

	l->qualified = 0;
	for (int i = 0; s == EMU_OK && i < n; i++) {
		const PS5000A_PWQ_CONDITIONS *c = &conditions[i];
		const uint32_t states[] = {c->channelA, c->channelB, c->channelC, c->channelD, c->external, c->aux};
		int found = terms_of(states, sources, LAYER_EDGES, terms);

		if (found < 0)
			return EMU_CONDITIONS;
		if (found > 0)
			s = emu_trigger_conditions(u, terms, found, 0, 1, 1);
		for (int k = 0; k < found; k++)
			l->qualified |= layer_bit(terms[k].source);
	}
	return s == EMU_OK ? send_qualifier_direction(u, l) : s;
}

PICO_STATUS ps5000aSetPulseWidthQualifier(int16_t handle, PS5000A_PWQ_CONDITIONS *conditions, int16_t nConditions,
		PS5000A_THRESHOLD_DIRECTION direction, uint32_t lower, uint32_t upper, PS5000A_PULSE_WIDTH_TYPE type)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	if (nConditions < 0 || (nConditions > 0 && !conditions))
		return emu_leave(u, EMU_CONDITIONS);
	if (type > PS5000A_PW_TYPE_OUT_OF_RANGE || layer_direction(direction, 0) == EMU_NO_DIRECTION)
		return emu_leave(u, EMU_PULSE_WIDTH_QUALIFIER);
	l->qualifier_direction = direction;
	emu_status s = set_qualifier(u, l, conditions, nConditions);
	if (s == EMU_OK)
		s = emu_pulse_width(u, lower, upper, nConditions ? (emu_pulse)type : EMU_PULSE_NONE);
	return emu_leave(u, s);
}

PICO_STATUS ps5000aIsTriggerOrPulseWidthQualifierEnabled(int16_t handle, int16_t *triggerEnabled, int16_t *pulseWidthQualifierEnabled)
{
	int trigger = 0, pulse_width = 0;

	LAYER_ENTER(handle, 0);
	if (!triggerEnabled || !pulseWidthQualifierEnabled)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_trigger_enabled(u, &trigger, &pulse_width);
	if (s == EMU_OK) {
		*triggerEnabled = trigger != 0;
		*pulseWidthQualifierEnabled = pulse_width != 0;
	}
	return emu_leave(u, s);
}

PICO_STATUS ps5000aSetOutputEdgeDetect(int16_t handle, int16_t state)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, emu_edge_detect(u, 1, &state));
}

PICO_STATUS ps5000aQueryOutputEdgeDetect(int16_t handle, int16_t *state)
{
	LAYER_ENTER(handle, 0);
	return emu_leave(u, state ? emu_edge_detect(u, 0, state) : EMU_NULL_PARAMETER);
}
