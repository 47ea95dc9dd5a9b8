package picosdk

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/units"
)

// Refuse makes the error for a part of a request that cannot be met: the field of the configuration and the nearest possible value,
// as it would stand in a plan; "": there is none.
func Refuse(op, field, nearest, format string, args ...any) *driver.Error {
	e := driver.Errorf(driver.KindUnsupported, op, format, args...)
	e.Field, e.Nearest = field, nearest
	return e
}

// Quoted writes a value as it would stand in a plan.
func Quoted(v any) string { return `"` + strings.ReplaceAll(fmt.Sprint(v), " ", "") + `"` }

// Nearest returns the text with the longest common beginning; of equals the first, "" from an empty list. Spaces and case do not count.
func Nearest(want string, list []string) string {
	best, length := "", -1
	for _, s := range list {
		if n := CommonBeginning(s, want); n > length {
			best, length = s, n
		}
	}
	return best
}

// CommonBeginning is how many characters two texts have in common at their beginning, as [Plain] has them.
func CommonBeginning(a, b string) int {
	n := 0
	for a, b = Plain(a), Plain(b); n < len(a) && n < len(b) && a[n] == b[n]; {
		n++
	}
	return n
}

// Plain is a name without what does not count when names are compared: spaces and case.
func Plain(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }

// Samples turns a stretch into samples of an interval above 0. A time that is no whole number of them is rounded up; exact tells that
// it was not.
func Samples(s driver.Span, interval units.Interval) (n *big.Int, exact bool) {
	n = big.NewInt(s.Samples)
	if s.Samples != 0 || s.Time.IsZero() {
		return n, true
	}
	q := new(big.Rat).Quo(s.Time.Big(), interval.Big())
	n.Add(q.Num(), new(big.Int).Sub(q.Denom(), big.NewInt(1)))
	return n.Quo(n, q.Denom()), q.IsInt()
}
