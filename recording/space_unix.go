//go:build unix && !linux

package recording

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// dataSync flushes everything; on macOS that is F_FULLFSYNC.
func dataSync(f *os.File) error { return f.Sync() }

func preallocate(*os.File, int64, int64) error { return ErrNotSupported }

func writeBack(*os.File, int64, int64, bool) error { return nil }

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

func isQuota(err error) bool { return errors.Is(err, unix.EDQUOT) }

func retryBusy(f func() error) error { return f() }
