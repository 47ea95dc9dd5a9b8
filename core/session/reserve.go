package session

import (
	"os"
	"path/filepath"
	"sync"
)

// reserveBytes is kept on the disk for what sealing writes when the disk is full: journals, metadata, overviews.
const reserveBytes = 4 << 20

// reserve is a file that holds some space until it is needed. A disk without room for it records without.
type reserve struct {
	path string
	once sync.Once
}

// takeReserve writes the reserve into the run's logs folder, whose content is nobody's data.
func takeReserve(dir string) *reserve {
	r := &reserve{path: filepath.Join(dir, "reserve")}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return r
	}
	if err := os.WriteFile(r.path, make([]byte, reserveBytes), 0o600); err != nil {
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
