package recorder

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// TestMayRetry says which errors are waited out.
func TestMayRetry(t *testing.T) {
	closed := make(chan struct{})
	close(closed)
	for _, c := range []struct {
		name     string
		err      error
		full     bool // old segments are dropped
		stopping <-chan struct{}
		left     time.Duration
		want     bool
	}{
		{"an input/output error", fmt.Errorf("write: %w", syscall.EIO), false, nil, time.Minute, true},
		{"a disk that is gone", os.ErrNotExist, false, nil, time.Minute, true},
		{"a full disk", syscall.ENOSPC, false, nil, time.Minute, false},
		{"a full disk that is made room on", syscall.ENOSPC, true, nil, time.Minute, true},
		{"the run is stopped", syscall.EIO, false, closed, time.Minute, false},
		{"the patience is over", syscall.EIO, false, nil, -time.Second, false},
		{"the recording is closed", recording.ErrClosed, false, nil, time.Minute, false},
		{"samples that do not follow", fmt.Errorf("append: %w", &recording.IndexError{}), false, nil, time.Minute, false},
		{"indexes beyond what a run can hold", fmt.Errorf("append: %w", recording.ErrIndexRange), false, nil, time.Minute, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &Device{o: Options{RetryFull: c.full, Stopping: c.stopping}}
			if got := d.mayRetry(c.err, c.left); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// TestOutageIsSeen: while writing fails the figures say so and since when, and who wants to know is told once; so is he when it works again.
func TestOutageIsSeen(t *testing.T) {
	t.Parallel()
	faulty := &faultyFS{FS: recording.OSFS(), limit: 20_000, err: syscall.EIO}
	told := make(chan error, 10)
	back := make(chan time.Duration, 10)
	r := newRig(t, Options{
		RetryFor: time.Minute, DiskFails: func(err error) { told <- err }, DiskWorks: func(away time.Duration) { back <- away },
	}, faulty, 1)
	r.start(1<<20, recording.CauseNone)
	for range 50 {
		r.push(1000, 0)
	}
	if err := <-told; !errors.Is(err, syscall.EIO) {
		t.Errorf("told of %v", err)
	}
	if s := r.dev.Stats(); !errors.Is(s.DiskErr, syscall.EIO) || s.DiskNS == 0 {
		t.Errorf("figures %v since %d", s.DiskErr, s.DiskNS)
	}
	faulty.written.Store(-1 << 40) // the disk is back
	if away := <-back; away <= 0 {
		t.Errorf("it was away for %v", away)
	}
	if s := r.dev.Stats(); s.DiskErr != nil {
		t.Errorf("figures %v", s.DiskErr)
	}
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	if len(told) != 0 || len(back) != 0 {
		t.Errorf("told %d and %d times more", len(told), len(back))
	}
	kinds := map[recording.EventKind]int64{}
	rec, err := recording.Open(r.run.Dir())
	if err != nil {
		t.Fatal(err)
	}
	events, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		kinds[e.Kind] += e.Count
	}
	if kinds[recording.EventDiskFailed] != 1 || kinds[recording.EventDiskBack] != 1 {
		t.Errorf("events %v", kinds)
	}
}

// TestBreaksAreCut forgets what lies behind a place, and finds the rest.
func TestBreaksAreCut(t *testing.T) {
	var b breaks
	for _, p := range []place{{0, 0}, {100, 150}, {200, 300}} {
		b.add(p)
	}
	b.cut(100)
	b.add(place{80, 500})
	for device, want := range map[int64]place{79: {79, 1}, 100: {80, 0}, 500: {80, 1}, 510: {90, 1}} {
		stream, found := b.find(device)
		if stream != want.stream || found != (want.device == 1) {
			t.Errorf("device index %d: %d, %v", device, stream, found)
		}
	}
}
