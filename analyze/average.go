package analyze

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/measure"
)

// Average is the operation "average": mean and spread of the waveforms of a block mode, sample by sample.
type Average struct {
	Align       bool // by the trigger's place between samples
	Untriggered bool // waveforms without a trigger count too, from their first sample on; else only where none of a stream has one
}

// Name returns "average".
func (*Average) Name() string { return "average" }

func (o *Average) begin(list []*source) (state, error) {
	s := &averageState{op: o}
	return s, addAll(s, list)
}

// mostAveraged is how many samples the waveforms of all streams together have at most: each takes some 64 bytes.
const mostAveraged = 1 << 24

type averageState struct {
	op    *Average
	parts []*averagePart
}

func (s *averageState) add(src *source) error {
	switch {
	case src.Digital():
		return src.portError()
	case src.Waveform() == 0:
		return optionError("stream %s has no waveforms: average is for block and rapid block", src.Stream.Name())
	case len(s.parts) > 0 && src.Interval != s.parts[0].src.Interval:
		return optionError("the waveforms of %s and %s have different rates: choose one of them with --stream", s.parts[0].src.name, src.name)
	}
	if n := src.Waveform() * int64(len(s.parts)+1); n > mostAveraged {
		return optionError("the waveforms of all streams have %d samples, and averages of more than %d are refused, since they take more than a gigabyte of memory: choose fewer streams with --stream", n, mostAveraged)
	}
	p := &averagePart{op: s.op, src: src}
	var err error
	if p.sum, err = measure.NewAverage(int(src.Waveform())); err != nil {
		return &OptionError{err.Error()}
	}
	s.parts = append(s.parts, p)
	return nil
}

// averagePart averages the waveforms of one source: those with a trigger by its place, and the others by their first sample.
type averagePart struct {
	op       *Average
	src      *source
	sum      *measure.Average
	position int64            // of the first trigger, which all others are moved to
	n        int64            // waveforms with a trigger
	kept     float64          // the sum of what interpolation leaves of the variance of white noise, of each of these
	plain    *measure.Average // of the others; nil: there are none
	others   int64
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
	if !w.Triggered {
		return p.takePlain()
	}
	if p.n == 0 {
		p.position = w.Position
	}
	offset := float64(w.Position - p.position)
	if p.op.Align {
		offset += float64(w.OffsetFS) * 1e-15 / p.src.seconds()
	}
	p.sum.Add(p.values, offset)
	f := offset - math.Floor(offset)
	p.kept += f*f + (1-f)*(1-f) // the squares of both weights
	p.n++
	return nil
}

func (p *averagePart) takePlain() (err error) {
	if p.plain == nil {
		if p.plain, err = measure.NewAverage(p.sum.Len()); err != nil {
			return err
		}
	}
	p.plain.Add(p.values, 0)
	p.others++
	return nil
}

func (p *averagePart) done() error { return nil }

// average returns what counts, the place of the trigger in it, and a note.
func (p *averagePart) average() (a *measure.Average, position int64, note string, err error) {
	without := count(p.others, "waveform") + " without a trigger"
	switch {
	case p.others == 0:
		return p.sum, p.position, count(p.n, "waveform"), nil
	case p.n == 0:
		return p.plain, 0, count(p.others, "waveform") + ", of which none has a trigger: time 0 is their first sample", nil
	case !p.op.Untriggered:
		return p.sum, p.position, count(p.n, "waveform") + "; " + without + " left out, --untriggered counts them too", nil
	}
	if a, err = measure.NewAverage(p.sum.Len()); err != nil {
		return nil, 0, "", err
	}
	a.Merge(p.sum)
	a.Merge(p.plain)
	return a, p.position, count(p.n+p.others, "waveform") + ", among them " + without, nil
}

// smoothed tells how much lower interpolation made the spread of noise.
func (p *averagePart) smoothed(t *Table) {
	if std := math.Sqrt(p.kept / float64(p.n)); p.n > 0 && std < 0.99 {
		t.Notes = append(t.Notes, fmt.Sprintf("%s: placed between samples by interpolation, which takes the std of white noise down to %.0f %%; --align=false leaves it whole", p.src.name, 100*std))
	}
}

// result puts all averages on one axis of time, with the triggers at 0: where one does not reach, it has no value.
func (s *averageState) result() (*Table, error) {
	t := &Table{Drawn: &Drawing{}}
	t.value("time", "s")
	list, positions := make([]*measure.Average, len(s.parts)), make([]int64, len(s.parts))
	from, to := int64(math.MaxInt64), int64(math.MinInt64)
	for i, p := range s.parts {
		var note string
		var err error
		if list[i], positions[i], note, err = p.average(); err != nil {
			return nil, err
		}
		t.Notes = append(t.Notes, p.src.name+": "+note)
		p.smoothed(t)
		from, to = min(from, -positions[i]), max(to, int64(list[i].Len())-positions[i])
	}
	for k := from; k < to; k++ {
		t.Columns[0].Values = append(t.Columns[0].Values, secondsOf(s.parts[0].src.Interval, k))
	}
	t.Rows = int(to - from)
	placed := func(values []float64, position int64) []float64 {
		if len(values) == t.Rows {
			return values
		}
		out := make([]float64, t.Rows)
		for i := range out {
			out[i] = none
		}
		copy(out[-position-from:], values)
		return out
	}
	for i, p := range s.parts {
		mean := t.value(p.src.name, p.src.Unit())
		t.Columns[mean].Values = placed(list[i].Mean(nil), positions[i])
		std := t.value(p.src.name+" std", p.src.Unit())
		t.Columns[std].Values = placed(list[i].Std(nil), positions[i])
		t.Drawn.Y = append(t.Drawn.Y, mean)
	}
	t.Brief = t.thinned()
	return t, nil
}
