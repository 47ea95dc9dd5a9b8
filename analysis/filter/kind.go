package filter

import "fmt"

// Kind is a family of IIR filters.
type Kind int

// The kinds. The zero value is Butterworth.
const (
	Butterworth Kind = iota // flat pass-band, -3 dB at the cut-off
	Chebyshev1              // ripple in the pass-band; Design.Ripple down at the cut-off
	Chebyshev2              // ripple in the stop-band; Design.Attenuation down at the cut-off, where the stop-band begins
	Bessel                  // nearly constant delay in the pass-band; what the cut-off means is Design.Norm
)

// String returns the usual name, "Chebyshev I" for Chebyshev1.
func (k Kind) String() string {
	switch k {
	case Butterworth:
		return "Butterworth"
	case Chebyshev1:
		return "Chebyshev I"
	case Chebyshev2:
		return "Chebyshev II"
	case Bessel:
		return "Bessel"
	}
	return fmt.Sprintf("Kind(%d)", int(k))
}

// Norm is the meaning of the cut-off of a Bessel filter, stated for the analog low-pass with a cut-off of 1 rad/s from which it is made.
type Norm int

// The norms. The zero value is PhaseNorm, the default of scipy.signal.bessel.
const (
	PhaseNorm     Norm = iota // the phase is half-way at the cut-off; asymptotes as Butterworth (norm="phase")
	DelayNorm                 // the group delay at 0 is 1/cut-off (norm="delay")
	MagnitudeNorm             // -3 dB at the cut-off (norm="mag")
)

// String returns SciPy's name of the norm.
func (n Norm) String() string {
	switch n {
	case PhaseNorm:
		return "phase"
	case DelayNorm:
		return "delay"
	case MagnitudeNorm:
		return "mag"
	}
	return fmt.Sprintf("Norm(%d)", int(n))
}
