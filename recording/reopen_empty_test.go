package recording

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
)

// noSamples is a disk that takes everything but samples.
func noSamples(_ int, op, name string) (error, bool) {
	if op == "write" && strings.HasSuffix(name, ExtData) {
		return syscall.EIO, false
	}
	return nil, false
}

// TestReopenKeepsEmptySegments: while a disk takes no samples, opening its files anew does not make one segment after the other.
func TestReopenKeepsEmptySegments(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A", "B"))
	appendRamp(t, d, 0, 0, 1000)
	appendRamp(t, d, 1, 0, 1000)
	syncNow(t, d)
	fsys.set(noSamples)
	for range 5 {
		if err := d.Append(0, 1000, ramp16(1000, 500), stampAt(1000)); err == nil {
			t.Fatal("the samples were written")
		}
		if _, err := d.Reopen(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	fsys.set(nil)
	appendRamp(t, d, 0, 1000, 500)
	appendRamp(t, d, 1, 1000, 500)
	if err := d.Finish(context.Background(), SealStop, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(End{Reason: "stop"}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ExtData) {
			files++
		}
	}
	if files != 4 || fsys.open != 0 {
		t.Errorf("%d data files of two streams, %d files are open", files, fsys.open)
	}
	if rep := mustVerify(t, OSFS(), r.Dir(), VerifyOptions{}); !rep.OK() {
		t.Errorf("%+v", rep)
	}
}

// TestProbeIsATemporaryFile: what is left of a probe by a process that was killed is cleaned up by the next one, and is no file of the recording.
func TestProbeIsATemporaryFile(t *testing.T) {
	fsys := newFaultFS(func(_ int, op, name string) (error, bool) { return nil, false })
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(0, "A"))
	fsys.log = nil
	if err := d.probe(); err != nil {
		t.Fatal(err)
	}
	for _, line := range fsys.log {
		if op, name, _ := strings.Cut(line, " "); !strings.HasPrefix(name, ".") || !strings.HasSuffix(name, ".tmp") {
			t.Errorf("%s of %s", op, name)
		}
	}
	if len(fsys.log) == 0 {
		t.Error("nothing was probed")
	}
}
