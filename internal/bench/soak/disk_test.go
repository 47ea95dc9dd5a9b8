package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

func TestDisk(t *testing.T) {
	const stall = 200 * time.Millisecond
	d := &disk{FS: recording.OSFS(), size: 1000, used: func(string) (int64, error) { return 300, nil }, stallFor: stall}
	if free, err := d.FreeSpace("."); err != nil || free != 700 {
		t.Errorf("free %d, %v", free, err)
	}
	f, err := d.OpenFile(filepath.Join(t.TempDir(), "f"), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("before"), 0); err != nil {
		t.Fatal(err)
	}
	for name, op := range map[string]func() error{
		"write":      func() error { _, err := f.WriteAt([]byte("during"), 0); return err },
		"sync":       f.DataSync,
		"truncate":   func() error { return f.Truncate(3) },
		"write back": func() error { return f.WriteBack(0, 3, false) },
	} {
		begin := time.Now()
		d.stallAt.Store(begin.UnixNano())
		if err := op(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(begin); took < stall {
			t.Errorf("%s took %v while the disk stood still for %v", name, took, stall)
		}
	}
	if n := len(d.writeTimes()); n != 1 {
		t.Errorf("%d writes were timed, want the one outside of the stall", n)
	}
}
