/* What a caller sets of the trigger, and what it means. Not here: the hunt for it (trigger_hunt.c). */
#include <stdlib.h>
#include <string.h>

#include "trigger.h"

enum { SIMPLE_HYSTERESIS = 256 }; /* one step of an 8-bit converter */

static void disarm(emu_trigger *t)
{
	int16_t edge_detect = t->edge_detect;
	memset(t, 0, sizeof *t);
	t->edge_detect = edge_detect;
	for (int q = 0; q < 2; q++)
		for (int s = 0; s < EMU_SOURCES; s++)
			t->direction[q][s] = EMU_NO_DIRECTION;
	for (int s = 0; s < EMU_SOURCES; s++)
		t->threshold[s].window = -1;
}

emu_trigger *emu_trigger_new(void)
{
	emu_trigger *t = calloc(1, sizeof *t);
	if (t) {
		t->edge_detect = 1;
		disarm(t);
	}
	return t;
}

void emu_trigger_free(emu_trigger *t)
{
	free(t);
}

bool emu_trigger_pulse_on(const emu_trigger *t)
{
	return t->groups[1] > 0 && t->pulse != EMU_PULSE_NONE;
}

bool emu_trigger_on(const emu_trigger *t)
{
	return t->groups[0] > 0 || t->pins[0] > 0 || emu_trigger_pulse_on(t);
}

/* Whether a source can be named in a trigger at all. */
static emu_status check_source(const emu_unit *u, emu_source s)
{
	int queued = u->family->queued_buffers;
	if (s < EMU_A || s >= EMU_SOURCES)
		return EMU_INVALID_CHANNEL;
	if (s == EMU_PWQ)
		return EMU_OK;
	if (s == EMU_DIGITAL)
		return u->model->ports ? EMU_OK : EMU_INVALID_CONDITION_CHANNEL;
	if (emu_source_exists(u, s))
		return EMU_OK;
	if (s == EMU_EXT && queued)
		return EMU_EXTERNAL_TRIGGER_NOT_SUPPORTED;
	if (s == EMU_AUX && queued)
		return EMU_AUX_NOT_SUPPORTED;
	return EMU_INVALID_CHANNEL;
}

static emu_status check_idle(const emu_unit *u)
{
	return emu_scope_running(u) ? EMU_BUSY : EMU_OK;
}

static emu_status check_code(const emu_unit *u, emu_source s, int code)
{
	if (!u->family->queued_buffers || (int)s >= EMU_CHANNELS)
		return EMU_OK;
	int most = emu_model_rate(u->model, u->scope->bits)->max_code;
	return code > most || code < -most ? EMU_THRESHOLD_OUT_OF_RANGE : EMU_OK;
}

emu_status emu_simple_trigger(emu_unit *u, int enable, emu_source s, int16_t threshold, emu_direction d, uint64_t delay, uint64_t auto_us)
{
	emu_trigger *t = u->scope->trigger;
	emu_status status = check_idle(u);
	if (status)
		return status;
	if (!enable) {
		disarm(t);
		return EMU_OK;
	}
	if ((status = check_source(u, s)))
		return status;
	if (s >= EMU_PORT0 && s <= EMU_PORT1)
		return EMU_INVALID_CHANNEL;
	if (d > EMU_RISING_OR_FALLING && d != EMU_NO_DIRECTION)
		return u->family->queued_buffers ? EMU_INVALID_SIMPLE_TRIGGER_DIRECTION : EMU_INVALID_PARAMETER;
	if ((status = check_code(u, s, threshold)))
		return status;
	emu_trigger fresh = *t;
	disarm(&fresh);
	fresh.threshold[s] = (emu_threshold){s, threshold, threshold, SIMPLE_HYSTERESIS, SIMPLE_HYSTERESIS, -1};
	fresh.thresholds = 1u << s;
	fresh.direction[0][s] = d;
	fresh.group[0][0] = (emu_group){{{s, EMU_TRUE}}, 1};
	fresh.groups[0] = 1;
	fresh.auto_us = auto_us;
	emu_trigger old = *t;
	*t = fresh;
	if ((status = emu_trigger_delay(u, delay)))
		*t = old;
	return status;
}

emu_status emu_trigger_thresholds(emu_unit *u, const emu_threshold *list, int n)
{
	emu_trigger *t = u->scope->trigger;
	emu_status status = check_idle(u);
	if (status)
		return status;
	if (n < 0 || n > EMU_SOURCES)
		return u->family->queued_buffers ? EMU_NO_OF_CHANNEL_TRIGGER_PROPERTIES_OUT_OF_RANGE : EMU_INVALID_TRIGGER_PROPERTY;
	for (int i = 0; i < n; i++) {
		if ((status = check_source(u, list[i].source)))
			return status;
		if ((status = check_code(u, list[i].source, list[i].upper)) || (status = check_code(u, list[i].source, list[i].lower)))
			return status;
		if (list[i].window == 1 && list[i].lower > list[i].upper)
			return u->family->queued_buffers ? EMU_THRESHOLD_UPPER_LOWER_MISMATCH : EMU_INVALID_TRIGGER_PROPERTY;
	}
	t->thresholds = 0;
	for (int i = 0; i < n; i++) {
		t->threshold[list[i].source] = list[i];
		t->thresholds |= 1u << list[i].source;
	}
	return EMU_OK;
}

emu_status emu_trigger_conditions(emu_unit *u, const emu_term *term, int n, int clear, int add, int qualifier)
{
	emu_trigger *t = u->scope->trigger;
	emu_status status = check_idle(u);
	if (status)
		return status;
	uint32_t seen = 0;
	for (int i = 0; i < n; i++) {
		if ((status = check_source(u, term[i].source)))
			return status == EMU_INVALID_CHANNEL ? EMU_INVALID_CONDITION_CHANNEL : status;
		if (seen >> term[i].source & 1)
			return EMU_DUPLICATE_CONDITION_SOURCE;
		if (term[i].state < EMU_DONT_CARE || term[i].state > EMU_FALSE || (qualifier && term[i].source == EMU_PWQ))
			return EMU_CONDITIONS;
		seen |= 1u << term[i].source;
	}
	if (clear)
		t->groups[qualifier] = 0;
	if (!add || n <= 0)
		return EMU_OK;
	if (t->groups[qualifier] == EMU_GROUPS)
		return EMU_CONDITIONS;
	emu_group *g = &t->group[qualifier][t->groups[qualifier]];
	g->n = 0;
	for (int i = 0; i < n; i++)
		if (term[i].state != EMU_DONT_CARE)
			g->term[g->n++] = term[i];
	t->groups[qualifier] += g->n > 0;
	return EMU_OK;
}

emu_status emu_trigger_directions(emu_unit *u, const emu_edge *e, int n, int qualifier)
{
	emu_trigger *t = u->scope->trigger;
	emu_status status = check_idle(u);
	if (status)
		return status;
	for (int i = 0; i < n; i++) {
		int absent = (int)e[i].source < EMU_CHANNELS || e[i].source == EMU_EXT || e[i].source == EMU_AUX;
		if (e[i].source < EMU_A || e[i].source >= EMU_SOURCES || e[i].direction < EMU_ABOVE || e[i].direction > EMU_NO_DIRECTION)
			return EMU_INVALID_PARAMETER;
		/* families with fixed fields give a direction for inputs that the model lacks */
		if (u->family->queued_buffers && absent && (status = check_source(u, e[i].source)))
			return status;
	}
	for (int s = 0; s < EMU_SOURCES; s++)
		t->direction[qualifier][s] = EMU_NO_DIRECTION;
	for (int i = 0; i < n; i++)
		t->direction[qualifier][e[i].source] = e[i].direction;
	return EMU_OK;
}

emu_status emu_trigger_pins(emu_unit *u, const emu_pin_edge *p, int n, int qualifier)
{
	emu_trigger *t = u->scope->trigger;
	emu_status status = check_idle(u);
	if (status)
		return status;
	if (n > 0 && !u->model->ports)
		return u->family->queued_buffers ? EMU_NO_MSO_POD_CONNECTED : EMU_NOT_SUPPORTED_BY_THIS_DEVICE;
	for (int i = 0; i < n; i++) {
		if (p[i].pin < 0 || p[i].pin >= 8 * u->model->ports)
			return EMU_INVALID_DIGITAL_CHANNEL;
		if (p[i].direction < EMU_PIN_DONT_CARE || p[i].direction > EMU_PIN_EITHER)
			return EMU_INVALID_DIGITAL_TRIGGER_DIRECTION;
	}
	memset(t->pin[qualifier], 0, sizeof t->pin[qualifier]);
	t->pins[qualifier] = 0;
	for (int i = 0; i < n; i++) {
		t->pin[qualifier][p[i].pin] = p[i].direction;
		t->pins[qualifier] += p[i].direction != EMU_PIN_DONT_CARE;
	}
	return EMU_OK;
}

emu_status emu_trigger_digital_operand(emu_unit *u, int operand)
{
	if (operand < 0 || operand > 3)
		return EMU_INVALID_PARAMETER;
	if (operand && !u->model->ports)
		return EMU_NOT_USED;
	emu_status status = check_idle(u);
	if (!status)
		u->scope->trigger->operand = operand;
	return status;
}

emu_status emu_pulse_width(emu_unit *u, uint64_t lower, uint64_t upper, emu_pulse type)
{
	emu_trigger *t = u->scope->trigger;
	int queued = u->family->queued_buffers;
	emu_status status = check_idle(u);
	if (status)
		return status;
	if (type < EMU_PULSE_NONE || type > EMU_PULSE_OUT_OF_RANGE)
		return queued ? EMU_PULSE_WIDTH_QUALIFIER_TYPE : EMU_PULSE_WIDTH_QUALIFIER;
	if (type != EMU_PULSE_NONE && lower > u->family->max_pulse_width)
		return queued ? EMU_PULSE_WIDTH_LOWER_OUT_OF_RANGE : EMU_PULSE_WIDTH_QUALIFIER;
	int both = type == EMU_PULSE_IN_RANGE || type == EMU_PULSE_OUT_OF_RANGE;
	if (both && upper > u->family->max_pulse_width)
		return queued ? EMU_PULSE_WIDTH_UPPER_OUT_OF_RANGE : EMU_PULSE_WIDTH_QUALIFIER;
	if (both && lower > upper)
		return queued ? EMU_PULSE_WIDTH_QUALIFIER_LOWER_UPPER_CONFILCT : EMU_PULSE_WIDTH_QUALIFIER;
	t->lower = lower;
	t->upper = upper;
	t->pulse = type;
	return EMU_OK;
}

emu_status emu_trigger_delay(emu_unit *u, uint64_t samples)
{
	emu_status status = check_idle(u);
	if (status)
		return status;
	if (samples > u->family->max_delay)
		return u->family->queued_buffers ? EMU_TRIGGER_DELAY_OUT_OF_RANGE : EMU_DELAY;
	u->scope->trigger->delay = samples;
	return EMU_OK;
}

emu_status emu_trigger_auto(emu_unit *u, uint64_t microseconds)
{
	emu_status status = check_idle(u);
	if (!status)
		u->scope->trigger->auto_us = microseconds;
	return status;
}

emu_status emu_trigger_enabled(emu_unit *u, int *trigger, int *pulse_width)
{
	const emu_trigger *t = u->scope->trigger;
	if (!trigger || !pulse_width)
		return EMU_NULL_PARAMETER;
	*trigger = t->groups[0] > 0 || t->pins[0] > 0;
	*pulse_width = emu_trigger_pulse_on(t);
	return EMU_OK;
}

emu_status emu_edge_detect(emu_unit *u, int set, int16_t *state)
{
	if (!state)
		return EMU_NULL_PARAMETER;
	if (set && *state != 0 && *state != 1)
		return EMU_INVALID_PARAMETER;
	emu_status status = set ? check_idle(u) : EMU_OK;
	if (status)
		return status;
	if (set)
		u->scope->trigger->edge_detect = *state;
	else
		*state = u->scope->trigger->edge_detect;
	return EMU_OK;
}

emu_status emu_trigger_valid(const emu_unit *u)
{
	const emu_trigger *t = u->scope->trigger;
	int queued = u->family->queued_buffers;
	uint32_t active = emu_scope_active(u);
	for (int q = 0; q < 2; q++) {
		for (int g = 0; g < t->groups[q]; g++) {
			for (int i = 0; i < t->group[q][g].n; i++) {
				emu_source s = t->group[q][g].term[i].source;
				if (!emu_channel_powered(u, s))
					continue; /* accepted, never true */
				if ((int)s < EMU_CHANNELS && !(active >> s & 1))
					return queued ? EMU_TRIGGER_CHANNEL_NOT_ENABLED : q ? EMU_INVALID_CONDITION_CHANNEL : EMU_INVALID_TRIGGER_CHANNEL;
				if (queued && (int)s < EMU_CHANNELS && !(t->thresholds >> s & 1))
					return EMU_CONDITION_HAS_NO_TRIGGER_PROPERTY;
				if (queued && (s == EMU_PORT0 || s == EMU_PORT1) && !(active >> s & 1))
					return EMU_TRIGGER_PORT_NOT_ENABLED;
				if ((s == EMU_DIGITAL || s == EMU_PORT0 || s == EMU_PORT1) && !t->pins[q])
					return queued ? EMU_DIGITAL_DIRECTION_NOT_SET : EMU_TRIGGER_ERROR;
			}
		}
	}
	return EMU_OK;
}
