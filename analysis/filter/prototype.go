package filter

import "math"

// prototype is an analog low-pass with a cut-off of 1 rad/s: gain * prod(s - zeros) / prod(s - poles).
type prototype struct {
	zeros, poles roots
	gain         float64
}

// at returns the response at w rad/s, w finite.
func (p prototype) at(w float64) complex128 {
	h := complex(p.gain, 0)
	s := complex(0, w)
	// Zeros and poles in turn keep the product near its final size.
	for i := 0; i < max(len(p.poles.pairs), len(p.zeros.pairs)); i++ {
		if i < len(p.zeros.pairs) {
			h *= quadraticAt(s, p.zeros.pairs[i])
		}
		if i < len(p.poles.pairs) {
			h /= quadraticAt(s, p.poles.pairs[i])
		}
	}
	for _, r := range p.poles.reals {
		h /= s - complex(r, 0)
	}
	return h
}

// quadraticAt is (s - r)(s - conj(r)) = s^2 - 2 Re(r) s + |r|^2.
func quadraticAt(s, r complex128) complex128 {
	return s*s - complex(2*real(r), 0)*s + complex(absSquare(r), 0)
}

// butterworth has its poles evenly on the left half of the unit circle.
func butterworth(order int) prototype {
	return prototype{poles: ellipse(order, 1, 1), gain: 1}
}

// chebyshev1 has its poles on an ellipse; |H|^2 = 1 / (1 + e^2 T_n(w)^2) with e^2 = 10^(ripple/10) - 1.
func chebyshev1(order int, ripple float64) prototype {
	e2 := math.Expm1(ripple * math.Ln10 / 10)
	mu := math.Asinh(1/math.Sqrt(e2)) / float64(order)
	p := prototype{poles: ellipse(order, math.Sinh(mu), math.Cosh(mu))}
	p.gain = p.poles.productOfNegated()
	if order%2 == 0 {
		p.gain /= math.Sqrt(1 + e2) // an even T_n is 1 at 0, so that the gain there is at the foot of the ripple
	}
	return p
}

// chebyshev2 is chebyshev1 with frequency inverted: poles are the inverse of an ellipse's, zeros are on the imaginary axis.
func chebyshev2(order int, attenuation float64) prototype {
	mu := math.Asinh(math.Sqrt(math.Expm1(attenuation*math.Ln10/10))) / float64(order)
	p := prototype{poles: ellipse(order, math.Sinh(mu), math.Cosh(mu)).inverted(1)}
	for k := range order / 2 {
		p.zeros.pairs = append(p.zeros.pairs, complex(0, 1/math.Cos(angle(k, order))))
	}
	p.gain = p.poles.productOfNegated() / p.zeros.productOfNegated()
	return p
}

// ellipse returns the points with half-axes a (real) and b (imaginary) at the angles of the poles of a Butterworth filter.
func ellipse(order int, a, b float64) roots {
	var r roots
	for k := range order / 2 {
		sin, cos := math.Sincos(angle(k, order))
		r.pairs = append(r.pairs, complex(-a*sin, b*cos))
	}
	if order%2 == 1 {
		r.reals = append(r.reals, -a)
	}
	return r
}

// angle is that between the imaginary axis and pole k of a Butterworth filter.
func angle(k, order int) float64 { return math.Pi * float64(2*k+1) / float64(2*order) }
