package native

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/picosdk/scope"
)

// Count32 refuses what the 32-bit numbers of a library do not hold.
func Count32(what string, n int64) error {
	if n < 0 || n > math.MaxInt32 {
		return fmt.Errorf("%s of %d: the library counts from 0 to %d", what, n, math.MaxInt32)
	}
	return nil
}

// Span32 is how much a library with 32-bit numbers is told of a run around its trigger. It is never told to stop behind that: its own
// stop is bound to the unit's memory, and the loop can do it to the sample. So the second number only tells it how much to expect.
func Span32(plan scope.RunPlan) (pre, post uint32) {
	part := plan.Parts[0]
	return uint32(min(plan.Pre, math.MaxInt32)), uint32(min(max(plan.Post, int64(part.Samples)*part.Ratio), math.MaxInt32))
}

// SweepEnd is the last phase of a sweep of so many steps, where phases are those of begin, end and step: a whole number of steps
// from its beginning, which the library would otherwise stop short of when a step was rounded up.
func SweepEnd(phases [3]uint32, steps float64) uint32 {
	whole := math.Trunc(steps + math.Copysign(1e-9, steps))
	return uint32(min(max(float64(phases[0])+whole*float64(phases[2]), 1), math.MaxUint32))
}
