package filter

import (
	"math"
	"math/cmplx"
)

// bessel has the roots of the reverse Bessel polynomial of the order as poles, scaled by the norm, and a gain of 1 at 0.
func bessel(order int, norm Norm) prototype {
	p := prototype{poles: besselPoles(order)}
	switch norm {
	case DelayNorm:
	case MagnitudeNorm:
		p.gain = p.poles.productOfNegated()
		p.poles = p.poles.scaled(1 / halfPower(p))
	default:
		p.poles = p.poles.scaled(math.Pow(p.poles.productOfNegated(), -1/float64(order)))
	}
	p.gain = p.poles.productOfNegated()
	return p
}

// besselPoles returns the roots of theta_n, where theta_k(s) = (2k-1) theta_(k-1)(s) + s^2 theta_(k-2)(s), theta_0 = 1, theta_1 = s + 1.
//
// Aberth's method finds all of them together, from the poles of a Butterworth filter with the same product of poles. Newton's method then
// gives each its last digits.
func besselPoles(order int) roots {
	product := 1.0 // theta_n(0) = 1 * 3 * 5 ...
	for k := range order {
		product *= float64(2*k + 1)
	}
	radius := math.Pow(product, 1/float64(order))
	r := ellipse(order, radius, radius)
	for range 50 {
		r = aberth(r, order)
	}
	return r.each(func(s complex128) complex128 {
		s = polish(s, order)
		return complex(real(s), math.Abs(imag(s))) // a pair may have ended as its conjugate
	})
}

// aberth does a step of Newton's method on every root, in which each root is repelled by all others.
func aberth(r roots, order int) roots {
	return r.each(func(s complex128) complex128 {
		t, d := theta(s, order)
		repelled := complex128(0)
		for _, p := range r.pairs {
			for _, q := range []complex128{p, cmplx.Conj(p)} {
				if q != s {
					repelled += 1 / (s - q)
				}
			}
		}
		for _, q := range r.reals {
			if complex(q, 0) != s {
				repelled += 1 / (s - complex(q, 0))
			}
		}
		return s - t/(d-t*repelled)
	})
}

// theta returns theta_n(s) and its derivative.
func theta(s complex128, order int) (value, derivative complex128) {
	t0, t1 := complex128(1), s+1
	d0, d1 := complex128(0), complex128(1)
	for k := 2; k <= order; k++ {
		c := complex(float64(2*k-1), 0)
		t0, t1, d0, d1 = t1, c*t1+s*s*t0, d1, c*d1+s*s*d0+2*s*t0
	}
	return t1, d1
}

// polish does steps of Newton's method on theta_n from near a root. The roots of theta_20 need twice the digits of float64 on the way: its value
// near them is a small difference of large numbers.
func polish(start complex128, order int) complex128 {
	s := wideFrom(start)
	for range 4 {
		t0, t1 := wideFrom(1), s.add(wideFrom(1))
		d0, d1 := wideFrom(0), wideFrom(1)
		square, twice := s.mul(s), s.add(s)
		for k := 2; k <= order; k++ {
			c := wideFrom(complex(float64(2*k-1), 0))
			t0, t1, d0, d1 = t1, c.mul(t1).add(square.mul(t0)), d1, c.mul(d1).add(square.mul(d0)).add(twice.mul(t0))
		}
		s = s.sub(t1.div(d1))
	}
	return s.round()
}

// halfPower is the frequency in rad/s at which |H|^2 of a low-pass with gain 1 at 0 is 1/2. |H| falls steadily.
func halfPower(p prototype) float64 {
	low, high := 0.0, 1.0
	for cmplx.Abs(p.at(high)) > math.Sqrt2/2 {
		high *= 2
	}
	for range 100 {
		middle := (low + high) / 2
		if cmplx.Abs(p.at(middle)) > math.Sqrt2/2 {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}
