package recorder

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// faultyFS fails writes of data files once limit bytes have been written, and delays syncs of journals.
type faultyFS struct {
	recording.FS
	limit     int64
	err       error
	written   atomic.Int64
	syncDelay atomic.Int64 // ns
}

func (f *faultyFS) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	file, err := f.FS.OpenFile(path, flag, perm)
	return &faultyFile{File: file, fs: f, data: strings.HasSuffix(path, recording.ExtData)}, err
}

type faultyFile struct {
	recording.File
	fs   *faultyFS
	data bool
}

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	if f.data && f.fs.limit > 0 {
		room := f.fs.limit - f.fs.written.Load()
		if room < int64(len(p)) {
			n, _ := f.File.WriteAt(p[:max(room, 0)/2*2], off)
			f.fs.written.Add(int64(n))
			return n, f.fs.err
		}
		f.fs.written.Add(int64(len(p)))
	}
	return f.File.WriteAt(p, off)
}

func (f *faultyFile) DataSync() error {
	if !f.data {
		time.Sleep(time.Duration(f.fs.syncDelay.Load())) // stands for a slow disk
	}
	return f.File.DataSync()
}

// TestDiskFull: what was written is sealed and valid, the rest is a loss with its exact number, the run is told.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
	}{{"no space", syscall.ENOSPC}, {"input/output error", syscall.EIO}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, Options{Limit: Limit{RawIndex: 60_000}}, &faultyFS{FS: recording.OSFS(), limit: 20_001, err: c.err}, 1)
			r.start(1<<20, recording.CauseNone)
			for range 50 {
				r.push(1000, 0)
			}
			if err := r.prod.Finish(nil); err != nil {
				t.Fatal(err)
			}
			if out := r.end(); out.End != EndFinished {
				t.Fatalf("outcome %+v", out)
			}
			if len(r.failed) != 1 || !errors.Is(r.failed[0], c.err) {
				t.Fatalf("told: %v", r.failed)
			}
			r.finish(recording.CauseNone)
			got := r.samples("A")
			contiguous(t, got, 0)
			st := r.dev.Stats().Streams[0]
			if st.Recorded != int64(len(got)) || st.Recorded+st.Lost != 50_000 || st.Recorded < 9000 {
				t.Errorf("%d in the file; %+v", len(got), st)
			}
			if g := r.stream("dev.A").Global().GapAfter; g == nil || g.Cause != recording.CauseDisk || !g.Exact || g.Lost != st.Lost {
				t.Errorf("gap behind the last sample: %+v", g)
			}
			r.verify()
		})
	}
}

// TestSlowSync: a sync that hangs loses nothing as long as the ring holds; the interval grows.
func TestSlowSync(t *testing.T) {
	t.Parallel()
	slow := &faultyFS{FS: recording.OSFS()}
	r := newRig(t, Options{Sync: 10 * time.Millisecond}, slow, 1)
	slow.syncDelay.Store(int64(300 * time.Millisecond))
	r.start(1<<22, recording.CauseNone)
	// 5000 deliveries are more descriptors than the queue of 4096 holds: it is given back early.
	for i := range 5000 {
		r.push(100, 0)
		if i%500 == 499 {
			r.waitRecorded(int64(i+1) * 100)
		}
	}
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	slow.syncDelay.Store(0)
	r.finish(recording.CauseNone)
	if n := len(r.samples("A")); n != 500_000 {
		t.Errorf("%d samples", n)
	}
	if got := r.run.Info().Sync.RealisedNS; got <= int64(10*time.Millisecond) {
		t.Errorf("the sync interval is still %v", time.Duration(got))
	}
	r.verify()
}

// TestRetry: writing that fails for a while is tried again; what the ring held meanwhile is not lost.
func TestRetry(t *testing.T) {
	t.Parallel()
	faulty := &faultyFS{FS: recording.OSFS(), limit: 20_000, err: syscall.EIO}
	r := newRig(t, Options{RetryFor: time.Minute}, faulty, 1)
	r.start(1<<20, recording.CauseNone)
	for range 50 {
		r.push(1000, 0)
	}
	time.AfterFunc(300*time.Millisecond, func() { faulty.written.Store(-1 << 40) }) // the disk is back
	if err := r.prod.Finish(nil); err != nil {
		t.Fatal(err)
	}
	r.end()
	r.finish(recording.CauseNone)
	if len(r.failed) != 0 {
		t.Errorf("told: %v", r.failed)
	}
	s := r.stream("dev.A") // the files may have been opened anew: then it is in two segments
	b := make([]byte, 2*50_000)
	if n, err := s.ReadAt(b, 0); n != 50_000 || err != nil || s.Samples() != 50_000 || len(s.Gaps()) != 0 {
		t.Fatalf("%d of %d samples, gaps %v, %v", n, s.Samples(), s.Gaps(), err)
	}
	got := make([]uint16, 50_000)
	for i := range got {
		got[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	contiguous(t, got, 0)
	r.verify()
}

// countingFS counts writes of data files.
type countingFS struct {
	recording.FS
	writes atomic.Int64
}

func (f *countingFS) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	file, err := f.FS.OpenFile(path, flag, perm)
	if err != nil || !strings.HasSuffix(path, recording.ExtData) {
		return file, err
	}
	return &countingFile{file, f}, nil
}

type countingFile struct {
	recording.File
	fs *countingFS
}

func (f *countingFile) WriteAt(p []byte, off int64) (int, error) {
	f.fs.writes.Add(1)
	return f.File.WriteAt(p, off)
}
