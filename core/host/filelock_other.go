//go:build !unix

package host

import (
	"fmt"
	"os"
)

// takeLock opens a file for this process alone: it cannot be removed while it is open.
func takeLock(path string, create bool) (*os.File, error) {
	flags := os.O_RDWR
	if create {
		flags |= os.O_CREATE
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	return f, nil
}

// isLocked would tell whether a host holds the lock in path: here none can be held.
func isLocked(path string) bool {
	_, err := os.Lstat(path)
	return err != nil
}
