package recording

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/scopelog/scopelog/units"
)

// MissingRange is samples of a stream that were recorded and that no file holds any more: one is too short, or gone.
type MissingRange struct {
	Stream               string
	Segment              int    // number of the segment whose file lacks them; where nothing is left of a segment, of the one beside it
	File                 string // its data file; empty where nothing is left of the stream
	From, To             int64  // stream indexes
	DeviceFrom, DeviceTo int64  // device indexes, as far as what is left tells them
	Known                bool   // annotated as damaged or unverified: a repair has seen it
}

// MissingError is what [Recording.Problems] tells of samples that files have lost.
type MissingError struct {
	Range   MissingRange // the first one
	Samples int64        // of the stream in all
}

func (e *MissingError) Error() string {
	if e.Range.File == "" {
		return fmt.Sprintf("stream %s: its %s samples are missing", e.Range.Stream, units.FormatCount(e.Samples))
	}
	return fmt.Sprintf("stream %s: %s samples are missing, from stream index %s on (%s)", e.Range.Stream, units.FormatCount(e.Samples), units.FormatCount(e.Range.From), e.Range.File)
}

// Missing returns the samples that are missing from the stream's files, in order. What a plan's disk rules removed, what was never recorded and
// what is being recorded is not missing.
func (s *Stream) Missing() []MissingRange { return s.missing }

// Missing returns the samples that are missing from the files of all streams, also of those that have left nothing but run.json.
func (r *Recording) Missing() []MissingRange {
	var list []MissingRange
	for _, s := range r.streams {
		list = append(list, s.missing...)
	}
	if r.run == nil || r.run.State == StateRecording {
		return list
	}
	for i := range r.run.Devices {
		d := &r.run.Devices[i]
		for _, t := range d.Streams {
			if t.Recorded > 0 && !d.removedAny() && r.Stream(t.Name) == nil {
				list = append(list, MissingRange{Stream: t.Name, To: t.Recorded, DeviceTo: t.Recorded})
			}
		}
	}
	return list
}

// missingErrors tells of what is missing and not known, a stream each.
func (r *Recording) missingErrors() (list []error) {
	var last *MissingError
	for _, m := range r.Missing() {
		switch {
		case m.Known:
		case last != nil && last.Range.Stream == m.Stream:
			last.Samples += m.To - m.From
		default:
			last = &MissingError{Range: m, Samples: m.To - m.From}
			list = append(list, last)
		}
	}
	return list
}

// told returns how many samples a segment had by what run.json and its captures say.
func (v *inventory) told(g *Segment) int64 {
	var n int64
	if sum, ok := v.listed(g, g.DataFile()); ok {
		n = sum.Bytes / int64(g.Global.Datatype.Size())
	}
	if k := len(g.captures); k > 0 {
		from := g.captures[k-1].SampleStart - g.Start
		if g.Global.Mode.Block() {
			from += g.Global.WaveformSamples
		}
		n = max(n, from)
	}
	return n
}

// listed returns what run.json says of a file of a sealed segment.
func (v *inventory) listed(g *Segment, name string) (FileSum, bool) {
	if v.run == nil {
		return FileSum{}, false
	}
	d := v.run.Device(g.Global.Device)
	if d == nil {
		return FileSum{}, false
	}
	for i := range d.Segments {
		if d.Segments[i].Segment == g.Number {
			sum, ok := d.Segments[i].Files[name]
			return sum, ok
		}
	}
	return FileSum{}, false
}

// stillThere leaves out of a run that is being recorded the segments that were dropped since its run.json was read.
func (v *inventory) stillThere(list []*Segment) []*Segment {
	v.lookForRemoved()
	return slices.DeleteFunc(list, func(g *Segment) bool { return v.dropped(g.Global.Device, g.Number) })
}

// lookForRemoved brings up to date which segments of a run that is being recorded were removed: run.json says so before their files go.
func (v *inventory) lookForRemoved() {
	if v.run == nil || v.run.State != StateRecording {
		return
	}
	b, err := v.fs.ReadFile(filepath.Join(v.dir, FileRun))
	if err != nil {
		return // what was read before still holds
	}
	now, err := ParseRun(b)
	if err != nil {
		return
	}
	for i := range v.run.Devices {
		if d := now.Device(v.run.Devices[i].Name); d != nil {
			v.run.Devices[i].Dropped, v.run.Devices[i].NotKept = d.Dropped, d.NotKept
		}
	}
}

// settleMissing lists what the files of a stream lack. It is told of run.json, nil when there is none.
func (s *Stream) settleMissing(run *RunFile) {
	var d *RunDevice
	if run != nil {
		d = run.Device(s.segments[0].Global.Device)
	}
	if first := s.segments[0]; first.Start > first.hole.samples && d != nil {
		s.lacks(first, first.hole.samples, first.Start)
	}
	for _, g := range s.segments {
		if g.Missing > 0 {
			s.lacks(g, g.End(), g.End()+g.Missing)
		}
	}
	if d == nil || run.State == StateRecording {
		return
	}
	last := s.segments[len(s.segments)-1]
	for _, t := range d.Streams {
		if end := last.End() + last.Missing; t.Name == s.name && t.Recorded > end {
			s.lacks(last, end, t.Recorded)
		}
	}
}

func (s *Stream) lacks(g *Segment, from, to int64) {
	m := MissingRange{Stream: s.name, Segment: g.Number, File: g.DataFile(), From: from, To: to}
	if m.DeviceFrom, _ = placeOf(g, from); from == 0 {
		m.DeviceFrom = 0
	}
	m.DeviceTo, _ = placeOf(g, to-1)
	m.DeviceTo++
	if from < g.Start { // what was lost in a segment that is gone is not told any more
		m.DeviceTo = m.DeviceFrom + to - from
	}
	for _, a := range g.annotations {
		hidden := a.Label == LabelDamaged || a.Label == LabelUnverified
		m.Known = m.Known || hidden && a.SampleStart <= from && a.End() >= to
	}
	s.missing = append(s.missing, m)
}
