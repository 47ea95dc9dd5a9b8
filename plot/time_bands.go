package plot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// addBands shades what is missing, and what is damaged. The streams of a panel are of one device and lose the same samples, so the first one stands
// for them; samples are counted once for each device.
func (p *timePicture) addBands() {
	var kinds bandKinds
	devices := map[string]*track{}
	done := map[*panel]bool{}
	for _, t := range p.tracks {
		at := p.of[t]
		if devices[t.global.Device] == nil {
			devices[t.global.Device] = t
		}
		twice := t.pins != nil && slices.ContainsFunc(p.tracks, func(o *track) bool { return o.source == t.source && o.pins == nil })
		counted := devices[t.global.Device].source == t.source && !twice
		if !done[at] {
			p.addGaps(&kinds, t, at, counted)
		}
		done[at] = true
		for _, a := range t.source.Annotations() {
			if a.Label == recording.LabelDamaged || a.Label == recording.LabelUnverified {
				if b, ok := p.annotated(t, a); ok {
					kinds.add(string(a.Label), a.SampleCount, at, b.x0, b.x1, !twice)
				}
			}
		}
	}
	kinds.into(&p.f, p.f.x.max-p.f.x.min)
}

// addGaps adds what a track has lost.
func (p *timePicture) addGaps(kinds *bandKinds, t *track, at *panel, counted bool) {
	add := func(name string, samples int64, x0, x1 float64) {
		if b, ok := p.cut(x0, x1); ok && (b.x0 < b.x1 || x0 == x1) {
			kinds.add(name, samples, at, b.x0, b.x1, counted)
		}
	}
	for i := range t.all {
		s := &t.all[i]
		if s.told > s.to && !s.cutTo {
			add("missing from the files", s.told-s.to, s.x(s.to, p.zero), s.x(s.told, p.zero))
		}
		if s.gap == nil {
			continue
		}
		x1 := s.x(s.from, p.zero)
		x0 := x1 - float64(s.gap.Lost)*s.dt
		if i > 0 {
			before := &t.all[i-1]
			x0 = before.x(before.told, p.zero)
		}
		add(gapName(s.gap), s.gap.Lost, min(x0, x1), x1)
	}
	last := &t.all[len(t.all)-1]
	if g := t.behind; g != nil {
		x0 := last.x(last.told, p.zero)
		add(gapName(g), g.Lost, x0, x0+float64(g.Lost)*last.dt)
	}
}

// gapName tells the cause of a gap in the legend.
func gapName(g *recording.Gap) string {
	if g.Cause == recording.CauseNotKept {
		return "not kept"
	}
	return fmt.Sprintf("lost: %s", g.Cause)
}

// shownKinds are the events of the run that get a line, but for marks and triggers, which streams have.
var shownKinds = []recording.EventKind{
	recording.EventDetected, recording.EventGenerator, recording.EventSoftwareTrigger, recording.EventPower, recording.EventSuspend, recording.EventClockStep,
}

// addEvents adds lines at marks, triggers and what else happened.
func (p *timePicture) addEvents() error {
	events, err := p.r.Events()
	if err != nil {
		p.notes[fmt.Sprintf("events are not shown: %v", err)] = true
		events = nil
	}
	var list []event
	add := func(x float64, text string) {
		if _, ok := p.cut(x, x); ok {
			list = append(list, event{x, text})
		}
	}
	texts := map[int64]string{}
	for i := range events {
		e := &events[i]
		texts[e.Seq] = e.Text
		if slices.Contains(shownKinds, e.Kind) {
			add(float64(e.UTC-p.zero)/1e9, eventText(e))
		}
	}
	seen := map[string]bool{}
	for _, t := range p.tracks {
		if seen[t.global.Device] || t.global.Mode.Block() {
			continue
		}
		seen[t.global.Device] = true
		for _, a := range t.source.Annotations() {
			x, ok := t.moment(a.SampleStart, p.zero)
			switch {
			case !ok:
			case a.Label == recording.LabelTrigger:
				add(x, "trigger")
			case a.Label == recording.LabelMark:
				text := a.Comment
				if a.Event != nil && text == "" {
					text = texts[*a.Event]
				}
				add(x, text)
			}
		}
	}
	p.f.events = thin(list, (p.f.x.max-p.f.x.min)/float64(p.o.Columns))
	if n := len(p.f.events); n > 0 {
		p.f.shared = append(p.f.shared, entry{text: fmt.Sprintf("marks, triggers, events (%d)", n), color: markColor})
	}
	return nil
}

// eventText names an event.
func eventText(e *recording.Event) string {
	if name, ok := e.Data["event"].(string); ok && e.Kind == recording.EventDetected {
		return name
	}
	return strings.ReplaceAll(string(e.Kind), "_", " ")
}

// thin sorts events and drops those of one name that lie in one column: a mark has an event for each device.
func thin(list []event, pixel float64) []event {
	slices.SortStableFunc(list, func(a, b event) int { return cmp.Compare(a.x, b.x) })
	last := map[string]float64{}
	kept := list[:0]
	for _, e := range list {
		if x, ok := last[e.text]; ok && e.x-x < pixel {
			continue
		}
		last[e.text] = e.x
		kept = append(kept, e)
	}
	return kept
}
