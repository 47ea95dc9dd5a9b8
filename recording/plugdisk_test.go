package recording

import (
	"bytes"
	"io"
	"io/fs"
	"math/rand/v2"
	"sync"
	"syscall"
)

// plugDisk is a disk in memory that can be pulled out and plugged in again. Handles that were open then never work again, and of what was not
// synced is there what a crash leaves.
type plugDisk struct {
	mu  sync.Mutex
	cur *memFS
	gen int
	out bool
}

func newPlugDisk() *plugDisk {
	d := &plugDisk{cur: newMemFS()}
	d.cur.log = true
	return d
}

func (d *plugDisk) pull() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out = true
}

// plug brings the disk back with what the fate leaves of it.
func (d *plugDisk) plug(f crashFate, base *memFS, rng *rand.Rand) *memFS {
	d.mu.Lock()
	defer d.mu.Unlock()
	disk := newCrashDisk(d.cur.dirs)
	for p, n := range base.names {
		disk.names[p] = n
		disk.nodes[n] = &crashNode{durable: bytes.Clone(base.nodes[n].data)}
	}
	d.cur.mu.Lock()
	for _, op := range d.cur.ops {
		disk.apply(op)
	}
	d.cur.mu.Unlock()
	m := disk.materialise(f, rng)
	m.log = true
	base = m.snapshot()
	d.cur, d.out = m, false
	d.gen++
	return base
}

// snapshot returns a copy whose nodes have the same numbers.
func (m *memFS) snapshot() *memFS {
	c := newMemFS()
	for p, n := range m.names {
		c.names[p] = n
	}
	for _, n := range m.nodes {
		c.nodes = append(c.nodes, &memNode{bytes.Clone(n.data)})
	}
	return c
}

// now returns what is plugged in.
func (d *plugDisk) now() (*memFS, int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.out {
		return nil, 0, syscall.EIO
	}
	return d.cur, d.gen, nil
}

func (d *plugDisk) with(f func(m *memFS) error) error {
	m, _, err := d.now()
	if err != nil {
		return err
	}
	return f(m)
}

func (d *plugDisk) Mkdir(path string) error {
	return d.with(func(m *memFS) error { return m.Mkdir(path) })
}

func (d *plugDisk) OpenFile(path string, flag int, perm fs.FileMode) (File, error) {
	m, gen, err := d.now()
	if err != nil {
		return nil, err
	}
	f, err := m.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return &plugFile{f, d, gen}, nil
}

func (d *plugDisk) ReadFile(path string) (b []byte, err error) {
	err = d.with(func(m *memFS) (err error) { b, err = m.ReadFile(path); return err })
	return b, err
}

func (d *plugDisk) ReadDir(path string) (l []fs.DirEntry, err error) {
	err = d.with(func(m *memFS) (err error) { l, err = m.ReadDir(path); return err })
	return l, err
}

func (d *plugDisk) Stat(path string) (i fs.FileInfo, err error) {
	err = d.with(func(m *memFS) (err error) { i, err = m.Stat(path); return err })
	return i, err
}

func (d *plugDisk) Rename(from, to string) error {
	return d.with(func(m *memFS) error { return m.Rename(from, to) })
}

func (d *plugDisk) Remove(path string) error {
	return d.with(func(m *memFS) error { return m.Remove(path) })
}

func (d *plugDisk) SyncDir(path string) error {
	return d.with(func(m *memFS) error { return m.SyncDir(path) })
}

func (d *plugDisk) FreeSpace(string) (int64, error) {
	return 1 << 40, d.with(func(*memFS) error { return nil })
}

func (d *plugDisk) Lock(path string) (c io.Closer, err error) {
	err = d.with(func(m *memFS) (err error) { c, err = m.Lock(path); return err })
	return c, err
}

func (d *plugDisk) Locked(path string) (held bool, err error) {
	err = d.with(func(m *memFS) (err error) { held, err = m.Locked(path); return err })
	return held, err
}

type plugFile struct {
	File
	disk *plugDisk
	gen  int
}

// dead is the answer of a handle whose disk is not the one that is there.
func (f *plugFile) dead() error {
	if _, gen, err := f.disk.now(); err != nil || gen != f.gen {
		return syscall.EIO
	}
	return nil
}

func (f *plugFile) ReadAt(p []byte, off int64) (int, error) {
	if err := f.dead(); err != nil {
		return 0, err
	}
	return f.File.ReadAt(p, off)
}

func (f *plugFile) At(path string) (bool, error) {
	if err := f.dead(); err != nil {
		return false, err
	}
	return f.File.At(path)
}

func (f *plugFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.dead(); err != nil {
		return 0, err
	}
	return f.File.WriteAt(p, off)
}

func (f *plugFile) Truncate(size int64) error {
	if err := f.dead(); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

func (f *plugFile) DataSync() error {
	if err := f.dead(); err != nil {
		return err
	}
	return f.File.DataSync()
}

func (f *plugFile) Preallocate(off, n int64) error {
	if err := f.dead(); err != nil {
		return err
	}
	return f.File.Preallocate(off, n)
}

func (f *plugFile) WriteBack(off, n int64, wait bool) error {
	if err := f.dead(); err != nil {
		return err
	}
	return f.File.WriteBack(off, n, wait)
}
