package analyze

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

// besideEachOther does n things at the same time, as many as there are cores (GOMAXPROCS), begun in order, and returns when all have ended. The
// first error ends the others, and those that have not begun are not; of several errors the one of the first thing is returned. What m counts is
// told by the caller's goroutine, which does all by itself where there is one core or one thing.
func besideEachOther(ctx context.Context, n int, m *meter, do func(ctx context.Context, i int) error) error {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		for i := range n {
			if err := do(ctx, i); err != nil {
				return err
			}
		}
		return nil
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var (
		errs  = make([]error, n)
		next  atomic.Int64
		group sync.WaitGroup
		ended = make(chan struct{})
		news  chan struct{}
	)
	if m != nil {
		news = make(chan struct{}, 1)
		m.news = news
		defer func() { m.news = nil }()
	}
	for range workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if errs[i] = ctx.Err(); errs[i] == nil {
					errs[i] = do(ctx, i)
				}
				if errs[i] != nil {
					stop()
				}
			}
		})
	}
	go func() {
		group.Wait()
		close(ended)
	}()
	for {
		select {
		case <-news:
			m.say()
		case <-ended:
			m.say()
			return firstCause(errs)
		}
	}
}

// workersFor is how many goroutines may work for one of so many lanes, so that few lanes have all cores too.
func workersFor(lanes int) int { return max(1, runtime.GOMAXPROCS(0)/max(1, lanes)) }

// takeTurns lets lanes that are fed at the same time read the disk one after the other. One alone needs no turn, nor does it when others have gone.
func takeTurns(all []*lane) {
	var turn chan struct{}
	if len(all) > 1 {
		turn = make(chan struct{}, 1)
	}
	for _, l := range all {
		l.turn = turn
	}
}

// firstCause returns the first of several errors, and one of what was merely ended only where there is no other.
func firstCause(errs []error) error {
	var ended error
	for _, err := range errs {
		switch {
		case err == nil:
		case !errors.Is(err, context.Canceled):
			return err
		case ended == nil:
			ended = err
		}
	}
	return ended
}
