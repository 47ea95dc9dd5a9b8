package events

import "math"

// lagBlock is how many changes are computed at once at least.
const lagBlock = 1024

// lagged makes a signal into its changes over a number of samples.
type lagged struct {
	over    int
	w       []float64 // the latest have samples, then room for those that come
	changes []float64
	have    int
	// After samples were passed over, the latest rewind samples are not there; they are from lo to hi.
	rewind int64
	lo, hi float64
}

func newLagged(over int64) lagged {
	l := lagged{over: int(over)}
	if over > 0 {
		n := max(lagBlock, l.over)
		l.w, l.changes = make([]float64, l.over+n), make([]float64, n)
	}
	return l
}

func (l *lagged) reset() { l.have, l.rewind = 0, 0 }

// take takes some samples from the front of x and returns how many, and the changes at the last of them. The changes are valid
// until the next call.
func (l *lagged) take(x []float64) (n int, changes []float64) {
	n = copy(l.w[l.have:], x)
	total := l.have + n
	if total <= l.over {
		l.have = total
		return n, nil
	}
	changes = l.changes[:total-l.over]
	now := l.w[l.over:total]
	for i := range changes {
		changes[i] = now[i] - l.w[i]
	}
	copy(l.w, l.w[total-l.over:total])
	l.have = l.over
	return n, changes
}

// bounds are those of the samples that later ones are compared with, where seen samples of the stretch were so far. ok tells
// whether they are known.
func (l *lagged) bounds(seen int64) (lo, hi float64, ok bool) {
	if l.rewind > 0 {
		return l.lo, l.hi, true
	}
	if int64(l.have) < min(int64(l.over), seen) {
		return 0, 0, false
	}
	lo, hi = extremes(l.w[:l.have], math.Inf(1), math.Inf(-1))
	return lo, hi, true
}

// skip passes over n samples from lo to hi.
func (l *lagged) skip(n int64, lo, hi float64, seen int64) {
	if n < int64(l.over) {
		pastLo, pastHi, _ := l.bounds(seen)
		lo, hi = min(lo, pastLo), max(hi, pastHi)
	}
	l.lo, l.hi = lo, hi
	l.have, l.rewind = 0, min(int64(l.over), seen+n)
}
