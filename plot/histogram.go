package plot

import (
	"image/color"
	"math"
	"slices"
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
	apart := !slices.ContainsFunc(list, func(b Bins) bool { return !b.levels() })
	if apart {
		f.x.ticks = levelTicks
	}
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
		p.layers = []layer{&bars{b.Edges, b.Counts, traceColor(i), apart}}
		p.legend = []entry{{text: b.Name, color: traceColor(i), fill: true}}
		f.panels = append(f.panels, p)
	}
	return f, nil
}

// levels tells that there is a bin each for the levels of a pin.
func (b *Bins) levels() bool { return slices.Equal(b.Edges, []float64{-0.5, 0.5, 1.5}) }

// levelTicks are the levels of a pin.
func levelTicks(_, _ float64, _ int) ([]tick, string) {
	return []tick{{at: 0, text: "0"}, {at: 1, text: "1"}}, ""
}

// bars draws counts as one area with steps, or as bars that stand apart.
type bars struct {
	edges  []float64
	counts []int64
	color  color.NRGBA
	apart  bool
}

// barShare is how much of its bin a bar takes that stands apart.
const barShare = 0.8

// bar is where the bar of a bin begins and ends.
func (b *bars) bar(i int) (lo, hi float64) {
	lo, hi = b.edges[i], b.edges[i+1]
	if rest := (hi - lo) * (1 - barShare) / 2; b.apart {
		lo, hi = lo+rest, hi-rest
	}
	return lo, hi
}

func (b *bars) draw(a *area) {
	shape := []point{{a.px(b.edges[0]), a.bottom}}
	for i, n := range b.counts {
		y := a.py(math.Max(float64(n), a.y.min))
		lo, hi := b.bar(i)
		x0, x1 := a.px(lo), a.px(hi)
		if b.apart {
			shape = append(shape, point{x0, a.bottom}, point{x0, y}, point{x1, y}, point{x1, a.bottom})
			continue
		}
		shape = append(shape, point{x0, y}, point{x1, y})
	}
	a.fill(append(shape, point{a.px(b.edges[len(b.edges)-1]), a.bottom}), b.color)
}

func (b *bars) drawText(g *grid) bool {
	for i, n := range b.counts {
		if n > 0 {
			lo, hi := b.bar(i)
			g.fill(lo, hi, g.y.min, float64(n))
		}
	}
	return true
}
