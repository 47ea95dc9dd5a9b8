package trigger

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// pulse reads the pulse width. Its thresholds are those of the level, or for the directions of windows those of the window, of the
// same source.
func (m *maker) pulse() error {
	p := m.r.Config.PulseWidth
	if p == nil {
		return nil
	}
	field := "trigger.pulse_width." + p.Name
	own, err := m.pulseSource(p, field)
	if err != nil {
		return err
	}
	plan := &Pulse{Name: p.Name, Levels: []Level{own.level}}
	if err := m.widths(p, plan, field); err != nil {
		return err
	}
	if err := m.when(p, plan, own, field+".when"); err != nil {
		return err
	}
	m.plan.Pulse = plan
	return m.add(p.Name, &condition{field: field, source: Source{Kind: SourcePulseWidth}})
}

// pulseSource is the condition whose time counts.
func (m *maker) pulseSource(p *driver.PulseWidthCondition, field string) (*condition, error) {
	src, _, err := m.source(p.Source, field)
	if err != nil {
		return nil, err
	}
	block, thresholds := "window", "thresholds"
	if slices.Contains(levelDirections, p.Direction) {
		block, thresholds = "level", "threshold"
	}
	for _, name := range m.order {
		c := m.conditions[name]
		if c.source != src || slices.Contains(levelDirections, c.given.direction) != (block == "level") {
			continue
		}
		g := c.given
		g.direction = p.Direction
		level, _, err := m.code(src, c.field, g)
		if e, ok := err.(*driver.Error); ok && e.Field == c.field+".direction" {
			e.Field = field + ".direction"
		}
		return &condition{field: field, source: src, level: level, given: g}, err
	}
	e := picosdk.Refuse("configure", field, "", "the pulse width of %s has no %s for the direction %q", p.Source, thresholds, p.Direction)
	e.Advice = fmt.Sprintf("Write a %s block for %s: its %s counts; any_of says whether it does more than that.", block, p.Source, thresholds)
	return nil, e
}

// widths reads the type and the limits.
func (m *maker) widths(p *driver.PulseWidthCondition, plan *Pulse, field string) error {
	code, both, ok := picosdk.PulseCodeOf(p.Type)
	if !ok || !slices.Contains(m.r.Capabilities.Trigger.PulseWidth, p.Type) {
		return picosdk.Refuse("configure", field+".type", `"greater_than"`, "there is no pulse type %q", p.Type)
	}
	plan.Type = code
	most := min(m.r.Model.Trigger.MaxPulseWidth, 1<<32-1)
	lower, err := m.span(p.Lower, field+".lower", most)
	if err != nil {
		return err
	}
	upper := uint64(0)
	if both {
		if upper, err = m.span(p.Upper, field+".upper", most); err != nil {
			return err
		}
	}
	switch {
	case both && lower > upper:
		return picosdk.Refuse("configure", field+".lower", fmt.Sprint(upper), "the lower width, %d samples, is above the upper one, %d", lower, upper)
	case p.Type == driver.PulseLessThan && lower < 2:
		return picosdk.Refuse("configure", field+".lower", "2", "no pulse is shorter than a sample: the width must be 2 samples or more")
	}
	plan.Lower, plan.Upper = uint32(lower), uint32(upper)
	return nil
}

// when reads the conditions that must hold meanwhile.
func (m *maker) when(p *driver.PulseWidthCondition, plan *Pulse, own *condition, field string) error {
	start := State{Source: own.source}
	if len(p.When) == 0 {
		plan.Terms = [][]State{{start}}
		return nil
	}
	terms, used, err := m.references(p.When, field)
	if err != nil {
		return err
	}
	for _, term := range terms {
		out := []State{start}
		for _, s := range term {
			switch {
			case s.Source != own.source:
				out = append(out, s)
			case s.Not:
				return picosdk.Refuse("configure", field, "", "a pulse of %s cannot last while its own condition does not hold", p.Source)
			}
		}
		plan.Terms = append(plan.Terms, out)
	}
	for _, c := range used {
		if err := m.meanwhile(c, own, plan, field); err != nil {
			return err
		}
	}
	plan.Pins, err = m.pins(p.When, used, field)
	return err
}

// meanwhile checks one condition of when, and adds what it needs.
func (m *maker) meanwhile(c, own *condition, plan *Pulse, field string) error {
	same := c.level.Direction == own.level.Direction && c.level.Window == own.level.Window
	switch {
	case c.source == own.source && !same:
		return picosdk.Refuse("configure", field, "", "the source of the pulse has its direction already, %q, and cannot have %q beside it", own.given.direction, c.given.direction)
	case c.source == own.source:
		return nil
	case c.instant:
		return picosdk.Refuse("configure", field, "", "what must hold during the pulse has to be a state, such as above or inside, and not a moment")
	case !c.source.analog():
		return nil
	case m.r.Rules.OneSource:
		return picosdk.Refuse("configure", field, "", "a pulse width of the %s looks at one channel or input; beside it only digital pins can be conditions", m.r.Capabilities.Model)
	case m.r.Rules.OneDirection && !same:
		return picosdk.Refuse("configure", field, "", "all sources of a pulse width of the %s share one direction: %q cannot stand beside %q", m.r.Capabilities.Model, c.given.direction, own.given.direction)
	}
	plan.Levels = append(plan.Levels, c.level)
	return nil
}
