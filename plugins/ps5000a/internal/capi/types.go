package capi

// Handle names an open unit to the library; only positive ones are valid. Handles of other families are other numbers.
type Handle int16

// TriggerInfo is PS5000A_TRIGGER_INFO. Status holds bits; TimeStampCounter counts samples between triggers.
type TriggerInfo struct {
	Status           uint32
	SegmentIndex     uint32
	TriggerIndex     uint32
	TriggerTime      int64
	TimeUnits        int16
	Reserved0        int16
	TimeStampCounter uint64
}

// TriggerConditions is PS5000A_TRIGGER_CONDITIONS: states that have to hold together.
type TriggerConditions struct {
	ChannelA, ChannelB, ChannelC, ChannelD, External, Aux, PulseWidthQualifier uint32
}

// PWQConditions is PS5000A_PWQ_CONDITIONS.
type PWQConditions struct {
	ChannelA, ChannelB, ChannelC, ChannelD, External, Aux uint32
}

// Condition is PS5000A_CONDITION: the state of one source.
type Condition struct {
	Source, Condition uint32
}

// Direction is PS5000A_DIRECTION: direction and threshold mode of one source.
type Direction struct {
	Source, Direction, Mode uint32
}

// ScalingFactorsValues is PS5000A_SCALING_FACTORS_VALUES; the caller fills in source and range, the library the rest.
type ScalingFactorsValues struct {
	Source        uint32
	Range         uint32
	Offset        int16
	ScalingFactor float64
}

// TriggerChannelProperties is PS5000A_TRIGGER_CHANNEL_PROPERTIES; thresholds and hysteresis are counts of the converter.
type TriggerChannelProperties struct {
	ThresholdUpper           int16
	ThresholdUpperHysteresis uint16
	ThresholdLower           int16
	ThresholdLowerHysteresis uint16
	Channel                  uint32
	ThresholdMode            uint32
}

// TriggerChannelPropertiesV2 is PS5000A_TRIGGER_CHANNEL_PROPERTIES_V2: the same without the mode.
type TriggerChannelPropertiesV2 struct {
	ThresholdUpper           int16
	ThresholdUpperHysteresis uint16
	ThresholdLower           int16
	ThresholdLowerHysteresis uint16
	Channel                  uint32
}

// DigitalChannelDirections is PS5000A_DIGITAL_CHANNEL_DIRECTIONS: one pin.
type DigitalChannelDirections struct {
	Channel, Direction uint32
}
