package filter

import (
	"cmp"
	"math"
	"math/cmplx"
	"slices"
)

// factor is a polynomial 1 + c1/z + c2/z^2, or of first order with c2 = 0, and where its roots are.
type factor struct {
	c1, c2 float64
	at     complex128 // one of the roots, that nearest to the unit circle
	first  bool       // of first order
}

// sections applies the bilinear transformation z = (1+s)/(1-s) and joins each pair of poles, the ones nearest to the unit circle first, with
// the nearest zeros that are left. The whole gain stands in the first section.
func (a analog) sections() SOS {
	zeros := a.digitalZeros()
	poles := polesOf(a.poles)
	slices.SortStableFunc(poles, func(p, q factor) int { return cmp.Compare(cmplx.Abs(q.at), cmplx.Abs(p.at)) })
	one := func(s complex128) complex128 { return 1 - s }
	gain := a.gain * a.zeros.product(one) / a.poles.product(one)
	sos := make(SOS, 0, len(poles))
	for _, p := range poles {
		i := nearest(p, zeros)
		z := zeros[i]
		zeros = slices.Delete(zeros, i, i+1)
		sos = append(sos, Section{B0: 1, B1: z.c1, B2: z.c2, A1: p.c1, A2: p.c2})
	}
	sos = sos.ordered()
	sos[0].B0 *= gain
	sos[0].B1 *= gain
	sos[0].B2 *= gain
	return sos
}

// nearest returns the index of the zeros of the same order as p that are nearest to p. There is one, since both have as many of each order.
func nearest(p factor, zeros []factor) int {
	best, least := -1, math.Inf(1)
	for i, z := range zeros {
		if d := cmplx.Abs(p.at - z.at); z.first == p.first && (best < 0 || d < least) { // d is NaN where a cut-off leaves the range of float64
			best, least = i, d
		}
	}
	return best
}

// digitalZeros turns the zeros of the analog filter, those at 0 and those at infinity into factors. All are on the unit circle.
func (a analog) digitalZeros() []factor {
	var out []factor
	for _, z := range a.zeros.pairs {
		w := imag(z) // no filter in here has zeros off the imaginary axis
		re, im := (1-w)*(1+w)/(1+w*w), 2*w/(1+w*w)
		out = append(out, factor{c1: -2 * re, c2: 1, at: complex(re, math.Abs(im))})
	}
	// Two alike in one section: a wide band is then a low-pass and a high-pass, and no section in between has a gain far from 1.
	plus, minus := a.atZero, a.poles.count()-a.zeros.count()-a.atZero
	for ; plus >= 2; plus -= 2 {
		out = append(out, factor{c1: -2, c2: 1, at: 1})
	}
	for ; minus >= 2; minus -= 2 {
		out = append(out, factor{c1: 2, c2: 1, at: -1})
	}
	switch {
	case plus > 0 && minus > 0:
		out = append(out, factor{c2: -1, at: 1})
	case plus > 0:
		out = append(out, factor{c1: -1, at: 1, first: true})
	case minus > 0:
		out = append(out, factor{c1: 1, at: -1, first: true})
	}
	return out
}

func polesOf(r roots) []factor {
	var out []factor
	for _, s := range r.pairs {
		z := (1 + s) / (1 - s)
		out = append(out, factor{c1: -2 * real(z), c2: absSquare(1+s) / absSquare(1-s), at: complex(real(z), math.Abs(imag(z)))})
	}
	// A band filter has two real poles or none: those of the one real pole of a prototype of odd order.
	if len(r.reals) == 2 {
		p, q := (1+r.reals[0])/(1-r.reals[0]), (1+r.reals[1])/(1-r.reals[1])
		at := p
		if math.Abs(q) > math.Abs(p) {
			at = q
		}
		out = append(out, factor{c1: -(p + q), c2: p * q, at: complex(at, 0)})
	}
	if len(r.reals) == 1 {
		p := (1 + r.reals[0]) / (1 - r.reals[0])
		out = append(out, factor{c1: -p, at: complex(p, 0), first: true})
	}
	return out
}
