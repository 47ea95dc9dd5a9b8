//go:build linux && cgo

package overview

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/scopelog/scopelog/picosdk/internal/looptest"
	"github.com/scopelog/scopelog/shmring"
)

// TestRing: a ring that is not what the configuration says, or not to be had, is refused.
func TestRing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*testing.T, *rig)
		want   string
	}{
		{"other size", func(_ *testing.T, r *rig) { r.cfg.RingBytes++ }, "bytes, not"},
		{"no such lane", func(_ *testing.T, r *rig) { r.cfg.Streams[0].Lane = 5 }, "the ring has no lane 5"},
		{"other format", func(_ *testing.T, r *rig) { r.cfg.Streams[0].Format = Int8 }, "lane 0 is of kind 0, format 1, ratio 1; the stream of 0, 2, 1"},
		{"other kind", func(_ *testing.T, r *rig) { r.cfg.Streams[0].Kind, r.cfg.Ratio = Max, 4 }, "the stream of 2, 1, 4"},
		{"not open", func(_ *testing.T, r *rig) { r.cfg.RingFD = -1 }, "look at the ring"},
		{"not a ring", func(t *testing.T, r *rig) {
			f, err := os.CreateTemp(t.TempDir(), "ring")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			r.cfg.RingFD, r.cfg.RingBytes = int(f.Fd()), 0
		}, "not a ring"},
		{"not ready", func(_ *testing.T, r *rig) { r.ring.SetState(shmring.CoreClosed, 0) }, "ring is not ready"},
		{"a loop that holds no ring", func(_ *testing.T, r *rig) { r.cfg.After = &Loop{} }, "no open ring"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 1, 100, looptest.Lane{})
			tt.change(t, r)
			if l, err := Start(r.cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("loop %v, error %v, want %q", l, err, tt.want)
			}
		})
	}
}

// TestTwice: a ring has one producer.
func TestTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 100, looptest.Lane{})
	r.fake.Script(t, steps(10), 1, 0, true)
	l := r.start(t)
	var e *RingError
	if _, err := Start(r.cfg); !errors.As(err, &e) {
		t.Errorf("second loop: %v", err)
	}
	wait(t, l)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	l.Stop()
	if c := l.Counters(); c.Samples != 10 || c.Inputs[0] != 10 {
		t.Errorf("after Close: counters %+v", c)
	}
	if result := wait(t, l); result.Reason != ReasonAutoStopped {
		t.Errorf("after Close: %+v", result)
	}
}

// TestHang: a library that does not return holds up nobody but its own thread: waiting ends with its context, the ring tells of it.
func TestHang(t *testing.T) {
	t.Parallel()
	hang := 500 * time.Millisecond
	long := os.Getenv("SCOPELOG_LONG") == "1"
	if long {
		hang = 7 * time.Second
	}
	r := newRig(t, 1, 100, looptest.Lane{})
	r.fake.Script(t, []looptest.Step{{Samples: 10}, {Samples: 10, Sleep: hang}}, 1, 0, false)
	l := r.start(t)
	for deadline := time.Now().Add(10 * time.Second); l.Counters().Polls == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing is polled")
		}
	}
	l.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := l.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("wait: %v", err)
	}
	if long {
		if err := l.Close(); !errors.Is(err, ErrRunning) {
			t.Errorf("close: %v", err)
		}
	}
	if result := wait(t, l); result.Samples != 20 || result.Reason != ReasonStopped {
		t.Errorf("result %+v", result)
	}
	if c := l.Counters(); c.LongestPoll < hang {
		t.Errorf("counters %+v", c)
	}
	r.judge.Drain(t)
	r.judge.Compare(t, 0, looptest.Signals(0, 20, 2))
}

// TestGather: small deliveries close together become few batches, and none waits for long.
func TestGather(t *testing.T) {
	t.Parallel()
	r := newRig(t, 1, 1000, looptest.Lane{})
	r.cfg.PollInterval, r.cfg.Gather = 100*time.Microsecond, 50*time.Millisecond
	r.fake.Script(t, steps(1), 1500, 0, false)
	l := r.start(t)
	r.finish(t, l)
	if c := l.Counters(); c.Batches*4 > c.Deliveries || c.Deliveries != 1500 {
		t.Errorf("%d batches of %d deliveries", c.Batches, c.Deliveries)
	}
	stamps := r.judge.Spans[0]
	for i := 1; i < len(stamps); i++ {
		if stamps[i].TMonoNS <= stamps[i-1].TMonoNS {
			t.Errorf("batch %d is stamped %d, the one before %d", i, stamps[i].TMonoNS, stamps[i-1].TMonoNS)
		}
	}
}

// TestGatherStamps: however long a batch was gathered for, its stamp is not from before its last sample was taken. From these stamps the
// recorder concludes when samples were taken, and how many are missing.
func TestGatherStamps(t *testing.T) {
	t.Parallel()
	const interval = 10 * time.Microsecond
	r := newRig(t, 1, 100_000, looptest.Lane{})
	r.cfg.PollInterval, r.cfg.Gather = time.Millisecond, maxGather
	r.fake.Pace(interval)
	begin := monotonic(t)
	l := r.start(t)
	for deadline := time.Now().Add(10 * time.Second); l.Counters().Samples < 30_000 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	l.Stop()
	wait(t, l)
	r.judge.Drain(t)
	gathered := 0
	for _, s := range r.judge.Spans[0] {
		if least := begin + int64(s.First+s.Count)*int64(interval); s.TMonoNS < least {
			t.Errorf("samples up to %d are stamped %v before the last of them was taken", s.First+s.Count, time.Duration(least-s.TMonoNS))
		}
		if s.Count >= 1000 { // of some polls
			gathered++
		}
	}
	if c := l.Counters(); gathered == 0 || c.Batches >= c.Deliveries {
		t.Errorf("%d batches of %d deliveries", c.Batches, c.Deliveries)
	}
}

func monotonic(t *testing.T) int64 {
	t.Helper()
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
		t.Fatal(err)
	}
	return ts.Nano()
}

// TestTrickle: a library that has new samples at every poll does not keep the thread busy, nor Stop from coming to its end.
func TestTrickle(t *testing.T) {
	t.Parallel()
	r := newRig(t, 2, 100_000, looptest.Lane{})
	r.cfg.PollInterval = 10 * time.Millisecond
	r.fake.Pace(50 * time.Nanosecond)
	begin := time.Now()
	l := r.start(t)
	for deadline := begin.Add(10 * time.Second); l.Counters().Samples < 4_000_000; {
		r.judge.Skip(t)
		if time.Now().After(deadline) {
			t.Fatalf("counters %+v", l.Counters())
		}
	}
	l.Stop()
	result := wait(t, l)
	if result.Reason != ReasonStopped || !result.Drained || result.Samples != r.fake.Done(0) {
		t.Errorf("result %+v, delivered %d", result, r.fake.Done(0))
	}
	// Two a rest, and those that catch up after the thread had to wait for the processor, of which each brings a quarter of a rest's at least.
	if c, rests := l.Counters(), time.Since(begin)/r.cfg.PollInterval+1; c.Polls > 10*uint64(rests) {
		t.Errorf("%d polls in %d rests", c.Polls, rests)
	}
}
