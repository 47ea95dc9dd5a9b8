package plot

import (
	"image"
	"image/color"
	"math"

	scan "golang.org/x/image/vector"
)

// raster fills shapes with smooth edges into an image. The time that a shape takes grows with its edges and with the pixels that it covers, however
// many edges meet a row: an envelope of noise has thousands in each. It is for one goroutine.
type raster struct {
	img   *image.RGBA
	edges []side // of the shape that is being made, cut to the rows of the image
	cover scan.Rasterizer
}

// side is one edge of a shape.
type side struct{ from, to point }

// flood paints everything in one colour.
func (r *raster) flood(ink color.NRGBA) {
	pix := r.img.Pix
	copy(pix, []byte{ink.R, ink.G, ink.B, 0xff})
	for done := 4; done < len(pix); done *= 2 {
		copy(pix[done:], pix[:done])
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

// edge adds one edge of a shape, cut to the rows of the image: what is above and below them covers nothing.
func (r *raster) edge(a, b point) {
	height := float64(r.img.Rect.Dy())
	if !(min(a.y, b.y) < height && max(a.y, b.y) > 0) || a.y == b.y || math.IsNaN(a.x+b.x) {
		return
	}
	at := func(y float64) point {
		if a.x == b.x {
			return point{countable(a.x), y}
		}
		return point{countable(a.x + (y-a.y)/(b.y-a.y)*(b.x-a.x)), y}
	}
	r.edges = append(r.edges, side{at(min(max(a.y, 0), height)), at(min(max(b.y, 0), height))})
}

// countable keeps a place within what the rasterizer can count to.
func countable(x float64) float64 { return min(max(x, -1e6), 1e6) }

// paint paints what was added, and forgets it.
func (r *raster) paint(ink color.NRGBA) {
	if len(r.edges) == 0 {
		return
	}
	lo, hi := r.edges[0].from, r.edges[0].from
	for _, e := range r.edges {
		lo = point{min(lo.x, e.from.x, e.to.x), min(lo.y, e.from.y, e.to.y)}
		hi = point{max(hi.x, e.from.x, e.to.x), max(hi.y, e.from.y, e.to.y)}
	}
	on := image.Rect(int(math.Floor(lo.x)), int(math.Floor(lo.y)), int(math.Ceil(hi.x)), int(math.Ceil(hi.y))).Intersect(r.img.Rect)
	if !on.Empty() {
		r.cover.Reset(on.Dx(), on.Dy())
		left, top := float64(on.Min.X), float64(on.Min.Y)
		for _, e := range r.edges {
			r.cover.MoveTo(float32(e.from.x-left), float32(e.from.y-top))
			r.cover.LineTo(float32(e.to.x-left), float32(e.to.y-top))
		}
		r.cover.Draw(r.img, on, image.NewUniform(ink), image.Point{})
	}
	r.edges = r.edges[:0]
}
