package recording

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// factsOf are what a recorder tells of its ring when all that was written is accounted for.
func factsOf(d *DeviceWriter, desc uint64) *RingFacts {
	f := &RingFacts{Generation: 1, Desc: desc, Lanes: map[string]LaneFacts{}, Drain: []byte(`{}`)}
	for i, name := range d.Streams() {
		n, _ := d.Next(i)
		_, length := d.FilePosition(i)
		f.Lanes[name] = LaneFacts{FileBase: n*2 - length, Pos: n, FirstSample: n}
	}
	return f
}

// diskUntil is a disk that a process uses until it touches a file, and is killed.
func diskUntil(file string) *faultFS {
	dead := false
	return newFaultFS(func(_ int, _, name string) (error, bool) {
		if dead = dead || file != "" && strings.Contains(name, file); dead {
			return errors.New("killed"), false
		}
		return nil, false
	})
}

// adoptOne adopts the device of a run, and goes through what was written again, up to the stream indexes in ends.
func adoptOne(t *testing.T, fsys FS, dir string, info DeviceInfo, ends ...int64) (*Resumed, *DeviceWriter) {
	t.Helper()
	res, err := Resume(context.Background(), dir, ResumeOptions{FS: fsys, BootID: testBoot, Adopt: func(_ *RunFile, _ string, _ *Adoptable, why error) bool {
		if why != nil {
			t.Fatal("not adopted: ", why)
		}
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := res.Run.AdoptDevice(info)
	if err != nil {
		t.Fatal(err)
	}
	for i, end := range ends {
		if n, _ := w.Next(i); n < end {
			if err := w.Replay(i, n, end-n, stampAt(n), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.Replayed()
	return res, w
}

// sealAdopted ends an adopted run in order, and verifies it.
func sealAdopted(t *testing.T, res *Resumed, w *DeviceWriter, ring *RingFacts, clock *ClockPair) {
	t.Helper()
	ctx := context.Background()
	if err := res.Rest(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Sync(ctx, w.Checkpoint(clock, ring)); err != nil {
		t.Fatal(err)
	}
	if err := w.Finish(ctx, SealStop, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := res.Run.Close(End{Reason: "duration"}); err != nil {
		t.Fatal(err)
	}
	checkVerified(t, res.Run.Dir())
}

func clockAt(i int64) *ClockPair { return &ClockPair{Index: i, MonoNS: i * 1000, State: "unknown"} }

// TestAdoptBehindSeveralCuts kills a process in a sync that covers the ends of several segments, at each part of the journal, and the one that adopts the
// device again: it is adopted each time, and nothing is missing.
func TestAdoptBehindSeveralCuts(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"journal-000001", "journal-000002", "journal-000003"} {
		for _, second := range []string{"", "journal-000002", "journal-000003", "journal-000004", "journal-000005"} {
			t.Run(first+" "+second, func(t *testing.T) {
				t.Parallel()
				ctx, info := context.Background(), rawInfo(500, "A", "B")
				disk := diskUntil("")
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
				disk.set(diskUntil(first).fail)
				if _, err := d.Sync(ctx, d.Checkpoint(clockAt(1700), factsOf(d, 20))); err == nil {
					t.Fatal("the process lives on")
				}
				_ = r.Abandon()
				disk = diskUntil("")
				res, w := adoptOne(t, disk, r.Dir(), info, 1700, 1700)
				if second != "" {
					disk.set(diskUntil(second).fail)
					_, _ = w.Sync(ctx, w.Checkpoint(clockAt(1700), factsOf(w, 25))) // not each has a part of that number
					_ = res.Run.Abandon()
					res, w = adoptOne(t, diskUntil(""), r.Dir(), info, 1700, 1700)
				}
				write(w, 300)
				sealAdopted(t, res, w, factsOf(w, 30), clockAt(2000))
			})
		}
	}
}

// TestAdoptKeepsClockPairs: the clock pairs of lines behind the one that an adoption goes on from stay.
func TestAdoptKeepsClockPairs(t *testing.T) {
	t.Parallel()
	ctx, info := context.Background(), rawInfo(500, "A", "B")
	r := testRun(t, Options{})
	d := testDevice(t, r, info)
	sync := func(clock *ClockPair, desc uint64) {
		if _, err := d.Sync(ctx, d.Checkpoint(clock, factsOf(d, desc))); err != nil {
			t.Fatal(err)
		}
	}
	appendRamp(t, d, 0, 0, 100)
	appendRamp(t, d, 1, 0, 100)
	sync(clockAt(100), 10)
	appendRamp(t, d, 0, 100, 500) // over the cut, and the other is not
	appendRamp(t, d, 1, 100, 350)
	sync(clockAt(450), 20)
	_ = r.Abandon()
	res, w := adoptOne(t, nil, r.Dir(), info, 600, 450)
	appendRamp(t, w, 0, 600, 100)
	appendRamp(t, w, 1, 450, 250)
	sealAdopted(t, res, w, factsOf(w, 30), clockAt(700))
}
