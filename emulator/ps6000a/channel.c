/* Resolution, channels, digital ports, the AUX connector and the over-voltage report. */
#include "layer.h"

#include "../engine/probe.h"

int p6_has_pod(const emu_unit *u, emu_source port)
{
	return u->rig.pods >> (port - EMU_PORT0) & 1;
}

PICO_STATUS ps6000aSetDeviceResolution(int16_t handle, PICO_DEVICE_RESOLUTION resolution)
{
	int bits;

	P6_ENTER(EMU_IDLE_ONLY);
	s = p6_bits(resolution, &bits);
	return emu_leave(u, s == EMU_OK ? emu_set_resolution(u, bits) : s);
}

PICO_STATUS ps6000aGetDeviceResolution(int16_t handle, PICO_DEVICE_RESOLUTION *resolution)
{
	int bits = 0;

	P6_ENTER(0);
	if (!resolution)
		return emu_leave(u, EMU_NULL_PARAMETER);
	s = emu_resolution(u, &bits);
	if (s == EMU_OK)
		*resolution = p6_resolution(bits);
	return emu_leave(u, s);
}

PICO_STATUS ps6000aGetAdcLimits(int16_t handle, PICO_DEVICE_RESOLUTION resolution, int16_t *minValue, int16_t *maxValue)
{
	int bits;

	P6_ENTER(0);
	s = p6_bits(resolution, &bits);
	return emu_leave(u, s == EMU_OK ? emu_adc_limits(u, bits, minValue, maxValue) : s);
}

/* An emulated front end is exact: codes need no correction. */
PICO_STATUS ps6000aGetScalingValues(int16_t handle, PICO_SCALING_FACTORS_VALUES *scalingValues, int16_t nChannels)
{
	P6_ENTER(0);
	if (!scalingValues)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (nChannels < 1 || nChannels > emu_unit_channels(u))
		return emu_leave(u, EMU_ARGUMENT_OUT_OF_RANGE);
	for (int i = 0; i < nChannels; i++) {
		emu_source c = p6_source(scalingValues[i].channel);
		if (!p6_is_analog(c) || c >= emu_unit_channels(u))
			return emu_leave(u, EMU_INVALID_CHANNEL);
		if ((uint32_t)scalingValues[i].range > PICO_X1_PROBE_20V)
			return emu_leave(u, EMU_INVALID_VOLTAGE_RANGE);
	}
	for (int i = 0; i < nChannels; i++) {
		scalingValues[i].offset = 0;
		scalingValues[i].scalingFactor = 1.0;
	}
	return emu_leave(u, EMU_OK);
}

/* The range at the connector. Ranges of a x10 probe are ten times those, and need one. */
static emu_status connector_range(emu_unit *u, emu_source channel, PICO_CONNECT_PROBE_RANGE range, int *code)
{
	emu_accessories a;

	if ((uint32_t)range <= PICO_X1_PROBE_20V) {
		*code = (int)range;
		return EMU_OK;
	}
	if ((uint32_t)range < PICO_X10_PROBE_100MV || (uint32_t)range > PICO_X10_PROBE_200V)
		return EMU_INVALID_VOLTAGE_RANGE;
	emu_accessories_read(u, &a);
	if (a.probe[channel] != PICO_PASSIVE_PROBE_X10)
		return EMU_INVALID_VOLTAGE_RANGE;
	*code = (int)(range - PICO_X10_PROBE_100MV);
	return EMU_OK;
}

PICO_STATUS ps6000aSetChannelOn(int16_t handle, PICO_CHANNEL channel, PICO_COUPLING coupling, PICO_CONNECT_PROBE_RANGE range,
	double analogueOffset, PICO_BANDWIDTH_LIMITER bandwidth)
{
	emu_channel_setting set = {.on = 1, .offset = analogueOffset, .bandwidth = (double)bandwidth};
	emu_source c = p6_source(channel);

	P6_ENTER(EMU_IDLE_ONLY);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (!p6_is_analog(c) || c >= emu_unit_channels(u))
		return emu_leave(u, EMU_INVALID_CHANNEL);
	s = p6_coupling(coupling, &set.coupling);
	if (s == EMU_OK)
		s = connector_range(u, c, range, &set.range);
	if (s == EMU_OK && set.coupling == EMU_DC50 && set.range > PICO_X1_PROBE_5V)
		s = EMU_INVALID_VOLTAGE_RANGE;
	if (s == EMU_OK)
		s = emu_set_channel(u, c, &set);
	if (s != EMU_OK)
		return emu_leave(u, s);
	p->tripped &= ~(1u << c);
	if (set.coupling == EMU_DC50)
		p->tripped |= u->rig.trip & 1u << c;
	return emu_leave(u, EMU_OK);
}

PICO_STATUS ps6000aSetChannelOff(int16_t handle, PICO_CHANNEL channel)
{
	emu_channel_setting off = {.coupling = EMU_DC, .range = PICO_X1_PROBE_20V};
	emu_source c = p6_source(channel);

	P6_ENTER(EMU_IDLE_ONLY);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if (!p6_is_analog(c))
		return emu_leave(u, EMU_INVALID_CHANNEL);
	if (c >= emu_unit_channels(u))
		return emu_leave(u, p6_family.absent_channel_off_ok ? EMU_OK : EMU_INVALID_CHANNEL);
	s = emu_set_channel(u, c, &off);
	if (s == EMU_OK)
		p->tripped &= ~(1u << c);
	return emu_leave(u, s);
}

PICO_STATUS ps6000aSetDigitalPortOn(int16_t handle, PICO_CHANNEL port, int16_t *logicThresholdLevel,
	int16_t logicThresholdLevelLength, PICO_DIGITAL_PORT_HYSTERESIS hysteresis)
{
	static const double volts[] = {0.4, 0.2, 0.1, 0.05};
	emu_source source = p6_source(port);
	double levels[8];

	P6_ENTER(EMU_IDLE_ONLY);
	if (!p6_is_port(source))
		return emu_leave(u, EMU_INVALID_DIGITAL_PORT);
	if (!logicThresholdLevel)
		return emu_leave(u, EMU_NULL_PARAMETER);
	if (logicThresholdLevelLength != 8)
		return emu_leave(u, EMU_INVALID_LENGTH);
	if ((uint32_t)hysteresis > PICO_LOW_50MV)
		return emu_leave(u, EMU_DIGITAL_PORT_HYSTERESIS_OUT_OF_RANGE);
	emu_pods_refresh(u);
	if (!p6_has_pod(u, source))
		return emu_leave(u, EMU_NO_MSO_POD_CONNECTED);
	for (int i = 0; i < 8; i++)
		levels[i] = logicThresholdLevel[i] * 8.0 / 32767;
	return emu_leave(u, emu_set_port(u, source, 1, levels, volts[hysteresis]));
}

PICO_STATUS ps6000aSetDigitalPortOff(int16_t handle, PICO_CHANNEL port)
{
	static const double levels[8];
	emu_source source = p6_source(port);

	P6_ENTER(EMU_IDLE_ONLY);
	if (!p6_is_port(source))
		return emu_leave(u, EMU_INVALID_DIGITAL_PORT);
	if (!p6_has_pod(u, source))
		return emu_leave(u, EMU_OK); /* nothing there: off already */
	return emu_leave(u, emu_set_port(u, source, 0, levels, 0));
}

PICO_STATUS ps6000aGetAnalogueOffsetLimits(int16_t handle, PICO_CONNECT_PROBE_RANGE range, PICO_COUPLING coupling,
	double *maximumVoltage, double *minimumVoltage)
{
	emu_coupling c;

	P6_ENTER(0);
	if (!maximumVoltage && !minimumVoltage)
		return emu_leave(u, EMU_NULL_PARAMETER);
	s = p6_coupling(coupling, &c);
	if (s == EMU_OK && (uint32_t)range > PICO_X1_PROBE_20V)
		s = EMU_INVALID_VOLTAGE_RANGE;
	if (s == EMU_OK)
		s = emu_offset_limits(u, (int)range, c, maximumVoltage, minimumVoltage);
	return emu_leave(u, s);
}

PICO_STATUS ps6000aSetAuxIoMode(int16_t handle, PICO_AUXIO_MODE auxIoMode)
{
	P6_ENTER(EMU_IDLE_ONLY);
	p6_state *p = p6_state_of(u);
	if (!p)
		return emu_leave(u, EMU_MEMORY_FAIL);
	if ((uint32_t)auxIoMode > PICO_AUXIO_TRIGGER_OUT)
		return emu_leave(u, EMU_INVALID_PARAMETER);
	p->aux = auxIoMode;
	return emu_leave(u, EMU_OK);
}

static emu_status report_trips(emu_unit *u, PICO_CHANNEL_OVERVOLTAGE_TRIPPED *to, uint8_t n, int reset)
{
	p6_state *p = p6_state_of(u);

	if (!p)
		return EMU_MEMORY_FAIL;
	if (!to)
		return EMU_NULL_PARAMETER;
	if (n != emu_unit_channels(u))
		return EMU_INVALID_PARAMETER;
	for (int i = 0; i < n; i++)
		to[i] = (PICO_CHANNEL_OVERVOLTAGE_TRIPPED){(PICO_CHANNEL)i, (p->tripped >> i & 1) != 0};
	if (reset)
		p->tripped = 0;
	return EMU_OK;
}

PICO_STATUS ps6000aReportAllChannelsOvervoltageTripStatus(int16_t handle,
	PICO_CHANNEL_OVERVOLTAGE_TRIPPED *allChannelsTrippedStatus, uint8_t nChannelTrippedStatus)
{
	P6_ENTER(0);
	return emu_leave(u, report_trips(u, allChannelsTrippedStatus, nChannelTrippedStatus, 0));
}

PICO_STATUS ps6000aResetChannelsAndReportAllChannelsOvervoltageTripStatus(int16_t handle,
	PICO_CHANNEL_OVERVOLTAGE_TRIPPED *allChannelsTrippedStatus, uint8_t nChannelTrippedStatus)
{
	P6_ENTER(EMU_IDLE_ONLY);
	return emu_leave(u, report_trips(u, allChannelsTrippedStatus, nChannelTrippedStatus, 1));
}
