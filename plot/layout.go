package plot

import (
	"fmt"
	"math"
)

// The distances of the layout, in pixels.
const (
	edge        = 14.0 // around everything
	titleHeight = 24.0
	lineHeight  = 18.0
	panelGap    = 10.0
	tickLength  = 5.0
	minPanel    = 48.0 // the least height of a panel
	goodPanel   = 110.0
	barWidth    = 16.0
	barRoom     = 92.0  // for a colour scale with its labels
	xLabelWidth = 92.0  // room for one label of a horizontal axis
	minArea     = 80.0  // the least width of panels
	mostName    = 130.0 // the most room for a label with the name at it
	mostTicksY  = 8     // how many labels a vertical axis has at the most
)

// layout is where everything of a figure is, for one size.
type layout struct {
	f      *Figure
	size   Size
	areas  []box
	legend [][][]placed // of each panel, in lines
	shared [][]placed
	labels [][]event // texts of events, in lines
	ticksX []tick
	ticksY [][]tick
	extraY []string
	xLabel string
	hidden int // events without a text
}

// placed is an entry of a legend with its place from the left.
type placed struct {
	entry
	x float64
}

// lay settles where everything is. A size of zero is chosen. The error is a [*SizeError].
func lay(f *Figure, size Size) (*layout, error) {
	l := &layout{f: f, size: size}
	if size == (Size{}) {
		l.size = Size{defaultWidth, defaultHeight}
	}
	left, right := l.sides()
	if right-left < minArea {
		return nil, &SizeError{l.size.String(), "is too narrow for this picture"}
	}
	for _, p := range f.panels {
		l.legend = append(l.legend, flow(p.legend, right-left))
	}
	l.shared = flow(f.shared, right-left)
	l.placeX(left, right)
	l.placeEvents(left, right)
	fixedHeight := l.fixed()
	if need := fixedHeight + l.weights()*goodPanel; size == (Size{}) && need > defaultHeight {
		l.size.Height = min(maxSide, int(need))
	}
	unit := (float64(l.size.Height) - fixedHeight) / l.weights()
	if unit < minPanel {
		need := int(math.Ceil((fixedHeight + l.weights()*minPanel)))
		return nil, &SizeError{l.size.String(), fmt.Sprintf("is too low for %s; make it %d pixels high, or choose fewer streams", panelCount(len(f.panels)), need)}
	}
	l.placePanels(left, right, unit)
	return l, nil
}

func panelCount(n int) string {
	if n == 1 {
		return "a panel"
	}
	return fmt.Sprintf("%d panels", n)
}

func (p *panel) share() float64 {
	if p.weight > 0 {
		return p.weight
	}
	return 1
}

func (l *layout) weights() (sum float64) {
	for _, p := range l.f.panels {
		sum += p.share()
	}
	return sum
}

// sides returns where panels begin and end: beside the widest labels.
func (l *layout) sides() (left, right float64) {
	widest, bars := 0.0, false
	for _, p := range l.f.panels {
		ticks, extra := l.labelsY(p, mostTicksY, 2*mostTicksY)
		l.ticksY = append(l.ticksY, ticks)
		l.extraY = append(l.extraY, extra)
		for _, t := range ticks {
			widest = max(widest, textWidth(t.text, smallSize))
		}
		bars = bars || p.scale != nil
	}
	left, right = edge+lineHeight+4+widest+tickLength+4, float64(l.size.Width)-edge-16
	if bars {
		right = float64(l.size.Width) - barRoom - edge
	}
	return math.Ceil(left), math.Floor(right)
}

// labelsY returns the ticks of a vertical axis. Names at them take an eighth of the width at the most.
func (l *layout) labelsY(p *panel, most, room int) ([]tick, string) {
	ticks, extra := p.y.labels(most, room)
	return named(ticks, func(s string) string { return fit(s, smallSize, min(mostName, float64(l.size.Width)/8)) }), extra
}

// flow puts the entries of a legend into lines.
func flow(entries []entry, width float64) [][]placed {
	var lines [][]placed
	x := 0.0
	for _, e := range entries {
		e.text = fit(clean(e.text), smallSize, width-30)
		w := 24 + textWidth(e.text, smallSize) + 18
		if len(lines) == 0 || x+w-18 > width {
			lines, x = append(lines, nil), 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], placed{e, x})
		x += w
	}
	return lines
}

// fixed returns the height of all that is not panels.
func (l *layout) fixed() float64 {
	h := edge + titleHeight + lineHeight + 4
	h += float64(len(l.labels)) * lineHeight
	for i := range l.f.panels {
		h += float64(len(l.legend[i]))*lineHeight + panelGap
	}
	h += tickLength + lineHeight // numbers
	if l.secondLine() {
		h += lineHeight
	}
	h += lineHeight + 4 // name of the axis
	return h + float64(len(l.shared))*lineHeight + edge
}

func (l *layout) secondLine() bool {
	for _, t := range l.ticksX {
		if t.second != "" {
			return true
		}
	}
	return false
}

// placeX settles the ticks of the horizontal axis: as many as have room.
func (l *layout) placeX(left, right float64) {
	extra := ""
	l.ticksX, extra = l.f.x.marks(int((right - left) / xLabelWidth))
	l.xLabel = clean(l.f.x.label)
	if extra != "" {
		l.xLabel = withUnit(l.xLabel, extra)
	}
}

// mostLabelLines is how many lines the texts of events may take.
const mostLabelLines = 3

// placeEvents gives texts of events places above the first panel, those that have room.
func (l *layout) placeEvents(left, right float64) {
	var ends []float64
	for _, e := range l.f.events {
		e.text = fit(clean(e.text), smallSize, 180)
		x := left + clamp(l.f.x.at(e.x))*(right-left)
		w := textWidth(e.text, smallSize)
		x = min(x, right-w)
		k := 0
		for k < len(ends) && x < ends[k] {
			k++
		}
		if k == mostLabelLines || e.text == "" {
			l.hidden++
			continue
		}
		if k == len(ends) {
			ends, l.labels = append(ends, 0), append(l.labels, nil)
		}
		ends[k] = x + w + 12
		l.labels[k] = append(l.labels[k], event{x, e.text})
	}
}

// placePanels settles where panels are; unit is the height of one of weight 1.
func (l *layout) placePanels(left, right, unit float64) {
	y := edge + titleHeight + lineHeight + 4 + float64(len(l.labels))*lineHeight
	for i, p := range l.f.panels {
		y += float64(len(l.legend[i])) * lineHeight
		h := math.Floor(unit * p.share())
		l.areas = append(l.areas, box{left, math.Floor(y), right, math.Floor(y) + h})
		y += h + panelGap
		if most := int(h / 26); most < mostTicksY && p.y.ticks != nil {
			l.ticksY[i], l.extraY[i] = l.labelsY(p, most, int(h/smallSize))
		}
	}
}
