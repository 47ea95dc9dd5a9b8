package correlate

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/scopelog/scopelog/analysis/internal/scipytest"
)

// TestOneTransform: a pair that is no longer than a block has one transform, as short as can be, and nothing is made for blocks; both ways
// give the same numbers.
func TestOneTransform(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ n, lag int }{{1, 1}, {2, 5}, {100, 99}, {1000, 30}, {3000, 3000}, {20000, 19999}, {30000, 20000}} {
		t.Run(fmt.Sprintf("samples=%d/lag=%d", c.n, c.lag), func(t *testing.T) {
			t.Parallel()
			u, v := scipytest.Signal("noise", c.n, 1), scipytest.Signal("offset", c.n, 2)
			one, blocks := mustNew(t, Options{MaxLag: c.lag, Workers: 2}), mustNew(t, Options{MaxLag: c.lag, Workers: 2})
			blocks.blocks.begin()
			mustAdd(t, one, u, v)
			mustAdd(t, blocks, u, v)
			got, want := mustResult(t, one), mustResult(t, blocks)
			if one.blocks.radix4 != nil || one.blocks.z != nil || one.blocks.sum != nil {
				t.Error("memory for blocks was taken")
			}
			largest := 0.0
			for _, x := range want.Values {
				largest = max(largest, math.Abs(x))
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12*largest)); diff != "" {
				t.Errorf("blocks and one transform (-blocks +one):\n%s", diff)
			}
		})
	}
}

func TestTransformOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name              string
		u, v, first, last int
		want              int
	}{
		{"all lags of 2^22", 1 << 22, 1 << 22, 1 - 1<<22, 1<<22 - 1, 1 << 23},
		{"one sample", 1, 1, 0, 0, 4},
		{"few lags", 1000, 1000, -24, 24, 1024},
		{"one more", 1000, 1000, -25, 25, 2048},
		{"to one side", 1000, 10, 0, 999, 1024},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := transformOf(c.u, c.v, c.first, c.last); got != c.want {
				t.Errorf("%d values, want %d", got, c.want)
			}
		})
	}
}
