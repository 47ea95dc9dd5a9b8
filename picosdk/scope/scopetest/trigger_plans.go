package scopetest

import (
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/picosdk/scope/trigger"
	"github.com/scopelog/scopelog/units"
)

// The sources of the cases.
var (
	inputA   = trigger.Source{Kind: trigger.SourceChannel}
	inputB   = trigger.Source{Kind: trigger.SourceChannel, Index: 1}
	external = trigger.Source{Kind: trigger.SourceExternal}
	aux      = trigger.Source{Kind: trigger.SourceAux}
	width    = trigger.Source{Kind: trigger.SourcePulseWidth}
	port0    = trigger.Source{Kind: trigger.SourcePort}
)

// all is the term in which sources hold together.
func all(sources ...trigger.Source) []trigger.State {
	term := make([]trigger.State, len(sources))
	for i, s := range sources {
		term[i].Source = s
	}
	return term
}

func anyOf(terms ...[]trigger.State) [][]trigger.State { return terms }

func not(s trigger.Source) trigger.State { return trigger.State{Source: s, Not: true} }

// at is the condition of a source; lower, upper and hysteresis are volts, of a level lower and upper are the same.
func (k triggers) at(s trigger.Source, d driver.Direction, lower, upper, hysteresis float64) trigger.Level {
	scale := k.scale()
	if s.Kind != trigger.SourceChannel {
		scale = k.model.Trigger.InputScale()
	}
	code := func(v float64) int16 {
		c, _ := scale.Code(units.Voltage(v * 1e9))
		return int16(c)
	}
	n, _ := picosdk.ThresholdCodeOf(d)
	h := uint16(scale.Width(units.Voltage(hysteresis * 1e9)))
	return trigger.Level{Source: s, Direction: n.Number, Window: n.Window, Upper: code(upper), Lower: code(lower), UpperHysteresis: h, LowerHysteresis: h}
}

// on is a trigger on one condition.
func (k triggers) on(s trigger.Source, d driver.Direction, lower, upper, hysteresis float64) trigger.Plan {
	return trigger.Plan{Levels: []trigger.Level{k.at(s, d, lower, upper, hysteresis)}, Terms: anyOf(all(s))}
}

// level is a trigger on a level of channel A, simple where it has no hysteresis.
func (k triggers) level(d driver.Direction, at, hysteresis float64) trigger.Plan {
	p := k.on(inputA, d, at, at, hysteresis)
	p.Simple = hysteresis == 0
	return p
}

// pulse is a trigger on the pulse width of channel A above 2 V alone.
func (k triggers) pulse(kind driver.PulseType, lower, upper uint32) trigger.Plan {
	return k.pulseOf(driver.DirectionAbove, kind, 2, 2, lower, upper)
}

func (k triggers) pulseOf(d driver.Direction, kind driver.PulseType, low, high float64, lower, upper uint32) trigger.Plan {
	n, _, _ := picosdk.PulseCodeOf(kind)
	return trigger.Plan{Terms: anyOf(all(width)), Pulse: &trigger.Pulse{
		Levels: []trigger.Level{k.at(inputA, d, low, high, 0)}, Terms: anyOf(all(inputA)), Type: n, Lower: lower, Upper: upper,
	}}
}

// pins is a trigger on pins; list is "D0=rising D3=high".
func (k triggers) pins(list string) trigger.Plan {
	return trigger.Plan{Pins: pinList(list), Terms: anyOf(all(port0))}
}

func pinList(list string) (pins []trigger.Pin) {
	for _, p := range strings.Fields(list) {
		name, direction, _ := strings.Cut(p, "=")
		code, _, _ := picosdk.PinCodeOf(direction)
		for i := range 16 {
			if picosdk.PortPins(i / 8)[i%8] == name {
				pins = append(pins, trigger.Pin{Pin: i, Direction: code})
			}
		}
	}
	return pins
}

// everything is a trigger that uses all that the unit has.
func (k triggers) everything() trigger.Plan {
	p := k.pulse(driver.PulseInRange, 10, 20)
	p.Levels = []trigger.Level{k.at(inputA, driver.DirectionFalling, 2, 2, 1), k.at(inputB, driver.DirectionAbove, 1, 1, 0.5)}
	p.Terms = anyOf(all(inputA, width), all(inputB))
	p.Delay = 100
	switch {
	case k.model.Trigger.External:
		p.Levels = append(p.Levels, k.at(external, driver.DirectionRising, 1, 1, 0))
		p.Terms = append(p.Terms, all(external))
	case k.model.Trigger.Aux:
		p.Levels = append(p.Levels, k.at(aux, driver.DirectionRising, 1, 1, 0))
		p.Terms = append(p.Terms, all(aux))
	}
	if len(k.unit.Ports) > 0 {
		p.Pins, p.Pulse.Pins = pinList("D0=rising D1=high"), pinList("D2=low")
		p.Terms[1] = all(inputB, port0)
		p.Pulse.Terms = anyOf(all(inputA, port0))
	}
	return p
}
