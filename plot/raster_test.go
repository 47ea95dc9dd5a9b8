package plot

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var black = color.NRGBA{0, 0, 0, 0xff}

// grays draws on white and returns how dark each pixel is: 0 white, 255 black.
func grays(width, height int, draw func(b *bitmap)) [][]int {
	b := newBitmap(Size{width, height}, groundColor)
	draw(b)
	list := make([][]int, height)
	for y := range list {
		for x := range width {
			list[y] = append(list[y], 255-int(b.img.RGBAAt(x, y).R))
		}
	}
	return list
}

func TestRaster(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name string
		draw func(b *bitmap)
		want [][]int
	}{
		{"whole pixels", func(b *bitmap) { b.rect(box{1, 1, 3, 2}, black) }, [][]int{{0, 0, 0, 0}, {0, 255, 255, 0}, {0, 0, 0, 0}}},
		{"parts of pixels", func(b *bitmap) { b.rect(box{0.5, 0.5, 2.2, 1.2}, black) }, [][]int{{64, 128, 26, 0}, {26, 51, 10, 0}, {0, 0, 0, 0}}},
		{"inside of one pixel", func(b *bitmap) { b.rect(box{1.25, 1.25, 1.75, 1.75}, black) }, [][]int{{0, 0, 0, 0}, {0, 64, 0, 0}, {0, 0, 0, 0}}},
		{"beyond all borders", func(b *bitmap) { b.rect(box{-9, -9, 99, 99}, black) }, [][]int{{255, 255, 255, 255}, {255, 255, 255, 255}, {255, 255, 255, 255}}},
		{"outside", func(b *bitmap) {
			b.rect(box{9, 0, 12, 3}, black)
			b.rect(box{0, -3, 4, -1}, black)
			b.rect(box{-3, 0, -1, 3}, black)
		}, [][]int{{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}}},
		{"half opaque", func(b *bitmap) { b.rect(box{0, 0, 4, 1}, color.NRGBA{0, 0, 0, 0x80}) }, [][]int{{128, 128, 128, 128}, {0, 0, 0, 0}, {0, 0, 0, 0}}},
		{"the other way around", func(b *bitmap) { b.fill([]point{{1, 2}, {3, 2}, {3, 1}, {1, 1}}, black) }, [][]int{{0, 0, 0, 0}, {0, 255, 255, 0}, {0, 0, 0, 0}}},
		{"twice around, where parts of pixels add up", func(b *bitmap) {
			b.fill([]point{{0, 0}, {1.5, 0}, {1.5, 1}, {0, 1}, {0, 0}, {1.5, 0}, {1.5, 1}, {0, 1}}, black)
		}, [][]int{{255, 255, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}}},
		{"triangle", func(b *bitmap) { b.fill([]point{{0, 0}, {4, 0}, {0, 2}}, black) }, [][]int{{255, 255, 191, 64}, {191, 64, 0, 0}, {0, 0, 0, 0}}},
		{"line", func(b *bitmap) { b.line([]point{{0, 1.5}, {4, 1.5}}, 1, black) }, [][]int{{0, 0, 0, 0}, {255, 255, 255, 255}, {0, 0, 0, 0}}},
		{"line of one place", func(b *bitmap) { b.line([]point{{1, 1}, {1, 1}}, 1, black) }, [][]int{{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}}},
		{"no numbers", func(b *bitmap) { b.rect(box{0, nan, 4, nan}, black); b.line([]point{{nan, 1}, {2, nan}}, 1, black) }, [][]int{{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}}},
		{"endless", func(b *bitmap) { b.rect(box{1, -inf, 2, inf}, black) }, [][]int{{0, 255, 0, 0}, {0, 255, 0, 0}, {0, 255, 0, 0}}},
		{"nothing", func(b *bitmap) { b.fill(nil, black); b.text(point{1, 1}, "", 12, alignLeft, black) }, [][]int{{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, grays(4, 3, c.draw), cmp.Comparer(func(a, b int) bool { return max(a-b, b-a) <= 1 })); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRasterArea: what a polygon darkens is as much as its area, wherever it lies, and nothing is left behind for the next one.
func TestRasterArea(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	b := newBitmap(Size{60, 50}, groundColor)
	for n := range 300 {
		mid := point{15 + 30*r.Float64(), 15 + 20*r.Float64()}
		var corners []point
		corner := 3 + r.IntN(7)
		for i := range corner { // a star around its middle: no edge crosses another one
			s, c := math.Sincos(2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(corner))
			size := 2 + 12*r.Float64()
			corners = append(corners, point{mid.x + size*c, mid.y + size*s})
		}
		area := 0.0
		for i, p := range corners {
			q := corners[(i+1)%len(corners)]
			area += (p.x*q.y - q.x*p.y) / 2
		}
		b.flood(groundColor)
		b.fill(corners, black)
		dark := 0.0
		for i := 0; i < len(b.img.Pix); i += 4 {
			dark += float64(255-b.img.Pix[i]) / 255
		}
		if math.Abs(dark-math.Abs(area)) > 0.5 {
			t.Fatalf("polygon %d of %d corners: dark %.2f, area %.2f", n, corner, dark, area)
		}
	}
}

// TestText: text stands where it should, and each form has the width that was reckoned with.
func TestText(t *testing.T) {
	t.Parallel()
	const size = 40
	bounds := func(draw func(b *bitmap)) image.Rectangle {
		var r image.Rectangle
		for y, row := range grays(300, 300, draw) {
			for x, v := range row {
				if v > 20 {
					r = r.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
		return r
	}
	near := func(name string, have, want image.Rectangle) {
		t.Helper()
		for _, d := range []image.Point{have.Min.Sub(want.Min), have.Max.Sub(want.Max)} {
			if max(d.X, -d.X, d.Y, -d.Y) > 3 {
				t.Errorf("%s: %v, want about %v", name, have, want)
			}
		}
	}
	w := int(textWidth("HHHH", size))
	half := size * 36 / 100
	for a, x := range map[align]int{alignLeft: 150, alignCenter: 150 - w/2, alignRight: 150 - w} {
		near("text", bounds(func(b *bitmap) { b.text(point{150, 150}, "HHHH", size, a, black) }), image.Rect(x+3, 150-half, x+w-3, 150+half))
	}
	near("upright", bounds(func(b *bitmap) { b.upright(point{150, 150}, "HHHH", size, black) }), image.Rect(150-half, 150-w/2+3, 150+half, 150+w/2-3))
	for _, s := range []string{"µΩ°²×", "Ж", "…"} {
		if bounds(func(b *bitmap) { b.text(point{150, 150}, s, size, alignCenter, black) }).Empty() {
			t.Errorf("nothing is drawn of %q", s)
		}
	}
	if a, b := textWidth("AV", size), textWidth("A", size)+textWidth("V", size); a >= b {
		t.Errorf("no kerning: %v and %v", a, b)
	}
}

func TestFitName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"cell (mA)", "cell (mA)"}, {"temperature of the oven (°C)", "tem… (°C)"}, {"temperature of the oven", "temperat…"},
		{"a (very long thing that is no unit at all)", "a (very lo…"}, {"", ""},
	} {
		if got := fitName(c.in, 12, 62); got != c.want || textWidth(got, 12) > 62 {
			t.Errorf("%q: %q of %v pixels, want %q", c.in, got, textWidth(got, 12), c.want)
		}
	}
}
