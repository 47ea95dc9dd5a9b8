package main

import (
	"math"
	"time"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/plugins/ps2000a/internal/capi"
)

var _ scope.Triggerer = (*unit)(nil)

const (
	sourceExternal = 4 // PS2000A_EXTERNAL
	sourceAux      = 5 // PS2000A_TRIGGER_AUX
	modeWindow     = 1 // PS2000A_WINDOW
	holds          = 1 // PS2000A_CONDITION_TRUE
	holdsNot       = 2 // PS2000A_CONDITION_FALSE
	pulseNone      = 0 // PS2000A_PW_TYPE_NONE
	operandNone    = 0 // PS2000A_OPERAND_NONE
	operandOr      = 1 // PS2000A_OPERAND_OR
	operandAnd     = 2 // PS2000A_OPERAND_AND
)

// TriggerRules: one structure or argument for each input of the largest model.
func (u *unit) TriggerRules() trigger.Rules {
	return trigger.Rules{
		AutoStep: time.Millisecond, MaxAuto: math.MaxInt32 * time.Millisecond, OneDigital: true, OneMode: true, OneDirection: true,
	}
}

// SetTrigger arms a trigger. The vendor's order is kept: thresholds, conditions, directions, then the rest.
func (u *unit) SetTrigger(p trigger.Plan) error {
	return u.triggerCalls(p).Arm(family.Name, u.ClearTrigger)
}

// ClearTrigger takes every trigger away. Units without ports, and libraries without a function, have nothing to clear there.
func (u *unit) ClearTrigger() error {
	a, h := u.api, u.handle
	const none = triggerRising // PS2000A_NONE is the same number
	calls := trigger.Calls{
		{Name: "SetSimpleTrigger", Do: func() picosdk.Status { return a.SetSimpleTrigger(h, 0, 0, 0, none, 0, 0) }},
		{Name: "SetTriggerChannelConditions", Do: func() picosdk.Status { return a.SetTriggerChannelConditions(h, nil) }},
		{Name: "SetPulseWidthQualifier", Do: func() picosdk.Status { return a.SetPulseWidthQualifier(h, nil, none, 0, 0, pulseNone) }},
		{Name: "SetTriggerDigitalPortProperties", Digital: true, Do: func() picosdk.Status { return a.SetTriggerDigitalPortProperties(h, nil) }},
		{Name: "SetPulseWidthDigitalPortProperties", Digital: true, Do: func() picosdk.Status { return a.SetPulseWidthDigitalPortProperties(h, nil) }},
		{Name: "SetDigitalAnalogTriggerOperand", Digital: true, Do: func() picosdk.Status { return a.SetDigitalAnalogTriggerOperand(h, operandNone) }},
		{Name: "SetTriggerChannelProperties", Do: func() picosdk.Status { return a.SetTriggerChannelProperties(h, nil, 0, 0) }},
		{Name: "SetTriggerChannelDirections", Do: func() picosdk.Status { return a.SetTriggerChannelDirections(h, none, none, none, none, none, none) }},
		{Name: "SetTriggerDelay", Do: func() picosdk.Status { return a.SetTriggerDelay(h, 0) }},
	}
	return calls.Clear(family.Name, picosdk.StatusNotUsed, picosdk.StatusNotSupported)
}

func (u *unit) triggerCalls(p trigger.Plan) (calls trigger.Calls) {
	a, h, delay := u.api, u.handle, uint32(p.Delay)
	add := func(name string, do func() picosdk.Status) {
		calls = append(calls, trigger.Call{Name: name, Do: do})
	}
	milliseconds := p.AutoSteps(time.Millisecond)
	if p.Simple && milliseconds <= math.MaxInt16 {
		l := p.Levels[0]
		add("SetSimpleTrigger", func() picosdk.Status {
			return a.SetSimpleTrigger(h, 1, sourceNumber(l.Source), l.Upper, l.Direction, delay, int16(milliseconds))
		})
		return calls
	}
	d := directions(p.Levels)
	add("SetTriggerChannelProperties", func() picosdk.Status {
		return a.SetTriggerChannelProperties(h, properties(p), 0, int32(milliseconds))
	})
	add("SetTriggerChannelConditions", func() picosdk.Status { return a.SetTriggerChannelConditions(h, conditions(p.Terms)) })
	add("SetTriggerChannelDirections", func() picosdk.Status {
		return a.SetTriggerChannelDirections(h, d[0], d[1], d[2], d[3], d[sourceExternal], d[sourceAux])
	})
	add("SetTriggerDelay", func() picosdk.Status { return a.SetTriggerDelay(h, delay) })
	if w := p.Pulse; w != nil {
		if len(w.Pins) > 0 {
			add("SetPulseWidthDigitalPortProperties", func() picosdk.Status { return a.SetPulseWidthDigitalPortProperties(h, pins(w.Pins)) })
		}
		add("SetPulseWidthQualifier", func() picosdk.Status {
			return a.SetPulseWidthQualifier(h, pulseConditions(w.Terms), w.Levels[0].Direction, w.Lower, w.Upper, w.Type)
		})
	}
	if len(p.Pins) > 0 {
		add("SetTriggerDigitalPortProperties", func() picosdk.Status { return a.SetTriggerDigitalPortProperties(h, pins(p.Pins)) })
		add("SetDigitalAnalogTriggerOperand", func() picosdk.Status { return a.SetDigitalAnalogTriggerOperand(h, operand(p.Terms)) })
	}
	return calls
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

// properties are the thresholds of all sources of a trigger and its pulse width.
func properties(p trigger.Plan) []capi.TriggerChannelProperties {
	var list []capi.TriggerChannelProperties
	for _, l := range p.Thresholds() {
		t := capi.TriggerChannelProperties{
			ThresholdUpper: l.Upper, ThresholdUpperHysteresis: l.UpperHysteresis, ThresholdLower: l.Lower, ThresholdLowerHysteresis: l.LowerHysteresis,
			Channel: sourceNumber(l.Source),
		}
		if l.Window {
			t.ThresholdMode = modeWindow
		}
		list = append(list, t)
	}
	return list
}

// directions are those of the inputs by number.
func directions(levels []trigger.Level) (d [6]uint32) {
	for i := range d {
		d[i] = triggerRising // which also stands for none
	}
	for _, l := range levels {
		d[sourceNumber(l.Source)] = l.Direction
	}
	return d
}

func conditions(terms [][]trigger.State) []capi.TriggerConditions {
	list := make([]capi.TriggerConditions, len(terms))
	for i, term := range terms {
		c := &list[i]
		fields := [...]*uint32{&c.ChannelA, &c.ChannelB, &c.ChannelC, &c.ChannelD, &c.External, &c.Aux}
		for _, s := range term {
			*field(s.Source, fields, &c.PulseWidthQualifier, &c.Digital) = state(s)
		}
	}
	return list
}

func pulseConditions(terms [][]trigger.State) []capi.PWQConditions {
	list := make([]capi.PWQConditions, len(terms))
	for i, term := range terms {
		c := &list[i]
		fields := [...]*uint32{&c.ChannelA, &c.ChannelB, &c.ChannelC, &c.ChannelD, &c.External, &c.Aux}
		for _, s := range term {
			*field(s.Source, fields, nil, &c.Digital) = state(s)
		}
	}
	return list
}

// field is the member of a structure of conditions that stands for a source.
func field(s trigger.Source, inputs [6]*uint32, pulse, digital *uint32) *uint32 {
	switch s.Kind {
	case trigger.SourcePulseWidth:
		return pulse
	case trigger.SourcePort:
		return digital
	}
	return inputs[sourceNumber(s)]
}

func state(s trigger.State) uint32 {
	if s.Not {
		return holdsNot
	}
	return holds
}

func pins(list []trigger.Pin) []capi.DigitalChannelDirections {
	out := make([]capi.DigitalChannelDirections, len(list))
	for i, p := range list {
		out[i] = capi.DigitalChannelDirections{Channel: uint32(p.Pin), Direction: p.Direction}
	}
	return out
}

// operand says how pins and inputs combine, as far as one word can: the conditions say all of it.
func operand(terms [][]trigger.State) uint32 {
	alone, together, without := 0, 0, 0
	for _, term := range terms {
		digital := false
		for _, s := range term {
			digital = digital || s.Source.Kind == trigger.SourcePort && !s.Not
		}
		switch {
		case !digital:
			without++
		case len(term) == 1:
			alone++
		default:
			together++
		}
	}
	switch {
	case together > 0 && alone+without == 0:
		return operandAnd
	case alone > 0 && without > 0 && together == 0:
		return operandOr
	}
	return operandNone
}
