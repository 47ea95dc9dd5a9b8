package plot

import (
	"image/color"
	"math"
	"slices"
	"sort"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// Computed is what was computed from a stream, drawn on top of it: values, places at which something was found, or both. Places are device indexes of
// the stream, which need not be whole.
type Computed struct {
	Of      *recording.Stream // one of those of the figure
	Pin     series.Pin        // one of those of the figure, of the port that is Of, in whose lane it is drawn; the zero value: none
	Name    string            // in the legend
	Ranges  []Range           // in the unit of the stream, ascending
	Markers []Marker          // ascending
}

// Range is the smallest and the largest value between two places. Of a single value both places, and both values, are one.
type Range struct {
	From, Until float64
	Low, High   float64
	Apart       bool // nothing joins it to the range before
}

// Marker is where something was found: a place, or all from a place up to another. A value that is no number is drawn at the top.
type Marker struct {
	From, Until float64
	Value       float64
}

// overlayInk returns the colour of the i-th trace above a heat map, whose colours go from blue to yellow.
func overlayInk(i int) color.NRGBA {
	return []color.NRGBA{{0xd5, 0x1e, 0x2e, 0xff}, {0xcc, 0x79, 0xa7, 0xff}}[i%2]
}

// pale is a trace's colour below what was computed of it.
func pale(c color.NRGBA) color.NRGBA {
	fade := func(v uint8) uint8 { return uint8((int(v) + 2*0xff) / 3) }
	return color.NRGBA{fade(c.R), fade(c.G), fade(c.B), c.A}
}

// computedOf returns what was computed of a track.
func computedOf(list []Computed, t *track) []Computed {
	var of []Computed
	for _, c := range list {
		if c.Of.Name() == t.source.Name() && t.shows(c.Pin) && t.reaches(&c) {
			of = append(of, c)
		}
	}
	return of
}

// reaches tells that what was computed begins in the track: of a stream whose unit changed there are several.
func (t *track) reaches(c *Computed) bool {
	var at float64
	switch {
	case len(c.Ranges) > 0:
		at = c.Ranges[0].From
	case len(c.Markers) > 0:
		at = c.Markers[0].From
	default:
		return true
	}
	last := &t.all[len(t.all)-1]
	return !t.part || last.segment.Global.Mode.Block() || at >= float64(t.all[0].from)-1 && at < float64(last.told)+1
}

// spanOf returns the span that a place lies in, or the one before it.
func (t *track) spanOf(place float64) *span {
	k := sort.Search(len(t.all), func(k int) bool { return float64(t.all[k].capture.GlobalIndex) > place })
	return &t.all[max(0, k-1)]
}

// placed returns the horizontal place of a device index that need not be whole; at gives that of a whole one.
func (t *track) placed(place float64, at func(s *span, device int64) float64) float64 {
	s := t.spanOf(place)
	whole, rest := math.Modf(place)
	return at(s, int64(whole)) + rest*s.dt
}

// computedTrace makes a trace of computed values.
func computedTrace(t *track, c *Computed, ink color.NRGBA, at func(*span, int64) float64) *trace {
	tr := &trace{color: ink, many: true}
	for i, r := range c.Ranges {
		line := r.From == r.Until
		n := len(tr.stretches)
		if i == 0 || r.Apart || tr.stretches[n-1].line != line {
			tr.stretches = append(tr.stretches, stretch{line: line})
			n++
		}
		s := &tr.stretches[n-1]
		s.columns = append(s.columns, column{t.placed(r.From, at), t.placed(r.Until, at), r.Low, r.High})
	}
	return tr
}

// computedLayers is what was computed of a track, ready to be drawn.
type computedLayers struct {
	layers []layer
	legend []entry
	values extent
	covers bool // there are traces, not marks only
}

// layersOf makes the layers of what was computed of a track; ink gives the colour of the i-th of its traces, at the horizontal place of a sample.
func layersOf(list []Computed, t *track, ink func(i int) color.NRGBA, at func(*span, int64) float64) computedLayers {
	var out computedLayers
	for i, c := range computedOf(list, t) {
		shown := markColor
		if len(c.Ranges) > 0 {
			tr := computedTrace(t, &c, ink(i), at)
			shown = tr.color
			v := tr.values()
			out.add(tr, v)
			out.covers = true
		}
		if len(c.Markers) > 0 {
			m := placedMarks(t, &c, at)
			out.add(m, m.values())
		}
		out.legend = append(out.legend, entry{text: c.Name, color: shown})
	}
	return out
}

// onPins puts what was computed of a pin into its lane, and the marks of a whole port at the top of the panel, whose axis is pins.
func (l *lanes) onPins(list []Computed) []Computed {
	var out []Computed
	for _, c := range list {
		i := slices.IndexFunc(l.shown, func(p series.Pin) bool { return p.Name == c.Pin.Name })
		at := func(v float64) float64 { return l.base(i) + laneLow + v*(laneHigh-laneLow) }
		c.Markers, c.Ranges = slices.Clone(c.Markers), slices.Clone(c.Ranges)
		for k := range c.Markers {
			if m := &c.Markers[k]; i < 0 {
				m.Value = math.NaN()
			} else if m.Value = at(m.Value); math.IsNaN(m.Value) {
				m.Value = at(1)
			}
		}
		for k := range c.Ranges {
			c.Ranges[k].Low, c.Ranges[k].High = at(c.Ranges[k].Low), at(c.Ranges[k].High)
		}
		if i < 0 {
			c.Ranges = nil
		}
		out = append(out, c)
	}
	return out
}

func (l *computedLayers) add(one layer, values extent) {
	l.layers = append(l.layers, one)
	l.values.with(values)
}
