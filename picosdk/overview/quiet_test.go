//go:build linux && cgo

package overview

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
)

// TestQuiet: between two polls others may call the library, and the loop waits for them.
func TestQuiet(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 1000, looptest.Lane{})
	r.fake.Script(t, nil, 0, 0, false)
	l := r.start(t)
	refused := errors.New("refused")
	for i := range 20 {
		err := l.Quiet(func() error {
			before := l.Counters().Polls
			for range 3 {
				time.Sleep(2 * r.cfg.PollInterval) // the time of several polls
			}
			if n := l.Counters().Polls; n > before+1 { // a call that was under way is counted when it has returned
				t.Errorf("%d polls while the loop was held", n-before)
			}
			if i%2 == 0 {
				return refused
			}
			return nil
		})
		if want := map[bool]error{true: refused}[i%2 == 0]; !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	for deadline, before := time.Now().Add(10*time.Second), l.Counters().Polls; l.Counters().Polls < before+3; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the loop does not go on")
		}
	}
	l.Stop()
	if result := wait(t, l); result.Reason != ReasonStopped {
		t.Errorf("result %+v", result)
	}
	never := func() error { t.Error("called"); return nil }
	if err := l.Quiet(never); !errors.Is(err, ErrEnded) {
		t.Errorf("after the end: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if err := l.Quiet(never); !errors.Is(err, ErrEnded) {
		t.Errorf("after Close: %v", err)
	}
}

// TestQuietLosesNothing: many hold the loop again and again while samples come, and it ends under them.
func TestQuietLosesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2, 1000, looptest.Lane{})
	r.fake.Script(t, steps(10, 200, 1, 500, 0, 77), 50, 0, true)
	l := r.start(t)
	var group sync.WaitGroup
	var inside sync.Mutex // two may hold at once, but only one calls
	for range 4 {
		group.Go(func() {
			for {
				err := l.Quiet(func() error {
					inside.Lock()
					defer inside.Unlock()
					return nil
				})
				if errors.Is(err, ErrEnded) {
					return
				}
				time.Sleep(100 * time.Microsecond)
			}
		})
	}
	result := r.finish(t, l)
	group.Wait()
	made := r.fake.Done(0)
	if result.Reason != ReasonAutoStopped || result.Samples != made || made < 30_000 {
		t.Errorf("result %+v, %d samples made", result, made)
	}
	r.judge.Compare(t, 1, looptest.Signals(1, made, 2))
}
