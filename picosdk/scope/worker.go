package scope

import (
	"context"
	"runtime"
	"sync"
)

// worker makes all calls of a vendor library on one OS thread, one after another. A call that hangs holds up the
// others; those who wait for them leave when their contexts end.
type worker struct {
	jobs     chan func()
	quit     chan struct{}
	stopOnce sync.Once
	done     chan struct{}
}

func newWorker() *worker {
	w := &worker{jobs: make(chan func()), quit: make(chan struct{}), done: make(chan struct{})}
	go w.run()
	return w
}

func (w *worker) run() {
	runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
	defer close(w.done)
	for {
		select {
		case job := <-w.jobs:
			job()
		case <-w.quit:
			return
		}
	}
}

// stop ends the worker after the call that it is in.
func (w *worker) stop() { w.stopOnce.Do(func() { close(w.quit) }) }

// do runs f on the worker and returns what it returns, or the context's error when that ends first. Then f is not
// begun any more; when it has begun, it goes on, and undo is called on the worker with what it returned.
func do[T any](ctx context.Context, w *worker, f func() (T, error), undo func(T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	answers := make(chan answer) // not buffered: a taken answer is one that nobody has to undo
	job := func() {
		if ctx.Err() != nil {
			return
		}
		v, err := f()
		select {
		case answers <- answer{v, err}:
		case <-ctx.Done():
			if undo != nil {
				undo(v, err)
			}
		}
	}
	select {
	case w.jobs <- job:
	case <-ctx.Done():
		return none, ctx.Err()
	case <-w.quit:
		return none, errClosed
	}
	select {
	case a := <-answers:
		return a.v, a.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// try is do for calls without a result.
func (w *worker) try(ctx context.Context, f func() error) error {
	_, err := do(ctx, w, func() (struct{}, error) { return struct{}{}, f() }, nil)
	return err
}
