package recording

import (
	"slices"
	"strings"
)

// DroppedEnd is where a device stood behind a segment that retention removed when no other sealed one of the device with samples of each stream was left: a run
// that is cut off before there is one goes on from there.
type DroppedEnd struct {
	Segment int                         `json:"segment"`
	Clock   *ClockPair                  `json:"clock,omitempty"`  // the last one in it or before it
	InArm   int64                       `json:"in_arm,omitempty"` // block modes: waveforms in that segment of its last arming
	Streams map[string]DroppedStreamEnd `json:"streams"`          // by name
}

// DroppedStreamEnd is one stream of a [DroppedEnd].
type DroppedStreamEnd struct {
	End     int64    `json:"end"`               // stream index behind its last sample
	Capture *Capture `json:"capture,omitempty"` // the last one in it or before it; nil: none is known
	Global  Global   `json:"global"`
}

// tells reports whether a segment is sealed and has samples of each stream: the end of one that was removed before it is not needed then.
func (s RunSegment) tells() bool {
	streams := 0
	for name, sum := range s.Files {
		if strings.HasSuffix(name, ExtData) {
			if sum.Bytes == 0 {
				return false
			}
			streams++
		}
	}
	return s.State == StateSealed && streams > 0
}

// endOf reads where a device stands behind a sealed segment. What that does not tell is as before, which is the end of a segment that was removed before it,
// or nil. nil: it cannot be read.
func (r *Run) endOf(device string, s *RunSegment, before *DroppedEnd) *DroppedEnd {
	end := &DroppedEnd{Segment: s.Segment, Streams: map[string]DroppedStreamEnd{}}
	for name := range s.Files {
		switch {
		case strings.HasSuffix(name, ExtMeta):
			m, err := loadMeta(r.fsys, r.dir, name)
			if err != nil {
				return nil
			}
			g := m.global
			t := DroppedStreamEnd{End: g.Start + s.Files[m.base+ExtData].Bytes/int64(g.Datatype.Size())}
			if k := len(m.captures); k > 0 {
				t.Capture = &m.captures[k-1]
				end.InArm = max(end.InArm, inLastArm(m.captures))
			}
			g.CapturesTable, g.AnnotationsTable, g.RateMeasured, g.SHA512 = nil, nil, nil, ""
			t.Global = g
			end.Streams[g.Stream] = t
		case strings.HasPrefix(name, device+".clock") && strings.HasSuffix(name, ".csv"):
			b, err := r.fsys.ReadFile(r.path(name))
			if err == nil {
				end.Clock = lastClock(b)
			}
		}
	}
	end.follow(before)
	return end
}

// follow takes from the end before what a segment without samples does not tell.
func (e *DroppedEnd) follow(before *DroppedEnd) {
	if before == nil {
		return
	}
	none := true
	for name, t := range e.Streams {
		none = none && t.Capture == nil
		b, ok := before.Streams[name]
		if t.Capture != nil || !ok || b.Global.SampleInterval != t.Global.SampleInterval || b.Global.Ratio != t.Global.Ratio {
			continue
		}
		t.Capture = b.Capture
		if g := b.Global.GapAfter; g != nil { // its place follows from the capture and all that was lost behind it
			lost := *g
			if t.Global.GapAfter != nil {
				lost = lost.Merge(*t.Global.GapAfter)
			}
			t.Global.GapAfter = &lost
		}
		e.Streams[name] = t
	}
	if none {
		e.InArm = before.InArm
	}
	if e.Clock == nil {
		e.Clock = before.Clock
	}
}

// inLastArm counts the waveforms of the last arming.
func inLastArm(captures []Capture) int64 {
	n, last := int64(0), captures[len(captures)-1].Arm
	for _, c := range slices.Backward(captures) {
		if last == nil || c.Arm == nil || *c.Arm != *last {
			break
		}
		n++
	}
	return n
}

// standIn lets what run.json tells of a device's end stand for its last segment, of which nothing else is left. It returns nil when that is not told.
func (p *resumer) standIn(rd *RunDevice) *DroppedEnd {
	e := rd.droppedEnd()
	if e == nil {
		return nil
	}
	ends := map[*loadedMeta]int64{}
	for _, s := range e.Streams {
		g := s.Global
		m := &loadedMeta{global: g}
		if s.Capture != nil {
			m.captures = []Capture{*s.Capture}
		}
		ends[m] = s.End
	}
	for i := range rd.Streams {
		if s, ok := e.Streams[rd.Streams[i].Name]; ok {
			rd.Streams[i].Recorded = s.End // what came behind it was never synced
		}
	}
	p.metas, p.standIns = slices.AppendSeq(p.metas, keysOf(ends)), ends
	return e
}

// droppedEnd returns what run.json tells of the end of the last segment that was removed, if it can be true.
func (d *RunDevice) droppedEnd() *DroppedEnd {
	e := d.DroppedEnd
	if e == nil || e.Segment != d.Dropped.Through || len(e.Streams) == 0 {
		return nil
	}
	for name, s := range e.Streams {
		g := s.Global
		if checkGlobal(&g) != nil || g.Stream != name || g.Device != d.Name || g.Segment != e.Segment || s.End < g.Start {
			return nil
		}
	}
	return e
}

// takeDropped goes on with the numbers of a segment that was removed when none of those that are left has a waveform.
func (d *resumedDevice) takeDropped(e *DroppedEnd) {
	if e == nil || !d.Info.Mode.Block() || d.lastWave != 0 {
		return
	}
	for _, s := range e.Streams {
		if c := s.Capture; c != nil {
			d.epoch = max(d.epoch, c.Epoch)
			d.takeWave(c, []*loadedMeta{{global: s.Global, captures: []Capture{*c}}})
		}
	}
	d.InArm = e.InArm
}

// behindRemoved tells where a stream stands of which nothing is left but a segment without samples: as the journal says, else by the totals of what was
// removed, and not in front of the last epoch, for losses that were on purpose are in no total.
func (s *resumedStream) behindRemoved(t *RunStream, d *resumedDevice) {
	after := s.next // nothing but the loss behind the segment is in there
	if next, ok := d.firstNext[t.Name]; ok && next >= 0 {
		s.next = next + after
	} else {
		s.next = max(after, s.n+t.Lost)
		for _, e := range d.Epochs {
			s.next = max(s.next, e.Base/max(t.Ratio, 1))
		}
	}
	s.started = s.next > 0
}
