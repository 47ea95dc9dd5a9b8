package measure

import "sort"

// Samples far beyond two states are taken for glitches, which must not move the states: they are left out where levels are looked for.
const (
	// glitchShare is how many of them there may be, of the samples of the rarer state.
	glitchShare = 1.0 / 12
	// The states have at least leastOfRange and at most mostOfRange of the range of all samples: what is nearer is overshoot, and
	// below that the states may be the noise of one, and the rest pulses.
	leastOfRange, mostOfRange = 0.1, 2.0 / 3
	// mostBetween says what two states are: between the outer quarters of their range lie at most so many times as many samples as in
	// these. A triangle has 1 there, and noise of one state some ten.
	mostBetween = 2.2
)

// withoutGlitches returns the part of a histogram, from a bin up to another, that holds two states without the few samples that lie far beyond.
// Without such samples that is all of it.
func withoutGlitches(counts []int64) (from, to int) {
	below := make([]int64, len(counts)+1) // samples below each bin
	for i, c := range counts {
		below[i+1] = below[i] + c
	}
	n := below[len(counts)]
	in := func(from, to int) float64 { return float64(below[to] - below[from]) }
	for out := int64(1); float64(out) < glitchShare*float64(n); out += 1 + out/4 {
		from = sort.Search(len(counts), func(i int) bool { return below[i+1] > out })
		to = sort.Search(len(counts), func(i int) bool { return below[i] >= n-out })
		size := to - from
		if part := float64(size) / float64(len(counts)); part > mostOfRange || part < leastOfRange {
			if part < leastOfRange {
				break
			}
			continue
		}
		quarter := (size + 3) / 4
		low, high := in(from, from+quarter), in(to-quarter, to)
		if float64(out) <= glitchShare*min(low, high) && in(from+quarter, to-quarter) <= mostBetween*(low+high) {
			return from, to
		}
	}
	return 0, len(counts)
}
