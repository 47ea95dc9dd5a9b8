package scope

import (
	"fmt"
	"math/big"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// trigger turns the trigger that was asked for into one in the terms of the unit, or refuses. Codes and numbers of samples depend
// on what the unit has made of ranges, offsets and interval: this step comes after those that apply them.
func (p *planner) trigger() error {
	t := p.cfg.Trigger
	if t == nil {
		return nil
	}
	unit, ok := p.dev.unit.(Triggerer)
	if !ok {
		return refuse("configure", "trigger", "", "the %s has no trigger that this driver can use", p.caps.Model)
	}
	m := triggerMaker{planner: p, t: t, rules: unit.TriggerRules(), plan: &TriggerPlan{}, conditions: map[string]*condition{}}
	for _, step := range []func() error{m.levels, m.windows, m.digitals, m.pulse, m.terms, m.delay, m.auto} {
		if err := step(); err != nil {
			return err
		}
	}
	m.plan.Simple = t.Simple() && t.Levels[0].Hysteresis == 0
	p.s.trigger = m.plan
	return nil
}

// setTrigger arms the trigger of a setup for the runs that follow, or takes the one away that was there. It is for the worker.
func (d *Device) setTrigger(s *setup) error {
	unit, ok := d.unit.(Triggerer)
	switch {
	case !ok:
		return nil // the planner has refused a trigger
	case s.trigger == nil:
		return unit.ClearTrigger()
	}
	if err := unit.SetTrigger(*s.trigger); !tolerable(err) {
		return triggerRefused(err, s.trigger)
	}
	return nil
}

// triggerRefused names the part of a trigger that the library refuses.
func triggerRefused(err error, plan *TriggerPlan) error {
	s, ok := picosdk.StatusOf(err)
	if err == nil || !ok || s.Class() != picosdk.ClassUser {
		return err
	}
	name := ""
	if plan.Pulse != nil {
		name = plan.Pulse.name
	}
	return picosdk.DriverError(err, "configure", s.TriggerField(name))
}

// triggerMaker makes a TriggerPlan.
type triggerMaker struct {
	*planner
	t          *driver.TriggerConfig
	rules      TriggerRules
	plan       *TriggerPlan
	conditions map[string]*condition // by name
	order      []string              // their names
}

// condition is one condition of the plan.
type condition struct {
	field   string
	source  TriggerSource
	level   TriggerLevel // of an analog source
	pins    []TriggerPin // of a port
	instant bool         // a moment rather than a state
	given   givenLevel   // of an analog source
}

// add names a condition.
func (m *triggerMaker) add(name string, c *condition) error {
	if _, twice := m.conditions[name]; twice {
		return refuse("configure", c.field, "", "two conditions are called %q", name)
	}
	m.conditions[name] = c
	m.order = append(m.order, name)
	return nil
}

// span turns a stretch into samples; a time that is no whole number of them is rounded up, and Applied says so.
func (m *triggerMaker) span(s driver.Span, field string, most uint64) (uint64, error) {
	n, exact := big.NewInt(s.Samples), true
	interval := m.s.applied.Interval
	if s.Samples == 0 && !s.Time.IsZero() {
		if interval.Sign() <= 0 {
			return 0, driver.Errorf(driver.KindBug, "configure", "the interval is not known when %s is read", field)
		}
		q := new(big.Rat).Quo(s.Time.Big(), interval.Big())
		exact = q.IsInt()
		n.Add(q.Num(), new(big.Int).Sub(q.Denom(), big.NewInt(1)))
		n.Quo(n, q.Denom())
	}
	switch {
	case n.Sign() < 0:
		return 0, refuse("configure", field, "0", "%s samples are not possible", n)
	case !n.IsUint64() || n.Uint64() > most:
		near := fmt.Sprint(most)
		if s.Samples == 0 {
			if longest, err := interval.Mul(units.Rat(int64(min(most, 1<<62)), 1)); err == nil {
				near = quoted(units.Interval{Rational: longest})
			}
		}
		return 0, refuse("configure", field, near, "%s samples of %s are not possible; the most is %d", n, interval, most)
	case !exact:
		m.note("%s: %s is not a whole number of samples; %d are used", field, s.Time, n)
	}
	return n.Uint64(), nil
}

// note adds to what Applied tells.
func (m *triggerMaker) note(format string, args ...any) {
	m.s.applied.Notes = append(m.s.applied.Notes, fmt.Sprintf(format, args...))
}

func (m *triggerMaker) delay() (err error) {
	most := m.dev.model.Trigger.MaxDelay
	switch {
	case m.cfg.Stream != nil:
		most = mostAround // the loop's affair
	case m.rules.MaxDelay > 0:
		most = min(most, m.rules.MaxDelay)
	}
	if m.cfg.Stream == nil {
		most = min(most, longest(m.s.applied.Interval))
	}
	m.plan.Delay, err = m.span(m.t.Delay, "trigger.delay", most)
	return err
}

func (m *triggerMaker) auto() error {
	asked, step, most := m.t.Auto, max(m.rules.AutoStep, 1), m.rules.MaxAuto
	if m.cfg.Stream != nil {
		step, most = 1, 0 // the loop's affair
	}
	whole := asked
	if rest := asked % step; rest > 0 {
		whole += step - rest
	}
	switch {
	case asked < 0:
		return driver.Errorf(driver.KindBug, "configure", "a negative time of the trigger")
	case most > 0 && whole > most:
		return refuse("configure", "trigger.auto", quoted(units.IntervalOf(most)), "%s is not possible: the unit waits for %s at most before it triggers by itself", asked, most)
	case whole != asked:
		m.note("trigger.auto: the unit counts in steps of %s: it triggers by itself after %s", step, whole)
	}
	m.plan.Auto = whole
	if whole > 0 && m.cfg.Stream == nil {
		m.note("trigger.auto: the unit does not tell which waveforms it took without a trigger: they are marked as if it had come")
	}
	return nil
}
