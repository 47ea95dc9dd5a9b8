package plan

import (
	"encoding/json"
	"math/big"
	"regexp"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/scopelog/scopelog/units"
)

// plainNumber is a decimal or a fraction, as a text.
var plainNumber = regexp.MustCompile(`^[+-]?(\d{1,18}/\d{1,18}|\d{1,40}(\.\d{0,40})?([eE][+-]?\d{1,3})?)$`)

// rationalOf returns a number, or the number that a text holds, as an exact fraction. HCL computes with 512 bits:
// what it holds for 0.1 or 1/3 is taken as the simplest fraction that it stands for.
func rationalOf(v cty.Value) (units.Rational, bool) {
	if v.IsNull() || !v.IsKnown() {
		return units.Rational{}, false
	}
	switch v.Type() {
	case cty.Number:
		f := v.AsBigFloat()
		if f.IsInf() || f.MantExp(nil) > 64 || f.MantExp(nil) < -128 {
			return units.Rational{}, f.Sign() == 0
		}
		exact, _ := f.Rat(nil)
		return fraction(simplest(exact))
	case cty.String:
		s := strings.TrimSpace(v.AsString())
		if !plainNumber.MatchString(s) {
			return units.Rational{}, false
		}
		exact, ok := new(big.Rat).SetString(s)
		if !ok {
			return units.Rational{}, false
		}
		return fraction(exact)
	}
	return units.Rational{}, false
}

// fraction returns b as a Rational if it fits.
func fraction(b *big.Rat) (units.Rational, bool) {
	if b == nil || !b.Num().IsInt64() || !b.Denom().IsInt64() {
		return units.Rational{}, false
	}
	r, err := units.NewRational(b.Num().Int64(), b.Denom().Int64())
	return r, err == nil
}

// closeness is how near a fraction must come to count as the value: far above the rounding of 512 bits, far below
// any difference between fractions of 64 bits.
var closeness = new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 400))

// simplest returns the first convergent of x's continued fraction that is x but for rounding; x itself when there
// is none of 64 bits.
func simplest(x *big.Rat) *big.Rat {
	limit := new(big.Rat).Mul(closeness, new(big.Rat).Abs(x))
	p0, q0, p1, q1 := big.NewInt(0), big.NewInt(1), big.NewInt(1), big.NewInt(0)
	rest := new(big.Rat).Set(x)
	for range 100 {
		whole := new(big.Int).Div(rest.Num(), rest.Denom()) // floor: the denominator is above 0
		p0, p1 = p1, new(big.Int).Add(new(big.Int).Mul(whole, p1), p0)
		q0, q1 = q1, new(big.Int).Add(new(big.Int).Mul(whole, q1), q0)
		if !p1.IsInt64() || !q1.IsInt64() {
			return x
		}
		c := new(big.Rat).SetFrac(p1, q1)
		if d := new(big.Rat).Sub(c, x); d.Abs(d).Cmp(limit) <= 0 {
			return c
		}
		rest.Sub(rest, new(big.Rat).SetInt(whole))
		if rest.Sign() == 0 {
			return c
		}
		rest.Inv(rest)
	}
	return x
}

// numberText is a number for JSON: a number where decimals can say it, else the fraction as a text.
func numberText(r units.Rational) any {
	s := r.String()
	if strings.Contains(s, "/") {
		return s
	}
	return json.Number(s)
}

// scaleVoltage multiplies or divides a voltage by a probe's factor, rounded to nanovolts and saturated.
func scaleVoltage(v units.Voltage, probe units.Rational, divide bool) units.Voltage {
	if probe.Sign() <= 0 {
		return v
	}
	x := new(big.Rat).SetInt64(int64(v))
	if divide {
		x.Quo(x, probe.Big())
	} else {
		x.Mul(x, probe.Big())
	}
	return roundVoltage(x)
}

func roundVoltage(x *big.Rat) units.Voltage {
	half := big.NewRat(1, 2)
	if x.Sign() < 0 {
		half.Neg(half)
	}
	x = new(big.Rat).Add(x, half)
	n := new(big.Int).Quo(x.Num(), x.Denom())
	switch {
	case n.IsInt64():
		return units.Voltage(n.Int64())
	case n.Sign() < 0:
		return -maxInt
	}
	return maxInt
}

// bigFloor returns how often b goes into a; both are above 0.
func bigFloor(a, b units.Interval) *big.Int {
	q := new(big.Rat).Quo(a.Big(), b.Big())
	return new(big.Int).Quo(q.Num(), q.Denom())
}
