package recording

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// ErrLockHeld is returned by [FS.Lock] when another process holds the lock.
var ErrLockHeld = errors.New("lock is held by another process")

// OSFS returns the operating system's files.
func OSFS() FS { return osFS{} }

type osFS struct{}

func (osFS) Mkdir(path string) error { return os.Mkdir(path, 0o755) }

func (osFS) OpenFile(path string, flag int, perm fs.FileMode) (File, error) {
	f, err := openFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return &osFile{f}, nil
}

func (osFS) ReadFile(path string) ([]byte, error)       { return readFile(path) }
func (osFS) ReadDir(path string) ([]fs.DirEntry, error) { return os.ReadDir(path) }
func (osFS) Stat(path string) (fs.FileInfo, error)      { return os.Stat(path) }
func (osFS) Rename(oldPath, newPath string) error {
	return retryBusy(func() error { return os.Rename(oldPath, newPath) })
}

func (osFS) Remove(path string) error             { return retryBusy(func() error { return os.Remove(path) }) }
func (osFS) SyncDir(path string) error            { return syncDir(path) }
func (osFS) FreeSpace(path string) (int64, error) { return freeSpace(path) }

func (osFS) Lock(path string) (io.Closer, error) {
	if info, err := os.Lstat(path); err == nil {
		if err := checkRegular(path, info); err != nil {
			return nil, err
		}
	}
	l := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|noFollow), flock.SetPermissions(0o644))
	ok, err := l.TryLock()
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	if !ok {
		return nil, errors.Join(ErrLockHeld, l.Close())
	}
	return l, nil
}

// Locked looks with a shared lock, so that those who look do not see each other.
func (osFS) Locked(path string) (bool, error) {
	if info, err := os.Stat(path); err == nil {
		if err := checkRegular(path, info); err != nil {
			return false, err
		}
	}
	l := flock.New(path, flock.SetFlag(os.O_RDONLY))
	ok, err := l.TryRLock()
	err = errors.Join(err, l.Close())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return !ok && err == nil, err
}

type osFile struct{ f *os.File }

func (o *osFile) ReadAt(p []byte, off int64) (int, error)  { return o.f.ReadAt(p, off) }
func (o *osFile) WriteAt(p []byte, off int64) (int, error) { return o.f.WriteAt(p, off) }
func (o *osFile) Close() error                             { return o.f.Close() }
func (o *osFile) Truncate(size int64) error                { return o.f.Truncate(size) }
func (o *osFile) DataSync() error                          { return dataSync(o.f) }
func (o *osFile) Preallocate(off, n int64) error           { return preallocate(o.f, off, n) }
func (o *osFile) WriteBack(off, n int64, wait bool) error  { return writeBack(o.f, off, n, wait) }

func (o *osFile) At(path string) (bool, error) {
	own, err := o.f.Stat()
	if err != nil {
		return false, err
	}
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Stat(filepath.Dir(path)) // a folder that is gone is a disk that is away
		return false, err
	}
	return err == nil && os.SameFile(own, st), err
}

func (o *osFile) Size() (int64, error) {
	st, err := o.f.Stat()
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}
