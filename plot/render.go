package plot

import (
	"fmt"
	"io"
)

// WritePNG draws the figure as PNG. A size of zero lets the figure choose. The errors are [*SizeError] and those of w.
func (f *Figure) WritePNG(w io.Writer, size Size) error {
	l, err := lay(f, size)
	if err != nil {
		return err
	}
	b := newBitmap(l.size, groundColor)
	l.draw(&canvas{pen: b, size: l.size})
	if err := encodePNG(w, b.img); err != nil {
		return fmt.Errorf("write png: %w", err)
	}
	return nil
}

// WriteSVG draws the figure as SVG, with text as text. A size of zero lets the figure choose. The errors are [*SizeError] and those of w.
func (f *Figure) WriteSVG(w io.Writer, size Size) error {
	l, err := lay(f, size)
	if err != nil {
		return err
	}
	v := newVector(l.size, groundColor)
	l.draw(&canvas{pen: v, size: l.size})
	picture, err := v.bytes()
	if err == nil {
		_, err = w.Write(picture)
	}
	if err != nil {
		return fmt.Errorf("write svg: %w", err)
	}
	return nil
}

// Endings lists the endings of files that can be written.
func Endings() []string { return []string{".png", ".svg"} }

func (l *layout) draw(c *canvas) {
	room := float64(l.size.Width) - 2*edge
	c.text(point{edge, edge + titleHeight/2}, fit(clean(l.f.title), titleSize, room), titleSize, alignLeft, inkColor)
	c.text(point{edge, edge + titleHeight + lineHeight/2}, fit(clean(l.f.subtitle), textSize, room), textSize, alignLeft, frameColor)
	for i, p := range l.f.panels {
		l.drawPanel(&area{c, l.areas[i], l.f.x, p.y}, i)
	}
	l.drawEventNames(c)
	l.drawBottom(c)
}

func (l *layout) drawPanel(a *area, i int) {
	p := l.f.panels[i]
	for _, b := range l.f.bands {
		if b.panel == nil || b.panel == p {
			b.draw(a)
		}
	}
	for _, t := range l.ticksX {
		a.straight(point{a.px(t.at), a.top}, point{a.px(t.at), a.bottom}, gridColor)
	}
	for _, t := range l.ticksY[i] {
		if p.y.label != "" || t.text != "" {
			a.straight(point{a.left, a.py(t.at)}, point{a.right, a.py(t.at)}, gridColor)
		}
	}
	for _, layer := range p.layers {
		layer.draw(a)
	}
	for _, e := range l.f.events {
		a.straight(point{a.px(e.x), a.top}, point{a.px(e.x), a.bottom}, markColor, 4, 3)
	}
	l.drawFrame(a, i)
	if p.scale != nil {
		p.scale.draw(a)
	}
	y := a.top - float64(len(l.legend[i]))*lineHeight + lineHeight/2
	for _, line := range l.legend[i] {
		drawLegend(a.canvas, line, a.left, y)
		y += lineHeight
	}
}

// drawFrame draws the axes of a panel.
func (l *layout) drawFrame(a *area, i int) {
	a.straight(point{a.left, a.top}, point{a.left, a.bottom}, frameColor)
	a.straight(point{a.right, a.top}, point{a.right, a.bottom}, frameColor)
	a.straight(point{a.left, a.top}, point{a.right, a.top}, frameColor)
	a.straight(point{a.left, a.bottom}, point{a.right, a.bottom}, frameColor)
	for _, t := range l.ticksY[i] {
		y := a.py(t.at)
		if t.text != "" {
			a.straight(point{a.left - tickLength, y}, point{a.left, y}, frameColor)
			a.text(point{a.left - tickLength - 4, y}, t.text, smallSize, alignRight, inkColor)
		}
	}
	label := clean(a.y.label)
	if l.extraY[i] != "" {
		label += " " + l.extraY[i]
	}
	a.upright(point{edge + lineHeight/2, (a.top + a.bottom) / 2}, fitName(label, smallSize, a.height()+panelGap), smallSize, inkColor)
	for _, t := range l.ticksX {
		a.straight(point{a.px(t.at), a.bottom}, point{a.px(t.at), a.bottom + tickLength*0.7}, frameColor)
	}
}

func drawLegend(c *canvas, line []placed, left, y float64) {
	for _, e := range line {
		x := left + e.x
		if e.fill {
			c.rect(box{x, y - 6, x + 18, y + 6}, e.color)
		} else {
			c.rect(box{x, y - 1.5, x + 18, y + 1.5}, e.color)
		}
		c.text(point{x + 24, y}, e.text, smallSize, alignLeft, inkColor)
	}
}

// drawEventNames writes the names of events above the first panel, and leads from them to their lines.
func (l *layout) drawEventNames(c *canvas) {
	for k, line := range l.labels {
		y := edge + titleHeight + lineHeight + 4 + float64(k)*lineHeight + lineHeight/2
		for _, e := range line {
			c.text(point{e.x, y}, e.text, smallSize, alignLeft, markColor)
		}
	}
}

// centred writes a text below a place, moved so far that it stays inside of the picture.
func (l *layout) centred(c *canvas, p point, s string) {
	half := textWidth(s, smallSize)/2 + 2
	p.x = min(max(p.x, half), float64(l.size.Width)-half)
	c.text(p, s, smallSize, alignCenter, inkColor)
}

// drawBottom writes below the last panel: numbers, the name of the axis, the legend of bands.
func (l *layout) drawBottom(c *canvas) {
	last := l.areas[len(l.areas)-1]
	a := area{c, last, l.f.x, axis{}}
	y := last.bottom + tickLength + lineHeight/2
	for _, t := range l.ticksX {
		l.centred(c, point{a.px(t.at), y}, t.text)
		l.centred(c, point{a.px(t.at), y + lineHeight - 2}, t.second)
	}
	if l.secondLine() {
		y += lineHeight
	}
	y += lineHeight + 2
	c.text(point{(last.left + last.right) / 2, y}, fit(l.xLabel, textSize, float64(l.size.Width)-2*edge), textSize, alignCenter, inkColor)
	y += 4
	for _, line := range l.shared {
		y += lineHeight
		drawLegend(c, line, last.left, y)
	}
}
