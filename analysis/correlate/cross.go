package correlate

import "github.com/scopelog/scopelog/analysis/internal/fft"

// Cross correlates two slices, which may have different lengths:
//
//	r[lag] = sum over n of u[n+lag] v[n]
//
// at all lags from -(len(v)-1) to len(u)-1, as scipy.signal.correlate(u, v, "full", "fft") with correlation_lags(len(u), len(v)), or at those
// of them that are up to [Options].MaxLag. Slices of one length, and a greatest lag below it, give the values of a [Correlator] to the last bit.
// The slices stay the caller's. Errors are [ErrNoData], a [*LengthError], and what is wrong with o.
func Cross(u, v []float64, o Options) (*Correlation, error) {
	o, err := o.resolve()
	switch {
	case err != nil:
		return nil, err
	case len(u) == 0 || len(v) == 0:
		return nil, ErrNoData
	case o.MaxLag == 0 && len(u)+len(v) > MaxAll:
		return nil, &LengthError{len(u), len(v)}
	case o.MaxLag > 0 && len(u) == len(v):
		o.MaxLag = max(1, min(o.MaxLag, len(u)-1))
		c, err := NewCorrelator(o)
		if err != nil {
			return nil, err
		}
		if err := c.Add(u, v); err != nil {
			return nil, err
		}
		return c.Result()
	}
	if o.RemoveMean {
		u, v = centred(u), centred(v)
	}
	first, last := 1-len(v), len(u)-1
	if o.MaxLag > 0 {
		first, last = max(first, -o.MaxLag), min(last, o.MaxLag)
	}
	r := &Correlation{First: first, U: int64(len(u)), V: int64(len(v))}
	if o.MaxLag > 0 && len(u)+len(v) > min(8*o.MaxLag, MaxAll) {
		r.Values = bounded(u, v, o, first, last)
	} else {
		r.Values = whole(u, v, o.Workers, first, last)
	}
	divide(r, u, v, o.Norm)
	return r, nil
}

// centred returns x less its mean.
func centred(x []float64) []float64 {
	var m moments
	for _, v := range x {
		m.add(v - x[0])
	}
	mean := x[0] + m.sum/m.n
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v - mean
	}
	return y
}

// whole computes the lags from first to last by one transform.
func whole(u, v []float64, workers, first, last int) []float64 {
	values := make([]float64, last-first+1)
	scale, ok := balance(u, v)
	if !ok {
		return values
	}
	f := fft.NewRadix4(workers, transformOf(len(u), len(v), first, last))
	z := make([]complex128, f.Len())
	pair(workers, z, u, v, scale)
	f.ForwardOn(workers, z)
	sum, dst := f.Cross(workers, z, 1/scale)
	f.InverseCross(workers, dst, sum)
	for i := range values {
		values[i] = at(dst, (first+i)&(f.Len()-1)) // a negative lag is at the end
	}
	return values
}

// transformOf returns the length of the transform that computes the lags from first to last of so many samples, with no other lag on top of one
// of them.
func transformOf(u, v, first, last int) int {
	return max(4, fft.PowerOfTwo(max(u, v, u-first, v+last)))
}

// bounded computes the lags from first to last in blocks. What of the longer slice no lag reaches is left out, and the shorter has zeros.
func bounded(u, v []float64, o Options, first, last int) []float64 {
	u, v = u[:min(len(u), len(v)+o.MaxLag)], v[:min(len(v), len(u)+o.MaxLag)]
	b := newBlocks(o.MaxLag, o.Workers)
	b.feed(max(len(u), len(v)), func(du, dv []float64, from int) {
		fill(du, u, from)
		fill(dv, v, from)
	})
	return b.values(first, last)
}

// fill copies x from a place on to dst, and zeros after its end.
func fill(dst, x []float64, from int) {
	clear(dst[copy(dst, x[min(from, len(x)):]):])
}

// divide divides by the norm.
func divide(r *Correlation, u, v []float64, norm Norm) {
	if norm == Raw {
		return
	}
	a, b := energies(u), energies(v)
	energy := root(a[len(u)], b[len(v)])
	for i := range r.Values {
		if norm == Overlap {
			k := r.Lag(i)
			from, to := max(0, k), min(len(u), len(v)+k) // of u
			energy = root(a[to]-a[from], b[to-k]-b[from-k])
		}
		r.Values[i] = coefficient(r.Values[i], energy)
	}
}

// energies returns, at i, the sum of the first i squares.
func energies(x []float64) []float64 {
	sums := make([]float64, len(x)+1)
	for i, v := range x {
		sums[i+1] = sums[i] + v*v
	}
	return sums
}
