/* Finding, opening, naming and closing units, their power, and what the library is. Not here: settings (channels.c). */
#include <stdio.h>

#include "layer.h"

#ifndef SCOPELOG_EMULATOR_VERSION
#define SCOPELOG_EMULATOR_VERSION "0.1.0-dev"
#endif

const emu_family layer_family = {
	.name = "ps5000a",
	.version = "PS5000A Linux Driver, 2.1.139.6294",
	.has_power = 1,
	.all_on_after_open = 1,
	.max_delay = 8388607,
	.max_pulse_width = 16777215,
};

const char *scopelog_emulator(void)
{
	return "scopelog emulator " SCOPELOG_EMULATOR_VERSION;
}

PICO_STATUS ps5000aEnumerateUnits(int16_t *count, int8_t *serials, int16_t *serialLth)
{
	if (!count || !serialLth)
		return EMU_NULL_PARAMETER;
	return emu_enumerate(&layer_family, count, serials, serialLth);
}

PICO_STATUS ps5000aOpenUnit(int16_t *handle, int8_t *serial, PS5000A_DEVICE_RESOLUTION resolution)
{
	if (!handle)
		return EMU_NULL_PARAMETER;
	*handle = 0;
	if (!layer_bits(resolution))
		return EMU_INVALID_DEVICE_RESOLUTION;
	return emu_open(&layer_family, handle, serial, layer_bits(resolution));
}

PICO_STATUS ps5000aOpenUnitAsync(int16_t *status, int8_t *serial, PS5000A_DEVICE_RESOLUTION resolution)
{
	if (!status)
		return EMU_NULL_PARAMETER;
	*status = 0;
	if (!layer_bits(resolution))
		return EMU_INVALID_DEVICE_RESOLUTION;
	return emu_open_async(&layer_family, status, serial, layer_bits(resolution));
}

PICO_STATUS ps5000aOpenUnitProgress(int16_t *handle, int16_t *progressPercent, int16_t *complete)
{
	if (!handle || !progressPercent || !complete)
		return EMU_NULL_PARAMETER;
	return emu_open_progress(&layer_family, handle, progressPercent, complete);
}

/* Vendor programs print the text without a look at the status, so it is ended in every case. */
PICO_STATUS ps5000aGetUnitInfo(int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize, uint32_t info)
{
	if (string && stringLength > 0)
		string[0] = 0;
	if (handle <= 0 && !string && !requiredSize)
		return EMU_NULL_PARAMETER;
	if (handle <= 0)
		return emu_info(&layer_family, NULL, string, stringLength, requiredSize, info);
	LAYER_ENTER(handle, EMU_UNPOWERED);
	if (!string && !requiredSize)
		return emu_leave(u, EMU_NULL_PARAMETER);
	return emu_leave(u, emu_info(&layer_family, u, string, stringLength, requiredSize, info));
}

PICO_STATUS ps5000aFlashLed(int16_t handle, int16_t start)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, emu_flash_led(u, start));
}

PICO_STATUS ps5000aIsLedFlashing(int16_t handle, int16_t *status)
{
	LAYER_ENTER(handle, 0);
	return emu_leave(u, status ? emu_led_flashing(u, status) : EMU_NULL_PARAMETER);
}

PICO_STATUS ps5000aPingUnit(int16_t handle)
{
	LAYER_ENTER(handle, 0);
	return emu_leave(u, emu_ping(u));
}

PICO_STATUS ps5000aCloseUnit(int16_t handle)
{
	LAYER_ENTER(handle, EMU_UNPOWERED);
	return emu_close(u);
}

/* An emulated unit always has the newest firmware: its own. */
PICO_STATUS ps5000aCheckForUpdate(int16_t handle, PICO_VERSION *current, PICO_VERSION *update, uint16_t *updateRequired)
{
	enum { FIRMWARE_VERSION_1 = 9 };
	PICO_VERSION v = {0};
	char text[64] = "";
	int16_t need = 0;

	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	if (!current || !update || !updateRequired)
		return emu_leave(u, EMU_NULL_PARAMETER);
	emu_status s = emu_info(&layer_family, u, (int8_t *)text, sizeof text, &need, FIRMWARE_VERSION_1);
	int16_t part[4] = {0};
	if (s == EMU_OK && sscanf(text, "%hd.%hd.%hd.%hd", &part[0], &part[1], &part[2], &part[3]) != 4)
		s = EMU_INFO_UNAVAILABLE;
	if (s != EMU_OK)
		return emu_leave(u, s);
	v.major_ = part[0];
	v.minor_ = part[1];
	v.revision_ = part[2];
	v.build_ = part[3];
	*current = *update = v;
	*updateRequired = 0;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps5000aStartFirmwareUpdate(int16_t handle, PicoUpdateFirmwareProgress progress)
{
	(void)progress;
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, EMU_FIRMWARE_UP_TO_DATE);
}

PICO_STATUS ps5000aCurrentPowerSource(int16_t handle)
{
	LAYER_ENTER(handle, EMU_UNPOWERED);
	return emu_leave(u, emu_current_power(u));
}

PICO_STATUS ps5000aChangePowerSource(int16_t handle, uint32_t powerState)
{
	LAYER_ENTER(handle, EMU_UNPOWERED);
	return emu_leave(u, emu_change_power(u, powerState));
}

/* Some programs call this right after loading; what it does in the vendor's library is not known. */
void ps5000aApplyFix(uint32_t a, uint16_t b)
{
	(void)a;
	(void)b;
}
