package series

import (
	"fmt"
	"sort"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/units"
)

// SpansIn returns the places of the spans that have samples in [from, to), device indexes.
func (s *Series) SpansIn(from, to int64) []int {
	var list []int
	for k := sort.Search(len(s.Spans), func(k int) bool { return s.Spans[k].End() > from }); k < len(s.Spans) && s.Spans[k].Device < to; k++ {
		if s.Spans[k].Samples > 0 {
			list = append(list, k)
		}
	}
	return list
}

// Rescaled tells in a sentence that the counts of some spans, by their places, stand for several values each, since the range or the scale was changed.
// It is empty where they do not, and for other quantities, which each span converts by its own scale.
func (s *Series) Rescaled(spans []int) string {
	if s.Quantity != convert.Counts || s.conv.Digital() {
		return ""
	}
	changes, first := 0, 0
	for i := 1; i < len(spans); i++ {
		a, b := &s.Spans[spans[i-1]], &s.Spans[spans[i]]
		if a.conv.SameCounts(a.Capture, b.conv, b.Capture) {
			continue
		}
		if changes++; changes == 1 {
			first = spans[i]
		}
	}
	if changes == 0 {
		return ""
	}
	at := "sample " + units.FormatCount(s.Spans[first].Device)
	if n := s.Spans[first].Capture.Waveform; n != nil {
		at = "waveform " + units.FormatCount(*n)
	}
	times := "once, at"
	if changes > 1 {
		times = fmt.Sprintf("%s times, first at", units.FormatCount(int64(changes)))
	}
	return fmt.Sprintf("the range changed %s %s: %s", times, at, rescaledText)
}

const rescaledText = "counts before and behind stand for other values; volts, or the channel's unit, have one scale"
