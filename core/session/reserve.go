package session

import (
	"os"
	"path/filepath"
	"sync"

	"github.com/scopelog/scopelog/recording"
)

// reserveBytes is kept on the disk for what sealing writes when the disk is full: journals, metadata, overviews. Of a small disk it is a part, one in
// reserveShare; what package recording preallocates of data files has a share of its own, which changes for other reasons.
const (
	reserveBytes = 4 << 20
	reserveShare = 8
	reserveLeast = 64 << 10
)

// reserve is a file that holds some space until it is needed. A disk without room for it records without.
type reserve struct {
	path string
	once sync.Once
}

// takeReserve writes the reserve into the run's logs folder, whose content is nobody's data. It is a small part of what the disk has beyond what
// the plan keeps free: it must not be what fills the disk.
func takeReserve(dir string, fsys recording.FS, keep int64) *reserve {
	r := &reserve{path: filepath.Join(dir, "reserve")}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return r
	}
	free, err := fsys.FreeSpace(dir)
	size := min(reserveBytes, (free-keep)/reserveShare)
	if err != nil || size < reserveLeast {
		return r
	}
	if err := os.WriteFile(r.path, make([]byte, size), 0o600); err != nil {
		r.free()
	}
	return r
}

// free gives the space back. It is idempotent, and does nothing on nil.
func (r *reserve) free() {
	if r != nil {
		r.once.Do(func() { _ = os.Remove(r.path) }) // a file that is not there is what is wanted
	}
}
