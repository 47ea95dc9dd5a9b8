package recording

import "strings"

// hole is what was removed again between a segment and the one before it, or before the first one.
type hole struct {
	told    bool  // run.json tells of all of it
	samples int64 // that were removed
	row     NotKeptStream
	cause   *Gap // as readers are told of it; nil before the first segment
}

// holeBefore says what was removed of a stream in front of a segment, behind the one before; that is nil for the first one. Numbers of segments also jump
// where a stream was not recorded for a while. Without run.json the numbers of the samples tell.
func holeBefore(run *RunFile, stream string, before, g *Segment) hole {
	first, start := 0, int64(0)
	if before != nil {
		first, start = before.Number+1, before.End()
	}
	if first >= g.Number {
		return hole{}
	}
	if run == nil {
		return hole{samples: max(0, g.Start-start)}
	}
	d := run.Device(g.Global.Device)
	if d == nil {
		return hole{}
	}
	if before == nil && d.Dropped.Segments > 0 { // how much that was tells the first segment that is there
		return hole{samples: g.Start}
	}
	h := hole{}
	for i := range d.NotKept {
		n := &d.NotKept[i]
		t, ok := n.Streams[stream]
		switch {
		case !ok || n.First < first || n.Last >= g.Number:
		case h.told:
			r := &h.row
			r.Samples, r.Next, r.Lost, r.LostMin, r.LostMax, r.Gaps = r.Samples+t.Samples, t.Next, r.Lost+t.Lost, r.LostMin+t.LostMin, r.LostMax+t.LostMax, r.Gaps+t.Gaps
		default:
			h.row, h.told = t, true
		}
	}
	h.samples = h.row.Samples
	return h
}

// notKeptGap is how readers are told of samples that were removed: their number is exact, and what was lost between them is not in it.
func (h *hole) notKeptGap(before, g *Segment) *Gap {
	gap := &Gap{Cause: CauseNotKept, Lost: h.samples, Exact: true}
	if k := len(before.captures); k > 0 {
		c := &before.captures[k-1]
		gap.From = c.Datetime + Timestamp(before.Global.SampleInterval.NS(before.End()-c.SampleStart))
	}
	if len(g.captures) > 0 {
		gap.To = g.captures[0].Datetime
	}
	return gap
}

// NotKept adds up the samples of the stream that were recorded and removed again, by a rule of the plan. They are no loss.
func (s *Stream) NotKept() int64 {
	var sum int64
	for _, g := range s.segments {
		sum += g.hole.samples
	}
	return sum
}

// NotKeptBefore returns the exact gap that was removed between the segment and the one before it, by a rule of the plan; nil where nothing was.
func (g *Segment) NotKeptBefore() *Gap { return g.hole.cause }

// settleHoles finds out what was removed between the segments. It is told of run.json, nil when there is none.
func (s *Stream) settleHoles(run *RunFile) {
	var before *Segment
	for _, g := range s.segments {
		g.hole = holeBefore(run, s.name, before, g)
		if g.hole.samples > 0 && before != nil {
			g.hole.cause = g.hole.notKeptGap(before, g)
		}
		before = g
	}
}

// overHole compares what run.json says of removed segments with the segments around them, and returns the capture that would end in front of g if they were
// there, nil when that is not known. prev is the last capture that is there, end the stream index behind it, after the loss behind it.
func (v *verifier) overHole(g *Segment, prev *Capture, end, after int64) *Capture {
	h := &g.hole
	if !h.told || prev == nil {
		return nil
	}
	if index := prev.GlobalIndex + end - prev.SampleStart + after; h.row.Start != end || h.row.Index != index {
		v.report.problem(FileRun, "what was not kept before segment %d of %s begins at stream index %d, device index %d, but %d, %d follows from what is there",
			g.Number, g.Global.Stream, h.row.Start, h.row.Index, end, index)
	}
	return &Capture{SampleStart: g.Start, GlobalIndex: h.row.Next}
}

// leftOver tells whether a file belongs to a segment that was removed by a rule of the plan. There is a run.json.
func (v *inventory) leftOver(name string) bool {
	for _, d := range v.run.Devices {
		if !d.removedAny() || !strings.HasPrefix(name, d.Name+".") {
			continue
		}
		if n, ok := segmentOfName(name); ok {
			return d.Removed(n)
		}
		for _, j := range v.journals {
			for _, p := range j.parts {
				if p.name == name && p.state != nil && p.state.Device == d.Name {
					return v.dropped(d.Name, p.segment)
				}
			}
		}
	}
	return false
}
