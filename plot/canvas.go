package plot

import (
	"image"
	"image/color"
	"math"
	"sort"
	"strings"
	"sync"
	"unicode"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
)

// fonts are loaded with the first picture.
var fonts = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

// The sizes of text, in pixels.
const (
	titleSize = 16
	textSize  = 13
	smallSize = 12
)

// point is a place on a canvas in pixels, from its left upper corner.
type point struct{ x, y float64 }

// box is a rectangle on a canvas.
type box struct{ left, top, right, bottom float64 }

func (b box) width() float64  { return b.right - b.left }
func (b box) height() float64 { return b.bottom - b.top }

// canvas draws in pixels from the left upper corner, whatever the form of the picture.
type canvas struct {
	to   vg.Canvas
	size Size
}

// pixel is 1/96 inch.
const pixel = vg.Length(72.0 / 96.0)

func (c *canvas) place(p point) vg.Point {
	return vg.Point{X: vg.Length(p.x) * pixel, Y: (vg.Length(c.size.Height) - vg.Length(p.y)) * pixel}
}

func (c *canvas) path(points []point, closed bool) vg.Path {
	p := make(vg.Path, 0, len(points)+1)
	for i, at := range points {
		if i == 0 {
			p.Move(c.place(at))
			continue
		}
		p.Line(c.place(at))
	}
	if closed {
		p.Close()
	}
	return p
}

// fill fills a polygon.
func (c *canvas) fill(points []point, ink color.Color) {
	if len(points) < 3 {
		return
	}
	c.to.SetColor(ink)
	c.to.Fill(c.path(points, true))
}

// rect fills a rectangle.
func (c *canvas) rect(b box, ink color.Color) {
	c.fill([]point{{b.left, b.top}, {b.right, b.top}, {b.right, b.bottom}, {b.left, b.bottom}}, ink)
}

// line draws through points; dashes are lengths in pixels, none: an unbroken line.
func (c *canvas) line(points []point, width float64, ink color.Color, dashes ...float64) {
	if len(points) < 2 {
		return
	}
	var d []vg.Length
	for _, l := range dashes {
		d = append(d, vg.Length(l)*pixel)
	}
	c.to.SetColor(ink)
	c.to.SetLineWidth(vg.Length(width) * pixel)
	c.to.SetLineDash(d, 0)
	c.to.Stroke(c.path(points, false))
}

// straight draws a horizontal or vertical line of one pixel, on whole pixels.
func (c *canvas) straight(from, to point, ink color.Color, dashes ...float64) {
	half := func(p point) point { return point{math.Floor(p.x) + 0.5, math.Floor(p.y) + 0.5} }
	c.line([]point{half(from), half(to)}, 1, ink, dashes...)
}

// image draws an image into a rectangle.
func (c *canvas) image(b box, img image.Image) {
	c.to.DrawImage(vg.Rectangle{Min: c.place(point{b.left, b.bottom}), Max: c.place(point{b.right, b.top})}, img)
}

// align says which end of a text stands at its place.
type align int

const (
	alignLeft align = iota
	alignCenter
	alignRight
)

func face(size float64) font.Face {
	return fonts().Lookup(font.Font{Typeface: "Liberation", Variant: "Sans"}, vg.Length(size)*pixel)
}

// textWidth returns the width of a text in pixels.
func textWidth(s string, size float64) float64 {
	f := face(size)
	return float64(f.Width(s) / pixel)
}

// text writes one line whose middle is at the height of p.
func (c *canvas) text(p point, s string, size float64, a align, ink color.Color) {
	if s == "" {
		return
	}
	f := face(size)
	p.x -= float64(a) / 2 * textWidth(s, size)
	p.y += 0.36 * size // half of the height of capitals
	c.to.SetColor(ink)
	c.to.FillString(f, c.place(p), s)
}

// upright writes one line from below to above, whose middle is at p.
func (c *canvas) upright(p point, s string, size float64, ink color.Color) {
	f := face(size)
	c.to.Push()
	c.to.SetColor(ink)
	c.to.Translate(c.place(point{p.x + 0.36*size, p.y}))
	c.to.Rotate(math.Pi / 2)
	c.to.FillString(f, vg.Point{X: -f.Width(s) / 2}, s)
	c.to.Pop()
}

// fit shortens a text until it has no more than a width in pixels.
func fit(s string, size, width float64) string {
	if textWidth(s, size) <= width {
		return s
	}
	r := []rune(s)
	n := sort.Search(len(r), func(n int) bool { return textWidth(string(r[:n+1])+"…", size) > width })
	return strings.TrimRight(string(r[:n]), " ") + "…"
}

// clean makes a text from a recording one line of printable characters.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, strings.Join(strings.Fields(s), " "))
}
