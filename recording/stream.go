package recording

import (
	"iter"
	"maps"
	"slices"
	"sort"
)

// Source says what a segment's shape is taken from.
type Source int

// The sources of a segment, docs/format/recording.md section 2.
const (
	SourceMeta    Source = iota // sealed: its meta
	SourceJournal               // not sealed: its journal; exact
	SourceSizes                 // not sealed and no journal: its meta and the length of the file; the end is provisional
)

// String returns "meta", "journal" or "sizes".
func (s Source) String() string { return [...]string{"meta", "journal", "sizes"}[s] }

// Segment is one file of a stream.
type Segment struct {
	Number      int
	Base        string // name of its files without ending
	Global      Global
	Start       int64 // stream index of its first sample
	Samples     int64 // how many can be read
	Provisional int64 // samples in the file behind those: not yet in the journal
	Missing     int64 // samples that should follow and are not in the file
	Source      Source

	captures    []Capture
	annotations []Annotation
	missing     bool  // no data file
	surplus     int64 // bytes of the file behind those that were sealed, which are no samples
	hole        hole  // in front of it
}

// End returns the stream index behind the last sample.
func (g *Segment) End() int64 { return g.Start + g.Samples }

// DataFile returns the name of the segment's sample file.
func (g *Segment) DataFile() string { return g.Base + ExtData }

// Captures returns the captures that begin in the segment, sorted by SampleStart. They must not be changed.
func (g *Segment) Captures() []Capture { return g.captures }

// Annotations returns the annotations of the segment, sorted by SampleStart. They must not be changed.
func (g *Segment) Annotations() []Annotation { return g.annotations }

// Stream is one stream of a recording. It is safe for concurrent use.
//
// Device indexes count samples of one interval. In a run whose interval was changed, what takes a device index speaks of the samples
// behind the last change; the others are reached by their stream index.
type Stream struct {
	name        string
	dir         string
	fs          FS
	segments    []*Segment
	pieces      []piece
	latest      []piece      // those at the end of pieces that have the last segment's interval
	hidden      []Annotation // damaged, unverified
	missing     []MissingRange
	showDamaged bool
}

// piece is one capture with what it holds: no loss inside.
type piece struct {
	capture *Capture
	segment *Segment
	end     int64 // stream index behind its last sample
	gap     *Gap  // loss or removed samples just before it, nil: none
}

// deviceEnd returns the device index behind the last sample.
func (p piece) deviceEnd() int64 { return p.capture.GlobalIndex + p.end - p.capture.SampleStart }

// finish settles what follows from all segments together. It is told of run.json, nil when there is none.
func (s *Stream) finish(run *RunFile) {
	s.settleHoles(run)
	from, captures := 0, 0
	for _, g := range s.segments {
		captures += len(g.captures)
	}
	s.pieces = make([]piece, 0, captures)
	for i, g := range s.segments {
		if i > 0 && g.Global.SampleInterval != s.segments[i-1].Global.SampleInterval {
			from = len(s.pieces)
		}
		if i+1 < len(s.segments) {
			limit := max(0, s.segments[i+1].Start-s.segments[i+1].hole.samples-g.Start)
			g.Missing = max(0, limit-g.Samples)
			g.Samples = min(g.Samples, limit)
			g.Provisional = 0
		}
		for k := range g.captures {
			p := piece{capture: &g.captures[k], segment: g, end: g.End(), gap: g.captures[k].Gap}
			if k == 0 && g.hole.cause != nil {
				p.gap = g.hole.cause
			}
			if k+1 < len(g.captures) {
				p.end = min(p.end, g.captures[k+1].SampleStart)
			}
			if p.end > p.capture.SampleStart {
				s.pieces = append(s.pieces, p)
			}
		}
		for _, a := range g.annotations {
			if a.Label == LabelDamaged || a.Label == LabelUnverified {
				s.hidden = append(s.hidden, a)
			}
		}
	}
	s.latest = s.pieces[from:]
}

// Name returns the name of the stream.
func (s *Stream) Name() string { return s.name }

// Global returns the global object of the last segment. Segments may differ in what a change of settings changes.
func (s *Stream) Global() Global { return s.segments[len(s.segments)-1].Global }

// Segments returns the segments in order. There is at least one; numbers are missing where segments were removed by a rule of the plan.
func (s *Stream) Segments() []*Segment { return s.segments }

// Start returns the stream index of the first sample that is there; above 0 when segments were dropped.
func (s *Stream) Start() int64 { return s.segments[0].Start }

// End returns the stream index behind the last sample that is there.
func (s *Stream) End() int64 { return s.segments[len(s.segments)-1].End() }

// Samples returns the number of samples that are there.
func (s *Stream) Samples() int64 {
	var n int64
	for _, g := range s.segments {
		n += g.Samples
	}
	return n
}

// Captures returns all captures in order. They must not be changed.
func (s *Stream) Captures() []Capture {
	var list []Capture
	for _, g := range s.segments {
		list = append(list, g.captures...)
	}
	return list
}

// Annotations returns all annotations in order. They must not be changed.
func (s *Stream) Annotations() []Annotation {
	var list []Annotation
	for _, g := range s.segments {
		list = append(list, g.annotations...)
	}
	return list
}

// StreamGap is a gap with its place.
type StreamGap struct {
	Gap
	StreamIndex int64 // of the first sample behind it
	DeviceIndex int64 // of the first lost sample
}

// Gaps returns all gaps in order, the one behind the last sample included. What was recorded and removed again between two segments is one of cause
// not_kept, with the number of the samples that were removed; what was lost between these is in the totals of run.json.
func (s *Stream) Gaps() []StreamGap {
	var list []StreamGap
	for _, g := range s.segments {
		if h := &g.hole; h.cause != nil {
			list = append(list, StreamGap{*h.cause, g.Start, s.deviceIndexBehind(g.Start - h.samples)})
		}
		for _, c := range g.captures {
			if c.Gap != nil {
				list = append(list, StreamGap{*c.Gap, c.SampleStart, c.GlobalIndex - c.Gap.Lost})
			}
		}
		if g.Global.GapAfter != nil {
			list = append(list, StreamGap{*g.Global.GapAfter, g.End(), s.deviceIndexBehind(g.End())})
		}
	}
	return list
}

// deviceIndexBehind returns the device index that would follow the sample before stream index i without loss.
func (s *Stream) deviceIndexBehind(i int64) int64 {
	k := sort.Search(len(s.pieces), func(k int) bool { return s.pieces[k].end >= i })
	if k == len(s.pieces) || s.pieces[k].capture.SampleStart >= i {
		if k == 0 {
			return 0
		}
		return s.pieces[k-1].deviceEnd()
	}
	return s.pieces[k].capture.GlobalIndex + i - s.pieces[k].capture.SampleStart
}

// pieceAt returns the piece that holds a stream index.
func (s *Stream) pieceAt(streamIndex int64) (piece, bool) {
	k := sort.Search(len(s.pieces), func(k int) bool { return s.pieces[k].end > streamIndex })
	if k == len(s.pieces) || s.pieces[k].capture.SampleStart > streamIndex {
		return piece{}, false
	}
	return s.pieces[k], true
}

// DeviceIndex returns the device index of the sample at a stream index. ok is false when the stream does not hold it.
func (s *Stream) DeviceIndex(streamIndex int64) (deviceIndex int64, ok bool) {
	p, ok := s.pieceAt(streamIndex)
	if !ok {
		return 0, false
	}
	return p.capture.GlobalIndex + streamIndex - p.capture.SampleStart, true
}

// TimeOf returns the UTC of the sample at a stream index, counted from its capture's time by the nominal interval. ok is false when the
// stream does not hold it.
func (s *Stream) TimeOf(streamIndex int64) (t Timestamp, ok bool) {
	p, ok := s.pieceAt(streamIndex)
	if !ok {
		return 0, false
	}
	return p.capture.Datetime + Timestamp(p.segment.Global.SampleInterval.NS(streamIndex-p.capture.SampleStart)), true
}

// keysOf iterates over the keys of a map.
func keysOf[K comparable, V any](m map[K]V) iter.Seq[K] { return maps.Keys(m) }

// overlap returns the first hidden annotation that touches [from, to), unless hidden ones are asked for.
func (s *Stream) overlap(from, to int64) (Annotation, bool) {
	if s.showDamaged {
		return Annotation{}, false
	}
	i := slices.IndexFunc(s.hidden, func(a Annotation) bool { return a.SampleStart < to && a.End() > from })
	if i < 0 {
		return Annotation{}, false
	}
	return s.hidden[i], true
}
