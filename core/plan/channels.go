package plan

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// channels reads the channel blocks.
func (b *block) channels(dev *Device, desc *described) {
	seen := map[string]hcl.Range{}
	for _, n := range b.nested["channel"] {
		name := n.Labels[0]
		if !b.d.checkName(name, "channel", channelName, channelNameRule, n.LabelRanges[0]) || !b.fresh(seen, "channel", n) {
			b.d.plan.places.mark(under(b.path, "channel", name))
			continue
		}
		out := b.out.item("channel")
		out.set("name", name)
		k := b.child(n, under(b.path, "channel", name), out)
		c := k.channel(name)
		if dev.Driver != "" {
			c.Options = k.options(dev.Driver, desc.channelOptions())
		}
		dev.Channels = append(dev.Channels, c)
	}
}

// fresh reports a label that stands for the second time. Upper and lower case are the same: file names come of it.
func (b *block) fresh(seen map[string]hcl.Range, what string, n *hcl.Block) bool {
	key := strings.ToLower(n.Labels[0])
	if first, twice := seen[key]; twice {
		b.d.p.add(errorAt(n.LabelRanges[0], fmt.Sprintf("The %s %q stands twice", what, n.Labels[0]),
			fmt.Sprintf("The first is at line %d. Put everything into one block.", first.Start.Line)))
		return false
	}
	seen[key] = n.LabelRanges[0]
	return true
}

func (k *block) channel(name string) Channel {
	c := Channel{Name: name, Unit: "V", Probe: units.Rat(1, 1), Scale: units.Rat(1, 1)}
	c.Enabled = k.boolean("enabled", true)
	if r, ok := k.voltage("range"); ok {
		c.Range = r
		if r <= 0 {
			k.fail("range", "range must be above 0", `It is the full scale: "5V" measures from -5 V to 5 V.`)
		}
	}
	c.Coupling = choice(k, "coupling", driver.CouplingDC, driver.CouplingAC, driver.CouplingDC50)
	c.Offset, _ = quantity(k, "offset", "0V", units.ParseVoltage)
	c.Bandwidth, _ = quantity(k, "bandwidth", "full", parseBandwidth)
	if probe, ok := k.probe(); ok {
		c.Probe = probe
	}
	c.Label = k.told("label")
	k.printable("label", c.Label)
	k.sensor(&c)
	k.equation(&c)
	return c
}

func parseBandwidth(text string) (units.Frequency, error) {
	if text == "full" {
		return units.Frequency{}, nil
	}
	f, err := units.ParseFrequency(text)
	if err == nil && f.Sign() <= 0 {
		err = &units.SyntaxError{Text: text, Want: "a bandwidth", Accepted: `"20MHz" or "full"`}
	}
	return f, err
}

// maxProbe is the largest factor of a probe, and one over it the smallest.
const maxProbe = 1_000_000

// probe reads "x10", or the number 10.
func (k *block) probe() (units.Rational, bool) {
	v, secret, ok := k.value("probe")
	if !ok {
		if !k.has("probe") {
			k.out.set("probe", "x1")
		}
		return units.Rational{}, false
	}
	text := ""
	if r, isNumber := rationalOf(v); isNumber && v.Type() == cty.Number {
		text = "x" + r.String()
	} else if v.Type() == cty.String {
		text = v.AsString()
	} else {
		k.wrong("probe", v, secret, "a probe factor", examples["probe"])
		return units.Rational{}, false
	}
	p, err := units.ParseProbe(text)
	if err != nil {
		k.fail("probe", "probe cannot be read", k.parseError(text, secret, err, func(t string) bool {
			_, err := units.ParseProbe(t)
			return err == nil
		}))
		return units.Rational{}, false
	}
	if f := p.Float64(); f > maxProbe || f < 1/maxProbe {
		k.fail("probe", "No probe has this factor", fmt.Sprintf("Probes divide by a factor up to %s. Write probe = %s; what a sensor makes of the volts is for scale.", grouped(maxProbe), examples["probe"]))
		return units.Rational{}, false
	}
	k.record("probe", text)
	return p, k.storable("probe")
}

// maxUnit is the longest unit, in bytes.
const maxUnit = 32

// sensor reads unit, scale and scale_offset, which belong together.
func (k *block) sensor(c *Channel) {
	unit, hasUnit := k.stored("unit")
	switch {
	case hasUnit && strings.TrimSpace(unit) == "":
		k.fail("unit", "unit is empty", `Write the short name of a unit, such as "A" or "degC".`)
	case hasUnit && len(unit) > maxUnit:
		k.fail("unit", "unit is too long", fmt.Sprintf(`It has %d bytes, and may have %d. Write its short name, such as "A" or "degC"; label takes more.`, len(unit), maxUnit))
	case hasUnit:
		k.printable("unit", unit)
	}
	scaleUnit := k.scale(c)
	switch {
	case hasUnit && scaleUnit != "" && scaleUnit != unit:
		k.fail("scale", "unit and scale do not agree", fmt.Sprintf("The unit is %q and the scale is in %s per volt. Write the same in both, or leave unit out.", unit, scaleUnit))
	case hasUnit:
		c.Unit = unit
	case scaleUnit != "":
		c.Unit = scaleUnit
	}
	if !k.has("scale") {
		k.out.set("scale", 1)
	}
	if !hasUnit {
		k.out.set("unit", c.Unit)
	}
	v, secret, ok := k.value("scale_offset")
	if !ok {
		k.out.set("scale_offset", 0)
		return
	}
	if v.Type() == cty.String {
		if text, found := strings.CutSuffix(strings.TrimSpace(v.AsString()), c.Unit); found {
			v = cty.StringVal(strings.TrimSpace(text))
		}
	}
	r, isNumber := rationalOf(v)
	if !isNumber {
		k.wrong("scale_offset", v, secret, fmt.Sprintf("a number in %s", c.Unit), fmt.Sprintf("%q", "0.5"+c.Unit))
		return
	}
	k.record("scale_offset", numberText(r))
	if k.storable("scale_offset") {
		c.ScaleOffset = r
	}
}

// scale reads "100A/V" or a number, and returns the unit that it names.
func (k *block) scale(c *Channel) (unit string) {
	v, secret, ok := k.value("scale")
	if !ok {
		return ""
	}
	if v.Type() == cty.Number {
		r, ok := rationalOf(v)
		if !ok {
			k.wrong("scale", v, secret, "a fraction of whole numbers with at most 18 digits", examples["scale"])
			return ""
		}
		if r.IsZero() {
			k.wrong("scale", v, secret, "a number other than 0", examples["scale"])
			return ""
		}
		k.record("scale", numberText(r))
		if k.storable("scale") {
			c.Scale = r
		}
		return ""
	}
	text, err := convert.Convert(v, cty.String)
	if err != nil || v.Type() != cty.String {
		k.wrong("scale", v, secret, "a scale", examples["scale"])
		return ""
	}
	value, unit, err := units.ParseScale(text.AsString())
	if err != nil {
		k.fail("scale", "scale cannot be read", k.parseError(text.AsString(), secret, err, func(string) bool { return false }))
		return ""
	}
	k.record("scale", text.AsString())
	if !k.storable("scale") {
		return ""
	}
	c.Scale = value
	return unit
}
