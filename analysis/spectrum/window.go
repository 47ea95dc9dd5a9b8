package spectrum

import (
	"math"

	"github.com/scopelog/scopelog/analysis/internal/bessel"
	"github.com/scopelog/scopelog/analysis/internal/destination"
)

// Shape is the family of a window.
type Shape int

// The shapes. Kaiser, Tukey and Gaussian have a parameter.
const (
	Hann Shape = iota
	Boxcar
	Hamming
	Blackman
	BlackmanHarris
	Nuttall
	FlatTop
	Bartlett
	Kaiser
	Tukey
	Gaussian
)

// Window is a window for spectra: periodic, as scipy.signal.get_window makes it. The zero value is the Hann window.
type Window struct {
	Shape Shape
	// Param is beta of Kaiser (>= 0), alpha of Tukey (the tapered part, 0 to 1) or the standard deviation of Gaussian in samples (> 0).
	// Other shapes have none.
	Param float64
}

// cosines holds the terms a of the windows that are sums a[j] cos(j t), t from -pi on.
var cosines = map[Shape][]float64{
	Hann:           {0.5, 0.5},
	Hamming:        {0.54, 1 - 0.54},
	Blackman:       {0.42, 0.50, 0.08},
	BlackmanHarris: {0.35875, 0.48829, 0.14128, 0.01168},
	Nuttall:        {0.3635819, 0.4891775, 0.1365995, 0.0106411},
	FlatTop:        {0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368},
}

// Values returns the n values of the window in dst, as scipy.signal.get_window(window, n). nil allocates; it panics when dst has another
// length than n. A window of one value is 1. The parameter is not checked, see [Window.Check].
func (w Window) Values(dst []float64, n int) []float64 {
	dst = destination.Of(dst, n, "spectrum")
	if n == 1 {
		dst[0] = 1
		return dst
	}
	m := float64(n) // of the symmetric window with n+1 values, whose last is left away
	for i := range dst {
		dst[i] = w.at(float64(i), m)
	}
	return dst
}

// at returns the value at i of the symmetric window from 0 to m.
func (w Window) at(i, m float64) float64 {
	switch w.Shape {
	case Boxcar:
		return 1
	case Bartlett:
		return min(2*i/m, 2-2*i/m)
	case Kaiser:
		x := 2*i/m - 1
		// The quotient of two Bessel functions that may both be beyond the largest number.
		z := w.Param * math.Sqrt(1-x*x)
		return bessel.I0Scaled(z) / bessel.I0Scaled(w.Param) * math.Exp(z-w.Param)
	case Tukey:
		return tukey(i, m, w.Param)
	case Gaussian:
		x := (i - m/2) / w.Param
		return math.Exp(-x * x / 2)
	}
	v := 0.0
	for j, a := range cosines[w.Shape] {
		v += a * math.Cos(float64(j)*(2*math.Pi*i/m-math.Pi))
	}
	return v
}

func tukey(i, m, alpha float64) float64 {
	if alpha <= 0 {
		return 1
	}
	alpha = min(alpha, 1)
	width := math.Floor(alpha * m / 2)
	switch {
	case i <= width:
		return 0.5 * (1 + math.Cos(math.Pi*(2*i/alpha/m-1)))
	case i >= m-width:
		return 0.5 * (1 + math.Cos(math.Pi*(2*i/alpha/m+1-2/alpha)))
	}
	return 1
}
