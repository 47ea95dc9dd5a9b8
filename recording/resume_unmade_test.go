package recording

import (
	"strings"
	"syscall"
	"testing"
)

// TestResumeBehindSettings: a stream that other settings have taken away does not come back with a run that goes on, whether or not its last file could be
// made, and however many segments ago that was.
func TestResumeBehindSettings(t *testing.T) {
	for _, unmade := range []bool{false, true} {
		fsys := newFaultFS(nil)
		r := testRun(t, Options{FS: fsys})
		d := testDevice(t, r, rawInfo(1000, "A", "B"))
		at := int64(0)
		add := func(streams ...int) {
			t.Helper()
			for _, i := range streams {
				if err := d.Append(i, at, ramp16(at, 500), stampAt(at)); err != nil {
					t.Fatal(err)
				}
			}
			at += 500
		}
		add(0, 1)
		add(0, 1)
		syncNow(t, d)
		if unmade {
			fsys.set(func(_ int, op, name string) (error, bool) {
				if op == "open" && strings.HasPrefix(name, "cell.B-000001") {
					return syscall.ENOSPC, false
				}
				return nil, false
			})
			add(0)
			syncNow(t, d)
			if err := d.Gap(1, Gap{Cause: CauseDisk, Lost: 500, Exact: true}); err != nil {
				t.Fatal(err)
			}
			fsys.set(nil)
		}
		if err := d.Reconfigure(Fraction{1, 1_000_000}, rawInfo(1000, "A").Streams); err != nil {
			t.Fatal(err)
		}
		for range 6 {
			add(0)
			syncNow(t, d)
		}
		if err := r.Abandon(); err != nil {
			t.Fatal(err)
		}
		goesOn(t, r.Dir(), rawInfo(1000, "A"), at)
	}
}
