package longrun

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/scopelog/scopelog/recording"
)

// The classes of a run's files.
var classes = []string{"samples", "journals", "metadata", "tables", "overviews", "clock pairs", "events.jsonl", "run.json", "other"}

// classOf tells what class a file belongs to by its name, temporary names included.
func classOf(path string) int {
	name := filepath.Base(path)
	if strings.HasPrefix(name, ".") {
		name = strings.TrimSuffix(name[1:], ".tmp")
	}
	switch name {
	case recording.FileEvents:
		return 6
	case recording.FileRun:
		return 7
	}
	if strings.HasSuffix(name, recording.ExtAnnotations) {
		return 3
	}
	for i, ending := range []string{recording.ExtData, ".jsonl", recording.ExtMeta, recording.ExtCaptures, ".npy", ".csv"} {
		if strings.HasSuffix(name, ending) {
			return i
		}
	}
	return len(classes) - 1
}

// volume is what was written of one class.
type volume struct {
	grown   int64 // bytes by which files became longer
	written int64 // bytes of all writes
	largest int64 // the longest that a file was
	files   int64 // opened for writing
}

// meter is a file system that counts what is written, pretends to be of some size, and may leave syncs out.
type meter struct {
	recording.FS
	size   int64 // of the disk it pretends to be; 0: as it is
	noSync bool  // syncs do nothing
	holes  bool  // whole pages of zeros become holes

	mu  sync.Mutex
	vol [9]volume // by class; guarded by mu
	use map[string]int64
	sum int64
}

func newMeter(size int64) *meter {
	return &meter{FS: recording.OSFS(), size: size, use: map[string]int64{}}
}

// volumes returns what was written so far, by class.
func (m *meter) volumes() [9]volume {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.vol
}

// FreeSpace is what is left of the pretended size: the lengths of all files count as used.
func (m *meter) FreeSpace(path string) (int64, error) {
	if m.size == 0 {
		return m.FS.FreeSpace(path)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.size - m.sum, nil
}

// takes notes the length of a file. The caller holds mu.
func (m *meter) takes(path string, length int64) {
	m.sum += length - m.use[path]
	if length == 0 {
		delete(m.use, path)
		return
	}
	m.use[path] = length
}

// OpenFile opens a file whose writes are counted.
func (m *meter) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	f, err := m.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	mf := &meterFile{File: f, m: m, class: classOf(path), path: path}
	if flag&os.O_TRUNC == 0 {
		mf.length, err = f.Size()
	}
	if flag&os.O_CREATE != 0 {
		m.mu.Lock()
		m.vol[mf.class].files++
		m.mu.Unlock()
	}
	return mf, err
}

// Rename moves the length of a file to its new name.
func (m *meter) Rename(oldPath, newPath string) error {
	if err := m.FS.Rename(oldPath, newPath); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.use[oldPath]
	m.takes(oldPath, 0)
	m.takes(newPath, n)
	return nil
}

// Remove takes a file away.
func (m *meter) Remove(path string) error {
	err := m.FS.Remove(path)
	if err == nil {
		m.mu.Lock()
		m.takes(path, 0)
		m.mu.Unlock()
	}
	return err
}

// SyncDir makes a folder durable, unless syncs are left out.
func (m *meter) SyncDir(path string) error {
	if m.noSync {
		return nil
	}
	return m.FS.SyncDir(path)
}

// meterFile is an open file of a meter.
type meterFile struct {
	recording.File
	m      *meter
	class  int
	path   string
	length int64 // guarded by m.mu
}

func (f *meterFile) WriteAt(p []byte, off int64) (n int, err error) {
	if f.m.holes && f.class == 0 {
		n, err = f.sparse(p, off)
	} else {
		n, err = f.File.WriteAt(p, off)
	}
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	v := &f.m.vol[f.class]
	v.written += int64(n)
	if end := off + int64(n); end > f.length {
		v.grown += end - f.length
		f.length = end
		v.largest = max(v.largest, end)
		f.m.takes(f.path, end)
	}
	return n, err
}

func (f *meterFile) Truncate(size int64) error {
	err := f.File.Truncate(size)
	if err == nil {
		f.m.mu.Lock()
		defer f.m.mu.Unlock()
		v := &f.m.vol[f.class]
		v.grown += size - f.length
		f.length = size
		f.m.takes(f.path, size)
	}
	return err
}

func (f *meterFile) DataSync() error {
	if f.m.noSync {
		return nil
	}
	return f.File.DataSync()
}

func (f *meterFile) WriteBack(off, n int64, wait bool) error {
	if f.m.noSync || f.m.holes {
		return nil
	}
	return f.File.WriteBack(off, n, wait)
}

func (f *meterFile) Preallocate(off, n int64) error {
	if f.m.holes {
		return recording.ErrNotSupported
	}
	return f.File.Preallocate(off, n)
}

// sparse writes p, or leaves a hole where it is nothing but zeros behind the end of the file.
func (f *meterFile) sparse(p []byte, off int64) (int, error) {
	f.m.mu.Lock()
	end := f.length
	f.m.mu.Unlock()
	if off < end || !zero(p) {
		return f.File.WriteAt(p, off)
	}
	if err := f.File.Truncate(off + int64(len(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

var zeros [1 << 16]byte

func zero(p []byte) bool {
	for len(p) > 0 {
		n := min(len(p), len(zeros))
		if !bytes.Equal(p[:n], zeros[:n]) {
			return false
		}
		p = p[n:]
	}
	return true
}
