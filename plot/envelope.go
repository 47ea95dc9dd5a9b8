package plot

import (
	"context"
	"fmt"
	"math"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// lineSamples is how many samples a column may have at most for these to be drawn one by one.
const lineSamples = 4

// envelope makes the columns of a stream: the smallest and the largest value of each stretch of device indexes.
type envelope struct {
	w        walker
	quantity convert.Quantity
	zero     recording.Timestamp
	pixel    float64 // seconds that a column should have
	line     bool
	out      []stretch

	conv    *convert.Converter
	of      *recording.Segment
	part    *part
	key     int64
	pending counts // of the present column and part, as stored
	column  column // of the present column, in values of the parts before
	open    bool
	last    int64 // device index behind the last sample
	fresh   bool  // the next column does not join the last one
	places  []float64
	stored  []byte
}

// envelopeOf reads the columns of a track; pixel is how many seconds a column should have. Columns of one interval cover the same device indexes,
// so that those of a minimum and of a maximum belong together.
func envelopeOf(ctx context.Context, t *track, q convert.Quantity, zero recording.Timestamp, pixel float64, notes map[string]bool) ([]stretch, error) {
	e := &envelope{quantity: q, zero: zero, pixel: pixel, pending: noCounts, fresh: true}
	e.w = walker{ctx: ctx, stream: t.source, notes: notes, row: e.row, raw: e.raw}
	parts := t.parts()
	for from := 0; from < len(parts); {
		to := from + 1
		for to < len(parts) && parts[to].spans[0].dt == parts[from].spans[0].dt {
			to++
		}
		dt := parts[from].spans[0].dt
		if e.line = pixel/dt < lineSamples; e.line {
			e.w.width, e.w.level = readSamples, -1
		} else {
			e.w.width, e.w.level = columnWidth(pixel / dt)
		}
		if err := e.w.over(parts[from:to]); err != nil {
			return nil, err
		}
		if err := e.flush(); err != nil {
			return nil, err
		}
		e.fresh = true
		from = to
	}
	return e.out, nil
}

// enter makes ready for samples of a part from a device index on.
func (e *envelope) enter(p *part, from int64) error {
	if p != e.part {
		if e.open {
			if err := e.settle(); err != nil {
				return err
			}
		}
		if p.block {
			if err := e.flush(); err != nil {
				return err
			}
			e.fresh = true
		}
		e.part = p
		if g := p.spans[0].segment; g != e.of {
			conv, err := convert.New(&g.Global)
			if err != nil {
				return err
			}
			if err := conv.Has(e.quantity); err != nil {
				return err
			}
			e.conv, e.of = conv, g
		}
	}
	if key := from / e.w.width; !e.open || key != e.key || e.line {
		if err := e.flush(); err != nil {
			return err
		}
		if from != e.last {
			e.fresh = true
		}
		e.key, e.open = key, true
		e.column = column{x0: p.at(from).x(from, e.zero), lo: math.NaN(), hi: math.NaN()}
	}
	return nil
}

func (e *envelope) row(p *part, from, to int64, r recording.OverviewRow) error {
	return e.add(p, from, to, counts{r.Min, r.Max})
}

func (e *envelope) raw(p *part, from int64, samples []byte) error {
	g := &p.spans[0].segment.Global
	if e.line {
		return e.points(p, from, samples)
	}
	c := noCounts
	if lo, hi, ok := recording.MinMax(g.Datatype, samples); ok {
		c = counts{lo, hi}
	}
	return e.add(p, from, from+int64(len(samples)/g.Datatype.Size()), c)
}

func (e *envelope) add(p *part, from, to int64, c counts) error {
	if err := e.enter(p, from); err != nil {
		return err
	}
	e.pending = e.pending.with(c)
	e.column.x1 = p.at(to-1).x(to, e.zero)
	e.last = to
	return nil
}

// points takes samples one by one.
func (e *envelope) points(p *part, from int64, samples []byte) error {
	if err := e.enter(p, from); err != nil {
		return err
	}
	n := len(samples) / p.spans[0].segment.Global.Datatype.Size()
	if cap(e.places) < n {
		e.places = make([]float64, n)
	}
	values := e.places[:n]
	s := p.at(from)
	e.conv.Convert(values, samples, e.quantity, s.capture)
	e.open = false
	for i, v := range values {
		x := s.x(from+int64(i), e.zero)
		e.emit(column{x, x + s.dt, v, v})
	}
	e.last = from + int64(n)
	return nil
}

// settle turns what is pending into values.
func (e *envelope) settle() error {
	c := e.pending
	if e.pending = noCounts; math.IsNaN(c.lo) {
		return nil
	}
	lo, hi, err := e.values(c)
	if err != nil {
		return err
	}
	var found extent
	found.add(lo, hi, e.column.lo, e.column.hi)
	if found.some {
		e.column.lo, e.column.hi = found.lo, found.hi
	}
	return nil
}

// equationPlaces is at how many places between the smallest and the largest stored value an equation is computed.
const equationPlaces = 33

// values returns the range of values of a range of stored ones. An equation may have its extremes in between: it is computed at all counts, or
// at some of them where there are many.
func (e *envelope) values(c counts) (lo, hi float64, err error) {
	t, n := e.of.Global.Datatype, 2
	if e.of.Global.Equation != "" && e.quantity == convert.Unit {
		if n = equationPlaces; t != recording.Float32 {
			n = int(min(float64(n), c.hi-c.lo+1))
		}
	}
	n = max(n+n%2, 2)
	e.stored = e.stored[:0]
	for i := 0; i < n; i += 2 {
		at := func(i int) float64 {
			v := c.lo + (c.hi-c.lo)*float64(min(i, n-1))/float64(n-1)
			if t != recording.Float32 {
				v = math.Round(v)
			}
			return v
		}
		row := recording.AppendOverviewRow(nil, t, recording.OverviewRow{Min: at(i), Max: at(i + 1)})
		e.stored = append(e.stored, row[8:8+2*t.Size()]...)
	}
	values := make([]float64, n)
	e.conv.Convert(values, e.stored, e.quantity, e.part.spans[0].capture)
	var found extent
	found.add(values...)
	if !found.some {
		return math.NaN(), math.NaN(), nil
	}
	return found.lo, found.hi, nil
}

// flush ends the present column.
func (e *envelope) flush() error {
	if !e.open {
		return nil
	}
	e.open = false
	if err := e.settle(); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	e.emit(e.column)
	return nil
}

// emit adds a column. Waveforms that are shorter than a column are joined with those that lie in the same one.
func (e *envelope) emit(c column) {
	n := len(e.out)
	if e.fresh && n > 0 && e.part.block && c.x1-c.x0 < e.pixel {
		last := &e.out[n-1].columns[len(e.out[n-1].columns)-1]
		if !e.line && math.Floor(last.x0/e.pixel) == math.Floor(c.x0/e.pixel) {
			var found extent
			found.add(last.lo, last.hi, c.lo, c.hi)
			if last.x1 = c.x1; found.some {
				last.lo, last.hi = found.lo, found.hi
			}
			e.fresh = false
			return
		}
	}
	if e.fresh || n == 0 || e.out[n-1].line != e.line {
		e.out, e.fresh = append(e.out, stretch{line: e.line}), false
		n = len(e.out)
	}
	e.out[n-1].columns = append(e.out[n-1].columns, c)
}
