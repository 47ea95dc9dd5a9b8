package filter

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/internal/bessel"
)

// FIRDesign says what a linear-phase FIR filter shall do. The zero values of Band and Beta are LowPass and the Hamming window; Taps, Cutoff and
// Rate must be given.
type FIRDesign struct {
	Band        Band
	Taps        int     // 2 to MaxTaps; odd for HighPass and BandStop. More taps make the edges steeper.
	Cutoff      float64 // Hz, where the gain is half (-6 dB), above 0 and below half the rate; the lower one of BandPass and BandStop
	UpperCutoff float64 // Hz, above Cutoff and below half the rate, for BandPass and BandStop; 0 otherwise
	Rate        float64 // samples per second
	Beta        float64 // of a Kaiser window, which is then taken; about 8.6 for 90 dB in the stop-band; 0: Hamming, about 53 dB
}

// maxBeta is where a Kaiser window gets far narrower than anybody can use, well before it overflows.
const maxBeta = 100

// FIR computes the taps by the window method, h[n] = w[n] * ideal[n - (Taps-1)/2], scaled to a gain of 1 in the middle of the pass-band: at 0,
// at Nyquist, or half-way between the cut-offs, and at 0 for BandStop. It is scipy.signal.firwin(Taps, cutoffs, window="hamming" or
// ("kaiser", Beta), pass_zero="lowpass" and so on, fs=Rate). The delay is (Taps-1)/2 samples. The caller owns the result.
//
// The error is a [*DesignError].
func (d FIRDesign) FIR() (FIR, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	f := make(FIR, d.Taps)
	low, high := 2*d.Cutoff/d.Rate, 2*d.UpperCutoff/d.Rate
	middle := float64(d.Taps-1) / 2
	scale, at := 0.0, d.unityAt(low, high)
	for i := range f {
		m := float64(i) - middle
		f[i] = d.ideal(m, low, high) * d.window(m/max(middle, 0.5))
		scale += f[i] * math.Cos(math.Pi*m*at)
	}
	if !(math.Abs(scale) > 1e-6) {
		return nil, &DesignError{"Taps", fmt.Sprintf("%d taps are too few for this %v: its gain in the pass-band would be 0; take about %.0f",
			d.Taps, d.Band, 3.3*d.Rate/d.narrowest())}
	}
	for i := range f {
		f[i] /= scale
	}
	return f, nil
}

func (d FIRDesign) check() error {
	if err := checkBand(d.Band, d.Cutoff, d.UpperCutoff, d.Rate); err != nil {
		return err
	}
	if d.Taps < 2 || d.Taps > MaxTaps {
		return &DesignError{"Taps", fmt.Sprintf("the number of taps is %d; it must be from 2 to %d", d.Taps, MaxTaps)}
	}
	if d.Taps%2 == 0 && (d.Band == HighPass || d.Band == BandStop) {
		return &DesignError{"Taps", fmt.Sprintf("a %v filter with an even number of taps, %d, has no gain at Nyquist; take %d", d.Band, d.Taps, d.Taps+1)}
	}
	if !(d.Beta >= 0 && d.Beta <= maxBeta) {
		return &DesignError{"Beta", fmt.Sprintf("the beta of the Kaiser window is %g; it must be from 0 (a Hamming window) to %d, 8.6 for example", d.Beta, maxBeta)}
	}
	return nil
}

// narrowest is the width in Hz of the narrowest part of the spectrum that the filter must tell from its neighbours.
func (d FIRDesign) narrowest() float64 {
	w := min(d.Cutoff, d.Rate/2-max(d.Cutoff, d.UpperCutoff))
	if d.Band.twoSided() {
		w = min(w, d.UpperCutoff-d.Cutoff)
	}
	return w
}

// ideal is sample m of the impulse response of the perfect filter; cut-offs are parts of Nyquist.
func (d FIRDesign) ideal(m, low, high float64) float64 {
	switch d.Band {
	case HighPass:
		return sincTimes(1, m) - sincTimes(low, m)
	case BandPass:
		return sincTimes(high, m) - sincTimes(low, m)
	case BandStop:
		return sincTimes(low, m) + (sincTimes(1, m) - sincTimes(high, m))
	default:
		return sincTimes(low, m)
	}
}

// sincTimes is w * sinc(w m), the impulse response of a low-pass at w.
func sincTimes(w, m float64) float64 {
	if m == 0 {
		return w
	}
	return math.Sin(math.Pi*w*m) / (math.Pi * m)
}

// unityAt is where the gain is 1, as a part of Nyquist.
func (d FIRDesign) unityAt(low, high float64) float64 {
	switch d.Band {
	case HighPass:
		return 1
	case BandPass:
		return (low + high) / 2
	default:
		return 0
	}
}

// window is the window's value at x from -1 to 1.
func (d FIRDesign) window(x float64) float64 {
	if d.Beta == 0 {
		return 0.54 + 0.46*math.Cos(math.Pi*x)
	}
	return bessel.I0(d.Beta*math.Sqrt(max(0, 1-x*x))) / bessel.I0(d.Beta)
}
