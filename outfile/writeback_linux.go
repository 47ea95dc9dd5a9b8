package outfile

import (
	"os"
	"syscall"
)

// writeBack has the system begin to put what was written of a file on the disk. It is a hint: what fails is told by the sync.
func writeBack(f *os.File) {
	const write, toTheEnd = 2, 0 // SYNC_FILE_RANGE_WRITE
	_ = syscall.SyncFileRange(int(f.Fd()), 0, toTheEnd, write)
}
