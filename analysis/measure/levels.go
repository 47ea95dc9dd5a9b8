package measure

import (
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/stats"
)

// LevelBins is a good number of bins of the histogram from which [LevelsOf] finds base and top: they are then known to 1/1000 of the
// peak-to-peak value or better.
const LevelBins = 4096

// Levels are the states of a signal of two states, in the signal's unit. They are NaN when there is no sample. Levels of one's
// own, with only Base and Top set, do for a [Meter].
type Levels struct {
	Base, Top float64 // low and high state
	Min, Max  float64 // smallest and largest sample
}

// Amplitude is Top - Base.
func (l Levels) Amplitude() float64 { return l.Top - l.Base }

// PeakToPeak is Max - Min.
func (l Levels) PeakToPeak() float64 { return l.Max - l.Min }

// Overshoot is (Max - Top) / Amplitude in %.
func (l Levels) Overshoot() float64 { return 100 * (l.Max - l.Top) / l.Amplitude() }

// Undershoot is (Base - Min) / Amplitude in %.
func (l Levels) Undershoot() float64 { return 100 * (l.Base - l.Min) / l.Amplitude() }

// flat tells whether there are no two states.
func (l Levels) flat() bool { return !(l.Top > l.Base) || math.IsInf(l.Top-l.Base, 0) }

// LevelsOf finds base and top by the modes of the histogram's lower and upper half (IEEE 181, 5.2.1). For that the bins of
// a half are joined to 8 to 128, depending on the number of samples in it, and the mode is the mean of the bins around the fullest.
//
// A half without a mode counts with its extreme sample, as oscilloscopes do: where no bin stands out, where the fullest lies at the
// border of the halves, and where samples grow more frequent up to the extreme, as in a sine wave.
func LevelsOf(h *stats.Adaptive) Levels {
	counts, edge, width := h.Bins()
	lo, hi := h.Range()
	return levelsOf(counts, edge, width, lo, hi)
}

// LevelsOfCodes does the same with converter counts, of which each stands for scale x count + offset.
func LevelsOfCodes(c *stats.Codes, scale, offset float64) Levels {
	counts, first := c.Bins()
	if len(counts) == 0 {
		return levelsOf(nil, 0, 0, math.NaN(), math.NaN())
	}
	l := levelsOf(counts, float64(first)-0.5, 1, float64(first), float64(int(first)+len(counts)-1))
	of := func(count float64) float64 { return scale*count + offset }
	if scale < 0 {
		return Levels{Base: of(l.Top), Top: of(l.Base), Min: of(l.Max), Max: of(l.Min)}
	}
	return Levels{Base: of(l.Base), Top: of(l.Top), Min: of(l.Min), Max: of(l.Max)}
}

func levelsOf(counts []int64, edge, width, lo, hi float64) Levels {
	l := Levels{Base: lo, Top: hi, Min: lo, Max: hi}
	if len(counts) < 4 {
		return l
	}
	// The halves are those of the samples' range, as bins are not aligned to it.
	half := min(max(int((lo+(hi-lo)/2-edge)/width), 1), len(counts)-1)
	upper := slices.Clone(counts[half:])
	slices.Reverse(upper)
	// Within a bin of the extreme sample it is that one.
	if bin, ok := mode(counts[:half]); ok && edge+bin*width > lo+width {
		l.Base = edge + bin*width
	}
	if bin, ok := mode(upper); ok && edge+(float64(len(counts))-bin)*width < hi-width {
		l.Top = edge + (float64(len(counts))-bin)*width
	}
	return l
}

const (
	// standsOut is how much fuller than the mean of all bins that are in use the fullest has to be.
	standsOut = 1.4
	// outerShare and innerShare say how a sine wave is told from a state: less than the first of a mode's samples lie farther out,
	// and more than the second a little farther in, where a sine has 0.41 (density 1/sqrt(distance)).
	outerShare = 0.01
	innerShare = 0.15
)

// mode finds the mode of half a histogram whose first bin holds the extreme sample. It is a place in bins from there. ok is false
// when the extreme sample is to be taken.
func mode(half []int64) (place float64, ok bool) {
	h := join(half)
	best, at, sum, used := 0.0, 0, 0.0, 0.0
	for k := range h.size {
		if h.bin(k) == 0 {
			continue
		}
		three := h.bin(k-1) + h.bin(k) + h.bin(k+1)
		if three > best {
			best, at = three, k
		}
		sum, used = sum+three, used+1
	}
	if used == 0 || best < standsOut*sum/used || h.size-1-at <= 2 {
		return 0, false
	}
	beyond, within := 0.0, 0.0
	for k := range at - 1 {
		beyond += h.bin(k)
	}
	for k := at + 2; k <= at+4; k++ {
		within += h.bin(k)
	}
	if beyond < outerShare*best && within > innerShare*best {
		return 0, false
	}
	return h.centroid(at-1, at+1), true
}

// joined is a histogram of which group neighbours are taken as one bin.
type joined struct {
	counts      []int64
	group, size int
}

// join takes neighbours as one, so that there are enough samples in each: the half has 8 to 128 bins.
func join(half []int64) joined {
	n := 0.0
	for _, c := range half {
		n += float64(c)
	}
	few := int(min(max(math.Sqrt(2*n), 8), 128))
	group := (len(half) + few - 1) / few
	return joined{counts: half, group: group, size: (len(half) + group - 1) / group}
}

// bin is the count of joined bin k, 0 beyond the half.
func (h joined) bin(k int) float64 {
	if k < 0 || k >= h.size {
		return 0
	}
	sum := int64(0)
	for _, c := range h.counts[k*h.group : min((k+1)*h.group, len(h.counts))] {
		sum += c
	}
	return float64(sum)
}

// centroid is the mean place of the samples in joined bins, in single bins.
func (h joined) centroid(from, to int) float64 {
	sum, n := 0.0, 0.0
	for i := max(from*h.group, 0); i < min((to+1)*h.group, len(h.counts)); i++ {
		sum += float64(h.counts[i]) * (float64(i) + 0.5)
		n += float64(h.counts[i])
	}
	return sum / n
}
