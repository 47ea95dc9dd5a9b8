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
	for i, s := range c.sections {
		y := s.atDC() * x
		c.state[i] = state{p: y - s.B0*x, q: s.B2*x - s.A2*y}
		x = y
	}
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
