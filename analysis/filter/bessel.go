package filter

import (
	"cmp"
	"math"
	"slices"
)

// besselFilter has the roots of the reverse Bessel polynomial of the order as poles, scaled by the norm: besselap.
func besselFilter(order int, norm Norm) zpk {
	last := besselLast(order)
	f := zpk{gain: last}
	for _, zero := range besselZeros(order) {
		f.poles = append(f.poles, quotient(1, zero))
	}
	switch norm {
	case DelayNorm:
	case MagnitudeNorm:
		w := halfPower(f)
		f.poles = each(f.poles, func(p complex128) complex128 { return quotient(p, complex(w, 0)) })
		f.gain = last * rounded(newReal().Quo(wideReal(1), widePower(w, order)))
	default:
		by := roundedPowerOf10(-roundedLog10(last) / float64(order))
		f.poles = each(f.poles, func(p complex128) complex128 { return scaled(p, by) })
		f.gain = 1
	}
	return f
}

// besselLast returns theta_n(0) = 1 * 3 * 5 ...
func besselLast(order int) float64 {
	product := wideReal(1)
	for k := range order {
		product.Mul(product, wideReal(float64(2*k+1)))
	}
	return rounded(product)
}

// besselZeros returns the inverses of the poles, each right to the last bit, the least imaginary part first. SciPy finds them by iterations on
// Bessel functions that leave the last bits to chance.
func besselZeros(order int) []complex128 {
	var zeros []complex128
	for _, p := range besselPoles(order) {
		zeros = append(zeros, wideFrom(1).div(p).round())
	}
	slices.SortFunc(zeros, func(p, q complex128) int { return cmp.Compare(imag(p), imag(q)) })
	return zeros
}

// besselPoles returns the roots of theta_n, where theta_k(s) = (2k-1) theta_(k-1)(s) + s^2 theta_(k-2)(s), theta_0 = 1, theta_1 = s + 1.
//
// Aberth's method finds all of them together, from the poles of a Butterworth filter with the same product of poles. Newton's method then
// gives each its last digits.
func besselPoles(order int) []wide {
	radius := math.Pow(besselLast(order), 1/float64(order))
	r := each(butterworth(order).poles, func(p complex128) complex128 { return scaled(p, radius) })
	for range 50 {
		r = aberth(r, order)
	}
	slices.SortFunc(r, func(p, q complex128) int { return cmp.Compare(imag(p), imag(q)) })
	poles := make([]wide, order)
	for i, s := range r[:order/2] {
		poles[i] = polish(s, order)
		poles[order-1-i] = poles[i].conj()
	}
	if order%2 == 1 {
		poles[order/2] = polish(complex(real(r[order/2]), 0), order)
	}
	return poles
}

// aberth does a step of Newton's method on every root, in which each root is repelled by all others.
func aberth(r []complex128, order int) []complex128 {
	return each(r, func(s complex128) complex128 {
		t, d := theta(s, order)
		repelled := complex128(0)
		for _, p := range r {
			if p != s {
				repelled += 1 / (s - p)
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
func polish(start complex128, order int) wide {
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
	return s
}

// halfPower is the frequency in rad/s at which |H|^2 is 1/2, by the secants that scipy.optimize.newton takes from 1.5 on: they stop a few bits
// away from it.
func halfPower(f zpk) float64 {
	above := func(w float64) float64 {
		p := productOf(f.poles, func(p complex128) complex128 { return complex(-real(p), w-imag(p)) })
		return absolute(quotient(complex(f.gain, 0), p)) - 1/math.Sqrt2
	}
	const step, close = 1e-4, 1.48e-8
	w0, w1 := 1.5, float64(1.5*(1+step))+step
	g0, g1 := above(w0), above(w1)
	if math.Abs(g1) < math.Abs(g0) {
		w0, w1, g0, g1 = w1, w0, g1, g0
	}
	for range 50 {
		if g0 == g1 {
			return (w0 + w1) / 2
		}
		var w float64
		if math.Abs(g1) > math.Abs(g0) {
			w = (float64(-g0/g1*w1) + w0) / (1 - g0/g1)
		} else {
			w = (float64(-g1/g0*w0) + w1) / (1 - g1/g0)
		}
		if math.Abs(w-w1) <= close {
			return w
		}
		w0, g0, w1, g1 = w1, g1, w, above(w)
	}
	return w1
}
