package recording

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// memOp is one operation that changed a memFS.
type memOp struct {
	kind     string // create, write, truncate, sync, rename, remove, syncdir
	path, to string
	node     int
	off      int64
	data     []byte
}

// memFS is a file system in memory that remembers all operations, so that a test can ask what a disk holds after a power cut at any of them.
type memFS struct {
	mu    sync.Mutex
	names map[string]int // path to node
	nodes []*memNode
	dirs  map[string]bool
	locks map[string]bool
	ops   []memOp
	log   bool
}

type memNode struct {
	data []byte
}

func newMemFS() *memFS {
	return &memFS{names: map[string]int{}, dirs: map[string]bool{"/": true}, locks: map[string]bool{}}
}

func (m *memFS) note(op memOp) {
	if m.log {
		m.ops = append(m.ops, op)
	}
}

func pathError(op, path string, err error) error { return &fs.PathError{Op: op, Path: path, Err: err} }

func (m *memFS) Mkdir(path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dirs[path] {
		return pathError("mkdir", path, fs.ErrExist)
	}
	if !m.dirs[filepath.Dir(path)] {
		return pathError("mkdir", path, fs.ErrNotExist)
	}
	m.dirs[path] = true
	return nil
}

func (m *memFS) OpenFile(path string, flag int, _ fs.FileMode) (File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, ok := m.names[path]
	switch {
	case ok && flag&os.O_EXCL != 0:
		return nil, pathError("open", path, fs.ErrExist)
	case !ok && flag&os.O_CREATE == 0:
		return nil, pathError("open", path, fs.ErrNotExist)
	case !ok:
		n = m.add(path, nil)
		m.note(memOp{kind: "create", path: path, node: n})
	case flag&os.O_TRUNC != 0 && len(m.nodes[n].data) > 0:
		m.nodes[n].data = nil
		m.note(memOp{kind: "truncate", path: path, node: n})
	}
	return &memFile{m: m, node: n, path: path, readOnly: flag&(os.O_RDWR|os.O_WRONLY) == 0}, nil
}

func (m *memFS) add(path string, data []byte) int {
	m.nodes = append(m.nodes, &memNode{data})
	m.names[path] = len(m.nodes) - 1
	return len(m.nodes) - 1
}

func (m *memFS) ReadFile(path string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, ok := m.names[path]
	if !ok {
		return nil, pathError("open", path, fs.ErrNotExist)
	}
	return bytes.Clone(m.nodes[n].data), nil
}

type memInfo struct {
	name string
	size int64
	dir  bool
}

func (i memInfo) Name() string               { return i.name }
func (i memInfo) Size() int64                { return i.size }
func (i memInfo) Mode() fs.FileMode          { return i.Type() | 0o644 }
func (i memInfo) ModTime() time.Time         { return time.Time{} }
func (i memInfo) IsDir() bool                { return i.dir }
func (i memInfo) Sys() any                   { return nil }
func (i memInfo) Info() (fs.FileInfo, error) { return i, nil }
func (i memInfo) Type() fs.FileMode {
	if i.dir {
		return fs.ModeDir
	}
	return 0
}

func (m *memFS) ReadDir(path string) ([]fs.DirEntry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.dirs[path] {
		return nil, pathError("open", path, fs.ErrNotExist)
	}
	var list []fs.DirEntry
	for p, n := range m.names {
		if filepath.Dir(p) == path {
			list = append(list, memInfo{name: filepath.Base(p), size: int64(len(m.nodes[n].data))})
		}
	}
	for p := range m.dirs {
		if p != path && filepath.Dir(p) == path {
			list = append(list, memInfo{name: filepath.Base(p), dir: true})
		}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

func (m *memFS) Stat(path string) (fs.FileInfo, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n, ok := m.names[path]; ok {
		return memInfo{name: filepath.Base(path), size: int64(len(m.nodes[n].data))}, nil
	}
	if m.dirs[path] {
		return memInfo{name: filepath.Base(path), dir: true}, nil
	}
	return nil, pathError("stat", path, fs.ErrNotExist)
}

func (m *memFS) Rename(oldPath, newPath string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, ok := m.names[oldPath]
	if !ok {
		return pathError("rename", oldPath, fs.ErrNotExist)
	}
	delete(m.names, oldPath)
	m.names[newPath] = n
	m.note(memOp{kind: "rename", path: oldPath, to: newPath, node: n})
	return nil
}

func (m *memFS) Remove(path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, ok := m.names[path]
	if !ok {
		return pathError("remove", path, fs.ErrNotExist)
	}
	delete(m.names, path)
	m.note(memOp{kind: "remove", path: path, node: n})
	return nil
}

func (m *memFS) SyncDir(path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.note(memOp{kind: "syncdir", path: path})
	return nil
}

func (m *memFS) FreeSpace(string) (int64, error) { return 1 << 40, nil }

type memLock struct {
	m    *memFS
	path string
}

func (l memLock) Close() error {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	delete(l.m.locks, l.path)
	return nil
}

func (m *memFS) Locked(path string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.locks[path], nil
}

func (m *memFS) Lock(path string) (io.Closer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.locks[path] {
		return nil, ErrLockHeld
	}
	m.locks[path] = true
	if _, ok := m.names[path]; !ok {
		m.note(memOp{kind: "create", path: path, node: m.add(path, nil)})
	}
	return memLock{m, path}, nil
}

type memFile struct {
	m        *memFS
	node     int
	path     string
	readOnly bool
	closed   bool
}

func (f *memFile) ReadAt(p []byte, off int64) (int, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	data := f.m.nodes[f.node].data
	if f.closed {
		return 0, fs.ErrClosed
	}
	if off < 0 || off >= int64(len(data)) {
		return 0, io.EOF
	}
	n := copy(p, data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memFile) WriteAt(p []byte, off int64) (int, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if f.readOnly || f.closed {
		return 0, pathError("write", f.path, fs.ErrPermission)
	}
	n := f.m.nodes[f.node]
	n.data = memWrite(n.data, off, p)
	f.m.note(memOp{kind: "write", path: f.path, node: f.node, off: off, data: bytes.Clone(p)})
	return len(p), nil
}

func memWrite(data []byte, off int64, p []byte) []byte {
	if end := off + int64(len(p)); end > int64(len(data)) {
		data = append(data, make([]byte, end-int64(len(data)))...)
	}
	copy(data[off:], p)
	return data
}

func memTruncate(data []byte, size int64) []byte {
	if size <= int64(len(data)) {
		return data[:size:size]
	}
	return append(data, make([]byte, size-int64(len(data)))...)
}

func (f *memFile) Truncate(size int64) error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	if f.readOnly || f.closed {
		return pathError("truncate", f.path, fs.ErrPermission)
	}
	n := f.m.nodes[f.node]
	if size == int64(len(n.data)) {
		return nil
	}
	n.data = memTruncate(n.data, size)
	f.m.note(memOp{kind: "truncate", path: f.path, node: f.node, off: size})
	return nil
}

func (f *memFile) At(path string) (bool, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	n, ok := f.m.names[path]
	return ok && n == f.node, nil
}

func (f *memFile) Size() (int64, error) {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	return int64(len(f.m.nodes[f.node].data)), nil
}

func (f *memFile) DataSync() error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	f.m.note(memOp{kind: "sync", path: f.path, node: f.node})
	return nil
}

func (f *memFile) Preallocate(int64, int64) error     { return nil }
func (f *memFile) WriteBack(int64, int64, bool) error { return nil }

func (f *memFile) Close() error {
	f.m.mu.Lock()
	defer f.m.mu.Unlock()
	f.closed = true
	return nil
}

// clone returns a copy with the same files, without log or locks.
func (m *memFS) clone() *memFS {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := newMemFS()
	for d := range m.dirs {
		c.dirs[d] = true
	}
	for p, n := range m.names {
		c.add(p, bytes.Clone(m.nodes[n].data))
	}
	return c
}

// edit changes the content of a file in place.
func (m *memFS) edit(path string, change func([]byte) []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := m.nodes[m.names[path]]
	n.data = change(n.data)
}
