package trigger

import (
	"fmt"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// Request is what a [Plan] is made from: the trigger that was asked for, and what the unit has made of ranges, offsets and interval.
type Request struct {
	Config       *driver.TriggerConfig
	Rules        Rules
	Model        picosdk.Model
	Capabilities driver.Capabilities
	Interval     units.Interval
	Channels     []driver.AppliedChannel // those that are on
	Ports        []int                   // those that are on; 0 is D0-7
	CodeMax      int32                   // the code of a channel's full range
	MaxDelay     uint64                  // samples
	// NoChannel is the refusal of a channel that the model has and the unit, as it is powered, has not.
	NoChannel func(name string) error
}

// Make returns the trigger in the terms of the unit, and notes on what it does otherwise than was asked. Errors: a *[driver.Error] of
// the kind [driver.KindUnsupported] that names the field, and what r.NoChannel returns.
func Make(r Request) (*Plan, []string, error) {
	m := maker{r: r, plan: &Plan{}, conditions: map[string]*condition{}}
	for _, step := range []func() error{m.levels, m.windows, m.digitals, m.pulse, m.terms, m.delay, m.auto} {
		if err := step(); err != nil {
			return nil, nil, err
		}
	}
	m.plan.Simple = r.Config.Simple() && r.Config.Levels[0].Hysteresis == 0
	return m.plan, m.notes, nil
}

// maker makes a Plan.
type maker struct {
	r          Request
	plan       *Plan
	notes      []string
	conditions map[string]*condition // by name
	order      []string              // their names
}

// condition is one condition of the plan.
type condition struct {
	field   string
	source  Source
	level   Level // of an analog source
	pins    []Pin // of a port
	instant bool  // a moment rather than a state
	given   given // of an analog source
}

// add names a condition.
func (m *maker) add(name string, c *condition) error {
	if _, twice := m.conditions[name]; twice {
		return picosdk.Refuse("configure", c.field, "", "two conditions are called %q", name)
	}
	m.conditions[name] = c
	m.order = append(m.order, name)
	return nil
}

// span turns a stretch into samples; a time that is no whole number of them is rounded up, and a note says so.
func (m *maker) span(s driver.Span, field string, most uint64) (uint64, error) {
	interval := m.r.Interval
	if s.Samples == 0 && !s.Time.IsZero() && interval.Sign() <= 0 {
		return 0, driver.Errorf(driver.KindBug, "configure", "the interval is not known when %s is read", field)
	}
	n, exact := picosdk.Samples(s, interval)
	switch {
	case n.Sign() < 0:
		return 0, picosdk.Refuse("configure", field, "0", "%s samples are not possible", n)
	case !n.IsUint64() || n.Uint64() > most:
		near := fmt.Sprint(most)
		if s.Samples == 0 {
			if longest, err := interval.Mul(units.Rat(int64(min(most, 1<<62)), 1)); err == nil {
				near = picosdk.Quoted(units.Interval{Rational: longest})
			}
		}
		return 0, picosdk.Refuse("configure", field, near, "%s samples of %s are not possible; the most is %d", n, interval, most)
	case !exact:
		m.note("%s: %s is not a whole number of samples; %d are used", field, s.Time, n)
	}
	return n.Uint64(), nil
}

// note adds to what is told beside the plan.
func (m *maker) note(format string, args ...any) {
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
}

func (m *maker) delay() (err error) {
	m.plan.Delay, err = m.span(m.r.Config.Delay, "trigger.delay", m.r.MaxDelay)
	return err
}

func (m *maker) auto() error {
	asked, step, most := m.r.Config.Auto, max(m.r.Rules.AutoStep, 1), m.r.Rules.MaxAuto
	whole := asked
	if rest := asked % step; rest > 0 {
		whole += step - rest
	}
	switch {
	case asked < 0:
		return driver.Errorf(driver.KindBug, "configure", "a negative time of the trigger")
	case most > 0 && whole > most:
		return picosdk.Refuse("configure", "trigger.auto", picosdk.Quoted(units.IntervalOf(most)), "%s is not possible: the unit waits for %s at most before it triggers by itself", asked, most)
	case whole != asked:
		m.note("trigger.auto: the unit counts in steps of %s: it triggers by itself after %s", step, whole)
	}
	m.plan.Auto = whole
	return nil
}
