//go:build !race

package formula

import "testing"

func TestApplyAllocatesNothing(t *testing.T) {
	f := compileTest(t, "v > 0.5 ? sqrt(v) : max(v, 0.1) * 2")
	x := make([]float64, 4*chunk)
	if n := testing.AllocsPerRun(100, func() { f.Apply(x, x) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
