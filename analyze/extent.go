package analyze

import "github.com/scopelog/scopelog/recording"

// Extent is what a selection holds.
type Extent struct {
	Samples     int64               // of the first stream
	Longest     int64               // samples of the longest stretch or waveform, of the stream that has the shortest one
	First, Last recording.Timestamp // of the first sample, and behind the last one, of all streams
	Zero        recording.Timestamp // the moment that times of the first stream count from
	Waveforms   bool                // the first stream is of a block mode
}

// The lengths of segments that [Extent.Segment] chooses.
const (
	leastSegment = 64
	mostSegment  = 65536
)

// Segment returns the length of a segment that divides what is selected of the first stream into so many parts: a power of two that fits into the longest
// stretch of all streams, or a whole waveform where there are as many. Of stretches that are shorter than 64 samples it is the longest.
func (e *Extent) Segment(parts int64) int {
	length := min(leastSegment, e.Longest)
	for length > 0 && length < mostSegment && length*2*parts <= e.Samples && length*2 <= e.Longest {
		length *= 2
	}
	if e.Waveforms && e.Longest <= mostSegment && e.Longest*parts <= e.Samples {
		length = e.Longest
	}
	return int(length)
}

// ExtentOf tells what is selected, without reading it. The errors are those of [Run] for what is selected.
func ExtentOf(r *recording.Recording, sel Selection) (Extent, error) {
	list, err := sources(r, &sel)
	if err != nil {
		return Extent{}, err
	}
	e := Extent{Zero: timeOfIndex0(list[0]), Waveforms: list[0].Waveform() > 0}
	for i, src := range list {
		if n := src.longestNow(); i == 0 || n < e.Longest {
			e.Longest = n
		}
		for _, p := range src.pieces() {
			if i == 0 {
				e.Samples += p.samples
			}
			first, last := src.utc(p, 0), src.utc(p, p.samples-1)+recording.Timestamp(src.Interval.NS(1))
			if e.First == 0 || first < e.First {
				e.First = first
			}
			e.Last = max(e.Last, last)
		}
	}
	return e, nil
}
