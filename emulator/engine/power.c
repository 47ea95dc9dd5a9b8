/* The power handshake: which state a unit is in, what has been acknowledged, and what a change does to a run. Not here:
 * where the state comes from (the rig, through unit.h). */
#include "scope.h"

static bool needs_supply(const emu_unit *u)
{
	return u->model->supply == EMU_SUPPLY_EXTRA || u->model->supply == EMU_SUPPLY_EXTRA_USB3;
}

static bool wants_usb3(const emu_unit *u)
{
	return u->model->supply == EMU_SUPPLY_BUS_USB3 || u->model->supply == EMU_SUPPLY_EXTRA_USB3;
}

static emu_status as_status(emu_power p)
{
	return p == EMU_POWER_SUPPLY ? EMU_POWER_SUPPLY_CONNECTED : p == EMU_POWER_USB ? EMU_POWER_SUPPLY_NOT_CONNECTED : EMU_POWER_SUPPLY_UNDERVOLTAGE;
}

bool emu_channel_powered(const emu_unit *u, emu_source channel)
{
	return !needs_supply(u) || (int)channel < 2 || (int)channel >= EMU_CHANNELS || u->power == EMU_POWER_SUPPLY;
}

/* What has to be acknowledged now; 0: nothing. */
static emu_status waiting(const emu_unit *u)
{
	if (!u->family->has_power)
		return EMU_OK;
	if (wants_usb3(u) && u->usb < 3 && !u->scope->usb_known)
		return EMU_USB3_0_DEVICE_NON_USB3_0_PORT;
	if (needs_supply(u) && u->power != u->scope->power_known)
		return as_status(u->power);
	return EMU_OK;
}

static void drop_channels(emu_unit *u)
{
	for (int c = 2; c < EMU_CHANNELS; c++)
		if (!emu_channel_powered(u, (emu_source)c))
			u->scope->channel[c].on = 0;
}

emu_status emu_power_open(emu_unit *u)
{
	u->scope->usb_known = 0;
	u->scope->power_known = EMU_POWER_SUPPLY;
	u->power_pending = waiting(u);
	drop_channels(u);
	return u->power_pending;
}

emu_status emu_power_check(emu_unit *u)
{
	emu_status now = waiting(u);
	if (now && now != u->power_pending) {
		emu_truth(u, "power", "status=0x%x", now);
		emu_scope_abort(u, now);
	}
	u->power_pending = now;
	return now;
}

emu_status emu_change_power(emu_unit *u, uint32_t state)
{
	emu_status now = waiting(u);
	if (!u->family->has_power)
		return EMU_NOT_SUPPORTED_BY_THIS_DEVICE;
	if (!now)
		return needs_supply(u) && state == as_status(u->power) ? EMU_OK : EMU_POWER_SUPPLY_REQUEST_INVALID;
	if (now == EMU_POWER_SUPPLY_UNDERVOLTAGE)
		return now; /* nothing but a supply helps */
	if (state != now)
		return EMU_POWER_SUPPLY_REQUEST_INVALID;
	if (now == EMU_USB3_0_DEVICE_NON_USB3_0_PORT)
		u->scope->usb_known = 1;
	int supply = now != EMU_USB3_0_DEVICE_NON_USB3_0_PORT;
	if (u->power != EMU_POWER_UNDERVOLTAGE && (supply || u->rig.handshakes < 2)) /* one acknowledgement may do for both */
		u->scope->power_known = u->power;
	emu_scope_abort(u, EMU_CANCELLED);
	drop_channels(u);
	u->power_pending = waiting(u);
	emu_truth(u, "power", "acknowledged=0x%x pending=0x%x", state, u->power_pending);
	return u->power_pending;
}

emu_status emu_current_power(emu_unit *u)
{
	if (!u->family->has_power)
		return EMU_NOT_SUPPORTED_BY_THIS_DEVICE;
	return needs_supply(u) ? as_status(u->power) : EMU_OK;
}
