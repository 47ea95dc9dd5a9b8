package recording

import (
	"fmt"
	"io"
	"slices"
)

// streamRepair is one stream of one segment on its way to being sealed.
type streamRepair struct {
	t       *streamFold
	global  Global
	base    string
	size    int64 // of a sample
	items   int64 // whole samples in the file
	bytes   int64 // length of the file
	have    int64 // stream index behind the last sample in the file, as far as the journal tells of it
	later   bool  // a later segment follows, so the end cannot move
	end     int64 // stream index behind the last sample that is kept
	crc     Checksum
	next    int64 // device index that belongs to end
	gap     *Gap  // what is lost behind end
	news    []Annotation
	added   []Capture // that no journal line tells of
	bad     []badRange
	partial int64 // stream index from which nothing can be checked, -1: none

	sealed    bool // the segment was sealed: it was whole, so its end stays
	extended  bool // more is kept than the valid journal lines tell of
	unvouched span // of that, what no checksum is known of
	metaGap   *Gap // what a sealed meta tells of loss behind the end

	captures    []Capture // sorted, before end
	annotations []Annotation
	files       map[string]FileSum
	listed      *FileSum // what run.json says of samples without a journal
}

// unchanged tells whether the stream stays as the journal has it.
func (s *streamRepair) unchanged() bool {
	return !s.extended && s.end == s.t.n && len(s.news) == 0 && len(s.added) == 0
}

// newStreamRepair looks at one stream: how much of it is there and right.
func (r *repairer) newStreamRepair(t *streamFold, fold *segmentFold) (*streamRepair, error) {
	segment := fold.number
	m := r.meta(t.name, segment)
	global, base, _ := t.identity(m) // the caller has looked
	s := &streamRepair{t: t, global: global, base: base, size: int64(global.Datatype.Size()), partial: -1, files: map[string]FileSum{}}
	s.bytes, _ = r.dataSize(base)
	s.items = s.bytes / s.size
	s.later = r.hasLater(t.name, segment)
	s.captures, s.annotations = cloneLists(t)
	_, listed := r.listedData(s, segment)
	s.sealed = listed || fold.seal != nil
	if m != nil && m.global.State == StateSealed {
		s.sealed, s.metaGap = true, m.global.GapAfter
	}
	if err := r.extend(s, m, segment); err != nil {
		return nil, fmt.Errorf("stream %s, segment %d: %w", t.name, segment, err)
	}
	s.addLost(m)
	sortLists(s.captures, s.annotations)
	r.bridgeHoles(s, segment)
	if err := r.checkData(s); err != nil {
		return nil, fmt.Errorf("stream %s, segment %d: %w", t.name, segment, err)
	}
	return s, nil
}

// bridgeHoles looks at what was lost with journal lines: captures that follow do not fit to the ones before. What is missing in between becomes a gap at
// the start of the hole, and the samples of the hole, whose places are not known, become unverified.
func (r *repairer) bridgeHoles(s *streamRepair, segment int) {
	for _, h := range s.t.holes {
		k, _ := slices.BinarySearchFunc(s.captures, h.To, func(c Capture, n int64) int { return compare(c.SampleStart, n) })
		// captures[k] is the first one behind the hole.
		if k == 0 || k == len(s.captures) {
			r.report.Unknown = append(r.report.Unknown, fmt.Sprintf(
				"%s segment %d: journal lines for samples %d to %d are lost; their places follow from the capture before", s.t.name, segment, h.From, h.To))
			continue
		}
		c, d := s.captures[k-1], s.captures[k]
		lost := d.GlobalIndex - c.GlobalIndex - (d.SampleStart - c.SampleStart) - d.Lost()
		if lost <= 0 {
			continue
		}
		at := max(h.From, c.SampleStart+1)
		gap := &Gap{Cause: CauseUnknown, Lost: lost, LostMin: lost, LostMax: lost, Exact: true}
		added := Capture{
			SampleStart: at, GlobalIndex: c.GlobalIndex + at - c.SampleStart + lost, Epoch: c.Epoch, Gap: gap, Scale: c.Scale, Offset: c.Offset, Range: c.Range,
			Datetime: c.Datetime + Timestamp(s.global.SampleInterval.NS(at-c.SampleStart+lost)),
		}
		s.captures = slices.Insert(s.captures, k, added)
		s.added = append(s.added, added)
		s.annotate(LabelUnverified, at, d.SampleStart)
		r.report.Unknown = append(r.report.Unknown, fmt.Sprintf(
			"%s segment %d: %d samples are lost somewhere between stream index %d and %d; the journal lines that told where are lost", s.t.name, segment, lost, h.From, h.To))
	}
}

func (s *streamRepair) annotate(label Label, from, to int64) {
	if to <= from {
		return
	}
	a := Annotation{SampleStart: from, SampleCount: to - from, Label: label, Generator: Generator}
	for _, b := range s.annotations {
		if b.Label == label && b.SampleStart <= from && b.End() >= to {
			return // known
		}
	}
	s.annotations = JoinAnnotation(s.annotations, a)
	s.news = append(s.news, a)
}

// checkData reads the samples, compares them with the journal, and decides where the stream ends.
func (r *repairer) checkData(s *streamRepair) error {
	t := s.t
	check := newCRCCheck(t.points, int(s.size))
	n := min(s.items, t.n-t.start)
	if err := readItems(r.ctx, r.fs, r.path(s.base+ExtData), int(s.size), t.start, n, check.visit); err != nil && (!missing(err) || n > 0) {
		return err
	}
	s.have = t.start + n
	check.end(s.have)
	s.bad = check.bad
	s.end, s.crc = s.have, check.crc
	if k := check.next - 1; s.have < t.n && k >= 0 && k < len(t.points) && t.points[k].N < s.have {
		s.partial = t.points[k].N // the file is short: what is behind the last point that it reaches cannot be checked
	}
	switch {
	case s.later:
		if k := len(t.points); s.have < t.n && k > 0 {
			s.crc = t.points[k-1].CRC
		}
		s.end = t.n
	case s.have == t.n && !s.sealed:
		s.dropBadEnd()
	}
	return nil
}

// hasLater tells whether a stream goes on in a later segment: then the stream indexes behind this one are taken.
func (r *repairer) hasLater(stream string, segment int) bool {
	for _, m := range r.metas {
		if m.global.Stream == stream && m.global.Segment > segment {
			return true
		}
	}
	for _, j := range r.journals {
		if j.fold == nil {
			continue
		}
		for n, s := range j.fold.segments {
			if n > segment && s.streams[stream] != nil {
				return true
			}
		}
	}
	return false
}

// dropBadEnd lets the stream end before ranges at its very end that are wrong.
func (s *streamRepair) dropBadEnd() {
	for k := len(s.bad) - 1; k >= 0; k-- {
		b := s.bad[k]
		if b.To != s.end || !b.Synced {
			return
		}
		p := s.t.points[b.Point-1]
		s.end, s.crc, s.bad = p.N, p.CRC, s.bad[:k]
	}
}

// cutTo lets the stream end at stream index n, somewhere before its end, and takes the checksum of what is left.
func (r *repairer) cutTo(s *streamRepair, n int64) error {
	if n >= s.end {
		return nil
	}
	check := newCRCCheck(s.t.points, int(s.size))
	if err := readItems(r.ctx, r.fs, r.path(s.base+ExtData), int(s.size), s.t.start, n-s.t.start, check.visit); err != nil && err != io.EOF {
		return err
	}
	check.end(n)
	s.end, s.crc = n, check.crc
	return nil
}

// conclude turns what was found into gaps and annotations, once the end is settled.
func (r *repairer) conclude(s *streamRepair, segment int) {
	t := s.t
	full := s.captures
	s.next = deviceIndexAt(full, s.end, t)
	if lost := deviceIndexAt(full, t.n, t) - s.next; s.end < t.n && !s.global.Mode.Block() {
		s.gap = gapBehind(full, s.end, t.n, lost, s)
		r.report.Lost = append(r.report.Lost, RepairLoss{t.name, segment, *s.gap})
	} else if s.end < t.n {
		r.report.Lost = append(r.report.Lost, RepairLoss{t.name, segment, Gap{Cause: CauseDisk, Lost: t.n - s.end, Exact: true}})
	}
	g := &Segment{Number: segment, Base: s.base, Global: s.global, Start: t.start, Samples: s.end - t.start, captures: full, annotations: s.annotations}
	for _, b := range s.bad {
		if b.Synced && b.From < s.end {
			r.reportDamage(s, g, DamageChecksum, b.From, min(b.To, s.end))
			s.annotate(LabelDamaged, b.From, min(b.To, s.end))
		}
	}
	if from, to := s.unvouched.From, min(s.unvouched.To, s.have, s.end); from < to {
		r.reportDamage(s, g, DamageUnverified, from, to)
		s.annotate(LabelUnverified, from, to)
	}
	if to := min(s.have, s.end); s.partial >= 0 && s.partial < to {
		r.reportDamage(s, g, DamageUnverified, s.partial, to)
		s.annotate(LabelUnverified, s.partial, to)
	}
	if s.have < s.end {
		r.reportDamage(s, g, DamageMissing, s.have, s.end)
		s.annotate(LabelDamaged, s.have, s.end)
	}
	s.captures = voidCaptures(s.captures, s.end)
	s.annotations = voidAnnotations(s.annotations, s.end)
	s.added = voidCaptures(s.added, s.end)
	s.news = voidAnnotations(s.news, s.end)
	sortLists(nil, s.annotations)
}

func (r *repairer) reportDamage(s *streamRepair, g *Segment, kind DamageKind, from, to int64) {
	for _, a := range s.annotations {
		if (a.Label == LabelDamaged || a.Label == LabelUnverified) && a.SampleStart <= from && a.End() >= to {
			return // known from a repair before
		}
	}
	d := Damage{Kind: kind, Stream: s.t.name, Segment: g.Number, File: g.DataFile(), From: from, To: to}
	d.DeviceFrom, d.Start = placeOf(g, from)
	d.DeviceTo, d.End = placeOf(g, to-1)
	d.DeviceTo++
	d.End += Timestamp(g.Global.SampleInterval.NS(1))
	r.report.Damaged = append(r.report.Damaged, d)
}

// deviceIndexAt returns the device index that follows the sample before stream index n, by the captures of the segment.
func deviceIndexAt(captures []Capture, n int64, t *streamFold) int64 {
	k, _ := slices.BinarySearchFunc(captures, n, func(c Capture, n int64) int { return compare(c.SampleStart, n) })
	if k == 0 {
		if t.firstNext >= 0 {
			return t.firstNext
		}
		if len(captures) > 0 {
			return captures[0].GlobalIndex - captures[0].Lost()
		}
		return t.start
	}
	c := captures[k-1]
	return c.GlobalIndex + n - c.SampleStart
}

// gapBehind is the gap of cause disk that is left of samples from stream index end to n, with the gaps in between.
func gapBehind(captures []Capture, end, n, lost int64, s *streamRepair) *Gap {
	g := &Gap{Cause: CauseDisk, Lost: lost, Exact: true}
	if len(captures) > 0 { // nothing of the file may be left
		if g.From = captures[0].Datetime; captures[0].Gap != nil {
			g.From = captures[0].Gap.From
		}
	}
	lo, hi := lost, lost
	for i, c := range captures {
		if c.SampleStart < end || c.SampleStart >= n || c.Gap == nil {
			if c.SampleStart < end {
				g.From = c.Datetime + Timestamp(s.global.SampleInterval.NS(end-c.SampleStart))
			}
			continue
		}
		a, b := captures[i].Gap.Bounds()
		lo, hi = lo-c.Gap.Lost+a, hi-c.Gap.Lost+b
		g.Exact = g.Exact && c.Gap.Exact
		g.Cause = MergeCauses(g.Cause, c.Gap.Cause)
	}
	if k := len(captures) - 1; k >= 0 {
		c := captures[k]
		g.To = c.Datetime + Timestamp(s.global.SampleInterval.NS(n-c.SampleStart))
	}
	g.LostMin, g.LostMax = lo, hi
	if g.Cause == CauseInferred {
		g.PositionMin, g.PositionMax = end, n
	}
	return g
}
