package scope

import (
	"errors"
	"fmt"

	"github.com/scopelog/scopelog/picosdk"
	"github.com/scopelog/scopelog/units"
)

// timebase decides the number of the interval, and asks the unit for the interval itself. The inputs are set up.
func (p *planner) timebase() error {
	if _, err := p.dev.unit.(BlockUnit).Segments(1); !picosdk.Tolerable(err) {
		return err
	}
	if n := p.blocks().Timebase; n != nil {
		return p.numbered(*n)
	}
	want := p.blocks().Interval
	n, listed, err := p.dev.model.NearestTimebase(want, p.s.bits, p.set(), len(p.cfg.Digital))
	if err != nil {
		return picosdk.Refuse("configure", p.field("sample_interval"), "", "%w", err)
	}
	got, err := p.ask(n)
	if refusedTimebase(err) {
		return picosdk.Refuse("configure", p.field("sample_interval"), p.slower(n, listed), "the unit refuses an interval of %s with what is on", want)
	}
	if err != nil {
		return err
	}
	p.s.applied.Timebase = int64(n)
	return p.settle(got, want)
}

// numbered takes a timebase by its number. Numbers are the unit's business: it is asked, whatever the tables say.
func (p *planner) numbered(n uint32) error {
	got, err := p.ask(n)
	if refusedTimebase(err) {
		var limit *picosdk.LimitError
		_, told := p.dev.model.Timebase(n, p.s.bits, p.set(), len(p.cfg.Digital))
		near := ""
		if errors.As(told, &limit) && !limit.Near.IsZero() {
			if k, _, err := p.dev.model.NearestTimebase(limit.Near, p.s.bits, p.set(), len(p.cfg.Digital)); err == nil {
				near = fmt.Sprint(k)
			}
		} else {
			told = errors.New("the unit refuses it with what is on")
		}
		return picosdk.Refuse("configure", p.field("timebase"), near, "timebase %d is not possible: %w", n, told)
	}
	if err != nil {
		return err
	}
	p.s.applied.Timebase, p.s.applied.Interval = int64(n), got
	return nil
}

func refusedTimebase(err error) bool {
	return picosdk.IsStatus(err, picosdk.StatusInvalidTimebase, picosdk.StatusInvalidParameter)
}

// ask asks the unit for the interval of a timebase.
func (p *planner) ask(n uint32) (units.Interval, error) {
	got, _, err := p.dev.unit.(BlockUnit).Timebase(n, 1)
	if !picosdk.Tolerable(err) {
		return got, err
	}
	if got.Sign() <= 0 {
		return got, fmt.Errorf("the unit says that timebase %d is %s long", n, got)
	}
	return got, nil
}

// slower is the shortest interval that the unit takes where it refuses one that the table allows, whose number is known; empty:
// none was found. Numbers grow with the interval.
func (p *planner) slower(refused uint32, interval units.Interval) string {
	var taken uint32
	var best units.Interval
	for range doublings {
		doubled, err := interval.Mul(units.Rat(2, 1))
		if err != nil {
			return ""
		}
		interval = units.Interval{Rational: doubled}
		n, _, err := p.dev.model.NearestTimebase(interval, p.s.bits, p.set(), len(p.cfg.Digital))
		if err != nil || n <= refused {
			continue
		}
		if best, err = p.ask(n); err == nil {
			taken = n
			break
		}
		if !refusedTimebase(err) {
			return ""
		}
		refused = n
	}
	if taken == 0 {
		return ""
	}
	for taken-refused > 1 {
		n := refused + (taken-refused)/2
		got, err := p.ask(n)
		switch {
		case err == nil:
			taken, best = n, got
		case refusedTimebase(err):
			refused = n
		default:
			return picosdk.Quoted(best)
		}
	}
	return picosdk.Quoted(best)
}
