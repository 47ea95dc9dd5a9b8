package main

import (
	"math"
	"time"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/plugins/ps6000a/internal/capi"
)

var _ scope.Triggerer = (*unit)(nil)

const (
	sourceExternal   = 0x3E8      // PICO_EXTERNAL
	sourceAux        = 0x3E9      // PICO_TRIGGER_AUX
	sourcePulseWidth = 0x10000000 // PICO_PULSE_WIDTH_SOURCE
	modeWindow       = 1          // PICO_WINDOW
	holds            = 1          // PICO_CONDITION_TRUE
	holdsNot         = 2          // PICO_CONDITION_FALSE
	pulseNone        = 0          // PICO_PW_TYPE_NONE
	auxInput         = 0          // PICO_AUXIO_INPUT
	portPins         = 8          // of one port
)

// TriggerRules: lists of sources, a list of pins for each port, and one source in a pulse width.
func (u *unit) TriggerRules() trigger.Rules {
	return trigger.Rules{AutoStep: time.Microsecond, MaxAuto: math.MaxUint32 * time.Microsecond, OneSource: true}
}

// SetTrigger arms a trigger, in the vendor's order.
func (u *unit) SetTrigger(p trigger.Plan) error {
	return u.triggerCalls(p).Arm(family.Name, u.ClearTrigger)
}

// nothingSet are answers to calls that clear: there is no pod, the list is empty anyway, or no condition stands behind it.
var nothingSet = []picosdk.Status{
	picosdk.StatusNoPodConnected,
	picosdk.StatusNullDirections, picosdk.StatusNullProperties, picosdk.StatusNoTriggerConditions, picosdk.StatusNoPulseConditions,
}

// ClearTrigger takes every trigger away.
func (u *unit) ClearTrigger() error {
	a, h := u.api, u.handle
	calls := trigger.Calls{
		{Name: "SetSimpleTrigger", Do: func() picosdk.Status { return a.SetSimpleTrigger(h, 0, 0, 0, triggerRising, 0, 0) }},
		{Name: "SetTriggerChannelConditions", Do: func() picosdk.Status { return a.SetTriggerChannelConditions(h, nil, actionClearAll) }},
		{Name: "SetPulseWidthQualifierConditions", Do: func() picosdk.Status { return a.SetPulseWidthQualifierConditions(h, nil, actionClearAll) }},
		{Name: "SetPulseWidthQualifierDirections", Do: func() picosdk.Status { return a.SetPulseWidthQualifierDirections(h, nil) }},
		{Name: "SetPulseWidthQualifierProperties", Do: func() picosdk.Status { return a.SetPulseWidthQualifierProperties(h, 0, 0, pulseNone) }},
	}
	for _, port := range []uint32{picosdk.PortCode0, picosdk.PortCode1} {
		calls = append(calls,
			trigger.Call{Name: "SetTriggerDigitalPortProperties", Digital: true, Do: func() picosdk.Status { return a.SetTriggerDigitalPortProperties(h, port, nil) }},
			trigger.Call{Name: "SetPulseWidthDigitalPortProperties", Digital: true, Do: func() picosdk.Status { return a.SetPulseWidthDigitalPortProperties(h, port, nil) }})
	}
	calls = append(calls,
		trigger.Call{Name: "SetTriggerChannelProperties", Do: func() picosdk.Status { return a.SetTriggerChannelProperties(h, nil, 0, 0) }},
		trigger.Call{Name: "SetTriggerChannelDirections", Do: func() picosdk.Status { return a.SetTriggerChannelDirections(h, nil) }},
		trigger.Call{Name: "SetTriggerDelay", Do: func() picosdk.Status { return a.SetTriggerDelay(h, 0) }})
	return calls.Clear(family.Name, nothingSet...)
}

func (u *unit) triggerCalls(p trigger.Plan) (calls trigger.Calls) {
	a, h, microseconds := u.api, u.handle, uint32(p.AutoSteps(time.Microsecond))
	add := func(name string, do func() picosdk.Status) {
		calls = append(calls, trigger.Call{Name: name, Do: do})
	}
	for _, l := range p.Thresholds() {
		if l.Source.Kind == trigger.SourceAux && a.Has("SetAuxIoMode") { // without the function it is nothing else than an input
			add("SetAuxIoMode", func() picosdk.Status { return a.SetAuxIoMode(h, auxInput) })
		}
	}
	if p.Simple {
		l := p.Levels[0]
		add("SetSimpleTrigger", func() picosdk.Status {
			return a.SetSimpleTrigger(h, 1, sourceNumber(l.Source), l.Upper, l.Direction, p.Delay, microseconds)
		})
		return calls
	}
	add("SetTriggerChannelProperties", func() picosdk.Status { return a.SetTriggerChannelProperties(h, properties(p), 0, microseconds) })
	for i, term := range p.Terms {
		add("SetTriggerChannelConditions", func() picosdk.Status { return a.SetTriggerChannelConditions(h, conditions(term), action(i)) })
	}
	add("SetTriggerChannelDirections", func() picosdk.Status { return a.SetTriggerChannelDirections(h, directions(p.Levels)) })
	add("SetTriggerDelay", func() picosdk.Status { return a.SetTriggerDelay(h, p.Delay) })
	if w := p.Pulse; w != nil {
		for i, term := range w.Terms {
			add("SetPulseWidthQualifierConditions", func() picosdk.Status { return a.SetPulseWidthQualifierConditions(h, conditions(term), action(i)) })
		}
		add("SetPulseWidthQualifierDirections", func() picosdk.Status { return a.SetPulseWidthQualifierDirections(h, directions(w.Levels)) })
		add("SetPulseWidthQualifierProperties", func() picosdk.Status { return a.SetPulseWidthQualifierProperties(h, w.Lower, w.Upper, w.Type) })
		for port, list := range pins(w.Pins) {
			if len(list) > 0 {
				add("SetPulseWidthDigitalPortProperties", func() picosdk.Status {
					return a.SetPulseWidthDigitalPortProperties(h, picosdk.PortCode0+uint32(port), list)
				})
			}
		}
	}
	for port, list := range pins(p.Pins) {
		if len(list) > 0 {
			add("SetTriggerDigitalPortProperties", func() picosdk.Status {
				return a.SetTriggerDigitalPortProperties(h, picosdk.PortCode0+uint32(port), list)
			})
		}
	}
	return calls
}

// action is what the i-th call of a list of alternatives says.
func action(i int) uint32 {
	if i == 0 {
		return actionClearAll | actionAdd
	}
	return actionAdd
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

// conditions are the sources of one alternative.
func conditions(term []trigger.State) []capi.Condition {
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
			c.Source = picosdk.PortCode0 + uint32(s.Source.Index)
		default:
			c.Source = sourceNumber(s.Source)
		}
		list[i] = c
	}
	return list
}

// properties are the thresholds of all sources of a trigger and its pulse width.
func properties(p trigger.Plan) []capi.TriggerChannelProperties {
	var list []capi.TriggerChannelProperties
	for _, l := range p.Thresholds() {
		list = append(list, capi.TriggerChannelProperties{
			ThresholdUpper: l.Upper, ThresholdUpperHysteresis: l.UpperHysteresis, ThresholdLower: l.Lower, ThresholdLowerHysteresis: l.LowerHysteresis,
			Channel: sourceNumber(l.Source),
		})
	}
	return list
}

func directions(levels []trigger.Level) []capi.Direction {
	list := make([]capi.Direction, len(levels))
	for i, l := range levels {
		list[i] = capi.Direction{Channel: sourceNumber(l.Source), Direction: l.Direction}
		if l.Window {
			list[i].ThresholdMode = modeWindow
		}
	}
	return list
}

// pins are the pins of each port, whose own numbers begin at 0.
func pins(list []trigger.Pin) (ports [2][]capi.DigitalChannelDirections) {
	for _, p := range list {
		port := p.Pin / portPins
		ports[port] = append(ports[port], capi.DigitalChannelDirections{Channel: uint32(p.Pin % portPins), Direction: p.Direction})
	}
	return ports
}
