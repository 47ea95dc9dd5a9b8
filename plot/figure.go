package plot

import "image/color"

// Figure is a picture that is ready to be drawn: panels on top of each other with one horizontal axis. It does not change when it is drawn, and may
// be drawn from any goroutine.
type Figure struct {
	title    string
	subtitle string
	x        axis
	panels   []*panel
	shared   []entry // legend of what goes through all panels
	bands    []band
	events   []event
	notes    []string
}

// Notes returns what a careful reader wants to know and the picture does not show.
func (f *Figure) Notes() []string { return f.notes }

// panel is one pair of axes with what is drawn between them.
type panel struct {
	y      axis
	layers []layer
	legend []entry
	scale  *colorScale // beside it; nil: none
	weight float64     // its share of the height; 0: 1
}

// layer is something that is drawn in a panel.
type layer interface {
	// draw draws into a panel, inside of the area's box.
	draw(a *area)
	// drawText draws the same in characters; false when that is not possible.
	drawText(g *grid) bool
}

// entry is one line of a legend.
type entry struct {
	text  string
	color color.NRGBA
	fill  bool // an area, not a line
}

// area is where a panel is drawn.
type area struct {
	*canvas
	box
	x, y axis
}

// px returns the pixel of a value on the horizontal axis, kept near the area; py does on the vertical one.
func (a *area) px(v float64) float64 {
	return a.left + clamp(a.x.at(v))*a.width()
}

func (a *area) py(v float64) float64 {
	return a.bottom - clamp(a.y.at(v))*a.height()
}

// clamp keeps places that lie outside of an area at its border: zooming into data must not draw over what is beside it.
func clamp(f float64) float64 { return min(max(f, 0), 1) }
