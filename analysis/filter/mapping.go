package filter

import (
	"math"
	"math/cmplx"
)

// mapping takes the analog low-pass with a cut-off of 1 to an analog filter of the band. Frequencies are prewarped, tan(pi f / rate).
type mapping struct {
	band          Band
	low, high     float64 // high, width and center are for bands with two cut-offs
	width, center float64 // high - low, sqrt(low * high)
}

// analog is a filter gain * s^atZero * prod(s - zeros) / prod(s - poles); with poles that are more than zeros it has zeros at infinity.
type analog struct {
	zeros, poles roots
	atZero       int
	gain         float64
}

// apply substitutes s/low, low/s, (s^2 + center^2)/(width s) or width s/(s^2 + center^2) for s, as lp2lp_zpk, lp2hp_zpk, lp2bp_zpk and
// lp2bs_zpk of scipy.signal do.
func (m mapping) apply(p prototype) analog {
	degree := p.poles.count() - p.zeros.count()
	switch m.band {
	case HighPass:
		return analog{
			zeros: p.zeros.inverted(m.low), poles: p.poles.inverted(m.low), atZero: degree,
			gain: p.gain * p.zeros.productOfNegated() / p.poles.productOfNegated(),
		}
	case BandPass:
		return analog{
			zeros: m.split(p.zeros.scaled(m.width / 2)), poles: m.split(p.poles.scaled(m.width / 2)), atZero: degree,
			gain: p.gain * math.Pow(m.width, float64(degree)),
		}
	case BandStop:
		a := analog{
			zeros: m.split(p.zeros.inverted(m.width / 2)), poles: m.split(p.poles.inverted(m.width / 2)),
			gain: p.gain * p.zeros.productOfNegated() / p.poles.productOfNegated(),
		}
		for range degree {
			a.zeros.pairs = append(a.zeros.pairs, complex(0, m.center))
		}
		return a
	default:
		return analog{zeros: p.zeros.scaled(m.low), poles: p.poles.scaled(m.low), gain: p.gain * math.Pow(m.low, float64(degree))}
	}
}

// split returns both solutions r +- sqrt(r^2 - center^2) for every root.
func (m mapping) split(r roots) roots {
	var out roots
	c2 := m.center * m.center
	for _, p := range r.pairs {
		far := m.farther(p)
		out.pairs = append(out.pairs, far, complex(c2, 0)/far)
	}
	for _, p := range r.reals {
		if far := m.farther(complex(p, 0)); math.Abs(p) < m.center {
			out.pairs = append(out.pairs, far)
		} else {
			out.reals = append(out.reals, real(far), c2/real(far))
		}
	}
	return out
}

// farther is the solution that is farther from 0. The other is center^2 over it, which does not cancel as the difference would.
func (m mapping) farther(r complex128) complex128 {
	c := complex(m.center, 0)
	root := cmplx.Sqrt((r - c) * (r + c))
	if cmplx.Abs(r-root) > cmplx.Abs(r+root) {
		return r - root
	}
	return r + root
}

// back returns the angles pi f / rate at which the digital filter has the response of the prototype at w >= 0.
func (m mapping) back(w float64) []float64 {
	switch m.band {
	case HighPass:
		return []float64{math.Atan2(m.low, w)}
	case BandPass:
		h := (w*m.width + math.Hypot(w*m.width, 2*m.center)) / 2
		return []float64{math.Atan(m.center * (m.center / h)), math.Atan(h)}
	case BandStop:
		h := (m.width + math.Hypot(m.width, 2*m.center*w)) / 2 // times 1/w, which may be infinite
		return []float64{math.Atan(m.center * (m.center * w / h)), math.Atan2(h, w)}
	default:
		return []float64{math.Atan(w * m.low)}
	}
}
