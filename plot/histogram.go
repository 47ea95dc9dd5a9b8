package plot

import (
	"image/color"
	"math"
)

// Bins is a histogram as it is drawn.
type Bins struct {
	Name   string    // of the stream
	Edges  []float64 // of the bins, ascending: one more than there are bins
	Counts []int64
	Unit   string // of the edges: "V"
}

// HistogramOptions say how a histogram is drawn.
type HistogramOptions struct {
	Log bool // counts on a logarithmic axis
}

// Histogram draws histograms, a panel each. The slices are read only, and not kept. No bin is [ErrEmpty]; slices that do not belong together, and
// several histograms of different units, are a [*KindError].
func Histogram(c Caption, list []Bins, o HistogramOptions) (*Figure, error) {
	f := &Figure{title: c.Title, subtitle: c.Subtitle}
	var e extent
	for _, b := range list {
		switch {
		case len(b.Edges) != len(b.Counts)+1:
			return nil, &KindError{b.Name, "has not one edge more than counts"}
		case b.Unit != list[0].Unit:
			return nil, &KindError{b.Name, "has another unit than " + list[0].Name + "; draw streams of one unit"}
		}
		e.add(b.Edges...)
	}
	if !e.some || e.lo == e.hi {
		return nil, ErrEmpty
	}
	name, factor := unitFor(clean(list[0].Unit), max(math.Abs(e.lo), math.Abs(e.hi)))
	f.x = axis{min: e.lo, max: e.hi, label: withUnit("value", name), ticks: scaled(factor)}
	for i, b := range list {
		most := int64(1)
		for _, n := range b.Counts {
			most = max(most, n)
		}
		shown, by := unitFor("", float64(most))
		p := &panel{y: axis{min: 0, max: float64(most) * 1.05, label: withUnit("samples", shown), ticks: scaled(by)}}
		if o.Log {
			p.y = axis{min: 0.7, max: float64(most) * 1.5, log: true, label: "samples", ticks: logTicks}
		}
		p.layers = []layer{&bars{b.Edges, b.Counts, traceColor(i)}}
		p.legend = []entry{{text: b.Name, color: traceColor(i), fill: true}}
		f.panels = append(f.panels, p)
	}
	return f, nil
}

// bars draws counts as one area with steps.
type bars struct {
	edges  []float64
	counts []int64
	color  color.NRGBA
}

func (b *bars) draw(a *area) {
	shape := []point{{a.px(b.edges[0]), a.bottom}}
	for i, n := range b.counts {
		y := a.py(math.Max(float64(n), a.y.min))
		shape = append(shape, point{a.px(b.edges[i]), y}, point{a.px(b.edges[i+1]), y})
	}
	a.fill(append(shape, point{a.px(b.edges[len(b.edges)-1]), a.bottom}), b.color)
}

func (b *bars) drawText(g *grid) bool {
	for i, n := range b.counts {
		if n > 0 {
			g.fill(b.edges[i], b.edges[i+1], g.y.min, float64(n))
		}
	}
	return true
}
