package units

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// ErrOverflow says that a fraction does not fit two 64-bit integers.
var ErrOverflow = errors.New("the exact value does not fit 64 bits")

// Rational is an exact fraction of two 64-bit integers, always reduced, with a positive denominator. The zero
// value is 0. It is a value: copying is cheap and two equal fractions compare equal with ==, except that the
// zero value and NewRational(0, 1) are told apart by ==; use [Rational.Cmp] or [Rational.IsZero].
type Rational struct {
	num, den int64 // den 0 stands for 1, so that the zero value is 0/1
}

// NewRational returns num/den reduced. It returns ErrOverflow when den is 0 or the result does not fit.
func NewRational(num, den int64) (Rational, error) {
	if den == 0 {
		return Rational{}, fmt.Errorf("fraction %d/0: %w", num, ErrOverflow)
	}
	return fromBig(new(big.Rat).SetFrac64(num, den))
}

// Rat is NewRational for constants: it panics when the fraction is not representable.
func Rat(num, den int64) Rational {
	r, err := NewRational(num, den)
	if err != nil {
		panic(err)
	}
	return r
}

func fromBig(b *big.Rat) (Rational, error) {
	if !b.Num().IsInt64() || !b.Denom().IsInt64() {
		return Rational{}, ErrOverflow
	}
	if b.Sign() == 0 {
		return Rational{}, nil
	}
	return Rational{b.Num().Int64(), b.Denom().Int64()}, nil
}

// Big returns the value as a new big.Rat.
func (r Rational) Big() *big.Rat { return new(big.Rat).SetFrac64(r.num, r.Den()) }

// Num returns the reduced numerator.
func (r Rational) Num() int64 { return r.num }

// Den returns the reduced denominator, always above 0.
func (r Rational) Den() int64 {
	if r.den == 0 {
		return 1
	}
	return r.den
}

// IsZero tells whether the value is 0.
func (r Rational) IsZero() bool { return r.num == 0 }

// Sign returns -1, 0 or 1.
func (r Rational) Sign() int {
	switch {
	case r.num < 0:
		return -1
	case r.num > 0:
		return 1
	}
	return 0
}

// Float64 returns the nearest double.
func (r Rational) Float64() float64 {
	f, _ := r.Big().Float64()
	return f
}

// Cmp compares exactly: -1, 0 or 1.
func (r Rational) Cmp(o Rational) int { return r.Big().Cmp(o.Big()) }

// Mul returns r x o, or ErrOverflow.
func (r Rational) Mul(o Rational) (Rational, error) {
	return fromBig(new(big.Rat).Mul(r.Big(), o.Big()))
}

// Div returns r / o, or ErrOverflow, also when o is 0.
func (r Rational) Div(o Rational) (Rational, error) {
	if o.IsZero() {
		return Rational{}, fmt.Errorf("division by zero: %w", ErrOverflow)
	}
	return fromBig(new(big.Rat).Quo(r.Big(), o.Big()))
}

// Add returns r + o, or ErrOverflow.
func (r Rational) Add(o Rational) (Rational, error) {
	return fromBig(new(big.Rat).Add(r.Big(), o.Big()))
}

// Floor returns the largest integer that is not above r.
func (r Rational) Floor() int64 {
	q := r.num / r.Den()
	if r.num%r.Den() != 0 && r.num < 0 {
		q--
	}
	return q
}

// Round returns the nearest integer, halves away from zero.
func (r Rational) Round() int64 {
	two := new(big.Int).Lsh(big.NewInt(r.Den()), 1)
	n := new(big.Int).Lsh(new(big.Int).Abs(big.NewInt(r.num)), 1)
	n.Add(n, big.NewInt(r.Den()))
	n.Quo(n, two)
	if r.num < 0 {
		n.Neg(n)
	}
	return n.Int64()
}

// String prints the value exactly: as a decimal where that ends, else as "num/den".
func (r Rational) String() string {
	if digits, ok := decimalDigits(r.Den()); ok {
		s := r.Big().FloatString(digits)
		if strings.Contains(s, ".") {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
		return s
	}
	return fmt.Sprintf("%d/%d", r.num, r.Den())
}

// decimalDigits tells how many decimals a fraction with this denominator has, when it has an end.
func decimalDigits(den int64) (int, bool) {
	twos, fives := 0, 0
	for den%2 == 0 {
		den, twos = den/2, twos+1
	}
	for den%5 == 0 {
		den, fives = den/5, fives+1
	}
	return max(twos, fives), den == 1
}
