package recording

import (
	"slices"
	"strconv"
	"strings"
)

// DroppedEnd is where a device stood behind a segment that retention removed when no other sealed one of the device was left: a run that is cut off before
// the next segment is synced goes on from there.
type DroppedEnd struct {
	Segment int                         `json:"segment"`
	Clock   *ClockPair                  `json:"clock,omitempty"`  // the last one in it
	InArm   int64                       `json:"in_arm,omitempty"` // block modes: waveforms in it of its last arming
	Streams map[string]DroppedStreamEnd `json:"streams"`          // by name
}

// DroppedStreamEnd is one stream of a [DroppedEnd].
type DroppedStreamEnd struct {
	End     int64    `json:"end"`               // stream index behind its last sample
	Capture *Capture `json:"capture,omitempty"` // the last one; nil: it had no sample
	Global  Global   `json:"global"`
}

// endOf reads where a device stands behind a sealed segment. nil: it cannot be read.
func (r *Run) endOf(device string, s *RunSegment) *DroppedEnd {
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
	return end
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

// lastClock returns the last pair of a file of clock pairs, nil when there is none.
func lastClock(b []byte) *ClockPair {
	text := strings.TrimSuffix(string(b), "\n")
	f := strings.Split(text[strings.LastIndexByte(text, '\n')+1:], ",")
	if len(f) != 8 {
		return nil
	}
	state := f[6]
	f = slices.Delete(f, 6, 7)
	var n [7]int64
	for i := range n {
		var err error
		if n[i], err = strconv.ParseInt(f[i], 10, 64); err != nil {
			return nil
		}
	}
	return &ClockPair{int(n[0]), n[1], n[2], n[3], n[4], n[5], state, n[6]}
}

// standIn lets what run.json tells of a device's end stand for its last segment, of which nothing else is left. It returns nil when that is not told.
func (p *resumer) standIn(rd *RunDevice) *DroppedEnd {
	e := rd.DroppedEnd
	if e == nil || e.Segment != rd.Dropped.Through || len(e.Streams) == 0 {
		return nil
	}
	ends := map[*loadedMeta]int64{}
	for name, s := range e.Streams {
		g := s.Global
		if checkGlobal(&g) != nil || g.Stream != name || g.Device != rd.Name || g.Segment != e.Segment || s.End < g.Start {
			return nil
		}
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
