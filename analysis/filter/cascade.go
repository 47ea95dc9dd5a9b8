package filter

import "math"

// lap is how many samples go through all sections before the next do: few enough to stay in the first cache.
const lap = 1024

// tiny is where a state counts as 0. Silence would otherwise lead into numbers below the normal range, which are a hundred times slower.
const tiny = 1e-280

// state is what a section remembers, in transposed direct form II.
type state struct{ p, q float64 }

// cascade runs the sections of a filter and keeps their state. It does the same whatever lengths it is run over.
type cascade struct {
	sections SOS
	state    []state
	left     int // samples until states are next looked at; at fixed places of the stream, however it is cut
}

func newCascade(s SOS) cascade {
	return cascade{sections: append(SOS(nil), s...), state: make([]state, len(s)), left: lap}
}

func (c *cascade) reset() {
	clear(c.state)
	c.left = lap
}

// steady sets the state that the input x, the same for ever, leaves: scipy.signal.sosfilt_zi(sos) * x.
func (c *cascade) steady(x float64) {
	c.left = lap
	gain := 1.0
	for i, s := range c.sections {
		z := s.steady()
		c.state[i] = state{p: float64(float64(gain*z.p) * x), q: float64(float64(gain*z.q) * x)}
		gain *= s.atDC()
	}
}

// steady returns the state that an input of 1 leaves: scipy.signal.lfilter_zi(b, a). It solves
//
//	(1 + A1) p - q = B1 - A1 B0
//	A2 p + q = B2 - A2 B0
//
// by elimination with the larger coefficient of p as the pivot, in the steps of LAPACK.
func (s Section) steady() state {
	p, q, v := 1+s.A1, -1.0, s.B1-float64(s.A1*s.B0)
	r, t, w := s.A2, 1.0, s.B2-float64(s.A2*s.B0)
	if math.Abs(r) > math.Abs(p) {
		p, q, v, r, t, w = r, t, w, p, q, v
	}
	l := float64(r * (1 / p))
	second := (w - float64(l*v)) / (t - float64(l*q))
	return state{p: (v - float64(q*second)) / p, q: second}
}

// run filters n samples src[at], src[at+step], ... into the same places of dst, which may be src.
func (c *cascade) run(dst, src []float64, at, step, n int) {
	for n > 0 {
		m := min(n, c.left)
		in := src
		for i := 0; i < len(c.sections); {
			i += c.some(i, dst, in, at, step, m)
			in = dst
		}
		at += m * step
		n -= m
		c.left -= m
		if c.left == 0 {
			c.calm()
			c.left = lap
		}
	}
}

// some runs up to four sections from section i on, and returns how many.
func (c *cascade) some(i int, dst, src []float64, at, step, n int) int {
	s, t := c.sections[i:], c.state[i:]
	switch {
	case len(s) >= 4:
		run4((*[4]Section)(s), (*[4]state)(t), dst, src, at, step, n)
		return 4
	case len(s) == 3:
		run3((*[3]Section)(s), (*[3]state)(t), dst, src, at, step, n)
	case len(s) == 2:
		run2((*[2]Section)(s), (*[2]state)(t), dst, src, at, step, n)
	default:
		run1(&s[0], &t[0], dst, src, at, step, n)
	}
	return len(s)
}

// calm takes states that are next to nothing for nothing.
func (c *cascade) calm() {
	for i, s := range c.state {
		if math.Abs(s.p) < tiny && math.Abs(s.q) < tiny {
			c.state[i] = state{}
		}
	}
}
