package plot

import (
	"fmt"
	"math/big"
	"slices"
	"sort"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// span is one capture of a stream, or what a figure shows of it: samples that follow each other in time.
type span struct {
	segment *recording.Segment
	capture *recording.Capture
	dt      float64        // seconds per sample
	from    int64          // device index of the first sample
	to      int64          // and behind the last one
	told    int64          // device index behind the last one that was recorded: more where files have lost some
	gap     *recording.Gap // before it
	cutFrom bool           // the capture has samples before and behind that are not shown
	cutTo   bool
}

// stream returns the stream index of a device index of the span.
func (s *span) stream(device int64) int64 {
	return s.capture.SampleStart + device - s.capture.GlobalIndex
}

// x returns when the sample at a device index was taken, in seconds since zero.
func (s *span) x(device int64, zero recording.Timestamp) float64 {
	return float64(s.capture.Datetime-zero)/1e9 + float64(device-s.capture.GlobalIndex)*s.dt
}

// track is a stream in time, or pins of one.
type track struct {
	source *recording.Stream
	pins   []series.Choice  // of the port that are shown; nil: the stream is shown
	global recording.Global // of its first span
	all    []span           // of the whole stream
	spans  []span           // those that are shown, cut
	labels *series.Labels   // of pins, where all of the port are shown
	behind *recording.Gap   // behind the last one of all; nil: none
	last   int              // number of its last segment
	part   bool             // it is not all of the stream
}

// newTrack lays a stream out in time and cuts it to the moments from up to until; 0 is no limit.
func newTrack(s *recording.Stream, from, until recording.Timestamp) *track {
	t := &track{source: s, global: s.Global()}
	for _, g := range s.Segments() {
		t.add(g)
	}
	for _, m := range s.Missing() {
		t.lacks(m)
	}
	for _, one := range t.all {
		if one.cut(from, until); one.from < one.to {
			t.spans = append(t.spans, one)
		}
	}
	if len(t.spans) > 0 {
		t.global = t.spans[0].segment.Global
	}
	return t
}

func (t *track) add(g *recording.Segment) {
	captures := g.Captures()
	dt, _ := g.Global.SampleInterval.Rat().Float64()
	for i := range captures {
		c := &captures[i]
		end := g.End() + g.Missing
		if i+1 < len(captures) {
			end = min(end, captures[i+1].SampleStart)
		}
		if end <= c.SampleStart {
			continue
		}
		s := span{segment: g, capture: c, dt: dt, from: c.GlobalIndex, told: c.GlobalIndex + end - c.SampleStart, gap: c.Gap}
		s.to = s.from + max(0, min(end, g.End())-c.SampleStart)
		if i == 0 && c.Waveform == nil {
			s.gap = t.gapBefore(g, c)
		}
		t.all = append(t.all, s)
	}
	t.endsWith(g)
}

// endsWith takes over what is missing behind a segment. Behind one without samples it adds to what was missing before, as series has it.
func (t *track) endsWith(g *recording.Segment) {
	after := g.Global.GapAfter
	if len(g.Captures()) == 0 && t.behind != nil && g.Number == t.last+1 {
		if after == nil {
			after = t.behind
		} else {
			after = new(t.behind.Merge(*after))
		}
	}
	t.behind, t.last = after, g.Number
}

// gapBefore returns what is missing in front of the first capture of the next segment: loss behind the segment before comes on top.
func (t *track) gapBefore(g *recording.Segment, c *recording.Capture) *recording.Gap {
	own := c.Gap
	if removed := g.NotKeptBefore(); removed != nil {
		own = removed
	}
	switch {
	case t.behind == nil || g.Number != t.last+1: // else the gap in front of the segment holds it
		return own
	case own == nil:
		return t.behind
	}
	return new(t.behind.Merge(*own))
}

// apart splits a track where the unit of its values changes, so that each has a panel with an axis of its own. What shows nothing is left out.
func (t *track) apart(q convert.Quantity) []*track {
	var list []*track
	for i := range t.all {
		if g := &t.all[i].segment.Global; i == 0 || q == convert.Unit && g.Unit != t.all[i-1].segment.Global.Unit {
			list = append(list, &track{source: t.source, pins: t.pins, labels: t.labels, global: *g})
		}
		one := list[len(list)-1]
		one.all = append(one.all, t.all[i])
		one.part = len(list) > 1
	}
	if len(list) > 1 {
		list[0].part = true
	}
	shown := list[:0]
	for i, one := range list {
		if i == len(list)-1 {
			one.behind = t.behind
		}
		for _, s := range t.spans {
			if first, last := one.all[0].capture, one.all[len(one.all)-1].capture; s.capture.SampleStart >= first.SampleStart && s.capture.SampleStart <= last.SampleStart {
				one.spans = append(one.spans, s)
			}
		}
		if len(one.spans) > 0 {
			one.global = one.spans[0].segment.Global
			shown = append(shown, one)
		}
	}
	return shown
}

// oneUnit refuses a track whose values have several units, for pictures with one axis.
func (t *track) oneUnit(q convert.Quantity) error {
	for i := range t.spans {
		if u, was := t.spans[i].segment.Global.Unit, t.spans[0].segment.Global.Unit; q == convert.Unit && u != was {
			return &KindError{t.source.Name(), fmt.Sprintf("has values in %s and in %s, since its unit was changed; choose those of one with --from and --until, or --volts", was, u)}
		}
	}
	return nil
}

// holds tells that the track has samples of an annotation.
func (t *track) holds(a recording.Annotation) bool {
	first, last := t.all[0].capture, &t.all[len(t.all)-1]
	return a.End() > first.SampleStart && a.SampleStart < last.capture.SampleStart+last.told-last.from
}

// lacks takes over what is missing beside the segments that are left: before the first one, or behind the last one.
func (t *track) lacks(m recording.MissingRange) {
	if len(t.all) == 0 {
		return
	}
	last := &t.all[len(t.all)-1]
	if m.From >= last.capture.SampleStart {
		last.told = max(last.told, last.capture.GlobalIndex+m.To-last.capture.SampleStart)
		return
	}
	first := t.all[0]
	if m.To > first.capture.SampleStart { // told by the segments
		return
	}
	capture := *first.capture
	lost := first.capture.GlobalIndex - m.DeviceFrom
	capture.GlobalIndex, capture.SampleStart = m.DeviceFrom, m.From
	capture.Datetime -= recording.Timestamp(first.segment.Global.SampleInterval.NS(lost))
	capture.Gap, capture.Waveform = nil, nil
	none := span{segment: first.segment, capture: &capture, dt: first.dt, from: m.DeviceFrom, to: m.DeviceFrom, told: m.DeviceFrom + min(m.To-m.From, lost)}
	t.all = slices.Insert(t.all, 0, none)
}

// cut leaves the samples taken at from or later, and before until.
func (s *span) cut(from, until recording.Timestamp) {
	c, interval := s.capture, s.segment.Global.SampleInterval
	if from > c.Datetime {
		if n := samplesUntil(interval, c.Datetime, from); n > 0 {
			s.from, s.cutFrom = min(s.to, c.GlobalIndex+n), true
		}
	}
	if until != 0 && until <= c.Datetime+recording.Timestamp(interval.NS(s.to-c.GlobalIndex)) {
		if n := samplesUntil(interval, c.Datetime, until); c.GlobalIndex+n < s.to {
			s.to, s.cutTo = max(s.from, c.GlobalIndex+n), true
		}
	}
}

// samplesUntil returns how many samples begin from one moment up to another.
func samplesUntil(interval recording.Fraction, from, to recording.Timestamp) int64 {
	if to <= from {
		return 0
	}
	r := big.NewRat(int64(to-from), 1e9)
	r.Quo(r, interval.Rat())
	n, rest := new(big.Int).QuoRem(r.Num(), r.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		n.Add(n, big.NewInt(1))
	}
	if !n.IsInt64() {
		return 1 << 62
	}
	return n.Int64()
}

// moment returns the time of a stream index, which may be that behind the last sample, in seconds since zero.
func (t *track) moment(streamIndex int64, zero recording.Timestamp) (x float64, ok bool) {
	k := sort.Search(len(t.all), func(k int) bool { return t.all[k].capture.SampleStart > streamIndex }) - 1
	if k < 0 {
		return 0, false
	}
	s := &t.all[k]
	return s.x(min(s.capture.GlobalIndex+streamIndex-s.capture.SampleStart, s.told), zero), true
}

// part is samples of one segment that become values in the same way: one reading of its overview.
type part struct {
	spans []span
	from  int64 // device indexes for the overview: beyond the spans where nothing else of the segment is
	to    int64
	block bool
}

func (p *part) first() int64 { return p.spans[0].from }
func (p *part) end() int64   { return p.spans[len(p.spans)-1].to }

// parts splits what is shown. A waveform is a part of its own.
func (t *track) parts() []part {
	var list []part
	for _, s := range t.spans {
		block := s.segment.Global.Mode.Block()
		if n := len(list); n > 0 && !block {
			last := &list[n-1].spans[len(list[n-1].spans)-1]
			if last.segment == s.segment && sameScale(last.capture, s.capture) {
				list[n-1].spans = append(list[n-1].spans, s)
				continue
			}
		}
		list = append(list, part{spans: []span{s}, block: block})
	}
	for i := range list {
		p := &list[i]
		captures := p.spans[0].segment.Captures()
		p.from, p.to = p.first(), p.end()
		if s := &p.spans[0]; !s.cutFrom && s.capture == &captures[0] {
			p.from = 0
		}
		if s := &p.spans[len(p.spans)-1]; !s.cutTo && s.capture == &captures[len(captures)-1] {
			p.to = recording.MaxRawIndex
		}
	}
	return list
}

func sameScale(a, b *recording.Capture) bool {
	same := func(p, q *float64) bool { return p == q || p != nil && q != nil && *p == *q }
	return same(a.Scale, b.Scale) && same(a.Offset, b.Offset)
}
