package export

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// fullDisk is a file on a disk that has room for so many bytes.
type fullDisk struct {
	io.WriterAt
	room int64
}

func (f *fullDisk) WriteAt(p []byte, at int64) (int, error) {
	n, err := f.take(p)
	if n, werr := f.WriterAt.WriteAt(p[:n], at); werr != nil {
		return n, werr
	}
	return n, err
}

func (f *fullDisk) take(p []byte) (int, error) {
	n := min(int64(len(p)), f.room)
	f.room -= n
	if n < int64(len(p)) {
		return int(n), &os.PathError{Op: "write", Path: "/some/.where.part", Err: syscall.ENOSPC}
	}
	return int(n), nil
}

// TestDiskFull fills the disk at several places of each format: the error says so without names that nobody asked for, and nothing is left behind.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	r := mixed(t)
	for _, ending := range Endings() {
		for _, room := range []int64{100, 200_000} {
			t.Run(ending+" "+plural(room, "byte"), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				// Of .npy and .f32 the second file fills the disk where the first one fits.
				o := Options{To: filepath.Join(dir, "x"+ending), Streams: analogs, limit: 60_000, sink: func(f io.WriterAt) io.WriterAt { return &fullDisk{f, room} }}
				if ending == ".mat" || ending == ".wav" {
					o.limit = 0
				}
				_, err := Run(t.Context(), r, o)
				switch {
				case err == nil || !errors.Is(err, syscall.ENOSPC) || !recording.NoSpace(err):
					t.Errorf("error %v", err)
				case !strings.Contains(err.Error(), "no space left on device") || strings.Contains(err.Error(), ".part"):
					t.Errorf("it says %q", err)
				}
				if left, _ := os.ReadDir(dir); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}
