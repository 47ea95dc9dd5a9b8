package peaks

import "math"

// Find appends the peaks of x to dst and returns it; nil allocates. x is taken as one stretch, its first sample has the index 0. It is
//
//	scipy.signal.find_peaks(x, height, threshold, distance, prominence, width, wlen, rel_height, plateau_size)
//
// of SciPy 1.10 with the conditions of o and wlen = o.Window; with [Options.Valleys] of -x. Errors: those of options, wrapped, and a
// [*PendingError] where o sets a limit. For widths without a window it holds a copy of x.
func Find[T Sample](dst []Peak, x []T, o Options) ([]Peak, error) {
	if o.MaxPending == 0 {
		o.MaxPending = math.MaxInt / 64 // x is there, and SciPy would hold more
	}
	f, err := NewFinder(o, func(p Peak) { dst = append(dst, p) })
	if err != nil {
		return dst, err
	}
	if o.Width != nil && o.Window == 0 {
		whole := make([]float64, len(x))
		convert(whole, x, o.Valleys)
		f.remember(whole)
	}
	if err := add(f, x); err != nil {
		return dst, err
	}
	return dst, f.Flush()
}

// remember gives a new finder all samples in advance: widths are searched in them, and slopes need not be noted.
func (f *Finder) remember(x []float64) {
	f.history.samples = x
	f.summits.slopes = nil
	f.scan.floor = f.o.Height.lower()
}
