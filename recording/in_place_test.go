package recording

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

func onlyWhereOpenFilesGo(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("nobody can take away a file that is open")
	}
}

// meddled is a run of one stream with 4000 samples that are synced. Somebody else then has to do with its file, and it goes on.
func meddled(t *testing.T, fsys FS, sha bool, meddle func(path string)) (*Run, *DeviceWriter, SyncResult) {
	t.Helper()
	r := testRun(t, Options{FS: fsys, SHA512: sha})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 4000)
	syncNow(t, d)
	meddle(r.path("cell.A.sigmf-data"))
	appendRamp(t, d, 0, 4000, 1000)
	res := syncNow(t, d)
	appendRamp(t, d, 0, 5000, 1000)
	syncNow(t, d)
	appendRamp(t, d, 0, 6000, 1000)
	return r, d, res
}

func endMeddled(t *testing.T, r *Run, d *DeviceWriter) (*Recording, Report) {
	t.Helper()
	finish(t, r, d)
	rec, err := OpenWith(r.Dir(), OpenOptions{Damaged: true})
	if err != nil {
		t.Fatal(err)
	}
	return rec, mustVerify(t, OSFS(), r.Dir(), VerifyOptions{})
}

func warned(t *testing.T, rec *Recording, text string) {
	t.Helper()
	events, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Kind == EventWarning && e.Count == 1+int64(strings.Count(e.Text, "\n")) && strings.Count(e.Text, text) == 1 {
			return
		}
	}
	t.Errorf("no event tells that %q: %+v", text, events)
}

// TestFileTakenAway: a data file that somebody deletes or replaces while it is recorded is made again, and the next samples go to another one.
func TestFileTakenAway(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	replace := func(path string) {
		b, err := os.ReadFile(path)
		if err := errors.Join(err, os.WriteFile(path+"x", b, 0o644), os.Rename(path+"x", path)); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(path string) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	link := func(path string) {
		if err := errors.Join(os.Remove(path), os.Symlink(".", path)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		sha    bool
		meddle func(path string)
	}{{"deleted", false, remove}, {"deleted, hashed", true, remove}, {"replaced", false, replace}, {"replaced by a folder's link", false, link}} {
		t.Run(c.name, func(t *testing.T) {
			fsys := newFaultFS(nil)
			r, d, res := meddled(t, fsys, c.sha, c.meddle)
			if len(res.Warnings) != 1 {
				t.Errorf("%q", res.Warnings)
			}
			rec, rep := endMeddled(t, r, d)
			if n := d.Unverified(0); n != 0 || !rep.OK() || fsys.open != 0 {
				t.Errorf("%d samples are unverified, %d files open: %+v", n, fsys.open, rep)
			}
			if s := rec.Streams()[0]; s.Samples() != 7000 || len(s.Gaps()) != 0 || len(s.Segments()) != 2 {
				t.Errorf("%d samples, gaps %v, %d segments", s.Samples(), s.Gaps(), len(s.Segments()))
			}
			warned(t, rec, "cell.A.sigmf-data was deleted or replaced")
		})
	}
}

// TestFileTakenAwayNoRoom: where the file cannot be made again its samples are told as unverified, and those behind it are there.
func TestFileTakenAwayNoRoom(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	full := fullDisk{newFaultFS(nil)}
	r, d, res := meddled(t, full, false, func(path string) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	})
	if len(res.Warnings) != 1 || d.Unverified(0) != 6000 {
		t.Errorf("%q, %d", res.Warnings, d.Unverified(0))
	}
	rec, _ := endMeddled(t, r, d)
	warned(t, rec, "there is no room for a copy")
	if b, err := os.ReadFile(r.path("cell.A-000001.sigmf-data")); err != nil || !bytes.Equal(b, ramp16(6000, 1000)) {
		t.Errorf("%d bytes of the next file: %v", len(b), err)
	}
}

type fullDisk struct{ *faultFS }

func (fullDisk) FreeSpace(string) (int64, error) { return 100, nil }

// TestFileShortened: of a data file that somebody shortens or overwrites nothing is vouched for up to there, whether it has grown again since or not; what comes
// behind is there.
func TestFileShortened(t *testing.T) {
	for _, c := range []struct {
		name   string
		meddle func(path string) error
	}{
		{"to a part", func(path string) error { return os.Truncate(path, 1000) }},
		{"to nothing", func(path string) error { return os.Truncate(path, 0) }},
		{"overwritten", func(path string) error { return os.WriteFile(path, make([]byte, 8000), 0o644) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, d, res := meddled(t, newFaultFS(nil), false, func(path string) {
				if err := c.meddle(path); err != nil {
					t.Fatal(err)
				}
			})
			if len(res.Warnings) != 1 {
				t.Errorf("%q", res.Warnings)
			}
			rec, rep := endMeddled(t, r, d)
			if n := d.Unverified(0); n != 6000 {
				t.Errorf("%d samples are unverified", n)
			}
			if len(rep.Problems) > 0 || rep.State != StateSealed || len(rep.Damage()) == 0 {
				t.Errorf("%+v", rep)
			}
			for _, x := range rep.Damage() {
				if !x.Known || x.To > 6000 {
					t.Errorf("%+v", x)
				}
			}
			if s := rec.Streams()[0]; s.Samples() != 7000 || len(s.Segments()) != 2 {
				t.Errorf("%d samples, %d segments", s.Samples(), len(s.Segments()))
			}
			warned(t, rec, "cell.A.sigmf-data was changed")
		})
	}
}

// TestFileNotToBeSeen: a folder or a disk that is away for a while is no file that was taken away, nor is a read that fails.
func TestFileNotToBeSeen(t *testing.T) {
	onlyWhereOpenFilesGo(t)
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 4000)
	syncNow(t, d)
	cp := func() *Checkpoint { return d.Checkpoint(nil, nil) }
	if err := os.Rename(r.Dir(), r.Dir()+"x"); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 4000, 1000)
	_, _ = d.Sync(context.Background(), cp()) // metas cannot be replaced
	if err := os.Rename(r.Dir()+"x", r.Dir()); err != nil {
		t.Fatal(err)
	}
	fsys.set(func(_ int, op, name string) (error, bool) {
		if op == "read" {
			return syscall.EIO, false
		}
		return nil, false
	})
	appendRamp(t, d, 0, 5000, 1000)
	syncNow(t, d)
	fsys.set(nil)
	appendRamp(t, d, 0, 6000, 1000)
	rec, rep := endMeddled(t, r, d)
	if s := rec.Streams()[0]; !rep.OK() || s.Samples() != 7000 || len(s.Segments()) != 1 || d.Unverified(0) != 0 {
		t.Errorf("%d samples, %d segments: %+v", s.Samples(), len(s.Segments()), rep)
	}
}
