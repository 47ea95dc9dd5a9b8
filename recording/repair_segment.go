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
	streams, whole, err := r.streamRepairs(fold)
	if err != nil {
		return err
	}
	if len(streams) == 0 && whole {
		return r.sealEmpty(d, fold)
	}
	if len(streams) == 0 {
		r.unfinished = true
		return nil
	}
	if err := r.wholeWaveforms(streams, n); err != nil {
		return err
	}
	r.setMarks(d, streams)
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
		// To its own length too: that frees what was preallocated behind it.
		if err := r.truncate(s.base+ExtData, min(s.bytes, (s.end-s.t.start)*s.size)); err != nil {
			return err
		}
	}
	if err := r.seal(d, fold, streams); err != nil || whole {
		return err
	}
	r.unseal(d, n)
	return nil
}

// sealEmpty seals a segment without a stream that run.json lists as open: none of its files could be made. Its journal stays.
func (r *repairer) sealEmpty(d *repairDevice, fold *segmentFold) error {
	rd := r.runNew.Device(d.name)
	listed := func(s RunSegment) bool { return s.Segment == fold.number && s.State != StateSealed }
	switch {
	case !slices.ContainsFunc(rd.Segments, listed):
		return nil
	case len(fold.parts) == 0:
		rd.Segments = slices.DeleteFunc(rd.Segments, listed)
		r.report.Changed = true
		return nil
	case fold.seal == nil:
		if err := r.writePart(d, fold, nil); err != nil {
			return err
		}
	}
	return r.sealFiles(d, fold.number, nil, fold)
}

// unseal leaves a segment open in run.json: the samples of one of its streams could not be read now, another repair may do better.
func (r *repairer) unseal(d *repairDevice, n int) {
	r.unfinished = true
	r.report.Sealed = r.report.Sealed[:len(r.report.Sealed)-1]
	r.done[segmentRef{d.name, n}] = false
	d.seal(r.runNew.Device(d.name), RunSegment{Segment: n, State: StateRecording})
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
		if e := r.entry(d.name, fold.number); e != nil && e.State == StateSealed && e.Files[m.base+ExtData].Bytes > 0 {
			sum := e.Files[m.base+ExtData]
			t.n = g.Start + sum.Bytes/int64(g.Datatype.Size())
			t.points = append(t.points, syncPoint{N: t.n, CRC: sum.CRC32C, OK: true})
			r.report.Unknown = append(r.report.Unknown, fmt.Sprintf("%s segment %d: its journal is lost; only %s vouches for its %d samples", t.name, fold.number, FileRun, t.n-t.start))
		} else {
			t.annotations = JoinAnnotation(t.annotations, Annotation{SampleStart: t.start, SampleCount: t.n - t.start, Label: LabelUnverified, Generator: Generator})
			r.report.Unknown = append(r.report.Unknown, fmt.Sprintf("%s segment %d: its journal is lost, nothing vouches for its %d samples", t.name, fold.number, t.n-t.start))
		}
		fold.streams[t.name] = t
		fold.seal = nil
	}
	return nil
}

// streamRepairs looks at all streams of a segment. whole is false when the samples of one could not be read, which is told and leaves the others alone.
func (r *repairer) streamRepairs(fold *segmentFold) (list []*streamRepair, whole bool, err error) {
	whole = true
	for _, name := range slices.Sorted(keysOf(fold.streams)) {
		t := fold.streams[name]
		_, _, known := t.identity(r.meta(name, fold.number))
		switch {
		case known:
			s, err := r.newStreamRepair(t, fold)
			if r.ctx.Err() != nil {
				return nil, false, r.ctx.Err()
			}
			if err != nil {
				r.unreadable("%v", err)
				whole = false
				continue
			}
			list = append(list, s)
		case t.n > t.start:
			r.unreadable("stream %s, segment %d: neither its journal nor its meta tell what it is", name, fold.number)
		case t.file != "":
			// Its first line is torn off: the recording ended before its first sync.
			if err := r.removeBase(&loadedMeta{base: t.file, global: Global{Stream: name, Segment: fold.number, Datatype: Uint8}}); err != nil {
				return nil, false, err
			}
		}
	}
	return list, whole, nil
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
	gap, before := s.gap, s.metaGap
	if fold.seal != nil {
		before = nil
		if told, ok := fold.seal.GapAfter[s.t.name]; ok {
			before = &told
		}
	}
	switch {
	case before == nil:
		return gap
	case gap == nil:
		return before
	}
	merged := gap.Merge(*before)
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
		s := &streamRepair{
			t: newStreamFold(m.global.Stream, m.global.Start), global: m.global, base: m.base, size: int64(m.global.Datatype.Size()),
			captures: m.captures, annotations: m.annotations, files: map[string]FileSum{},
		}
		s.bytes, _ = r.dataSize(m.base)
		s.items = s.bytes / s.size
		s.t.points, s.t.n = nil, m.global.Start+s.items
		s.end, s.have = s.t.n, s.t.n
		if e := r.entry(d.name, n); e != nil {
			want, ok := e.Files[m.base+ExtData]
			if ok && want.Bytes != s.bytes {
				r.unreadable("%s segment %d: %d bytes of %d are there, and no journal tells more", m.global.Stream, n, s.bytes, want.Bytes)
				return nil
			}
			if ok {
				s.listed = &want
			}
		}
		if err := r.checkListed(s, n); err != nil {
			return err
		}
		streams = append(streams, s)
	}
	return r.sealFiles(d, n, streams, nil)
}

// checkListed compares a whole file with run.json, where no journal tells of its ranges.
func (r *repairer) checkListed(s *streamRepair, segment int) error {
	if s.listed == nil {
		return nil
	}
	have, err := sumFile(r.fs, r.path(s.base+ExtData))
	if err != nil || have == *s.listed {
		return err
	}
	g := &Segment{Number: segment, Base: s.base, Global: s.global, Start: s.t.start, Samples: s.items, captures: s.captures, annotations: s.annotations}
	r.reportDamage(s, g, DamageChecksum, s.t.start, s.end)
	return nil
}

func isData(name string) bool { return strings.HasSuffix(name, ExtData) }

// exists tells whether a file of the run is there.
func (r *repairer) exists(name string) bool {
	_, err := r.fs.Stat(r.path(name))
	return !errors.Is(err, fs.ErrNotExist)
}
