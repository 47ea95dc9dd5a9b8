package recording

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
)

// numbersOf are the segments that run.json lists of the device.
func numbersOf(r *Run) (list []int) {
	run := r.Info()
	for _, s := range run.Device("cell").Segments {
		list = append(list, s.Segment)
	}
	return list
}

// syncSealed syncs until the oldest segment that is not sealed is that one.
func syncSealed(t *testing.T, d *DeviceWriter, first int) {
	t.Helper()
	for {
		if _, err := d.Sync(context.Background(), d.Checkpoint(nil, nil)); err != nil {
			t.Fatal(err)
		}
		if d.live[0].number >= first { // what was asked for is being hashed
			return
		}
	}
}

// unlistedRun adopts the device of a run of which one segment is sealed, and whose process was killed behind the journal lines of the three after it and of
// the one that records: at the first touch of a file whose name holds that text.
func unlistedRun(t *testing.T, at string, before func(*Run)) (*Resumed, *DeviceWriter) {
	t.Helper()
	ctx, info := context.Background(), rawInfo(500, "A", "B")
	disk := diskUntil("")
	r := testRun(t, Options{FS: disk})
	d := testDevice(t, r, info)
	write := func(d *DeviceWriter, n int) {
		for i := range 2 {
			k, _ := d.Next(i)
			appendRamp(t, d, i, k, n)
		}
	}
	write(d, 500)
	if _, err := d.Sync(ctx, d.Checkpoint(clockAt(500), factsOf(d, 10))); err != nil {
		t.Fatal(err)
	}
	for len(d.live) > 0 {
		if _, err := d.Sync(ctx, d.Checkpoint(nil, nil)); err != nil {
			t.Fatal(err)
		}
	}
	write(d, 1600)
	disk.set(diskUntil(at).fail)
	if _, err := d.Sync(ctx, d.Checkpoint(clockAt(2100), factsOf(d, 20))); err == nil {
		t.Fatal("the process lives on")
	}
	_ = r.Abandon()
	if b, err := os.ReadFile(filepath.Join(r.Dir(), FileRun)); err != nil {
		t.Fatal(err)
	} else if run, err := ParseRun(b); err != nil || len(run.Device("cell").Segments) != 1 {
		t.Fatalf("run.json knows too much: %v, %+v", err, run.Device("cell"))
	}
	res, w := adoptOne(t, nil, r.Dir(), info, 2100, 2100)
	before(res.Run)
	write(w, 100)
	return res, w
}

// TestAdoptListsWhatOnlyTheJournalKnows: segments that were journalled and not listed yet when the process was killed, however many, are listed by the one that
// adopts the device, and go by the plan's rules like others.
func TestAdoptListsWhatOnlyTheJournalKnows(t *testing.T) {
	t.Parallel()
	for _, at := range []string{FileRun, "clock"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			res, w := unlistedRun(t, at, func(*Run) {})
			if got := numbersOf(res.Run); !slices.Equal(got, []int{0, 1, 2, 3, 4}) {
				t.Errorf("segments %v", got)
			}
			sealAdopted(t, res, w, factsOf(w, 30), clockAt(2200))
			for n, s := range checkSealed(t, res.Run.Dir()).Device("cell").Segments {
				if s.Segment != n || len(s.Files) == 0 {
					t.Errorf("place %d: %+v", n, s)
				}
			}
			checkChain(t, res.Run.Dir(), segmentBases("cell.A", 5)...)
		})
	}
	t.Run("drop oldest", func(t *testing.T) {
		t.Parallel()
		res, w := unlistedRun(t, FileRun, func(*Run) {})
		if err := res.Rest(context.Background()); err != nil {
			t.Fatal(err)
		}
		syncSealed(t, w, 4)
		for n := range 3 {
			if s, err := res.Run.DropOldest(); err != nil || s.Segment != n {
				t.Fatalf("%+v, %v", s, err)
			}
		}
		if got := numbersOf(res.Run); !slices.Equal(got, []int{3, 4}) {
			t.Errorf("segments %v", got)
		}
		sealAdopted(t, res, w, factsOf(w, 30), clockAt(2200))
	})
	t.Run("not kept", func(t *testing.T) {
		t.Parallel()
		var k *notKeeper
		res, w := unlistedRun(t, FileRun, func(r *Run) { k = newNotKeeper(r) })
		syncSealed(t, w, 4)
		if gone, err := k.remove("cell", 1, 2); err != nil || !slices.Equal(gone, []int{1, 2}) {
			t.Errorf("%v, %v", gone, err)
		}
		sealAdopted(t, res, w, factsOf(w, 30), clockAt(2200))
	})
}

func segmentBases(stream string, n int) (list []string) {
	for i := range n {
		list = append(list, BaseName(stream, i, true))
	}
	return list
}

// TestAdoptLeavesRemovedSegments: a segment that run.json says is removed, whose files a kill has left, does not come back with the device.
func TestAdoptLeavesRemovedSegments(t *testing.T) {
	t.Parallel()
	ctx, info := context.Background(), rawInfo(500, "A")
	disk := newFaultFS(nil)
	r := testRun(t, Options{FS: disk})
	d := testDevice(t, r, info)
	appendRamp(t, d, 0, 0, 600)
	if _, err := d.Sync(ctx, d.Checkpoint(clockAt(600), factsOf(d, 10))); err != nil {
		t.Fatal(err)
	}
	syncSealed(t, d, 1)
	disk.set(func(_ int, op, _ string) (error, bool) {
		if op == "remove" {
			return syscall.EIO, false
		}
		return nil, false
	})
	if s, err := r.DropOldest(); err != nil || s.Segment != 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, err := os.Stat(filepath.Join(r.Dir(), BaseName("cell.A", 0, true)+ExtData)); err != nil {
		t.Fatal(err)
	}
	_ = r.Abandon()
	res, w := adoptOne(t, nil, r.Dir(), info, 600)
	if got := fmt.Sprint(numbersOf(res.Run), len(w.live)); got != "[1] 1" {
		t.Error("segments ", got)
	}
	appendRamp(t, w, 0, 600, 100)
	sealAdopted(t, res, w, factsOf(w, 30), clockAt(700))
	if got := numbersOf(res.Run); !slices.Equal(got, []int{1}) {
		t.Errorf("segments %v", got)
	}
}
