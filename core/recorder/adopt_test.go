package recorder

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// mortalFS is a disk whose journals take nothing any more once its process is dead, and of whose samples some reads fail.
type mortalFS struct {
	recording.FS
	dead  atomic.Bool
	reads atomic.Int64 // that still fail
}

func (f *mortalFS) OpenFile(path string, flag int, perm os.FileMode) (recording.File, error) {
	file, err := f.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return &mortalFile{file, f, strings.Contains(path, "journal"), strings.HasSuffix(path, recording.ExtData)}, nil
}

type mortalFile struct {
	recording.File
	fs            *mortalFS
	journal, data bool
}

func (f *mortalFile) WriteAt(p []byte, off int64) (int, error) {
	if f.journal && f.fs.dead.Load() {
		return 0, syscall.EIO
	}
	return f.File.WriteAt(p, off)
}

func (f *mortalFile) ReadAt(p []byte, off int64) (int, error) {
	if f.data && f.fs.reads.Add(-1) >= 0 {
		return 0, syscall.EIO
	}
	return f.File.ReadAt(p, off)
}

// orphan is a rig whose recorder has died behind n samples of which no line tells, and that another recorder has taken over.
func orphan(t *testing.T, fsys *mortalFS, n int, spoil func(dir string)) *rig {
	t.Helper()
	keep := func() json.RawMessage { return json.RawMessage(`{}`) }
	r := newRig(t, Options{Keep: keep}, fsys, 1)
	ring, err := shmring.NewHeap(shmring.Spec{Lanes: []shmring.LaneSpec{{
		SampleType: shmring.I16, IntervalNumFS: 1e9, IntervalDen: 1, Ratio: 1, Scale: 1, Capacity: 1 << 20,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	r.ring = ring
	if r.prod, err = ring.NewProducer(); err != nil {
		t.Fatal(err)
	}
	g := Generation{Ring: ring, Dead: make(chan struct{})}
	r.dev.Announce(g)
	fsys.dead.Store(true)
	ctx, kill := context.WithCancel(context.Background())
	r.out = make(chan Outcome, 1)
	go func() { r.out <- r.dev.Drain(ctx, g) }()
	r.push(n, 0)
	for end := time.Now().Add(time.Minute); r.dev.Stats().Streams[0].Recorded < int64(n); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is written")
		}
	}
	kill()
	<-r.out
	r.dev.Abandon()
	if err := r.run.Abandon(); err != nil {
		t.Log(err)
	}
	fsys.dead.Store(false)
	spoil(r.run.Dir())
	var a *Adoption
	res, err := recording.Resume(context.Background(), r.run.Dir(), recording.ResumeOptions{FS: fsys, Adopt: func(_ *recording.RunFile, _ string, was *recording.Adoptable, why error) bool {
		if why == nil {
			a, why = NewAdoption(ring, was, []string{"dev.A"})
		}
		if why != nil {
			t.Fatal(why)
		}
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := res.Run.AdoptDevice(r.info)
	if err != nil {
		t.Fatal(err)
	}
	r.run = res.Run
	r.dev = New(Options{
		Name: "dev", Writer: w, Run: r.run, Info: r.info, Clock: clock.NewSampler(nil), Keep: keep, Adopt: a, RetryFor: time.Minute,
		Failed: func(err error) { r.failed = append(r.failed, err) },
	})
	r.dev.mono = func() int64 { return math.MaxInt64 }
	go func() { r.out <- r.dev.Drain(context.Background(), a.Generation(make(chan struct{}))) }()
	return r
}

// TestReplayIsTriedAgain: a disk that cannot be read for a moment is not held against the plugin.
func TestReplayIsTriedAgain(t *testing.T) {
	t.Parallel()
	fsys := &mortalFS{FS: recording.OSFS()}
	r := orphan(t, fsys, 2000, func(string) { fsys.reads.Store(2) })
	r.push(1000, 0)
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	if out := r.end(); out.End != EndFinished {
		t.Errorf("outcome %+v", out)
	}
	if left := fsys.reads.Load(); left >= 0 {
		t.Errorf("%d reads did not fail", left)
	}
	r.finish(recording.CauseNone)
	if s := r.stream("dev.A"); s.Samples() != 3000 || len(s.Gaps()) != 0 {
		t.Errorf("%d samples, gaps %+v", s.Samples(), s.Gaps())
	}
}

// TestReplayOfLostFiles: samples that the ring had given up and the files do not hold are not the plugin's fault.
func TestReplayOfLostFiles(t *testing.T) {
	t.Parallel()
	r := orphan(t, &mortalFS{FS: recording.OSFS()}, 2000, func(dir string) {
		if err := os.Truncate(filepath.Join(dir, "dev.A"+recording.ExtData), 1000); err != nil {
			t.Fatal(err)
		}
	})
	out := r.end()
	if out.End != EndUnread || !errors.As(out.Fault, new(*recording.NotThereError)) || !strings.Contains(out.Fault.Error(), "the files do not hold") {
		t.Errorf("outcome %+v", out)
	}
	if s := r.dev.Stats().Streams[0]; s.Recorded != 500 {
		t.Errorf("%d samples, 500 are there", s.Recorded)
	}
	r.finish(recording.CauseCore)
}

// TestAdoptionTellsOfLoss: what the ring could not hold is known from its header, before anything of it is read.
func TestAdoptionTellsOfLoss(t *testing.T) {
	t.Parallel()
	r := orphan(t, &mortalFS{FS: recording.OSFS()}, 2000, func(string) {})
	a := r.dev.o.Adopt
	if a.Lost() {
		t.Error("nothing was lost")
	}
	if err := r.prod.Gap(0, 100, shmring.CauseUSB); err != nil {
		t.Fatal(err)
	}
	if !a.Lost() {
		t.Error("samples were lost")
	}
	r.push(1000, 0)
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	if s := r.stream("dev.A"); s.Samples() != 3000 || len(s.Gaps()) != 1 {
		t.Errorf("%d samples, gaps %+v", s.Samples(), s.Gaps())
	}
}
