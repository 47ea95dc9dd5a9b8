package filter

import "math"

// The operations below do what those of NumPy do on complex numbers, step by step: results are the same to the last bit. The conversions
// to float64 keep the compiler from adding a product without rounding it first, which it may do on some processors.

// product returns a times b.
func product(a, b complex128) complex128 {
	return complex(float64(real(a)*real(b))-float64(imag(a)*imag(b)), float64(real(a)*imag(b))+float64(imag(a)*real(b)))
}

// quotient returns a/b by Smith's method.
func quotient(a, b complex128) complex128 {
	if math.Abs(real(b)) >= math.Abs(imag(b)) {
		r := imag(b) / real(b)
		s := 1 / (real(b) + float64(imag(b)*r))
		return complex((real(a)+float64(imag(a)*r))*s, (imag(a)-float64(real(a)*r))*s)
	}
	r := real(b) / imag(b)
	s := 1 / (imag(b) + float64(real(b)*r))
	return complex((float64(real(a)*r)+imag(a))*s, (float64(imag(a)*r)-real(a))*s)
}

// root returns the square root with a real part that is not negative.
func root(a complex128) complex128 {
	re, im := real(a), imag(a)
	switch {
	case im == 0 && re < 0:
		return complex(0, math.Copysign(math.Sqrt(-re), im))
	case im == 0:
		return complex(math.Sqrt(re), im)
	case re == 0:
		r := math.Sqrt(0.5 * math.Abs(im))
		return complex(r, math.Copysign(r, im))
	}
	d := absolute(a)
	if re > 0 {
		r := math.Sqrt(0.5 * (d + re))
		return complex(r, 0.5*(im/r))
	}
	s := math.Sqrt(0.5 * (d - re))
	return complex(math.Abs(0.5*(im/s)), math.Copysign(s, im))
}

// absolute returns |a|, rounded once.
func absolute(a complex128) float64 {
	if v := math.Hypot(real(a), imag(a)); math.IsNaN(v) || math.IsInf(v, 0) {
		return v
	}
	re, im := wideReal(real(a)), wideReal(imag(a))
	re.Mul(re, re).Add(re, im.Mul(im, im))
	return rounded(re.Sqrt(re))
}

// productOf returns the product of f over all roots, the first one first: numpy.prod. On processors that can, which are nearly all, NumPy adds the
// second product of each part to the first before that is rounded.
func productOf(roots []complex128, f func(complex128) complex128) complex128 {
	v := complex(1, 0)
	for _, r := range roots {
		w := f(r)
		v = complex(math.FMA(real(v), real(w), -float64(imag(v)*imag(w))), math.FMA(real(v), imag(w), float64(imag(v)*real(w))))
	}
	return v
}

func negated(a complex128) complex128 { return complex(-real(a), -imag(a)) }

// each returns f of every root.
func each(roots []complex128, f func(complex128) complex128) []complex128 {
	out := make([]complex128, len(roots))
	for i, r := range roots {
		out[i] = f(r)
	}
	return out
}

// scaled returns a times a real number.
func scaled(a complex128, by float64) complex128 { return product(a, complex(by, 0)) }

// absSquare returns |a|^2 without the root that cmplx.Abs takes.
func absSquare(a complex128) float64 { return real(a)*real(a) + imag(a)*imag(a) }
