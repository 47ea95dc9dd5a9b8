package recording

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Epoch is one start of one driver process: one hardware sample clock.
type Epoch struct {
	Cause            string // "start", or the name of the cause of the gap before it
	Base             int64  // raw device index of its first sample, a multiple of every ratio
	BaseMin, BaseMax int64  // bounds that contain the truth
	BootID           string // zero: that of the run
	FirstMonoNS      int64  // time of the first sample
	FirstUTCNS       int64
}

// DeviceWriter records one device. StartEpoch, Append, Gap, GapAt, Annotate, Rescale, Next, FilePosition, Totals, Checkpoint, Reconfigure, Finish
// and the methods for waveforms belong to one goroutine, the drainer; [DeviceWriter.Sync] may run beside them in another one.
type DeviceWriter struct {
	run     *Run
	rotated bool

	// drainer
	info      DeviceInfo
	streams   []*streamWriter
	past      []*streamWriter // of settings before, for the totals
	segs      []*segment      // those that are not handed over, oldest first
	numbers   int             // segments so far
	discarded int             // largest number of a segment that was discarded
	epoch     int             // -1 before the first
	newEpochs []RunEpoch      // for run.json
	untold    []JournalEpoch  // for the journal
	inWave    bool
	cutNext   bool  // block modes: the segment ends behind the next waveform
	maxWaves  int64 // block modes: it ends behind so many
	frozen    int64 // checkpoints so far
	replaying bool  // files may hold samples of a process before: see AdoptDevice
	replayBuf []byte
	again     map[int]segmentSync // of segments that a process before had begun, and that are written again

	finished atomic.Bool
	ended    chan struct{} // closed when nothing of the device is written any more
	closeSeg atomic.Int64  // 1 + number of the newest segment that the syncer wants closed

	mu    sync.Mutex // guards what follows
	queue []*Checkpoint
	rate  *RateMeasured

	syncMu       sync.Mutex // held during a sync; guards what follows
	live         []*segment // not finished, oldest first
	sealed       *segment   // the latest that is finished
	j            journalWriter
	ring         *RingFacts       // the latest ones
	ringDone     bool             // they are durable
	facts        *RingFacts       // the latest durable ones
	factEnds     map[string]int64 // stream indexes that they speak of
	factSegment  int              // that their line is of
	journalEpoch int              // of the last sync line
	warnings     []string         // for the result of the sync
	lastWarnings []string         // of the last syncs, of which no result tells
}

// AddDevice opens segment 0 of a device: empty data files, metas, and a journal that is durable when it returns. Names of devices and
// streams must differ by more than case. Devices are added one after another; [Run.Close] waits for the one that is being added.
func (r *Run) AddDevice(info DeviceInfo) (*DeviceWriter, error) {
	r.addMu.Lock()
	defer r.addMu.Unlock()
	info.Streams = slices.Clone(info.Streams)
	r.mu.Lock()
	program, closed := r.file.Program, r.closed
	taken := slices.ContainsFunc(r.file.Devices, func(d RunDevice) bool { return strings.EqualFold(d.Name, info.Name) })
	r.mu.Unlock()
	if closed {
		return nil, ErrClosed
	}
	if err := info.prepare(r.id, program); err != nil {
		return nil, fmt.Errorf("add device: %w", err)
	}
	if taken {
		return nil, fmt.Errorf("add device: the run has a device %s already", info.Name)
	}
	if err := r.goOn(); err != nil {
		return nil, fmt.Errorf("add device: %w", err)
	}
	d := &DeviceWriter{run: r, info: info, rotated: info.rotated(), epoch: -1, maxWaves: MaxWaveforms, ended: make(chan struct{})}
	for i, s := range info.Streams {
		d.streams = append(d.streams, newStreamWriter(i, s))
	}
	d.j.init(r, info.Name)
	r.update(func(f *RunFile) { f.Devices = append(f.Devices, d.runDevice()) })
	if err := d.openFirst(); err != nil {
		d.abandon()
		return nil, fmt.Errorf("add device %s: %w", info.Name, err)
	}
	r.mu.Lock()
	r.devs = append(r.devs, d)
	r.mu.Unlock()
	return d, nil
}

func (d *DeviceWriter) runDevice() RunDevice {
	i := &d.info
	rd := RunDevice{
		Name: i.Name, Driver: i.Driver, DriverVersion: i.DriverVersion, Model: i.Model, Serial: i.Serial, Emulated: i.Emulated,
		Mode: i.Mode, RawInterval: i.RawInterval, Cut: i.CutSamples, Dropped: RunDropped{Through: -1},
	}
	for _, s := range d.streams {
		rd.Streams = append(rd.Streams, s.totals)
	}
	return rd
}

// openFirst makes the first segment of a channel set, with all its files, and journals it.
func (d *DeviceWriter) openFirst() error {
	seg := d.newSegment(cutUnknown)
	if err := d.openAll(seg); err != nil {
		return err
	}
	cp := d.Checkpoint(nil, nil)
	d.syncMu.Lock()
	defer d.syncMu.Unlock()
	_, err := d.syncLocked(context.Background(), cp)
	return err
}

// abandon gives up a device that could not be opened, and takes away its files, which hold no sample.
func (d *DeviceWriter) abandon() {
	names := []string{PartName(d.info.Name, 0)}
	for _, s := range d.streams {
		base := BaseName(s.name, 0, d.rotated)
		names = append(names, base+ExtData, base+ExtMeta)
	}
	for _, seg := range slices.Concat(d.segs, d.live) {
		seg.closeFiles()
	}
	d.j.close()
	for _, name := range names {
		_ = d.run.fsys.Remove(d.run.path(name)) // most were never made
	}
	d.run.update(func(f *RunFile) {
		f.Devices = slices.DeleteFunc(slices.Clone(f.Devices), func(rd RunDevice) bool { return rd.Name == d.info.Name })
	})
	_ = d.run.save() // the caller reports why the device failed
}

func (d *DeviceWriter) newSegment(cut int64) *segment {
	seg := &segment{number: d.numbers, cut: cut, streams: d.streams, files: make([]*streamFile, len(d.streams)), reason: SealCut, epoch: max(d.epoch, 0)}
	if again, ok := d.again[seg.number]; ok { // a process before had begun it
		seg.sync = again
		delete(d.again, seg.number)
	}
	d.numbers++
	d.segs = append(d.segs, seg)
	return seg
}

// openAll opens the files of streams that have not come to the segment by themselves. Streams must be done with all earlier ones.
func (d *DeviceWriter) openAll(seg *segment) error {
	for _, s := range seg.streams {
		if seg.files[s.index] == nil {
			if err := d.enter(s, seg); err != nil {
				return err
			}
		}
	}
	return nil
}

// enter moves a stream into a segment.
func (d *DeviceWriter) enter(s *streamWriter, seg *segment) error {
	f, err := newStreamFile(d, s, seg)
	if err != nil {
		return err
	}
	if s.file != nil {
		s.file.done = true
	}
	seg.files[s.index] = f
	s.file, s.segment, s.open = f, seg.number, true
	return nil
}

// fileFor returns the file for the sample of a stream with device index at, opening the next segment when the stream has come to its end.
// Segments that other streams have opened may end before at, a new one never does.
func (d *DeviceWriter) fileFor(s *streamWriter, at int64, t Stamp) (*streamFile, error) {
	for fresh := false; ; {
		if f := s.file; f != nil && !f.done && !f.seg.closed {
			if f.seg.cut == cutUnknown {
				f.seg.cut = d.info.cutAfter(at*s.ratio, t)
			}
			if at < f.seg.cutOf(s.ratio) {
				return f, nil
			}
		}
		if fresh {
			return nil, fmt.Errorf("stream %s: device index %d: %w", s.name, at, ErrIndexRange)
		}
		var seg *segment
		for _, g := range d.segs {
			if g.number > s.segment && !g.closed {
				seg = g
				break
			}
		}
		if seg == nil {
			seg, fresh = d.newSegment(d.info.cutAfter(at*s.ratio, t)), true
		}
		if err := d.enter(s, seg); err != nil {
			return nil, err
		}
	}
}

func (d *DeviceWriter) stream(i int) (*streamWriter, error) {
	if d.finished.Load() {
		return nil, ErrClosed
	}
	if i < 0 || i >= len(d.streams) {
		return nil, fmt.Errorf("device %s: stream number %d is not one of %d", d.info.Name, i, len(d.streams))
	}
	return d.streams[i], nil
}

// StartEpoch begins an epoch; the samples that follow belong to it and open a capture in every stream. What was lost before them is told by
// [DeviceWriter.Gap].
func (d *DeviceWriter) StartEpoch(e Epoch) error {
	if d.finished.Load() {
		return ErrClosed
	}
	if d.inWave {
		return fmt.Errorf("device %s: start epoch: a waveform is open", d.info.Name)
	}
	for _, s := range d.streams {
		if e.Base%s.ratio != 0 {
			return fmt.Errorf("device %s: start epoch: base %d is no multiple of the ratio %d of %s", d.info.Name, e.Base, s.ratio, s.name)
		}
	}
	if e.Base < 0 || e.BaseMin > e.Base || e.BaseMax < e.Base {
		return fmt.Errorf("device %s: start epoch: base %d is not within %d to %d", d.info.Name, e.Base, e.BaseMin, e.BaseMax)
	}
	if e.Base > MaxRawIndex {
		return fmt.Errorf("device %s: start epoch: base %d: %w", d.info.Name, e.Base, ErrIndexRange)
	}
	if e.BootID == "" {
		e.BootID = d.run.boot
	}
	if e.Cause == "" {
		e.Cause = "start"
	}
	d.epoch++
	d.newEpochs = append(d.newEpochs, RunEpoch{
		Epoch: d.epoch, Cause: e.Cause, Base: e.Base, BaseMin: e.BaseMin, BaseMax: e.BaseMax,
		BootID: e.BootID, First: EpochFirst{Index: e.Base, MonoNS: e.FirstMonoNS, UTCNS: e.FirstUTCNS},
	})
	for _, s := range d.streams {
		s.open = true
	}
	return nil
}

// Append writes whole samples of a stream, the first of which has that device index and was taken at t. They are written when it returns; p
// is not kept. It must follow what came before by the chain rule, else it is an [*IndexError]; samples behind [MaxRawIndex] are
// [ErrIndexRange]. It splits p at the end of a segment. A [*StreamError] means that only the samples before [DeviceWriter.Next] were written;
// the rest may be given again. In steady state nothing is allocated.
func (d *DeviceWriter) Append(stream int, deviceIndex int64, p []byte, t Stamp) error {
	s, err := d.stream(stream)
	if err != nil {
		return err
	}
	if err := d.checkAppend(s, deviceIndex, p); err != nil {
		return err
	}
	if s.returned && len(p) > 0 {
		s.comeBack(deviceIndex, t)
	}
	at, first := deviceIndex, deviceIndex
	for len(p) > 0 {
		ts := t
		if at != first {
			ts = t.Add(s.global.SampleInterval.NS(at - first))
		}
		f, err := d.fileFor(s, at, ts)
		if err != nil {
			return err
		}
		f.seg.epoch = d.epoch
		count := min(int64(len(p))/s.size, f.seg.cutOf(s.ratio)-at)
		if err := f.write(at, p[:count*s.size], ts); err != nil {
			return err
		}
		at += count
		p = p[count*s.size:]
		if at >= f.seg.cutOf(s.ratio) {
			f.done = true
		}
	}
	if len(s.later) > 0 {
		d.annotateLater(s)
	}
	return nil
}

func (d *DeviceWriter) checkAppend(s *streamWriter, at int64, p []byte) error {
	switch {
	case d.epoch < 0:
		return fmt.Errorf("stream %s: append before the first epoch", s.name)
	case int64(len(p))%s.size != 0:
		return fmt.Errorf("stream %s: append %d bytes: not whole samples of %d", s.name, len(p), s.size)
	case d.info.Mode.Block() && !d.inWave:
		return fmt.Errorf("stream %s: append outside of a waveform", s.name)
	case at > MaxRawIndex/s.ratio-int64(len(p))/s.size:
		return fmt.Errorf("stream %s: append %d samples at device index %d: %w", s.name, int64(len(p))/s.size, at, ErrIndexRange)
	case !s.started && s.gap == nil:
		if at < 0 {
			return &IndexError{s.name, at, 0}
		}
		return nil
	}
	want := s.next
	if s.gap != nil {
		want += s.gap.Lost
	}
	if at != want && !(s.returned && at > want) {
		return &IndexError{s.name, at, want}
	}
	return nil
}

// Next returns where a stream stands: the stream index of the next sample, and its device index if nothing more is lost.
func (d *DeviceWriter) Next(stream int) (streamIndex, deviceIndex int64) {
	s := d.streams[stream]
	next := s.next
	if s.gap != nil {
		next += s.gap.Lost
	}
	return s.n, next
}

// FilePosition tells where in a file the next sample of a stream goes: base is the stream index of the file's first sample, length the bytes
// before the place. At the end of a segment it is the beginning of the next file.
func (d *DeviceWriter) FilePosition(stream int) (base, length int64) {
	s := d.streams[stream]
	if s.file == nil || s.file.done || s.file.seg.closed {
		return s.n, 0
	}
	return s.file.start, s.file.bytes()
}

// Totals returns what a stream has recorded and lost so far. A gap that no sample has followed yet is not in it.
func (d *DeviceWriter) Totals(stream int) RunStream { return d.streams[stream].totals }

// Losses returns the samples that a stream has lost so far and the gaps they are in, one that no sample has followed yet included.
func (d *DeviceWriter) Losses(stream int) (lost, gaps int64) {
	s := d.streams[stream]
	lost, gaps = s.totals.Lost, s.totals.Gaps
	if s.gap != nil && s.gap.Cause.Loss() {
		lost, gaps = lost+s.gap.Lost, gaps+1
	}
	return lost, gaps
}

// Unverified returns how many samples of a stream nothing vouches for, as their sync had failed: so far, and since this process writes the
// device. The drainer calls it.
func (d *DeviceWriter) Unverified(stream int) int64 { return d.streams[stream].unverified.Load() }

// Streams returns the names of the streams in the order of their numbers.
func (d *DeviceWriter) Streams() []string {
	names := make([]string, len(d.streams))
	for i, s := range d.streams {
		names[i] = s.name
	}
	return names
}

// SetRateMeasured tells the raw sample rate fitted against the host's clock; it is stored when segments are sealed. Any goroutine may call it.
func (d *DeviceWriter) SetRateMeasured(m RateMeasured) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if finite(m.Hz, m.UncertaintyHz) {
		d.rate = &m
	}
}
