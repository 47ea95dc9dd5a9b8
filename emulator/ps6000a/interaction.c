/* Registering interaction callbacks, and what an accessory tells of itself. */
#include "events.h"

#include <stdio.h>
#include <string.h>

void p6_pod_texts(int port, int8_t serial[10], int8_t date[8])
{
	memset(serial, 0, 10);
	memset(date, 0, 8);
	(void)snprintf((char *)serial, 10, "EMUPOD/%d", port);
	(void)snprintf((char *)date, 8, "01Jan24");
}

/* Defines the function that registers callbacks of one type, and how its value gets into its member. */
#define REGISTER(function, type, member, kind)                                              \
	static void set_##member(p6_callbacks *c, const void *arg)                          \
	{                                                                                   \
		c->member = *(const type *)arg;                                             \
	}                                                                                   \
                                                                                            \
	PICO_STATUS function(int16_t handle, type callback)                                 \
	{                                                                                   \
		P6_ENTER(0);                                                                \
		p6_state *p = p6_state_of(u);                                               \
		if (!p)                                                                     \
			return emu_leave(u, EMU_MEMORY_FAIL);                               \
		return emu_leave(u, p6_events_register(u, p, kind, set_##member, &callback)); \
	}

REGISTER(ps6000aSetProbeInteractionCallback, PicoProbeInteractions, probes, P6_PROBES)
REGISTER(ps6000aSetDigitalPortInteractionCallback, ps6000aDigitalPortInteractions, ports, P6_PORTS)
REGISTER(ps6000aSetExternalReferenceInteractionCallback, PicoExternalReferenceInteractions, reference, P6_REFERENCE)
REGISTER(ps6000aSetAWGOverrangeInteractionCallback, PicoAWGOverrangeInteractions, overrange, P6_OVERRANGE)
REGISTER(ps6000aSetTemperatureSensorInteractionCallback, PicoTemperatureSensorInteractions, temperature, P6_TEMPERATURE)

struct button {
	PicoProbeUserAction call;
	void *user;
};

static void set_button(p6_callbacks *c, const void *arg)
{
	const struct button *b = arg;

	c->button = b->call;
	c->button_user = b->user;
}

PICO_STATUS ps6000aSetProbeUserActionCallback(int16_t handle, PicoProbeUserAction callback, void *pParameter)
{
	struct button b = {callback, pParameter};

	P6_ENTER(0);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (!p6_events_probes_wanted(p->events))
		return emu_leave(u, EMU_PROBE_COLLECTION_NOT_STARTED);
	return emu_leave(u, p6_events_register(u, p, P6_BUTTON, set_button, &b));
}

/* 0: an accessory has no such text. */
static int accessory_text(const emu_accessories *a, emu_source source, PICO_INFO info, char text[32])
{
	int8_t serial[10], date[8];
	enum { HARDWARE = 2, VARIANT = 3, SERIAL = 4, CALIBRATED = 5 };

	if (p6_is_port(source)) {
		p6_pod_texts(source - EMU_PORT0, serial, date);
		switch (info) {
		case HARDWARE: return snprintf(text, 32, "1");
		case VARIANT: return snprintf(text, 32, "TA369");
		case SERIAL: return snprintf(text, 32, "%s", (char *)serial);
		case CALIBRATED: return snprintf(text, 32, "%s", (char *)date);
		default: return 0;
		}
	}
	return info == VARIANT ? snprintf(text, 32, "%d", (int)a->probe[source]) : 0;
}

PICO_STATUS ps6000aGetAccessoryInfo(int16_t handle, PICO_CHANNEL channel, int8_t *string, int16_t stringLength,
	int16_t *requiredSize, PICO_INFO info)
{
	emu_source source = p6_source(channel);
	emu_accessories a;
	char text[32];

	P6_ENTER(0);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (!p6_is_port(source) && !(p6_is_analog(source) && source < emu_unit_channels(u)))
		return emu_leave(u, EMU_INVALID_CHANNEL);
	if (!string && !requiredSize)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (!p6_events_probes_wanted(p->events))
		return emu_leave(u, EMU_PROBE_COLLECTION_NOT_STARTED);
	emu_accessories_read(u, &a);
	if (p6_is_port(source) && !(a.pods >> (source - EMU_PORT0) & 1))
		return emu_leave(u, EMU_NO_MSO_POD_CONNECTED);
	if ((p6_is_analog(source) && !a.probe[source]) || !accessory_text(&a, source, info, text))
		return emu_leave(u, EMU_INFO_UNAVAILABLE);
	if (requiredSize)
		*requiredSize = (int16_t)(strlen(text) + 1);
	if (string && stringLength > 0)
		(void)snprintf((char *)string, (size_t)stringLength, "%s", text);
	return emu_leave(u, EMU_OK);
}
