package session

import (
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// sickness is what a disk does instead of an operation: it may wait, and an error is the answer. op is "mkdir", "open",
// "readfile", "stat", "rename", "remove", "syncdir", "space", "write", "read", "truncate", "sync", "preallocate" or "writeback",
// name the last element of the path.
type sickness func(op, name string) error

// sickDisk is the real files on a disk that can be made to fail or to stand still.
type sickDisk struct {
	recording.FS
	rule atomic.Pointer[sickness]
	hits atomic.Int64 // operations that the rule has answered or held up

	gen    atomic.Int64 // how often it was plugged in again
	mu     sync.Mutex
	synced map[string]int64 // bytes of files that were written, as far as they are safe; guarded by mu
}

func newSickDisk() *sickDisk { return &sickDisk{FS: recording.OSFS(), synced: map[string]int64{}} }

// pull takes the disk out: what is open is dead, and nothing is there.
func (d *sickDisk) pull() {
	d.fall(func(string, string) error { return syscall.ENODEV })
}

// plug puts it in again. Handles of before stay dead, and of what was not synced nothing is there.
func (d *sickDisk) plug() error {
	d.gen.Add(1)
	d.mu.Lock()
	defer d.mu.Unlock()
	for path, size := range d.synced {
		if info, err := os.Stat(path); err == nil && info.Size() > size {
			if err := os.Truncate(path, size); err != nil {
				return err
			}
		}
	}
	d.fall(nil)
	return nil
}

// note takes note of how much of a file is safe.
func (d *sickDisk) note(path string, size int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.synced[path] = size
}

// fall makes the disk sick; nil: well again.
func (d *sickDisk) fall(s sickness) {
	if s == nil {
		d.rule.Store(nil)
		return
	}
	d.rule.Store(&s)
}

func (d *sickDisk) check(op, path string) error {
	rule := d.rule.Load()
	if rule == nil {
		return nil
	}
	began := time.Now()
	err := (*rule)(op, filepath.Base(path))
	if err != nil || time.Since(began) > time.Millisecond {
		d.hits.Add(1)
	}
	return err
}

func (d *sickDisk) Mkdir(path string) error {
	if err := d.check("mkdir", path); err != nil {
		return err
	}
	return d.FS.Mkdir(path)
}

func (d *sickDisk) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	if err := d.check("open", path); err != nil {
		return nil, err
	}
	f, err := d.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	if flag&os.O_CREATE != 0 {
		d.note(path, 0)
	}
	return &sickFile{f, d, path, d.gen.Load()}, nil
}

func (d *sickDisk) ReadFile(path string) ([]byte, error) {
	if err := d.check("readfile", path); err != nil {
		return nil, err
	}
	return d.FS.ReadFile(path)
}

func (d *sickDisk) Stat(path string) (fs.FileInfo, error) {
	if err := d.check("stat", path); err != nil {
		return nil, err
	}
	return d.FS.Stat(path)
}

func (d *sickDisk) Rename(from, to string) error {
	if err := d.check("rename", to); err != nil {
		return err
	}
	err := d.FS.Rename(from, to)
	d.mu.Lock()
	defer d.mu.Unlock()
	if size, ok := d.synced[from]; ok && err == nil {
		d.synced[to] = size
		delete(d.synced, from)
	}
	return err
}

func (d *sickDisk) Remove(path string) error {
	if err := d.check("remove", path); err != nil {
		return err
	}
	return d.FS.Remove(path)
}

func (d *sickDisk) SyncDir(path string) error {
	if err := d.check("syncdir", path); err != nil {
		return err
	}
	return d.FS.SyncDir(path)
}

func (d *sickDisk) FreeSpace(path string) (int64, error) {
	if err := d.check("space", path); err != nil {
		return 0, err
	}
	return d.FS.FreeSpace(path)
}

type sickFile struct {
	recording.File
	disk *sickDisk
	path string
	gen  int64
}

// check is that of the disk; a handle of a disk that was pulled out is dead for good.
func (f *sickFile) check(op string) error {
	if f.gen != f.disk.gen.Load() {
		return syscall.EIO
	}
	return f.disk.check(op, f.path)
}

func (f *sickFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.check("read"); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, off)
}

// WriteAt writes a part of what it refuses, as a disk may: an odd number of bytes.
func (f *sickFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.check("write"); err != nil {
		n, _ := f.File.WriteAt(p[:len(p)/3|1&len(p)], off) // what it did write may be right or not: nothing is said of it
		return n, err
	}
	return f.File.WriteAt(p, off)
}

func (f *sickFile) Truncate(size int64) error {
	if err := f.check("truncate"); err != nil {
		return err
	}
	f.disk.mu.Lock()
	f.disk.synced[f.path] = min(f.disk.synced[f.path], size)
	f.disk.mu.Unlock()
	return f.File.Truncate(size)
}

func (f *sickFile) DataSync() error {
	if err := f.check("sync"); err != nil {
		return err
	}
	size, err := f.File.Size()
	if err == nil {
		err = f.File.DataSync()
	}
	if err == nil {
		f.disk.note(f.path, size)
	}
	return err
}

func (f *sickFile) Preallocate(off, n int64) error {
	if err := f.check("preallocate"); err != nil {
		return err
	}
	return f.File.Preallocate(off, n)
}

func (f *sickFile) WriteBack(off, n int64, wait bool) error {
	if err := f.check("writeback"); err != nil {
		return err
	}
	return f.File.WriteBack(off, n, wait)
}

// atOnce runs the cases of a test side by side: most of their time they wait.
func atOnce[C any](t *testing.T, cases []C, name func(C) string, run func(*testing.T, C)) {
	t.Helper()
	var wg sync.WaitGroup
	for _, c := range cases {
		wg.Go(func() { t.Run(name(c), func(t *testing.T) { run(t, c) }) })
	}
	wg.Wait()
}
