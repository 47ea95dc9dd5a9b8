package analyze

import (
	"github.com/scopelog/scopelog/analysis/measure"
)

// Average is the operation "average": mean and spread of the waveforms of a block mode, sample by sample.
type Average struct {
	Align bool // by the trigger's place between samples
}

// Name returns "average".
func (*Average) Name() string { return "average" }

func (o *Average) begin(list []*source) (state, error) {
	s := &averageState{op: o}
	for _, src := range list {
		switch {
		case src.Digital():
			return nil, &DigitalError{src.Stream.Name()}
		case src.Waveform() == 0:
			return nil, optionError("stream %s has no waveforms: average is for block and rapid block", src.Stream.Name())
		case src.Waveform() != list[0].Waveform() || src.Interval != list[0].Interval:
			return nil, optionError("the waveforms of %s and %s are not alike: choose one of them with --stream", list[0].Stream.Name(), src.Stream.Name())
		}
		a, err := measure.NewAverage(int(src.Waveform()))
		if err != nil {
			return nil, &OptionError{err.Error()}
		}
		s.parts = append(s.parts, &averagePart{op: o, src: src, sum: a, position: src.waves[0].Position})
	}
	return s, nil
}

type averageState struct {
	op    *Average
	parts []*averagePart
}

type averagePart struct {
	op       *Average
	src      *source
	sum      *measure.Average
	position int64 // of the first waveform's trigger
	n        int64
	values   []float64 // of the present waveform
	piece    piece
}

func (s *averageState) of(i int) taker { return s.parts[i] }
func (s *averageState) close()         {}

func (p *averagePart) open(at piece) error {
	p.values, p.piece = p.values[:0], at
	return nil
}

func (p *averagePart) take(x []float64) error {
	p.values = append(p.values, x...)
	if int64(len(p.values)) < p.src.Waveform() {
		return nil
	}
	w := p.piece.wave
	offset := float64(w.Position - p.position)
	if p.op.Align {
		offset += float64(w.OffsetFS) * 1e-15 / p.src.seconds()
	}
	p.sum.Add(p.values, offset)
	p.n++
	return nil
}

func (p *averagePart) done() error { return nil }

func (s *averageState) result() (*Table, error) {
	first := s.parts[0]
	t := &Table{Drawn: &Drawing{}}
	t.value("time", "s")
	for i := range first.sum.Len() {
		t.Columns[0].Values = append(t.Columns[0].Values, secondsOf(first.src.Interval, int64(i)-first.position))
	}
	t.Rows = first.sum.Len()
	for _, p := range s.parts {
		name, unit := p.src.name, p.src.Unit()
		mean := t.value(name, unit)
		t.Columns[mean].Values = p.sum.Mean(nil)
		std := t.value(name+" std", unit)
		t.Columns[std].Values = p.sum.Std(nil)
		t.Drawn.Y = append(t.Drawn.Y, mean)
		t.Notes = append(t.Notes, name+": "+count(p.n, "waveform"))
	}
	t.Brief = t.thinned()
	return t, nil
}
