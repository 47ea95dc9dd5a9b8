package filter

import (
	"math"
	"math/cmplx"
	"slices"
)

// mostSwing is the largest swing of gain that the order of SciPy is kept with, as a natural logarithm: rounding takes ten of the sixteen digits then.
const mostSwing = 10 * math.Ln10

// ordered returns the sections in the order of SciPy, which they have, as long as that leaves digits enough. Wide band-stop filters of high order
// lose all of them in it, and are put into an order in which rounding does little harm: as the next section that one is taken for which the swing at
// the joint is least. The gain, which stands in the first section, does not move with it.
//
// What a section rounds off is about 2^-53 of the largest gain up to it, and what follows multiplies that: the swing of a joint is the product of the
// largest gain before and the largest gain after it.
func (s SOS) ordered(gain float64) SOS {
	angles := s.angles()
	curves := make([][]float64, len(s)) // ln |H| of each section
	for i, c := range s {
		curves[i] = make([]float64, len(angles))
		for k, half := range angles {
			curves[i][k] = max(math.Log(cmplx.Abs(SOS{c}.at(math.Sincos(half)))), -700)
		}
	}
	inTurn := newJoint(curves)
	worst := math.Inf(-1)
	for _, c := range curves {
		worst = max(worst, inTurn.swing(c))
		inTurn.pass(c)
	}
	if worst+math.Log(math.Abs(gain)) <= mostSwing { // the largest gain of the whole is 1
		return s
	}
	out, left, joint := make(SOS, 0, len(s)), slices.Clone(s), newJoint(curves)
	for len(left) > 0 {
		best, least := 0, math.Inf(1)
		for i, c := range curves {
			if v := joint.swing(c); v < least {
				best, least = i, v
			}
		}
		joint.pass(curves[best])
		out = append(out, left[best])
		left = slices.Delete(left, best, best+1)
		curves = slices.Delete(curves, best, best+1)
	}
	return out
}

// joint is a place in a cascade, with ln |H| of what is before and after it.
type joint struct{ before, after []float64 }

// newJoint is before all of the sections.
func newJoint(curves [][]float64) *joint {
	j := &joint{make([]float64, len(curves[0])), make([]float64, len(curves[0]))}
	for _, c := range curves {
		for k, v := range c {
			j.after[k] += v
		}
	}
	return j
}

// swing is that of the joint after a section that would be the next.
func (j *joint) swing(c []float64) float64 {
	most, rest := math.Inf(-1), math.Inf(-1)
	for k, v := range c {
		most, rest = max(most, j.before[k]+v), max(rest, j.after[k]-v)
	}
	return most + rest
}

// pass goes on behind a section.
func (j *joint) pass(c []float64) {
	for k, v := range c {
		j.before[k] += v
		j.after[k] -= v
	}
}

// angles are those halves of the angles from 0 to pi at which gains are compared: evenly spread ones and those of the poles.
func (s SOS) angles() []float64 {
	const even = 64
	var out []float64
	for i := range even {
		out = append(out, (float64(i)+0.5)/even*math.Pi/2)
	}
	for _, c := range s {
		if re := -c.A1 / 2; c.A2 > re*re {
			out = append(out, math.Atan2(math.Sqrt(c.A2-re*re), re)/2)
		}
	}
	return append(out, 1e-6, math.Pi/2-1e-6)
}
