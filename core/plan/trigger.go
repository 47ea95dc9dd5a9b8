package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

var (
	levelDirections = []driver.Direction{
		driver.DirectionAbove, driver.DirectionBelow, driver.DirectionRising, driver.DirectionFalling,
		driver.DirectionEither,
	}
	windowDirections = []driver.Direction{
		driver.DirectionInside, driver.DirectionOutside, driver.DirectionEnter, driver.DirectionExit,
		driver.DirectionEnterOrExit, driver.DirectionPositiveRunt, driver.DirectionNegativeRunt, driver.DirectionAboveLower,
		driver.DirectionBelowLower, driver.DirectionRisingLower, driver.DirectionFallingLower, driver.DirectionInsideLower,
		driver.DirectionOutsideLower, driver.DirectionEnterLower, driver.DirectionExitLower, driver.DirectionEnterOrExitLower,
	}
	pinDirections = []string{"low", "high", "rising", "falling", "either"}
)

// trigger reads the trigger block.
func (b *block) trigger(dev *Device) {
	k, ok := b.one("trigger")
	if !ok {
		return
	}
	t := &driver.TriggerConfig{}
	dev.Trigger = t
	if k.has("auto") {
		t.Auto = k.duration("auto", "", time.Microsecond, 24*time.Hour)
	}
	t.Delay, _ = k.span("delay")
	c := &conditions{byName: map[string]*condition{}, broken: k.broken}
	for i, n := range k.nested["level"] {
		if l, ok := k.level(dev, n, i, c); ok {
			t.Levels = append(t.Levels, l)
		}
	}
	for i, n := range k.nested["window"] {
		if w, ok := k.window(dev, n, i, c); ok {
			t.Windows = append(t.Windows, w)
		}
	}
	for i, n := range k.nested["digital"] {
		if p, ok := k.pins(dev, n, i, c); ok {
			t.Digital = append(t.Digital, p)
		}
	}
	if found := k.nested["pulse_width"]; len(found) > 0 {
		t.PulseWidth = k.pulseWidth(dev, found, t, c)
	}
	t.AnyOf = k.references("any_of", c)
	switch {
	case len(c.order) == 0 && !k.broken:
		k.failBlock("The trigger has no condition", `Write at least one, such as level "A" { ... }.`)
	case len(t.AnyOf) > 0 && !k.isBad("any_of"):
		for _, name := range c.order {
			if !c.byName[name].used && !givesThresholds(t, name) {
				k.d.p.add(warningAt(c.byName[name].at, fmt.Sprintf("The condition %q is not used", name), "any_of does not name it, so it counts for nothing."))
			}
		}
	}
}

func (k *block) level(dev *Device, n *hcl.Block, i int, c *conditions) (driver.LevelCondition, bool) {
	q, name := k.conditionBlock(n, i, c)
	l := driver.LevelCondition{Name: name, Source: n.Labels[0]}
	l.Direction = direction(q, levelDirections)
	l.Threshold, _ = q.voltage("threshold")
	l.Hysteresis = q.hysteresis("hysteresis")
	if !k.sourceKnown(dev, n) {
		k.d.plan.places.mark(q.path)
		return l, false
	}
	q.reachable(dev, l.Source, "threshold", l.Threshold)
	q.levelCanReturn(dev, l)
	return l, true
}

func direction(q *block, legal []driver.Direction) driver.Direction {
	return choice(q, "direction", append([]driver.Direction{""}, legal...)...)
}

// hysteresis reads a voltage that is not negative.
func (k *block) hysteresis(name string) units.Voltage {
	v, ok := k.voltage(name)
	if ok && v < 0 {
		k.fail(name, fmt.Sprintf("%s is negative", name), fmt.Sprintf("Write %s = %q.", name, compact(-v)))
	}
	return v
}

func (k *block) window(dev *Device, n *hcl.Block, i int, c *conditions) (driver.WindowCondition, bool) {
	q, name := k.conditionBlock(n, i, c)
	w := driver.WindowCondition{Name: name, Source: n.Labels[0]}
	w.Direction = direction(q, windowDirections)
	var lower, upper bool
	w.Lower, lower = q.voltage("lower")
	w.Upper, upper = q.voltage("upper")
	if lower && upper && w.Lower >= w.Upper {
		q.fail("lower", "lower is not below upper", "A window lies between lower and upper. Exchange them.")
	}
	w.LowerHysteresis = q.hysteresis("lower_hysteresis")
	w.UpperHysteresis = q.hysteresis("upper_hysteresis")
	if !k.sourceKnown(dev, n) {
		k.d.plan.places.mark(q.path)
		return w, false
	}
	q.reachable(dev, w.Source, "lower", w.Lower)
	q.reachable(dev, w.Source, "upper", w.Upper)
	q.windowStaysOpen(w)
	return w, true
}

// reachable reports a threshold that a channel never reaches: it measures its range around minus its offset.
func (k *block) reachable(dev *Device, source, name string, v units.Voltage) {
	ch, ok := dev.Channel(source)
	if !ok || ch.Range <= 0 || k.isBad(name) || !k.has(name) || k.d.plan.places.isBad(under(dev.text, "channel", source)) {
		return
	}
	low, high := -ch.Range-ch.Offset, ch.Range-ch.Offset
	if v < low || v > high {
		k.fail(name, fmt.Sprintf("%s is beyond what channel %s measures", name, source),
			fmt.Sprintf("With its range and offset it goes %s. Write a voltage in between, or a larger range.", k.measures(dev, &ch)))
	}
}

// pins reads a digital condition.
func (k *block) pins(dev *Device, n *hcl.Block, i int, c *conditions) (driver.DigitalCondition, bool) {
	q, name := k.conditionBlock(n, i, c)
	port := n.Labels[0]
	p := driver.DigitalCondition{Name: name, Port: port}
	var ports []string
	for _, d := range dev.Digital {
		ports = append(ports, d.Port)
	}
	if !slices.Contains(ports, port) {
		if !k.d.plan.places.isBad(under("device", dev.Name, "digital", port)) {
			k.d.p.add(errorAt(n.LabelRanges[0], fmt.Sprintf("The port %q is not recorded", port), fmt.Sprintf("Write digital %q { threshold = \"1.5V\" } in the device.", port)))
		}
		k.d.plan.places.mark(q.path)
		return p, false
	}
	v, secret, ok := q.value("pins")
	if !ok || !q.storable("pins") {
		return p, false
	}
	if !v.Type().IsObjectType() && !v.Type().IsMapType() || v.LengthInt() == 0 {
		q.wrong("pins", v, secret, "an object", examples["pins"])
		return p, false
	}
	legal := portPins(port)
	shown := &node{}
	for it := v.ElementIterator(); it.Next(); {
		key, e := it.Element()
		pin := key.AsString()
		if legal != nil && !slices.Contains(legal, pin) {
			q.fail("pins", fmt.Sprintf("The port %s has no pin %q", port, pin), didYouMean(pin, legal, "pins"))
			continue
		}
		if e.IsNull() || e.Type() != cty.String || !slices.Contains(pinDirections, e.AsString()) {
			q.fail("pins", fmt.Sprintf("The pin %s waits for something unknown", pin), fmt.Sprintf("Write %s = one of %s.", pin, list(quoted(pinDirections), "or")))
			continue
		}
		shown.set(pin, e.AsString())
		p.Pins = append(p.Pins, driver.PinCondition{Pin: pin, Direction: e.AsString()})
	}
	slices.SortFunc(p.Pins, func(a, b driver.PinCondition) int {
		if d := len(a.Pin) - len(b.Pin); d != 0 {
			return d
		}
		return strings.Compare(a.Pin, b.Pin)
	})
	q.record("pins", shown)
	return p, true
}
