package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/scopelog/scopelog/units"
)

// digital reads the digital blocks.
func (b *block) digital(dev *Device) {
	seen := map[string]hcl.Range{}
	for _, c := range dev.Channels {
		seen[strings.ToLower(c.Name)], _ = b.d.plan.places.find(under(b.path, "channel", c.Name))
	}
	for _, n := range b.nested["digital"] {
		port := n.Labels[0]
		if !b.d.checkName(port, "digital port", channelName, channelNameRule, n.LabelRanges[0]) || !b.fresh(seen, "channel or port", n) {
			b.d.plan.places.mark(under(b.path, "digital", port))
			continue
		}
		out := b.out.item("digital")
		out.set("name", port)
		k := b.child(n, under(b.path, "digital", port), out)
		p := Digital{Port: port}
		p.Thresholds = k.thresholds()
		p.Hysteresis, _ = k.text("hysteresis")
		p.Labels = k.pinLabels(port)
		dev.Digital = append(dev.Digital, p)
	}
}

// thresholds reads one threshold, or a list of one per pin.
func (k *block) thresholds() []units.Voltage {
	v, secret, ok := k.value("threshold")
	if !ok {
		return nil
	}
	if !v.Type().IsTupleType() && !v.Type().IsListType() {
		t, ok := k.voltage("threshold")
		if !ok {
			return nil
		}
		return []units.Voltage{t}
	}
	l, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || l.LengthInt() == 0 {
		k.wrong("threshold", v, secret, "a voltage, or a list of one per pin", `"1.5V"`)
		return nil
	}
	var out []units.Voltage
	var texts []string
	for it := l.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsNull() {
			k.wrong("threshold", v, secret, "a voltage, or a list of one per pin", `"1.5V"`)
			return nil
		}
		t, err := units.ParseVoltage(e.AsString())
		if err != nil {
			k.fail("threshold", "threshold cannot be read", k.parseError(e.AsString(), secret, err, func(t string) bool {
				_, err := units.ParseVoltage(t)
				return err == nil
			}))
			return nil
		}
		out, texts = append(out, t), append(texts, e.AsString())
	}
	k.record("threshold", texts)
	return out
}

// pinLabels reads the labels of a port's pins: a list in the order of the pins, or an object by pin.
func (k *block) pinLabels(port string) map[string]string {
	v, secret, ok := k.value("labels")
	if !ok {
		return nil
	}
	pins := portPins(port)
	expr, isSecret := k.secretExpression("labels")
	out := map[string]string{}
	shown := &node{}
	switch t := v.Type(); {
	case t.IsTupleType() || t.IsListType():
		if v.LengthInt() > len(pins) {
			k.fail("labels", "labels has too many elements", fmt.Sprintf("The port %s has %d pins.", port, len(pins)))
			return nil
		}
		i := 0
		for it := v.ElementIterator(); it.Next(); i++ {
			_, e := it.Element()
			if e.Type() != cty.String || e.IsNull() {
				k.wrong("labels", v, secret, "a list or an object of texts", `["clock", "data"]`)
				return nil
			}
			out[pins[i]] = orExpression(e.AsString(), expr, isSecret)
			shown.set(pins[i], e.AsString())
		}
	case t.IsObjectType() || t.IsMapType():
		for it := v.ElementIterator(); it.Next(); {
			p, e := it.Element()
			if e.Type() != cty.String || e.IsNull() {
				k.wrong("labels", v, secret, "a list or an object of texts", `{ D0 = "clock" }`)
				return nil
			}
			if !slices.Contains(pins, p.AsString()) {
				k.fail("labels", fmt.Sprintf("The port %s has no pin %q", port, p.AsString()), didYouMean(p.AsString(), pins, "pins"))
				return nil
			}
			out[p.AsString()] = orExpression(e.AsString(), expr, isSecret)
			shown.set(p.AsString(), e.AsString())
		}
	default:
		k.wrong("labels", v, secret, "a list or an object of texts", `["clock", "data"]`)
		return nil
	}
	k.record("labels", shown)
	return out
}

func orExpression(text, expr string, secret bool) string {
	if secret {
		return expr
	}
	return text
}

// portPins returns the pins that a port's name tells: D8-15 has D8 to D15.
func portPins(port string) []string {
	var prefix string
	var first, last int
	if n, _ := fmt.Sscanf(port, "D%d-%d", &first, &last); n != 2 || first < 0 || last < first || last-first > 31 {
		return nil
	}
	prefix = "D"
	pins := make([]string, 0, last-first+1)
	for i := first; i <= last; i++ {
		pins = append(pins, fmt.Sprintf("%s%d", prefix, i))
	}
	return pins
}
