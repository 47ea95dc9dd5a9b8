package plot

import (
	"image"
	"image/color"
	"math"
)

// raster fills shapes with smooth edges into an image. The time that a shape takes grows with its edges and with the pixels that it covers, however
// many edges meet a row: an envelope of noise has thousands in each. It is for one goroutine.
type raster struct {
	pix           []byte // four a pixel, row by row
	width, height int
	steps         []float32 // row by row: by how much a pixel is covered more than the one on its left
	from, to      []int     // of each row: the first pixel that has a step, and behind the last one
	top, bottom   int       // the rows that have steps
}

// newRaster makes one for an image whose rows follow each other.
func newRaster(img *image.RGBA) raster {
	r := raster{pix: img.Pix, width: img.Bounds().Dx(), height: img.Bounds().Dy()}
	r.steps = make([]float32, (r.width+2)*r.height)
	r.from, r.to = make([]int, r.height), make([]int, r.height)
	for y := range r.from {
		r.from[y] = r.width
	}
	r.top = r.height
	return r
}

// flood paints everything in one colour.
func (r *raster) flood(ink color.NRGBA) {
	copy(r.pix, []byte{ink.R, ink.G, ink.B, 0xff})
	for done := 4; done < len(r.pix); done *= 2 {
		copy(r.pix[done:], r.pix[:done])
	}
}

// fill paints a polygon. What it goes around several times is covered once, but for parts of pixels at its edges, which add up.
func (r *raster) fill(points []point, ink color.NRGBA) {
	for i, p := range points {
		r.edge(p, points[(i+1)%len(points)])
	}
	r.paint(ink)
}

// rect paints a rectangle.
func (r *raster) rect(b box, ink color.NRGBA) {
	r.edge(point{b.left, b.bottom}, point{b.left, b.top})
	r.edge(point{b.right, b.top}, point{b.right, b.bottom})
	r.paint(ink)
}

// line paints a line through points.
func (r *raster) line(points []point, width float64, ink color.NRGBA) {
	for i := 1; i < len(points); i++ {
		r.segment(points[i-1], points[i], width/2)
		if i > 1 {
			r.joint(points[i-1], width/2)
		}
	}
	r.paint(ink)
}

// segment adds the rectangle around a straight line.
func (r *raster) segment(a, b point, half float64) {
	dx, dy := b.x-a.x, b.y-a.y
	size := math.Hypot(dx, dy)
	if !(size > 0) {
		return
	}
	nx, ny := -dy/size*half, dx/size*half
	corners := [4]point{{a.x + nx, a.y + ny}, {a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}}
	for i, p := range corners {
		r.edge(p, corners[(i+1)%4])
	}
}

// joint adds what two segments that meet leave open at their outer side: all segments and joints turn in one direction.
func (r *raster) joint(p point, half float64) {
	d := half * math.Sqrt2 / 2
	corners := [8]point{{p.x - d, p.y - d}, {p.x, p.y - half}, {p.x + d, p.y - d}, {p.x + half, p.y}, {p.x + d, p.y + d}, {p.x, p.y + half}, {p.x - d, p.y + d}, {p.x - half, p.y}}
	for i, c := range corners {
		r.edge(c, corners[(i+1)%8])
	}
}

// edge adds one edge of a shape. What lies on its right is covered, and more edges take that away again.
func (r *raster) edge(a, b point) {
	sign := float32(1)
	if a.y > b.y {
		a, b, sign = b, a, -1
	}
	y0, y1 := max(a.y, 0), min(b.y, float64(r.height))
	if !(y0 < y1) { // NaN too
		return
	}
	first, last := int(y0), int(math.Ceil(y1))-1
	r.top, r.bottom = min(r.top, first), max(r.bottom, last+1)
	limit := float64(r.width)
	if a.x == b.x {
		r.upright(min(max(a.x, 0), limit), y0, y1, sign)
		return
	}
	slope := (b.x - a.x) / (b.y - a.y)
	for y := first; y <= last; y++ {
		lo, hi := max(y0, float64(y)), min(y1, float64(y+1))
		x0, x1 := a.x+(lo-a.y)*slope, a.x+(hi-a.y)*slope
		if x0 > x1 {
			x0, x1 = x1, x0
		}
		r.step(y, min(max(x0, 0), limit), min(max(x1, 0), limit), sign*float32(hi-lo))
	}
}

// upright adds a vertical edge, of which envelopes have most.
func (r *raster) upright(x, y0, y1 float64, sign float32) {
	at := int(x)
	right := sign * float32(x-float64(at))
	left := sign - right
	stride := r.width + 2
	for y := int(y0); float64(y) < y1; y++ {
		part := float32(min(y1, float64(y+1)) - max(y0, float64(y)))
		row := r.steps[y*stride+at : y*stride+at+2 : y*stride+at+2]
		row[0] += left * part
		row[1] += right * part
		r.from[y], r.to[y] = min(r.from[y], at), max(r.to[y], at+2)
	}
}

// step adds an edge that goes from x0 to x1 inside of a row, of a height in it.
func (r *raster) step(y int, x0, x1 float64, height float32) {
	first, last := int(x0), int(x1)
	row := r.steps[y*(r.width+2) : (y+1)*(r.width+2)]
	r.from[y], r.to[y] = min(r.from[y], first), max(r.to[y], last+2)
	if first == last {
		right := float32((x0+x1)/2) - float32(first)
		row[first] += height * (1 - right)
		row[first+1] += height * right
		return
	}
	// Up to x, the area that is covered grows with the square of the way from x0.
	area := func(x float64) float64 {
		if x >= x1 {
			return x - (x0+x1)/2
		}
		return (x - x0) * (x - x0) / (x1 - x0) / 2
	}
	before, left := float32(0), 0.0
	for i := first; i <= last; i++ {
		upTo := area(float64(i + 1))
		cover := float32(upTo - left)
		row[i] += height * (cover - before)
		before, left = cover, upTo
	}
	row[last+1] += height * (1 - before)
}

// paint paints what was added, and forgets it.
func (r *raster) paint(ink color.NRGBA) {
	for y := r.top; y < r.bottom; y++ {
		from, to := r.from[y], r.to[y]
		if from >= to {
			continue
		}
		row := r.steps[y*(r.width+2):]
		pix := r.pix[4*y*r.width:]
		sum, shade := float32(0), opacity(0, ink)
		for x := from; x < min(to, r.width); x++ {
			if row[x] != 0 {
				sum += row[x]
				shade = opacity(sum, ink)
			}
			stain(pix[4*x:4*x+3:4*x+3], ink, shade)
		}
		clear(row[from:to])
		r.from[y], r.to[y] = r.width, 0
	}
	r.top, r.bottom = r.height, 0
}

// opaque is the opacity of what hides everything below it.
const opaque = 1 << 16

// opacity returns how much of a pixel a colour hides that covers a part of it.
func opacity(part float32, ink color.NRGBA) uint32 {
	if part < 0 {
		part = -part
	}
	switch a := uint32(min(part, 1)*float32(ink.A)*(opaque/255.0) + 0.5); {
	case a < opaque/512: // less than can be stored
		return 0
	case a > opaque-opaque/512:
		return opaque
	default:
		return a
	}
}

// stain lays a colour on a pixel.
func stain(pix []byte, ink color.NRGBA, a uint32) {
	switch a {
	case 0:
	case opaque:
		pix[0], pix[1], pix[2] = ink.R, ink.G, ink.B
	default:
		pix[0], pix[1], pix[2] = mixed(pix[0], ink.R, a), mixed(pix[1], ink.G, a), mixed(pix[2], ink.B, a)
	}
}

func mixed(below, above uint8, a uint32) uint8 {
	return uint8((uint32(below)*(opaque-a) + uint32(above)*a + opaque/2) >> 16)
}
