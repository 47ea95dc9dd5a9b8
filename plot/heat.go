package plot

import (
	"image"
	"image/color"
	"math"
)

// heat is a map of values from 0 to 1 inside of a panel.
type heat struct {
	columns, rows  int
	cells          []float64 // row by row from below; NaN: nothing
	x0, x1, y0, y1 float64
	floor          float64 // what the colour of a 0 is: above 0 it is told from nothing, which then has the darkest colour instead of white
}

// color returns the colour of a value.
func (h *heat) color(v float64) color.NRGBA {
	switch {
	case !math.IsNaN(v):
		return heatColor(h.floor + (1-h.floor)*v)
	case h.floor > 0:
		return heatColor(0)
	}
	return color.NRGBA{0xff, 0xff, 0xff, 0}
}

func (h *heat) draw(a *area) {
	to := box{a.px(h.x0), a.py(h.y1), a.px(h.x1), a.py(h.y0)}
	a.image(to, h.image(int(math.Round(to.width())), int(math.Round(to.height()))))
}

// image draws the map in a size, cell by cell, as the forms of pictures smooth in different ways. Of cells that share a pixel it shows the largest.
func (h *heat) image(width, height int) *image.NRGBA {
	width, height = max(1, width), max(1, height)
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		r0 := (height - 1 - y) * h.rows / height
		r1 := max(r0+1, (height-y)*h.rows/height)
		for x := range width {
			c0 := x * h.columns / width
			c1 := max(c0+1, (x+1)*h.columns/width)
			most := math.NaN()
			for r := r0; r < r1; r++ {
				for _, v := range h.cells[r*h.columns+c0 : r*h.columns+c1] {
					if !(most >= v) && !math.IsNaN(v) {
						most = v
					}
				}
			}
			img.SetNRGBA(x, y, h.color(most))
		}
	}
	return img
}

func (h *heat) drawText(*grid) bool { return false }

// colorScale is the scale of a heat map, drawn beside its panel.
type colorScale struct {
	axis  axis
	floor float64 // as that of the map
}

func (s *colorScale) draw(a *area) {
	b := box{a.right + 14, a.top, a.right + 14 + barWidth, a.bottom}
	h := &heat{columns: 1, rows: 256, floor: s.floor}
	for i := range h.rows {
		h.cells = append(h.cells, (float64(i)+0.5)/float64(h.rows))
	}
	a.image(b, h.image(int(b.width()), int(b.height())))
	ticks, extra := s.axis.marks(max(2, int(a.height()/40)))
	for _, t := range ticks {
		y := b.bottom - clamp(s.axis.at(t.at))*b.height()
		a.straight(point{b.right, y}, point{b.right + 4, y}, frameColor)
		a.text(point{b.right + 6, y}, t.text, smallSize, alignLeft, inkColor)
	}
	label := s.axis.label
	if extra != "" {
		label += " " + extra
	}
	a.upright(point{float64(a.size.Width) - edge, (a.top + a.bottom) / 2}, fitName(label, smallSize, a.height()+panelGap), smallSize, inkColor)
}

// gray mixes a colour with white.
func gray(c color.NRGBA, f float64) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(float64(v)*f + 255*(1-f) + 0.5) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}
