package scope

import (
	"errors"
	"fmt"
	"math"
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
	off := interval.Float64()/want.Float64() - 1
	switch {
	case math.Abs(off) > tolerance:
		return refuse("configure", "stream.sample_interval", quoted(interval), "%s is not possible: the unit would sample every %s", want, interval)
	case interval.Cmp(want.Rational) != 0:
		p.s.applied.Notes = append(p.s.applied.Notes, fmt.Sprintf("the unit samples every %s; asked for %s", interval, want))
	}
	p.s.applied.Interval = interval
	largest := float64(p.s.run.Ratio()) * interval.Float64() * float64(time.Second)
	p.s.applied.DeliveryPeriod = max(100*time.Millisecond, time.Duration(math.Min(largest, math.MaxInt64/16)))
	p.s.silence = max(2*time.Second, 4*p.s.applied.DeliveryPeriod)
	return nil
}

// doublings is how often an interval that the unit refuses is doubled in search of one that it takes.
const doublings = 10

// longer looks for an interval that the unit takes where it refuses the wanted one, which the table allows; empty: none was
// found.
func (p *planner) longer() string {
	run, interval := p.s.run, p.cfg.Stream.Interval
	for range doublings {
		doubled, err := interval.Mul(units.Rat(2, 1))
		if err != nil {
			return ""
		}
		interval = units.Interval{Rational: doubled}
		if run.Interval, err = p.count(interval); err != nil {
			return ""
		}
		got, err := p.dev.unit.Arm(run)
		if isStatus(err, picosdk.StatusInvalidSampleInterval) {
			continue
		}
		if err != nil {
			return ""
		}
		p.dev.disarm()
		if taken, err := got.Interval(); err == nil {
			return quoted(taken)
		}
	}
	return ""
}

// refuseStatus words a refusal by the library.
func refuseStatus(e *picosdk.StatusError, field, nearest, message string) *driver.Error {
	f := e.Driver("configure", field)
	f.Kind, f.Message, f.Nearest = driver.KindUnsupported, message+": "+f.Message, nearest
	return f
}
