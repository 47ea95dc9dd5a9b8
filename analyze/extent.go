package analyze

import "github.com/scopelog/scopelog/recording"

// Extent is what a selection holds.
type Extent struct {
	Samples     int64               // of the first stream
	Longest     int64               // samples of the longest stretch or waveform, of the stream that has the shortest one
	First, Last recording.Timestamp // of the first sample, and behind the last one, of all streams
	Zero        recording.Timestamp // the moment that times of the first stream count from
}

// ExtentOf tells what is selected, without reading it. The errors are those of [Run] for what is selected.
func ExtentOf(r *recording.Recording, sel Selection) (Extent, error) {
	list, err := sources(r, &sel)
	if err != nil {
		return Extent{}, err
	}
	e := Extent{Zero: timeOfIndex0(list[0])}
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
