package recording

import (
	"os"
	"path/filepath"
	"sync/atomic"
)

const windowBytes = 8 << 20 // how much of a file may wait in the cache before it is written back

// streamWriter is one stream of a device over all segments. The drainer owns it.
type streamWriter struct {
	name   string
	index  int
	info   StreamInfo
	size   int64 // bytes of a sample
	ratio  int64
	global Global // for the next segment
	chunk  int64  // largest preallocation step

	n       int64 // stream index behind the last sample
	next    int64 // device index of the next sample if nothing is lost
	started bool  // has samples, or had settings that fix next
	// returned: an earlier segment was without the stream, and nothing was appended since. How long it was away tells the next sample.
	returned bool
	segment  int // number of the segment it is in, -1 before the first
	file     *streamFile
	gap      *Gap // loss since the last sample, for the next capture
	gapOpen  bool // it ends with the next sample, whenever that was taken
	open     bool // the next sample opens a capture
	scaling  *Scaling
	wave     *Waveform
	later    []Annotation // of samples that are not there yet
	totals   RunStream

	unverified atomic.Int64 // samples whose sync had failed; the syncer counts them
}

func newStreamWriter(index int, info StreamInfo) *streamWriter {
	g := info.Global
	s := &streamWriter{
		name: g.Stream, index: index, info: info, size: int64(info.Datatype.Size()), ratio: info.Ratio, global: g,
		segment: -1, open: true,
		totals: RunStream{Name: g.Stream, Channel: g.Channel, Kind: g.Kind, Datatype: g.Datatype, Ratio: g.Ratio},
	}
	s.chunk = reserveChunk(g, s.size)
	return s
}

// streamFile is one stream in one segment. What the syncer may read of it while the drainer writes is atomic or frozen in a checkpoint.
type streamFile struct {
	stream    *streamWriter
	seg       *segment
	base      string // name without ending
	name      string // of the stream
	fsys      FS
	dir       string
	f         File
	start     int64 // stream index of the first sample
	startNext int64 // device index expected there, before a gap
	itemSize  int64

	// drainer
	n, next  int64 // behind the last sample
	crc      Checksum
	whole    fileMark // block modes: behind the last complete waveform
	done     bool     // the segment's end is reached, or the stream went on to the next
	last     Capture  // the open one; valid when n > start
	caps     []Capture
	anns     []Annotation
	ov       *overview
	window   int64 // bytes whose write-back was started
	dropped  int64 // bytes whose write-back was waited for
	reserved int64 // bytes that are preallocated
	length   int64 // block modes: bytes of the file, a whole number of waveforms
	noRes    bool  // preallocation is of no use here
	resAgain int64 // length of the file from which on it is tried again
	gapAfter *Gap  // loss behind the last sample

	// unwritten is the latest failed write-back, nil: none. The drainer stores it, the syncer looks at it behind each sync, as that may
	// not be told of the error again.
	unwritten atomic.Pointer[unwritten]

	run *Run
	cut int64 // N of the device; 0: not rotated

	hash *fileHash // SHA-512; nil: not wanted
	sync fileSync  // syncer
}

// unwritten tells of samples whose write-back failed.
type unwritten struct {
	from, to int64 // stream indexes
	err      error
}

// fileMark is a place in a file.
type fileMark struct {
	n, next int64
	crc     Checksum
}

// newStreamFile creates the files of a stream in a segment: empty data and a valid meta. They are not durable yet.
func newStreamFile(d *DeviceWriter, s *streamWriter, seg *segment) (*streamFile, error) {
	g := s.global
	g.Start, g.Segment, g.State = s.n, seg.number, StateRecording
	if s.scaling != nil {
		s.scaling.into(&g) // a new segment has global keys of its own
		s.scaling.into(&s.global)
		s.scaling = nil
	}
	f := &streamFile{
		stream: s, seg: seg, base: BaseName(s.name, seg.number, d.rotated), name: s.name, fsys: d.run.fsys, dir: d.run.dir,
		start: s.n, startNext: s.next, n: s.n, next: s.next, itemSize: s.size, run: d.run, cut: d.info.CutSamples,
	}
	f.whole = fileMark{n: s.n, next: s.next}
	f.initSync(g, f.whole)
	var err error
	flags := os.O_RDWR | os.O_CREATE
	if !d.replaying {
		flags |= os.O_TRUNC
	}
	if f.f, err = f.fsys.OpenFile(f.path(ExtData), flags, 0o644); err != nil {
		return nil, &StreamError{s.name, "create data file", err}
	}
	if err := f.writeMeta(false); err != nil {
		_ = f.f.Close()
		if !d.replaying {
			_ = f.fsys.Remove(f.path(ExtData)) // repair does it else
		}
		return nil, &StreamError{s.name, "create meta", err}
	}
	f.ov = newOverview(f.fsys, f.dir, f.base, g.Datatype)
	f.startHash()
	return f, nil
}

func (f *streamFile) path(ext string) string { return filepath.Join(f.dir, f.base+ext) }

func (f *streamFile) bytes() int64 { return (f.n - f.start) * f.itemSize }

// write appends whole samples whose first has device index at, and opens a capture for them first when one is due. After an error the samples
// that did reach the file count.
func (f *streamFile) write(at int64, p []byte, t Stamp) error {
	end := f.bytes() + int64(len(p))
	if f.stream.wave != nil {
		if err := f.lengthen(); err != nil {
			return err
		}
	}
	f.preallocate(end)
	k, err := f.f.WriteAt(p, f.bytes())
	if err != nil {
		k -= k % int(f.itemSize)
	}
	if k > 0 {
		f.advance(at, p[:k], t)
	}
	if err != nil {
		return &StreamError{f.name, "write", err}
	}
	if f.stream.wave == nil {
		f.hashGrown(f.n)
	}
	if end-f.window >= windowBytes {
		f.writeBack(end)
	}
	return nil
}

// lengthen gives the file room for the whole of the open waveform, so that its length is always a number of whole waveforms: who maps it
// while it is recorded finds rows of equal length, the last of which may not be filled yet.
func (f *streamFile) lengthen() error {
	want := (f.whole.n - f.start + f.stream.global.WaveformSamples) * f.itemSize
	if f.length >= want {
		return nil
	}
	if err := f.f.Truncate(want); err != nil {
		return &StreamError{f.name, "lengthen", err}
	}
	f.length = want
	return nil
}

func (f *streamFile) advance(at int64, p []byte, t Stamp) {
	s := f.stream
	if s.open || s.gap != nil || f.n == f.start {
		f.openCapture(at, t)
	}
	f.crc = UpdateChecksum(f.crc, p)
	f.ov.add(at, p)
	count := int64(len(p)) / f.itemSize
	if f.reserved > f.bytes() {
		f.run.reserve.Add(-min(int64(len(p)), f.reserved-f.bytes()))
	}
	f.n += count
	f.next = at + count
	s.n, s.next, s.started = f.n, f.next, true
	s.totals.Recorded += count
}

// openCapture begins a capture at the file's end.
func (f *streamFile) openCapture(at int64, t Stamp) {
	s := f.stream
	c := Capture{SampleStart: f.n, GlobalIndex: at, Datetime: Timestamp(t.UTCNS), MonoNS: t.MonoNS, Epoch: f.seg.epoch, Gap: s.gap}
	if g := s.gap; g != nil {
		if s.count(*g); s.gapOpen {
			g.To, g.MonoToNS, s.gapOpen = Timestamp(t.UTCNS), t.MonoNS, false
		}
	}
	if s.scaling != nil {
		c.Scale, c.Offset, c.Range = &s.scaling.Scale, &s.scaling.Offset, s.scaling.Range
	}
	if s.wave != nil {
		s.wave.into(&c)
	}
	f.caps = append(f.caps, c)
	f.last, s.open, s.gap = c, false, nil
}

// count adds a gap to the totals of the stream.
func (s *streamWriter) count(g Gap) {
	if !g.Cause.Loss() {
		return
	}
	lo, hi := g.Bounds()
	s.totals.Lost += g.Lost
	s.totals.LostMin += lo
	s.totals.LostMax += hi
	s.totals.Gaps++
}

// writeBack keeps the file's share of the cache bounded: it starts writing what is new and waits for the window before. An error speaks of
// anything that was not waited for before.
func (f *streamFile) writeBack(end int64) {
	from := f.dropped
	err := f.f.WriteBack(f.window, end-f.window, false)
	if f.window > f.dropped {
		err = firstError(f.f.WriteBack(f.dropped, f.window-f.dropped, true), err)
	}
	f.dropped, f.window = f.window, end
	if err == nil {
		return
	}
	u := &unwritten{from: f.start + from/f.itemSize, to: f.n, err: &StreamError{f.name, "write back", err}}
	if before := f.unwritten.Load(); before != nil {
		u.from, u.err = min(u.from, before.from), before.err
	}
	f.unwritten.Store(u)
}

// rewind forgets what came behind a mark of the file; its bytes are overwritten by what follows or cut off at the end.
func (f *streamFile) rewind(m fileMark) {
	if f.n == m.n {
		return
	}
	s := f.stream
	s.totals.Recorded -= f.n - m.n
	if back := min(f.reserved, f.bytes()) - (m.n-f.start)*f.itemSize; back > 0 {
		f.run.reserve.Add(back)
	}
	f.n, f.next, f.crc = m.n, m.next, m.crc
	f.window, f.dropped = min(f.window, f.bytes()), min(f.dropped, f.bytes())
	s.n, s.next = m.n, m.next
	for len(f.caps) > 0 && f.caps[len(f.caps)-1].SampleStart >= m.n {
		f.caps = f.caps[:len(f.caps)-1]
	}
	f.anns = voidAnnotations(f.anns, m.n)
	if u := f.unwritten.Load(); u != nil && u.from >= m.n {
		f.unwritten.Store(nil) // nobody will read those bytes
	} else if u != nil && u.to > m.n {
		f.unwritten.Store(&unwritten{u.from, m.n, u.err})
	}
	f.ov.stale = true
	s.open = true
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
