package outfile

import (
	"os"
	"syscall"
)

// writeBack has the system begin to put a part of a file on the disk. It is a hint: what fails is told by the sync.
func writeBack(f *os.File, at, n int64) {
	const (
		write = 2 // SYNC_FILE_RANGE_WRITE
		page  = 4096
	)
	// The last page is left to the part that fills it.
	from, to := at&^(page-1), (at+n)&^(page-1)
	if to > from {
		_ = syscall.SyncFileRange(int(f.Fd()), from, to-from, write)
	}
}
