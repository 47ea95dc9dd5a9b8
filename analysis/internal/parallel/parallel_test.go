package parallel

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestForRunsEachTurnOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ workers, n int }{{1, 0}, {4, 0}, {1, 5}, {2, 1}, {2, 1000}, {8, 3}, {8, 1000}} {
		t.Run(fmt.Sprintf("workers=%d/turns=%d", c.workers, c.n), func(t *testing.T) {
			t.Parallel()
			got := make([]int, c.n)
			busy := make([]atomic.Bool, c.workers)
			For(c.workers, c.n, func(worker, i int) {
				if busy[worker].Swap(true) {
					t.Errorf("worker %d has two turns", worker)
				}
				got[i]++
				busy[worker].Store(false)
			})
			if diff := cmp.Diff(slices.Repeat([]int{1}, c.n), got); diff != "" {
				t.Errorf("turns (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWorkers(t *testing.T) {
	t.Parallel()
	if got := Workers(3); got != 3 {
		t.Errorf("Workers(3) = %d", got)
	}
	if got := Workers(0); got < 1 {
		t.Errorf("Workers(0) = %d", got)
	}
}
