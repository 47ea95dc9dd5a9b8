package plot

import (
	"image/color"
	"math"
)

// column is what a stream holds between two places: its smallest and its largest value. Of a single sample both places, and both values, are one.
type column struct {
	x0, x1 float64 // as on the horizontal axis
	lo, hi float64
}

// stretch is a part of a trace with nothing missing inside.
type stretch struct {
	columns []column
	line    bool // each column is a sample
}

// trace draws one stream, or any other values that lie in order.
type trace struct {
	stretches []stretch
	color     color.NRGBA
	many      bool // others are drawn in the same panel, and may lie below
}

// manyAlpha is how much an envelope covers where others may lie below.
const manyAlpha = 0xb4

// shareTraces lets traces shine through that have a panel together.
func shareTraces(p *panel) {
	for _, l := range p.layers {
		if t, ok := l.(*trace); ok {
			t.many = len(p.layers) > 1
		}
	}
}

// The width of lines and how far apart samples have to be to get dots, in pixels.
const (
	lineWidth  = 1.3
	dotSpacing = 9
	dotRadius  = 2
)

func (t *trace) draw(a *area) {
	for _, s := range t.stretches {
		for _, part := range finiteParts(s.columns) {
			if s.line {
				t.drawLine(a, part)
				continue
			}
			ink := t.color
			if t.many {
				ink.A = manyAlpha
			}
			a.fill(outline(a, part), ink)
		}
	}
}

// finiteParts splits columns where they have no value.
func finiteParts(all []column) [][]column {
	var parts [][]column
	from := 0
	for i := range all {
		if math.IsNaN(all[i].lo) || math.IsNaN(all[i].hi) {
			if i > from {
				parts = append(parts, all[from:i])
			}
			from = i + 1
		}
	}
	if from < len(all) {
		parts = append(parts, all[from:])
	}
	return parts
}

func (t *trace) drawLine(a *area, part []column) {
	points := make([]point, 0, len(part))
	for _, c := range part {
		points = append(points, point{a.px(c.x0), a.py(c.lo)})
	}
	a.line(points, lineWidth, t.color)
	if spacing := (points[len(points)-1].x - points[0].x) / float64(max(1, len(points)-1)); len(points) > 1 && spacing < dotSpacing {
		return
	}
	for _, p := range points {
		a.rect(box{p.x - dotRadius, p.y - dotRadius, p.x + dotRadius, p.y + dotRadius}, t.color)
	}
}

// cell is the columns that share a pixel, or the pixels that share a column.
type cell struct {
	x0, x1 float64 // whole pixels
	lo, hi float64
}

// cells lays columns out on whole pixels. One that is narrower than a pixel has the whole pixel that it lies in, with others: half a pixel of a peak
// would be a paler peak.
func cells(a *area, part []column) []cell {
	list := make([]cell, 0, len(part))
	add := func(x0, x1 float64, c *column) {
		if n := len(list); n > 0 && x0 < list[n-1].x1 {
			last := &list[n-1]
			end := last.x1
			if last.x0 < x0 { // the pixel that they share is the last one of several
				last.x1 = x0
				list = append(list, cell{x0, end, last.lo, last.hi})
				last = &list[n]
			}
			last.lo, last.hi = min(last.lo, c.lo), max(last.hi, c.hi)
			x0 = end
		}
		if x0 < x1 {
			list = append(list, cell{x0, x1, c.lo, c.hi})
		}
	}
	for i := range part {
		c := &part[i]
		x0, x1 := a.px(c.x0), a.px(c.x1)
		if i+1 < len(part) {
			x1 = a.px(part[i+1].x0)
		}
		if from, to := math.Round(x0), math.Round(x1); from < to {
			add(from, to, c)
			continue
		}
		at := min(math.Floor(x0/2+x1/2), a.right-1)
		add(at, at+1, c)
	}
	return list
}

// outline returns the polygon around columns: each as wide as its time, as high as its values and a line, and joined to the next one.
func outline(a *area, part []column) []point {
	all := cells(a, part)
	upper := make([]point, 0, 4*len(all))
	lower := make([]point, 0, 2*len(all))
	for i, c := range all {
		hi, lo := c.hi, c.lo
		if i > 0 { // reach to the one before
			hi, lo = max(hi, all[i-1].lo), min(lo, all[i-1].hi)
		}
		top, bottom := a.py(hi)-lineWidth/2, a.py(lo)+lineWidth/2
		upper = append(upper, point{c.x0, top}, point{c.x1, top})
		lower = append(lower, point{c.x0, bottom}, point{c.x1, bottom})
	}
	for i := len(lower) - 1; i >= 0; i-- {
		upper = append(upper, lower[i])
	}
	return upper
}

func (t *trace) drawText(g *grid) bool {
	for _, s := range t.stretches {
		for _, part := range finiteParts(s.columns) {
			for i, c := range part {
				x0, x1, lo, hi := c.x0, c.x1, c.lo, c.hi
				if i > 0 && !s.line {
					hi, lo = max(hi, part[i-1].lo), min(lo, part[i-1].hi)
				}
				g.fill(x0, x1, lo, hi)
				if i > 0 && s.line {
					g.line(part[i-1].x0, part[i-1].lo, x0, lo)
				}
			}
		}
	}
	return true
}

// values returns the range of what is drawn.
func (t *trace) values() extent {
	var e extent
	for _, s := range t.stretches {
		for _, c := range s.columns {
			e.add(c.lo, c.hi)
		}
	}
	return e
}
