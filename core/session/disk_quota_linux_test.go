package session

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// quotaDisk says that it has much room, and takes no more than some bytes of a run.
type quotaDisk struct {
	recording.FS
	bytes atomic.Int64 // 0: no end
}

func (d *quotaDisk) FreeSpace(string) (int64, error) { return 1 << 40, nil }

func (d *quotaDisk) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	f, err := d.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return &quotaFile{f, d, filepath.Dir(path)}, nil
}

// used is what the files of a run take, the reserve in its folder of logs too.
func (d *quotaDisk) used(dir string) (n int64) {
	for _, pattern := range []string{"*", ".*", "logs/reserve"} {
		names, _ := filepath.Glob(filepath.Join(dir, pattern)) // the pattern is right
		for _, name := range names {
			if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
				n += info.Size()
			}
		}
	}
	return n
}

type quotaFile struct {
	recording.File
	disk *quotaDisk
	dir  string
}

func (f *quotaFile) WriteAt(p []byte, off int64) (int, error) {
	if size, err := f.File.Size(); err == nil && off+int64(len(p)) > size {
		if most := f.disk.bytes.Load(); most > 0 && f.disk.used(f.dir)+off+int64(len(p))-size > most {
			return 0, syscall.EDQUOT
		}
	}
	return f.File.WriteAt(p, off)
}

// dropping is a run that drops its oldest segments, which are small.
func dropping(keep string) string {
	text := strings.Replace(header, `duration = "1s"`, "sync = \"100ms\"\n  rotate = \"64KiB\"", 1)
	text = strings.Replace(text, `disk { keep_free = "1MiB" }`, "disk {\n    keep_free = \""+keep+"\"\n    when_low = \"drop_oldest\"\n  }", 1)
	return text + strings.ReplaceAll(proof("cell", "QUOTA"), "100kS/s", "250kS/s")
}

// TestDropOldestByQuota: where a quota is used up to the last byte segments are dropped, although the disk says that it has room and run.json needs some
// to tell of it first.
func TestDropOldestByQuota(t *testing.T) {
	t.Parallel()
	l, disk := newLab(t), &quotaDisk{FS: recording.OSFS()}
	s := l.startOn(dropping("0B"), disk)
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 120_000 })
	disk.bytes.Store(disk.used(s.Dir()))
	l.until(s, func(st Status) bool { return st.Dropped > 0 })
	recorded := s.Status().Devices[0].Streams[0].Recorded
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > recorded+50_000 })
	disk.bytes.Store(0)
	s.Stop("stop")
	if sum := l.wait(s); sum.EndReason != "stop" || sum.Dropped == 0 {
		t.Error(describe(sum))
	}
}

// TestManyDrops: a look at the disk that has dropped as much as one may does not end the run.
func TestManyDrops(t *testing.T) {
	t.Parallel()
	l, disk := newLab(t), newSmallDisk(1<<40)
	s := l.startOn(dropping("1MiB"), disk)
	l.until(s, func(Status) bool {
		sealed := 0
		for _, g := range l.runFile(s.Dir()).Device("cell").Segments {
			if g.State == recording.StateSealed {
				sealed++
			}
		}
		return sealed > 3
	})
	for !s.disk.busy.CompareAndSwap(false, true) { // nobody else looks meanwhile
		time.Sleep(time.Millisecond)
	}
	disk.size.Store(1 << 20)
	s.checkDisk(1)
	disk.size.Store(1 << 40)
	s.disk.busy.Store(false)
	if err := s.diskError(); err != nil || s.dropped.Load() == 0 {
		t.Errorf("%d bytes were dropped, %v", s.dropped.Load(), err)
	}
	s.Stop("stop")
	if sum := l.wait(s); sum.EndReason != "stop" || sum.Lost {
		t.Error(describe(sum))
	}
}

// TestReserveIsLent and comes back, by no more than what was freed, until it is given back for good.
func TestReserveIsLent(t *testing.T) {
	t.Parallel()
	r := takeReserve(filepath.Join(t.TempDir(), "logs"), roomFS{recording.OSFS(), 8 << 20}, 0)
	size := func() int64 {
		info, err := os.Stat(r.path)
		if err != nil {
			return 0
		}
		return info.Size()
	}
	steps := []struct {
		name string
		do   func()
		want int64
	}{
		{"nothing is missing", func() { r.regain(1 << 30) }, 1 << 20},
		{"lent", func() { r.lend() }, 0},
		{"a part", func() { r.regain(1000) }, 1000},
		{"the rest", func() { r.regain(1 << 30) }, 1 << 20},
		{"for good", r.free, 0},
		{"no more", func() { r.regain(1 << 30) }, 0},
	}
	for _, c := range steps {
		if c.do(); size() != c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, size(), c.want)
		}
	}
}
