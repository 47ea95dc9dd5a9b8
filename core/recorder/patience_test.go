package recorder

import (
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/recording"
)

// handClock is a pulse with a clock that a test moves.
type handClock struct {
	*pulse
	ns, looks atomic.Int64
}

func newHandClock() *handClock {
	h := &handClock{pulse: &pulse{}}
	h.ns.Store(int64(time.Hour))
	h.last = int64(time.Hour)
	h.mono = func() int64 {
		h.looks.Add(1)
		return h.ns.Load()
	}
	return h
}

// stop lets time pass in which the process does not run.
func (h *handClock) stop(t time.Duration) { h.ns.Add(int64(t)) }

// pass lets time pass in which it does.
func (h *handClock) pass(t time.Duration) {
	for ; t > 0; t -= beatEvery {
		h.beat()
		h.ns.Add(int64(min(t, beatEvery)))
	}
	h.beat()
}

func patienceRun(t *testing.T) *recording.Run {
	t.Helper()
	run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run.Close(recording.End{Reason: "stop"}); err != nil {
			t.Error(err)
		}
	})
	return run
}

// TestPatienceWhenStopped: who waits for hashes gives up after a time without any, in which the process ran.
func TestPatienceWhenStopped(t *testing.T) {
	t.Parallel()
	h := newHandClock()
	ctx, cancel := patience(patienceRun(t), h.pulse, 40*time.Millisecond)
	defer cancel()
	looks := func(n int64) {
		t.Helper()
		for till, end := h.looks.Load()+n, time.Now().Add(20*time.Second); h.looks.Load() < till && ctx.Err() == nil; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("nobody looks at the clock")
			}
		}
	}
	looks(1) // it has begun
	h.stop(10 * time.Minute)
	looks(10)
	h.beat()
	looks(10)
	if ctx.Err() != nil {
		t.Fatal("it gave up for a time in which the process was stopped")
	}
	h.pass(50 * time.Millisecond)
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
		t.Error("it does not give up")
	}
}

// TestRetryForWhenStopped: time in which the process was stopped is none in which syncs were tried again.
func TestRetryForWhenStopped(t *testing.T) {
	t.Parallel()
	h := newHandClock()
	given := 0
	s := &syncer{
		o: Options{
			Sync: time.Second, RetryFor: time.Minute, Run: patienceRun(t), Logger: hclog.NewNullLogger(),
			Failed: func(error) { given++ },
		},
		interval: time.Second, pulse: h.pulse,
	}
	s.free = sync.NewCond(&s.mu)
	fail := func() { s.finish(job{}, h.ns.Load(), recording.SyncResult{}, syscall.EIO) }
	fail()
	h.stop(time.Hour)
	fail()
	h.pass(59 * time.Second)
	fail()
	if given != 0 {
		t.Fatal("the run is given up for a time in which the process was stopped")
	}
	h.pass(2 * time.Second)
	if fail(); given != 1 {
		t.Errorf("given up %d times", given)
	}
}

// TestWriteAgainWhenStopped: nor is it time in which a write was tried again.
func TestWriteAgainWhenStopped(t *testing.T) {
	t.Parallel()
	faulty := &faultyFS{FS: recording.OSFS(), limit: 20_000, err: syscall.EIO}
	h, told, back := newHandClock(), make(chan error, 10), make(chan time.Duration, 10)
	r := newRig(t, Options{
		RetryFor: time.Minute, DiskFails: func(err error) { told <- err }, DiskWorks: func(away time.Duration) { back <- away },
	}, faulty, 1)
	// The clock of the machine goes on beside: the time from there to the hand clock's is one in which the process did not run.
	h.ns.Store(1 << 62)
	h.last = 0
	r.dev.pulse, r.dev.sync.pulse = h.pulse, h.pulse
	r.start(1<<20, recording.CauseNone)
	for range 50 {
		r.push(1000, 0)
	}
	select {
	case <-told:
	case <-time.After(20 * time.Second):
		t.Fatal("the write was given up at once")
	}
	faulty.written.Store(-1 << 40) // the disk is back
	select {
	case <-back:
	case <-time.After(20 * time.Second):
		t.Error("the write was given up for a time in which the process was stopped")
	}
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	if n := len(r.samples("A")); n != 50_000 {
		t.Errorf("%d samples", n)
	}
}
