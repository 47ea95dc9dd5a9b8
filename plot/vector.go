package plot

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
)

// vector is the pen of SVG, with text as text.
type vector struct {
	out bytes.Buffer
	err error // the first one
}

var _ pen = (*vector)(nil)

// fontFamily names fonts of the same widths where the first one is missing.
const fontFamily = "Liberation Sans,Arial,Helvetica,sans-serif"

func newVector(size Size, ground color.NRGBA) *vector {
	v := &vector{}
	fmt.Fprintf(&v.out, `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" font-family="%[3]s">
`, size.Width, size.Height, fontFamily)
	v.rect(box{0, 0, float64(size.Width), float64(size.Height)}, ground)
	return v
}

// bytes ends the picture and returns it.
func (v *vector) bytes() ([]byte, error) {
	v.out.WriteString("</svg>\n")
	return v.out.Bytes(), v.err
}

// number writes a length with a hundredth of a pixel.
func (v *vector) number(x float64) {
	v.out.Write(strconv.AppendFloat(v.out.AvailableBuffer(), math.Round(x*100)/100+0, 'f', -1, 64))
}

// attribute writes a length as an attribute.
func (v *vector) attribute(name string, x float64) {
	fmt.Fprintf(&v.out, ` %s="`, name)
	v.number(x)
	v.out.WriteByte('"')
}

// paint writes the colour as an attribute, and how much it covers where that is not all.
func (v *vector) paint(name string, ink color.NRGBA) {
	fmt.Fprintf(&v.out, ` %s="#%02x%02x%02x"`, name, ink.R, ink.G, ink.B)
	if ink.A != 0xff {
		fmt.Fprintf(&v.out, ` %s-opacity="%.3g"`, name, float64(ink.A)/0xff)
	}
}

// path writes a way through points. Horizontal and vertical parts, of which envelopes are made, are shorter to write.
func (v *vector) path(points []point) {
	v.out.WriteString(`<path d="`)
	var last point
	for i, p := range points {
		p = point{math.Round(p.x*100) / 100, math.Round(p.y*100) / 100}
		switch {
		case i == 0:
			v.out.WriteByte('M')
			v.number(p.x)
			v.out.WriteByte(' ')
			v.number(p.y)
		case p == last:
		case p.y == last.y:
			v.out.WriteByte('H')
			v.number(p.x)
		case p.x == last.x:
			v.out.WriteByte('V')
			v.number(p.y)
		default:
			v.out.WriteByte('L')
			v.number(p.x)
			v.out.WriteByte(' ')
			v.number(p.y)
		}
		last = p
	}
}

func (v *vector) fill(corners []point, ink color.NRGBA) {
	v.path(corners)
	v.out.WriteString(`Z"`)
	v.paint("fill", ink)
	v.out.WriteString("/>\n")
}

func (v *vector) rect(b box, ink color.NRGBA) {
	v.out.WriteString("<rect")
	v.attribute("x", b.left)
	v.attribute("y", b.top)
	v.attribute("width", b.width())
	v.attribute("height", b.height())
	v.paint("fill", ink)
	v.out.WriteString("/>\n")
}

func (v *vector) line(points []point, width float64, ink color.NRGBA) {
	v.path(points)
	v.out.WriteString(`" fill="none" stroke-linejoin="round"`)
	v.paint("stroke", ink)
	v.attribute("stroke-width", width)
	v.out.WriteString("/>\n")
}

func (v *vector) image(b box, img *image.NRGBA) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, img); err != nil && v.err == nil {
		v.err = err
	}
	to := wholeBox(b)
	fmt.Fprintf(&v.out, `<image x="%d" y="%d" width="%d" height="%d" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,%s"/>`+"\n",
		to.Min.X, to.Min.Y, to.Dx(), to.Dy(), base64.StdEncoding.EncodeToString(picture.Bytes()))
}

// anchors are the names of alignments.
var anchors = map[align]string{alignLeft: "start", alignCenter: "middle", alignRight: "end"}

func (v *vector) text(p point, s string, size float64, a align, ink color.NRGBA) {
	if s == "" {
		return
	}
	v.out.WriteString("<text")
	v.attribute("x", p.x)
	v.attribute("y", p.y+baseline(size))
	v.write(s, size, a, ink)
}

func (v *vector) upright(p point, s string, size float64, ink color.NRGBA) {
	if s == "" {
		return
	}
	v.out.WriteString(`<text transform="translate(`)
	v.number(p.x + baseline(size))
	v.out.WriteByte(' ')
	v.number(p.y)
	v.out.WriteString(`) rotate(-90)"`)
	v.write(s, size, alignCenter, ink)
}

// write writes what all texts have.
func (v *vector) write(s string, size float64, a align, ink color.NRGBA) {
	v.attribute("font-size", size)
	if width, known := sans().known(s); known { // with another font, too
		v.attribute("textLength", width*size)
		v.out.WriteString(` lengthAdjust="spacingAndGlyphs"`)
	}
	if a != alignLeft {
		fmt.Fprintf(&v.out, ` text-anchor="%s"`, anchors[a])
	}
	v.paint("fill", ink)
	v.out.WriteByte('>')
	_ = xml.EscapeText(&v.out, []byte(s)) // a buffer takes everything
	v.out.WriteString("</text>\n")
}
