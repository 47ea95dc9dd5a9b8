package capi

// Handle names an open unit to the library; only positive ones are valid. Handles of other families are other numbers.
type Handle int16

// TriggerConditions is PS2000A_TRIGGER_CONDITIONS: states that have to hold together.
type TriggerConditions struct {
	ChannelA, ChannelB, ChannelC, ChannelD, External, Aux, PulseWidthQualifier, Digital uint32
}

// PWQConditions is PS2000A_PWQ_CONDITIONS.
type PWQConditions struct {
	ChannelA, ChannelB, ChannelC, ChannelD, External, Aux, Digital uint32
}

// DigitalChannelDirections is PS2000A_DIGITAL_CHANNEL_DIRECTIONS: one pin.
type DigitalChannelDirections struct {
	Channel, Direction uint32
}

// TriggerChannelProperties is PS2000A_TRIGGER_CHANNEL_PROPERTIES; thresholds and hysteresis are counts of the converter.
type TriggerChannelProperties struct {
	ThresholdUpper           int16
	ThresholdUpperHysteresis uint16
	ThresholdLower           int16
	ThresholdLowerHysteresis uint16
	Channel                  uint32
	ThresholdMode            uint32
}

// ScalingFactorsValues is PS2000A_SCALING_FACTORS_VALUES; the caller fills in channel and range, the library the rest.
type ScalingFactorsValues struct {
	ChannelOrPort uint32
	Range         uint32
	Offset        int16
	ScalingFactor float64
}
