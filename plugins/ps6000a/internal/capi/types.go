package capi

// Handle names an open unit to the library; only positive ones are valid. Handles of other families are other numbers.
type Handle int16

// TriggerInfo is PICO_TRIGGER_INFO. Status holds bits; TimeStampCounter counts samples between triggers.
type TriggerInfo struct {
	Status           uint32
	SegmentIndex     uint64
	TriggerIndex     uint64
	TriggerTime      float64
	TimeUnits        uint32
	MissedTriggers   uint64
	TimeStampCounter uint64
}

// TriggerChannelProperties is PICO_TRIGGER_CHANNEL_PROPERTIES; thresholds and hysteresis are counts of the converter.
type TriggerChannelProperties struct {
	ThresholdUpper           int16
	ThresholdUpperHysteresis uint16
	ThresholdLower           int16
	ThresholdLowerHysteresis uint16
	Channel                  uint32
}

// Condition is PICO_CONDITION: the state of one source.
type Condition struct {
	Source, Condition uint32
}

// Direction is PICO_DIRECTION: direction and threshold mode of one channel.
type Direction struct {
	Channel, Direction, ThresholdMode uint32
}

// StreamingDataInfo is PICO_STREAMING_DATA_INFO: what is asked for (channel, mode, type) and what has come.
type StreamingDataInfo struct {
	Channel     uint32
	Mode        uint32
	Type        uint32
	NoOfSamples int32  // new samples in the buffer
	BufferIndex uint64 // running number of the buffer
	StartIndex  int32  // first new sample in it
	Overflow    int16  // not 0: the channel was over range
}

// StreamingDataTriggerInfo is PICO_STREAMING_DATA_TRIGGER_INFO.
type StreamingDataTriggerInfo struct {
	TriggerAt uint64
	Triggered int16
	AutoStop  int16
}

// ScalingFactorsValues is PICO_SCALING_FACTORS_VALUES; the caller fills in channel and range, the library the rest.
type ScalingFactorsValues struct {
	Channel       uint32
	Range         uint32
	Offset        int16
	ScalingFactor float64
}

// DigitalChannelDirections is PICO_DIGITAL_CHANNEL_DIRECTIONS: one pin, 0..7 of its port.
type DigitalChannelDirections struct {
	Channel, Direction uint32
}

// ChannelOvervoltageTripped is PICO_CHANNEL_OVERVOLTAGE_TRIPPED: whether an input of 50 ohms has disconnected itself.
type ChannelOvervoltageTripped struct {
	Channel uint32
	Tripped uint8
}

// FrequencyLimits is what SigGenFrequencyLimits finds, in hertz and seconds.
type FrequencyLimits struct {
	MaxStopFrequency, MinFrequencyStep, MaxFrequencyStep, MinDwellTime, MaxDwellTime float64
}
