package analyze

import (
	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/stats"
)

// Measure is the operation "measure": what an oscilloscope measures by itself, in the terms of IEEE 181. A recording is read twice: for its levels, and
// for its edges.
type Measure struct {
	Options measure.Options
	States  States // of one signal; not with With
	With    string // another stream: delay and phase of it against the first; empty: none
}

// Name returns "measure".
func (*Measure) Name() string { return "measure" }

func (o *Measure) begin(list []*source) (state, error) {
	if o.With != "" {
		return o.beginPair(list)
	}
	s := &measureState{op: o, workers: workersFor(len(list))}
	return s, addAll(s, list)
}

func (s *measureState) add(src *source) error {
	if src.Digital() {
		return src.portError()
	}
	levels, err := s.op.States.levels(src, min(s.workers, workersFor(len(s.parts)+1)))
	if err != nil {
		return err
	}
	p := &measurePart{src: src, first: levels}
	if p.meter, err = measure.NewMeter(measure.Levels{}, src.seconds(), s.op.Options); err != nil {
		return &OptionError{err.Error()}
	}
	s.parts = append(s.parts, p)
	return nil
}

type measureState struct {
	op      *Measure
	workers int // of each stream to begin with; one that comes later has fewer
	parts   []*measurePart
}

type measurePart struct {
	src   *source
	first *levelsTaker
	meter *measure.Meter
	begun bool
}

func (s *measureState) prepare(i int) taker { return s.parts[i].first.first() }
func (s *measureState) outdated(i int) bool { return s.parts[i].first.moved() }
func (s *measureState) forget(i int)        { s.parts[i].begun = false }
func (s *measureState) of(i int) taker      { return s.parts[i] }
func (s *measureState) close()              {}

func (p *measurePart) open(at piece) error {
	if !p.begun {
		p.begun = true
		p.meter.Reset(p.first.use()[0])
	}
	p.meter.Break(at.from)
	return nil
}

func (p *measurePart) take(x []float64) error {
	p.meter.Add(x)
	return nil
}

func (p *measurePart) done() error { return nil }

// ofPins are the quantities of a pin: how its edges look between two samples is not known.
var ofPins = map[measure.Quantity]bool{
	measure.Period: true, measure.Frequency: true, measure.PositiveWidth: true, measure.NegativeWidth: true, measure.DutyCycle: true,
}

// notMeasured is told of a source where what follows was ended in its first pass.
func notMeasured(name string) string {
	return name + ": it was ended before anything was measured: its levels were still looked for"
}

// measureTable has a row for each quantity.
func measureTable() *Table {
	t := &Table{}
	t.text("stream")
	t.text("quantity")
	t.text("unit")
	t.whole("count")
	t.value("mean", "")
	t.value("min", "")
	t.value("max", "")
	t.value("std", "")
	return t
}

// moments appends a row of a quantity that was measured often.
func (t *Table) moments(stream, quantity, unit string, m stats.Moments) {
	t.row(stream, quantity, unit, m.N(), m.Mean(), m.Min(), m.Max(), m.Std())
}

// single appends a row of a quantity that there is one of.
func (t *Table) single(stream, quantity, unit string, v float64) {
	t.row(stream, quantity, unit, 1, v, none, none, none)
}

func (s *measureState) result() (*Table, error) {
	t := measureTable()
	for _, p := range s.parts {
		if !p.begun {
			t.Notes = append(t.Notes, notMeasured(p.src.name))
			continue
		}
		r, name, unit := p.meter.Result(), p.src.name, p.src.Unit()
		r.Levels.Min, r.Levels.Max = r.Signal.Min(), r.Signal.Max()
		t.single(name, "base", unit, r.Levels.Base)
		t.single(name, "top", unit, r.Levels.Top)
		t.single(name, "amplitude", unit, r.Levels.Amplitude())
		t.single(name, "peak_to_peak", unit, r.Levels.PeakToPeak())
		t.single(name, "min", unit, r.Levels.Min)
		t.single(name, "max", unit, r.Levels.Max)
		t.single(name, "mean", unit, r.Signal.Mean())
		t.single(name, "rms", unit, r.Signal.RMS())
		for q := measure.Quantity(0); int(q) < measure.Quantities; q++ {
			if m := r.Of(q); m.N() > 0 && (!p.src.Pin() || ofPins[q]) {
				t.moments(name, q.String(), q.Unit(unit), m)
			}
		}
		watched := []string{"no cycle"}
		if r.Of(measure.Period).N() > 0 {
			watched = []string{quantity("", r.Frequency(), "Hz")}
		}
		watched = append(watched, quantity("mean", r.Signal.Mean(), unit), quantity("rms", r.Signal.RMS(), unit), quantity("peak to peak", r.Levels.PeakToPeak(), unit))
		if duty := r.Of(measure.DutyCycle); duty.N() > 0 {
			watched = append(watched, quantity("duty", duty.Mean(), measure.DutyCycle.Unit(unit)))
		}
		t.watch(name, watched...)
		if period := r.Of(measure.Period); period.N() == 0 {
			t.Notes = append(t.Notes, name+": no whole cycle between two rising edges through the middle was found")
		} else if f := r.Of(measure.Frequency); f.N() > 1 {
			t.Notes = append(t.Notes, name+": "+trim9(r.Frequency())+" Hz over all cycles together")
		}
	}
	return t, nil
}
