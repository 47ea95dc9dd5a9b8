package recording

import (
	"io/fs"
	"sync"
	"syscall"
	"testing"
)

// smallFS is a disk of so many bytes.
type smallFS struct {
	FS
	capacity int64

	mu   sync.Mutex
	used map[string]int64 // bytes of a file's blocks
	most int64            // that was ever preallocated behind what was written
}

type smallFile struct {
	File
	d       *smallFS
	path    string
	written int64
}

func newSmallFS(capacity int64) *smallFS {
	return &smallFS{FS: OSFS(), capacity: capacity, used: map[string]int64{}}
}

func (d *smallFS) free() int64 {
	free := d.capacity
	for _, n := range d.used {
		free -= n
	}
	return free
}

func (d *smallFS) FreeSpace(string) (int64, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return max(d.free(), 0), nil
}

func (d *smallFS) OpenFile(path string, flag int, perm fs.FileMode) (File, error) {
	f, err := d.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return &smallFile{File: f, d: d, path: path}, nil
}

func (d *smallFS) Rename(from, to string) error {
	d.mu.Lock()
	d.used[to] = d.used[from]
	delete(d.used, from)
	d.mu.Unlock()
	return d.FS.Rename(from, to)
}

func (f *smallFile) take(end int64) error {
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	if more := end - f.d.used[f.path]; more > 0 {
		if more > f.d.free() {
			return syscall.ENOSPC
		}
		f.d.used[f.path] = end
	}
	return nil
}

func (f *smallFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.take(off + int64(len(p))); err != nil {
		return 0, err
	}
	f.written = max(f.written, off+int64(len(p)))
	return f.File.WriteAt(p, off)
}

func (f *smallFile) Preallocate(off, n int64) error {
	if err := f.take(off + n); err != nil {
		return err
	}
	f.d.mu.Lock()
	defer f.d.mu.Unlock()
	f.d.most = max(f.d.most, off+n-f.written)
	return nil
}

func (f *smallFile) Truncate(size int64) error {
	f.d.mu.Lock()
	f.d.used[f.path] = min(f.d.used[f.path], size)
	f.d.mu.Unlock()
	return f.File.Truncate(size)
}

// quickBlocks is a device of short waveforms at 1 GS/s: 64 MiB a stream in a tenth of a second, if they came without a break.
func quickBlocks(cut int64) DeviceInfo {
	i := blockInfo(cut)
	i.RawInterval = Fraction{1, 1_000_000_000}
	return i
}

// TestReserveLeavesTheDiskAlone: what is preallocated neither fills a small disk nor takes what is to be kept free.
func TestReserveLeavesTheDiskAlone(t *testing.T) {
	for _, c := range []struct {
		name           string
		info           DeviceInfo
		capacity, keep int64
		least, most    int64 // preallocated ahead of a file
	}{
		{"waveforms", quickBlocks(0), 1 << 40, 0, reserveMin - 4096, 2 * reserveMin},
		{"waveforms on a small disk", quickBlocks(0), 1 << 20, 0, 0, 1<<20/reserveShare + 4096},
		{"the disk is to be kept free", quickBlocks(0), 8 << 20, 8<<20 - 100_000, 0, 0},
		{"a short segment", quickBlocks(900), 1 << 40, 0, 600, 1800},
		{"a stream", rawInfo(0, "A", "B"), 1 << 40, 0, 10_000_000, 64 << 20},
		{"a stream on a small disk", rawInfo(0, "A", "B"), 1 << 20, 0, 0, 1<<20/reserveShare + 4096},
	} {
		t.Run(c.name, func(t *testing.T) {
			disk := newSmallFS(c.capacity)
			r := testRun(t, Options{FS: disk, KeepFree: c.keep})
			d := testDevice(t, r, c.info)
			for n := range int64(100) {
				if c.info.Mode.Block() {
					waveform(t, d, n)
				} else {
					appendRamp(t, d, 0, 300*n, 300)
					appendRamp(t, d, 1, 300*n, 300)
				}
				if n%40 == 0 {
					syncNow(t, d)
				}
			}
			if disk.most < c.least || disk.most > c.most {
				t.Errorf("%d bytes are preallocated, want %d to %d", disk.most, c.least, c.most)
			}
			finish(t, r, d)
			if have := r.reserve.Load(); have != 0 {
				t.Errorf("reserve %d at the end", have)
			}
			checkSealed(t, r.Dir())
		})
	}
}
