package plot

import (
	"context"
	"fmt"
	"image/color"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// XYOptions say which stream is drawn against which. The zero value of each field is legal, but for X and Y.
type XYOptions struct {
	X, Y     *recording.Stream // of one device and one interval, and no digital ports
	From     recording.Timestamp
	Until    recording.Timestamp
	Quantity convert.Quantity
}

// mostDots is how many samples are drawn one by one; of more the colour tells how many there are in a place.
const mostDots = 5000

// XY draws one stream against another, sample by sample. All samples are read. The errors are those of [Time], and a [*KindError] for streams that
// are not sampled together.
func XY(ctx context.Context, r *recording.Recording, o XYOptions) (*Figure, error) {
	gx, gy := o.X.Global(), o.Y.Global()
	switch {
	case digital(&gx):
		return nil, &KindError{o.X.Name(), "is a digital port; choose analog streams"}
	case digital(&gy):
		return nil, &KindError{o.Y.Name(), "is a digital port; choose analog streams"}
	case gx.Device != gy.Device || gx.SampleInterval != gy.SampleInterval:
		return nil, &KindError{o.Y.Name(), "is not sampled together with " + o.X.Name() + "; choose two streams of one device and one rate"}
	}
	tx, ty := newTrack(o.X, o.From, o.Until), newTrack(o.Y, o.From, o.Until)
	if len(tx.spans) == 0 || len(ty.spans) == 0 {
		return nil, ErrEmpty
	}
	for _, t := range []*track{tx, ty} {
		if err := t.oneUnit(o.Quantity); err != nil {
			return nil, err
		}
	}
	p := &pairs{ctx: ctx, x: valueReader{stream: o.X, quantity: o.Quantity}, y: valueReader{stream: o.Y, quantity: o.Quantity}}
	f := &Figure{}
	var err error
	if f.x, err = axisOf(ctx, tx, o.Quantity); err != nil {
		return nil, err
	}
	y, err := axisOf(ctx, ty, o.Quantity)
	if err != nil {
		return nil, err
	}
	made := &panel{y: y}
	var n int64
	eachPair(tx, ty, func(_, _ *span, from, to int64) error { n += to - from; return nil })
	if n == 0 {
		return nil, ErrEmpty
	}
	if n <= mostDots {
		d := &dots{color: traceColor(0)}
		err = eachPair(tx, ty, func(a, b *span, from, to int64) error {
			return p.read(a, b, from, to, func(x, y float64) { d.at = append(d.at, point{x, y}) })
		})
		made.layers = []layer{d}
	} else {
		d := newDensity(densityRows*2, densityRows*2, f.x, y)
		err = eachPair(tx, ty, func(a, b *span, from, to int64) error { return p.read(a, b, from, to, d.dot) })
		h, scale := d.heat("samples")
		made.layers, made.scale = []layer{h}, scale
	}
	if err != nil {
		return nil, err
	}
	first, last := &tx.spans[0], &tx.spans[len(tx.spans)-1]
	zero := first.capture.Datetime
	f.panels = []*panel{made}
	f.title = titleOf(r, []string{o.Y.Name() + " against " + o.X.Name()})
	f.subtitle = fmt.Sprintf("%s, %s samples", spanText(zero, first.x(first.from, zero), last.x(last.to, zero)), units.FormatCount(n))
	return f, nil
}

// axisOf returns the axis of the values of a track.
func axisOf(ctx context.Context, t *track, q convert.Quantity) (axis, error) {
	first, last := &t.spans[0], &t.spans[len(t.spans)-1]
	zero := first.capture.Datetime
	size := last.x(last.to, zero) - first.x(first.from, zero)
	columns, err := envelopeOf(ctx, t, q, zero, size/defaultColumns, map[string]bool{})
	if err != nil {
		return axis{}, err
	}
	name := t.source.Name()
	if t.global.Label != "" {
		name += ": " + t.global.Label
	}
	return valueAxis(name, unitOf(t, q), (&trace{stretches: columns}).values()), nil
}

// eachPair gives visit the device indexes that both tracks have, stretch by stretch. A waveform goes with its namesake, as device indexes of
// waveforms may come again.
func eachPair(x, y *track, visit func(a, b *span, from, to int64) error) error {
	for i, k := 0, 0; i < len(x.spans) && k < len(y.spans); {
		a, b := &x.spans[i], &y.spans[k]
		if a.segment.Number != b.segment.Number {
			if a.segment.Number < b.segment.Number {
				i++
			} else {
				k++
			}
			continue
		}
		if from, to := max(a.from, b.from), min(a.to, b.to); from < to {
			if err := visit(a, b, from, to); err != nil {
				return err
			}
		}
		switch {
		case a.to < b.to:
			i++
		case a.to > b.to:
			k++
		default:
			i, k = i+1, k+1
		}
	}
	return nil
}

// pairs reads two streams side by side.
type pairs struct {
	ctx  context.Context
	x, y valueReader
}

func (p *pairs) read(a, b *span, from, to int64, visit func(x, y float64)) error {
	for from < to {
		n := min(to-from, readSamples)
		x, err := p.x.read(p.ctx, a, from, n)
		if err != nil {
			return err
		}
		y, err := p.y.read(p.ctx, b, from, n)
		if err != nil {
			return err
		}
		for i := range x {
			visit(x[i], y[i])
		}
		from += n
	}
	return nil
}

// dots draws single samples.
type dots struct {
	at    []point // in values
	color color.NRGBA
}

func (d *dots) draw(a *area) {
	for _, p := range d.at {
		x, y := a.px(p.x), a.py(p.y)
		if x != x || y != y { // NaN
			continue
		}
		a.rect(box{x - 1.2, y - 1.2, x + 1.2, y + 1.2}, d.color)
	}
}

func (d *dots) drawText(g *grid) bool {
	for _, p := range d.at {
		if p.y == p.y && p.x == p.x {
			g.fill(p.x, p.x, p.y, p.y)
		}
	}
	return true
}
