package recorder

import (
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// TestOutageFillsTheRing: while writing fails the figures tell how full the ring is by now and what it has lost since, and each loss counts once in the end.
func TestOutageFillsTheRing(t *testing.T) {
	t.Parallel()
	faulty := &faultyFS{FS: recording.OSFS(), limit: 20_000, err: syscall.EIO}
	told, back := make(chan error, 10), make(chan time.Duration, 10)
	r := newRig(t, Options{
		RetryFor: time.Minute, DiskFails: func(err error) { told <- err }, DiskWorks: func(away time.Duration) { back <- away },
	}, faulty, 1)
	r.start(1<<17, recording.CauseNone)
	pushed := int64(0)
	push := func() {
		r.push(1000, 0)
		pushed += 1000
	}
	for len(told) == 0 {
		push()
	}
	for range 200 {
		push()
	}
	await := func(what string, done func(Stats) bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !done(r.dev.Stats()); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: %+v", what, r.dev.Stats())
			}
		}
	}
	lost := int64(r.prod.Lost(0))
	if lost == 0 {
		t.Fatal("nothing was lost")
	}
	await("while it is away", func(s Stats) bool {
		return s.DiskErr != nil && s.Fill > 0.9 && s.MaxFill > 0.9 && s.Streams[0].Lost == lost
	})
	faulty.written.Store(-1 << 40) // the disk is back
	<-back
	r.waitRoom()
	push() // brings the GAP
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	if s := r.dev.Stats().Streams[0]; s.Lost != lost || s.Recorded+s.Lost != pushed {
		t.Errorf("%+v of %d pushed, %d lost", s, pushed, lost)
	}
	r.verify()
}
