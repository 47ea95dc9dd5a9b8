package measure

import (
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/stats"
)

// LevelBins is a good number of bins of the histogram from which [LevelsOf] finds base and top: they are then known to 1/2000 of the
// peak-to-peak value where the states are free of noise.
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

// LevelsOf finds base and top by the modes of the histogram's lower and upper half (IEEE 181). For that the bins of
// a half are joined to 8 to 128, depending on the number of samples in it, and the mode is the mean of the bins around the fullest.
//
// A half without a mode counts with its extreme sample, as oscilloscopes do: where no bin stands out, where the fullest lies at the
// border of the halves, and where samples grow more frequent up to the extreme, as in a sine wave. Of several modes of a half that
// are about as full, the outermost counts, as for a staircase. So a
// state that is only a few samples long may be told as its extreme sample, noise included.
//
// Glitches do not count: where a few samples, fewer than a twelfth of those of either state, reach half as far as the states again or farther beyond
// them, base and top are those of the others. Min and Max are those of all samples.
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
	if from, to := withoutGlitches(counts); from > 0 || to < len(counts) {
		lo, hi = max(lo, edge+float64(from)*width), min(hi, edge+float64(to)*width)
		counts, edge = counts[from:to], edge+float64(from)*width
		l.Base, l.Top = lo, hi
	}
	// The halves are those of the samples' range, as bins are not aligned to it.
	half := min(max(int((lo+(hi-lo)/2-edge)/width), 1), len(counts)-1)
	upper := slices.Clone(counts[half:])
	slices.Reverse(upper)
	// In the bin of the extreme sample it is that one; the middle of the bin is up to half a bin away.
	const same = 0.6
	if bin, ok := mode(counts[:half]); ok && edge+bin*width > lo+same*width {
		l.Base = edge + bin*width
	}
	if bin, ok := mode(upper); ok && edge+(float64(len(counts))-bin)*width < hi-same*width {
		l.Top = edge + (float64(len(counts))-bin)*width
	}
	return l
}

const (
	// standsOut is how much fuller than the mean of all bins the fullest has to be.
	standsOut = 1.4
	// innerShare says how a sine wave is told from a state: of as many samples as the outermost three bins have, more lie in the three
	// next to them. A sine, of density 1/sqrt(distance), has 0.41 there.
	innerShare = 0.15
	// almost and apart say which peaks are about as high as the best, and how low it has to be between them.
	almost = 0.4
	apart  = 0.25
)

// mode finds the mode of half a histogram whose first bin holds the extreme sample. It is a place in bins from there. ok is false
// when the extreme sample is to be taken.
func mode(half []int64) (place float64, ok bool) {
	h := join(half)
	best, sum := 0.0, 0.0
	for k := range h.size {
		best, sum = max(best, h.three(k)), sum+h.three(k)
	}
	if best == 0 || best < standsOut*sum/float64(h.size) {
		return 0, false
	}
	at, peak := h.outermost(best)
	if h.size-1-at <= 2 {
		return 0, false
	}
	within := h.bin(at+2) + h.bin(at+3) + h.bin(at+4)
	if at <= 1 && within > innerShare*peak {
		return 0, false
	}
	return h.centroid(at-1, at+1), true
}

// joined is a histogram of which group neighbours are taken as one bin.
type joined struct {
	counts      []int64
	group, size int
}

// join takes neighbours as one, so that there are enough samples in each: a half has 8 to 128 bins, and fewer where the signal has
// fewer values, as a converter of few bits makes them.
func join(half []int64) joined {
	n, last, step := 0.0, -1, len(half)
	for i, c := range half {
		if c == 0 {
			continue
		}
		if n > 0 {
			step = min(step, i-last)
		}
		n, last = n+float64(c), i
	}
	few := int(min(max(math.Sqrt(2*n), 8), 128))
	group := (len(half) + few - 1) / few
	if step < len(half) {
		group = max(group, step)
	}
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

// three is the count of joined bin k and its neighbours.
func (h joined) three(k int) float64 { return h.bin(k-1) + h.bin(k) + h.bin(k+1) }

// outermost finds the outermost of the peaks that are about as high as the best one and apart from each other, as those of a
// staircase or of a pulse that is sampled at the same few places each time.
func (h joined) outermost(best float64) (at int, peak float64) {
	for k := range h.size {
		w := h.three(k)
		if w > peak {
			at, peak = k, w
		}
		if peak >= almost*best && w < apart*best {
			break
		}
	}
	return at, peak
}

// centroid is the place of the mode in joined bins, in single bins: where three neighbours hold half of the samples, their mean.
// Else the mean of all, where each bin counts with the square of its samples: those of slow edges that lie beside the state
// do not matter so.
func (h joined) centroid(from, to int) float64 {
	first := max(from*h.group, 0)
	counts := h.counts[first:min((to+1)*h.group, len(h.counts))]
	total, best := int64(0), 0
	for i, c := range counts {
		total += c
		if c > counts[best] {
			best = i
		}
	}
	power := 2.0
	near, narrow := max(best-1, 0), counts[max(best-1, 0):min(best+2, len(counts))]
	held := int64(0)
	for _, c := range narrow {
		held += c
	}
	if 2*held >= total {
		first, counts, power = first+near, narrow, 1
	}
	sum, n := 0.0, 0.0
	for i, c := range counts {
		w := math.Pow(float64(c), power)
		sum += w * (float64(first+i) + 0.5)
		n += w
	}
	return sum / n
}
