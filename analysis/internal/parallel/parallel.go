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
// begin in order; which worker takes which is chance. Worker 0 is the caller's goroutine: with one worker, or one turn, everything runs there.
func For(workers, n int, turn func(worker, i int)) {
	workers = min(workers, n)
	if workers <= 1 {
		for i := range n {
			turn(0, i)
		}
		return
	}
	l := &loop{n: n, turn: turn}
	l.others.Add(workers - 1)
	for w := 1; w < workers; w++ {
		go l.other(w)
	}
	l.work(0)
	l.others.Wait()
}

// loop is one call of [For]. It is one value so that a call leaves little behind: operations make millions of them.
type loop struct {
	n      int
	turn   func(worker, i int)
	next   atomic.Int64
	others sync.WaitGroup
}

func (l *loop) work(worker int) {
	for i := int(l.next.Add(1)) - 1; i < l.n; i = int(l.next.Add(1)) - 1 {
		l.turn(worker, i)
	}
}

func (l *loop) other(worker int) {
	defer l.others.Done()
	l.work(worker)
}
