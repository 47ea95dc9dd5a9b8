package plan

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// events decodes the event blocks.
func (d *decoder) events(body *hclsyntax.Body) {
	seen := map[string]hcl.Range{}
	for _, hb := range body.Blocks {
		if hb.Type != "event" || len(hb.Labels) != 1 {
			continue
		}
		name := hb.Labels[0]
		if first, twice := seen[strings.ToLower(name)]; twice {
			d.p.add(errorAt(hb.LabelRanges[0], fmt.Sprintf("Two events are called %q", name), fmt.Sprintf("The first is at line %d. Give this one another name.", first.Start.Line)))
			continue
		}
		seen[strings.ToLower(name)] = hb.LabelRanges[0]
		d.checkName(name, "event", channelName, channelNameRule, hb.LabelRanges[0])
		out := d.plan.tree.item("events")
		out.set("name", name)
		b := d.open(d.expand(hb.Body, d.ctx), hb.DefRange(), eventSpec, under("event", name), d.ctx, out)
		d.plan.Events = append(d.plan.Events, b.event(name))
	}
	d.ordered()
}

func (b *block) event(name string) Event {
	e := Event{Name: name, Direction: driver.DirectionRising}
	dev := b.eventSource(&e)
	b.exclusive("An event looks for one thing. Write a second event for the other.", "level", "window", "slope")
	direction := []driver.Direction{driver.DirectionRising, driver.DirectionFalling, driver.DirectionEither}
	switch {
	case b.has("level"):
		e.Kind = EventLevel
		e.Level, _ = b.voltage("level")
		direction = append(direction, driver.DirectionAbove, driver.DirectionBelow)
	case b.has("window"):
		e.Kind = EventWindow
		e.Lower, e.Upper = b.bounds("window")
		direction = []driver.Direction{driver.DirectionExit, driver.DirectionEnter, driver.DirectionEnterOrExit, driver.DirectionInside, driver.DirectionOutside}
	case b.has("slope"):
		e.Kind = EventSlope
		e.Slope, _ = quantity(b, "slope", "", parseSlope)
		e.Over, _ = b.span("over")
	case e.Channel != "":
		b.failBlock("The event looks for nothing", `Write level = "1V", window = ["-1V", "1V"] or slope = "5V/ms".`)
	default:
		e.Kind, e.Direction = EventTrigger, ""
	}
	if e.Kind == EventTrigger {
		b.triggerEvent(&e, dev)
	} else {
		e.Direction = choice(b, "direction", direction...)
		if b.has("hysteresis") {
			e.Hysteresis = b.hysteresis("hysteresis")
		}
	}
	if e.Kind != EventSlope && b.has("over") {
		b.fail("over", "over has no effect", "It is the distance of the two samples of a slope. Remove it.")
	}
	e.Before = b.kept("before")
	e.After = b.kept("after")
	if start, ok := b.texts("start"); ok && b.storable("start") {
		e.Start = b.starts(&e, start)
	}
	if dev != nil && e.Channel != "" && !b.isBad("source") {
		b.watched(&e, dev)
	}
	return e
}

// kept reads how much is kept around an event.
func (b *block) kept(name string) time.Duration {
	if b.has(name) && !b.isBad(name) {
		b.notReady(FeatureEvents, b.place(name), name)
	}
	return b.duration(name, "0s", 0, longest)
}

func (d *decoder) deviceNames() []string {
	names := make([]string, 0, len(d.plan.Devices))
	for _, dev := range d.plan.Devices {
		names = append(names, dev.Name)
	}
	return names
}

// eventSource reads "device.channel", or "device" for its trigger. It returns the device, nil when that was reported.
func (b *block) eventSource(e *Event) *Device {
	text, ok := b.stored("source")
	if !ok {
		b.d.plan.places.mark(under(b.path, "source"))
		e.Channel = text
		return nil
	}
	var found bool
	e.Device, e.Channel, found = strings.Cut(text, ".")
	dev := b.d.plan.Device(e.Device)
	switch {
	case dev == nil:
		if !b.d.plan.places.isBad("device") {
			b.fail("source", fmt.Sprintf("There is no device %q", e.Device), didYouMean(e.Device, b.d.deviceNames(), "devices"))
		}
		b.d.plan.places.mark(under(b.path, "source"))
		return nil
	case !found && (b.has("level") || b.has("window") || b.has("slope")):
		b.fail("source", "source is not a channel", fmt.Sprintf(`Write a device and its channel: source = "%s.A".`, text))
	case found:
		var names []string
		for _, c := range dev.Channels {
			if names = append(names, c.Name); c.Name == e.Channel {
				return dev
			}
		}
		if !b.d.plan.places.isBad(under(dev.text, "channel", e.Channel)) {
			b.fail("source", fmt.Sprintf("The device %q has no channel %q", dev.Name, e.Channel), didYouMean(e.Channel, names, "channels"))
		}
		b.d.plan.places.mark(under(b.path, "source"))
	}
	return dev
}

// bounds reads a list of two voltages, the lower one first.
func (b *block) bounds(name string) (lower, upper units.Voltage) {
	v, secret, ok := b.value(name)
	if !ok {
		return 0, 0
	}
	l, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || l.LengthInt() != 2 {
		b.wrong(name, v, secret, "a list of two voltages", examples[name])
		return 0, 0
	}
	var both [2]units.Voltage
	texts := make([]string, 2)
	for i := range both {
		e := l.Index(cty.NumberIntVal(int64(i)))
		if e.IsNull() {
			b.wrong(name, v, secret, "a list of two voltages", examples[name])
			return 0, 0
		}
		texts[i] = e.AsString()
		if both[i], err = units.ParseVoltage(texts[i]); err != nil {
			b.fail(name, fmt.Sprintf("%s cannot be read", name), b.parseError(texts[i], secret, err, func(t string) bool {
				_, err := units.ParseVoltage(t)
				return err == nil
			}))
			return 0, 0
		}
	}
	if both[0] >= both[1] {
		b.fail(name, fmt.Sprintf("%s has its bounds in the wrong order", name), "Write the lower one first.")
	}
	b.record(name, texts)
	return both[0], both[1]
}

// parseSlope reads "5V/ms" as volts per second.
func parseSlope(text string) (units.Rational, error) {
	bad := &units.SyntaxError{Text: text, Want: "a slope", Accepted: `"5V/ms": a voltage above 0, / and a unit of time`}
	volts, per, ok := strings.Cut(text, "/")
	if !ok {
		return units.Rational{}, bad
	}
	v, err := units.ParseVoltage(volts)
	if err != nil || v <= 0 {
		return units.Rational{}, bad
	}
	t, err := units.ParseInterval("1" + strings.TrimSpace(per))
	if err != nil || t.Sign() <= 0 {
		return units.Rational{}, bad
	}
	r, ok := fraction(new(big.Rat).Quo(v.Rational().Big(), t.Big()))
	if !ok {
		return r, bad
	}
	return r, nil
}

// actions looks at the on blocks, which no program carries out yet.
func (d *decoder) actions(body *hclsyntax.Body) {
	for _, hb := range body.Blocks {
		if hb.Type != "on" || len(hb.Labels) != 1 {
			continue
		}
		b := d.open(d.expand(hb.Body, d.ctx), hb.DefRange(), onSpec, under("on", hb.Labels[0]), d.ctx, &node{})
		b.notReady("", hb.DefRange(), "on")
	}
}
