package recording

import (
	"context"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestFactsAtSeam: the state line of a part tells where the file's byte 0 lies in the ring, also when all streams stood at the end of the file before.
func TestFactsAtSeam(t *testing.T) {
	t.Parallel()
	for _, at := range []int{400, 500} {
		ctx, info := context.Background(), rawInfo(500, "A", "B")
		r := testRun(t, Options{})
		d := testDevice(t, r, info)
		for _, n := range []int{at, 600 - at} {
			for i := range 2 {
				k, _ := d.Next(i)
				appendRamp(t, d, i, k, n)
			}
			k, _ := d.Next(0)
			if _, err := d.Sync(ctx, d.Checkpoint(clockAt(k), factsOf(d, uint64(k)))); err != nil {
				t.Fatal(err)
			}
		}
		found := false
		for _, l := range readLines(t, r.Dir(), "cell") {
			s, ok := l.(*JournalState)
			if !ok || s.Segment != 1 || s.Ring == nil {
				continue
			}
			found = true
			for name, lane := range s.Ring.Lanes {
				if lane.Pos != int64(at) || lane.FileBase != 1000 {
					t.Errorf("behind %d samples %s: %+v, want byte 1000", at, name, lane)
				}
			}
		}
		if !found {
			t.Error("no part of segment 1 tells of the ring")
		}
		if err := d.Finish(ctx, SealStop, nil, nil); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(End{Reason: "stop"}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAdoptBehindUnjournalledCut: when the disk takes the lines of some segments that have ended and not of the one behind them, those are not sealed yet,
// so that the device can be adopted; the next sync seals them.
func TestAdoptBehindUnjournalledCut(t *testing.T) {
	t.Parallel()
	for _, killed := range []bool{true, false} {
		ctx, info := context.Background(), rawInfo(500, "A", "B")
		disk := newFaultFS(nil)
		r := testRun(t, Options{FS: disk})
		d := testDevice(t, r, info)
		write := func(d *DeviceWriter, n int) {
			for i := range 2 {
				at, _ := d.Next(i)
				appendRamp(t, d, i, at, n)
			}
		}
		write(d, 100)
		if _, err := d.Sync(ctx, d.Checkpoint(clockAt(100), factsOf(d, 10))); err != nil {
			t.Fatal(err)
		}
		write(d, 1600)
		disk.set(func(_ int, _, name string) (error, bool) {
			if strings.Contains(name, "journal-000002") {
				return syscall.EIO, false
			}
			return nil, false
		})
		if res, err := d.Sync(ctx, d.Checkpoint(clockAt(1700), factsOf(d, 20))); err == nil || len(res.Sealed) != 0 {
			t.Fatalf("%+v, %v", res, err)
		}
		disk.set(nil)
		if killed {
			_ = r.Abandon()
			res, w := adoptOne(t, disk, r.Dir(), info, 1700, 1700)
			write(w, 300)
			sealAdopted(t, res, w, factsOf(w, 30), clockAt(2000))
			continue
		}
		res, err := d.Sync(ctx, d.Checkpoint(clockAt(1700), factsOf(d, 20)))
		for err == nil && len(res.Sealed) == 0 { // what was asked for is being hashed
			res, err = d.Sync(ctx, d.Checkpoint(nil, nil))
		}
		if err != nil || !slices.Equal(res.Sealed, []int{0, 1, 2}) {
			t.Errorf("%+v, %v", res, err)
		}
		if err := d.Finish(ctx, SealStop, nil, nil); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(End{Reason: "stop"}); err != nil {
			t.Fatal(err)
		}
		checkVerified(t, r.Dir())
	}
}
