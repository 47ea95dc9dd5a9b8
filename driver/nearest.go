package driver

import (
	"math/big"

	"github.com/scopelog/scopelog/units"
)

// Nearest returns the possible interval closest to want, and whether it is want itself. ok is false when the limit
// allows nothing.
func (l RateLimit) Nearest(want units.Interval) (got units.Interval, exact, ok bool) {
	var best *big.Rat
	for _, s := range l.Spans {
		i := s.nearest(want)
		d := new(big.Rat).Sub(i.Big(), want.Big())
		d.Abs(d)
		if best == nil || d.Cmp(best) < 0 {
			best, got, ok = d, i, true
		}
	}
	return got, ok && best.Sign() == 0, ok
}

func (s IntervalSpan) nearest(want units.Interval) units.Interval {
	if want.Cmp(s.First.Rational) <= 0 {
		return s.First
	}
	if want.Cmp(s.Last.Rational) >= 0 {
		return s.Last
	}
	if s.Step.IsZero() {
		return want
	}
	steps := new(big.Rat).Sub(want.Big(), s.First.Big())
	steps.Quo(steps, s.Step.Big())
	steps.Add(steps, big.NewRat(1, 2))
	n := new(big.Int).Quo(steps.Num(), steps.Denom())
	v := new(big.Rat).SetInt(n)
	v.Mul(v, s.Step.Big()).Add(v, s.First.Big())
	if v.Cmp(s.Last.Big()) > 0 || !v.Num().IsInt64() || !v.Denom().IsInt64() {
		return s.Last
	}
	return units.Interval{Rational: units.Rat(v.Num().Int64(), v.Denom().Int64())}
}
