package scope

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// tolerance is how far the applied interval may be from the asked one: libraries round.
const tolerance = 0.01

// tryRun starts and stops a run to learn the interval that the library uses.
func (p *planner) tryRun() error {
	d, want := p.dev, p.cfg.Stream.Interval
	got, err := d.unit.Arm(p.s.run)
	if err != nil {
		var e *picosdk.StatusError
		if errors.As(err, &e) && e.Status == picosdk.StatusInvalidSampleInterval {
			return refuseStatus(e, "stream.sample_interval", p.longer(), fmt.Sprintf("the unit refuses to stream at an interval of %s", want))
		}
		return err
	}
	d.disarm()
	interval, err := got.Interval()
	if err != nil {
		return err
	}
	if err := p.settle(interval, want); err != nil {
		return err
	}
	largest := float64(p.s.run.Ratio()) * interval.Float64() * float64(time.Second)
	p.s.applied.DeliveryPeriod = max(100*time.Millisecond, time.Duration(math.Min(largest, math.MaxInt64/16)))
	p.s.silence = max(2*time.Second, 4*p.s.applied.DeliveryPeriod)
	return nil
}

// settle takes the interval that the unit makes of the wanted one, or refuses.
func (p *planner) settle(interval, want units.Interval) error {
	off := interval.Float64()/want.Float64() - 1
	switch {
	case math.Abs(off) > tolerance:
		return picosdk.Refuse("configure", p.field("sample_interval"), picosdk.Quoted(interval), "%s is not possible: the unit would sample every %s", want, interval)
	case interval.Cmp(want.Rational) != 0:
		p.s.applied.Notes = append(p.s.applied.Notes, fmt.Sprintf("the unit samples every %s; asked for %s", interval, wanted(want)))
	}
	p.s.applied.Interval = interval
	return nil
}

// wanted prints an interval that a plan asked for: as a rate where it has no end as a decimal.
func wanted(i units.Interval) string {
	if text := i.String(); !strings.Contains(text, "/") || i.Sign() <= 0 {
		return text
	}
	return i.Rate().String()
}

const (
	// doublings is how often an interval that the unit refuses is doubled in search of one that it takes.
	doublings = 10
	// halvings is how often the gap between the last refused and the first taken interval is then halved.
	halvings = 12
	// searchTime is when the search ends with what it has found: each trial starts and stops the unit.
	searchTime = 4 * time.Second
)

// longer looks for the shortest interval that the unit takes where it refuses the wanted one, which the table allows; empty:
// none was found. Units round what they are asked for to steps of a clock that they do not tell, so that a gap which is
// narrower than a step leaves the nearest possible interval.
func (p *planner) longer() string {
	refused := p.cfg.Stream.Interval
	var asked, best units.Interval // of those that were taken
	limit := time.Now().Add(searchTime)
	for range doublings {
		doubled, err := refused.Mul(units.Rat(2, 1))
		if err != nil {
			return ""
		}
		asked, best, err = p.try(units.Interval{Rational: doubled})
		if err == nil {
			break
		}
		if !picosdk.IsStatus(err, picosdk.StatusInvalidSampleInterval) {
			return ""
		}
		refused = asked
		if time.Now().After(limit) {
			return ""
		}
	}
	if best.IsZero() {
		return ""
	}
	for range halvings {
		between, err := middle(refused, asked)
		if err != nil || time.Now().After(limit) {
			break
		}
		at, taken, err := p.try(between)
		if at.Cmp(refused.Rational) <= 0 || at.Cmp(asked.Rational) >= 0 {
			break // the library's time unit is not finer
		}
		switch {
		case picosdk.IsStatus(err, picosdk.StatusInvalidSampleInterval):
			refused = at
		case err != nil:
			return picosdk.Quoted(best)
		default:
			asked = at
			if taken.Cmp(best.Rational) < 0 && taken.Cmp(p.cfg.Stream.Interval.Rational) > 0 {
				best = taken
			}
		}
	}
	return picosdk.Quoted(best)
}

// middle is the interval half-way between two.
func middle(a, b units.Interval) (units.Interval, error) {
	sum, err := a.Add(b.Rational)
	if err != nil {
		return units.Interval{}, err
	}
	half, err := sum.Mul(units.Rat(1, 2))
	return units.Interval{Rational: half}, err
}

// try starts and stops a run with an interval. asked is that interval as the library's form holds it, taken what the unit
// makes of it.
func (p *planner) try(want units.Interval) (asked, taken units.Interval, err error) {
	run := p.s.run
	if run.Interval, err = p.count(want); err != nil {
		return want, taken, err
	}
	if asked, err = run.Interval.Interval(); err != nil {
		return want, taken, err
	}
	got, err := p.dev.unit.Arm(run)
	if err != nil {
		return asked, taken, err
	}
	p.dev.disarm()
	taken, err = got.Interval()
	return asked, taken, err
}

// refuseStatus words a refusal by the library.
func refuseStatus(e *picosdk.StatusError, field, nearest, message string) *driver.Error {
	f := e.Driver("configure", field)
	f.Kind, f.Message, f.Nearest = driver.KindUnsupported, message+": "+f.Message, nearest
	return f
}
