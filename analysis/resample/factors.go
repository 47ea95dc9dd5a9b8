package resample

import (
	"fmt"
	"math/big"

	"github.com/scopelog/scopelog/units"
)

const (
	// MaxFactor is the largest factor, after reduction. Its filter takes 168 MB, a stream twice as much again.
	MaxFactor = 1 << 20
	// tapsPerFactor is how the length of the filter grows: 10 zeros of the sinc on each side.
	tapsPerFactor = 20
	// nearFactor bounds the factors that errors suggest, where a fraction of them is as near as nearEnough.
	nearFactor = 10000
	nearEnough = 1e-3
	// nearBest is how near a fraction of larger factors is not improved on: they make long filters.
	nearBest = 1e-6
)

// Factors returns the reduced factors that make samples of the rate from into samples of the rate to: to/from = up/down exactly. The
// error is [ErrRate] for a rate that is not above 0, and a [*FactorError], which names the nearest sensible fraction, where a factor
// is above [MaxFactor].
func Factors(from, to units.Rate) (up, down int, err error) {
	if from.Sign() <= 0 || to.Sign() <= 0 {
		return 0, 0, fmt.Errorf("resample from %v to %v: %w", from, to, ErrRate)
	}
	ratio := new(big.Rat).Quo(to.Big(), from.Big())
	up, down, err = reduced(ratio)
	if e, ok := err.(*FactorError); ok {
		e.NearRate = new(big.Rat).Mul(from.Big(), big.NewRat(int64(e.NearUp), int64(e.NearDown)))
	}
	return up, down, err
}

// reduced returns the terms of a positive fraction, or a *FactorError.
func reduced(ratio *big.Rat) (up, down int, err error) {
	limit := big.NewInt(MaxFactor)
	if ratio.Num().Cmp(limit) <= 0 && ratio.Denom().Cmp(limit) <= 0 {
		return int(ratio.Num().Int64()), int(ratio.Denom().Int64()), nil
	}
	e := &FactorError{Up: new(big.Int).Set(ratio.Num()), Down: new(big.Int).Set(ratio.Denom())}
	if ratio.Cmp(big.NewRat(1, 1)) > 0 {
		e.NearDown, e.NearUp = nearest(new(big.Rat).Inv(ratio))
	} else {
		e.NearUp, e.NearDown = nearest(ratio)
	}
	return 0, 0, e
}

// nearest returns a fraction near r, which is in (0, 1], and not 0: with a small denominator if that is good enough, else with
// one of at most MaxFactor.
func nearest(r *big.Rat) (num, den int) {
	best := approximate(r, nearFactor, 0)
	if apart(best, r) > nearEnough {
		best = approximate(r, MaxFactor, nearBest)
	}
	return int(best.Num().Int64()), int(best.Denom().Int64())
}

// apart is by what part of r the other fraction is off.
func apart(a, r *big.Rat) float64 {
	part, _ := new(big.Rat).Quo(distance(a, r), r).Float64()
	return part
}

// approximate returns the fraction next to r with a denominator of at most most and not 0: the last convergent of the continued
// fraction of r that fits, or the intermediate fraction after it where that is nearer; or the first convergent that is off by
// enough of r at most.
func approximate(r *big.Rat, most int64, enough float64) *big.Rat {
	p0, q0, p1, q1 := big.NewInt(0), big.NewInt(1), big.NewInt(1), big.NewInt(0)
	n, d := new(big.Int).Set(r.Num()), new(big.Int).Set(r.Denom())
	limit := big.NewInt(most)
	for d.Sign() != 0 {
		a, rest := new(big.Int).QuoRem(n, d, new(big.Int))
		q2 := new(big.Int).Add(q0, new(big.Int).Mul(a, q1))
		if q2.Cmp(limit) > 0 {
			break
		}
		p2 := new(big.Int).Add(p0, new(big.Int).Mul(a, p1))
		p0, q0, p1, q1 = p1, q1, p2, q2
		n, d = d, rest
		if c := new(big.Rat).SetFrac(p1, q1); c.Sign() > 0 && apart(c, r) <= enough {
			return c
		}
	}
	k := new(big.Int).Quo(new(big.Int).Sub(limit, q0), q1)
	between := new(big.Rat).SetFrac(new(big.Int).Add(p0, new(big.Int).Mul(k, p1)), new(big.Int).Add(q0, new(big.Int).Mul(k, q1)))
	best := new(big.Rat).SetFrac(p1, q1)
	if best.Sign() == 0 || d.Sign() != 0 && distance(between, r).Cmp(distance(best, r)) < 0 {
		best = between
	}
	return best
}

func distance(a, b *big.Rat) *big.Rat {
	d := new(big.Rat).Sub(a, b)
	return d.Abs(d)
}
