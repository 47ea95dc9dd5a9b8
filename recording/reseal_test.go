package recording

import (
	"context"
	"errors"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// sealedPair begins a run with a device of two streams, whose segments, so many, are sealed.
func sealedPair(t *testing.T, fsys FS, segments int64) (*Run, *DeviceWriter) {
	t.Helper()
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(1000, "A", "B"))
	for at := range segments {
		appendRamp(t, d, 0, at*1000, 1000)
		appendRamp(t, d, 1, at*1000, 1000)
		syncNow(t, d)
	}
	return r, d
}

// loseAll tells of 500 lost samples of each stream.
func loseAll(t *testing.T, d *DeviceWriter) {
	t.Helper()
	for i := range d.streams {
		if err := d.Gap(i, Gap{Cause: CauseDisk, Lost: 500, Exact: true}); err != nil {
			t.Fatal(err)
		}
	}
}

func noFiles(_ int, op, _ string) (error, bool) {
	if op == "open" {
		return syscall.EACCES, false
	}
	return nil, false
}

// TestResealKeepsOrder: a segment that is opened once more goes before the later ones of its device, and none of them goes before it.
func TestResealKeepsOrder(t *testing.T) {
	r, d := sealedPair(t, newFaultFS(nil), 3)
	files := r.file.Device("cell").Segments[0].Files
	if !r.unseal("cell", 0) {
		t.Fatal("it is not there")
	}
	if s, err := r.DropOldest(); !errors.Is(err, ErrNothingToDrop) {
		t.Errorf("dropped %+v before a segment that is open: %v", s, err)
	}
	if !r.setSealed("cell", 0, files) {
		t.Error("it is not there any more")
	}
	if want := []segmentRef{{"cell", 0}, {"cell", 1}, {"cell", 2}}; !slices.Equal(r.sealed, want) {
		t.Errorf("sealed are %v", r.sealed)
	}
	for n := range 3 {
		s, err := r.DropOldest()
		if err != nil || s.Segment != n {
			t.Errorf("dropped %+v, %v, want segment %d", s, err, n)
		}
		if through := r.file.Device("cell").Dropped.Through; through != n {
			t.Errorf("dropped up to %d, want %d", through, n)
		}
	}
	finish(t, r, d)
}

// TestResealOfRemoved: a segment that the disk rules have removed is not opened once more, and none is removed while it is open for that.
func TestResealOfRemoved(t *testing.T) {
	fsys := newFaultFS(nil)
	r, d := sealedPair(t, fsys, 1)
	held := 0
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "rename" && strings.HasSuffix(name, ExtMeta) || op == "write" && name == PartName("cell", 0) {
			if held++; r.dropMu.TryLock() {
				r.dropMu.Unlock()
				t.Errorf("%s %s: the segment could be removed meanwhile", op, name)
			}
		}
		return nil, false
	})
	if err := d.reseal(d.sealed); err != nil || held == 0 {
		t.Errorf("%v, %d operations", err, held)
	}
	fsys.set(nil)
	if _, err := r.DropOldest(); err != nil {
		t.Fatal(err)
	}
	if err := d.reseal(d.sealed); !errors.Is(err, errRemoved) {
		t.Errorf("it is removed: %v", err)
	}

	// One that waits only for run.json can be removed too.
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "rename" && name == FileRun {
			return syscall.ENOSPC, false
		}
		return nil, false
	})
	appendRamp(t, d, 0, 1000, 1000)
	appendRamp(t, d, 1, 1000, 1000)
	if _, err := d.Sync(context.Background(), d.Checkpoint(nil, nil)); !NoSpace(err) || len(d.live) != 1 {
		t.Fatal(err)
	}
	fsys.set(nil)
	if _, err := r.DropOldest(); err != nil {
		t.Fatal(err)
	}
	late := []lateGap{{d.live[0].sync.files[0], Gap{Cause: CauseDisk, Lost: 5, Exact: true}}}
	if left := d.putLate(late); len(left) != 1 {
		t.Error("loss was put into a segment that is removed")
	}
	finish(t, r, d)
}

// TestNoTimeToTellLoss: loss that can only be told by a segment that is finished, and for which there was no time any more, is an error with its counts, and
// the run asks for a repair.
func TestNoTimeToTellLoss(t *testing.T) {
	fsys := newFaultFS(nil)
	r, d := sealedPair(t, fsys, 1)
	loseAll(t, d)
	fsys.set(noFiles)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := d.Finish(ctx, SealStop, nil, nil)
	if !errors.Is(err, context.Canceled) || strings.Count(err.Error(), "500 lost samples of stream cell.") != 2 {
		t.Errorf("finish: %v", err)
	}
	fsys.set(nil)
	if err := r.Close(End{Reason: "stop"}); err != nil {
		t.Error(err)
	}
	run, err := ParseRun(mustRead(t, r.Dir(), FileRun))
	if err != nil || run.State != StateRecording {
		t.Errorf("the run is %s, %v", run.State, err)
	}
	if report, err := Repair(context.Background(), r.Dir(), RepairOptions{}); err != nil || report.Damage() || len(report.Sealed) != 1 {
		t.Errorf("repair: %+v, %v", report, err)
	}
	if report := mustVerify(t, nil, r.Dir(), VerifyOptions{}); !report.OK() {
		logReport(t, report)
		t.Error("verify is not content")
	}
}

// TestResealWithoutJournal: when the journal takes no line about loss behind a segment that is finished, the segment is as it was, and run.json alone tells.
func TestResealWithoutJournal(t *testing.T) {
	for _, half := range []bool{false, true} {
		fsys := newFaultFS(nil)
		r, d := sealedPair(t, fsys, 1)
		before := r.file.Device("cell").Segments[0].Files
		loseAll(t, d)
		fsys.set(func(n int, op, name string) (error, bool) {
			if op == "write" && name == PartName("cell", 0) {
				return syscall.EIO, half
			}
			if op == "open" && name != TempName(FileRun) {
				return syscall.EACCES, false
			}
			return nil, false
		})
		if err := d.Finish(context.Background(), SealStop, nil, nil); !errors.Is(err, syscall.EIO) {
			t.Errorf("finish: %v", err)
		}
		fsys.set(nil)
		if err := r.Close(End{Reason: "stop"}); err != nil {
			t.Error(err)
		}
		run, err := ParseRun(mustRead(t, r.Dir(), FileRun))
		if err != nil || run.State != StateSealed {
			t.Fatalf("the run is %s, %v", run.State, err)
		}
		dev := run.Device("cell")
		if s := dev.Segments; len(s) != 1 || s[0].State != StateSealed || !slices.Equal(slices.Sorted(keysOf(s[0].Files)), slices.Sorted(keysOf(before))) {
			t.Errorf("run.json lists %+v", s)
		}
		if s := dev.Streams[1]; s.Recorded != 1000 || s.Lost != 500 {
			t.Errorf("run.json says %+v", s)
		}
		if report := mustVerify(t, nil, r.Dir(), VerifyOptions{}); !report.OK() {
			logReport(t, report)
			t.Error("verify is not content")
		}
	}
}
