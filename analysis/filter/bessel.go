package filter

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/mat"
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
// With y_n(x) = x^n theta_n(1/x) the recurrence reads x y_k = (y_(k+1) - y_(k-1)) / (2k+1), x y_0 = y_1 - y_0: a tridiagonal matrix, whose
// eigenvalues are the roots of y_n. Newton's method then gives the roots of theta_n their last digits.
func besselPoles(order int) roots {
	a := mat.NewDense(order, order, nil)
	a.Set(0, 0, -1)
	for k := range order {
		if k+1 < order {
			a.Set(k, k+1, 1/float64(2*k+1))
		}
		if k > 0 {
			a.Set(k, k-1, -1/float64(2*k+1))
		}
	}
	var eigen mat.Eigen
	if !eigen.Factorize(a, mat.EigenNone) {
		panic("filter: eigenvalues of a Bessel polynomial did not converge") // none of MaxOrder matrices does so
	}
	var r roots
	for _, x := range eigen.Values(nil) {
		switch {
		case imag(x) == 0:
			r.reals = append(r.reals, real(polish(1/x, order)))
		case imag(x) < 0: // its inverse is above the axis
			r.pairs = append(r.pairs, polish(1/x, order))
		}
	}
	return r
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
