package recording

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
)

// completed adds to the facts of a ring what the writer knows.
func (d *DeviceWriter) completed(ring *RingFacts) *RingFacts {
	if ring == nil {
		return nil
	}
	if d.epoch >= 0 {
		ring.Epoch = new(d.epoch)
	}
	for _, s := range d.streams {
		t := &s.totals
		if lane, ok := ring.Lanes[s.name]; ok && t.Gaps > 0 {
			lane.Lost = &[4]int64{t.Lost, t.LostMin, t.LostMax, t.Gaps}
			ring.Lanes[s.name] = lane
		}
	}
	return ring
}

// holds tells whether the end of a complete segment has to wait: the one behind it would be journalled without a place in the ring, as its streams
// stand in different segments, and a device that is adopted goes on from such a place.
func (d *DeviceWriter) holds() bool {
	k := slices.IndexFunc(d.segs, func(s *segment) bool { return !s.complete() })
	if k < 1 || k == len(d.segs)-1 || d.segs[0].lag >= maxLag {
		return false
	}
	d.segs[0].lag++
	return true
}

// files returns the file each stream stands in.
func (d *DeviceWriter) files() []*streamFile {
	list := make([]*streamFile, len(d.streams))
	for i, s := range d.streams {
		list[i] = s.file
	}
	return list
}

// rebase brings ring facts to the files that streams have gone over to since: they stand at the beginning.
func (d *DeviceWriter) rebase(ring *RingFacts, before []*streamFile) {
	for i, s := range d.streams {
		was := before[i]
		if ring == nil || was == nil || was == s.file || was.n != s.n || s.n != s.file.start {
			continue
		}
		if lane, ok := ring.Lanes[s.name]; ok && lane.Pos*was.itemSize-lane.FileBase == was.bytes() {
			lane.FileBase = lane.Pos * was.itemSize
			ring.Lanes[s.name] = lane
		}
	}
}

// AdoptDevice goes on with a device that [ResumeOptions].Adopt has accepted, in the segment that records: behind the journal line that its [Adoptable] is
// about. info is what the device records now, as with [Run.ResumeDevice]; it has to be as before, else it is a [*ResumeError]. The epoch goes on.
//
// What the process before had written behind that line is still in the files, but nothing tells of it: the caller goes through the ring's descriptors
// again, with [DeviceWriter.Replay] for samples that the ring may not hold any more, and with Append for the others, and calls [DeviceWriter.Replayed]
// behind the last Replay. The journal is only added to.
func (r *Run) AdoptDevice(info DeviceInfo) (*DeviceWriter, error) {
	r.addMu.Lock()
	defer r.addMu.Unlock()
	info.Streams = slices.Clone(info.Streams)
	r.mu.Lock()
	a, program, closed := r.adopts[info.Name], r.file.Program, r.closed
	r.mu.Unlock()
	switch {
	case closed:
		return nil, ErrClosed
	case a == nil:
		return nil, fmt.Errorf("adopt device %s: it was not accepted", info.Name)
	}
	if err := info.prepare(r.id, program); err != nil {
		return nil, fmt.Errorf("adopt device: %w", err)
	}
	order, err := a.fits(&info)
	if err != nil {
		return nil, err
	}
	d, err := a.open(r, info, order)
	if err != nil {
		return nil, fmt.Errorf("adopt device %s: %w", info.Name, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.adopts, info.Name)
	if rd := r.file.Device(info.Name); rd != nil {
		rd.Epochs, rd.Restarts = slices.Clone(a.Epochs), max(len(a.Epochs)-1, 0)
		for _, seg := range d.live {
			rd.list(seg.number)
			seg.sync.listed = true
		}
	}
	r.devs, r.dirty = append(r.devs, d), true
	return d, nil
}

// Fits tells whether a device that records as info says can go on behind the journal line; the error is a [*ResumeError] when not.
func (a *Adoptable) Fits(info DeviceInfo) error {
	info.Streams = slices.Clone(info.Streams)
	if err := info.prepare(a.state.fold.run, ""); err != nil {
		return err
	}
	_, err := a.fits(&info)
	return err
}

// fits finds the journal's streams of those that are recorded now.
func (a *Adoptable) fits(info *DeviceInfo) ([]*streamFold, error) {
	was := &resumedDevice{ResumedDevice: ResumedDevice{Name: a.Name, Info: DeviceInfo{RawInterval: info.RawInterval, Mode: info.Mode}}}
	streams := a.state.fold.segments[a.state.segment].streams
	names := slices.Sorted(keysOf(streams))
	for _, name := range names {
		g := *streams[name].global
		if got := rawInterval(g); got.Rat().Cmp(info.RawInterval.Rat()) != 0 {
			was.Info.RawInterval = got
		}
		was.Info.Mode = g.Mode
		was.Info.Streams = append(was.Info.Streams, StreamInfo{Channel: g.Channel, Kind: g.Kind, Datatype: g.Datatype, Ratio: g.Ratio, Global: g})
	}
	order, err := was.fits(info)
	if err != nil {
		return nil, err
	}
	list := make([]*streamFold, len(order))
	for i, k := range order {
		list[i] = streams[names[k]]
	}
	return list, nil
}

// open makes the writer as it goes on.
func (a *Adoptable) open(r *Run, info DeviceInfo, order []*streamFold) (*DeviceWriter, error) {
	s := a.state
	d := &DeviceWriter{
		run: r, info: info, rotated: info.rotated(), epoch: a.Facts.epoch(), numbers: s.segment + 1, maxWaves: MaxWaveforms, ended: make(chan struct{}),
		journalEpoch: max(s.epoch, 0), replaying: true,
	}
	for i, t := range order {
		w := newStreamWriter(i, info.Streams[i])
		w.takeUp(a, t, s.segment)
		d.streams = append(d.streams, w)
	}
	r.mu.Lock()
	if rd := r.file.Device(info.Name); rd != nil {
		for _, t := range rd.Streams {
			if !slices.ContainsFunc(d.streams, func(w *streamWriter) bool { return w.name == t.Name }) {
				d.past = append(d.past, &streamWriter{name: t.Name, totals: t, size: int64(t.Datatype.Size()), ratio: max(t.Ratio, 1), segment: s.segment})
			}
		}
	}
	r.mu.Unlock()
	d.j.init(r, info.Name)
	d.j.next, d.j.seq = s.nextPart, s.nextSeq
	if err := a.trimJournal(r); err != nil {
		return nil, err
	}
	d.again = map[int]segmentSync{}
	for n, clocks := range s.again {
		parts, err := a.parts(r, n)
		if err != nil {
			return nil, err
		}
		again := segmentSync{parts: parts}
		again.clock.pending = clocks
		d.again[n] = again
	}
	for _, n := range slices.Sorted(keysOf(s.fold.segments)) {
		if n == s.segment && s.sealed {
			continue
		}
		seg, err := a.segment(d, s.fold.segments[n], order)
		if err != nil {
			for _, seg := range d.live {
				seg.closeFiles()
			}
			return nil, err
		}
		d.live = append(d.live, seg)
		if !seg.sync.complete {
			d.segs = append(d.segs, seg)
		}
	}
	facts := a.Facts
	facts.Lanes = maps.Clone(facts.Lanes)
	d.ring, d.ringDone, d.facts, d.factEnds, d.factSegment = &facts, true, &facts, map[string]int64{}, s.segment
	for _, w := range d.streams {
		d.factEnds[w.name] = order[w.index].n
	}
	return d, nil
}

// takeUp lets a stream stand where the journal says.
func (w *streamWriter) takeUp(a *Adoptable, t *streamFold, segment int) {
	at := a.Streams[t.name]
	w.n, w.next, w.segment = at.Samples, at.Next, segment
	w.started = w.n > 0 || w.next > 0
	w.totals.Recorded = w.n
	if lost := a.Facts.Lanes[t.name].Lost; lost != nil {
		w.totals.Lost, w.totals.LostMin, w.totals.LostMax, w.totals.Gaps = lost[0], lost[1], lost[2], lost[3]
	}
	// A range that has changed since the device was configured is that of the file.
	g := t.global
	w.global.Scale, w.global.Offset, w.global.Range, w.global.VoltsPerCount, w.global.AnalogOffset = g.Scale, g.Offset, g.Range, g.VoltsPerCount, g.AnalogOffset
	if k := len(t.captures) - 1; k >= 0 {
		c := &t.captures[k]
		w.open = c.Epoch != a.Facts.epoch()
		if c.Scale != nil && c.Offset != nil {
			w.scaling = &Scaling{Scale: *c.Scale, Offset: *c.Offset, Range: c.Range}
			g.frontEnd(w.scaling)
		}
	}
}

// trimJournal cuts the torn end off the last part: another one follows.
func (a *Adoptable) trimJournal(r *Run) error {
	p := a.state.parts[len(a.state.parts)-1]
	if !p.scan.torn() {
		return nil
	}
	f, err := r.fsys.OpenFile(r.path(p.name), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(p.scan.end), f.DataSync(), f.Close())
}

// segment makes a segment that is not sealed: the one that records, or one that is complete up to the files that follow from it.
func (a *Adoptable) segment(d *DeviceWriter, fold *segmentFold, order []*streamFold) (*segment, error) {
	seg := &segment{number: fold.number, cut: cutUnknown, streams: d.streams, files: make([]*streamFile, len(d.streams)), reason: SealCut, epoch: max(a.state.epoch, 0)}
	s := &seg.sync
	s.complete, s.journaled, s.epoch = fold.seal != nil, fold.seal != nil, seg.epoch
	s.part = s.journaled // else the next sync begins one
	s.reason = seg.reason
	if fold.seal != nil {
		seg.reason, s.reason = fold.seal.Reason, fold.seal.Reason
	}
	var err error
	if s.parts, err = a.parts(d.run, fold.number); err != nil {
		return nil, err
	}
	s.clock.pending = fold.clocks
	for i, t := range order {
		if fold.number != a.state.segment {
			if t = fold.streams[t.name]; t == nil {
				return nil, notAdoptable("segment %d has other streams", fold.number)
			}
		}
		f, err := reopenFile(d, d.streams[i], seg, t)
		if f != nil {
			seg.files[i] = f
			s.files = append(s.files, f)
		}
		if err != nil {
			seg.closeFiles()
			return nil, err
		}
		if k := len(t.captures); k > 0 && seg.cut == cutUnknown {
			c := &t.captures[0]
			seg.cut = d.info.cutAfter(c.GlobalIndex*d.streams[i].ratio, Stamp{UTCNS: int64(c.Datetime)})
		}
		switch {
		case fold.seal != nil:
			f.ov.finish()
			if f.done = true; len(fold.seal.GapAfter) > 0 {
				if g, ok := fold.seal.GapAfter[t.name]; ok {
					f.sync.meta.Global.GapAfter = &g
				}
			}
		default:
			d.streams[i].file = f
		}
	}
	if fold.seal != nil {
		return seg, nil
	}
	for i, f := range seg.files { // a stream that has come to the end goes on in the next segment
		f.done = f.next >= seg.cutOf(d.streams[i].ratio)
	}
	return seg, nil
}

// parts are the journal's parts of a segment so far.
func (a *Adoptable) parts(r *Run, segment int) (list []journalPart, err error) {
	for _, p := range a.state.parts {
		if p.state.Segment != segment {
			continue
		}
		sum, err := sumFile(r.fsys, r.path(p.name))
		if err != nil {
			return nil, err
		}
		list = append(list, journalPart{p.name, sum})
	}
	return list, nil
}

// list tells of a segment that is not sealed, if the process before had not come so far as to tell of it.
func (d *RunDevice) list(segment int) {
	at, found := slices.BinarySearchFunc(d.Segments, segment, func(s RunSegment, n int) int { return s.Segment - n })
	if !found {
		d.Segments = slices.Insert(slices.Clone(d.Segments), at, RunSegment{Segment: segment, State: StateRecording})
	}
}

// reopenFile opens the files of a stream in a segment as the journal has them.
func reopenFile(d *DeviceWriter, w *streamWriter, seg *segment, t *streamFold) (*streamFile, error) {
	g := *t.global
	g.State, g.CapturesTable, g.AnnotationsTable = StateRecording, nil, nil
	point := t.points[len(t.points)-1]
	mark := fileMark{n: t.n, next: deviceIndexAt(t.captures, t.n, t), crc: point.CRC}
	f := &streamFile{
		stream: w, seg: seg, base: t.file, name: t.name, fsys: d.run.fsys, dir: d.run.dir, start: t.start, startNext: t.firstNext, itemSize: w.size,
		run: d.run, cut: d.info.CutSamples, n: mark.n, next: mark.next, crc: mark.crc, whole: mark,
	}
	f.initSync(g, mark)
	f.ov = newOverview(f.fsys, f.dir, f.base, g.Datatype)
	f.window, f.dropped = f.bytes(), f.bytes()
	var err error
	if f.f, err = f.fsys.OpenFile(f.path(ExtData), os.O_RDWR, 0); err != nil {
		return nil, &StreamError{f.name, "open data file", err}
	}
	if f.length, err = f.f.Size(); err != nil {
		return f, &StreamError{f.name, "open data file", err}
	}
	if k := len(t.captures); k > 0 {
		f.last = t.captures[k-1]
	}
	f.sync.caps, f.sync.anns = t.captures, t.annotations
	if err := f.sync.place(); err != nil {
		return f, &StreamError{f.name, "write table", err}
	}
	f.sync.commit()
	f.sync.stale = true
	f.startHash()
	f.hashGrown(f.n)
	f.reopenOverview(t.captures)
	return f, nil
}
