package filter

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/internal/destination"
)

// Section is a filter of second order, H(z) = (B0 + B1/z + B2/z^2) / (1 + A1/z + A2/z^2): the row [B0, B1, B2, 1, A1, A2] of SciPy's sos.
type Section struct {
	B0, B1, B2, A1, A2 float64
}

// SOS is a filter as a cascade of second-order sections. Functions that take one copy what they keep.
type SOS []Section

// check says whether the cascade is one that can be run: not empty, finite, stable.
func (s SOS) check() error {
	if len(s) == 0 {
		return &DesignError{"", "there is no section; a filter has at least one"}
	}
	for i, c := range s {
		sum := c.B0 + c.B1 + c.B2 + c.A1 + c.A2
		if math.IsNaN(sum) || math.IsInf(sum, 0) {
			return &DesignError{"", fmt.Sprintf("section %d has a coefficient that is not finite", i)}
		}
		if math.Abs(c.A2) >= 1 || 1+c.A2 <= math.Abs(c.A1) {
			return &DesignError{"", fmt.Sprintf("section %d is unstable: it has a pole on or outside the unit circle", i)}
		}
	}
	return nil
}

// Response stores the complex gain at each frequency (Hz) of the filter run at the rate (samples per second) and returns dst, as
// scipy.signal.sosfreqz(sos, worN=hz, fs=rate) does. A nil dst is allocated; a dst of another length than hz panics.
func (s SOS) Response(dst []complex128, hz []float64, rate float64) []complex128 {
	dst = destination.Of(dst, len(hz), "filter")
	for i, f := range hz {
		dst[i] = s.at(math.Sincos(math.Pi * f / rate))
	}
	return dst
}

// at returns H at the angle of which the sine and cosine of the half are given.
//
// H = (b1 + (b0+b2) cos w + j (b0-b2) sin w) / (the same of a). Near w = 0 the real part is written with sin^2(w/2), near pi with
// cos^2(w/2), since there it is a small difference of large numbers.
func (s SOS) at(sin, cos float64) complex128 {
	h := complex(1, 0)
	for _, c := range s {
		h *= c.polynomial(c.B0, c.B1, c.B2, sin, cos) / c.polynomial(1, c.A1, c.A2, sin, cos)
	}
	return h
}

func (Section) polynomial(c0, c1, c2, sin, cos float64) complex128 {
	var re float64
	if math.Abs(sin) < math.Abs(cos) {
		re = sum3(c0, c2, c1) - 2*(c0+c2)*sin*sin
	} else {
		re = 2*(c0+c2)*cos*cos - sum3(c0, c2, -c1)
	}
	return complex(re, 2*(c0-c2)*sin*cos)
}

// atDC returns H at 0 Hz as scipy.signal.sosfilt_zi computes it.
func (c Section) atDC() float64 { return (c.B0 + c.B1 + c.B2) / (1 + c.A1 + c.A2) }

// sum3 is a + b + c; what the first addition rounds off is added at the end, for c may cancel the rest.
func sum3(a, b, c float64) float64 {
	s := a + b
	t := s - a
	off := (a - (s - t)) + (b - t)
	return (s + c) + off
}

// edge is the length of the odd extension at both ends that scipy.signal.sosfiltfilt takes by default.
func (s SOS) edge() int {
	var b, a int
	for _, c := range s {
		if c.B2 == 0 {
			b++
		}
		if c.A2 == 0 {
			a++
		}
	}
	return 3 * (2*len(s) + 1 - min(a, b))
}
