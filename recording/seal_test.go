package recording

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// captureRun records captures and a clock pair, and syncs. More than MaxListed captures, which take a while, have a table.
func captureRun(t *testing.T, fsys FS, captures int64) (*Run, *DeviceWriter) {
	t.Helper()
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	for i := range captures {
		appendRamp(t, d, 0, 5*i, 2)
		if err := d.Gap(0, Gap{Cause: CauseRingFull, Lost: 3, Exact: true}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.Sync(context.Background(), d.Checkpoint(&ClockPair{Index: 5, State: "unknown"}, nil)); err != nil {
		t.Fatal(err)
	}
	return r, d
}

// A failed sync may have dropped what was dirty, so a later one is believed only when everything was written again in between.
func TestFailedSyncWhileSealingIsNotBelievedLater(t *testing.T) {
	for name, captures := range map[string]int64{"cell.A" + ExtCaptures: MaxListed + 20, "cell.clock.csv": 20, "cell.A.ov0.npy": 20} {
		t.Run(name, func(t *testing.T) {
			fsys := newFaultFS(nil)
			r, d := captureRun(t, fsys, captures)
			written, failed := map[int64]int{}, 0
			track := &writesFS{faultFS: fsys, name: name, note: func(off int64, n int) { written[off] = n }}
			trackFile(t, d, track)
			fsys.set(func(_ int, op, base string) (error, bool) {
				if op == "sync" && base == name && failed < 2 {
					failed++
					clear(written)
					return syscall.EIO, false
				}
				return nil, false
			})
			if err := d.Finish(context.Background(), SealStop, nil, nil); err != nil && !errors.Is(err, syscall.EIO) {
				t.Fatal(err)
			}
			if failed != 2 {
				t.Fatalf("%d syncs failed", failed)
			}
			if err := r.Close(End{}); err != nil {
				t.Fatal(err)
			}
			checkSealed(t, r.Dir())
			checkVerified(t, r.Dir())
			size := int64(len(mustRead(t, r.Dir(), name)))
			for at := int64(0); at < size; {
				n := written[at]
				if n == 0 {
					t.Fatalf("bytes from %d on of %d were not written again before the sync that was believed", at, size)
				}
				at += int64(n)
			}
		})
	}
}

// writesFS notes the writes to one file.
type writesFS struct {
	*faultFS
	name string
	note func(off int64, n int)
}

func (w *writesFS) OpenFile(path string, flag int, perm os.FileMode) (File, error) {
	f, err := w.faultFS.OpenFile(path, flag, perm)
	if err == nil && filepath.Base(path) == w.name {
		f = &writesFile{f, w}
	}
	return f, err
}

type writesFile struct {
	File
	w *writesFS
}

func (f *writesFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.File.WriteAt(p, off)
	f.w.note(off, n)
	return n, err
}

// trackFile lets an open file, and those that are opened later, go through w.
func trackFile(t *testing.T, d *DeviceWriter, w *writesFS) {
	t.Helper()
	f := d.streams[0].file
	wrap := func(name string, at *File) {
		if name == w.name && *at != nil {
			*at = &writesFile{*at, w}
		}
	}
	wrap(f.base+ExtCaptures, &f.sync.captures.f)
	wrap(d.live[0].sync.clock.name, &d.live[0].sync.clock.f)
	f.ov.fsys, f.fsys = w, w
}

func TestFileThatCannotBeReadBackIsNotSealed(t *testing.T) {
	fsys := newFaultFS(nil)
	r, d := captureRun(t, fsys, 20)
	const name = "cell.clock.csv"
	failed := false
	fsys.set(func(_ int, op, base string) (error, bool) {
		if op != "sync" || base != name || failed {
			return nil, false
		}
		failed = true
		// The system reads the old content from the disk after it gave up writing the new one.
		f, err := os.OpenFile(filepath.Join(r.Dir(), name), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteAt(make([]byte, 8), 0); err != nil {
			t.Fatal(err)
		}
		return syscall.EIO, false
	})
	if err := d.Finish(context.Background(), SealStop, nil, nil); err == nil {
		t.Error("no error tells of it")
	}
	fsys.set(nil)
	_ = r.Close(End{})
	run, err := ParseRun(mustRead(t, r.Dir(), FileRun))
	if err != nil || run.State != StateRecording || run.Devices[0].Segments[0].State != StateRecording {
		t.Fatalf("repair is not asked for: %+v, %v", run, err)
	}
	if _, err := Repair(context.Background(), r.Dir(), RepairOptions{}); err != nil {
		t.Fatal(err)
	}
	checkVerified(t, r.Dir())
}

// fullFor lets the disk have no room for overviews until room is set.
func fullFor(room *bool) func(int, string, string) (error, bool) {
	return func(_ int, op, name string) (error, bool) {
		if !*room && op == "write" && strings.Contains(name, ".ov") {
			return syscall.ENOSPC, false
		}
		return nil, false
	}
}

func TestOverviewThatCannotBeMadeIsMadeByALaterTry(t *testing.T) {
	room := false
	fsys := newFaultFS(fullFor(&room))
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(100_000, "A"))
	appendRamp(t, d, 0, 0, 100_500)
	for range 2 {
		res, err := d.Sync(context.Background(), d.Checkpoint(nil, nil))
		if !NoSpace(err) || len(res.Sealed) != 0 {
			t.Fatalf("sync on a full disk: %+v, %v", res, err)
		}
	}
	if s := r.Info().Devices[0].Segments[0]; s.State != StateRecording {
		t.Errorf("segment 0 is %s without its overview", s.State)
	}
	room = true
	appendRamp(t, d, 0, 100_500, 500)
	if res := syncNow(t, d); !slices.Equal(res.Sealed, []int{0}) {
		t.Errorf("sync with room: %+v", res)
	}
	finish(t, r, d)
	checkSealed(t, r.Dir())
	for _, base := range []string{"cell.A-000000", "cell.A-000001"} {
		checkOverview(t, r.Dir(), base)
		if readOverview(t, r.Dir(), base, 0, Int16) == nil {
			t.Errorf("%s has no overview", base)
		}
	}
	checkVerified(t, r.Dir())
}

func TestOverviewThatIsNeverMadeAsksForRepair(t *testing.T) {
	room := false
	fsys := newFaultFS(fullFor(&room))
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 50_000)
	if err := d.Finish(context.Background(), SealDisk, nil, nil); !NoSpace(err) {
		t.Errorf("finish: %v", err)
	}
	if err := r.Close(End{Reason: "disk", ExitCode: 5}); err != nil {
		t.Error(err)
	}
	if fsys.open != 0 {
		t.Errorf("%d files stay open", fsys.open)
	}
	run, err := ParseRun(mustRead(t, r.Dir(), FileRun))
	if err != nil || run.State != StateRecording || run.Devices[0].Segments[0].State != StateRecording {
		t.Fatalf("repair is not asked for: %+v, %v", run, err)
	}
	checkVerified(t, r.Dir()) // nothing that was recorded is damaged
	if _, err := Repair(context.Background(), r.Dir(), RepairOptions{}); err != nil {
		t.Fatal(err)
	}
	checkOverview(t, r.Dir(), "cell.A")
	checkVerified(t, r.Dir())
	if g := readMetaFile(t, r.Dir(), "cell.A").Global; g.State != StateSealed {
		t.Errorf("the meta says %s", g.State)
	}
}
