/* The second form of the advanced trigger: lists of sources. Not here: the first form (trigger.c), pins
 * (trigger_digital.c). */
#include "layer.h"

PICO_STATUS ps5000aSetTriggerChannelPropertiesV2(int16_t handle, PS5000A_TRIGGER_CHANNEL_PROPERTIES_V2 *channelProperties,
		int16_t nChannelProperties, int16_t auxOutputEnable)
{
	emu_threshold t[LAYER_EDGES];

	(void)auxOutputEnable;
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (nChannelProperties < 0 || nChannelProperties > LAYER_EDGES || (nChannelProperties > 0 && !channelProperties))
		return emu_leave(u, EMU_INVALID_PARAMETER);
	for (int i = 0; i < nChannelProperties; i++) {
		const PS5000A_TRIGGER_CHANNEL_PROPERTIES_V2 *p = &channelProperties[i];
		emu_source s = layer_trigger_source(p->channel);

		if (s == EMU_NO_SOURCE || s == EMU_PWQ || s == EMU_DIGITAL)
			return emu_leave(u, EMU_INVALID_TRIGGER_PROPERTY);
		t[i] = (emu_threshold){
			.source = s,
			.upper = p->thresholdUpper,
			.lower = p->thresholdLower,
			.upper_hysteresis = p->thresholdUpperHysteresis,
			.lower_hysteresis = p->thresholdLowerHysteresis,
			.window = -1,
		};
	}
	return emu_leave(u, emu_trigger_thresholds(u, t, nChannelProperties));
}

/* An entry that does not care is as good as none. */
static emu_status set_conditions(emu_unit *u, const PS5000A_CONDITION *c, int n, uint32_t info, int qualifier, unsigned *sources)
{
	emu_term terms[LAYER_TERMS];
	int used = 0;

	if (n < 0 || n > LAYER_TERMS || (n > 0 && !c))
		return EMU_CONDITIONS;
	if (!info || info & ~(uint32_t)(PS5000A_CLEAR | PS5000A_ADD))
		return EMU_INVALID_PARAMETER;
	for (int i = 0; i < n; i++) {
		emu_source s = layer_trigger_source(c[i].source);

		if (s == EMU_NO_SOURCE || (qualifier && s == EMU_PWQ))
			return EMU_INVALID_CONDITION_CHANNEL;
		if (c[i].condition > PS5000A_CONDITION_FALSE)
			return EMU_CONDITIONS;
		if (c[i].condition == PS5000A_CONDITION_DONT_CARE)
			continue;
		terms[used++] = (emu_term){s, c[i].condition == PS5000A_CONDITION_TRUE ? EMU_TRUE : EMU_FALSE};
		*sources |= layer_bit(s);
	}
	if (!used && !(info & PS5000A_CLEAR))
		return EMU_OK;
	return emu_trigger_conditions(u, terms, used, (info & PS5000A_CLEAR) != 0, used && info & PS5000A_ADD, qualifier);
}

PICO_STATUS ps5000aSetTriggerChannelConditionsV2(int16_t handle, PS5000A_CONDITION *conditions, int16_t nConditions,
		PS5000A_CONDITIONS_INFO info)
{
	unsigned sources = 0;

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, set_conditions(u, conditions, nConditions, info, 0, &sources));
}

PICO_STATUS ps5000aSetPulseWidthQualifierConditions(int16_t handle, PS5000A_CONDITION *conditions, int16_t nConditions,
		PS5000A_CONDITIONS_INFO info)
{
	unsigned sources = 0;

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	emu_status s = set_conditions(u, conditions, nConditions, info, 1, &sources);
	if (s == EMU_OK)
		l->qualified = info & PS5000A_CLEAR ? sources : l->qualified | sources;
	return emu_leave(u, s);
}

PICO_STATUS ps5000aSetTriggerChannelDirectionsV2(int16_t handle, PS5000A_DIRECTION *directions, uint16_t nDirections)
{
	emu_edge e[LAYER_TERMS];

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (nDirections > LAYER_TERMS || (nDirections > 0 && !directions))
		return emu_leave(u, EMU_INVALID_PARAMETER);
	for (int i = 0; i < nDirections; i++) {
		const PS5000A_DIRECTION *d = &directions[i];

		e[i] = (emu_edge){layer_trigger_source(d->source), layer_direction(d->direction, d->mode == PS5000A_WINDOW)};
		if (e[i].source == EMU_NO_SOURCE || e[i].direction == EMU_NO_DIRECTION || d->mode > PS5000A_WINDOW)
			return emu_leave(u, EMU_INVALID_PARAMETER);
	}
	return emu_leave(u, emu_trigger_directions(u, e, nDirections, 0));
}

/* The source "pulse width" means every source of the qualifier's conditions. */
PICO_STATUS ps5000aSetPulseWidthQualifierDirections(int16_t handle, PS5000A_DIRECTION *directions, int16_t nDirections)
{
	emu_edge e[LAYER_TERMS + EMU_SOURCES];
	int n = 0;

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	layer_state *l = layer_of(u);
	if (!l)
		return emu_leave(u, EMU_MEMORY);
	if (nDirections < 0 || nDirections > LAYER_TERMS || (nDirections > 0 && !directions))
		return emu_leave(u, EMU_INVALID_PARAMETER);
	for (int i = 0; i < nDirections; i++) {
		const PS5000A_DIRECTION *d = &directions[i];
		emu_source s = layer_trigger_source(d->source);
		emu_direction way = layer_direction(d->direction, d->mode == PS5000A_WINDOW);

		if (s == EMU_NO_SOURCE || way == EMU_NO_DIRECTION || d->mode > PS5000A_WINDOW || n >= LAYER_TERMS)
			return emu_leave(u, EMU_INVALID_PARAMETER);
		if (s != EMU_PWQ) {
			e[n++] = (emu_edge){s, way};
			continue;
		}
		for (int k = 0; k < EMU_SOURCES; k++)
			if (l->qualified & layer_bit((emu_source)k) && k != EMU_DIGITAL)
				e[n++] = (emu_edge){(emu_source)k, way};
	}
	return emu_leave(u, emu_trigger_directions(u, e, n, 1));
}

PICO_STATUS ps5000aSetPulseWidthQualifierProperties(int16_t handle, uint32_t lower, uint32_t upper, PS5000A_PULSE_WIDTH_TYPE type)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (type > PS5000A_PW_TYPE_OUT_OF_RANGE)
		return emu_leave(u, EMU_PULSE_WIDTH_QUALIFIER);
	return emu_leave(u, emu_pulse_width(u, lower, upper, (emu_pulse)type));
}

PICO_STATUS ps5000aSetAutoTriggerMicroSeconds(int16_t handle, uint64_t autoTriggerMicroseconds)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, emu_trigger_auto(u, autoTriggerMicroseconds));
}

/* What arming measures is reported nowhere in this library's functions, so it is refused rather than accepted in silence. */
PICO_STATUS ps5000aTriggerWithinPreTriggerSamples(int16_t handle, PS5000A_TRIGGER_WITHIN_PRE_TRIGGER state)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (state > PS5000A_ARM)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	return emu_leave(u, state == PS5000A_DISABLE ? EMU_OK : EMU_NOT_SUPPORTED_BY_THIS_DEVICE);
}
