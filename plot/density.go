package plot

import (
	"math"
)

// density counts how often a curve or a point passes each cell of an area. It is for one goroutine.
type density struct {
	columns, rows  int
	x0, x1, y0, y1 float64
	cells          []uint64 // row by row, from below

	// The curve that is being drawn.
	open   bool
	column int
	lo, hi float64 // of the curve in the column, in rows
	px, py float64 // its last place, in columns and rows
}

func newDensity(columns, rows int, x, y axis) *density {
	return &density{columns: columns, rows: rows, x0: x.min, x1: x.max, y0: y.min, y1: y.max, cells: make([]uint64, columns*rows)}
}

// place returns a place in columns and rows.
func (d *density) place(x, y float64) (px, py float64) {
	return (x - d.x0) / (d.x1 - d.x0) * float64(d.columns), (y - d.y0) / (d.y1 - d.y0) * float64(d.rows)
}

// dot counts one point.
func (d *density) dot(x, y float64) {
	px, py := d.place(x, y)
	if math.IsNaN(px) || math.IsNaN(py) {
		return
	}
	c, r := int(math.Floor(px)), int(math.Floor(py))
	if c == d.columns {
		c--
	}
	if r == d.rows {
		r--
	}
	if c >= 0 && r >= 0 && c < d.columns && r < d.rows {
		d.cells[r*d.columns+c]++
	}
}

// end ends a curve.
func (d *density) end() {
	d.put()
	d.open = false
}

// to goes on with a curve; NaN ends it. A curve counts once in each cell that it passes in a column.
func (d *density) to(x, y float64) {
	if math.IsNaN(y) {
		d.end()
		return
	}
	px, py := d.place(x, y)
	c := int(math.Floor(px))
	if !d.open {
		d.open, d.column, d.lo, d.hi = true, c, py, py
		d.px, d.py = px, py
		return
	}
	for d.column < c && d.column < d.columns {
		border := d.py + (py-d.py)*(float64(d.column+1)-d.px)/(px-d.px)
		d.lo, d.hi = min(d.lo, border), max(d.hi, border)
		d.put()
		d.column, d.lo, d.hi = d.column+1, border, border
	}
	d.lo, d.hi = min(d.lo, py), max(d.hi, py)
	d.px, d.py = px, py
}

// put counts the cells of the present column.
func (d *density) put() {
	if !d.open || d.column < 0 || d.column >= d.columns {
		return
	}
	from, to := int(math.Floor(d.lo)), int(math.Floor(d.hi))
	for r := max(0, from); r <= min(d.rows-1, to); r++ {
		d.cells[r*d.columns+d.column]++
	}
}

// with adds the counts of another one of the same area.
func (d *density) with(o *density) {
	for i, n := range o.cells {
		d.cells[i] += n
	}
}

// heat returns the picture, in which the colour grows with the logarithm of the count, and the scale of its colours.
func (d *density) heat(what string) (*heat, *colorScale) {
	most := uint64(1)
	for _, n := range d.cells {
		most = max(most, n)
	}
	top := math.Max(math.Log(float64(most)), 1e-9)
	h := &heat{columns: d.columns, rows: d.rows, x0: d.x0, x1: d.x1, y0: d.y0, y1: d.y1, floor: densityFloor}
	for _, n := range d.cells {
		v := math.NaN()
		if n > 0 {
			v = math.Log(float64(n)) / top
		}
		h.cells = append(h.cells, v)
	}
	return h, &colorScale{floor: densityFloor, axis: axis{min: 1, max: max(float64(most), 1.0001), log: true, label: what, ticks: logTicks}}
}

// densityFloor lets a place that is passed once stand out from one that is not.
const densityFloor = 0.25
