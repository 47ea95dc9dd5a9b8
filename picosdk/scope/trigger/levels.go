package trigger

import (
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// given is a level or window as the plan has it. Of a level both thresholds are the same.
type given struct {
	scale                            picosdk.Scale
	direction                        driver.Direction
	lower, upper                     units.Voltage
	lowerHysteresis, upperHysteresis units.Voltage
	// the places of the four, behind the condition's own
	lowerAt, upperAt, lowerHysteresisAt, upperHysteresisAt string
}

var levelDirections = []driver.Direction{
	driver.DirectionAbove, driver.DirectionBelow, driver.DirectionRising, driver.DirectionFalling, driver.DirectionEither,
}

func (m *maker) levels() error {
	for _, l := range m.r.Config.Levels {
		field := "trigger.level." + l.Name
		if !slices.Contains(levelDirections, l.Direction) {
			return picosdk.Refuse("configure", field+".direction", picosdk.Quoted(nearestDirection(l.Direction, levelDirections)), "a level has no direction %q", l.Direction)
		}
		err := m.analog(l.Name, l.Source, field, given{
			direction: l.Direction, lower: l.Threshold, upper: l.Threshold, lowerHysteresis: l.Hysteresis, upperHysteresis: l.Hysteresis,
			lowerAt: ".threshold", upperAt: ".threshold", lowerHysteresisAt: ".hysteresis", upperHysteresisAt: ".hysteresis",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *maker) windows() error {
	for _, w := range m.r.Config.Windows {
		field := "trigger.window." + w.Name
		switch {
		case slices.Contains(levelDirections, w.Direction):
			return picosdk.Refuse("configure", field+".direction", `"enter"`, "a window has no direction %q", w.Direction)
		case w.Lower >= w.Upper:
			return picosdk.Refuse("configure", field+".lower", "", "the lower threshold, %s, is not below the upper one, %s", w.Lower, w.Upper)
		}
		err := m.analog(w.Name, w.Source, field, given{
			direction: w.Direction, lower: w.Lower, upper: w.Upper, lowerHysteresis: w.LowerHysteresis, upperHysteresis: w.UpperHysteresis,
			lowerAt: ".lower", upperAt: ".upper", lowerHysteresisAt: ".lower_hysteresis", upperHysteresisAt: ".upper_hysteresis",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// analog adds a condition of an analog source.
func (m *maker) analog(name, source, field string, g given) error {
	src, scale, err := m.source(source, field)
	if err != nil {
		return err
	}
	for _, other := range m.order {
		if o := m.conditions[other]; o.source == src {
			e := picosdk.Refuse("configure", field, "", "%s has one set of thresholds, which the condition %q already uses", source, other)
			e.Advice = "Keep one condition for each source; a pulse width takes its thresholds from that."
			return e
		}
	}
	g.scale = scale
	level, instant, err := m.code(src, field, g)
	if err != nil {
		return err
	}
	return m.add(name, &condition{field: field, source: src, level: level, instant: instant, given: g})
}

// source returns the analog source of a condition, and what its codes mean.
func (m *maker) source(name, field string) (Source, picosdk.Scale, error) {
	i, channel := picosdk.ChannelIndex(name)
	sources := m.r.Capabilities.Trigger.Sources
	at := slices.IndexFunc(m.r.Channels, func(c driver.AppliedChannel) bool { return c.Channel == name })
	switch {
	case !slices.Contains(sources, name) && channel && i < m.r.Model.Channels:
		return Source{}, picosdk.Scale{}, m.r.NoChannel(name)
	case !slices.Contains(sources, name):
		return Source{}, picosdk.Scale{}, picosdk.Refuse("configure", field, picosdk.Quoted(picosdk.Nearest(name, sources)), "the %s cannot trigger on %q; it can on %s",
			m.r.Capabilities.Model, name, strings.Join(sources, ", "))
	case !channel:
		kind := SourceExternal
		if name == "AUX" {
			kind = SourceAux
		}
		return Source{Kind: kind}, m.r.Model.Trigger.InputScale(), nil
	case at < 0:
		return Source{}, picosdk.Scale{}, picosdk.Refuse("configure", field, "", "a trigger on channel %s needs the channel to be enabled", name)
	}
	ch := m.r.Channels[at]
	return Source{Kind: SourceChannel, Index: i}, picosdk.Scale{Range: ch.Range, Offset: ch.Offset, MaxCode: m.r.CodeMax}, nil
}

// code turns a level or window into codes.
func (m *maker) code(src Source, field string, g given) (level Level, instant bool, err error) {
	dir, ok := picosdk.ThresholdCodeOf(g.direction)
	if !ok || !slices.Contains(m.r.Capabilities.Trigger.Directions, g.direction) {
		return level, false, picosdk.Refuse("configure", field+".direction", picosdk.Quoted(nearestDirection(g.direction, m.r.Capabilities.Trigger.Directions)),
			"the %s has no trigger of the direction %q", m.r.Capabilities.Model, g.direction)
	}
	if err := g.check(field); err != nil {
		return level, false, err
	}
	upper, _ := g.scale.Code(g.upper)
	lower, _ := g.scale.Code(g.lower)
	if dir.Window && lower == upper {
		return level, false, picosdk.Refuse("configure", field+g.upperAt, "", "%s and %s are the same to the converter: one count is %s V", g.lower, g.upper, g.scale.VoltsPerCount())
	}
	return Level{
		Source: src, Direction: dir.Number, Window: dir.Window, Upper: int16(upper), Lower: int16(lower),
		UpperHysteresis: uint16(g.scale.Width(g.upperHysteresis)), LowerHysteresis: uint16(g.scale.Width(g.lowerHysteresis)),
	}, dir.Instant, nil
}

// check refuses thresholds that cannot be crossed and hysteresis that can never be left.
func (g given) check(field string) error {
	low, high := -g.scale.Range-g.scale.Offset, g.scale.Range-g.scale.Offset
	for _, t := range []struct {
		v  units.Voltage
		at string
	}{{g.lower, g.lowerAt}, {g.upper, g.upperAt}} {
		if near := min(max(t.v, low), high); near != t.v {
			return picosdk.Refuse("configure", field+t.at, picosdk.Quoted(near), "%s is beyond what is measured there: %s to %s", t.v, low, high)
		}
	}
	width := g.upper - g.lower
	for _, r := range g.room(low, high) {
		if r.h < 0 {
			return picosdk.Refuse("configure", field+r.at, `"0V"`, "a negative hysteresis is not possible")
		}
		if r.h > r.room {
			return picosdk.Refuse("configure", field+r.at, picosdk.Quoted(max(r.room, 0)), "a hysteresis of %s is not possible: the signal would have to go beyond what is measured, %s to %s", r.h, low, high)
		}
	}
	if code, _ := picosdk.ThresholdCodeOf(g.direction); !code.Window {
		return nil
	}
	if g.lowerHysteresis > width-min(g.upperHysteresis, width) {
		at, near := g.lowerHysteresisAt, width-min(g.upperHysteresis, width)
		if g.upperHysteresis > width {
			at, near = g.upperHysteresisAt, width-min(g.lowerHysteresis, width)
		}
		return picosdk.Refuse("configure", field+at, picosdk.Quoted(near), "hysteresis of %s and %s is wider than the window of %s", g.lowerHysteresis, g.upperHysteresis, width)
	}
	return nil
}

// room is how far a signal can go on the far side of a threshold.
type room struct {
	h, room units.Voltage
	at      string
}

// room lists the hysteresis that count in the direction, each with what lies beyond its threshold.
func (g given) room(low, high units.Voltage) []room {
	below := func(t units.Voltage) units.Voltage { return t - low }
	above := func(t units.Voltage) units.Voltage { return high - t }
	upper := func(v units.Voltage) room { return room{g.upperHysteresis, v, g.upperHysteresisAt} }
	lower := func(v units.Voltage) room { return room{g.lowerHysteresis, v, g.lowerHysteresisAt} }
	switch g.direction {
	case driver.DirectionAbove, driver.DirectionRising:
		return []room{upper(below(g.upper))}
	case driver.DirectionBelow, driver.DirectionFalling:
		return []room{upper(above(g.upper))}
	case driver.DirectionEither:
		return []room{upper(min(below(g.upper), above(g.upper)))}
	case driver.DirectionAboveLower, driver.DirectionRisingLower, driver.DirectionPositiveRunt:
		return []room{lower(below(g.lower)), upper(high - low)}
	case driver.DirectionBelowLower, driver.DirectionFallingLower:
		return []room{lower(above(g.lower)), upper(high - low)}
	case driver.DirectionNegativeRunt:
		return []room{upper(above(g.upper)), lower(high - low)}
	}
	return []room{lower(high - low), upper(high - low)}
}

// nearestDirection is the direction that is written most alike; of the upper threshold where that of the lower one does not exist.
func nearestDirection(d driver.Direction, list []driver.Direction) driver.Direction {
	if upper := driver.Direction(strings.TrimSuffix(string(d), "_lower")); slices.Contains(list, upper) {
		return upper
	}
	texts := make([]string, len(list))
	for i, l := range list {
		texts[i] = string(l)
	}
	return driver.Direction(picosdk.Nearest(string(d), texts))
}
