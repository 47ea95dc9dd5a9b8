package recording

import "slices"

// A mark is confirmed once its line of events.jsonl is durable. Its annotations follow with the next sync: where a recorder dies before that, they are made
// again from the line.

// marksOf picks the marks of devices out of the events, by the device's name.
func marksOf(events []Event) map[string][]Event {
	marks := map[string][]Event{}
	for i := range events {
		if e := &events[i]; e.Kind == EventMark && e.Index != nil {
			marks[e.Device] = append(marks[e.Device], *e)
		}
	}
	return marks
}

// marked collects the numbers of the lines that marks among the annotations belong to.
func marked(known map[int64]bool, annotations []Annotation) {
	for i := range annotations {
		if a := &annotations[i]; a.Label == LabelMark && a.Event != nil {
			known[*a.Event] = true
		}
	}
}

// placeOfMark returns the stream index at which a mark stands in a segment; ok is false when it belongs into none of the samples from start to end. first: the
// device index that was expected at start, -1 when it is not known; what was lost in front of the first sample stands there. later: the stream goes on behind
// them. Of a block mode it is the last sample of the newest whole waveform.
func placeOfMark(e *Event, g *Global, captures []Capture, start, end, first int64, later bool) (at int64, ok bool) {
	if len(captures) == 0 || end <= start {
		return 0, false
	}
	if g.Mode.Block() {
		for k := range captures {
			c := &captures[k]
			if c.SampleStart+g.WaveformSamples > end || c.Datetime+Timestamp(g.SampleInterval.NS(g.WaveformSamples)) > e.UTC {
				break
			}
			at, ok = c.SampleStart+g.WaveformSamples-1, g.WaveformSamples > 0
		}
		return at, ok
	}
	index := *e.Index / max(g.Ratio, 1)
	if index < captures[0].GlobalIndex {
		return captures[0].SampleStart, first >= 0 && index >= first && captures[0].SampleStart < end
	}
	for k := range captures {
		c := &captures[k]
		if c.SampleStart >= end || c.GlobalIndex > index {
			break
		}
		at = c.SampleStart + min(index-c.GlobalIndex, end-c.SampleStart)
		if k+1 < len(captures) { // what a gap has swallowed stands at the last sample before it
			at = min(at, captures[k+1].SampleStart-1)
		}
	}
	return min(at, end-1), at < end || !later
}

// setMarks annotates the marks of a segment that was cut off that no annotation of the device tells of. The streams' ends are settled.
func (r *repairer) setMarks(d *repairDevice, streams []*streamRepair) {
	marks := r.marks()[d.name]
	if len(marks) == 0 || slices.ContainsFunc(streams, func(s *streamRepair) bool { return s.sealed }) {
		return
	}
	known := map[int64]bool{}
	for _, m := range r.metas {
		if m.global.Device == d.name {
			marked(known, m.annotations)
		}
	}
	for _, seg := range d.fold.segments {
		for _, t := range seg.streams {
			marked(known, t.annotations)
		}
	}
	for i := range marks {
		e := &marks[i]
		if known[e.Seq] {
			continue
		}
		for _, s := range streams {
			if at, ok := placeOfMark(e, &s.global, s.captures, s.t.start, s.end, s.t.firstNext, s.later); ok {
				a := Annotation{SampleStart: at, SampleCount: 1, Label: LabelMark, Generator: Generator, Comment: clip(e.Text, 4<<10), Event: &e.Seq}
				s.annotations, s.news = append(s.annotations, a), append(s.news, a)
			}
		}
	}
}

// marks reads the marks of all devices, once.
func (r *repairer) marks() map[string][]Event {
	if r.marksRead == nil {
		b, _ := r.fs.ReadFile(r.path(FileEvents)) // what cannot be read is told when the events are looked at
		events, _ := parseEvents(b)
		r.marksRead = marksOf(events)
	}
	return r.marksRead
}

// Misses tells whether a mark belongs into the segment that records, and no annotation of it tells of it yet.
func (a *Adoptable) Misses(mark *Event) bool {
	seg := a.state.fold.segments[a.state.segment]
	if seg == nil || mark.Kind != EventMark || mark.Index == nil {
		return false
	}
	known, here := map[int64]bool{}, false
	for _, t := range seg.streams {
		marked(known, t.annotations)
		switch g := t.global; {
		case g == nil:
		case len(t.captures) > 0:
			_, ok := placeOfMark(mark, g, t.captures, t.start, t.n, t.firstNext, false)
			here = here || ok
		case !g.Mode.Block(): // it has only just begun
			here = here || t.firstNext >= 0 && *mark.Index/max(g.Ratio, 1) >= t.firstNext
		}
	}
	return here && !known[mark.Seq]
}
