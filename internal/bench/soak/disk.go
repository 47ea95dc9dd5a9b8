package main

import (
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/recording"
)

// disk is the real files with two disturbances: it stands still once for a while, writes and syncs alike, and it pretends
// to be small.
type disk struct {
	recording.FS
	size int64                           // of the disk it pretends to be
	used func(dir string) (int64, error) // bytes that a folder takes

	stallAt  atomic.Int64 // wall clock in ns; 0: not yet known
	stallFor time.Duration

	mu     sync.Mutex     // guards what follows
	writes measure.Series // ms, of writes outside of the stall
}

// wait stands still as long as the disk does, and tells whether it did.
func (d *disk) wait() bool {
	at := d.stallAt.Load()
	if at == 0 {
		return false
	}
	since := time.Since(time.Unix(0, at))
	if since < 0 || since >= d.stallFor {
		return false
	}
	time.Sleep(d.stallFor - since)
	return true
}

// FreeSpace is what is left of the pretended size.
func (d *disk) FreeSpace(path string) (int64, error) {
	used, err := d.used(path)
	return d.size - used, err
}

func (d *disk) OpenFile(path string, flag int, perm fs.FileMode) (recording.File, error) {
	d.wait()
	f, err := d.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return &file{f, d}, nil
}

func (d *disk) Rename(oldPath, newPath string) error {
	d.wait()
	return d.FS.Rename(oldPath, newPath)
}

func (d *disk) Remove(path string) error {
	d.wait()
	return d.FS.Remove(path)
}

func (d *disk) SyncDir(path string) error {
	d.wait()
	return d.FS.SyncDir(path)
}

// writeTimes is how long writes took, in milliseconds.
func (d *disk) writeTimes() measure.Series {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.writes
}

// file is an open file of the disk.
type file struct {
	recording.File
	disk *disk
}

func (f *file) WriteAt(p []byte, off int64) (int, error) {
	stalled, begin := f.disk.wait(), time.Now()
	n, err := f.File.WriteAt(p, off)
	if took := time.Since(begin); !stalled {
		f.disk.mu.Lock()
		f.disk.writes.Add(took.Seconds() * 1e3)
		f.disk.mu.Unlock()
	}
	return n, err
}

func (f *file) Truncate(size int64) error {
	f.disk.wait()
	return f.File.Truncate(size)
}

func (f *file) DataSync() error {
	f.disk.wait()
	return f.File.DataSync()
}

func (f *file) Preallocate(off, n int64) error {
	f.disk.wait()
	return f.File.Preallocate(off, n)
}

func (f *file) WriteBack(off, n int64, wait bool) error {
	f.disk.wait()
	return f.File.WriteBack(off, n, wait)
}
