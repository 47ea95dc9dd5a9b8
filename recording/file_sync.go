package recording

import (
	"errors"
	"math"
	"slices"
)

// fileSync is the syncer's side of a stream's file in one segment.
type fileSync struct {
	meta      Meta  // global object only; the lists are below
	stale     bool  // the meta on the disk is not the present one
	metaAgain int64 // monotonic time before which it is not replaced while the segment records
	done      fileMark
	target    fileMark // what the next sync line covers; done: what the last one did
	caps      []Capture
	anns      []Annotation
	captures  entryList[Capture]
	notes     entryList[Annotation]
	lastCap   Capture
	lastCapAt int64 // number of lastCap, -1: none
	lastNote  map[Label]placedEntry[Annotation]
	err       error // the data up to target are not sure to be durable
	void      bool  // nor is anything of the file before them
	failed    error // the latest sync that failed, nil: none
	failedTo  int64 // up to this stream index samples may have gone with it, those behind its target too
	start     int64 // stream index of the first sample
	doubted   int64 // samples that were journalled as unverified
	watch     fileWatch
	rows      [OverviewLevels]int64
	levels    [OverviewLevels]File
	sealed    bool // the meta says so
	metaSum   FileSum
	overview  map[string]FileSum
	tables    map[string]FileSum
}

func (f *streamFile) initSync(g Global, mark fileMark) {
	f.sync = fileSync{meta: Meta{Global: g}, done: mark, target: mark, start: mark.n, lastCapAt: -1, lastNote: make(map[Label]placedEntry[Annotation])}
	f.sync.captures = entryList[Capture]{
		fsys: f.fsys, path: f.path(ExtCaptures), descr: CaptureDescr, rowSize: CaptureRowSize, encode: AppendCaptureRow,
		start: func(c Capture) int64 { return c.SampleStart },
	}
	f.sync.notes = entryList[Annotation]{
		fsys: f.fsys, path: f.path(ExtAnnotations), descr: AnnotationDescr, rowSize: AnnotationRowSize, encode: AppendAnnotationRow,
		start: func(a Annotation) int64 { return a.SampleStart },
	}
}

// absorb takes over what a checkpoint tells of the file.
func (s *fileSync) absorb(n fileNews) {
	s.target = n.mark
	s.caps = append(s.caps, n.caps...)
	for _, a := range n.anns {
		s.anns = JoinAnnotation(s.anns, a)
	}
	s.rows, s.levels = n.rows, n.levels
	if n.gapAfter != nil {
		s.meta.Global.GapAfter = n.gapAfter
		s.stale = true
	}
}

func (s *fileSync) news() bool { return s.target.n != s.done.n || len(s.caps) > 0 || len(s.anns) > 0 }

// annotations returns what the next sync line tells: with the interval itself when it could not be synced.
func (s *fileSync) annotations() []Annotation {
	from := s.doubtful()
	if s.err == nil || s.target.n == from {
		return s.anns
	}
	return JoinAnnotation(slices.Clone(s.anns), Annotation{SampleStart: from, SampleCount: s.target.n - from, Label: LabelUnverified, Generator: Generator})
}

// doubtful is where the samples begin that an error speaks of.
func (s *fileSync) doubtful() int64 {
	if s.void {
		return s.start
	}
	return s.done.n
}

// doubt counts the samples that an error speaks of, but those of the file that were counted before.
func (s *fileSync) doubt() int64 {
	n := s.target.n - s.doubtful()
	if s.void {
		n -= s.doubted
	}
	s.doubted += n
	return n
}

// syncFailed takes note of a sync that failed. It may have been about anything that was in the file by then: the drainer goes on writing meanwhile. The
// system takes such pages for written and says nothing of them at the next sync.
func (f *streamFile) syncFailed(err error) {
	s := &f.sync
	s.failed, s.failedTo = &StreamError{f.name, "sync", err}, math.MaxInt64
	if size, err := f.f.Size(); err == nil {
		s.failedTo = f.start + (size+f.itemSize-1)/f.itemSize
	}
	if s.err == nil {
		s.err = s.failed
	}
}

// place finds room for the news in the lists and writes table rows.
func (s *fileSync) place() error {
	s.captures.forget()
	s.notes.forget()
	last, at := s.lastCap, s.lastCapAt
	for _, c := range s.caps {
		if at >= 0 && c.SampleStart == last.SampleStart {
			s.captures.set(at, c)
		} else {
			at = s.captures.add(c)
		}
		last = c
	}
	joined := make(map[Label]placedEntry[Annotation])
	for _, a := range s.annotations() {
		p, ok := joined[a.Label]
		if !ok {
			p, ok = s.lastNote[a.Label]
		}
		if ok && p.v.Joins(a) {
			p.v = p.v.Join(a)
			s.notes.set(p.at, p.v)
		} else {
			p = placedEntry[Annotation]{s.notes.add(a), a}
		}
		joined[a.Label] = p
	}
	return firstError(s.captures.writeRows(), s.notes.writeRows())
}

// commit is called when the sync line is durable.
func (s *fileSync) commit() {
	if s.news() {
		s.stale = s.stale || len(s.captures.placed) > 0 || len(s.notes.placed) > 0
	}
	for _, p := range s.captures.placed {
		s.lastCap, s.lastCapAt = p.v, p.at
	}
	for _, p := range s.notes.placed {
		s.lastNote[p.v.Label] = p
	}
	s.captures.apply()
	s.notes.apply()
	s.caps, s.anns, s.err, s.void = nil, nil, nil, false
	s.done = s.target
}

// A meta that lists thousands of captures is not replaced by every sync: of a large one a megabyte a second is written at the most.
const (
	metaSmall     = 256 << 10
	metaNSPerByte = 1000
)

// writeMeta replaces the meta of the file by the present one.
func (f *streamFile) writeMeta(sealed bool) error {
	s := &f.sync
	g := s.meta.Global
	g.CapturesTable, g.AnnotationsTable = s.captures.ref(), s.notes.ref()
	if sealed {
		g.State = StateSealed
	}
	caps, err := s.captures.encoded()
	if err != nil {
		return err
	}
	anns, err := s.notes.encoded()
	if err != nil {
		return err
	}
	b, err := encodeMeta(g, caps, anns)
	if err != nil {
		return err
	}
	if err := writeFile(f.fsys, f.dir, f.base+ExtMeta, b, sealed); err != nil {
		return err
	}
	s.stale = false
	if len(b) > metaSmall {
		s.metaAgain = f.run.now().MonoNS + int64(len(b))*metaNSPerByte
	}
	s.metaSum = FileSum{Bytes: int64(len(b)), CRC32C: UpdateChecksum(0, b)}
	return nil
}

func (s *fileSync) close() error { return errors.Join(s.captures.close(), s.notes.close()) }

// allCaptures returns all captures of the file in order of the stream, those of the table read back.
func (s *fileSync) allCaptures() ([]Capture, error) {
	all := slices.Clone(s.captures.listed)
	if rows := s.captures.rows(); rows > 0 {
		b := make([]byte, rows*CaptureRowSize)
		if _, err := s.captures.f.ReadAt(b, NpyDataStart); err != nil {
			return nil, err
		}
		for ; len(b) > 0; b = b[CaptureRowSize:] {
			c, err := ParseCaptureRow(b)
			if err != nil {
				return nil, err
			}
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b Capture) int { return compare(a.SampleStart, b.SampleStart) })
	return all, nil
}
