package recording

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// copying is what the copy of a data file is written to.
const copying = ".cell.A.sigmf-data.tmp"

func removed(t *testing.T) func(path string) {
	return func(path string) {
		t.Helper()
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// givenUp wants a file of 6000 samples to be told as unverified, in journal and list, and the run to have gone on.
func givenUp(t *testing.T, r *Run, d *DeviceWriter, why string) {
	t.Helper()
	rec, rep := endMeddled(t, r, d)
	if n := d.Unverified(0); n != 6000 {
		t.Errorf("%d samples are unverified", n)
	}
	if rep.State != StateSealed {
		t.Errorf("%+v", rep)
	}
	anns := rec.Streams()[0].Annotations()
	if len(anns) != 1 || anns[0].Label != LabelUnverified || anns[0].SampleStart != 0 || anns[0].SampleCount != 6000 {
		t.Errorf("%+v", anns)
	}
	warned(t, rec, why)
	if _, err := os.Lstat(r.path(copying)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the copy is left: %v", err)
	}
}

// TestPutBackIsTriedOnce: a copy that fails neither ends the run nor is begun again; the samples are told as unverified.
func TestPutBackIsTriedOnce(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	fsys := newFaultFS(func(_ int, op, name string) (error, bool) {
		if op == "write" && name == copying {
			return syscall.ENOSPC, true
		}
		return nil, false
	})
	r, d, _ := meddled(t, fsys, true, removed(t))
	givenUp(t, r, d, "cannot be made again")
	tries := 0
	for _, line := range fsys.log {
		if line == "open "+copying {
			tries++
		}
	}
	if tries != 1 || fsys.open != 0 {
		t.Errorf("%d tries, %d files open", tries, fsys.open)
	}
}

// roomFS is a disk with so much room.
type roomFS struct {
	*faultFS
	mu   sync.Mutex
	free int64
}

func (f *roomFS) FreeSpace(string) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.free, nil
}

// TestPutBackLeavesRoom: what the plan keeps free, and what is recorded meanwhile, is not used for a copy; it is looked at again when the copy begins.
func TestPutBackLeavesRoom(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	const keep = 1 << 30
	for _, c := range []struct {
		name     string
		at, then int64 // room when the file is taken away, and when it is made again
		why      string
	}{
		{"from the beginning", keep + putBackRoom, keep + 2*putBackRoom, "and there is no room for a copy"},
		{"later", keep + 2*putBackRoom, keep + putBackRoom, "cannot be made again: there is no room for a copy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			full := &roomFS{faultFS: newFaultFS(nil), free: c.at}
			r := testRun(t, Options{FS: full, KeepFree: keep})
			d := testDevice(t, r, rawInfo(0, "A"))
			appendRamp(t, d, 0, 0, 5000)
			removed(t)(r.path("cell.A.sigmf-data"))
			syncNow(t, d)
			full.mu.Lock()
			full.free = c.then
			full.mu.Unlock()
			appendRamp(t, d, 0, 5000, 1000)
			syncNow(t, d)
			appendRamp(t, d, 0, 6000, 1000)
			givenUp(t, r, d, c.why)
		})
	}
}

// inPieces lets files of more than 4000 bytes be made again in such pieces.
func inPieces(t *testing.T) {
	most, piece := putBackMax, putBackPiece
	t.Cleanup(func() { putBackMax, putBackPiece = most, piece })
	putBackMax, putBackPiece = 4000, 4000
}

// TestPutBackInPieces: a file whose copy would keep the device from being synced for long is copied in pieces, one with each sync, by those of the end too,
// and from its beginning when the files were opened anew.
func TestPutBackInPieces(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	inPieces(t)
	for _, c := range []struct {
		name   string
		sha    bool
		reopen bool
		syncs  int
		piece  int64
	}{{"by the end", false, false, 0, 1000}, {"hashed", true, false, 1, 4000}, {"by syncs", false, false, 2, 4000}, {"opened anew", false, true, 1, 4000}} {
		t.Run(c.name, func(t *testing.T) {
			putBackPiece = c.piece
			fsys := newFaultFS(nil)
			r, d, _ := meddled(t, fsys, c.sha, removed(t))
			at := int64(7000)
			for n := range c.syncs {
				if res := syncNow(t, d); !c.sha && len(res.Sealed) > 0 != (n == 1) { // meddled had the first of three
					t.Errorf("sync %d: sealed %v", n, res.Sealed)
				}
				if c.sha {
					d.awaitHashes(context.Background())
				}
				appendRamp(t, d, 0, at, 500)
				at += 500
			}
			if c.reopen {
				if !d.makingAgain() {
					t.Error("nothing is copied")
				}
				if _, err := d.Reopen(context.Background()); err != nil || d.makingAgain() {
					t.Fatalf("what was open before is gone on with: %v", err)
				}
			}
			rec, rep := endMeddled(t, r, d)
			if n := d.Unverified(0); n != 0 || !rep.OK() || fsys.open != 0 || rec.Streams()[0].Samples() != at {
				t.Errorf("%d samples are unverified, %d files open: %+v", n, fsys.open, rep)
			}
			if b, err := os.ReadFile(r.path("cell.A.sigmf-data")); err != nil || !bytes.Equal(b, ramp16(0, 6000)) {
				t.Errorf("%d bytes: %v", len(b), err)
			}
		})
	}
}

// TestPutBackFailsInPieces: a copy that fails in the middle is given up, which is told, and ends no run.
func TestPutBackFailsInPieces(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	inPieces(t)
	fsys := newFaultFS(nil)
	r, d, _ := meddled(t, fsys, false, removed(t))
	syncNow(t, d)
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "write" && name == copying {
			return syscall.ENOSPC, true
		}
		return nil, false
	})
	if res := syncNow(t, d); len(res.Warnings) != 1 || len(res.Sealed) != 1 || d.Unverified(0) != 6000 {
		t.Errorf("%+v, %d samples are unverified", res, d.Unverified(0))
	}
	fsys.set(nil)
	rec, rep := endMeddled(t, r, d)
	if rep.OK() || fsys.open != 0 || d.Unverified(0) != 6000 {
		t.Errorf("%d files open: %+v", fsys.open, rep)
	}
	warned(t, rec, "cannot be made again")
	if _, err := os.Lstat(r.path(copying)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the copy is left: %v", err)
	}
}

// TestPutBackEndsWithContext: a copy that is not wanted any more gives nothing up.
func TestPutBackEndsWithContext(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 5000)
	removed(t)(r.path("cell.A.sigmf-data"))
	syncNow(t, d)
	appendRamp(t, d, 0, 5000, 1000)
	appendRamp(t, d, 0, 6000, 1000)
	ctx, cancel := context.WithCancel(context.Background())
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "open" && name == copying {
			cancel()
		}
		return nil, false
	})
	if _, err := d.Sync(ctx, d.Checkpoint(nil, nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	fsys.set(nil)
	if _, rep := endMeddled(t, r, d); d.Unverified(0) != 0 || !rep.OK() || fsys.open != 0 {
		t.Errorf("%d samples are unverified, %d files open: %+v", d.Unverified(0), fsys.open, rep)
	}
}

// closedFS renames no file that is open, as on Windows.
type closedFS struct {
	FS
	mu   sync.Mutex
	open map[string]int
}

func (f *closedFS) OpenFile(path string, flag int, perm fs.FileMode) (File, error) {
	g, err := f.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open[path]++
	return &closedFile{g, f, path}, nil
}

func (f *closedFS) Rename(from, to string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open[from] > 0 {
		return syscall.EBUSY
	}
	return f.FS.Rename(from, to)
}

type closedFile struct {
	File
	fs   *closedFS
	path string
}

func (f *closedFile) Close() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	f.fs.open[f.path]--
	return f.File.Close()
}

// TestPutBackRenamesClosedFile: a system that renames no open file lets the file be made again.
func TestPutBackRenamesClosedFile(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	r, d, _ := meddled(t, &closedFS{FS: OSFS(), open: map[string]int{}}, true, removed(t))
	if _, rep := endMeddled(t, r, d); d.Unverified(0) != 0 || !rep.OK() {
		t.Errorf("%d samples are unverified: %+v", d.Unverified(0), rep)
	}
}

// unnamedFS is a file system on which no file looks like itself.
type unnamedFS struct{ FS }

func (f unnamedFS) OpenFile(path string, flag int, perm fs.FileMode) (File, error) {
	g, err := f.FS.OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	return unnamedFile{g}, nil
}

type unnamedFile struct{ File }

func (unnamedFile) At(string) (bool, error) { return false, nil }

// TestEmptyFileWithoutIdentity: a file without a sample is none that was exchanged, where files look different each time.
func TestEmptyFileWithoutIdentity(t *testing.T) {
	r := testRun(t, Options{FS: unnamedFS{OSFS()}})
	d := testDevice(t, r, rawInfo(0, "A", "B"))
	for n := range int64(3) {
		appendRamp(t, d, 0, n*1000, 1000) // and none of B
		if res := syncNow(t, d); len(res.Warnings) > 0 {
			t.Errorf("%q", res.Warnings)
		}
	}
	rec, rep := endMeddled(t, r, d)
	if n := len(rec.Streams()[0].Segments()); n != 1 || len(rep.Problems) > 0 {
		t.Errorf("%d segments: %+v", n, rep)
	}
}

// TestFinishWarns: what the last sync finds of a file that was taken away is told too.
func TestFinishWarns(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 5000)
	syncNow(t, d)
	removed(t)(r.path("cell.A.sigmf-data"))
	if len(d.Warnings()) != 0 {
		t.Errorf("%q", d.Warnings())
	}
	rec, rep := endMeddled(t, r, d)
	if w := d.Warnings(); len(w) != 1 || !strings.Contains(w[0], "was deleted or replaced") || !rep.OK() {
		t.Errorf("%q: %+v", w, rep)
	}
	warned(t, rec, "was deleted or replaced")
}

// sealable is a device whose first segment is complete, and journalled to its end, but not sealed yet.
func sealable(t *testing.T, fsys *faultFS) (*Run, *DeviceWriter) {
	t.Helper()
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(5000, "A"))
	appendRamp(t, d, 0, 0, 5000)
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "rename" && name == "cell.A-000000.sigmf-meta" {
			return syscall.EIO, false
		}
		return nil, false
	})
	appendRamp(t, d, 0, 5000, 1)
	if res, err := d.Sync(context.Background(), d.Checkpoint(nil, nil)); err == nil || len(res.Sealed) > 0 || !d.live[0].sync.journaled {
		t.Fatalf("%+v, %v", res, err)
	}
	fsys.set(nil)
	return r, d
}

// TestTakenAwayBeforeSeal: sealing tells of a file that it is the first to miss, and of one that it cannot make again, which ends no run.
func TestTakenAwayBeforeSeal(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	for _, fails := range []bool{false, true} {
		fsys := newFaultFS(nil)
		r, d := sealable(t, fsys)
		removed(t)(r.path("cell.A-000000.sigmf-data"))
		fsys.set(func(_ int, op, name string) (error, bool) {
			if fails && op == "write" && name == ".cell.A-000000.sigmf-data.tmp" {
				return syscall.EIO, false
			}
			return nil, false
		})
		want := 1
		if fails {
			want = 2
		}
		if res := syncNow(t, d); len(res.Warnings) != want || len(res.Sealed) != 1 {
			t.Errorf("%+v", res)
		}
		fsys.set(nil)
		finish(t, r, d)
		rep := mustVerify(t, OSFS(), r.Dir(), VerifyOptions{})
		if fails == rep.OK() || fails != (d.Unverified(0) == 5000) {
			t.Errorf("%d samples are unverified: %+v", d.Unverified(0), rep)
		}
	}
}
