package stats

import (
	"fmt"
	"math"
)

const (
	lowestExponent = -1022
	// numberBits bounds the number of a bin: a bin is never narrower than the largest sample can be told apart.
	numberBits = 52
)

// Adaptive is a histogram of a signal whose range is not known. A bin k holds w k <= v < w (k+1). The width w is the smallest power
// of two for which all samples so far lie in so many bins as there are, and more than |v| 2^-52; it doubles as the range grows,
// and neighbours are joined, which moves no sample. So the result depends on the samples only, not on their order.
type Adaptive struct {
	counts   []int64
	exponent int     // w = 2^exponent
	inverse  float64 // 1 / w
	first    int64   // number of the bin counts[0]
	n        int64
	nan      int64
	below    int64 // -Inf
	above    int64 // +Inf
	min, max float64
}

// NewAdaptive returns a histogram of up to bins bins; of a signal that changes, more than half of them are in use.
func NewAdaptive(bins int) (*Adaptive, error) {
	if bins < 2 || bins > MaxBins {
		return nil, fmt.Errorf("a histogram of %d bins; there can be 2 to %d", bins, MaxBins)
	}
	h := &Adaptive{counts: make([]int64, bins)}
	h.Reset()
	return h, nil
}

// Empty returns a histogram of as many bins that has seen nothing.
func (h *Adaptive) Empty() *Adaptive {
	e := &Adaptive{counts: make([]int64, len(h.counts))}
	e.Reset()
	return e
}

// Reset forgets all samples.
func (h *Adaptive) Reset() {
	clear(h.counts)
	*h = Adaptive{counts: h.counts, min: math.Inf(1), max: math.Inf(-1)}
}

// Add counts samples. It does not keep x and allocates nothing.
func (h *Adaptive) Add(x []float64) {
	for len(x) > blockLen {
		h.add(x[:blockLen])
		x = x[blockLen:]
	}
	h.add(x)
}

func (h *Adaptive) add(x []float64) {
	lo, hi := math.Inf(1), math.Inf(-1)
	finite := true
	for _, v := range x {
		if v-v != 0 {
			finite = false
			continue
		}
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	if lo <= hi {
		h.cover(lo, hi)
	}
	counts, inverse, first := h.counts, h.inverse, h.first
	if finite {
		for _, v := range x {
			counts[int64(math.Floor(v*inverse))-first]++
		}
		h.n += int64(len(x))
		return
	}
	for _, v := range x {
		switch {
		case v != v:
			h.nan++
		case v > math.MaxFloat64:
			h.above++
		case v < -math.MaxFloat64:
			h.below++
		default:
			counts[int64(math.Floor(v*inverse))-first]++
			h.n++
		}
	}
}

// cover makes the bins reach from lo to hi, and from the smallest to the largest sample so far.
func (h *Adaptive) cover(lo, hi float64) {
	if lo >= h.min && hi <= h.max {
		return
	}
	was := h.n > 0
	oldFirst, oldLast := int64(0), int64(0)
	if was {
		oldFirst, oldLast = h.span()
	}
	old := h.exponent
	h.min, h.max = min(h.min, lo)+0, max(h.max, hi)+0 // a zero has no sign, whichever came first
	e := lowestExponent
	if largest := max(math.Abs(h.min), math.Abs(h.max)); largest > 0 {
		_, bits := math.Frexp(largest)
		e = max(e, bits-numberBits)
	}
	if was {
		e = max(e, old)
	}
	h.setExponent(e)
	from, to := h.span()
	for to-from >= int64(len(h.counts)) {
		h.setExponent(h.exponent + 1)
		from, to = h.span()
	}
	if was {
		if h.exponent == old && from >= h.first && to < h.first+int64(len(h.counts)) {
			return
		}
		oldFirst, oldLast = h.join(h.exponent-old, oldFirst, oldLast)
	}
	// The bins that are free are left on both sides, so that a slow drift does not move the counts each time.
	first := from - (int64(len(h.counts))-(to-from+1))/2
	if was {
		h.move(first, oldFirst, oldLast)
	}
	h.first = first
}

// span are the numbers of the first and the last bin that the samples need.
func (h *Adaptive) span() (from, to int64) {
	return int64(math.Floor(h.min * h.inverse)), int64(math.Floor(h.max * h.inverse))
}

func (h *Adaptive) setExponent(e int) { h.exponent, h.inverse = e, math.Ldexp(1, -e) }

// join doubles the width of the bins from first to last some times and returns their new numbers. h.first becomes the new first.
func (h *Adaptive) join(times int, first, last int64) (newFirst, newLast int64) {
	shift := uint(min(times, 63))
	newFirst, newLast = first>>shift, last>>shift
	if shift > 0 {
		for k := first; k <= last; k++ {
			c := h.counts[k-h.first]
			h.counts[k-h.first] = 0
			// The new place is never behind the old one, seen from the first bin.
			h.counts[(k>>shift)-newFirst] += c
		}
		h.first = newFirst
	}
	return newFirst, newLast
}

// move gives the bins from k to last, which are the only ones with counts, their places when bin first is the first.
func (h *Adaptive) move(first, k, last int64) {
	n := last - k + 1
	from, to := k-h.first, k-first
	copy(h.counts[to:to+n], h.counts[from:from+n])
	if to < from {
		clear(h.counts[max(to+n, from) : from+n])
	} else {
		clear(h.counts[from:min(to, from+n)])
	}
}

// Merge adds what another histogram has seen. It is an error when that has another number of bins.
func (h *Adaptive) Merge(o *Adaptive) error {
	if len(h.counts) != len(o.counts) {
		return fmt.Errorf("merge histograms of %d and %d bins", len(h.counts), len(o.counts))
	}
	h.nan, h.below, h.above = h.nan+o.nan, h.below+o.below, h.above+o.above
	if o.n == 0 {
		return nil
	}
	if h.n == 0 {
		// The width must be the one that both signals need, which may be the other's.
		nan, below, above, counts := h.nan, h.below, h.above, h.counts
		copy(counts, o.counts)
		*h = *o
		h.counts, h.nan, h.below, h.above = counts, nan, below, above
		return nil
	}
	t := &Adaptive{counts: make([]int64, len(o.counts)), n: o.n, exponent: o.exponent, inverse: o.inverse, first: o.first, min: o.min, max: o.max}
	copy(t.counts, o.counts)
	if t.exponent > h.exponent {
		from, to := h.span()
		newFirst, _ := h.join(t.exponent-h.exponent, from, to)
		h.first = newFirst
		h.setExponent(t.exponent)
	}
	h.cover(o.min, o.max)
	from, to := t.span()
	from, to = t.join(h.exponent-t.exponent, from, to)
	for k := from; k <= to; k++ {
		h.counts[k-h.first] += t.counts[k-t.first]
	}
	h.n += o.n
	return nil
}

// Bins are the counts of the bins from the smallest to the largest sample, the lower edge of the first and the width of each:
// count i is of the samples from edge + i width to below edge + (i+1) width. The slice belongs to the histogram and is valid until
// it is next changed; it is empty when there is no sample.
func (h *Adaptive) Bins() (counts []int64, edge, width float64) {
	if h.n == 0 {
		return nil, math.NaN(), math.NaN()
	}
	from, to := h.span()
	return h.counts[from-h.first : to-h.first+1], math.Ldexp(float64(from), h.exponent), math.Ldexp(1, h.exponent)
}

// N is the number of samples that are finite.
func (h *Adaptive) N() int64 { return h.n }

// NaN is the number of samples that are NaN.
func (h *Adaptive) NaN() int64 { return h.nan }

// Infinite is the number of samples that are -Inf and +Inf.
func (h *Adaptive) Infinite() (negative, positive int64) { return h.below, h.above }

// Range is from the smallest to the largest finite sample; NaN when there is none.
func (h *Adaptive) Range() (lo, hi float64) {
	if h.n == 0 {
		return math.NaN(), math.NaN()
	}
	return h.min, h.max
}

// Percentile is the value below which p percent of the finite samples lie, as [Histogram.Percentile]. The error is less than the
// width of a bin, which is less than 2 / (bins - 1) of the range.
func (h *Adaptive) Percentile(p float64) (value, bound float64) {
	counts, edge, width := h.Bins()
	t := tally{counts: counts, edge: func(i int) float64 { return edge + float64(i)*width }, min: h.min, max: h.max}
	return t.percentile(p)
}
