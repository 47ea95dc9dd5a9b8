package filter

import "math"

// transform is a fast Fourier transform of a power of two of complex numbers, for convolutions only: forward leaves the spectrum in an order
// of its own, which inverse takes, so that nothing is ever put in order. Values are read only once made and may be shared.
//
// It goes by radix 4, decimation in frequency, and by radix 2 in the last step where the size asks for it.
type transform struct {
	size     int
	twiddles [][]complex128 // for each step of radix 4: w^j, w^2j, w^3j for j up to a quarter, w = exp(-2 pi i / n)
}

func newTransform(size int) *transform {
	t := &transform{size: size}
	for n := size; n >= 4; n /= 4 {
		var w []complex128
		for j := range n / 4 {
			for k := 1; k <= 3; k++ {
				sin, cos := math.Sincos(2 * math.Pi * float64(j*k) / float64(n))
				w = append(w, complex(cos, -sin))
			}
		}
		t.twiddles = append(t.twiddles, w)
	}
	return t
}

// forward transforms x, of length size, in place.
func (t *transform) forward(x []complex128) {
	n := t.size
	for _, w := range t.twiddles {
		for at := 0; at < t.size; at += n {
			spread(x[at:at+n:at+n], w)
		}
		n /= 4
	}
	if n == 2 {
		pairs(x)
	}
}

// inverse undoes forward, but for a factor of size.
func (t *transform) inverse(x []complex128) {
	n := t.size
	for range t.twiddles {
		n /= 4
	}
	if n == 2 {
		pairs(x)
	}
	for i := len(t.twiddles) - 1; i >= 0; i-- {
		n *= 4
		for at := 0; at < t.size; at += n {
			gather(x[at:at+n:at+n], t.twiddles[i])
		}
	}
}

func pairs(x []complex128) {
	for i := 0; i+1 < len(x); i += 2 {
		x[i], x[i+1] = x[i]+x[i+1], x[i]-x[i+1]
	}
}

// spread does one step of radix 4: transforms of four values, each then turned by its twiddle.
func spread(x, w []complex128) {
	q := len(x) / 4
	x0, x1, x2, x3 := x[:q], x[q:2*q], x[2*q:3*q], x[3*q:4*q]
	x1, x2, x3 = x1[:len(x0)], x2[:len(x0)], x3[:len(x0)]
	for j := range x0 {
		w := w[3*j : 3*j+3 : 3*j+3]
		a, b, c, d := x0[j], x1[j], x2[j], x3[j]
		s, u := a+c, b+d
		t, v := a-c, b-d
		v = complex(imag(v), -real(v)) // -i v
		x0[j] = s + u
		x1[j] = times(s-u, w[1])
		x2[j] = times(t+v, w[0])
		x3[j] = times(t-v, w[2])
	}
}

// gather undoes spread, but for a factor of 4.
func gather(x, w []complex128) {
	q := len(x) / 4
	x0, x1, x2, x3 := x[:q], x[q:2*q], x[2*q:3*q], x[3*q:4*q]
	x1, x2, x3 = x1[:len(x0)], x2[:len(x0)], x3[:len(x0)]
	for j := range x0 {
		w := w[3*j : 3*j+3 : 3*j+3]
		a, b := x0[j], timesConj(x1[j], w[1])
		c, d := timesConj(x2[j], w[0]), timesConj(x3[j], w[2])
		s, u := a+b, a-b
		t, v := c+d, c-d
		v = complex(-imag(v), real(v)) // i v
		x0[j] = s + t
		x2[j] = s - t
		x1[j] = u + v
		x3[j] = u - v
	}
}

// times is a * w without the care that Go's product takes of infinities.
func times(a, w complex128) complex128 {
	return complex(real(a)*real(w)-imag(a)*imag(w), real(a)*imag(w)+imag(a)*real(w))
}

// timesConj is a times the conjugate of w.
func timesConj(a, w complex128) complex128 {
	return complex(real(a)*real(w)+imag(a)*imag(w), imag(a)*real(w)-real(a)*imag(w))
}
