package plan

import (
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/driver"
)

// placedCondition is one condition of a trigger with its place.
type placedCondition struct {
	path, name, source string
	direction          driver.Direction
	edges              int // in it
}

// edge tells whether a direction is a change rather than a state.
func edge(d driver.Direction) bool {
	switch d {
	case driver.DirectionAbove, driver.DirectionBelow, driver.DirectionAboveLower, driver.DirectionBelowLower, driver.DirectionInside,
		driver.DirectionOutside, driver.DirectionInsideLower, driver.DirectionOutsideLower:
		return false
	}
	return true
}

// placed lists the trigger's conditions, apart from digital ones and the pulse width.
func (c *checker) placed(t *driver.TriggerConfig) []placedCondition {
	var all []placedCondition
	add := func(kind, name, source string, d driver.Direction) {
		p := placedCondition{path: c.path("trigger", kind, name), name: name, source: source, direction: d}
		if edge(d) {
			p.edges = 1
		}
		all = append(all, p)
	}
	for _, l := range t.Levels {
		add("level", l.Name, l.Source, l.Direction)
	}
	for _, w := range t.Windows {
		add("window", w.Name, w.Source, w.Direction)
	}
	if p := t.PulseWidth; p != nil {
		add("pulse_width", p.Name, p.Source, p.Direction)
	}
	return all
}

func (c *checker) trigger() {
	t := c.dev.Trigger
	if t == nil || c.skip("mode") {
		return
	}
	caps := c.caps.Trigger
	mode, ok := c.caps.Mode(c.dev.Mode())
	path := c.path("trigger")
	switch {
	case !ok || !mode.Ready:
		return // the mode was reported
	case !mode.Triggered:
		c.fail(path, fmt.Sprintf("%s cannot be triggered in a %s", upperFirst(c.who()), c.dev.Mode()), "Remove the trigger block.")
		return
	case !t.Simple() && !caps.Logic:
		c.fail(path, fmt.Sprintf("%s has simple triggers only", upperFirst(c.who())), "Keep one level block, without any_of.")
		return
	}
	if t.Auto > 0 && !caps.Auto {
		c.fail(under(path, "auto"), fmt.Sprintf("%s cannot trigger by itself", upperFirst(c.who())), "Remove auto.")
	}
	if t.Delay != (driver.Span{}) && !caps.Delay {
		c.fail(under(path, "delay"), fmt.Sprintf("%s has no trigger delay", upperFirst(c.who())), "Remove delay.")
	} else {
		c.reaches(t.Delay, mode.MaxDelay, under(path, "delay"), "The trigger delay")
	}
	if caps.MaxTerms > 0 && len(t.AnyOf) > caps.MaxTerms {
		c.fail(under(path, "any_of"), "Too many alternatives", fmt.Sprintf("any_of may have %d lists on %s.", caps.MaxTerms, c.who()))
	}
	edges := map[string]int{}
	var order []string
	for _, p := range c.placed(t) {
		edges[p.name] = p.edges
		order = append(order, p.name)
		if c.p.places.isBad(c.p.places.canonical(p.path)) {
			continue
		}
		if !slices.Contains(caps.Sources, p.source) {
			c.fail(p.path, fmt.Sprintf("%s cannot trigger on %q", upperFirst(c.who()), p.source), didYouMean(p.source, caps.Sources, "sources"))
		}
		if p.direction != "" && !slices.Contains(caps.Directions, p.direction) {
			c.fail(under(p.path, "direction"), fmt.Sprintf("%s has no direction %q", upperFirst(c.who()), p.direction),
				fmt.Sprintf("Write direction = %s.", list(quoted(caps.Directions), "or")))
		}
	}
	for _, d := range t.Digital {
		if !caps.Digital {
			c.fail(c.path("trigger", "digital", d.Name), fmt.Sprintf("%s cannot trigger on digital ports", upperFirst(c.who())), "Remove the condition.")
		}
		order = append(order, d.Name)
		for _, pin := range d.Pins {
			if pin.Direction != "low" && pin.Direction != "high" {
				edges[d.Name]++
			}
		}
	}
	if p := t.PulseWidth; p != nil && p.Type != "" && !slices.Contains(caps.PulseWidth, p.Type) {
		at := c.path("trigger", "pulse_width", p.Name)
		if len(caps.PulseWidth) == 0 {
			c.fail(at, fmt.Sprintf("%s has no pulse width trigger", upperFirst(c.who())), "Remove the condition.")
		} else {
			c.fail(under(at, "type"), fmt.Sprintf("%s cannot compare a pulse's width by %s", upperFirst(c.who()), p.Type), fmt.Sprintf("Write type = %s.", list(quoted(caps.PulseWidth), "or")))
		}
	}
	c.inputs(t)
	c.pulseWidths(t.PulseWidth)
	c.edgesPerTerm(t, edges, order)
}

// inputs checks the voltages that inputs which only triggers see are compared with; those of channels were checked against their ranges.
func (c *checker) inputs(t *driver.TriggerConfig) {
	input := func(source string) bool {
		_, channel := c.caps.Channel(source)
		return !channel && slices.Contains(c.caps.Trigger.Sources, source)
	}
	for _, l := range t.Levels {
		if input(l.Source) {
			c.inputLevel(c.path("trigger", "level", l.Name, "threshold"), "threshold", l.Threshold)
		}
	}
	for _, w := range t.Windows {
		if input(w.Source) {
			c.inputLevel(c.path("trigger", "window", w.Name, "lower"), "lower", w.Lower)
			c.inputLevel(c.path("trigger", "window", w.Name, "upper"), "upper", w.Upper)
		}
	}
}

// pulseWidths checks how long a pulse may be. A comparison with one limit has it as Lower, whichever of the two was written.
func (c *checker) pulseWidths(p *driver.PulseWidthCondition) {
	if p == nil {
		return
	}
	at := c.path("trigger", "pulse_width", p.Name)
	lower, upper := under(at, "lower"), under(at, "upper")
	if _, written := c.p.places.ranges[lower]; !written {
		lower = upper
	}
	most := c.caps.Trigger.MaxPulseWidth
	c.reaches(p.Lower, most, lower, "The pulse width")
	if p.Upper != (driver.Span{}) {
		c.reaches(p.Upper, most, upper, "The pulse width")
	}
}

// edgesPerTerm checks how many changes stand together in one AND.
func (c *checker) edgesPerTerm(t *driver.TriggerConfig, edges map[string]int, order []string) {
	limit := c.caps.Trigger.EdgesPerTerm
	if limit <= 0 || c.skip("trigger", "any_of") {
		return
	}
	terms := t.AnyOf
	if len(terms) == 0 {
		all := make([]driver.ConditionRef, len(order))
		for i, name := range order {
			all[i].Name = name
		}
		terms = [][]driver.ConditionRef{all}
	}
	for _, term := range terms {
		n := 0
		for _, ref := range term {
			n += edges[ref.Name]
		}
		if n > limit {
			c.fail(c.path("trigger", "any_of"), "Too many edges together",
				fmt.Sprintf("Conditions that hold together may have %d edge%s (rising, enter ...) on %s, and here are %d. Write states for the others, such as \"above\" or \"inside\".", limit, plural(limit), c.who(), n))
			return
		}
	}
}
