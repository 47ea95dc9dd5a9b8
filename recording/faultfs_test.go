package recording

import (
	"io"
	"io/fs"
	"path/filepath"
	"sync"
)

// faultFS is another file system, that of the operating system by default, with operations that fail on request. It never waits for a disk.
type faultFS struct {
	FS
	mu   sync.Mutex
	ops  int                                        // operations so far
	fail func(n int, op, name string) (error, bool) // the error of operation n, and whether half of a write is done first
	log  []string
	open int // files that are not closed
}

func newFaultFS(fail func(n int, op, name string) (error, bool)) *faultFS {
	return &faultFS{FS: OSFS(), fail: fail}
}

// set replaces the rule of failing.
func (f *faultFS) set(fail func(n int, op, name string) (error, bool)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = fail
}

func (f *faultFS) check(op, path string) (error, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.ops
	f.ops++
	name := filepath.Base(path)
	f.log = append(f.log, op+" "+name)
	if f.fail == nil {
		return nil, false
	}
	return f.fail(n, op, name)
}

func (f *faultFS) Mkdir(path string) error {
	if err, _ := f.check("mkdir", path); err != nil {
		return err
	}
	return f.FS.Mkdir(path)
}

func (f *faultFS) OpenFile(path string, flag int, perm fs.FileMode) (File, error) {
	if err, _ := f.check("open", path); err != nil {
		return nil, err
	}
	file, err := f.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	f.open++
	f.mu.Unlock()
	return &faultFile{file, f, path}, nil
}

func (f *faultFS) Rename(oldPath, newPath string) error {
	if err, _ := f.check("rename", newPath); err != nil {
		return err
	}
	return f.FS.Rename(oldPath, newPath)
}

func (f *faultFS) Remove(path string) error {
	if err, _ := f.check("remove", path); err != nil {
		return err
	}
	return f.FS.Remove(path)
}

func (f *faultFS) SyncDir(string) error {
	err, _ := f.check("syncdir", ".")
	return err
}

func (f *faultFS) Lock(path string) (io.Closer, error) { return f.FS.Lock(path) }

type faultFile struct {
	File
	fs   *faultFS
	path string
}

func (f *faultFile) WriteAt(p []byte, off int64) (int, error) {
	if err, half := f.fs.check("write", f.path); err != nil {
		n := 0
		if half {
			n, _ = f.File.WriteAt(p[:len(p)/2], off)
		}
		return n, err
	}
	return f.File.WriteAt(p, off)
}

func (f *faultFile) Close() error {
	f.fs.mu.Lock()
	f.fs.open--
	f.fs.mu.Unlock()
	return f.File.Close()
}

func (f *faultFile) Truncate(size int64) error {
	if err, _ := f.fs.check("truncate", f.path); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

func (f *faultFile) DataSync() error {
	err, _ := f.fs.check("sync", f.path)
	return err
}

func (f *faultFile) Preallocate(off, n int64) error {
	if err, _ := f.fs.check("preallocate", f.path); err != nil {
		return err
	}
	return f.File.Preallocate(off, n)
}

func (f *faultFile) WriteBack(off, n int64, wait bool) error {
	if err, _ := f.fs.check("writeback", f.path); err != nil {
		return err
	}
	return f.File.WriteBack(off, n, wait)
}

func (f *faultFile) ReadAt(p []byte, off int64) (int, error) {
	if err, _ := f.fs.check("read", f.path); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, off)
}
