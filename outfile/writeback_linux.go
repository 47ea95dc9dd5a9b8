package outfile

import (
	"os"
	"syscall"
)

// writeBack has the system begin to put a part of a file on the disk. It is a hint: what fails is told by the sync.
func writeBack(f *os.File, at, n int64) {
	const write = 2 // SYNC_FILE_RANGE_WRITE
	_ = syscall.SyncFileRange(int(f.Fd()), at, n, write)
}
