package filter

import "math"

// zpk is a filter gain * prod(x - zeros) / prod(x - poles), in s or in z. Roots that are not real come with their conjugates. The order of the
// roots is that of scipy.signal, since it matters to the last bit of their product.
type zpk struct {
	zeros, poles []complex128
	gain         float64
}

// at returns the response of a filter in s at w rad/s, w finite.
func (f zpk) at(w float64) complex128 {
	h := complex(f.gain, 0)
	// Zeros and poles in turn keep the product near its final size.
	for i := range f.poles {
		if i < len(f.zeros) {
			h *= complex(0, w) - f.zeros[i]
		}
		h /= complex(0, w) - f.poles[i]
	}
	return h
}

// degree is how many zeros at infinity there are.
func (f zpk) degree() int { return len(f.poles) - len(f.zeros) }

// lowPass moves the cut-off of a low-pass from 1 to w: scipy.signal.lp2lp_zpk.
func (f zpk) lowPass(w float64) zpk {
	move := func(r complex128) complex128 { return scaled(r, w) }
	return zpk{each(f.zeros, move), each(f.poles, move), f.gain * roundedPower(w, f.degree())}
}

// highPass makes a high-pass from w on of a low-pass: lp2hp_zpk.
func (f zpk) highPass(w float64) zpk {
	move := func(r complex128) complex128 { return quotient(complex(w, 0), r) }
	zeros := append(each(f.zeros, move), make([]complex128, f.degree())...)
	return zpk{zeros, each(f.poles, move), f.invertedGain()}
}

// invertedGain is the gain at infinity of the low-pass whose frequencies are inverted.
func (f zpk) invertedGain() float64 {
	return f.gain * real(quotient(productOf(f.zeros, negated), productOf(f.poles, negated)))
}

// bandPass makes a band-pass around w, so wide, of a low-pass: lp2bp_zpk.
func (f zpk) bandPass(w, width float64) zpk {
	half := func(r complex128) complex128 { return quotient(scaled(r, width), 2) } // which gives the zero of a real root its sign
	zeros := append(split(each(f.zeros, half), w), make([]complex128, f.degree())...)
	return zpk{zeros, split(each(f.poles, half), w), f.gain * roundedPower(width, f.degree())}
}

// bandStop makes a band-stop: lp2bs_zpk.
func (f zpk) bandStop(w, width float64) zpk {
	half := func(r complex128) complex128 { return quotient(complex(width/2, 0), r) }
	zeros := split(each(f.zeros, half), w)
	for _, sign := range []float64{1, -1} {
		for range f.degree() {
			zeros = append(zeros, complex(0, sign*w))
		}
	}
	return zpk{zeros, split(each(f.poles, half), w), f.invertedGain()}
}

// split returns r + sqrt(r^2 - w^2) for all roots, then r - sqrt(r^2 - w^2).
func split(roots []complex128, w float64) []complex128 {
	offset := each(roots, func(r complex128) complex128 {
		square := product(r, r)
		return root(complex(real(square)-float64(w*w), imag(square)))
	})
	out := make([]complex128, 0, 2*len(roots))
	for i, r := range roots {
		out = append(out, r+offset[i])
	}
	for i, r := range roots {
		out = append(out, r-offset[i])
	}
	return out
}

// bilinear goes from s to z by s = 4 (z-1)/(z+1): bilinear_zpk with fs=2.
func (f zpk) bilinear() zpk {
	above := func(r complex128) complex128 { return complex(4+real(r), imag(r)) }
	below := func(r complex128) complex128 { return complex(4-real(r), -imag(r)) }
	move := func(r complex128) complex128 { return quotient(above(r), below(r)) }
	zeros := each(f.zeros, move)
	for range f.degree() {
		zeros = append(zeros, -1)
	}
	gain := f.gain * real(quotient(productOf(f.zeros, below), productOf(f.poles, below)))
	return zpk{zeros, each(f.poles, move), gain}
}

// butterworth has its poles evenly on the left half of the unit circle: buttap.
func butterworth(order int) zpk {
	f := zpk{gain: 1}
	for m := 1 - order; m < order; m += 2 {
		sin, cos := roundedSinCos(float64(math.Pi*float64(m)) * (1 / float64(2*order)))
		f.poles = append(f.poles, complex(-cos, -sin))
	}
	return f
}

// chebyshev1 has its poles on an ellipse; |H|^2 = 1 / (1 + e^2 T_n(w)^2) with e^2 = 10^(ripple/10) - 1: cheb1ap.
func chebyshev1(order int, ripple float64) zpk {
	e := math.Sqrt(roundedPowerOf10(0.1*ripple) - 1)
	mu := 1 / float64(order) * roundedAsinh(1/e)
	f := zpk{}
	for m := 1 - order; m < order; m += 2 {
		sin, cos := roundedSinCos(math.Pi * float64(m) / float64(2*order))
		f.poles = append(f.poles, complex(-(sinh(mu)*cos), -(cosh(mu)*sin)))
	}
	f.gain = real(productOf(f.poles, negated))
	if order%2 == 0 {
		f.gain /= math.Sqrt(1 + float64(e*e)) // an even T_n is 1 at 0, so that the gain there is at the foot of the ripple
	}
	return f
}

// chebyshev2 is chebyshev1 with frequency inverted: poles are the inverse of an ellipse's, zeros are on the imaginary axis: cheb2ap.
func chebyshev2(order int, attenuation float64) zpk {
	d := 1 / math.Sqrt(roundedPowerOf10(0.1*attenuation)-1)
	mu := roundedAsinh(1/d) / float64(order)
	f := zpk{}
	for m := 1 - order; m < order; m += 2 {
		if m != 0 {
			sin, _ := roundedSinCos(float64(float64(m)*math.Pi) / float64(2*order))
			f.zeros = append(f.zeros, complex(0, 1/sin))
		}
	}
	f.poles = each(butterworth(order).poles, func(p complex128) complex128 {
		return quotient(1, complex(sinh(mu)*real(p), cosh(mu)*imag(p)))
	})
	f.gain = real(quotient(productOf(f.poles, negated), productOf(f.zeros, negated)))
	return f
}
