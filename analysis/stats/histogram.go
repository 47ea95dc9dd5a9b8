package stats

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/internal/destination"
)

// MaxBins is the largest number of bins of a histogram.
const MaxBins = 1 << 24

// Histogram counts samples in bins of equal width between two values. Each bin has its lower edge, the last one both
// (numpy.histogram(x, bins, range), to the sample).
type Histogram struct {
	lo, hi       float64
	edges        []float64
	counts       []int64
	scale        float64 // bins per unit, or 0 where that is no number
	below, above int64
	nan          int64
	min, max     float64
}

// NewHistogram returns a histogram of bins from lo to hi. Where these are equal, it reaches from 0.5 below to 0.5 above, as NumPy's.
func NewHistogram(bins int, lo, hi float64) (*Histogram, error) {
	if bins < 1 || bins > MaxBins {
		return nil, fmt.Errorf("a histogram of %d bins; there can be 1 to %d", bins, MaxBins)
	}
	if !(lo <= hi) || math.IsInf(hi-lo, 0) {
		return nil, fmt.Errorf("a histogram from %v to %v; the first must be the smaller one, and both finite", lo, hi)
	}
	if lo == hi {
		lo, hi = lo-0.5, hi+0.5
	}
	h := &Histogram{lo: lo, hi: hi, edges: make([]float64, bins+1), counts: make([]int64, bins)}
	step := (hi - lo) / float64(bins)
	for i := range h.edges {
		// The conversion keeps the product from being fused with the sum, which would round otherwise than NumPy.
		h.edges[i] = float64(float64(i)*step) + lo
	}
	h.edges[bins] = hi
	if s := float64(bins) / (hi - lo); !math.IsInf(s, 0) {
		h.scale = s
	}
	if !(h.edges[1] > lo && h.edges[bins-1] < hi) {
		return nil, fmt.Errorf("%d bins from %v to %v are narrower than numbers can be told apart; take fewer", bins, lo, hi)
	}
	h.Reset()
	return h, nil
}

// Empty returns a histogram of the same bins that has seen nothing.
func (h *Histogram) Empty() *Histogram {
	e := &Histogram{lo: h.lo, hi: h.hi, edges: h.edges, counts: make([]int64, len(h.counts)), scale: h.scale}
	e.Reset()
	return e
}

// Reset sets all counts to 0.
func (h *Histogram) Reset() {
	clear(h.counts)
	h.below, h.above, h.nan = 0, 0, 0
	h.min, h.max = math.Inf(1), math.Inf(-1)
}

// Add counts samples. It does not keep x and allocates nothing.
func (h *Histogram) Add(x []float64) {
	last := len(h.counts) - 1
	for _, v := range x {
		if v < h.min {
			h.min = v
		}
		if v > h.max {
			h.max = v
		}
		switch {
		case v < h.lo:
			h.below++
			continue
		case v > h.hi:
			h.above++
			continue
		case v != v:
			h.nan++
			continue
		}
		i := min(int((v-h.lo)*h.scale), last)
		// The product may be off by one bin where v lies near an edge.
		for i > 0 && v < h.edges[i] {
			i--
		}
		for i < last && v >= h.edges[i+1] {
			i++
		}
		h.counts[i]++
	}
}

// Merge adds the counts of another histogram. It is an error when that has other bins.
func (h *Histogram) Merge(o *Histogram) error {
	if len(h.counts) != len(o.counts) || h.lo != o.lo || h.hi != o.hi {
		return fmt.Errorf("merge histograms: %d bins from %v to %v and %d from %v to %v", len(h.counts), h.lo, h.hi, len(o.counts), o.lo, o.hi)
	}
	for i, c := range o.counts {
		h.counts[i] += c
	}
	h.below, h.above, h.nan = h.below+o.below, h.above+o.above, h.nan+o.nan
	h.min, h.max = min(h.min, o.min), max(h.max, o.max)
	return nil
}

// Counts copies the count of each bin to dst and returns it: nil allocates, a wrong length panics.
func (h *Histogram) Counts(dst []int64) []int64 { return copied(dst, h.counts) }

// Edges copies the edges, one more than there are bins, to dst and returns it: nil allocates, a wrong length panics. They are
// those of numpy.linspace(lo, hi, bins+1).
func (h *Histogram) Edges(dst []float64) []float64 { return copied(dst, h.edges) }

// Beyond is how many samples lie below the first and above the last bin.
func (h *Histogram) Beyond() (below, above int64) { return h.below, h.above }

// NaN is the number of samples that are NaN.
func (h *Histogram) NaN() int64 { return h.nan }

// N is the number of samples that are not NaN.
func (h *Histogram) N() int64 { t := h.tally(); return t.n() }

// Percentile is the value below which p percent of all samples lie, by linear interpolation of the order statistics as
// numpy.percentile does, and the largest error that it can have: the width of a bin, or for values beyond the bins the way from
// there to the extreme sample. Both are NaN when there are no samples or p is not from 0 to 100.
func (h *Histogram) Percentile(p float64) (value, bound float64) {
	t := h.tally()
	return t.percentile(p)
}

func (h *Histogram) tally() tally {
	return tally{counts: h.counts, edge: func(i int) float64 { return h.edges[i] }, below: h.below, above: h.above, min: h.min, max: h.max}
}

// copied copies src to dst: nil allocates, a wrong length panics.
func copied[T any](dst, src []T) []T {
	dst = destination.Of(dst, len(src), "stats")
	copy(dst, src)
	return dst
}
