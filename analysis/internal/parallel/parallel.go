package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Workers returns n when it is positive, else the number of goroutines that run at the same time (GOMAXPROCS).
func Workers(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

// For calls turn(worker, i) once for each 0 <= i < n, with up to the given number of workers at the same time, and returns when all
// have returned. The numbers of workers are below workers and no two running turns have the same: each can own a work space. Turns
// begin in order; which worker takes which is chance. With one worker, or one turn, everything runs on the caller's goroutine.
func For(workers, n int, turn func(worker, i int)) {
	workers = min(workers, n)
	if workers <= 1 {
		for i := range n {
			turn(0, i)
		}
		return
	}
	var (
		next  atomic.Int64
		group sync.WaitGroup
	)
	for w := range workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				turn(w, i)
			}
		})
	}
	group.Wait()
}
