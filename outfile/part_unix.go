//go:build unix

package outfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// lockPart locks a file that is not complete, until what it returns is closed; errSwept: it is gone, or about to go. Where the file system has no locks it returns nothing: nobody can
// take it for abandoned there.
func lockPart(f *os.File) (*os.File, error) {
	lock, err := os.OpenFile(f.Name(), os.O_RDWR, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errSwept
	case err != nil:
		return nil, err
	}
	switch err := flock(lock); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		_ = lock.Close()
		return nil, errSwept
	case err != nil:
		return nil, lock.Close()
	}
	mine, err1 := f.Stat()
	there, err2 := os.Stat(f.Name())
	if err1 != nil || err2 != nil || !os.SameFile(mine, there) {
		_ = lock.Close()
		return nil, errSwept
	}
	return lock, nil
}

// removeAbandoned removes a file unless somebody holds its lock.
func removeAbandoned(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0) // locks of network file systems need one that can be written
	if err != nil {
		return false
	}
	defer f.Close()
	return flock(f) == nil && os.Remove(path) == nil
}

// flock locks a whole file, and does not wait.
func flock(f *os.File) error {
	for {
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// syncFolder makes the names in a folder durable.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	// Some file systems cannot sync a folder and need not.
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, f.Close())
}
