package plot

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// source is one trace of a panel: a track, or the two of a minimum and a maximum.
type source struct {
	tracks []*track
	drawn  drawn
	name   string
}

// addPanels sorts what was read into panels: a port has one of its own, analog channels of one device and unit share one, as many as there are colours.
func (p *timePicture) addPanels() {
	p.of = map[*track]*panel{}
	groups := map[string]*panelGroup{}
	var order []*panelGroup
	for _, s := range p.sources() {
		g := &s.tracks[0].global
		key := g.Device + "\x00" + p.unit(s.tracks[0])
		if s.drawn.digital {
			key = s.name
		}
		if groups[key] == nil || len(groups[key].sources) == len(traceColors) {
			groups[key] = &panelGroup{}
			order = append(order, groups[key])
		}
		groups[key].sources = append(groups[key].sources, s)
	}
	for _, g := range order {
		made := g.panel(p)
		p.f.panels = append(p.f.panels, made)
		for _, s := range g.sources {
			for _, t := range s.tracks {
				p.of[t] = made
			}
		}
	}
}

// sources joins the minimum and the maximum of a channel where both were chosen and have the same columns.
func (p *timePicture) sources() []*source {
	var list []*source
	other := map[string]*source{} // that was met first
	for i, t := range p.tracks {
		g := &t.global
		s := &source{tracks: []*track{t}, drawn: p.results[i], name: t.name()}
		if g.Kind == recording.KindMin || g.Kind == recording.KindMax {
			key := fmt.Sprintf("%s.%s.%d.%d", g.Device, g.Channel, t.all[0].segment.Number, t.mask())
			if met := other[key]; met != nil && met.join(s) {
				continue
			}
			other[key] = s
		}
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(a, b *source) int { return strings.Compare(a.name, b.name) })
	return list
}

// minToMax stands behind the name of a minimum and a maximum that are one trace.
const minToMax = " min..max"

// join makes one envelope of a minimum and a maximum; false where they are not that, or have other columns.
func (s *source) join(o *source) bool {
	low, high := &s.drawn, &o.drawn
	switch a, b := s.tracks[0].global.Kind, o.tracks[0].global.Kind; {
	case a == b:
		return false
	case a == recording.KindMax:
		low, high = high, low
	}
	if low.digital != high.digital || len(low.stretches) != len(high.stretches) || len(low.pins) != len(high.pins) {
		return false
	}
	for i := range low.stretches {
		if len(low.stretches[i].columns) != len(high.stretches[i].columns) {
			return false
		}
	}
	for i := range low.pins {
		if len(low.pins[i]) != len(high.pins[i]) {
			return false
		}
	}
	for i := range low.stretches {
		low.stretches[i].line = false
		for k := range low.stretches[i].columns {
			c := &low.stretches[i].columns[k]
			c.lo, c.hi = min(c.lo, high.stretches[i].columns[k].lo), max(c.hi, high.stretches[i].columns[k].hi)
		}
	}
	for i := range low.pins {
		for k := range low.pins[i] {
			c, h := &low.pins[i][k], &high.pins[i][k]
			c.or, c.unsure = h.or, c.unsure|h.unsure
		}
	}
	s.drawn = *low
	s.tracks = append(s.tracks, o.tracks...)
	s.name = s.tracks[0].withoutKind() + minToMax
	return true
}

// unit names the unit in which a track is drawn.
func (p *timePicture) unit(t *track) string { return unitOf(t, p.o.Quantity) }

func unitOf(t *track, q convert.Quantity) string {
	c, err := convert.New(&t.global)
	if err != nil {
		return t.global.Unit
	}
	return clean(c.Name(q))
}

// panelGroup is the traces of one panel.
type panelGroup struct{ sources []*source }

// panel makes the panel of a group.
func (g *panelGroup) panel(p *timePicture) *panel {
	first := g.sources[0]
	made := &panel{}
	if first.drawn.digital {
		shown := first.tracks[0].shown()
		made.y, made.weight = laneAxis("pin", shown), 0.5+0.1*float64(len(shown))
		drawn := &lanes{first.drawn.pins, shown, traceColor(0)}
		made.layers = []layer{drawn}
		made.legend = []entry{{text: legendText(first), color: traceColor(0)}}
		above := p.computed(drawn.onPins(p.o.Computed), first, 1)
		made.layers, made.legend = append(made.layers, above.layers...), append(made.legend, above.legend...)
		return made
	}
	var e extent
	var over []band
	var above []computedLayers
	for i, s := range g.sources {
		tr := &trace{stretches: s.drawn.stretches, color: traceColor(i), many: len(g.sources) > 1}
		if overlay := p.computed(p.o.Computed, s, len(g.sources)+i); len(overlay.layers) > 0 {
			if overlay.covers {
				tr.color = pale(tr.color)
			}
			above = append(above, overlay)
		}
		made.layers = append(made.layers, tr)
		made.legend = append(made.legend, entry{text: legendText(s), color: tr.color})
		v := tr.values()
		if v.some {
			e.add(v.lo, v.hi)
		}
		for _, t := range s.tracks {
			over = append(over, p.overRange(t)...)
		}
	}
	for _, c := range above {
		made.layers, made.legend = append(made.layers, c.layers...), append(made.legend, c.legend...)
		e.with(c.values)
	}
	name := first.tracks[0].global.Device
	if len(g.sources) == 1 {
		if name = first.tracks[0].global.Label; name == "" {
			name = first.name
		}
	}
	made.y = valueAxis(name, p.unit(first.tracks[0]), e)
	if len(over) > 0 {
		made.layers = append(made.layers, &strip{joinBands(over, (p.f.x.max-p.f.x.min)/mostBands)})
		made.legend = append(made.legend, entry{text: "over range", color: overColor, fill: true})
	}
	return made
}

// computed returns what lies above a source; its first trace has the i-th colour.
func (p *timePicture) computed(list []Computed, s *source, i int) computedLayers {
	return layersOf(list, s.tracks[0], func(k int) color.NRGBA { return traceColor(i + k) }, func(s *span, device int64) float64 { return s.x(device, p.zero) })
}

// legendText names a trace.
func legendText(s *source) string {
	if of := s.tracks[0]; of.pins != nil {
		return of.legend(len(s.tracks) > 1)
	}
	if l := s.tracks[0].global.Label; l != "" {
		return s.name + ": " + l
	}
	return s.name
}

// overRange returns where a track was over its range.
func (p *timePicture) overRange(t *track) []band {
	var list []band
	for _, a := range t.source.Annotations() {
		if a.Label == recording.LabelOverRange {
			if b, ok := p.annotated(t, a); ok {
				list = append(list, b)
			}
		}
	}
	return list
}

// annotated returns where an annotation lies; ok is false outside of the figure.
func (p *timePicture) annotated(t *track, a recording.Annotation) (band, bool) {
	if !t.holds(a) {
		return band{}, false
	}
	x0, ok := t.moment(a.SampleStart, p.zero)
	x1, also := t.moment(max(a.SampleStart, a.End()-1), p.zero)
	if !ok || !also {
		return band{}, false
	}
	return p.cut(x0, x1)
}

// cut cuts a band to the figure.
func (p *timePicture) cut(x0, x1 float64) (band, bool) {
	lo, hi := p.f.x.min, p.f.x.max
	return band{x0: max(x0, lo), x1: min(x1, hi)}, x1 >= lo && x0 <= hi
}
