package filter

import (
	"fmt"
	"math"
	"math/cmplx"
)

// MaxOrder is the highest order of a Design.
const MaxOrder = 20

// Design says what an IIR filter shall do. The zero values of Kind, Band and Norm are Butterworth, LowPass and PhaseNorm; Order, Cutoff and
// Rate must be given.
type Design struct {
	Kind        Kind
	Band        Band
	Order       int     // of the low-pass that it is made from, 1 to MaxOrder; band filters have twice as many poles
	Cutoff      float64 // Hz, above 0 and below half the rate; the lower one of BandPass and BandStop
	UpperCutoff float64 // Hz, above Cutoff and below half the rate, for BandPass and BandStop; 0 otherwise
	Rate        float64 // samples per second
	Ripple      float64 // dB in the pass-band, above 0, for Chebyshev1; 0 otherwise
	Attenuation float64 // dB in the stop-band, above 0, for Chebyshev2; 0 otherwise
	Norm        Norm    // for Bessel; 0 otherwise
}

// gainTolerance is how far the gain of the sections, as rounded to float64, may be from that of the exact filter.
const gainTolerance = 1e-3

// SOS computes the filter by the bilinear transformation with prewarped cut-offs, step by step as scipy.signal.butter, cheby1, cheby2 and bessel
// with output="sos" do: sections, their order and nearly all coefficients are the same to the last bit. Filtered samples agree with SciPy's to
// 1e-9 of the largest, Butterworth and Chebyshev I filters down to cut-offs of a millionth of the rate, the others to 1e-4 of it: see
// docs/decisions/0149. Only wide band-stop filters of high order, from which SciPy's order of sections leaves fewer than six digits, have another.
// The caller owns the result.
//
// Float64 itself limits how low a cut-off can be: against exact arithmetic, samples are right to some 1e-12 of the largest for a cut-off at 1e-4 of
// the rate, to 1e-10 at 1e-5 and to 1e-7 at 1e-6, as SciPy's are. Decimating first is more exact, and faster.
//
// The error is a [*DesignError]. Besides options that cannot be it refuses filters that float64 cannot hold, because rounding the
// coefficients makes them unstable or moves their gain in the pass-band by more than 1e-3.
func (d Design) SOS() (SOS, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	low := d.prototype()
	sos := d.digital(low).sections()
	if sos == nil {
		return nil, d.useless("it has no poles that are numbers")
	}
	if err := d.verify(sos, low, d.mapping()); err != nil {
		return nil, err
	}
	return sos, nil
}

// digital takes the low-pass with a cut-off of 1 to the band, and from s to z: the way of scipy.signal.iirfilter.
func (d Design) digital(low zpk) zpk {
	warped := func(hz float64) float64 { return 4 * roundedTan(float64(math.Pi*(2*hz/d.Rate))/2) }
	w := warped(d.Cutoff)
	switch d.Band {
	case HighPass:
		low = low.highPass(w)
	case BandPass:
		high := warped(d.UpperCutoff)
		low = low.bandPass(math.Sqrt(w*high), high-w)
	case BandStop:
		high := warped(d.UpperCutoff)
		low = low.bandStop(math.Sqrt(w*high), high-w)
	default:
		low = low.lowPass(w)
	}
	return low.bilinear()
}

func (d Design) check() error {
	if d.Kind < Butterworth || d.Kind > Bessel {
		return &DesignError{"Kind", fmt.Sprintf("there is no %v; take Butterworth, Chebyshev1, Chebyshev2 or Bessel", d.Kind)}
	}
	if err := checkBand(d.Band, d.Cutoff, d.UpperCutoff, d.Rate); err != nil {
		return err
	}
	if d.Order < 1 || d.Order > MaxOrder {
		return &DesignError{"Order", fmt.Sprintf("the order is %d; it must be from 1 to %d", d.Order, MaxOrder)}
	}
	if err := checkDecibels("Ripple", "ripple", d.Ripple, d.Kind, Chebyshev1, 3); err != nil {
		return err
	}
	if err := checkDecibels("Attenuation", "attenuation", d.Attenuation, d.Kind, Chebyshev2, 40); err != nil {
		return err
	}
	if d.Norm < PhaseNorm || d.Norm > MagnitudeNorm {
		return &DesignError{"Norm", fmt.Sprintf("there is no %v; take PhaseNorm, DelayNorm or MagnitudeNorm", d.Norm)}
	}
	if d.Norm != PhaseNorm && d.Kind != Bessel {
		return &DesignError{"Norm", fmt.Sprintf("a norm is for Bessel filters, and this is a %v filter; leave it out", d.Kind)}
	}
	return nil
}

// maxDecibels is where ripple and attenuation leave what float64 can tell from nothing.
const maxDecibels = 300

func checkDecibels(field, name string, dB float64, kind, needs Kind, usual float64) error {
	switch {
	case kind != needs && dB != 0:
		return &DesignError{field, fmt.Sprintf("the %s is for %v filters, and this is a %v filter; leave it out", name, needs, kind)}
	case kind == needs && !(dB >= 1e-9 && dB <= maxDecibels):
		return &DesignError{field, fmt.Sprintf("the %s of the %v filter is %g dB; it must be above 0 and at most %d dB, %g dB for example", name, kind, dB, maxDecibels, usual)}
	}
	return nil
}

func (d Design) prototype() zpk {
	switch d.Kind {
	case Chebyshev1:
		return chebyshev1(d.Order, d.Ripple)
	case Chebyshev2:
		return chebyshev2(d.Order, d.Attenuation)
	case Bessel:
		return besselFilter(d.Order, d.Norm)
	default:
		return butterworth(d.Order)
	}
}

// mapping is the way from the prototype to the band, in frequencies prewarped for the bilinear transformation s = (z-1)/(z+1).
func (d Design) mapping() mapping {
	m := mapping{band: d.Band, low: math.Tan(math.Pi * d.Cutoff / d.Rate)}
	if d.Band.twoSided() {
		m.high = math.Tan(math.Pi * d.UpperCutoff / d.Rate)
		// tan(b) - tan(a) = sin(b-a) / (cos a cos b) does not cancel when the band is narrow.
		m.width = math.Sin(math.Pi*(d.UpperCutoff-d.Cutoff)/d.Rate) /
			(math.Cos(math.Pi*d.Cutoff/d.Rate) * math.Cos(math.Pi*d.UpperCutoff/d.Rate))
		m.center = math.Sqrt(m.low * m.high)
	}
	return m
}

// verify compares the sections with the exact filter where it passes: at the middle of the pass-band, half-way to the cut-offs, and there.
func (d Design) verify(sos SOS, low zpk, m mapping) error {
	if sos.check() != nil {
		return d.useless("rounding makes it unstable")
	}
	for _, w := range []float64{0, 0.25, 0.5, 0.9, 1} {
		want := cmplx.Abs(low.at(w))
		for _, half := range m.back(w) {
			got := cmplx.Abs(sos.at(math.Sin(half), math.Cos(half)))
			if off := math.Abs(got/want - 1); !(off <= gainTolerance) {
				return d.useless(fmt.Sprintf("rounding changes its gain at %.3g Hz by %.1g of it", half/math.Pi*d.Rate, off))
			}
		}
	}
	return nil
}

func (d Design) useless(why string) error {
	at := "at " + hertz(d.Cutoff)
	if d.Band.twoSided() {
		at = fmt.Sprintf("from %s to %s", hertz(d.Cutoff), hertz(d.UpperCutoff))
	}
	return &DesignError{"", fmt.Sprintf("a %v %v of order %d %s cannot be computed in 64 bits at a sample rate of %s: %s; resample to a lower rate first, or take a lower order",
		d.Kind, d.Band, d.Order, at, hertz(d.Rate), why)}
}
