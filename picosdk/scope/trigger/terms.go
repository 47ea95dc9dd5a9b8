package trigger

import (
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// digitals reads the conditions of pins.
func (m *maker) digitals() error {
	for _, d := range m.r.Config.Digital {
		field := "trigger.digital." + d.Name
		index, known := picosdk.PortIndex(d.Port)
		switch {
		case !m.r.Capabilities.Trigger.Digital || !known || index >= m.r.Model.Ports:
			return picosdk.Refuse("configure", field, "", "the %s has no digital port %q to trigger on", m.r.Capabilities.Model, d.Port)
		case !slices.Contains(m.r.Ports, index):
			return picosdk.Refuse("configure", field, "", "a trigger on port %s needs the port to be enabled", d.Port)
		case len(d.Pins) == 0:
			return picosdk.Refuse("configure", field+".pins", "", "no pin is named")
		}
		c := &condition{field: field, source: Source{Kind: SourcePort, Index: index}}
		if m.r.Rules.OneDigital {
			c.source.Index = 0
		}
		names := picosdk.PortPins(index)
		for _, p := range d.Pins {
			pin := slices.Index(names, p.Pin)
			code, edge, ok := picosdk.PinCodeOf(p.Direction)
			switch {
			case pin < 0:
				return picosdk.Refuse("configure", field+".pins", picosdk.Quoted(picosdk.Nearest(p.Pin, names)), "port %s has no pin %q", d.Port, p.Pin)
			case !ok:
				return picosdk.Refuse("configure", field+".pins", "", "a pin is low, high, rising, falling or either, not %q", p.Direction)
			case slices.ContainsFunc(c.pins, func(t Pin) bool { return t.Pin == 8*index+pin }):
				return picosdk.Refuse("configure", field+".pins", "", "pin %s stands twice", p.Pin)
			}
			c.pins = append(c.pins, Pin{Pin: 8*index + pin, Direction: code})
			c.instant = c.instant || edge
		}
		if err := m.add(d.Name, c); err != nil {
			return err
		}
	}
	return nil
}

// terms reads the OR of ANDs; without one all conditions stand together.
func (m *maker) terms() error {
	terms, field := m.r.Config.AnyOf, "trigger.any_of"
	if len(m.order) == 0 {
		return picosdk.Refuse("configure", "trigger", "", "the trigger has no condition")
	}
	if len(terms) == 0 {
		all := make([]driver.ConditionRef, len(m.order))
		for i, name := range m.order {
			all[i].Name = name
		}
		terms = [][]driver.ConditionRef{all}
	}
	states, used, err := m.references(terms, field)
	if err != nil {
		return err
	}
	m.plan.Terms = states
	for _, c := range used {
		if c.source.analog() {
			m.plan.Levels = append(m.plan.Levels, c.level)
		}
	}
	if m.plan.Pins, err = m.pins(terms, used, field); err != nil {
		return err
	}
	return m.oneMode()
}

// references turns an OR of ANDs of names into one of sources. used are the conditions in it, in the order of the plan.
func (m *maker) references(terms [][]driver.ConditionRef, field string) (states [][]State, used []*condition, err error) {
	if most := m.r.Rules.MaxTerms; most > 0 && len(terms) > most {
		return nil, nil, picosdk.Refuse("configure", field, "", "%d alternatives are not possible; the most is %d", len(terms), most)
	}
	named := map[*condition]bool{}
	for _, term := range terms {
		var out []State
		for _, ref := range term {
			c, ok := m.conditions[ref.Name]
			if !ok {
				return nil, nil, picosdk.Refuse("configure", field, "", "there is no condition %q here", ref.Name)
			}
			named[c] = true
			state := State{Source: c.source, Not: ref.Not}
			at := slices.IndexFunc(out, func(s State) bool { return s.Source == c.source })
			switch {
			case at < 0:
				out = append(out, state)
			case out[at] != state:
				return nil, nil, picosdk.Refuse("configure", field, "", "%q cannot hold and not hold at once", ref.Name)
			}
		}
		if len(out) == 0 {
			return nil, nil, picosdk.Refuse("configure", field, "", "an empty list of conditions would always hold")
		}
		states = append(states, out)
	}
	for _, name := range m.order {
		if c := m.conditions[name]; named[c] {
			used = append(used, c)
		}
	}
	return states, used, nil
}

// pins collects the pins of what is used. Conditions that share a digital source can only be used together.
func (m *maker) pins(terms [][]driver.ConditionRef, used []*condition, field string) (pins []Pin, err error) {
	sharing := map[Source][]*condition{}
	for _, c := range used {
		if c.source.Kind == SourcePort {
			sharing[c.source] = append(sharing[c.source], c)
			pins = append(pins, c.pins...)
		}
	}
	what := "the pins of a port are"
	if m.r.Rules.OneDigital {
		what = "the pins of all ports are"
	}
	for source, group := range sharing {
		if len(group) == 1 {
			continue
		}
		for _, term := range terms {
			found, not := map[*condition]bool{}, false
			for _, ref := range term {
				if c := m.conditions[ref.Name]; c.source == source {
					found[c] = true
					not = not || ref.Not
				}
			}
			if n := len(found); n > 0 && n < len(group) || not {
				return nil, picosdk.Refuse("configure", field, "", "%s one condition to the unit: the digital conditions can only stand together in a list, and without \"!\"", what)
			}
		}
	}
	for i, p := range pins {
		if slices.ContainsFunc(pins[:i], func(other Pin) bool { return other.Pin == p.Pin }) {
			return nil, picosdk.Refuse("configure", field, "", "pin D%d stands in two conditions", p.Pin)
		}
	}
	slices.SortFunc(pins, func(a, b Pin) int { return a.Pin - b.Pin })
	return pins, nil
}

// oneMode refuses a level for the trigger and a window for the pulse width, or the other way round, of one source.
func (m *maker) oneMode() error {
	if !m.r.Rules.OneMode || m.plan.Pulse == nil {
		return nil
	}
	for _, p := range m.plan.Pulse.Levels {
		for _, l := range m.plan.Levels {
			if l.Source == p.Source && l.Window != p.Window {
				return picosdk.Refuse("configure", "trigger.pulse_width."+m.plan.Pulse.Name+".direction", "",
					"the trigger of the %s uses a source with one threshold or with two, and a pulse width of it must do the same", m.r.Capabilities.Model)
			}
		}
	}
	return nil
}
