package series

import (
	"sort"

	"github.com/scopelog/scopelog/recording"
)

// Stretch is a range of device indexes without loss inside.
type Stretch struct {
	From, To int64
	Gap      *recording.Gap // before it; nil: none, or not known
}

// Samples counts the samples of the stretch.
func (s Stretch) Samples() int64 { return s.To - s.From }

// Stretches returns the stretches inside [from, to). Captures that follow each other without a gap are one.
func (s *Series) Stretches(from, to int64) []Stretch {
	var list []Stretch
	for i := s.first(from); i < len(s.Spans) && s.Spans[i].Device < to; i++ {
		p := &s.Spans[i]
		lo, hi := max(p.Device, from), min(p.End(), to)
		if lo >= hi {
			continue
		}
		if n := len(list); n > 0 && list[n-1].To == lo && p.Capture.Gap == nil {
			list[n-1].To = hi
			continue
		}
		list = append(list, Stretch{lo, hi, p.Capture.Gap})
	}
	return list
}

// Complete tells that no sample of [from, to) is missing.
func (s *Series) Complete(from, to int64) bool {
	list := s.Stretches(from, to)
	return len(list) == 1 && list[0].From == from && list[0].To == to
}

// Holes returns what files have lost of the samples inside [from, to), as stretches.
func (s *Series) Holes(from, to int64) []Stretch {
	var list []Stretch
	for i := s.first(from); i < len(s.Spans) && s.Spans[i].Device < to; i++ {
		p := &s.Spans[i]
		lo, hi := max(p.End(), from), min(p.Until(), to)
		if lo >= hi {
			continue
		}
		if n := len(list); n > 0 && list[n-1].To == lo {
			list[n-1].To = hi
			continue
		}
		list = append(list, Stretch{From: lo, To: hi})
	}
	return list
}

// first returns the place of the first span that reaches behind a device index: there may be very many, and each file or piece of a long job asks.
func (s *Series) first(device int64) int {
	return sort.Search(len(s.Spans), func(i int) bool { return s.Spans[i].Until() > device })
}
