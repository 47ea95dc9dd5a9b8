/* Enumerating, opening, closing, information, LED, ping and firmware. Interaction callbacks are in events.c. */
#include "layer.h"

#include <stdio.h>

const emu_family p6_family = {
	.name = "ps6000a",
	.version = "PS6000A Linux Driver, 1.0.145.4941",
	.queued_buffers = 1,
	.has_power = 0,
	.all_on_after_open = 1,
	.absent_channel_off_ok = 1,
	.max_delay = UINT64_C(1) << 52,
	.max_pulse_width = UINT32_MAX,
};

const char *scopelog_emulator(void)
{
	return "scopelog emulator " SCOPELOG_EMULATOR_VERSION;
}

void ps6000aApplyFix(uint32_t a, uint16_t b)
{
	(void)a;
	(void)b;
}

PICO_STATUS ps6000aEnumerateUnits(int16_t *count, int8_t *serials, int16_t *serialLth)
{
	return emu_enumerate(&p6_family, count, serials, serialLth);
}

PICO_STATUS ps6000aOpenUnit(int16_t *handle, int8_t *serial, PICO_DEVICE_RESOLUTION resolution)
{
	int bits;
	emu_status s;

	if (!handle)
		return EMU_NULL_PARAMETER;
	s = p6_bits(resolution, &bits);
	if (s != EMU_OK) {
		*handle = 0;
		return s;
	}
	return emu_open(&p6_family, handle, serial, bits);
}

PICO_STATUS ps6000aOpenUnitAsync(int16_t *status, int8_t *serial, PICO_DEVICE_RESOLUTION resolution)
{
	int bits;
	emu_status s;

	if (!status)
		return EMU_NULL_PARAMETER;
	s = p6_bits(resolution, &bits);
	if (s != EMU_OK) {
		*status = 0;
		return s;
	}
	return emu_open_async(&p6_family, status, serial, bits);
}

PICO_STATUS ps6000aOpenUnitProgress(int16_t *handle, int16_t *progressPercent, int16_t *complete)
{
	if (!handle || !progressPercent || !complete)
		return EMU_NULL_PARAMETER;
	return emu_open_progress(&p6_family, handle, progressPercent, complete);
}

PICO_STATUS ps6000aGetUnitInfo(int16_t handle, int8_t *string, int16_t stringLength, int16_t *requiredSize, PICO_INFO info)
{
	if (handle == 0)
		return emu_info(&p6_family, NULL, string, stringLength, requiredSize, info);
	P6_ENTER(EMU_UNPOWERED);
	return emu_leave(u, emu_info(&p6_family, u, string, stringLength, requiredSize, info));
}

PICO_STATUS ps6000aFlashLed(int16_t handle, int16_t start)
{
	P6_ENTER(0);
	return emu_leave(u, emu_flash_led(u, start));
}

PICO_STATUS ps6000aPingUnit(int16_t handle)
{
	P6_ENTER(0);
	return emu_leave(u, emu_ping(u));
}

PICO_STATUS ps6000aCloseUnit(int16_t handle)
{
	P6_ENTER(EMU_UNPOWERED);
	p6_state_drop(u);
	return emu_close(u);
}

/* "1.7.5.0" to its four numbers; what is missing is 0. */
static PICO_VERSION version(emu_unit *u, PICO_INFO info)
{
	char text[64] = "";
	int v[4] = {0, 0, 0, 0};

	if (emu_info(&p6_family, u, (int8_t *)text, sizeof text, NULL, info) == EMU_OK)
		(void)sscanf(text, "%d.%d.%d.%d", &v[0], &v[1], &v[2], &v[3]);
	return (PICO_VERSION){(int16_t)v[0], (int16_t)v[1], (int16_t)v[2], (int16_t)v[3]};
}

/* Headers of 2021 give this function two PICO_VERSION to fill instead of an array and its length. Their second one is empty
 * when the call comes, so a length of 0 is taken for that form: nothing but updatesRequired is written then. */
PICO_STATUS ps6000aCheckForUpdate(int16_t handle, PICO_FIRMWARE_INFO *firmwareInfos, int16_t *nFirmwareInfos,
				  uint16_t *updatesRequired)
{
	static const PICO_INFO parts[] = {9, 10}; /* the two firmware versions that a unit tells */
	enum { PARTS = sizeof parts / sizeof *parts };

	P6_ENTER(EMU_IDLE_ONLY);
	if (!updatesRequired)
		return emu_leave(u, EMU_UPDATE_REQUIRED_NULL);
	if (!nFirmwareInfos)
		return emu_leave(u, EMU_NULL_PARAMETER);
	*updatesRequired = 0;
	if (!firmwareInfos) {
		*nFirmwareInfos = PARTS;
		return emu_leave(u, EMU_OK);
	}
	int16_t n = *nFirmwareInfos < PARTS ? *nFirmwareInfos : PARTS;
	for (int16_t i = 0; i < n; i++) {
		PICO_VERSION v = version(u, parts[i]);
		firmwareInfos[i] = (PICO_FIRMWARE_INFO){parts[i], v, v, 0};
	}
	if (n > 0)
		*nFirmwareInfos = n;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps6000aStartFirmwareUpdate(int16_t handle, PicoUpdateFirmwareProgress progress)
{
	(void)progress; /* there is never an update to make progress with */
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, EMU_FIRMWARE_UP_TO_DATE);
}
