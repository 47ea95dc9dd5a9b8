package plot

import (
	"image"
	"image/color"
	"math"
)

// heat is a picture inside of a panel: one value a cell, the first row at the top.
type heat struct {
	img            *image.NRGBA
	x0, x1, y0, y1 float64 // y0 is the lower border
}

// newHeat colours cells. value returns what a cell has, from 0 to 1; NaN: nothing, which stays white.
func newHeat(columns, rows int, x0, x1, y0, y1 float64, value func(column, row int) float64) *heat {
	h := &heat{image.NewNRGBA(image.Rect(0, 0, columns, rows)), x0, x1, y0, y1}
	for row := range rows {
		for c := range columns {
			if v := value(c, row); !math.IsNaN(v) {
				h.img.SetNRGBA(c, rows-1-row, heatColor(v))
			}
		}
	}
	return h
}

func (h *heat) draw(a *area) {
	to := box{a.px(h.x0), a.py(h.y1), a.px(h.x1), a.py(h.y0)}
	// Scaled here, cell by cell, as the forms of pictures smooth in different ways.
	w, high := max(1, int(math.Round(to.width()))), max(1, int(math.Round(to.height())))
	a.image(to, scaleImage(h.img, w, high))
}

// scaleImage makes an image of another size, without mixing colours.
func scaleImage(from *image.NRGBA, width, height int) *image.NRGBA {
	to := image.NewNRGBA(image.Rect(0, 0, max(1, width), max(1, height)))
	size, have := to.Bounds().Size(), from.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			to.SetNRGBA(x, y, from.NRGBAAt(x*have.X/size.X, y*have.Y/size.Y))
		}
	}
	return to
}

func (h *heat) drawText(*grid) bool { return false }

// colorScale is the scale of a heat map, drawn beside its panel.
type colorScale struct {
	axis axis
}

func (s *colorScale) draw(a *area) {
	b := box{a.right + 14, a.top, a.right + 14 + barWidth, a.bottom}
	const steps = 256
	img := newHeat(1, steps, 0, 1, 0, 1, func(_, row int) float64 { return (float64(row) + 0.5) / steps }).img
	a.image(b, scaleImage(img, int(b.width()), int(b.height())))
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
	a.upright(point{float64(a.size.Width) - edge, (a.top + a.bottom) / 2}, fit(label, smallSize, a.height()+panelGap), smallSize, inkColor)
}

// gray mixes a colour with white.
func gray(c color.NRGBA, f float64) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(float64(v)*f + 255*(1-f) + 0.5) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}
