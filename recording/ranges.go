package recording

import "sort"

// Range is a stretch of samples that follow each other in device time without loss.
type Range struct {
	From, To    int64 // device indexes [From, To)
	StreamIndex int64 // of the sample at From
	Epoch       int
	Gap         *Gap // loss just before it, nil if there is none
}

// Ranges returns the stretches without loss inside [from, to), in order and cut to it. A change of scale and the border of a segment do not
// end a range; a gap does, also one that may be of length 0, and in block modes each waveform is one.
func (s *Stream) Ranges(from, to int64) []Range {
	var list []Range
	k := sort.Search(len(s.latest), func(k int) bool { return s.latest[k].deviceEnd() > from })
	for ; k < len(s.latest) && s.latest[k].capture.GlobalIndex < to; k++ {
		p := s.latest[k]
		r := Range{From: p.capture.GlobalIndex, To: min(p.deviceEnd(), to), StreamIndex: p.capture.SampleStart, Epoch: p.capture.Epoch, Gap: p.gap}
		if r.From < from {
			r.StreamIndex += from - r.From
			r.From, r.Gap = from, nil
		}
		if n := len(list); n > 0 && s.joins(k) && list[n-1].To == r.From {
			list[n-1].To = r.To
			continue
		}
		if r.From < r.To {
			list = append(list, r)
		}
	}
	return list
}

// joins tells whether piece k goes on where the one before ended.
func (s *Stream) joins(k int) bool {
	a, b := s.latest[k-1], s.latest[k]
	return b.gap == nil && a.deviceEnd() == b.capture.GlobalIndex && a.end == b.capture.SampleStart && b.capture.Waveform == nil
}

// DeviceRange returns the device indexes from the first sample that is there to behind the last one. Both are 0 for an empty stream.
func (s *Stream) DeviceRange() (from, to int64) {
	if len(s.latest) == 0 {
		return 0, 0
	}
	return s.latest[0].capture.GlobalIndex, s.latest[len(s.latest)-1].deviceEnd()
}

// Contiguous returns nil when all samples of device indexes [from, to) are there and follow each other without loss. The error is a
// [*GapError] with the first break, or a [*RangeError] when the range begins before or ends behind what there is.
func (s *Stream) Contiguous(from, to int64) error {
	_, err := s.contiguous(from, to)
	return err
}

func (s *Stream) contiguous(from, to int64) (Range, error) {
	have, end := s.DeviceRange()
	if from > to || from < have || to > end {
		return Range{}, &RangeError{s.name, from, to, have, end}
	}
	list := s.Ranges(from, to)
	if len(list) == 1 && list[0].From == from && list[0].To == to {
		return list[0], nil
	}
	if from == to {
		i, _ := s.StreamIndex(from)
		return Range{From: from, To: to, StreamIndex: i}, nil
	}
	e := &GapError{Stream: s.name, From: from, To: to, DeviceIndex: from}
	if len(list) > 0 && list[0].From == from {
		e.DeviceIndex = list[0].To
	}
	// The break is in front of the first piece that begins behind it.
	k := sort.Search(len(s.latest), func(k int) bool { return s.latest[k].capture.GlobalIndex >= max(e.DeviceIndex, from+1) })
	if k < len(s.latest) {
		e.StreamIndex, e.Gap = s.latest[k].capture.SampleStart, s.latest[k].gap
		if e.Gap == nil && s.latest[k].capture.GlobalIndex > e.DeviceIndex {
			e.Gap = &Gap{Cause: CauseUnknown, Lost: s.latest[k].capture.GlobalIndex - e.DeviceIndex, Exact: true}
		}
	}
	return Range{}, e
}

// StreamIndex returns the stream index of the sample with a device index. When that sample is lost ok is false and the index is that of
// the first sample behind it.
func (s *Stream) StreamIndex(deviceIndex int64) (streamIndex int64, ok bool) {
	k := sort.Search(len(s.latest), func(k int) bool { return s.latest[k].deviceEnd() > deviceIndex })
	if k == len(s.latest) {
		return s.End(), false
	}
	p := s.latest[k]
	return p.capture.SampleStart + max(0, deviceIndex-p.capture.GlobalIndex), deviceIndex >= p.capture.GlobalIndex
}
