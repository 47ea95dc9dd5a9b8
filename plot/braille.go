package plot

import (
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// grid is a panel made of braille characters, two dots wide and four high each.
type grid struct {
	columns, rows int
	cells         []uint8
	x, y          axis
}

func newGrid(columns, rows int, x, y axis) *grid {
	return &grid{columns, rows, make([]uint8, columns*rows), x, y}
}

// brailleBits are the bits of the dots in a character, by column and row.
var brailleBits = [2][4]uint8{{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}}

// set sets one dot; rows count from the top.
func (g *grid) set(column, row int) {
	if column < 0 || row < 0 || column >= 2*g.columns || row >= 4*g.rows {
		return
	}
	g.cells[row/4*g.columns+column/2] |= brailleBits[column%2][row%4]
}

func (g *grid) dotX(v float64) int {
	return min(int(clamp(g.x.at(v))*float64(2*g.columns)), 2*g.columns-1)
}

func (g *grid) dotY(v float64) int {
	return min(int((1-clamp(g.y.at(v)))*float64(4*g.rows)), 4*g.rows-1)
}

// fill sets all dots between values.
func (g *grid) fill(x0, x1, lo, hi float64) {
	from, to := g.dotX(x0), g.dotX(x1)
	if to > from && x1 > x0 {
		to-- // the end belongs to what follows
	}
	for c := from; c <= to; c++ {
		for r := g.dotY(hi); r <= g.dotY(lo); r++ {
			g.set(c, r)
		}
	}
}

// line sets the dots of a straight line.
func (g *grid) line(x0, y0, x1, y1 float64) {
	c0, r0, c1, r1 := g.dotX(x0), g.dotY(y0), g.dotX(x1), g.dotY(y1)
	steps := max(abs(c1-c0), abs(r1-r0), 1)
	for i := 0; i <= steps; i++ {
		f := float64(i) / float64(steps)
		g.set(c0+int(math.Round(f*float64(c1-c0))), r0+int(math.Round(f*float64(r1-r0))))
	}
}

func abs(v int) int { return max(v, -v) }

// text returns a line of characters. Those without a dot are blanks.
func (g *grid) text(row int) string {
	var b strings.Builder
	for _, c := range g.cells[row*g.columns : (row+1)*g.columns] {
		if c == 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteRune(0x2800 + rune(c))
	}
	return b.String()
}

// The least size of a figure of characters, and how high a panel is when that is left open.
const (
	minTextColumns = 40
	textRows       = 12
	manyTextRows   = 8
	mostTextName   = 20 // of a label with the name at it
)

// WriteText draws the figure with braille characters, so many columns wide; rows is the height of a panel, 0 lets the figure choose. Heat maps are a
// [*KindError], fewer than 40 columns a [*SizeError].
func (f *Figure) WriteText(w io.Writer, columns, rows int) error {
	if columns < minTextColumns {
		return &SizeError{fmt.Sprintf("%d columns", columns), fmt.Sprintf("is too narrow; a picture of characters needs %d", minTextColumns)}
	}
	if rows <= 0 {
		if rows = textRows; len(f.panels) > 2 {
			rows = manyTextRows
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", clean(f.title), clean(f.subtitle))
	ticks := make([][]tick, len(f.panels))
	extra := make([]string, len(f.panels))
	margin := 0
	for i, p := range f.panels {
		ticks[i], extra[i] = p.y.labels(max(2, rows/3), rows)
		ticks[i] = named(ticks[i], func(s string) string { return cut(s, min(mostTextName, columns/5)) })
		for _, t := range ticks[i] {
			margin = max(margin, utf8.RuneCountInString(t.text))
		}
	}
	for i, p := range f.panels {
		g := newGrid(columns-margin-2, rows, f.x, p.y)
		for _, layer := range p.layers {
			if !layer.drawText(g) {
				return &KindError{f.title, "is a picture of colours, which characters cannot show; write it to a file, or choose the kind time"}
			}
		}
		f.writePanel(&b, g, p, ticks[i], extra[i], margin)
	}
	f.writeAxis(&b, margin, columns-margin-2)
	for _, e := range f.shared {
		fmt.Fprintf(&b, "%s\n", clean(e.text))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writePanel writes a panel with its names and numbers; what is lost is a row of dots below it.
func (f *Figure) writePanel(b *strings.Builder, g *grid, p *panel, ticks []tick, extra string, margin int) {
	names := []string{strings.TrimSpace(clean(p.y.label) + " " + extra)}
	for _, e := range p.legend {
		names = append(names, clean(e.text))
	}
	fmt.Fprintf(b, "%*s  %s\n", margin, "", cut(strings.Join(names, "  "), g.columns))
	labels := map[int]string{}
	for _, t := range ticks {
		labels[g.dotY(t.at)/4] = t.text
	}
	for row := range g.rows {
		bar := "│"
		if labels[row] != "" {
			bar = "┤"
		}
		fmt.Fprintf(b, "%*s %s%s\n", margin, labels[row], bar, strings.TrimRight(g.text(row), " "))
	}
	floor := []rune(strings.Repeat("─", g.columns))
	for _, one := range f.bands {
		if one.panel != nil && one.panel != p {
			continue
		}
		for c := g.dotX(one.x0) / 2; c <= g.dotX(one.x1)/2; c++ {
			floor[c] = '░'
		}
	}
	fmt.Fprintf(b, "%*s └%s\n", margin, "", string(floor))
}

// cut shortens a text to a number of characters.
func cut(s string, columns int) string {
	if utf8.RuneCountInString(s) <= columns {
		return s
	}
	return string([]rune(s)[:columns-1]) + "…"
}

// writeAxis writes the numbers of the horizontal axis where they have room.
func (f *Figure) writeAxis(b *strings.Builder, margin, columns int) {
	ticks, extra := f.x.marks(max(2, columns/14))
	for _, second := range []bool{false, true} {
		line := []rune(strings.Repeat(" ", margin+2+columns))
		free := 0
		for _, t := range ticks {
			text := []rune(t.text)
			if second {
				text = []rune(t.second)
			}
			at := margin + 2 + int(f.x.at(t.at)*float64(columns)) - len(text)/2
			at = min(max(at, 0), len(line)-len(text))
			if at < free || len(text) == 0 {
				continue
			}
			copy(line[at:], text)
			free = at + len(text) + 1
		}
		if s := strings.TrimRight(string(line), " "); s != "" {
			fmt.Fprintln(b, s)
		}
	}
	label := clean(f.x.label)
	if extra != "" {
		label = withUnit(label, extra)
	}
	fmt.Fprintf(b, "%*s  %s\n", margin, "", label)
}
