package filter

// roots are the roots of a polynomial with real coefficients.
type roots struct {
	pairs []complex128 // each stands for itself and its conjugate
	reals []float64
}

func (r roots) count() int { return 2*len(r.pairs) + len(r.reals) }

// product is that of f over all roots; f maps conjugates to conjugates.
func (r roots) product(f func(complex128) complex128) float64 {
	v := 1.0
	for _, p := range r.pairs {
		v *= absSquare(f(p))
	}
	for _, p := range r.reals {
		v *= real(f(complex(p, 0)))
	}
	return v
}

// productOfNegated is prod(-r), the polynomial at 0.
func (r roots) productOfNegated() float64 {
	return r.product(func(p complex128) complex128 { return -p })
}

// scaled returns by * r for every root.
func (r roots) scaled(by float64) roots {
	return r.each(func(p complex128) complex128 { return p * complex(by, 0) })
}

// inverted returns by / r for every root.
func (r roots) inverted(by float64) roots {
	return r.each(func(p complex128) complex128 { return complex(by, 0) / p })
}

func (r roots) each(f func(complex128) complex128) roots {
	var out roots
	for _, p := range r.pairs {
		out.pairs = append(out.pairs, f(p))
	}
	for _, p := range r.reals {
		out.reals = append(out.reals, real(f(complex(p, 0))))
	}
	return out
}

// absSquare is |c|^2 without the root that cmplx.Abs takes.
func absSquare(c complex128) float64 { return real(c)*real(c) + imag(c)*imag(c) }
