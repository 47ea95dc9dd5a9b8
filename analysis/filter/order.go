package filter

import (
	"math"
	"math/cmplx"
	"slices"
)

// ordered puts sections into an order in which rounding does little harm. What a section rounds off is about 2^-53 of the largest gain up to
// it, and what follows multiplies that: so the product of the largest gain before and the largest gain after each joint is kept small, by
// taking as the next section the one for which it is least. Wide band-stop filters of high order lose all digits in SciPy's order.
func (s SOS) ordered() SOS {
	angles := s.angles()
	curves := make([][]float64, len(s)) // ln |H| of each section
	before, after := make([]float64, len(angles)), make([]float64, len(angles))
	for i, c := range s {
		curves[i] = make([]float64, len(angles))
		for k, half := range angles {
			v := math.Log(cmplx.Abs(SOS{c}.at(math.Sincos(half))))
			curves[i][k] = max(v, -700)
			after[k] += curves[i][k]
		}
	}
	out := make(SOS, 0, len(s))
	left := slices.Clone(s)
	for len(left) > 0 {
		best, least := 0, math.Inf(1)
		for i := range left {
			most, rest := math.Inf(-1), math.Inf(-1)
			for k, v := range curves[i] {
				most, rest = max(most, before[k]+v), max(rest, after[k]-v)
			}
			if most+rest < least {
				best, least = i, most+rest
			}
		}
		for k, v := range curves[best] {
			before[k] += v
			after[k] -= v
		}
		out = append(out, left[best])
		left = slices.Delete(left, best, best+1)
		curves = slices.Delete(curves, best, best+1)
	}
	return out
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
