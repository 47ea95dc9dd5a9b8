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

// reserve is a file that holds some space until it is needed. A disk without room for it records without. Its methods do nothing on nil.
type reserve struct {
	path string

	mu   sync.Mutex // guards what follows
	want int64      // bytes that it is to hold; 0: none any more
	have int64
}

// takeReserve writes the reserve into the run's logs folder, whose content is nobody's data. It is a small part of what the disk has beyond what
// the plan keeps free: it must not be what fills the disk. One that does not fit yet is regained from what is freed later.
func takeReserve(dir string, fsys recording.FS, keep int64) *reserve {
	r := &reserve{path: filepath.Join(dir, recording.FileReserve)}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return r
	}
	free, err := fsys.FreeSpace(dir)
	size := min(reserveBytes, (free-keep)/reserveShare)
	if r.want = max(size, reserveLeast); err != nil || size < reserveLeast {
		return r
	}
	if err := os.WriteFile(r.path, make([]byte, size), 0o600); err != nil {
		_ = os.Remove(r.path)
		return r
	}
	r.have = size
	return r
}

// free gives the space back for good. It is idempotent.
func (r *reserve) free() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = os.Remove(r.path) // a file that is not there is what is wanted
	r.want, r.have = 0, 0
}

// lend gives the space back until it is regained. It tells whether there was any.
func (r *reserve) lend() bool {
	if r == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.have == 0 || os.Remove(r.path) != nil {
		return false
	}
	r.have = 0
	return true
}

// regain takes space again after it was lent, room bytes at the most: no more than what has been freed, so that it is not what fills the disk.
func (r *reserve) regain(room int64) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(r.want-r.have, room)
	if n <= 0 {
		return
	}
	f, err := os.OpenFile(r.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return // the next segment that goes gives room again
	}
	k, _ := f.Write(make([]byte, n)) // what the disk takes of it
	_ = f.Close()
	r.have += int64(k)
}
