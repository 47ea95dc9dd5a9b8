package series

import (
	"math"
	"slices"
	"sort"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// Bins calls visit for bins of a level of the overview, or of the coarsest below that a segment has, in order: those inside of [from, to) of which no sample is missing, with their smallest and
// largest value. It leaves out what the overview does not know for certain: segments that are not sealed, bins over the borders of captures and
// segments, samples that are damaged or unverified, and all of a stream whose values an equation gives; of a pin those in which it may change. An error of visit ends it and is returned. Bins that cannot be read are left out.
func (s *Series) Bins(level int, from, to int64, visit func(from, to int64, low, high float64) error) error {
	if s.Global.Equation != "" && s.Quantity == convert.Unit || s.Digital() {
		return nil
	}
	for _, g := range s.Stream.Segments() {
		if g.Global.State != recording.StateSealed || settingsOf(&g.Global, s.Quantity) != settingsOf(&s.Global, s.Quantity) {
			continue
		}
		if err := s.segmentBins(g, level, from, to, visit); err != nil {
			return err
		}
	}
	return nil
}

func (s *Series) segmentBins(g *recording.Segment, level int, from, to int64, visit func(from, to int64, low, high float64) error) error {
	captures := g.Captures()
	if len(captures) == 0 {
		return nil
	}
	last := captures[len(captures)-1]
	lo, hi := max(from, captures[0].GlobalIndex), min(to, last.GlobalIndex+g.End()-last.SampleStart)
	var o *recording.OverviewReader
	for ; o == nil && level >= 0; level-- { // short segments have the fine ones only
		o, _ = s.Stream.OpenOverview(g, level) // it is derived: without it the samples are read
	}
	if o == nil {
		return nil
	}
	defer o.Close()
	size := recording.OverviewBinSize(level + 1)
	first, end := (lo+size-1)/size, hi/size
	if first >= end {
		return nil
	}
	var failed error
	doubted := doubtedOf(g)
	raw, values := make([]byte, 0, 16), make([]float64, 2)
	_ = o.Each(first, end, func(r recording.OverviewRow) {
		if failed != nil || r.N != size || math.IsNaN(r.Min) {
			return
		}
		p := s.spanOf(r.Bin*size, (r.Bin+1)*size)
		if p == nil || overlapping(doubted, p.Stream+r.Bin*size-p.Device, size) {
			return
		}
		raw = appendStored(raw[:0], s.Global.Datatype, r)
		if s.Pin() {
			level, ok := s.Stream.Pin.levelIn(raw[0], raw[1])
			if !ok {
				return
			}
			values[0], values[1] = level, level
		} else {
			p.conv.Convert(values, raw, s.Quantity, p.Capture)
		}
		failed = visit(r.Bin*size, (r.Bin+1)*size, min(values[0], values[1]), max(values[0], values[1]))
	})
	return failed
}

// doubtedOf lists what is annotated as damaged or unverified of a segment: reading it is refused.
func doubtedOf(g *recording.Segment) []recording.Annotation {
	var list []recording.Annotation
	for _, a := range g.Annotations() {
		if a.Label == recording.LabelDamaged || a.Label == recording.LabelUnverified {
			list = append(list, a)
		}
	}
	return list
}

// overlapping tells whether an annotation speaks of samples from a stream index on.
func overlapping(list []recording.Annotation, streamIndex, samples int64) bool {
	return slices.ContainsFunc(list, func(a recording.Annotation) bool { return a.SampleStart < streamIndex+samples && a.End() > streamIndex })
}

// appendStored writes the extremes of a bin as two samples.
func appendStored(dst []byte, t recording.Datatype, r recording.OverviewRow) []byte {
	row := recording.AppendOverviewRow(nil, t, r)
	return append(dst, row[8:8+2*t.Size()]...)
}

// spanOf returns the span that holds all of a range of device indexes, nil if there is none.
func (s *Series) spanOf(from, to int64) *Span {
	i := sort.Search(len(s.Spans), func(i int) bool { return s.Spans[i].End() > from })
	if i == len(s.Spans) || s.Spans[i].Device > from || s.Spans[i].End() < to {
		return nil
	}
	return &s.Spans[i]
}
