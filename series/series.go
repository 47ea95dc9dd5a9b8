package series

import (
	"math"
	"slices"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// Series is one stream, or one pin of a port, under one setting of its device. Its fields must not be changed; it is safe for concurrent use.
type Series struct {
	Stream   Choice
	Global   recording.Global // of its first segment here; of a pin that of its port
	Era      int              // counts the changes of the device's settings
	Interval recording.Fraction
	Quantity convert.Quantity
	Spans    []Span // in order
	conv     *convert.Converter
	behind   *recording.Gap // behind its last sample; nil: none
	last     int            // number of its last segment
	carried  estimates      // of the series before it
}

// Of makes the series of what was chosen, in its order: one each, and more where the settings of a device changed. Volts of a stream that has none
// are [convert.ErrNoVolts].
func Of(chosen []Choice, q convert.Quantity) ([]*Series, error) {
	changes := eras(chosen, q)
	var list []*Series
	for _, c := range chosen {
		of, err := seriesOf(c, changes[c.Global().Device], q)
		if err != nil {
			return nil, err
		}
		list = append(list, of...)
	}
	return list, nil
}

func seriesOf(stream Choice, changes []int, q convert.Quantity) ([]*Series, error) {
	eraOf := func(segment int) (era int) {
		for _, n := range changes {
			if n <= segment {
				era++
			}
		}
		return era
	}
	found := map[int]*Series{}
	for _, g := range stream.Segments() {
		era := eraOf(g.Number)
		if found[era] == nil {
			found[era] = &Series{Stream: stream, Global: g.Global, Era: era, Interval: g.Global.SampleInterval, Quantity: q}
		}
		if err := found[era].add(g); err != nil {
			return nil, err
		}
	}
	for _, m := range stream.Missing() {
		if s := found[eraOf(m.Segment)]; s != nil {
			s.lacks(m)
		}
	}
	var list []*Series
	for era := range len(changes) + 1 {
		s := found[era]
		if s == nil || len(s.Spans) == 0 {
			continue
		}
		if n := len(list); n > 0 {
			s.carried = list[n-1].allEstimates().at(list[n-1].Interval, s.Interval)
		}
		if err := s.conv.Has(q); q == convert.Volts && err != nil && !s.conv.Digital() {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// add takes over the captures of a segment.
func (s *Series) add(g *recording.Segment) error {
	conv, err := convert.New(&g.Global)
	if err != nil {
		return err
	}
	if s.conv == nil {
		s.conv = conv
	}
	captures := g.Captures()
	if gap := s.gapBefore(g); len(captures) > 0 && captures[0].Waveform == nil && gap != captures[0].Gap {
		captures = slices.Clone(captures)
		captures[0].Gap = gap
	}
	s.endsWith(g)
	for i := range captures {
		from, until := captures[i].SampleStart, g.End()+g.Missing
		if i+1 < len(captures) {
			until = min(until, captures[i+1].SampleStart)
		}
		if until > from {
			s.Spans = append(s.Spans, Span{
				Capture: &captures[i], Device: captures[i].GlobalIndex, Stream: from, Samples: max(0, min(g.End(), until)-from), Told: until - from,
				Start: captures[i].Datetime, conv: conv,
			})
		}
	}
	return nil
}

// gapBefore returns what is missing in front of the first sample of the next segment; loss behind the segment before comes on top.
func (s *Series) gapBefore(g *recording.Segment) *recording.Gap {
	own := g.NotKeptBefore()
	if captures := g.Captures(); own == nil && len(captures) > 0 {
		own = captures[0].Gap
	}
	switch {
	case s.behind == nil || g.Number != s.last+1: // else the gap in front of the segment holds it
		return own
	case own == nil:
		return s.behind
	}
	return new(s.behind.Merge(*own))
}

// endsWith takes over what is missing behind a segment. Behind one without samples it adds to what was missing before.
func (s *Series) endsWith(g *recording.Segment) {
	after := g.Global.GapAfter
	if len(g.Captures()) == 0 && s.behind != nil && g.Number == s.last+1 {
		if after == nil {
			after = s.behind
		} else {
			after = new(s.behind.Merge(*after))
		}
	}
	s.behind, s.last = after, g.Number
}

// lacks takes over what is missing beside the segments that are left.
func (s *Series) lacks(m recording.MissingRange) {
	if len(s.Spans) == 0 {
		return
	}
	if last := &s.Spans[len(s.Spans)-1]; m.From >= last.Stream {
		last.Told = max(last.Told, m.To-last.Stream)
		return
	}
	first := s.Spans[0]
	if m.To > first.Stream { // told by the segments
		return
	}
	capture := *first.Capture
	capture.Gap, capture.Waveform = nil, nil
	s.Spans = slices.Insert(s.Spans, 0, Span{
		Capture: &capture, Device: m.DeviceFrom, Stream: m.From, Told: min(m.To-m.From, first.Device-m.DeviceFrom),
		Start: first.Start - recording.Timestamp(s.Interval.NS(first.Device-m.DeviceFrom)), conv: first.conv,
	})
}

// Digital tells that the samples are all pins of a port: they are whole numbers in every quantity, and no values.
func (s *Series) Digital() bool { return s.conv.Digital() && !s.Pin() }

// Pin tells that it is one pin of a port: its values are levels, 0 and 1, in every quantity.
func (s *Series) Pin() bool { return s.Stream.IsPin() }

// Whole tells that all values are whole numbers.
func (s *Series) Whole() bool {
	return s.Global.Datatype != recording.Float32 && (s.Quantity == convert.Counts || s.conv.Digital())
}

// MayBlank tells that values can be other than finite numbers where no sample is missing: an equation, or a driver of floats, gives what it likes.
func (s *Series) MayBlank() bool {
	for _, g := range s.Stream.Segments() {
		if g.Global.Datatype == recording.Float32 || g.Global.Equation != "" && s.Quantity == convert.Unit {
			return true
		}
	}
	return false
}

// Unit names the unit of the values. Levels of a pin have none.
func (s *Series) Unit() string {
	if s.Pin() {
		return ""
	}
	return s.conv.Name(s.Quantity)
}

// Range returns the smallest and the largest value that the channel can measure; ok is false where that is not known.
func (s *Series) Range() (low, high float64, ok bool) {
	if s.Pin() {
		return 0, 1, true
	}
	return s.conv.Span(s.Quantity)
}

// Waveform returns how many samples each waveform has, 0 for what is no block mode.
func (s *Series) Waveform() int64 {
	if !s.Global.Mode.Block() {
		return 0
	}
	return s.Global.WaveformSamples
}

// Within returns the device indexes that lie between two places, cut to what was recorded; from is not below to where there are none. It is for
// streams only, waveforms are chosen by [Bound.Wave].
func (s *Series) Within(from, until Bound) (lo, hi int64) {
	if len(s.Spans) == 0 {
		return 0, 0
	}
	lo, hi = from.Sample(s, math.MinInt64), until.Sample(s, math.MaxInt64)
	return max(lo, s.Spans[0].Device), min(hi, s.Spans[len(s.Spans)-1].Until())
}

// TimeOf returns when the sample at a device index was taken, 0 where none was.
func (s *Series) TimeOf(device int64) recording.Timestamp {
	i := s.first(device)
	if i == len(s.Spans) || s.Spans[i].Device > device {
		return 0
	}
	return s.Spans[i].Start + recording.Timestamp(s.Interval.NS(device-s.Spans[i].Device))
}
