package plan

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/scopelog/scopelog/driver"
)

// condition is what any_of and when need to know of one condition.
type condition struct {
	at   hcl.Range
	used bool
}

// conditions are the conditions of one trigger by name.
type conditions struct {
	byName map[string]*condition
	order  []string
	broken bool // some could not be read: do not miss their names
}

// conditionBlock opens one condition and registers its name. ok is false when its source is wrong: then nothing
// more is said about it.
func (k *block) conditionBlock(n *hcl.Block, i int, c *conditions) (*block, string) {
	label := n.Labels[0]
	out := k.out.item(n.Type)
	out.set("source", label)
	path := under(k.path, n.Type, fmt.Sprint(i))
	q := k.child(n, path, out)
	name, given := q.stored("name")
	if !given {
		name = label
		out.set("name", name)
	}
	if q.isBad("name") {
		c.broken = true
	}
	// Drivers and people name a condition by its name, not by its number.
	k.d.plan.places.alias(under(k.path, n.Type, name), path)
	switch other := c.byName[name]; {
	case given && !conditionName.MatchString(name):
		q.fail("name", "This cannot be the name of a condition", `Use letters, digits, _ and -; "!" before it means "not".`)
	case other != nil:
		k.d.plan.places.mark(path)
		k.d.p.add(errorAt(n.DefRange, fmt.Sprintf("Two conditions are called %q", name),
			fmt.Sprintf("The other is at line %d. Without name = ... a condition is called like its source. Give one of them a name.", other.at.Start.Line)))
	default:
		c.byName[name] = &condition{at: n.DefRange}
		c.order = append(c.order, name)
	}
	return q, name
}

var conditionName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// sourceKnown checks a trigger's source: a channel that is recorded, or an input for triggers.
func (k *block) sourceKnown(dev *Device, n *hcl.Block) bool {
	label := n.Labels[0]
	if label == "EXT" || label == "AUX" {
		return true
	}
	var have []string
	for _, c := range dev.Channels {
		if c.Name == label {
			if c.Enabled {
				return true
			}
			k.d.p.add(errorAt(n.LabelRanges[0], fmt.Sprintf("The channel %q is not enabled", label), "A trigger needs the channel. Remove enabled = false from it, or this condition."))
			return false
		}
		if c.Enabled {
			have = append(have, c.Name)
		}
	}
	if k.d.plan.places.isBad(under("device", dev.Name, "channel", label)) {
		return false
	}
	k.d.p.add(errorAt(n.LabelRanges[0], fmt.Sprintf("%q is no source for a trigger here", label),
		didYouMean(label, append(have, "EXT", "AUX"), "sources")+" A channel must have its block in the device."))
	return false
}

// pulseWidth reads the pulse width condition, of which a device has one.
func (k *block) pulseWidth(dev *Device, found []*hcl.Block, t *driver.TriggerConfig, c *conditions) *driver.PulseWidthCondition {
	n := found[0]
	q, name := k.conditionBlock(n, 0, c)
	for _, extra := range found[1:] {
		k.d.p.add(errorAt(extra.DefRange, "A second pulse_width block", "A device has one."))
	}
	p := &driver.PulseWidthCondition{Name: name, Source: n.Labels[0]}
	p.Direction = direction(q, append(append([]driver.Direction{}, levelDirections...), windowDirections...))
	p.Type = choice(q, "type", "", driver.PulseLessThan, driver.PulseGreaterThan, driver.PulseInRange, driver.PulseOutOfRange)
	p.Lower, _ = q.span("lower")
	p.Upper, _ = q.span("upper")
	p.When = q.references("when", c)
	both := p.Type == driver.PulseInRange || p.Type == driver.PulseOutOfRange
	switch {
	case p.Type == "":
	case both && (!q.has("lower") || !q.has("upper")):
		q.failBlock(fmt.Sprintf("type = %q needs lower and upper", p.Type), `Write lower = "10us" and upper = "20us".`)
	case both && !q.isBad("lower") && !q.isBad("upper") && !spanBelow(p.Lower, p.Upper):
		q.fail("lower", "lower is not below upper", "Write both as times or both as samples, the shorter one first.")
	case !both && q.has("lower") == q.has("upper"):
		q.failBlock(fmt.Sprintf("type = %q needs one width", p.Type), `Write it as lower = "10us", without upper.`)
	case !both && q.has("upper"):
		p.Lower, p.Upper = p.Upper, driver.Span{} // drivers find a single limit in Lower
	}
	q.pulseLimits(p)
	if !k.sourceKnown(dev, n) {
		k.d.plan.places.mark(q.path)
	}
	t.PulseWidth = p
	k.pulseThresholds(q, t, c.broken || k.broken || len(k.nested["level"]) != len(t.Levels) || len(k.nested["window"]) != len(t.Windows))
	return p
}

// spanBelow tells whether a is shorter than b, and of the same kind.
func spanBelow(a, b driver.Span) bool {
	if a.Time.IsZero() != b.Time.IsZero() {
		return a.Samples == 0 && a.Time.IsZero()
	}
	return a.Samples < b.Samples || a.Time.Cmp(b.Time.Rational) < 0
}

// references reads an OR of ANDs of condition names.
func (k *block) references(name string, c *conditions) [][]driver.ConditionRef {
	v, secret, ok := k.value(name)
	if !ok || !k.storable(name) {
		return nil
	}
	const want = "a list of lists of names"
	isList := func(v cty.Value) bool {
		return !v.IsNull() && (v.Type().IsTupleType() || v.Type().IsListType()) && v.LengthInt() > 0
	}
	if !isList(v) {
		k.wrong(name, v, secret, want, examples[name])
		return nil
	}
	var terms [][]driver.ConditionRef
	var texts [][]string
	for it := v.ElementIterator(); it.Next(); {
		_, inner := it.Element()
		if !isList(inner) {
			k.wrong(name, inner, secret, want, examples[name])
			return nil
		}
		var term []driver.ConditionRef
		var row []string
		for in := inner.ElementIterator(); in.Next(); {
			_, e := in.Element()
			if e.IsNull() || e.Type() != cty.String {
				k.wrong(name, e, secret, want, examples[name])
				return nil
			}
			ref := driver.ConditionRef{Name: strings.TrimPrefix(e.AsString(), "!"), Not: strings.HasPrefix(e.AsString(), "!")}
			known := c.byName[ref.Name]
			if known == nil {
				if !c.broken {
					k.fail(name, fmt.Sprintf("There is no condition %q", ref.Name), didYouMean(ref.Name, c.order, "conditions of this trigger"))
				}
				continue
			}
			known.used = true
			term, row = append(term, ref), append(row, e.AsString())
		}
		terms, texts = append(terms, term), append(texts, row)
	}
	k.record(name, texts)
	k.possible(name, terms)
	return terms
}
