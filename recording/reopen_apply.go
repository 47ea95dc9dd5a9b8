package recording

import (
	"maps"
	"slices"
)

// apply lets the new handles take the place of the old ones, and goes back to the latest sync where something is missing. Nothing of it can fail.
func (o *reopener) apply() (res Reopened) {
	d := o.d
	for _, seg := range slices.Concat(o.sealing, o.later) {
		o.adopt(seg)
	}
	for _, f := range o.void {
		d.voidSealed(f)
	}
	if o.journal != nil {
		_ = d.j.f.Close()
		d.j.f, d.j.dirty, o.journal = o.journal, true, nil
	}
	d.run.update(func(*RunFile) {}) // what was saved last may be older than what is known
	switch {
	case len(o.later) == 0:
	case o.intact:
		res.EndsBehindWaveform = o.endSegments()
	default:
		res = o.goBack()
	}
	return res
}

// adopt gives the files of a segment their new handles. What is derived from samples or journal, and was not synced, is made again.
func (o *reopener) adopt(seg *segment) {
	fold := o.folds[seg]
	for f, nf := range o.fresh {
		if f.seg != seg {
			continue
		}
		delete(o.fresh, f)
		f.dropCopy() // begun anew
		end := (f.sync.done.n - f.start) * f.itemSize
		if w := &f.sync.watch; nf != f.f {
			_ = f.f.Close()
			f.f, w.moved = nf, false
			if f.hash != nil { // hashed anew, from what is there now
				f.run.hash.forget(f.hash)
				f.hash = f.run.hash.add(nf)
				f.run.hash.grown(f.hash, end)
			}
		} else if !w.moved && !seg.sync.journaled { // sealing tells of those
			o.d.tellMoved(f, end)
		}
		s := &f.sync
		if s.overview == nil {
			_ = f.ov.close()
			f.ov.stale = true
			s.levels = [OverviewLevels]File{}
		}
		s.stale = s.stale || !s.sealed
		if fold == nil || s.sealed {
			continue
		}
		if t := fold.streams[f.name]; t != nil {
			s.captures.replay(t.captures)
			s.notes.replay(t.annotations)
		}
	}
	if c := &seg.sync.clock; c.f != nil && fold != nil {
		_ = c.f.Close()
		*c = clockFile{pending: fold.clocks}
	}
}

// replay places the entries of a table that was lost for its rows to be written again.
func (l *entryList[T]) replay(all []T) {
	if l.f == nil {
		return
	}
	_ = l.f.Close()
	l.f, l.unsure, l.sum = nil, false, FileSum{}
	if int64(len(all)) > MaxListed {
		l.again = all[MaxListed:]
	}
}

// endSegments ends what is open, so that the next sample goes to a new file. A segment without a sample goes on: its files are new ones already, and a
// disk that takes no samples for long must not get one segment after the other. Of an open waveform it tells whether its segment ends behind it.
func (o *reopener) endSegments() (behindWave bool) {
	d := o.d
	for _, seg := range o.later {
		switch {
		case !seg.begun():
		case !d.inWave:
			d.close(seg, SealDisk)
		default:
			d.closeSeg.Store(max(d.closeSeg.Load(), int64(seg.number)+1))
			behindWave = true
		}
	}
	return behindWave
}

// goBack forgets what is behind the latest sync of all streams, and the segments that have begun since.
func (o *reopener) goBack() (res Reopened) {
	d, first := o.d, o.later[0]
	res.Lost = make([]int64, len(d.streams))
	for _, s := range d.streams {
		f := first.file(s.index)
		if f == nil {
			continue // it has not come to the segment
		}
		res.Lost[s.index] = s.n - f.sync.done.n
		res.Waveforms = append(res.Waveforms, o.rewindStream(s, f)...)
	}
	slices.Sort(res.Waveforms)
	res.Waveforms = slices.Compact(res.Waveforms)
	for _, n := range res.Waveforms {
		// An event that cannot be noted changes nothing of what is lost.
		_ = d.run.Event(Event{Kind: EventWaveformLost, Device: d.info.Name, Epoch: new(max(d.epoch, 0)), Text: LostWaveformText(n, "the disk lost it")})
	}
	for _, seg := range o.later[1:] {
		first.sync.epochs = append(first.sync.epochs, seg.sync.epochs...)
		first.sync.clocks = append(first.sync.clocks, seg.sync.clocks...)
		first.sync.epoch = max(first.sync.epoch, seg.sync.epoch)
		o.discard(seg)
	}
	d.numbers = first.number + 1
	d.ring, d.facts, d.ringDone = nil, nil, false // what they tell of the files is not so any more
	if !first.sync.complete {
		d.close(first, SealDisk)
	}
	return res
}

// discard takes away a segment of which nothing was journalled.
func (o *reopener) discard(seg *segment) {
	d := o.d
	seg.closeFiles()
	for _, f := range seg.files {
		if f != nil && f.reserved > f.bytes() {
			f.run.reserve.Add(f.bytes() - f.reserved)
		}
	}
	d.discarded = max(d.discarded, seg.number)
	d.removeSegment(seg.number, seg.streams)
	d.live = slices.DeleteFunc(d.live, func(g *segment) bool { return g == seg })
	d.segs = slices.DeleteFunc(d.segs, func(g *segment) bool { return g == seg })
	d.run.update(func(f *RunFile) {
		if rd := f.Device(d.info.Name); rd != nil {
			rd.Segments = slices.DeleteFunc(slices.Clone(rd.Segments), func(s RunSegment) bool { return s.Segment == seg.number })
		}
	})
}

// removeSegment removes the files of a segment that is not one. What cannot be removed is replaced by the next segment of the number, or removed at the
// end of the run.
func (d *DeviceWriter) removeSegment(number int, streams []*streamWriter) {
	remove := func(name string) { _ = d.run.fsys.Remove(d.run.path(name)) } // most were never made
	for _, s := range streams {
		base := BaseName(s.name, number, d.rotated)
		for _, ext := range []string{ExtData, ExtMeta, ExtCaptures, ExtAnnotations} {
			remove(base + ext)
		}
		for level := range OverviewLevels {
			remove(OverviewName(base, level))
		}
	}
	remove(ClockName(d.info.Name, number, d.rotated))
}

// removeDiscarded removes what a disk may have brought back of segments that were discarded.
func (d *DeviceWriter) removeDiscarded() {
	if d.discarded < d.numbers {
		return
	}
	for n := d.numbers; n <= d.discarded; n++ {
		d.removeSegment(n, d.streams)
	}
	_ = d.run.fsys.SyncDir(d.run.dir)
}

// rewindStream lets a stream end where its file was synced last, and tells what was behind it as lost. It returns the numbers of lost waveforms.
func (o *reopener) rewindStream(s *streamWriter, f *streamFile) (waves []int64) {
	m := f.sync.done
	caps := o.untold(s, f)
	m.next = f.nextAt(m.n, caps)
	gone := s.n - m.n
	next, lost := s.next, Gap{Cause: CauseDisk, Lost: gone, LostMin: gone, LostMax: gone, Exact: true}
	lost.From, lost.MonoFromNS = f.timeAt(m.n, caps)
	for _, at := range slices.Sorted(maps.Keys(caps)) {
		c := caps[at]
		if at < m.n {
			continue
		}
		if c.Gap != nil {
			s.uncount(*c.Gap)
			lost = c.Gap.Merge(lost)
		}
		if c.Waveform != nil && s.global.WaveformSamples > 0 && c.SampleStart+s.global.WaveformSamples <= s.file.whole.n {
			waves = append(waves, *c.Waveform)
		}
	}
	if s.gap != nil {
		lost = lost.Merge(*s.gap)
		next += s.gap.Lost
	}
	if s.file != f {
		s.totals.Recorded -= s.n - f.n
		s.file, s.segment = f, f.seg.number
		s.n, s.next = f.n, f.next
	}
	f.rewind(m)
	f.n, f.next, f.crc, f.whole = m.n, m.next, m.crc, m
	s.n, s.next, s.open = m.n, m.next, true
	f.sync.voidBehind(m)
	s.later = shifted(s.later, m.n+gone, -gone)
	f.done = f.done || f.seg.sync.complete
	if s.gap = nil; !s.global.Mode.Block() && lost.LostMax > 0 {
		lost.Lost = next - m.next
		s.gap, s.gapOpen = &lost, true
	}
	return waves
}

// untold gathers the captures of a stream that no journal line tells of, by where they begin: a later one replaces an earlier one.
func (o *reopener) untold(s *streamWriter, first *streamFile) map[int64]Capture {
	caps := map[int64]Capture{}
	for _, seg := range o.later {
		f := seg.file(s.index)
		if f == nil {
			continue
		}
		for _, c := range slices.Concat(f.sync.caps, f.caps) {
			caps[c.SampleStart] = c
		}
	}
	return caps
}

// nextAt is the device index that belongs to a stream index of the file, before a gap there.
func (f *streamFile) nextAt(n int64, caps map[int64]Capture) int64 {
	if n == f.start {
		return f.startNext
	}
	at, next := int64(-1), f.sync.done.next
	if f.sync.lastCapAt >= 0 && f.sync.lastCap.SampleStart < n {
		c := f.sync.lastCap
		at, next = c.SampleStart, c.GlobalIndex+n-c.SampleStart
	}
	for start, c := range caps {
		if start < n && start >= at {
			at, next = start, c.GlobalIndex+n-start
		}
	}
	return next
}

// timeAt is when the sample behind a stream index would have come; 0: not known.
func (f *streamFile) timeAt(n int64, caps map[int64]Capture) (Timestamp, int64) {
	c, ok := f.sync.lastCap, f.sync.lastCapAt >= 0
	for start, x := range caps {
		if start < n && (!ok || start >= c.SampleStart) {
			c, ok = x, true
		}
	}
	if !ok || c.SampleStart >= n {
		return 0, 0
	}
	ns := f.stream.global.SampleInterval.NS(n - c.SampleStart)
	if c.MonoNS == 0 {
		return c.Datetime + Timestamp(ns), 0
	}
	return c.Datetime + Timestamp(ns), c.MonoNS + ns
}

// shifted moves annotations of samples that are still to come, from stream index n on; those of samples before are of samples that are gone.
func shifted(list []Annotation, n, by int64) []Annotation {
	kept := list[:0]
	for _, a := range list {
		if a.SampleStart >= n {
			a.SampleStart += by
			kept = append(kept, a)
		}
	}
	return kept
}

// voidBehind forgets what was told of samples behind a mark.
func (s *fileSync) voidBehind(m fileMark) {
	if s.target = m; !s.void {
		s.err = nil
	}
	s.done.next = m.next
	s.caps = slices.DeleteFunc(s.caps, func(c Capture) bool { return c.SampleStart >= m.n })
	s.anns = voidAnnotations(s.anns, m.n)
	s.captures.forget()
	s.notes.forget()
}
