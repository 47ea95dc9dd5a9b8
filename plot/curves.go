package plot

import (
	"fmt"
	"math"
	"strings"
)

// Curve is a function of something other than the time of day as it is drawn.
type Curve struct {
	Name string    // of the stream
	Y    []float64 // at the places that the curves share
	Unit string
}

// Mark is a place that is told of: a dashed line through all panels.
type Mark struct {
	X    float64
	Name string // "peak"; the place is written behind it
}

// CurveOptions name the axis that curves share, and places on it. The zero value of each field is legal.
type CurveOptions struct {
	Label string // "lag"
	Unit  string // of the places: "s"
	Value string // what the values are: "correlation"
	Marks []Mark
}

// Curves draws curves over places x, which ascend, in a panel for each unit. NaN and infinities are left out, and lines do not bridge them. The slices
// are read only, and not kept. Nothing that can be shown is [ErrEmpty]; a curve that has not as many values as places is a [*KindError].
func Curves(c Caption, x []float64, list []Curve, o CurveOptions) (*Figure, error) {
	f := &Figure{title: c.Title, subtitle: c.Subtitle}
	var e extent
	for _, k := range list {
		if len(k.Y) != len(x) {
			return nil, &KindError{k.Name, "has not as many values as places"}
		}
		for i, v := range k.Y {
			if finite(v) {
				e.add(x[i])
			}
		}
	}
	if !e.some {
		return nil, ErrEmpty
	}
	if e.lo == e.hi {
		e.lo, e.hi = e.lo-1, e.hi+1
	}
	name, factor := unitFor(clean(o.Unit), max(math.Abs(e.lo), math.Abs(e.hi)))
	f.x = axis{min: e.lo, max: e.hi, label: withUnit(clean(o.Label), name), ticks: scaled(factor)}
	for _, m := range o.Marks {
		if finite(m.X) && m.X >= e.lo && m.X <= e.hi {
			near, by := unitFor(clean(o.Unit), math.Abs(m.X))
			f.events = append(f.events, event{m.X, strings.TrimSpace(fmt.Sprintf("%s at %.6g %s", m.Name, m.X/by+0, near))})
		}
	}
	panels := map[string]*panel{}
	for _, k := range list {
		p := panels[k.Unit]
		if p == nil {
			var values extent
			for _, other := range list {
				if other.Unit == k.Unit {
					values.add(other.Y...)
				}
			}
			p = &panel{y: valueAxis(clean(o.Value), clean(k.Unit), values)}
			panels[k.Unit] = p
			f.panels = append(f.panels, p)
		}
		t := &trace{color: traceColor(len(p.layers)), stretches: lines(f.x, x, k.Y)}
		p.layers = append(p.layers, t)
		p.legend = append(p.legend, entry{text: k.Name, color: t.color})
	}
	for _, p := range f.panels {
		shareTraces(p)
	}
	return f, nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// lines makes the stretches of a curve: its points where a picture has room for each, else the smallest and the largest value of each column.
func lines(a axis, x, y []float64) []stretch {
	line := len(x) <= lineSamples*defaultColumns
	var list []stretch
	last := -1
	for i, v := range y {
		if !finite(v) {
			last = -1
			continue
		}
		at := i
		if !line {
			at = int(a.at(x[i]) * defaultColumns)
		}
		switch {
		case last < 0:
			list = append(list, stretch{[]column{{x[i], x[i], v, v}}, line})
		case at != last:
			s := &list[len(list)-1]
			s.columns = append(s.columns, column{x[i], x[i], v, v})
		default:
			s := &list[len(list)-1]
			c := &s.columns[len(s.columns)-1]
			c.x1, c.lo, c.hi = x[i], min(c.lo, v), max(c.hi, v)
		}
		last = at
	}
	return list
}
