//go:build unix

package host

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// takeLock opens a file and locks it without waiting, making it when asked to. The lock falls when it is closed.
func takeLock(path string, create bool) (*os.File, error) {
	flags := os.O_RDWR
	if create {
		flags |= os.O_CREATE
	}
	f, err := os.OpenFile(path, flags|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	if err := flock(f, unix.LOCK_EX); err != nil {
		return nil, err
	}
	return f, nil
}

// isLocked tells whether a host holds the lock in path. Others that ask at the same time do not count, as they do for takeLock.
func isLocked(path string) bool {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return true
	}
	if flock(f, unix.LOCK_SH) != nil {
		return true
	}
	_ = f.Close() // nothing was written
	return false
}

// flock locks an open file, or closes it.
func flock(f *os.File, how int) error {
	if err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB); err != nil {
		f.Close()
		return fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	return nil
}
