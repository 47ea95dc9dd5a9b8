package picosdk

import (
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// trigger is what a model can trigger on in a state.
func (m Model) trigger(s State) driver.TriggerCapabilities {
	t := driver.TriggerCapabilities{
		Sources: channelNames(m.channels(s)), Simple: true, Logic: true, Directions: Directions(), Digital: m.Ports > 0, Delay: true, Auto: true,
		PulseWidth: []driver.PulseType{driver.PulseLessThan, driver.PulseGreaterThan, driver.PulseInRange, driver.PulseOutOfRange},

		MaxPulseWidth: known(m.Trigger.MaxPulseWidth),
	}
	if m.Trigger.External || m.Trigger.Aux {
		t.MaxInput = m.Trigger.InputScale().Range
	}
	if m.Trigger.External {
		t.Sources = append(t.Sources, "EXT")
	}
	if m.Trigger.Aux {
		t.Sources = append(t.Sources, "AUX")
	}
	return t
}

// usualInput is the full scale of a trigger input where a table names none.
const usualInput = 5 * units.Volt

// InputScale is the scale of the trigger inputs EXT and AUX, which have neither ranges nor offset.
func (t Trigger) InputScale() Scale {
	full := t.ExternalFull
	if full == 0 {
		full = usualInput
	}
	return Scale{Range: full, MaxCode: LogicMax}
}

// ThresholdCode is the vendor's number of a direction in triggers and pulse widths.
type ThresholdCode struct {
	Number uint32
	Window bool // of two thresholds
	// Instant tells that the direction is a moment and not a state that lasts.
	Instant bool
}

var thresholdCodes = map[driver.Direction]ThresholdCode{
	driver.DirectionAbove:        {Number: 0},
	driver.DirectionBelow:        {Number: 1},
	driver.DirectionRising:       {Number: 2},
	driver.DirectionFalling:      {Number: 3},
	driver.DirectionEither:       {Number: 4, Instant: true},
	driver.DirectionAboveLower:   {Number: 5},
	driver.DirectionBelowLower:   {Number: 6},
	driver.DirectionRisingLower:  {Number: 7},
	driver.DirectionFallingLower: {Number: 8},
	driver.DirectionInside:       {Number: 0, Window: true},
	driver.DirectionOutside:      {Number: 1, Window: true},
	driver.DirectionEnter:        {Number: 2, Window: true},
	driver.DirectionExit:         {Number: 3, Window: true},
	driver.DirectionEnterOrExit:  {Number: 4, Window: true, Instant: true},
	driver.DirectionPositiveRunt: {Number: 9, Window: true, Instant: true},
	driver.DirectionNegativeRunt: {Number: 10, Window: true, Instant: true},
}

// ThresholdCodeOf returns the number of a direction; ok is false for one that no family has.
func ThresholdCodeOf(d driver.Direction) (c ThresholdCode, ok bool) {
	c, ok = thresholdCodes[d]
	return c, ok
}

var pinCodes = map[string]uint32{"low": 1, "high": 2, "rising": 3, "falling": 4, "either": 5}

// PinCodeOf returns the vendor's number of what a trigger waits for at a digital pin; edge tells that it is a moment.
func PinCodeOf(direction string) (code uint32, edge, ok bool) {
	code, ok = pinCodes[direction]
	return code, code >= 3, ok
}

var pulseCodes = map[driver.PulseType]uint32{
	driver.PulseLessThan: 1, driver.PulseGreaterThan: 2, driver.PulseInRange: 3, driver.PulseOutOfRange: 4,
}

// PulseCodeOf returns the vendor's number of a comparison of pulse widths; both tells that it has two limits.
func PulseCodeOf(t driver.PulseType) (code uint32, both, ok bool) {
	code, ok = pulseCodes[t]
	return code, code >= 3, ok
}

// pulseWidthStatuses are those with which libraries refuse a pulse width.
var pulseWidthStatuses = map[Status]bool{
	0x0000001F:              true, // PICO_PULSE_WIDTH_QUALIFIER
	0x0000020A:              true, // PICO_ONE_PULSE_WIDTH_DIRECTION_ALLOWED
	0x00002000:              true, // PICO_PULSE_WIDTH_QUALIFIER_LOWER_UPPER_CONFILCT
	0x00002001:              true, // PICO_PULSE_WIDTH_QUALIFIER_TYPE
	0x00002002:              true, // PICO_PULSE_WIDTH_QUALIFIER_DIRECTION
	0x00002004:              true, // PICO_TRIGGER_AND_PULSEWIDTH_DIRECTION_IN_CONFLICT
	0x00002006:              true, // PICO_PULSE_WIDTH_LOWER_OUT_OF_RANGE
	0x00002007:              true, // PICO_PULSE_WIDTH_UPPER_OUT_OF_RANGE
	StatusNoPulseConditions: true,
	0x00003000:              true, // PICO_MSO_TOO_MANY_EDGE_TRANSITIONS_WHEN_USING_PULSE_WIDTH
}

// statusConditions is PICO_CONDITIONS.
const statusConditions Status = 0x00000022

// TriggerField is the part of a configuration that a status is about when a trigger was refused. name is that of the pulse
// width's condition; empty when there is none.
func (s Status) TriggerField(name string) string {
	switch own := s.Field(); {
	case strings.HasPrefix(own, "trigger"):
		return own
	case pulseWidthStatuses[s] && name != "":
		return "trigger.pulse_width." + name
	case s == statusConditions:
		return "trigger.any_of"
	}
	return "trigger"
}
