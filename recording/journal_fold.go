package recording

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
)

// syncPoint is one moment at which the journal vouches for a stream: the data file up to N has that checksum.
type syncPoint struct {
	N     int64
	CRC   Checksum
	UTCNS int64
	OK    bool // false after a failed sync: the bytes since the point before are not vouched for
}

// span is a range of stream indexes.
type span struct{ From, To int64 }

// journalHole is what lost lines told of: the samples between the lines around them.
type journalHole struct {
	span
	part int // number of the part with the line behind
}

// streamFold is what the journal says of one stream in one segment.
type streamFold struct {
	name        string
	file        string // base name; "" when the state line is lost
	start, n    int64  // stream indexes: the file's first sample, behind the last synced one
	firstNext   int64  // device index that belongs to start, -1 when the state line is lost
	global      *Global
	captures    []Capture // in journal order
	annotations []Annotation
	points      []syncPoint // ascending; the first one is at start
	holes       []journalHole
	known       map[int64]int // place in captures; nil as long as they are in the order of the stream
	lost        int           // number of the part behind lost lines, -1 when none are lost
	compared    *comparison   // with the meta; the lists are gone then
}

// segmentFold is what the journal says of one segment of a device.
type segmentFold struct {
	number  int
	parts   []int
	streams map[string]*streamFold
	clocks  []ClockPair
	seal    *JournalSeal

	settings bool // it ended for other settings, whatever a repair has told since
}

// journalFold reads journal lines in order and keeps what they add up to, by segment.
type journalFold struct {
	device, run string
	segments    map[int]*segmentFold
	epochs      []JournalEpoch
	last        LineHead // of the last line
	bootID      string

	part    int
	cur     *segmentFold // nil until a line of the part tells its segment
	pending map[string]MoreNews
	lastSeq int64 // -1: nothing known, no hole can be told
}

// newJournalFold begins the journal of a device, whose name the names of its parts begin with.
func newJournalFold(device string) *journalFold {
	return &journalFold{device: device, segments: map[int]*segmentFold{}, lastSeq: -1}
}

// beginPart tells that the next line is of another part. skipped: parts before it were not read.
func (f *journalFold) beginPart(part int, skipped bool) {
	f.part, f.cur, f.pending = part, nil, nil
	if skipped {
		f.lastSeq = -1
	}
}

var errContent = errors.New("content is impossible")

func impossible(format string, a ...any) error {
	return fmt.Errorf(format+": %w", append(a, errContent)...)
}

// take adds one valid line. An error means that the line's content is impossible and that it was not taken.
func (f *journalFold) take(l Line) error {
	seq := l.Head().Seq
	if err := f.check(l); err != nil {
		return err
	}
	if f.lastSeq >= 0 && seq > f.lastSeq+1 {
		f.noteHole()
	}
	if _, ok := l.(*JournalSync); !ok {
		if _, ok := l.(*JournalMore); !ok {
			f.pending = nil
		}
	}
	switch l := l.(type) {
	case *JournalState:
		f.state(l)
	case *JournalStream:
		f.stream(l)
	case *JournalEpoch:
		f.epoch(l)
	case *JournalMore:
		f.more(l)
	case *JournalSync:
		f.sync(l)
	case *JournalSeal:
		s := f.segment(l.Segment)
		s.seal, s.settings = l, s.settings || l.Reason == SealSettings
	}
	f.lastSeq, f.last = seq, *l.Head()
	return nil
}

// noteHole remembers that lines are missing: whatever was pending does not count, and the next count of each stream has an unknown past.
func (f *journalFold) noteHole() {
	f.pending = nil
	for _, s := range f.segments {
		if s.seal != nil {
			continue
		}
		for _, st := range s.streams {
			st.lost = f.part
		}
	}
}

func (f *journalFold) segment(n int) *segmentFold {
	s := f.segments[n]
	if s == nil {
		s = &segmentFold{number: n, streams: map[string]*streamFold{}}
		f.segments[n] = s
	}
	if len(s.parts) == 0 || s.parts[len(s.parts)-1] != f.part {
		s.parts = append(s.parts, f.part)
	}
	f.cur = s
	return s
}

func (f *journalFold) state(l *JournalState) {
	f.run, f.bootID = l.Run, l.BootID
	s := f.segment(l.Segment)
	s.seal = nil
	for name, st := range l.Streams {
		t := s.streams[name]
		if t == nil {
			t = newStreamFold(name, st.Start)
			s.streams[name] = t
			if st.N > st.Start { // what was before is lost
				t.lost = f.part
			} else {
				t.firstNext = st.Next
			}
		}
		t.file, t.start = st.File, st.Start
		t.void(st.N)
		t.point(syncPoint{N: st.N, CRC: st.DataCRC, UTCNS: l.UTCNS, OK: true})
	}
}

// newStreamFold begins a stream whose file begins at stream index start, where the checksum is that of nothing.
func newStreamFold(name string, start int64) *streamFold {
	return &streamFold{name: name, start: start, n: start, firstNext: -1, lost: -1, points: []syncPoint{{N: start, OK: true}}}
}

func (f *journalFold) stream(l *JournalStream) {
	s := f.segment(l.Global.Segment)
	t := s.streams[l.Stream]
	if t == nil { // the state line is lost
		t = newStreamFold(l.Stream, l.Global.Start)
		s.streams[l.Stream] = t
	}
	g := l.Global
	t.global = &g
	if l.Capture != nil && l.Capture.SampleStart >= t.start {
		t.capture(*l.Capture)
	}
}

func (f *journalFold) epoch(l *JournalEpoch) {
	f.bootID = l.BootID
	for i := range f.epochs {
		if f.epochs[i].Epoch == l.Epoch {
			f.epochs[i] = *l
			return
		}
	}
	f.epochs = append(f.epochs, *l)
}

func (f *journalFold) more(l *JournalMore) {
	if f.pending == nil {
		f.pending = map[string]MoreNews{}
	}
	for name, m := range l.Streams {
		p := f.pending[name]
		p.Captures = append(p.Captures, m.Captures...)
		p.Annotations = append(p.Annotations, m.Annotations...)
		f.pending[name] = p
	}
}

func (f *journalFold) sync(l *JournalSync) {
	s := f.segment(l.Segment)
	for name, m := range f.pending {
		if t := s.streams[name]; t != nil {
			t.news(m.Captures, m.Annotations)
		}
	}
	f.pending = nil
	for name, news := range l.Streams {
		t := s.streams[name]
		t.point(syncPoint{N: news.N, CRC: news.DataCRC, UTCNS: l.UTCNS, OK: l.OK()})
		t.news(news.Captures, news.Annotations)
	}
	if l.Clock != nil {
		s.clocks = append(s.clocks, *l.Clock)
	}
}

// point moves the end of the stream on.
func (t *streamFold) point(p syncPoint) {
	if t.lost >= 0 {
		if p.N > t.n {
			t.holes = append(t.holes, journalHole{span{t.n, p.N}, t.lost})
		}
		t.lost = -1
	}
	t.n = p.N
	if k := len(t.points); k > 0 && t.points[k-1].N == p.N && (t.points[k-1].OK || !p.OK) {
		t.points[k-1].CRC, t.points[k-1].UTCNS = p.CRC, p.UTCNS
		return
	}
	t.points = append(t.points, p)
}

func (t *streamFold) news(captures []Capture, annotations []Annotation) {
	for _, c := range captures {
		t.capture(c)
	}
	for _, a := range annotations {
		t.annotations = JoinAnnotation(t.annotations, a)
	}
}

func (t *streamFold) capture(c Capture) {
	last := len(t.captures) - 1
	if t.known == nil && last >= 0 && t.captures[last].SampleStart > c.SampleStart {
		t.index()
	}
	i, ok := t.known[c.SampleStart]
	switch {
	case ok:
		t.captures[i] = c
		return
	case t.known != nil:
		t.known[c.SampleStart] = len(t.captures)
	case last >= 0 && t.captures[last].SampleStart == c.SampleStart:
		t.captures[last] = c
		return
	}
	t.captures = append(t.captures, c)
}

// index notes where each capture is.
func (t *streamFold) index() {
	t.known = make(map[int64]int, len(t.captures))
	for i, c := range t.captures {
		t.known[c.SampleStart] = i
	}
}

// void forgets what was said at or beyond stream index n.
func (t *streamFold) void(n int64) {
	k := len(t.points)
	for k > 0 && t.points[k-1].N > n {
		k--
	}
	t.points, t.n = t.points[:k], min(t.n, n)
	t.captures, t.annotations = voidCaptures(t.captures, n), voidAnnotations(t.annotations, n)
	if t.known != nil {
		t.index()
	}
	holes := t.holes[:0]
	for _, h := range t.holes {
		if h.To = min(h.To, n); h.From < h.To {
			holes = append(holes, h)
		}
	}
	t.holes = holes
}

// voidCaptures returns the captures that begin before stream index n, in the same memory.
func voidCaptures(list []Capture, n int64) []Capture {
	kept := list[:0]
	for _, c := range list {
		if c.SampleStart < n {
			kept = append(kept, c)
		}
	}
	return kept
}

// voidAnnotations returns what of the annotations lies before stream index n, in the same memory.
func voidAnnotations(list []Annotation, n int64) []Annotation {
	kept := list[:0]
	for _, a := range list {
		if a.SampleStart < n {
			a.SampleCount = min(a.End(), n) - a.SampleStart
			kept = append(kept, a)
		}
	}
	return kept
}

// maxItems bounds the number of samples of one file, so that their bytes fit an int64.
const maxItems = math.MaxInt64 / 8

// check tells whether a line can be true in the place where it stands.
func (f *journalFold) check(l Line) error {
	switch l := l.(type) {
	case *JournalState:
		return f.checkState(l)
	case *JournalStream:
		if l.Global.Stream != l.Stream || l.Global.Device != f.device || l.Global.Segment < 0 || l.Global.Start < 0 || l.Global.Datatype.Size() == 0 {
			return impossible("stream line of %q", l.Stream)
		}
		if f.cur != nil && f.cur.number != l.Global.Segment {
			return impossible("segment %d in a part of segment %d", l.Global.Segment, f.cur.number)
		}
		if s := f.segments[l.Global.Segment]; s != nil && s.streams[l.Stream] != nil && s.streams[l.Stream].start != l.Global.Start {
			return impossible("offset %d of stream %q, which begins at %d", l.Global.Start, l.Stream, s.streams[l.Stream].start)
		}
		if l.Capture != nil {
			if err := checkNews(0, math.MaxInt64, []Capture{*l.Capture}, nil); err != nil {
				return err
			}
		}
	case *JournalSync:
		return f.checkSync(l)
	case *JournalSeal:
		if l.Segment < 0 || f.cur != nil && f.cur.number != l.Segment {
			return impossible("seal of segment %d", l.Segment)
		}
	}
	return nil
}

func (f *journalFold) checkState(l *JournalState) error {
	if err := CheckVersion(l.Format); err != nil {
		return err
	}
	if l.Segment < 0 || l.Device != f.device || f.run != "" && l.Run != f.run {
		return impossible("state of run %q, device %q, segment %d", l.Run, l.Device, l.Segment)
	}
	for name, st := range l.Streams {
		if !plainName(name) || !plainName(st.File) || st.Start < 0 || st.N < st.Start || st.N-st.Start > maxItems {
			return impossible("state of stream %q", name)
		}
		if s := f.segments[l.Segment]; s != nil && s.streams[name] != nil {
			if t := s.streams[name]; t.start != st.Start || t.file != "" && t.file != st.File {
				return impossible("file %s of stream %q from %d on; it was %s from %d on", st.File, name, st.Start, t.file, t.start)
			}
		}
		if other, segment, taken := f.owner(st.File); taken && (other != name || segment != l.Segment) {
			return impossible("file %s of stream %q is that of stream %q, segment %d", st.File, name, other, segment)
		}
		for other, o := range l.Streams {
			if other != name && o.File == st.File {
				return impossible("file %s of two streams", st.File)
			}
		}
	}
	return nil
}

// owner tells of which stream and segment a file is known to be.
func (f *journalFold) owner(file string) (stream string, segment int, ok bool) {
	for n, s := range f.segments {
		for name, t := range s.streams {
			if t.file == file {
				return name, n, true
			}
		}
	}
	return "", 0, false
}

func (f *journalFold) checkSync(l *JournalSync) error {
	if l.Segment < 0 || f.cur != nil && f.cur.number != l.Segment {
		return impossible("sync of segment %d", l.Segment)
	}
	s := f.segments[l.Segment]
	for name, news := range l.Streams {
		if s == nil || s.streams[name] == nil {
			return impossible("sync of stream %q, which the segment does not have", name)
		}
		t := s.streams[name]
		if news.N < t.n || news.N-t.start > maxItems {
			return impossible("sync of stream %q up to %d behind %d", name, news.N, t.n)
		}
		if err := checkNews(t.start, news.N, news.Captures, news.Annotations); err != nil {
			return fmt.Errorf("stream %q: %w", name, err)
		}
	}
	for name, m := range f.pending {
		if s == nil || s.streams[name] == nil {
			return impossible("more of stream %q, which the segment does not have", name)
		}
		t := s.streams[name]
		if err := checkNews(t.start, max(t.n, l.Streams[name].N), m.Captures, m.Annotations); err != nil {
			return fmt.Errorf("stream %q: %w", name, err)
		}
	}
	return nil
}

func checkNews(start, n int64, captures []Capture, annotations []Annotation) error {
	for i := range captures {
		if c := &captures[i]; c.SampleStart < start || c.SampleStart > n || c.GlobalIndex < 0 {
			return impossible("capture at stream index %d, device index %d", c.SampleStart, c.GlobalIndex)
		}
	}
	for _, a := range annotations {
		if a.SampleStart < start || a.SampleCount < 0 || a.SampleCount > n-a.SampleStart {
			return impossible("annotation %s of %d samples at stream index %d", a.Label, a.SampleCount, a.SampleStart)
		}
	}
	return nil
}

// plainName tells whether a name found in a file may be used as the name of a file of the run: no folder, not hidden.
func plainName(s string) bool {
	return s != "" && s == filepath.Base(s) && !strings.HasPrefix(s, ".") && !strings.ContainsAny(s, "/\\:\x00")
}
