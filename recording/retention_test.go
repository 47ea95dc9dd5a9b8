package recording

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDropOldest(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	if _, err := r.DropOldest(); !errors.Is(err, ErrNothingToDrop) {
		t.Fatalf("nothing is sealed: %v", err)
	}
	d := testDevice(t, r, rawInfo(1000, "A"))
	gate := rawInfo(1000, "A")
	gate.Name = "gate"
	g := testDevice(t, r, gate)
	for at := int64(0); at < 3000; at += 1000 {
		appendRamp(t, d, 0, at, 1000)
		syncNow(t, d)
		appendRamp(t, g, 0, at, 1000)
		syncNow(t, g)
	}
	var order []string
	drop := func() {
		t.Helper()
		s, err := r.DropOldest()
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, BaseName(s.Device, s.Segment, true))
	}
	drop()
	// run.json says so before the first file goes.
	saved := slices.Index(fsys.log, "remove cell.A-000000"+ExtData)
	if last := lastIndex(fsys.log[:saved], "rename "+FileRun); last < 0 || slices.Contains(fsys.log[last:saved], "write "+FileRun) {
		t.Error("files went before run.json told")
	}
	drop()
	// A file that somebody has open stays for a while and stops nothing.
	busy := true
	fsys.set(func(_ int, op, name string) (error, bool) {
		if busy && op == "remove" && name == "cell.A-000001"+ExtData {
			return syscall.EBUSY, false
		}
		return nil, false
	})
	drop()
	if _, err := os.Stat(filepath.Join(r.Dir(), "cell.A-000001"+ExtData)); err != nil {
		t.Error("the busy file is gone")
	}
	busy = false
	// When run.json cannot be replaced nothing is removed.
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "rename" && name == FileRun {
			return syscall.ENOSPC, false
		}
		return nil, false
	})
	if _, err := r.DropOldest(); !NoSpace(err) {
		t.Errorf("drop without run.json: %v", err)
	}
	if _, err := os.Stat(filepath.Join(r.Dir(), "gate.A-000001"+ExtData)); err != nil {
		t.Error("its files are gone")
	}
	fsys.set(nil)
	drop()
	if diff := cmp.Diff([]string{"cell-000000", "gate-000000", "cell-000001", "gate-000001"}, order); diff != "" {
		t.Error("order (-want +got)", diff)
	}
	finish(t, r, d)
	run := checkSealed(t, r.Dir())
	for _, name := range []string{"cell", "gate"} {
		dev := run.Device(name)
		if dev.Dropped != (RunDropped{2, 1}) || len(dev.Segments) != 1 || dev.Segments[0].Segment != 2 || dev.Streams[0].Recorded != 3000 {
			t.Errorf("%s: %+v", name, dev)
		}
	}
	left, err := filepath.Glob(filepath.Join(r.Dir(), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range left {
		if strings.Contains(path, "-000000") || strings.Contains(path, "-000001") {
			t.Errorf("%s is still there", filepath.Base(path))
		}
	}
	dropped := 0
	for _, e := range readEvents(t, r) {
		if e.Kind == EventSegmentDropped {
			dropped += int(e.Count)
		}
	}
	if dropped != 4 {
		t.Errorf("events tell of %d dropped segments", dropped)
	}
}

func lastIndex(list []string, s string) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i] == s {
			return i
		}
	}
	return -1
}

func TestFreeSpaceDoesNotCountTheReserve(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 1000)
	reserve := r.reserve.Load()
	f := d.streams[0].file
	if f.noRes {
		if err := f.f.Preallocate(0, 4096); !errors.Is(err, ErrNotSupported) {
			t.Fatalf("preallocation was given up, but it says %v", err)
		}
		t.Skip("this file system preallocates nothing")
	}
	if reserve != f.reserved-2000 || reserve <= 0 {
		t.Errorf("reserve %d, preallocated %d", reserve, f.reserved)
	}
	free, err := r.FreeSpace()
	if err != nil || free <= reserve {
		t.Errorf("free %d, %v", free, err)
	}
	finish(t, r, d)
	if have := r.reserve.Load(); have != 0 {
		t.Errorf("reserve %d at the end", have)
	}
}
