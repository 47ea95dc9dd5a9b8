package recording

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

func dataSync(f *os.File) error { return f.Sync() }

func preallocate(*os.File, int64, int64) error { return ErrNotSupported }

func writeBack(*os.File, int64, int64, bool) error { return nil }

// syncDir does nothing: NTFS journals its folders, and Windows has no call for it.
func syncDir(string) error { return nil }

func freeSpace(path string) (int64, error) {
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(p, &free, nil, nil); err != nil {
		return 0, os.NewSyscallError("GetDiskFreeSpaceEx", err)
	}
	return int64(free), nil
}

func isQuota(err error) bool {
	return errors.Is(err, windows.ERROR_DISK_FULL) || errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

// retryBusy repeats f for up to a second while a reader has the file open: an open or mapped file cannot be replaced or removed here.
func retryBusy(f func() error) error {
	for wait := time.Millisecond; ; wait *= 2 {
		err := f()
		if wait > 512*time.Millisecond || !errors.Is(err, windows.ERROR_SHARING_VIOLATION) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
			return err
		}
		time.Sleep(wait)
	}
}
