package analyze

import (
	"slices"
	"strings"

	"github.com/scopelog/scopelog/units"
)

// eventTerm is a flag of a condition.
type eventTerm struct {
	flag  string
	given bool
}

// eventTerms lists which flags a condition needs and which it takes beside them.
var eventTerms = map[string]struct{ needs, takes []string }{
	"level":    {[]string{"--level"}, []string{"--direction", "--hysteresis"}},
	"window":   {[]string{"--lower", "--upper"}, []string{"--direction", "--hysteresis"}},
	"runt":     {[]string{"--lower", "--upper"}, []string{"--direction", "--hysteresis"}},
	"dropout":  {[]string{"--level", "--longer"}, []string{"--hysteresis"}},
	"pulse":    {[]string{"--level"}, []string{"--direction", "--hysteresis", "--longer", "--shorter"}},
	"interval": {[]string{"--level"}, []string{"--direction", "--hysteresis", "--longer", "--shorter"}},
	"slope":    {[]string{"--slope"}, []string{"--direction", "--hysteresis", "--over"}},
}

// of returns the operation for a source: of a pin the level lies in the middle of its two. The error tells what it lacks.
func (o *Events) of(src *source) (*Events, error) {
	if !src.Pin() {
		return o, o.check()
	}
	known, ok := eventTerms[o.Find]
	if ok && !slices.Contains(known.needs, "--level") {
		return nil, optionError("%s is a pin, which is 0 or 1: --find %s is not for it, but level, pulse, interval and dropout are", src.name, o.Find)
	}
	pin := *o
	if !o.Level.given() {
		pin.Level = Number(0.5)
	}
	if n := pin.Level.number; ok && pin.Level.unit == "" && (n <= 0 || n >= 1) {
		return nil, optionError("%s is a pin, which is 0 or 1: --level %s is not between them, and can be left out", src.name, pin.Level.text)
	}
	return &pin, pin.check()
}

// check refuses a condition that lacks a level and one with flags that it does not take: nobody means 0 by leaving a level out.
func (o *Events) check() error {
	known, ok := eventTerms[o.Find]
	if !ok {
		return o.unknown()
	}
	var missing, unused []string
	for _, t := range o.terms() {
		switch {
		case slices.Contains(known.needs, t.flag):
			if !t.given {
				missing = append(missing, t.flag)
			}
		case t.given && !slices.Contains(known.takes, t.flag):
			unused = append(unused, t.flag)
		}
	}
	switch {
	case len(missing) > 0:
		return optionError("--find %s needs %s", o.Find, strings.Join(missing, " and "))
	case len(unused) > 0:
		return optionError("--find %s does not take %s: its flags are %s", o.Find, listed(unused), strings.Join(slices.Concat(known.needs, known.takes), ", "))
	}
	return nil
}

// terms lists the flags that belong to some conditions only.
func (o *Events) terms() []eventTerm {
	time := func(i units.Interval) bool { return i.Sign() != 0 }
	return []eventTerm{
		{"--direction", o.Direction != ""},
		{"--level", o.Level.given()},
		{"--hysteresis", o.Hysteresis.given()},
		{"--lower", o.Lower.given()},
		{"--upper", o.Upper.given()},
		{"--longer", time(o.Longer)},
		{"--shorter", time(o.Shorter)},
		{"--slope", o.Slope.given()},
		{"--over", time(o.Over)},
	}
}

// unknown is the error of a condition that there is not.
func (o *Events) unknown() error {
	return optionError("there is no event %q: write level, window, runt, dropout, pulse, interval or slope", o.Find)
}

// crosses tells that the condition is about crossings of one level, which noise repeats.
func (o *Events) crosses() bool { return slices.Contains(eventTerms[o.Find].needs, "--level") }

// valueColumn names the column of what an event has that is in the unit of the signal: of a slope the steepest change, else the extreme value.
func (o *Events) valueColumn() string {
	if o.Find == "slope" {
		return "change"
	}
	return "extreme"
}
