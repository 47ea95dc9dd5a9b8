package recording

import (
	"bytes"
	"context"
	"errors"
	"os"
	"syscall"
	"testing"
)

// TestReopenTakenAway: opening the files anew finds none where somebody has deleted a data file, or another. What is still open is kept then, and makes
// the file again; the other one is not written to.
func TestReopenTakenAway(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	alien := bytes.Repeat([]byte("somebody else's "), 2000)
	for _, c := range []struct {
		name    string
		noticed bool // by a sync before
		meddle  func(t *testing.T, path string)
	}{
		{"deleted", false, func(t *testing.T, path string) { removed(t)(path) }},
		{"deleted, noticed", true, func(t *testing.T, path string) { removed(t)(path) }},
		{"a link", false, func(t *testing.T, path string) {
			if err := errors.Join(os.Remove(path), os.Symlink(".", path)); err != nil {
				t.Fatal(err)
			}
		}},
		{"replaced", false, replaceBy(alien)},
		{"replaced, noticed", true, replaceBy(alien)},
		{"replaced by a short one", false, replaceBy(alien[:10])},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := newFaultFS(nil)
			r := testRun(t, Options{FS: fsys, SHA512: true})
			d := testDevice(t, r, rawInfo(0, "A"))
			appendRamp(t, d, 0, 0, 4000)
			syncNow(t, d)
			path := r.path("cell.A.sigmf-data")
			c.meddle(t, path)
			other, err := os.Open(path) // stays what it is when the name is taken back
			if err == nil {
				defer other.Close()
			}
			appendRamp(t, d, 0, 4000, 1000)
			if c.noticed {
				syncNow(t, d)
			}
			appendRamp(t, d, 0, 5000, 1000)
			res, err := d.Reopen(context.Background())
			if err != nil || res.Lost != nil {
				t.Fatalf("%+v, %v", res, err)
			}
			appendRamp(t, d, 0, 6000, 1000)
			syncNow(t, d)
			rec, rep := endMeddled(t, r, d)
			if s := rec.Streams()[0]; s.Samples() != 7000 || len(s.Gaps()) > 0 || d.Unverified(0) != 0 || !rep.OK() || fsys.open != 0 {
				t.Errorf("%d samples, %d unverified, %d files open: %+v", s.Samples(), d.Unverified(0), fsys.open, rep)
			}
			warned(t, rec, "was deleted or replaced")
			if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, ramp16(0, 6000)) {
				t.Errorf("%d bytes: %v", len(b), err)
			}
			if c.name == "replaced" {
				b := make([]byte, len(alien)+1)
				if n, _ := other.ReadAt(b, 0); !bytes.Equal(b[:n], alien) {
					t.Errorf("the other file was written to, and has %d bytes", n)
				}
			}
		})
	}
}

func replaceBy(b []byte) func(t *testing.T, path string) {
	return func(t *testing.T, path string) {
		t.Helper()
		if err := errors.Join(os.WriteFile(path+"x", b, 0o644), os.Rename(path+"x", path)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReopenBeforeSeal: the same of a file whose segment is complete.
func TestReopenBeforeSeal(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	for name, meddle := range map[string]func(t *testing.T, path string){
		"deleted": func(t *testing.T, path string) { removed(t)(path) }, "replaced": replaceBy(make([]byte, 20000)),
	} {
		t.Run(name, func(t *testing.T) {
			fsys := newFaultFS(nil)
			r, d := sealable(t, fsys)
			meddle(t, r.path("cell.A-000000.sigmf-data"))
			if _, err := d.Reopen(context.Background()); err != nil {
				t.Fatal(err)
			}
			if res := syncNow(t, d); len(res.Warnings) != 1 {
				t.Errorf("%q", res.Warnings)
			}
			if _, rep := endMeddled(t, r, d); d.Unverified(0) != 0 || !rep.OK() || fsys.open != 0 {
				t.Errorf("%d samples are unverified, %d files open: %+v", d.Unverified(0), fsys.open, rep)
			}
		})
	}
}

// TestReopenNothingLeft: a data file that is gone, and cannot be read from what was open, is told as unverified, and the run goes on.
func TestReopenNothingLeft(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	dead := func(_ int, op, name string) (error, bool) {
		if op == "read" && (name == "cell.A.sigmf-data" || name == "cell.A-000000.sigmf-data") {
			return syscall.EIO, false
		}
		return nil, false
	}
	end := func(t *testing.T, r *Run, d *DeviceWriter, name string, fsys *faultFS, unverified int64) {
		t.Helper()
		removed(t)(r.path(name))
		fsys.set(dead)
		if _, err := d.Reopen(context.Background()); err != nil {
			t.Fatal(err)
		}
		fsys.set(nil)
		_, next := d.Next(0)
		appendRamp(t, d, 0, next, 1000)
		syncNow(t, d)
		rec, rep := endMeddled(t, r, d)
		if d.Unverified(0) != unverified || rep.OK() || fsys.open != 0 {
			t.Errorf("%d samples are unverified, %d files open: %+v", d.Unverified(0), fsys.open, rep)
		}
		segs := rec.Streams()[0].Segments()
		if b, err := os.ReadFile(r.path(segs[len(segs)-1].DataFile())); err != nil || !bytes.HasSuffix(b, ramp16(next, 1000)) {
			t.Errorf("%d bytes of the next file: %v", len(b), err)
		}
	}
	t.Run("recording", func(t *testing.T) {
		fsys := newFaultFS(nil)
		r := testRun(t, Options{FS: fsys, SHA512: true}) // what is not there is not waited for
		d := testDevice(t, r, rawInfo(0, "A"))
		appendRamp(t, d, 0, 0, 4000)
		syncNow(t, d)
		end(t, r, d, "cell.A.sigmf-data", fsys, 4000)
	})
	t.Run("before its seal", func(t *testing.T) {
		fsys := newFaultFS(nil)
		r, d := sealable(t, fsys)
		end(t, r, d, "cell.A-000000.sigmf-data", fsys, 5000)
	})
}
