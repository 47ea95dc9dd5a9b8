package clock

import (
	"math"
	"slices"
)

// FindEdge returns where a signal first goes from its low to its high level, or back, in fractions of a sample: where it
// passes the middle between them, between two samples on a straight line. The levels are what a tenth of the samples lies
// below and above; a crossing counts when the signal comes from a quarter of the way at one side and reaches the quarter
// at the other. ok is false when there is no such crossing. Samples that are not numbers are none.
func FindEdge(x []float64) (at float64, rising, ok bool) {
	sorted := slices.DeleteFunc(slices.Clone(x), math.IsNaN)
	if len(sorted) < 4 {
		return 0, false, false
	}
	slices.Sort(sorted)
	low, high := sorted[len(sorted)/10], sorted[len(sorted)-1-len(sorted)/10]
	if !(high > low) {
		low, high = sorted[0], sorted[len(sorted)-1]
	}
	if !(high > low) {
		return 0, false, false
	}
	lower, middle, upper := low+(high-low)/4, low+(high-low)/2, high-(high-low)/4
	side := 0
	for i, v := range x {
		now := 0
		switch {
		case v <= lower:
			now = -1
		case v >= upper:
			now = 1
		}
		if now == 0 {
			continue
		}
		if side == -now {
			return crossing(x[:i+1], middle, now > 0), now > 0, true
		}
		side = now
	}
	return 0, false, false
}

// crossing is the last place at which x comes to the side of the level on which it ends.
func crossing(x []float64, level float64, rising bool) float64 {
	beyond := func(v float64) bool { return v > level == rising && v != level }
	i := len(x) - 1
	for i > 0 && !(math.IsNaN(x[i-1])) && beyond(x[i-1]) {
		i--
	}
	if i == 0 || math.IsNaN(x[i-1]) {
		return float64(i)
	}
	return float64(i-1) + (level-x[i-1])/(x[i]-x[i-1])
}

// Lag returns by how many samples b is later than a, both sampled alike, as their cross-correlation says: the lag of at
// most maxLag samples at which the correlation coefficient of what overlaps is greatest, in fractions of a sample by a
// parabola. coefficient is that of the best lag: 1 for signals that are alike. It is 0 when a signal is constant or less
// than half of the shorter one overlaps.
func Lag(a, b []float64, maxLag int) (lag, coefficient float64) {
	maxLag = max(0, min(maxLag, min(len(a), len(b))/2))
	const coarse = 1000
	from, to := -maxLag, maxLag
	if step := maxLag / coarse; step > 1 { // first roughly, by means of some samples
		rough, c := bestLag(means(a, step), means(b, step), -maxLag/step, maxLag/step)
		if c == 0 {
			return 0, 0
		}
		from, to = max(from, (rough-2)*step), min(to, (rough+2)*step)
	}
	best, coefficient := bestLag(a, b, from, to)
	if coefficient == 0 {
		return 0, 0
	}
	left, right := correlation(a, b, best-1), correlation(a, b, best+1)
	lag = float64(best)
	if d := left - 2*coefficient + right; d < 0 && left <= coefficient && right <= coefficient {
		lag += (left - right) / (2 * d)
	}
	return lag, coefficient
}

func bestLag(a, b []float64, from, to int) (best int, coefficient float64) {
	for lag := from; lag <= to; lag++ {
		if c := correlation(a, b, lag); c > coefficient {
			best, coefficient = lag, c
		}
	}
	return best, coefficient
}

func means(x []float64, step int) []float64 {
	out := make([]float64, len(x)/step)
	for i := range out {
		for _, v := range x[i*step : (i+1)*step] {
			out[i] += v / float64(step)
		}
	}
	return out
}

// correlation is the coefficient of a[i] and b[i+lag].
func correlation(a, b []float64, lag int) float64 {
	a, b = a[min(max(-lag, 0), len(a)):], b[min(max(lag, 0), len(b)):]
	n := min(len(a), len(b))
	a, b = a[:n], b[:n]
	var ma, mb float64
	for i := range a {
		ma += a[i]
		mb += b[i]
	}
	ma, mb = ma/float64(n), mb/float64(n)
	var aa, bb, ab float64
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		aa += x * x
		bb += y * y
		ab += x * y
	}
	if !(aa > 0 && bb > 0) {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}
