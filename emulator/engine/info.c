/* What GetUnitInfo tells, the ping and the LED. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "scope.h"

enum {
	DRIVER_VERSION, USB_VERSION, HARDWARE_VERSION, VARIANT, SERIAL, CALIBRATED, KERNEL, DIGITAL_HARDWARE, ANALOGUE_HARDWARE,
	FIRMWARE_1, FIRMWARE_2, MAC, SHADOW_CAL, IPP_VERSION, DRIVER_PATH, FIRMWARE_3, FRONT_PANEL
};

static const char *library_path(void)
{
	Dl_info i;
	return dladdr((void *)library_path, &i) && i.dli_fname ? i.dli_fname : "";
}

static const char *of_unit(const emu_unit *u, uint32_t info)
{
	switch (info) {
	case USB_VERSION:
		return u->usb == 3 && u->model->usb == 3 ? "3.0" : "2.0";
	case HARDWARE_VERSION:
		return u->rig.hardware;
	case VARIANT:
		return u->variant;
	case SERIAL:
		return u->serial;
	case CALIBRATED:
		return u->rig.calibrated;
	case KERNEL:
		return "0.0";
	case DIGITAL_HARDWARE: case ANALOGUE_HARDWARE:
		return "1";
	case FIRMWARE_1: case FIRMWARE_2:
		return u->rig.firmware;
	case SHADOW_CAL:
		return "Default";
	case FIRMWARE_3: case FRONT_PANEL:
		return u->model->clock >= EMU_CLOCK_6000 ? u->rig.firmware : NULL;
	default:
		return NULL;
	}
}

emu_status emu_info(const emu_family *f, emu_unit *u, int8_t *text, int16_t n, int16_t *need, uint32_t info)
{
	const char *answer = info == DRIVER_VERSION ? f->version : info == DRIVER_PATH ? library_path() : info == IPP_VERSION ? f->version : NULL;
	if (text && n > 0)
		text[0] = 0;
	if (!text && !need)
		return EMU_NULL_PARAMETER;
	if (info > FRONT_PANEL && info != 0x10000001)
		return EMU_INVALID_INFO;
	if (!answer && u)
		answer = of_unit(u, info);
	if (!answer)
		return EMU_INFO_UNAVAILABLE;
	if (need)
		*need = (int16_t)(strlen(answer) + 1);
	if (text && n > 0)
		snprintf((char *)text, (size_t)n, "%s", answer);
	return EMU_OK;
}

emu_status emu_ping(emu_unit *u)
{
	return emu_scope_running(u) ? EMU_BUSY : EMU_OK;
}

emu_status emu_flash_led(emu_unit *u, int16_t start)
{
	if (emu_scope_running(u))
		return EMU_BUSY;
	u->scope->led_until_ns = start < 0 ? UINT64_MAX : start == 0 ? 0 : emu_mono_ns() + (uint64_t)start * 500000000;
	return EMU_OK;
}

emu_status emu_led_flashing(emu_unit *u, int16_t *flashing)
{
	if (!flashing)
		return EMU_NULL_PARAMETER;
	*flashing = emu_mono_ns() < u->scope->led_until_ns;
	return EMU_OK;
}
