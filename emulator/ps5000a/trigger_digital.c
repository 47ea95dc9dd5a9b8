/* Pins in triggers and in the pulse-width qualifier. Not here: analog sources (trigger.c, trigger_v2.c). */
#include "layer.h"

enum { PINS = 16 };

static emu_status set_pins(emu_unit *u, const PS5000A_DIGITAL_CHANNEL_DIRECTIONS *d, int n, int qualifier)
{
	emu_pin_edge pins[PINS];

	if (!d)
		n = 0;
	if (n < 0)
		return EMU_INVALID_PARAMETER;
	if (n > PINS)
		return EMU_INVALID_DIGITAL_CHANNEL;
	for (int i = 0; i < n; i++) {
		uint32_t pin = d[i].channel;

		if (pin >= PINS || (int)pin >= 8 * emu_unit_ports(u))
			return EMU_INVALID_DIGITAL_CHANNEL;
		if (d[i].direction >= PS5000A_DIGITAL_MAX_DIRECTION)
			return EMU_INVALID_DIGITAL_TRIGGER_DIRECTION;
		pins[i] = (emu_pin_edge){(int)pin, (emu_pin)d[i].direction};
	}
	return emu_trigger_pins(u, pins, n, qualifier);
}

PICO_STATUS ps5000aSetTriggerDigitalPortProperties(int16_t handle, PS5000A_DIGITAL_CHANNEL_DIRECTIONS *directions,
		int16_t nDirections)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, set_pins(u, directions, nDirections, 0));
}

PICO_STATUS ps5000aSetPulseWidthDigitalPortProperties(int16_t handle, PS5000A_DIGITAL_CHANNEL_DIRECTIONS *directions,
		int16_t nDirections)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, set_pins(u, directions, nDirections, 1));
}
