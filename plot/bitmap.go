package plot

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// bitmap is the pen of pictures made of pixels.
type bitmap struct{ raster }

var _ pen = (*bitmap)(nil)

// newBitmap makes one that is painted in one colour.
func newBitmap(size Size, ground color.NRGBA) *bitmap {
	img := image.NewRGBA(image.Rect(0, 0, size.Width, size.Height))
	b := &bitmap{raster{img: img}}
	b.flood(ground)
	return b
}

func (b *bitmap) image(to box, img *image.NRGBA) {
	draw.Draw(b.img, wholeBox(to), img, img.Bounds().Min, draw.Over)
}

// wholeBox returns the whole pixels of a box.
func wholeBox(b box) image.Rectangle {
	at := func(v float64) int { return int(math.Round(v)) }
	return image.Rect(at(b.left), at(b.top), at(b.right), at(b.bottom))
}

func (b *bitmap) text(p point, s string, size float64, a align, ink color.NRGBA) {
	p.x -= float64(a) / 2 * textWidth(s, size)
	p.y = math.Round(p.y + baseline(size)) // letters that stand on whole pixels are sharper
	b.write(p, s, size, false, ink)
}

func (b *bitmap) upright(p point, s string, size float64, ink color.NRGBA) {
	p.x = math.Round(p.x + baseline(size))
	p.y += textWidth(s, size) / 2
	b.write(p, s, size, true, ink)
}

func (b *bitmap) write(origin point, s string, size float64, upright bool, ink color.NRGBA) {
	sans().each(s, func(g *glyph, at float64) {
		for _, c := range g.contours {
			for i, p := range c {
				b.edge(place(p, origin, size, at, upright), place(c[(i+1)%len(c)], origin, size, at, upright))
			}
		}
	})
	b.paint(ink)
}
