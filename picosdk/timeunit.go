package picosdk

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/scopelog/scopelog/units"
)

// TimeUnit is the vendor's code of a unit of time.
type TimeUnit uint32

// The time units. All families number them alike.
const (
	Femtoseconds TimeUnit = iota
	Picoseconds
	Nanoseconds
	Microseconds
	Milliseconds
	Seconds
)

var unitFemtoseconds = [...]int64{1, 1e3, 1e6, 1e9, 1e12, 1e15}

// ErrInterval says that an interval cannot be written in the vendor's form: it is not above 0, or too long.
var ErrInterval = errors.New("the interval cannot be written in the library's time units")

// Femtoseconds is the length of one unit; 0 for an unknown code.
func (u TimeUnit) Femtoseconds() int64 {
	if int64(u) < int64(len(unitFemtoseconds)) {
		return unitFemtoseconds[u]
	}
	return 0
}

// String is the unit's symbol.
func (u TimeUnit) String() string {
	if int64(u) < int64(len(unitFemtoseconds)) {
		return [...]string{"fs", "ps", "ns", "us", "ms", "s"}[u]
	}
	return fmt.Sprintf("time unit %d", uint32(u))
}

// Interval is count units, exactly; 0 for an unknown code.
func (u TimeUnit) Interval(count uint32) units.Interval {
	if u.Femtoseconds() == 0 {
		return units.Interval{}
	}
	return units.Seconds(int64(count), 1e15/u.Femtoseconds())
}

// WholeInterval writes an interval as a whole number of units, for libraries that take a 32-bit count: in the smallest
// unit whose count is integral and fits. Where no unit holds it exactly, it is rounded in the smallest unit that fits,
// and exact is false. The error is [ErrInterval].
func WholeInterval(i units.Interval) (count uint32, unit TimeUnit, exact bool, err error) {
	if i.Sign() <= 0 {
		return 0, 0, false, fmt.Errorf("%v: %w", i, ErrInterval)
	}
	fs := new(big.Rat).Mul(i.Big(), big.NewRat(1e15, 1))
	fits := func(u TimeUnit) (n *big.Rat, ok bool) {
		n = new(big.Rat).Quo(fs, big.NewRat(u.Femtoseconds(), 1))
		return n, n.Cmp(big.NewRat(math.MaxUint32, 1)) <= 0
	}
	rounded := false
	for u := Femtoseconds; u <= Seconds; u++ {
		n, ok := fits(u)
		if !ok {
			continue
		}
		if n.IsInt() {
			return uint32(n.Num().Int64()), u, true, nil
		}
		if !rounded {
			rounded = true
			unit, count = u, uint32(min(max(roundRat(n), 1), math.MaxUint32))
		}
	}
	if !rounded {
		return 0, 0, false, fmt.Errorf("%v: %w", i, ErrInterval)
	}
	return count, unit, false, nil
}

// roundRat rounds a value above 0 to the nearest integer.
func roundRat(n *big.Rat) int64 {
	r := new(big.Rat).Add(n, big.NewRat(1, 2))
	return new(big.Int).Quo(r.Num(), r.Denom()).Int64()
}

// DoubleInterval writes an interval as a double, for libraries that take one: as a whole number of the smallest unit in
// which that is at most 2^53, else rounded in nanoseconds. The error is [ErrInterval].
func DoubleInterval(i units.Interval) (count float64, unit TimeUnit, err error) {
	if i.Sign() <= 0 {
		return 0, 0, fmt.Errorf("%v: %w", i, ErrInterval)
	}
	fs := new(big.Rat).Mul(i.Big(), big.NewRat(1e15, 1))
	for u := Picoseconds; u <= Seconds; u++ {
		n := new(big.Rat).Quo(fs, big.NewRat(u.Femtoseconds(), 1))
		if n.IsInt() && n.Num().IsInt64() && n.Num().Int64() <= 1<<53 {
			return float64(n.Num().Int64()), u, nil
		}
	}
	count, _ = fs.Quo(fs, big.NewRat(1e6, 1)).Float64()
	return count, Nanoseconds, nil
}

// FromDouble is the exact interval that a library means by a double: the simplest fraction of femtoseconds, with a
// denominator up to 1000, that the double cannot be told from; else the nearest whole femtosecond. The error is
// [ErrInterval].
func FromDouble(count float64, unit TimeUnit) (units.Interval, error) {
	v := new(big.Rat)
	if count <= 0 || v.SetFloat64(count) == nil || unit > Seconds {
		return units.Interval{}, fmt.Errorf("%v %v: %w", count, unit, ErrInterval)
	}
	v.Mul(v, big.NewRat(unit.Femtoseconds(), 1))
	tolerance := new(big.Rat).Quo(v, new(big.Rat).SetInt64(1<<50))
	for q := int64(1); q <= 1000; q++ {
		n := new(big.Rat).Mul(v, big.NewRat(q, 1))
		n.Add(n, big.NewRat(1, 2))
		p := new(big.Int).Quo(n.Num(), n.Denom())
		near := new(big.Rat).SetFrac(p, big.NewInt(q))
		if d := new(big.Rat).Sub(v, near); d.Abs(d).Cmp(tolerance) <= 0 && p.Sign() > 0 {
			return inFemtoseconds(near)
		}
	}
	n := new(big.Rat).Add(v, big.NewRat(1, 2))
	p := new(big.Int).Quo(n.Num(), n.Denom())
	if p.Sign() == 0 {
		p.SetInt64(1)
	}
	return inFemtoseconds(new(big.Rat).SetInt(p))
}

func inFemtoseconds(fs *big.Rat) (units.Interval, error) {
	s := fs.Quo(fs, big.NewRat(1e15, 1))
	if !s.Num().IsInt64() || !s.Denom().IsInt64() {
		return units.Interval{}, ErrInterval
	}
	r, err := units.NewRational(s.Num().Int64(), s.Denom().Int64())
	return units.Interval{Rational: r}, err
}
