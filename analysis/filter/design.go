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
const gainTolerance = 1e-6

// SOS computes the filter by the bilinear transformation with prewarped cut-offs, as scipy.signal.butter, cheby1, cheby2 and bessel with
// output="sos" do. The response is the same; how poles and zeros are paired, and in which order sections come, may differ. The
// caller owns the result.
//
// Float64 itself limits how low a cut-off can be: filtered samples agree with SciPy's to 1e-12 of the largest for a cut-off at 1e-3 of the
// rate, to 1e-9 at 1e-4 and to 1e-7 at 1e-5. Decimating first is more exact, and faster.
//
// The error is a [*DesignError]. Besides options that cannot be it refuses filters that float64 cannot hold, because rounding the
// coefficients makes them unstable or moves their gain in the pass-band by more than 1e-6.
func (d Design) SOS() (SOS, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	low := d.prototype()
	m := d.mapping()
	sos := m.apply(low).sections()
	sos.setGain(m.back(0)[0], cmplx.Abs(low.at(0)))
	if err := d.verify(sos, low, m); err != nil {
		return nil, err
	}
	return sos, nil
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

func (d Design) prototype() prototype {
	switch d.Kind {
	case Chebyshev1:
		return chebyshev1(d.Order, d.Ripple)
	case Chebyshev2:
		return chebyshev2(d.Order, d.Attenuation)
	case Bessel:
		return bessel(d.Order, d.Norm)
	default:
		return butterworth(d.Order)
	}
}

// setGain makes up for what rounding the coefficients has done to the gain in the middle of the pass-band, at the angle pi f / rate.
func (s SOS) setGain(half, want float64) {
	r := want / cmplx.Abs(s.at(math.Sincos(half)))
	if math.IsNaN(r) || math.Abs(r-1) > gainTolerance {
		return // which verify will refuse
	}
	s[0].B0 *= r
	s[0].B1 *= r
	s[0].B2 *= r
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
func (d Design) verify(sos SOS, low prototype, m mapping) error {
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
	return &DesignError{"", fmt.Sprintf("a %v %v of order %d %s cannot be computed in 64 bits at a sample rate of %s: %s; decimate first, or take a lower order",
		d.Kind, d.Band, d.Order, at, hertz(d.Rate), why)}
}
