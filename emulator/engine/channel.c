/* Settings of inputs: channels, ports, ranges, offsets, bandwidth, resolution and the codes it gives. Not here: what a
 * run does with them. */
#include <math.h>

#include "scope.h"
#include "trigger.h"

static emu_status check_bandwidth(const emu_unit *u, double hz)
{
	if (hz == 0)
		return EMU_OK;
	if (!u->model->limiters)
		return EMU_BANDWIDTH_NOT_SUPPORTED;
	if ((hz == 20e6 && u->model->limiters & 1) || (hz == 200e6 && u->model->limiters & 2))
		return EMU_OK;
	return EMU_INVALID_BANDWIDTH;
}

static emu_status check_on(const emu_unit *u, emu_source channel, const emu_channel_setting *s)
{
	const emu_model *m = u->model;
	if (!emu_channel_powered(u, channel))
		return EMU_CHANNEL_DISABLED_DUE_TO_USB_POWERED;
	if (s->coupling < EMU_AC || s->coupling > EMU_DC50 || !(m->couplings & 1 << s->coupling))
		return EMU_INVALID_COUPLING;
	if (s->range < m->range_first || s->range > m->range_last || (s->coupling == EMU_DC50 && s->range > 8))
		return EMU_INVALID_VOLTAGE_RANGE;
	double most = emu_model_offset(m, s->range);
	if (most > 0 && !(fabs(s->offset) <= most * (1 + 1e-6)))
		return EMU_INVALID_ANALOGUE_OFFSET;
	return check_bandwidth(u, s->bandwidth);
}

emu_status emu_set_channel(emu_unit *u, emu_source channel, const emu_channel_setting *s)
{
	if ((int)channel < 0 || (int)channel >= EMU_CHANNELS)
		return EMU_INVALID_CHANNEL;
	if (emu_scope_running(u))
		return EMU_BUSY;
	emu_channel_setting *now = &u->scope->channel[channel];
	if (!emu_source_exists(u, channel))
		return !s->on && u->family->absent_channel_off_ok ? EMU_OK : EMU_INVALID_CHANNEL;
	if (!s->on) {
		now->on = 0;
		return EMU_OK;
	}
	emu_status status = check_on(u, channel, s);
	if (status)
		return status;
	double bandwidth = now->bandwidth;
	*now = *s;
	now->on = 1;
	if (emu_model_offset(u->model, s->range) == 0)
		now->offset = 0;
	if (!u->family->queued_buffers)
		now->bandwidth = bandwidth; /* set by a call of its own there */
	return EMU_OK;
}

emu_status emu_set_bandwidth(emu_unit *u, emu_source channel, double hz)
{
	if ((int)channel < 0 || (int)channel >= EMU_CHANNELS || !emu_source_exists(u, channel))
		return EMU_INVALID_CHANNEL;
	if (emu_scope_running(u))
		return EMU_BUSY;
	emu_status status = check_bandwidth(u, hz);
	if (!status)
		u->scope->channel[channel].bandwidth = hz;
	return status;
}

emu_status emu_set_port(emu_unit *u, emu_source port, int on, const double levels[8], double hysteresis)
{
	if (port != EMU_PORT0 && port != EMU_PORT1)
		return EMU_INVALID_CHANNEL;
	if (emu_scope_running(u))
		return EMU_BUSY;
	if (!emu_source_exists(u, port)) {
		if (!on && u->family->absent_channel_off_ok)
			return EMU_OK;
		return u->model->clock >= EMU_CLOCK_6000 ? EMU_NO_MSO_POD_CONNECTED : EMU_INVALID_CHANNEL;
	}
	if (on && u->scope->ets.on)
		return EMU_ETS_NOT_AVAILABLE_WITH_LOGIC_CHANNELS;
	emu_port *p = &u->scope->port[port - EMU_PORT0];
	p->on = on != 0;
	if (on && levels)
		for (int i = 0; i < 8; i++)
			p->levels[i] = levels[i];
	p->hysteresis = hysteresis;
	return EMU_OK;
}

emu_status emu_ranges(emu_unit *u, emu_source channel, int32_t *codes, int32_t *n)
{
	if (!n)
		return EMU_NULL_PARAMETER;
	if ((int)channel < 0 || (int)channel >= EMU_CHANNELS || !emu_source_exists(u, channel))
		return EMU_INVALID_CHANNEL;
	int have = u->model->range_last - u->model->range_first + 1;
	int fit = codes && *n < have ? *n : have;
	for (int i = 0; codes && i < fit; i++)
		codes[i] = u->model->range_first + i;
	*n = fit;
	return EMU_OK;
}

emu_status emu_offset_limits(emu_unit *u, int range, emu_coupling c, double *max, double *min)
{
	if (!max && !min)
		return EMU_NULL_PARAMETER;
	if (range < u->model->range_first || range > u->model->range_last)
		return EMU_INVALID_VOLTAGE_RANGE;
	if (c < EMU_AC || c > EMU_DC50 || !(u->model->couplings & 1 << c))
		return EMU_INVALID_COUPLING;
	double most = emu_model_offset(u->model, range);
	if (max)
		*max = most;
	if (min)
		*min = -most;
	return EMU_OK;
}

static emu_status no_resolution(const emu_unit *u)
{
	return u->model->clock >= EMU_CLOCK_6000 ? EMU_RESOLUTION_NOT_SUPPORTED_BY_VARIANT : EMU_INVALID_DEVICE_RESOLUTION;
}

emu_status emu_set_resolution(emu_unit *u, int bits)
{
	if (emu_scope_running(u))
		return EMU_BUSY;
	if (!emu_model_rate(u->model, bits))
		return no_resolution(u);
	u->scope->bits = bits;
	return EMU_OK;
}

emu_status emu_resolution(emu_unit *u, int *bits)
{
	if (!bits)
		return EMU_NULL_PARAMETER;
	*bits = u->scope->bits;
	return EMU_OK;
}

emu_status emu_adc_limits(emu_unit *u, int bits, int16_t *min, int16_t *max)
{
	const emu_rate *rate = emu_model_rate(u->model, bits ? bits : u->scope->bits);
	if (!rate)
		return no_resolution(u);
	if (min)
		*min = (int16_t)-rate->max_code;
	if (max)
		*max = rate->max_code;
	return EMU_OK;
}
