package recorder

import (
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// noSyncFS takes all writes, and while it is ill it makes no journal safe.
type noSyncFS struct {
	recording.FS
	ill atomic.Bool
}

func (f *noSyncFS) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	file, err := f.FS.OpenFile(path, flag, perm)
	if err != nil || !strings.Contains(path, ".journal-") {
		return file, err
	}
	return noSyncFile{file, f}, nil
}

type noSyncFile struct {
	recording.File
	fs *noSyncFS
}

func (f noSyncFile) DataSync() error {
	if f.fs.ill.Load() {
		return syscall.EIO
	}
	return f.File.DataSync()
}

// TestFailingSyncsAreSeen: the figures say so while nothing that is written becomes safe, and so does one event.
func TestFailingSyncsAreSeen(t *testing.T) {
	t.Parallel()
	disk := &noSyncFS{FS: recording.OSFS()}
	r := newRig(t, Options{RetryFor: time.Minute, Sync: 10 * time.Millisecond}, disk, 1)
	r.start(1<<20, recording.CauseNone)
	await := func(what string, done func(Stats) bool) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); !done(r.dev.Stats()); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal(what)
			}
		}
	}
	r.push(1000, 0)
	disk.ill.Store(true)
	await("the figures do not say that syncs fail", func(s Stats) bool { return errors.Is(s.DiskErr, syscall.EIO) && s.DiskNS != 0 })
	disk.ill.Store(false)
	await("the figures do not say that they work again", func(s Stats) bool { return s.DiskErr == nil })
	r.must(r.prod.Finish(nil))
	r.end()
	r.finish(recording.CauseNone)
	rec, err := recording.Open(r.run.Dir())
	r.must(err)
	events, err := rec.Events()
	r.must(err)
	n := int64(0)
	for _, e := range events {
		if e.Kind == recording.EventSyncFailed && strings.Contains(e.Text, "journal") {
			n += e.Count
		}
	}
	if n != 1 {
		t.Errorf("%d events", n)
	}
}
