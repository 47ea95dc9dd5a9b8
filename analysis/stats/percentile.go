package stats

import "math"

// tally is what percentiles are made of: how many values lie in each of len(counts) intervals.
type tally struct {
	counts       []int64
	edge         func(i int) float64 // of interval i its lower edge; interval i ends at edge(i+1)
	exact        func(i int) float64 // instead of edge: the one value that interval i holds
	below, above int64               // values beyond the intervals
	min, max     float64             // of all values
}

func (t *tally) n() int64 {
	n := t.below + t.above
	for _, c := range t.counts {
		n += c
	}
	return n
}

// percentile is the value at p percent by linear interpolation of the order statistics (numpy.percentile's default), and the
// largest difference that there can be to the true one.
func (t *tally) percentile(p float64) (value, bound float64) {
	n := t.n()
	if n == 0 || !(p >= 0 && p <= 100) {
		return math.NaN(), math.NaN()
	}
	h := p / 100 * float64(n-1)
	k := min(int64(h), n-1)
	v, e := t.order(k)
	if math.IsInf(e, 1) {
		return v, e
	}
	if f := h - float64(k); f > 0 && k+1 < n {
		w, e2 := t.order(k + 1)
		if math.IsInf(e2, 1) {
			return w, e2
		}
		return v + f*(w-v), max(e, e2)
	}
	return v, e
}

// order is the k-th smallest value, from 0, as if those of an interval were spread evenly in it.
func (t *tally) order(k int64) (value, bound float64) {
	if k < t.below {
		return between(t.min, min(t.edge(0), t.max), k, t.below)
	}
	k -= t.below
	for i, c := range t.counts {
		if k < c {
			if t.exact != nil {
				return t.exact(i), 0
			}
			return between(max(t.edge(i), t.min), min(t.edge(i+1), t.max), k, c)
		}
		k -= c
	}
	return between(max(t.edge(len(t.counts)), t.min), t.max, k, t.above)
}

// between is the place of the k-th of c values from a to b. Where one of these is infinite, nothing better can be said.
func between(a, b float64, k, c int64) (value, bound float64) {
	switch {
	case math.IsInf(a, -1):
		return a, math.Inf(1)
	case math.IsInf(b, 1):
		return b, math.Inf(1)
	}
	return a + (b-a)*((float64(k)+0.5)/float64(c)), b - a
}
