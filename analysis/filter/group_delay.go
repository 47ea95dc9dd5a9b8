package filter

import (
	"math"

	"github.com/scopelog/scopelog/analysis/internal/destination"
)

// GroupDelay stores the group delay in samples, -d(phase)/d(angle), at each frequency (Hz) of the filter run at the rate (samples per second)
// and returns dst, as scipy.signal.group_delay does. Divided by the rate it is in seconds. A filter with zero phase has none. A nil dst is
// allocated; a dst of another length than hz panics.
func (s SOS) GroupDelay(dst, hz []float64, rate float64) []float64 {
	dst = destination.Of(dst, len(hz), "filter")
	for i, f := range hz {
		sin, cos := math.Sincos(math.Pi * f / rate)
		dst[i] = 0
		for _, c := range s {
			dst[i] += c.delay(1, c.A1, c.A2, sin, cos) - c.delay(c.B0, c.B1, c.B2, sin, cos)
		}
	}
	return dst
}

// delay is d(phase)/d(angle) of the polynomial c0 e^jw + c1 + c2 e^-jw, Im(p'/p), given the sine and cosine of w/2.
func (s Section) delay(c0, c1, c2, sin, cos float64) float64 {
	if c2 == 0 && math.Abs(c1) == math.Abs(c0) {
		return 0.5 // a zero at 0 or Nyquist, where p is 0; the phase is that of e^(jw/2) everywhere
	}
	p := s.polynomial(c0, c1, c2, sin, cos)
	slope := complex(-2*(c0+c2)*sin*cos, (c0-c2)*(cos-sin)*(cos+sin))
	d := absSquare(p)
	if d == 0 {
		return 0 // both zeros are on the circle, and the phase is constant but for a jump by half a turn
	}
	return (imag(slope)*real(p) - real(slope)*imag(p)) / d
}
