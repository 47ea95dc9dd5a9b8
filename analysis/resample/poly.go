package resample

import "github.com/scopelog/scopelog/analysis/internal/destination"

// Len returns how many outputs n samples give: ceil(n*up/down). up and down are at least 1.
func Len(n int64, up, down int) int64 {
	u, d := int64(up), int64(down)
	return n/d*u + (n%d*u+d-1)/d
}

// Poly resamples a whole slice by up/down and writes [Len] outputs to dst, which must not overlap x: nil allocates, another length
// panics. It is scipy.signal.resample_poly(x, up, down, window=("kaiser", beta)), or with window=taps, for x of float64. The errors
// are those of [New].
func Poly(dst, x []float64, up, down int, o Options) ([]float64, error) {
	r, err := New(up, down, o)
	if err != nil {
		return nil, err
	}
	n := int(Len(int64(len(x)), r.up, r.down))
	dst = destination.Of(dst, n, "resample")
	return r.Flush(r.Process(dst[:0], x)), nil
}
