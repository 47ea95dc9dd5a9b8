package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// segment repairs one segment that is not done: finds where its streams end, journals what was cut and what is damaged, seals it, and completes
// what is derived.
func (r *repairer) segment(d *repairDevice, n int) error {
	fold := d.fold.segments[n]
	if fold == nil && r.segmentSealed(d.name, n) {
		return r.sealedWithoutJournal(d, n)
	}
	if fold == nil {
		fold = &segmentFold{number: n, streams: map[string]*streamFold{}}
		d.fold.segments[n] = fold
	}
	if err := r.adoptMetas(d, fold); err != nil {
		return err
	}
	streams, err := r.streamRepairs(fold)
	if err != nil {
		return err
	}
	if len(streams) == 0 {
		return nil
	}
	if err := r.wholeWaveforms(streams, n); err != nil {
		return err
	}
	unchanged := true
	for _, s := range streams {
		r.conclude(s, n)
		unchanged = unchanged && s.unchanged()
	}
	if err := r.saveTails(streams, n); err != nil {
		return err
	}
	if fold.seal == nil || !unchanged {
		if err := r.writePart(d, fold, streams); err != nil {
			return err
		}
	}
	for _, s := range streams {
		if want := (s.end - s.t.start) * s.size; s.bytes > want {
			if err := r.truncate(s.base+ExtData, want); err != nil {
				return err
			}
		}
	}
	return r.seal(d, fold, streams)
}

// adoptMetas adds the streams that only a meta tells of: their journal is gone, nothing vouches for their samples.
func (r *repairer) adoptMetas(d *repairDevice, fold *segmentFold) error {
	for _, m := range slices.Clone(r.metas) {
		if m.global.Device != d.name || m.global.Segment != fold.number || fold.streams[m.global.Stream] != nil {
			continue
		}
		if len(m.captures) == 0 && m.global.State != StateSealed {
			if err := r.removeBase(m); err != nil {
				return err
			}
			continue
		}
		size, _ := r.dataSize(m.base)
		t := newStreamFold(m.global.Stream, m.global.Start)
		g := m.global
		g.State, g.CapturesTable, g.AnnotationsTable, g.GapAfter = StateRecording, nil, nil, nil
		t.file, t.n, t.global = m.base, g.Start+size/int64(g.Datatype.Size()), &g
		t.captures, t.annotations = slices.Clone(m.captures), slices.Clone(m.annotations)
		t.annotations = JoinAnnotation(t.annotations, Annotation{SampleStart: t.start, SampleCount: t.n - t.start, Label: LabelUnverified, Generator: Generator})
		r.report.Unknown = append(r.report.Unknown, fmt.Sprintf("%s segment %d: its journal is lost, nothing vouches for its %d samples", t.name, fold.number, t.n-t.start))
		fold.streams[t.name] = t
		fold.seal = nil
	}
	return nil
}

func (r *repairer) streamRepairs(fold *segmentFold) ([]*streamRepair, error) {
	var list []*streamRepair
	for _, name := range slices.Sorted(keysOf(fold.streams)) {
		t := fold.streams[name]
		if _, _, ok := t.identity(r.meta(name, fold.number)); !ok && t.n == t.start {
			// Its first line is torn off: the recording ended before its first sync.
			if t.file == "" {
				continue
			}
			if err := r.removeBase(&loadedMeta{base: t.file, global: Global{Stream: name, Segment: fold.number, Datatype: Uint8}}); err != nil {
				return nil, err
			}
			continue
		}
		s, err := r.newStreamRepair(t, fold.number)
		if r.ctx.Err() != nil {
			return nil, r.ctx.Err()
		}
		if err != nil {
			r.unreadable("%v", err)
			continue
		}
		list = append(list, s)
	}
	return list, nil
}

// wholeWaveforms cuts the streams of a block mode to the last waveform that all of them have whole.
func (r *repairer) wholeWaveforms(streams []*streamRepair, segment int) error {
	if !streams[0].global.Mode.Block() || streams[0].global.WaveformSamples <= 0 || streams[0].later {
		return nil
	}
	whole := int64(-1)
	for _, s := range streams {
		if n := s.global.WaveformSamples; n > 0 {
			if k := (s.end - s.t.start) / n; whole < 0 || k < whole {
				whole = k
			}
		}
	}
	for _, s := range streams {
		if s.global.WaveformSamples <= 0 {
			return fmt.Errorf("stream %s, segment %d: %w", s.t.name, segment, impossible("a block mode without daq:waveform_samples"))
		}
		if err := r.cutTo(s, s.t.start+whole*s.global.WaveformSamples); err != nil {
			return err
		}
	}
	return nil
}

// saveTails notes what will be cut off the files, saves it when asked to, and makes what stays durable: the journal will vouch for it.
func (r *repairer) saveTails(streams []*streamRepair, segment int) error {
	for _, s := range streams {
		name := s.base + ExtData
		if _, ok := r.dataSize(s.base); !ok {
			if err := r.createEmpty(name); err != nil {
				return err
			}
			continue
		}
		want := (s.end - s.t.start) * s.size
		if s.bytes > want {
			cut := RepairCut{Stream: s.t.name, Segment: segment, File: name, Bytes: s.bytes - want, Samples: (s.bytes - want) / s.size}
			if r.o.KeepTail {
				cut.Saved = name + ExtUnverified
				if err := r.copyTail(name, cut.Saved, want, s.bytes); err != nil {
					return err
				}
			}
			r.report.Cut = append(r.report.Cut, cut)
		}
		f, err := r.openRW(name)
		if err != nil {
			return err
		}
		if err := errors.Join(f.DataSync(), f.Close()); err != nil {
			return fmt.Errorf("sync %s: %w", name, err)
		}
	}
	return nil
}

func (r *repairer) openRW(name string) (File, error) {
	return r.fs.OpenFile(r.path(name), os.O_RDWR, 0)
}

// createEmpty makes a data file that is missing: what it held is a gap by now.
func (r *repairer) createEmpty(name string) error {
	f, err := r.fs.OpenFile(r.path(name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	r.report.Changed = true
	return errors.Join(f.DataSync(), f.Close())
}

// copyTail saves bytes [from, to) of a file under another name.
func (r *repairer) copyTail(name, saved string, from, to int64) error {
	src, err := r.fs.OpenFile(r.path(name), os.O_RDONLY, 0)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := r.fs.OpenFile(r.path(saved), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	r.report.Changed = true
	buf := make([]byte, min(to-from, passBytes))
	for at := from; at < to && err == nil; {
		b := buf[:min(int64(len(buf)), to-at)]
		var n int
		if n, err = src.ReadAt(b, at); n == len(b) {
			_, err = dst.WriteAt(b, at-from)
		}
		at += int64(n)
	}
	if err == nil {
		err = dst.DataSync()
	}
	if err = errors.Join(err, dst.Close()); err != nil {
		return fmt.Errorf("save the end of %s: %w", name, err)
	}
	return nil
}

// writePart writes the journal part that tells what repair did: state, streams, what is new, seal. It appears whole or not at all.
func (r *repairer) writePart(d *repairDevice, fold *segmentFold, streams []*streamRepair) error {
	run := &Run{dir: r.dir, fsys: r.fs, now: r.o.Now, id: r.runID, boot: bootID()}
	j := &journalWriter{seq: d.nextSeq, next: d.nextPart}
	j.init(run, d.name)
	epoch, states := d.lastEpoch(), map[string]StreamState{}
	news := &JournalSync{Segment: fold.number, Epoch: epoch, Streams: map[string]StreamNews{}}
	seal := &JournalSeal{Segment: fold.number, Reason: SealRepair, GapAfter: map[string]Gap{}}
	for _, s := range streams {
		states[s.t.name] = StreamState{File: s.base, Start: s.t.start, N: s.end, DataCRC: s.crc, Next: s.next}
		if len(s.added)+len(s.news) > 0 {
			news.Streams[s.t.name] = StreamNews{N: s.end, DataCRC: s.crc, Captures: s.added, Annotations: s.news}
		}
		if gap := s.gapAfter(fold); gap != nil {
			seal.GapAfter[s.t.name] = *gap
		}
	}
	if err := j.begin(fold.number, epoch, states, nil); err != nil {
		return err
	}
	for _, s := range streams {
		l := &JournalStream{Stream: s.t.name, Global: s.global}
		l.Global.State, l.Global.GapAfter, l.Global.CapturesTable, l.Global.AnnotationsTable = StateRecording, nil, nil, nil
		if k := len(s.captures); k > 0 {
			l.Capture = &s.captures[k-1]
		}
		if err := j.add(l); err != nil {
			return err
		}
	}
	if len(news.Streams) > 0 {
		if err := j.addSync(news); err != nil {
			return err
		}
	}
	if err := j.add(seal); err != nil {
		return err
	}
	if err := j.commit(); err != nil {
		return err
	}
	j.close()
	r.report.Changed = true
	fold.seal = seal
	fold.parts = append(fold.parts, d.nextPart)
	d.addPart(PartName(d.name, d.nextPart), fold.number)
	d.nextPart, d.nextSeq = j.next, j.seq
	return nil
}

// gapAfter is what is lost behind the last sample: what was known before, and what is gone now.
func (s *streamRepair) gapAfter(fold *segmentFold) *Gap {
	gap := s.gap
	if fold.seal == nil {
		return gap
	}
	before, ok := fold.seal.GapAfter[s.t.name]
	switch {
	case !ok:
		return gap
	case gap == nil:
		return &before
	}
	merged := gap.Merge(before)
	return &merged
}

func (d *repairDevice) lastEpoch() int {
	epoch := 0
	for _, e := range d.fold.epochs {
		epoch = max(epoch, e.Epoch)
	}
	return epoch
}

// addPart notes a journal part that was written.
func (d *repairDevice) addPart(name string, segment int) {
	if d.journal == nil {
		d.journal = &deviceJournal{prefix: d.name, fold: d.fold}
	}
	d.journal.parts = append(d.journal.parts, &partInfo{name: name, number: d.nextPart, segment: segment})
}

// sealedWithoutJournal handles a sealed segment with something wrong and no journal to put it right from.
func (r *repairer) sealedWithoutJournal(d *repairDevice, n int) error {
	var streams []*streamRepair
	for _, m := range r.metas {
		if m.global.Device != d.name || m.global.Segment != n {
			continue
		}
		s := &streamRepair{t: newStreamFold(m.global.Stream, m.global.Start), global: m.global, base: m.base, size: int64(m.global.Datatype.Size()),
			captures: m.captures, annotations: m.annotations, files: map[string]FileSum{}}
		s.bytes, _ = r.dataSize(m.base)
		s.items = s.bytes / s.size
		s.t.points, s.t.n = nil, m.global.Start+s.items
		s.end, s.have = s.t.n, s.t.n
		if e := r.entry(d.name, n); e != nil {
			if want, ok := e.Files[m.base+ExtData]; ok && want.Bytes != s.bytes {
				r.unreadable("%s segment %d: %d bytes of %d are there, and no journal tells more", m.global.Stream, n, s.bytes, want.Bytes)
				return nil
			}
		}
		streams = append(streams, s)
	}
	return r.sealFiles(d, n, streams, nil)
}

func isData(name string) bool { return strings.HasSuffix(name, ExtData) }

// exists tells whether a file of the run is there.
func (r *repairer) exists(name string) bool {
	_, err := r.fs.Stat(r.path(name))
	return !errors.Is(err, fs.ErrNotExist)
}
