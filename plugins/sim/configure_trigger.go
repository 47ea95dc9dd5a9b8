package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/plugins/sim/internal/trigger"
	"github.com/scopelog/scopelog/units"
)

// triggerSetup is a trigger as configured. Spans are in samples.
type triggerSetup struct {
	config trigger.Config
	inputs []trigger.Input
	delay  int64
	auto   int64 // triggers by itself after this; 0: never
}

// analogSource is what a trigger can look at.
type analogSource struct {
	maker  maker
	full   units.Voltage // measures from -full to +full around -offset
	offset units.Voltage
	high   int32 // code of full
	field  string
}

// code is the code of a voltage at the input, and whether the source can measure it.
func (s analogSource) code(v units.Voltage) (int32, bool) {
	c := math.Round((v.Volts() + s.offset.Volts()) / s.full.Volts() * float64(s.high))
	return int32(min(max(c, math.MinInt16), math.MaxInt16)), math.Abs(c) <= float64(s.high)
}

// steps is a hysteresis in codes.
func (s analogSource) steps(v units.Voltage) int32 {
	return int32(min(math.Round(v.Volts()/s.full.Volts()*float64(s.high)), math.MaxUint16))
}

// triggerReader turns the conditions of a request into those of a hunt.
type triggerReader struct {
	*configurer
	s      *triggerSetup
	inputs map[string]int // index by source
	names  map[string]int // condition by name
}

// trigger reads the trigger.
func (c *configurer) trigger() error {
	t := c.cfg.Trigger
	if t == nil {
		return nil
	}
	r := triggerReader{c, &triggerSetup{}, map[string]int{}, map[string]int{}}
	for _, step := range []func(*driver.TriggerConfig) error{r.levels, r.windows, r.pins, r.pulse, r.terms} {
		if err := step(t); err != nil {
			return err
		}
	}
	var err error
	if r.s.delay, err = c.span(t.Delay, "trigger.delay"); err != nil {
		return err
	}
	if t.Auto < 0 {
		return driver.Errorf(driver.KindBug, "configure", "a negative time of the trigger")
	}
	if t.Auto > 0 {
		r.s.auto = max(c.s.clock.index(units.IntervalOf(t.Auto)), 1)
	}
	c.s.trigger = r.s
	return nil
}

// source returns the analog source of a condition.
func (r *triggerReader) source(name, field string) (int, analogSource, error) {
	s, ok := r.analog[name]
	switch {
	case !ok && !slices.Contains(r.caps.Trigger.Sources, name):
		return 0, s, refuse("configure", field, `"`+closest(name, r.caps.Trigger.Sources)+`"`, "%s cannot trigger on %q; it can on %s",
			r.caps.Model, name, strings.Join(r.caps.Trigger.Sources, ", "))
	case !ok:
		return 0, s, refuse("configure", field, "", "a trigger on channel %s needs the channel to be enabled", name)
	case isProof(s.maker):
		return 0, s, refuse("configure", field, "", "the proof signal counts the samples that are recorded: there is nothing in it to trigger on")
	}
	return r.input(name, s.maker), s, nil
}

func (r *triggerReader) input(name string, m maker) int {
	i, ok := r.inputs[name]
	if !ok {
		i = len(r.s.inputs)
		r.inputs[name] = i
		r.s.inputs = append(r.s.inputs, m)
	}
	return i
}

// add names a condition.
func (r *triggerReader) add(name string, c trigger.Condition, field string) error {
	if _, twice := r.names[name]; twice {
		return refuse("configure", field, "", "two conditions are called %q", name)
	}
	r.names[name] = len(r.s.config.Conditions)
	r.s.config.Conditions = append(r.s.config.Conditions, c)
	return nil
}

// threshold returns the code of a threshold, or refuses one that cannot be crossed.
func threshold(s analogSource, v units.Voltage, field string) (int32, error) {
	code, ok := s.code(v)
	if !ok {
		near := min(max(v, -s.full-s.offset), s.full-s.offset)
		return 0, refuse("configure", field, quoted(near), "%s is beyond what is measured there: %s to %s", v, -s.full-s.offset, s.full-s.offset)
	}
	return code, nil
}

var levelDirections = trigger.Legal[:5]

func (r *triggerReader) level(l driver.LevelCondition) (trigger.Condition, error) {
	field := "trigger.level." + l.Name
	i, s, err := r.source(l.Source, field)
	if err != nil {
		return trigger.Condition{}, err
	}
	if !slices.Contains(levelDirections, l.Direction) {
		return trigger.Condition{}, refuse("configure", field+".direction", `"rising"`, "a level has no direction %q", l.Direction)
	}
	c := trigger.Condition{Source: i, Direction: l.Direction, UpperHysteresis: s.steps(l.Hysteresis)}
	if l.Hysteresis < 0 {
		return c, refuse("configure", field+".hysteresis", `"0V"`, "a negative hysteresis is not possible")
	}
	c.Upper, err = threshold(s, l.Threshold, field+".threshold")
	return c, err
}

func (r *triggerReader) levels(t *driver.TriggerConfig) error {
	for _, l := range t.Levels {
		c, err := r.level(l)
		if err != nil {
			return err
		}
		if err := r.add(l.Name, c, "trigger.level."+l.Name); err != nil {
			return err
		}
	}
	return nil
}

func (r *triggerReader) window(w driver.WindowCondition) (trigger.Condition, error) {
	field := "trigger.window." + w.Name
	i, s, err := r.source(w.Source, field)
	if err != nil {
		return trigger.Condition{}, err
	}
	if !slices.Contains(trigger.Legal[len(levelDirections):], w.Direction) {
		return trigger.Condition{}, refuse("configure", field+".direction", `"enter"`, "a window has no direction %q", w.Direction)
	}
	c := trigger.Condition{Source: i, Direction: w.Direction, LowerHysteresis: s.steps(w.LowerHysteresis), UpperHysteresis: s.steps(w.UpperHysteresis)}
	switch {
	case w.LowerHysteresis < 0:
		return c, refuse("configure", field+".lower_hysteresis", `"0V"`, "a negative hysteresis is not possible")
	case w.UpperHysteresis < 0:
		return c, refuse("configure", field+".upper_hysteresis", `"0V"`, "a negative hysteresis is not possible")
	case w.Lower >= w.Upper:
		return c, refuse("configure", field+".lower", "", "the lower threshold, %s, is not below the upper one, %s", w.Lower, w.Upper)
	}
	if c.Lower, err = threshold(s, w.Lower, field+".lower"); err != nil {
		return c, err
	}
	c.Upper, err = threshold(s, w.Upper, field+".upper")
	return c, err
}

func (r *triggerReader) windows(t *driver.TriggerConfig) error {
	for _, w := range t.Windows {
		c, err := r.window(w)
		if err != nil {
			return err
		}
		if err := r.add(w.Name, c, "trigger.window."+w.Name); err != nil {
			return err
		}
	}
	return nil
}

func (r *triggerReader) pins(t *driver.TriggerConfig) error {
	for _, d := range t.Digital {
		field := "trigger.digital." + d.Name
		m, ok := r.ports[d.Port]
		switch {
		case !ok:
			return refuse("configure", field, "", "a trigger on port %s needs the port to be enabled", d.Port)
		case isProof(m):
			return refuse("configure", field, "", "the proof signal counts the samples that are recorded: there is nothing in it to trigger on")
		}
		c := trigger.Condition{Source: r.input(d.Port, m), Pins: true}
		names := pins(slices.Index(ports, d.Port))
		for _, p := range d.Pins {
			bit := slices.Index(names, p.Pin)
			if bit < 0 {
				return refuse("configure", field+".pins", `"`+closest(p.Pin, names)+`"`, "port %s has no pin %q", d.Port, p.Pin)
			}
			if err := pin(&c, 1<<bit, p.Direction); err != nil {
				return refuse("configure", field+".pins", "", "%w", err)
			}
		}
		if c.Care|c.Rise|c.Fall == 0 {
			return refuse("configure", field+".pins", "", "no pin is named")
		}
		if err := r.add(d.Name, c, field); err != nil {
			return err
		}
	}
	return nil
}

func pin(c *trigger.Condition, bit byte, direction string) error {
	switch direction {
	case "high":
		c.Want |= bit
		c.Care |= bit
	case "low":
		c.Care |= bit
	case "rising":
		c.Rise |= bit
	case "falling":
		c.Fall |= bit
	case "either":
		c.Rise |= bit
		c.Fall |= bit
	default:
		return fmt.Errorf("a pin is low, high, rising, falling or either, not %q", direction)
	}
	return nil
}

// pulse reads the pulse width. Its thresholds are those of the level, or for the directions of windows of the window, of the
// same source.
func (r *triggerReader) pulse(t *driver.TriggerConfig) error {
	p := t.PulseWidth
	if p == nil {
		return nil
	}
	field := "trigger.pulse_width." + p.Name
	c, err := r.pulseCondition(t, p, field)
	if err != nil {
		return err
	}
	out := &trigger.Pulse{Condition: c, Type: p.Type}
	if !slices.Contains(r.caps.Trigger.PulseWidth, p.Type) {
		return refuse("configure", field+".type", `"greater_than"`, "there is no pulse type %q", p.Type)
	}
	if out.Lower, err = r.span(p.Lower, field+".lower"); err != nil {
		return err
	}
	if out.Upper, err = r.span(p.Upper, field+".upper"); err != nil {
		return err
	}
	both := p.Type == driver.PulseInRange || p.Type == driver.PulseOutOfRange
	if both && out.Lower > out.Upper {
		return refuse("configure", field+".lower", "", "the lower width, %d samples, is above the upper one, %d", out.Lower, out.Upper)
	}
	if out.When, err = r.references(p.When, field+".when", nil); err != nil {
		return err
	}
	if _, twice := r.names[p.Name]; twice {
		return refuse("configure", field, "", "two conditions are called %q", p.Name)
	}
	r.names[p.Name] = -1
	r.s.config.Pulse = out
	return nil
}

func (r *triggerReader) pulseCondition(t *driver.TriggerConfig, p *driver.PulseWidthCondition, field string) (trigger.Condition, error) {
	if slices.Contains(levelDirections, p.Direction) {
		for _, l := range t.Levels {
			if l.Source == p.Source {
				l.Direction = p.Direction
				return r.level(l)
			}
		}
		e := refuse("configure", field, "", "the pulse width of %s has no threshold", p.Source)
		e.Advice = fmt.Sprintf("write a level block for %s: its threshold counts; any_of says whether it does more than that", p.Source)
		return trigger.Condition{}, e
	}
	for _, w := range t.Windows {
		if w.Source == p.Source {
			w.Direction = p.Direction
			return r.window(w)
		}
	}
	e := refuse("configure", field, "", "the pulse width of %s has no thresholds for the direction %q", p.Source, p.Direction)
	e.Advice = fmt.Sprintf("write a window block for %s: its thresholds count", p.Source)
	return trigger.Condition{}, e
}

// terms reads the OR of ANDs; without one all conditions stand together.
func (r *triggerReader) terms(t *driver.TriggerConfig) (err error) {
	if len(r.s.config.Conditions) == 0 && r.s.config.Pulse == nil {
		return refuse("configure", "trigger", "", "the trigger has no condition")
	}
	if len(t.AnyOf) > 0 {
		r.s.config.Terms, err = r.references(t.AnyOf, "trigger.any_of", t.PulseWidth)
		return err
	}
	var all []trigger.Member
	for i := range r.s.config.Conditions {
		all = append(all, trigger.Member{Condition: i})
	}
	if t.PulseWidth != nil {
		all = append(all, trigger.Member{Condition: -1})
	}
	r.s.config.Terms = [][]trigger.Member{all}
	return nil
}

func (r *triggerReader) references(terms [][]driver.ConditionRef, field string, pulse *driver.PulseWidthCondition) (out [][]trigger.Member, err error) {
	for _, term := range terms {
		var members []trigger.Member
		for _, ref := range term {
			i, ok := r.names[ref.Name]
			if !ok || i < 0 && pulse == nil {
				return nil, refuse("configure", field, "", "there is no condition %q here", ref.Name)
			}
			members = append(members, trigger.Member{Condition: i, Not: ref.Not})
		}
		if len(members) == 0 {
			return nil, refuse("configure", field, "", "an empty list of conditions would always hold")
		}
		out = append(out, members)
	}
	return out, nil
}
