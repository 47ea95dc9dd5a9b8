package plan

import (
	"encoding/json"
	"fmt"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// resolvedVersion is the format of plan.resolved.json.
const resolvedVersion = "1.0"

// Resolved returns the text of plan.resolved.json: every value of the plan as evaluated, defaults filled in, and
// beside each device what the hardware applied, by the device's name. A secret value is replaced by its expression,
// as "${...}". It is meant for people and foreign programs; a run is resumed from the plan's own text.
func (p *Plan) Resolved(applied map[string]driver.Applied) ([]byte, error) {
	top := &node{}
	top.set("format", "scopelog-plan")
	top.set("format_version", resolvedVersion)
	variables := top.object("variables")
	for _, v := range p.Variables {
		if v.Sensitive {
			variables.set(v.Name, secretText("var."+v.Name))
			continue
		}
		variables.set(v.Name, v.Value)
	}
	for _, name := range p.tree.names {
		if name != "devices" {
			top.set(name, p.tree.values[name])
		}
	}
	devices, _ := p.tree.values["devices"].([]*node)
	for i, dev := range p.Devices {
		if i >= len(devices) {
			break
		}
		n := top.item("devices")
		for _, name := range devices[i].names {
			n.set(name, devices[i].values[name])
		}
		if a, ok := applied[dev.Name]; ok {
			n.set("applied", appliedNode(dev, a))
		}
	}
	text, err := json.MarshalIndent(top, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the resolved plan: %w", err)
	}
	return append(text, '\n'), nil
}

// exact is a fraction of the base unit.
func exact(r units.Rational) *node {
	n := &node{}
	n.set("num", r.Num())
	n.set("den", r.Den())
	return n
}

func volts(v units.Voltage) json.Number { return json.Number(v.Rational().String()) }

// appliedNode writes what the hardware does. Volts are given at the input and at the tip.
func appliedNode(dev *Device, a driver.Applied) *node {
	n := &node{}
	n.set("mode", string(a.Mode))
	n.set("sample_interval_s", exact(a.Interval.Rational))
	n.set("resolution_bits", a.Resolution)
	if a.Power != driver.PowerStateUnknown {
		n.set("power", string(a.Power))
	}
	for _, c := range a.Channels {
		ch, ok := dev.Channel(c.Channel)
		if !ok {
			ch = Channel{Probe: units.Rat(1, 1)}
		}
		o := n.item("channel")
		o.set("name", c.Channel)
		o.set("input_range_v", volts(c.Range))
		o.set("range_v", volts(ch.Tip(c.Range)))
		o.set("coupling", string(c.Coupling))
		o.set("input_offset_v", volts(c.Offset))
		o.set("offset_v", volts(ch.Tip(c.Offset)))
		if c.Bandwidth.IsZero() {
			o.set("bandwidth_hz", nil)
		} else {
			o.set("bandwidth_hz", numberText(c.Bandwidth.Rational))
		}
		o.set("codes", []int32{c.CodeMin, c.CodeMax})
		o.set("volts_per_count", c.VoltsPerCount.Float64())
	}
	for _, d := range a.Digital {
		o := n.item("digital")
		o.set("name", d.Port)
		thresholds := []json.Number{}
		for _, t := range d.Thresholds {
			thresholds = append(thresholds, volts(t))
		}
		o.set("thresholds_v", thresholds)
		if d.Hysteresis != "" {
			o.set("hysteresis", d.Hysteresis)
		}
	}
	for _, s := range a.Streams {
		o := n.item("streams")
		o.set("channel", s.Channel)
		o.set("kind", string(s.Kind))
		o.set("type", string(s.Type))
		o.set("ratio", s.Ratio)
		if s.Computed != "" {
			o.set("computed", s.Computed)
		}
		if s.WaveformSamples > 0 {
			o.set("waveform_samples", s.WaveformSamples)
		}
	}
	appliedRest(n, a)
	return n
}

// appliedRest writes what only some modes and units have.
func appliedRest(n *node, a driver.Applied) {
	if a.Timebase >= 0 && a.Mode != driver.ModeStream {
		n.set("timebase", a.Timebase)
	}
	if a.PreSamples+a.PostSamples > 0 {
		n.set("pre_samples", a.PreSamples)
		n.set("post_samples", a.PostSamples)
	}
	if a.Captures > 0 {
		n.set("captures", a.Captures)
	}
	if a.DeliveryPeriod > 0 {
		n.set("delivery_period_s", json.Number(units.IntervalOf(a.DeliveryPeriod).Rational.String()))
	}
	if g := a.Generator; g != nil {
		o := n.object("signal_generator")
		o.set("frequency_hz", numberText(g.Frequency.Rational))
		o.set("amplitude_v", volts(g.Amplitude))
		o.set("offset_v", volts(g.Offset))
		if len(g.Notes) > 0 {
			o.set("notes", g.Notes)
		}
	}
	if len(a.Notes) > 0 {
		n.set("notes", a.Notes)
	}
}
