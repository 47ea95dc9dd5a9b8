package main

import (
	"math"
	"time"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/plugins/ps5000a/internal/capi"
)

var _ scope.Triggerer = (*unit)(nil)

const (
	sourceExternal   = 4          // PS5000A_EXTERNAL
	sourceAux        = 5          // PS5000A_TRIGGER_AUX
	sourcePulseWidth = 0x10000000 // PS5000A_PULSE_WIDTH_SOURCE
	modeWindow       = 1          // PS5000A_WINDOW
	holds            = 1          // PS5000A_CONDITION_TRUE
	holdsNot         = 2          // PS5000A_CONDITION_FALSE
	pulseNone        = 0          // PS5000A_PW_TYPE_NONE
	listClear        = 1          // PS5000A_CLEAR
	listAdd          = 2          // PS5000A_ADD
)

// TriggerRules: lists of sources, and one of pins for all ports.
func (u *unit) TriggerRules() trigger.Rules {
	return trigger.Rules{AutoStep: time.Microsecond, OneDigital: true}
}

// SetTrigger arms a trigger. It uses the second form of the library's calls, which must not be mixed with the first, in the vendor's order.
func (u *unit) SetTrigger(p trigger.Plan) error {
	return u.triggerCalls(p).Arm(family.Name, u.ClearTrigger)
}

// ClearTrigger takes every trigger away. A library without a function has nothing to clear there.
func (u *unit) ClearTrigger() error {
	a, h := u.api, u.handle
	calls := trigger.Calls{
		{Name: "SetSimpleTrigger", Do: func() picosdk.Status { return a.SetSimpleTrigger(h, 0, 0, 0, triggerRising, 0, 0) }},
		{Name: "SetTriggerChannelConditionsV2", Do: func() picosdk.Status { return a.SetTriggerChannelConditionsV2(h, nil, listClear) }},
		{Name: "SetPulseWidthQualifierConditions", Do: func() picosdk.Status { return a.SetPulseWidthQualifierConditions(h, nil, listClear) }},
		{Name: "SetPulseWidthQualifierDirections", Do: func() picosdk.Status { return a.SetPulseWidthQualifierDirections(h, nil) }},
		{Name: "SetPulseWidthQualifierProperties", Do: func() picosdk.Status { return a.SetPulseWidthQualifierProperties(h, 0, 0, pulseNone) }},
		{Name: "SetTriggerDigitalPortProperties", Digital: true, Do: func() picosdk.Status { return a.SetTriggerDigitalPortProperties(h, nil) }},
		{Name: "SetPulseWidthDigitalPortProperties", Digital: true, Do: func() picosdk.Status { return a.SetPulseWidthDigitalPortProperties(h, nil) }},
		{Name: "SetTriggerChannelPropertiesV2", Do: func() picosdk.Status { return a.SetTriggerChannelPropertiesV2(h, nil, 0) }},
		{Name: "SetTriggerChannelDirectionsV2", Do: func() picosdk.Status { return a.SetTriggerChannelDirectionsV2(h, nil) }},
		{Name: "SetAutoTriggerMicroSeconds", Do: func() picosdk.Status { return a.SetAutoTriggerMicroSeconds(h, 0) }},
		{Name: "SetTriggerDelay", Do: func() picosdk.Status { return a.SetTriggerDelay(h, 0) }},
	}
	return calls.Clear(family.Name, picosdk.StatusNotSupported)
}

func (u *unit) triggerCalls(p trigger.Plan) (calls trigger.Calls) {
	a, h, delay := u.api, u.handle, uint32(p.Delay)
	add := func(name string, do func() picosdk.Status) {
		calls = append(calls, trigger.Call{Name: name, Do: do})
	}
	// The simple trigger counts milliseconds.
	if milliseconds := p.AutoSteps(time.Millisecond); p.Simple && p.Auto%time.Millisecond == 0 && milliseconds <= math.MaxInt16 {
		l := p.Levels[0]
		add("SetSimpleTrigger", func() picosdk.Status {
			return a.SetSimpleTrigger(h, 1, sourceNumber(l.Source), l.Upper, l.Direction, delay, int16(milliseconds))
		})
		return calls
	}
	add("SetTriggerChannelPropertiesV2", func() picosdk.Status { return a.SetTriggerChannelPropertiesV2(h, properties(p), 0) })
	for i, term := range p.Terms {
		add("SetTriggerChannelConditionsV2", func() picosdk.Status { return a.SetTriggerChannelConditionsV2(h, conditions(term, p.Pins), action(i)) })
	}
	add("SetTriggerChannelDirectionsV2", func() picosdk.Status { return a.SetTriggerChannelDirectionsV2(h, directions(p.Levels)) })
	add("SetAutoTriggerMicroSeconds", func() picosdk.Status { return a.SetAutoTriggerMicroSeconds(h, p.AutoSteps(time.Microsecond)) })
	add("SetTriggerDelay", func() picosdk.Status { return a.SetTriggerDelay(h, delay) })
	if w := p.Pulse; w != nil {
		for i, term := range w.Terms {
			add("SetPulseWidthQualifierConditions", func() picosdk.Status {
				return a.SetPulseWidthQualifierConditions(h, conditions(term, w.Pins), action(i))
			})
		}
		add("SetPulseWidthQualifierDirections", func() picosdk.Status { return a.SetPulseWidthQualifierDirections(h, directions(w.Levels)) })
		add("SetPulseWidthQualifierProperties", func() picosdk.Status { return a.SetPulseWidthQualifierProperties(h, w.Lower, w.Upper, w.Type) })
		if len(w.Pins) > 0 {
			add("SetPulseWidthDigitalPortProperties", func() picosdk.Status { return a.SetPulseWidthDigitalPortProperties(h, pins(w.Pins)) })
		}
	}
	if len(p.Pins) > 0 {
		add("SetTriggerDigitalPortProperties", func() picosdk.Status { return a.SetTriggerDigitalPortProperties(h, pins(p.Pins)) })
	}
	return calls
}

// action is what the i-th call of a list of alternatives says.
func action(i int) uint32 {
	if i == 0 {
		return listClear | listAdd
	}
	return listAdd
}

// sourceNumber is the vendor's number of an analog source.
func sourceNumber(s trigger.Source) uint32 {
	switch s.Kind {
	case trigger.SourceExternal:
		return sourceExternal
	case trigger.SourceAux:
		return sourceAux
	}
	return uint32(s.Index)
}

// conditions are the sources of one alternative. All pins are one source, that of the first port which has some.
func conditions(term []trigger.State, pins []trigger.Pin) []capi.Condition {
	list := make([]capi.Condition, len(term))
	for i, s := range term {
		c := capi.Condition{Condition: holds}
		if s.Not {
			c.Condition = holdsNot
		}
		switch s.Source.Kind {
		case trigger.SourcePulseWidth:
			c.Source = sourcePulseWidth
		case trigger.SourcePort:
			c.Source = picosdk.PortCode0
			if len(pins) > 0 && pins[0].Pin >= 8 {
				c.Source = picosdk.PortCode1
			}
		default:
			c.Source = sourceNumber(s.Source)
		}
		list[i] = c
	}
	return list
}

// properties are the thresholds of all sources of a trigger and its pulse width.
func properties(p trigger.Plan) []capi.TriggerChannelPropertiesV2 {
	var list []capi.TriggerChannelPropertiesV2
	for _, l := range p.Thresholds() {
		list = append(list, capi.TriggerChannelPropertiesV2{
			ThresholdUpper: l.Upper, ThresholdUpperHysteresis: l.UpperHysteresis, ThresholdLower: l.Lower, ThresholdLowerHysteresis: l.LowerHysteresis,
			Channel: sourceNumber(l.Source),
		})
	}
	return list
}

func directions(levels []trigger.Level) []capi.Direction {
	list := make([]capi.Direction, len(levels))
	for i, l := range levels {
		list[i] = capi.Direction{Source: sourceNumber(l.Source), Direction: l.Direction}
		if l.Window {
			list[i].Mode = modeWindow
		}
	}
	return list
}

func pins(list []trigger.Pin) []capi.DigitalChannelDirections {
	out := make([]capi.DigitalChannelDirections, len(list))
	for i, p := range list {
		out[i] = capi.DigitalChannelDirections{Channel: uint32(p.Pin), Direction: p.Direction}
	}
	return out
}
