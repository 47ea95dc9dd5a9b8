package plot

import (
	"cmp"
	"image/color"
	"slices"
)

// placedMarks puts marks in a panel.
func placedMarks(t *track, c *Computed, at func(*span, int64) float64) *markers {
	m := &markers{color: markColor}
	for _, k := range c.Markers {
		m.list = append(m.list, column{t.placed(k.From, at), t.placed(k.Until, at), k.Value, k.Value})
	}
	slices.SortStableFunc(m.list, func(a, b column) int { return cmp.Compare(a.x0, b.x0) })
	return m
}

// markers are diamonds at places, with a bar where these are long.
type markers struct {
	list  []column
	color color.NRGBA
}

// The size of markers, in pixels: half of their height, and how far apart two have to be that are both drawn.
const (
	markerRadius  = 4.5
	markerSpacing = 2
)

func (m *markers) draw(a *area) {
	drawn := map[[2]int]bool{}
	for _, k := range m.list {
		x, y := a.px(k.x0), a.top+markerRadius
		if finite(k.lo) {
			y = a.py(k.lo)
		}
		if end := a.px(k.x1); end-x > markerSpacing {
			a.line([]point{{x, y}, {end, y}}, 2, m.color)
		}
		cell := [2]int{int(x / markerSpacing), int(y / markerSpacing)}
		if drawn[cell] {
			continue
		}
		drawn[cell] = true
		a.fill(diamond(x, y, markerRadius), rimColor)
		a.fill(diamond(x, y, markerRadius-1), m.color)
	}
}

// rimColor keeps a marker apart from the trace below.
var rimColor = color.NRGBA{0xff, 0xff, 0xff, 0xff}

func diamond(x, y, r float64) []point {
	return []point{{x, y - r}, {x + r, y}, {x, y + r}, {x - r, y}}
}

func (m *markers) drawText(g *grid) bool {
	for _, k := range m.list {
		y := g.y.max
		if finite(k.lo) {
			y = k.lo
		}
		g.fill(k.x0, k.x1, y, y)
	}
	return true
}

// values returns the range of the marks' values.
func (m *markers) values() extent {
	var e extent
	for _, k := range m.list {
		if finite(k.lo) {
			e.add(k.lo)
		}
	}
	return e
}
