package plot

import (
	"image"
	"image/color"
	"math"
)

// point is a place on a canvas in pixels, from its left upper corner.
type point struct{ x, y float64 }

// box is a rectangle on a canvas.
type box struct{ left, top, right, bottom float64 }

func (b box) width() float64  { return b.right - b.left }
func (b box) height() float64 { return b.bottom - b.top }

// align says which end of a text stands at its place.
type align int

const (
	alignLeft align = iota
	alignCenter
	alignRight
)

// pen draws in one form of pictures, in pixels from the left upper corner.
type pen interface {
	// fill fills a polygon of three corners or more.
	fill(corners []point, ink color.NRGBA)
	// rect fills a rectangle.
	rect(b box, ink color.NRGBA)
	// line draws through two points or more.
	line(points []point, width float64, ink color.NRGBA)
	// image draws an image over a rectangle, whose corners are moved to whole pixels, without making it smooth.
	image(b box, img *image.NRGBA)
	// text writes one line whose middle is at the height of p.
	text(p point, s string, size float64, a align, ink color.NRGBA)
	// upright writes one line from below to above, whose middle is at p.
	upright(p point, s string, size float64, ink color.NRGBA)
}

// canvas is what a picture of a size is drawn on.
type canvas struct {
	pen
	size Size
}

// straight draws a horizontal or vertical line of one pixel, on whole pixels. Dashes are the lengths in pixels of a dash and of the room behind it, of
// vertical lines only; none: an unbroken line.
func (c *canvas) straight(from, to point, ink color.NRGBA, dashes ...float64) {
	b := box{math.Floor(from.x), math.Floor(from.y), math.Floor(to.x) + 1, math.Floor(to.y) + 1}
	if len(dashes) == 0 {
		c.rect(b, ink)
		return
	}
	for y := b.top; y < b.bottom; y += dashes[0] + dashes[1] {
		c.rect(box{b.left, y, b.right, min(y+dashes[0], b.bottom)}, ink)
	}
}

// The sizes of text, in pixels.
const (
	titleSize = 16
	textSize  = 13
	smallSize = 12
)

// baseline returns how far below its middle a text of a size stands: half of the height of capitals.
func baseline(size float64) float64 { return 0.36 * size }
