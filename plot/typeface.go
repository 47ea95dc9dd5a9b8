package plot

import (
	"sort"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// typeface gives the outlines of Liberation Sans. It is safe for concurrent use.
type typeface struct {
	mu     sync.Mutex
	font   *sfnt.Font
	buf    sfnt.Buffer
	unit   float64 // of the font, in its size
	em     fixed.Int26_6
	glyphs map[rune]*glyph
}

// glyph is one character of the size 1 that stands at (0, 0).
type glyph struct {
	index    sfnt.GlyphIndex
	advance  float64   // to the next one
	contours [][]point // y is downwards
}

// sans is read with the first picture.
var sans = sync.OnceValue(func() *typeface {
	f, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		panic(err) // it is part of the program
	}
	em := f.UnitsPerEm()
	return &typeface{font: f, em: fixed.Int26_6(em), unit: 1 / float64(em), glyphs: map[rune]*glyph{}}
})

// each gives visit the characters of a text and how far from its beginning they stand, and returns how wide the text is, in sizes.
func (t *typeface) each(s string, visit func(g *glyph, at float64)) (width float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var last *glyph
	for _, c := range s {
		g := t.glyph(c)
		if last != nil {
			if kern, err := t.font.Kern(&t.buf, last.index, g.index, t.em, font.HintingNone); err == nil {
				width += float64(kern) * t.unit
			}
		}
		if visit != nil {
			visit(g, width)
		}
		width, last = width+g.advance, g
	}
	return width
}

// known returns how wide a text is, in sizes; ok is false where the font does not have all of its characters.
func (t *typeface) known(s string) (width float64, ok bool) {
	ok = true
	width = t.each(s, func(g *glyph, _ float64) { ok = ok && g.index != 0 })
	return width, ok
}

// glyph returns a character. One that the font does not have is an empty box, which is the glyph 0.
func (t *typeface) glyph(c rune) *glyph {
	if g := t.glyphs[c]; g != nil {
		return g
	}
	g := &glyph{}
	g.index, _ = t.font.GlyphIndex(&t.buf, c)
	advance, _ := t.font.GlyphAdvance(&t.buf, g.index, t.em, font.HintingNone)
	g.advance = float64(advance) * t.unit
	outline, _ := t.font.LoadGlyph(&t.buf, g.index, t.em, nil)
	for i := range outline {
		g.add(&outline[i], t.unit)
	}
	t.glyphs[c] = g
	return g
}

// curveSteps is how many straight lines a curve of an outline becomes; at the sizes of text none of them is seen.
const curveSteps = 4

// add goes on with the outline.
func (g *glyph) add(s *sfnt.Segment, unit float64) {
	at := func(i int) point { return point{float64(s.Args[i].X) * unit, float64(s.Args[i].Y) * unit} }
	if s.Op == sfnt.SegmentOpMoveTo {
		g.contours = append(g.contours, []point{at(0)})
		return
	}
	c := &g.contours[len(g.contours)-1]
	if s.Op == sfnt.SegmentOpLineTo {
		*c = append(*c, at(0))
		return
	}
	a, b, d := (*c)[len(*c)-1], at(0), at(1) // fonts of this form have no cubic curves
	for i := 1; i <= curveSteps; i++ {
		f := float64(i) / curveSteps
		u, v, w := (1-f)*(1-f), 2*f*(1-f), f*f
		*c = append(*c, point{u*a.x + v*b.x + w*d.x, u*a.y + v*b.y + w*d.y})
	}
}

// textWidth returns the width of a text in pixels.
func textWidth(s string, size float64) float64 { return size * sans().each(s, nil) }

// fit shortens a text until it has no more than a width in pixels.
func fit(s string, size, width float64) string {
	if textWidth(s, size) <= width {
		return s
	}
	r := []rune(s)
	n := sort.Search(len(r), func(n int) bool { return textWidth(string(r[:n+1])+"…", size) > width })
	return strings.TrimRight(string(r[:n]), " ") + "…"
}

// fitName shortens a text as fit does, but for a unit at its end in brackets.
func fitName(s string, size, width float64) string {
	at := strings.LastIndex(s, " (")
	if at < 0 || textWidth(s, size) <= width {
		return fit(s, size, width)
	}
	unit := s[at:]
	if rest := width - textWidth(unit, size); rest > textWidth("…", size) {
		return fit(s[:at], size, rest) + unit
	}
	return fit(s, size, width)
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

// place moves an outline of the size 1: to a size, turned where it is upright, and to where it stands.
func place(p, origin point, size, at float64, upright bool) point {
	x, y := (p.x+at)*size, p.y*size
	if upright {
		return point{origin.x + y, origin.y - x}
	}
	return point{origin.x + x, origin.y + y}
}
