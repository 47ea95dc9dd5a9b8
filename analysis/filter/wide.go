package filter

import "math/big"

// wide is a complex number with more digits than complex128 has.
type wide struct{ re, im *big.Float }

func wideFrom(c complex128) wide {
	w := newWide()
	w.re.SetFloat64(real(c))
	w.im.SetFloat64(imag(c))
	return w
}

func newWide() wide { return wide{newReal(), newReal()} }

func (w wide) add(v wide) wide {
	s := newWide()
	s.re.Add(w.re, v.re)
	s.im.Add(w.im, v.im)
	return s
}

func (w wide) sub(v wide) wide {
	s := newWide()
	s.re.Sub(w.re, v.re)
	s.im.Sub(w.im, v.im)
	return s
}

func (w wide) mul(v wide) wide {
	p, q := newWide(), newWide()
	p.re.Sub(p.re.Mul(w.re, v.re), q.re.Mul(w.im, v.im))
	p.im.Add(p.im.Mul(w.re, v.im), q.im.Mul(w.im, v.re))
	return p
}

// div is w / v; v is not 0.
func (w wide) div(v wide) wide {
	square := v.mul(wide{v.re, new(big.Float).Neg(v.im)})
	p := w.mul(wide{v.re, new(big.Float).Neg(v.im)})
	p.re.Quo(p.re, square.re)
	p.im.Quo(p.im, square.re)
	return p
}

func (w wide) conj() wide { return wide{w.re, new(big.Float).Neg(w.im)} }

func (w wide) round() complex128 {
	re, _ := w.re.Float64()
	im, _ := w.im.Float64()
	return complex(re, im)
}
