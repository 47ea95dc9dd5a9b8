package resample

import (
	"fmt"
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/internal/bessel"
)

// Options chooses the filter. The zero value is SciPy's default.
type Options struct {
	// Beta shapes the Kaiser window of the filter: more damps the stop band more and makes the edge wider. 0 means 5; it is not
	// looked at where Taps is given.
	Beta float64
	// Taps is the filter at up times the rate of the input, best symmetric and of odd length; its gain at DC should be 1. It is
	// copied. nil means the windowed sinc of [Taps]. As in SciPy it is not applied where up/down is 1.
	Taps []float64
}

// defaultBeta is that of scipy.signal.resample_poly.
const defaultBeta = 5

// Taps returns the filter that [New] designs for reduced factors: a sinc of 20*max(up,down)+1 taps with its -6 dB edge at the lower one
// of the two Nyquist frequencies, in a Kaiser window of the given beta, with gain 1 at DC. It is
// scipy.signal.firwin(20*r + 1, 1/r, window=("kaiser", beta)) with r = max(up, down).
func Taps(up, down int, beta float64) []float64 {
	r := max(up, down)
	half := tapsPerFactor / 2 * r
	h := make([]float64, 2*half+1)
	norm := bessel.I0(beta)
	var sum float64
	for i := range h {
		m := float64(i - half)
		u := m / float64(half)
		h[i] = sinc(m/float64(r)) * bessel.I0(beta*math.Sqrt((1-u)*(1+u))) / norm
		sum += h[i]
	}
	for i := range h {
		h[i] /= sum
	}
	return h
}

// sinc is sin(pi u)/(pi u).
func sinc(u float64) float64 {
	if u == 0 {
		return 1
	}
	return math.Sin(math.Pi*u) / (math.Pi * u)
}

// taps returns the filter that the options choose, not yet scaled by up.
func (o *Options) taps(up, down int) ([]float64, error) {
	switch {
	case o.Taps != nil:
		finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
		if len(o.Taps) == 0 || slices.ContainsFunc(o.Taps, func(v float64) bool { return !finite(v) }) {
			return nil, ErrTaps
		}
		if up == 1 && down == 1 {
			return []float64{1}, nil
		}
		return slices.Clone(o.Taps), nil
	case !(o.Beta >= 0 && o.Beta <= maxBeta):
		return nil, fmt.Errorf("beta %v: %w", o.Beta, ErrBeta)
	case up == 1 && down == 1:
		return []float64{1}, nil
	case o.Beta == 0:
		return Taps(up, down, defaultBeta), nil
	}
	return Taps(up, down, o.Beta), nil
}

// maxBeta is where the Bessel function still is a finite number with room to spare.
const maxBeta = 500
