package recording

import (
	"fmt"
	"math"
)

// MaxRawIndex bounds the raw device indexes of samples: the index behind the last one, times the ratio of its stream, is not above it, so that
// it and the end of its overview bin are exact in an int64. At 10 GS/s it is reached after 29 years.
const MaxRawIndex = math.MaxInt64 - OverviewBin

// Gap tells of samples that are missing between the last sample of a stream and the next one that will be appended; g.Lost is by how much the
// device index jumps there. Gaps told before the next Append become one. An exact gap of no samples is nothing; an estimated one is kept, as
// its bounds may reach further. One that reaches beyond [MaxRawIndex] is [ErrIndexRange].
func (d *DeviceWriter) Gap(stream int, g Gap) error {
	s, err := d.stream(stream)
	if err != nil {
		return err
	}
	if err := d.checkGap(s, g); err != nil {
		return err
	}
	if g.Exact && g.Lost == 0 {
		return nil
	}
	if s.gap != nil {
		g = s.gap.Merge(g)
	}
	s.gap = &g
	return nil
}

func (d *DeviceWriter) checkGap(s *streamWriter, g Gap) error {
	lo, hi := g.Bounds()
	switch {
	case d.info.Mode.Block():
		return fmt.Errorf("stream %s: enter gap: block modes have none", s.name)
	case !g.Cause.Valid():
		return fmt.Errorf("stream %s: enter gap: cause %d is not known", s.name, g.Cause)
	case g.Lost < 0 || lo < 0 || lo > g.Lost || hi < g.Lost:
		return fmt.Errorf("stream %s: enter gap: %d lost is not within %d to %d", s.name, g.Lost, lo, hi)
	}
	limit := MaxRawIndex/s.ratio - s.next
	if s.gap != nil {
		limit -= s.gap.Lost
		_, before := s.gap.Bounds()
		hi = min(hi, math.MaxInt64-before) + before
	}
	if g.Lost > limit || hi > MaxRawIndex/s.ratio {
		return fmt.Errorf("stream %s: enter gap: %d lost, at most %d: %w", s.name, g.Lost, hi, ErrIndexRange)
	}
	return nil
}

// GapAt enters a gap in front of samples that were written already, at stream index start: one that was inferred later. Samples behind it keep
// their bytes and get higher device indexes, and so do those to come: [DeviceWriter.Next] jumps by g.Lost. The place never reaches back over
// the beginning of the open capture, where the gap joins one that is there. t is the time of the first sample behind the gap.
func (d *DeviceWriter) GapAt(stream int, start int64, g Gap, t Stamp) error {
	s, err := d.stream(stream)
	if err != nil {
		return err
	}
	if err := d.checkGap(s, g); err != nil {
		return err
	}
	f := s.file
	if start >= s.n || f == nil || f.done || f.seg.closed || f.n == f.start {
		return d.Gap(stream, g)
	}
	old := f.last
	c := Capture{
		SampleStart: start, GlobalIndex: old.GlobalIndex + (start - old.SampleStart) + g.Lost, Datetime: Timestamp(t.UTCNS), MonoNS: t.MonoNS,
		Epoch: f.seg.epoch, Scale: old.Scale, Offset: old.Offset, Range: old.Range, Gap: &g,
	}
	if start <= old.SampleStart {
		c = old
		c.GlobalIndex += g.Lost
		if old.Gap != nil {
			s.uncount(*old.Gap)
			g = old.Gap.Merge(g)
		}
		c.Gap = &g
	}
	s.count(g)
	if k := len(f.caps) - 1; k >= 0 && f.caps[k].SampleStart == c.SampleStart {
		f.caps[k] = c
	} else {
		f.caps = append(f.caps, c)
	}
	f.next += c.GlobalIndex - old.GlobalIndex - (c.SampleStart - old.SampleStart)
	s.next, f.last = f.next, c
	f.whole.next = f.next
	f.ov.stale = true
	if f.next >= f.seg.cutOf(s.ratio) {
		f.done = true
	}
	return nil
}

func (s *streamWriter) uncount(g Gap) {
	if !g.Cause.Loss() {
		return
	}
	lo, hi := g.Bounds()
	s.totals.Lost -= g.Lost
	s.totals.LostMin -= lo
	s.totals.LostMax -= hi
	s.totals.Gaps--
}

// Annotate marks a range of a stream, given in stream indexes. It may reach over samples of segments that no checkpoint has told of as complete, and
// over samples still to come: it is split at the end of a file, and what lies ahead is kept until the samples are there. What lies in
// segments that are complete is left out.
func (d *DeviceWriter) Annotate(stream int, a Annotation) {
	s, err := d.stream(stream)
	if err != nil || a.SampleCount <= 0 || a.SampleStart < 0 {
		return
	}
	if a.Generator == "" {
		a.Generator = Generator
	}
	a.Comment = clip(a.Comment, 4<<10)
	if end := a.End(); end > s.n {
		ahead := a
		ahead.SampleStart = max(a.SampleStart, s.n)
		ahead.SampleCount = end - ahead.SampleStart
		s.later = JoinAnnotation(s.later, ahead)
	}
	d.annotateFiles(s, a)
}

func (d *DeviceWriter) annotateFiles(s *streamWriter, a Annotation) {
	for _, seg := range d.segs {
		f := seg.file(s.index)
		if f == nil || f.stream != s {
			continue
		}
		piece := a
		piece.SampleStart = max(a.SampleStart, f.start)
		piece.SampleCount = min(a.End(), f.n) - piece.SampleStart
		if piece.SampleCount > 0 {
			f.anns = JoinAnnotation(f.anns, piece)
		}
	}
}

// annotateLater places annotations whose samples have come.
func (d *DeviceWriter) annotateLater(s *streamWriter) {
	kept := s.later[:0]
	for _, a := range s.later {
		if a.SampleStart < s.n {
			d.annotateFiles(s, a)
			rest := a.End() - s.n
			a.SampleStart, a.SampleCount = s.n, rest
		}
		if a.SampleCount > 0 {
			kept = append(kept, a)
		}
	}
	s.later = kept
}
