package analyze

import (
	"math"

	"github.com/scopelog/scopelog/analysis/spectrum"
)

// coarse makes a spectrogram of bounded size: each value is the largest one of a slot of time and a group of frequencies.
type coarse struct {
	start, width float64 // of the slots, in seconds; a width of 0: each segment has one of its own
	group        int     // how many frequencies share a value
	last         float64 // the slot of the last segment
}

// newCoarse makes it for a source of so many segments, with so many frequencies each.
func newCoarse(o *Spectrogram, src *source, segments int64, frequencies int) *coarse {
	c := &coarse{group: 1, last: math.Inf(-1)}
	if o.MostFrequencies > 0 {
		c.group = (frequencies + o.MostFrequencies - 1) / o.MostFrequencies
	}
	if pieces := src.pieces(); o.MostTimes > 0 && segments > int64(o.MostTimes) {
		last := pieces[len(pieces)-1]
		c.start = src.time(pieces[0], 0)
		c.width = (src.time(last, float64(last.samples)) - c.start) / float64(o.MostTimes)
	}
	return c
}

// add takes in the spectrum of a segment around a moment.
func (c *coarse) add(h *Heat, at float64, s spectrum.Column) {
	if h.Freqs == nil {
		for k := 0; k < len(s.Values); k += c.group {
			end := min(k+c.group, len(s.Values)) - 1
			h.Freqs = append(h.Freqs, float64(k+end)/2*s.Step)
		}
	}
	slot := c.last + 1
	if c.width > 0 {
		slot = math.Floor((at - c.start) / c.width)
		at = c.start + (slot+0.5)*c.width
	}
	if c.width == 0 || slot != c.last {
		h.Times = append(h.Times, at)
		for range h.Freqs {
			h.Power = append(h.Power, math.Inf(-1))
		}
		c.last = slot
	}
	row := h.Power[len(h.Power)-len(h.Freqs):]
	for k, v := range s.Values {
		if to := &row[k/c.group]; !(*to >= v) {
			*to = v
		}
	}
}
