//go:build unix

package outfile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// lockPart locks a file that is not complete, until it is closed; errSwept: it is gone, or about to go. Where the file system has no locks there is
// none: nobody can take the file for abandoned there.
func lockPart(f *os.File) error {
	switch err := flock(f); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return errSwept
	case err != nil:
		return nil
	}
	mine, err := f.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(f.Name())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errSwept
	case err != nil:
		return err
	case !os.SameFile(mine, there):
		return errSwept
	}
	return nil
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
