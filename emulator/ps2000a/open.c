/* Finding, opening, naming and closing units, and what the library is. Not here: settings (channels.c). */
#include "layer.h"

#ifndef SCOPELOG_EMULATOR_VERSION
#define SCOPELOG_EMULATOR_VERSION "0.1.0-dev"
#endif

const emu_family layer_family = {
	.name = "ps2000a",
	.version = "PS2000A Linux Driver, 2.1.139.6294",
	.all_on_after_open = 1,
	.max_delay = 8388607,
	.max_pulse_width = 16777215,
};

const char *scopelog_emulator(void)
{
	return "scopelog emulator " SCOPELOG_EMULATOR_VERSION;
}

PICO_STATUS ps2000aEnumerateUnits(int16_t *count, int8_t *serials, int16_t *serialLth)
{
	if (!count || !serialLth)
		return EMU_NULL_PARAMETER;
	return emu_enumerate(&layer_family, count, serials, serialLth);
}

PICO_STATUS ps2000aOpenUnit(int16_t *handle, int8_t *serial)
{
	if (!handle)
		return EMU_NULL_PARAMETER;
	*handle = 0;
	return emu_open(&layer_family, handle, serial, 0);
}

PICO_STATUS ps2000aOpenUnitAsync(int16_t *status, int8_t *serial)
{
	if (!status)
		return EMU_NULL_PARAMETER;
	*status = 0;
	return emu_open_async(&layer_family, status, serial, 0);
}

PICO_STATUS ps2000aOpenUnitProgress(int16_t *handle, int16_t *progressPercent, int16_t *complete)
{
	if (!handle || !progressPercent || !complete)
		return EMU_NULL_PARAMETER;
	return emu_open_progress(&layer_family, handle, progressPercent, complete);
}

/* Vendor programs print the text without a look at the status, so it is ended in every case. */
PICO_STATUS ps2000aGetUnitInfo(int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize, uint32_t info)
{
	if (string && stringLength > 0)
		string[0] = 0;
	if (handle <= 0 && !string && !requiredSize)
		return EMU_NULL_PARAMETER;
	if (handle <= 0)
		return emu_info(&layer_family, NULL, string, stringLength, requiredSize, info);
	LAYER_ENTER(handle, 0);
	if (!string && !requiredSize)
		return emu_leave(u, EMU_NULL_PARAMETER);
	return emu_leave(u, emu_info(&layer_family, u, string, stringLength, requiredSize, info));
}

PICO_STATUS ps2000aFlashLed(int16_t handle, int16_t start)
{
	LAYER_ENTER(handle, EMU_IDLE_ONLY);
	return emu_leave(u, emu_flash_led(u, start));
}

PICO_STATUS ps2000aPingUnit(int16_t handle)
{
	LAYER_ENTER(handle, 0);
	return emu_leave(u, emu_ping(u));
}

PICO_STATUS ps2000aCloseUnit(int16_t handle)
{
	LAYER_ENTER(handle, 0);
	return emu_close(u);
}

/* Some programs call this right after loading; what it does in the vendor's library is not known. */
void ps2000aApplyFix(uint32_t a, uint16_t b)
{
	(void)a;
	(void)b;
}

/* Exported by the vendor's library too, with arguments that nobody has published: not to be used. */
PICO_STATUS ps2000aConvertStreamingDataInternal(void)
{
	return EMU_NOT_USED;
}

PICO_STATUS ps2000aRunStreamingInternal(void)
{
	return EMU_NOT_USED;
}

PICO_STATUS ps2000aGetTimebaseStateless(void)
{
	return EMU_NOT_USED;
}

PICO_STATUS ps2000aGetTimebaseStateless2(void)
{
	return EMU_NOT_USED;
}
