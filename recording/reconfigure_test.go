package recording

import (
	"errors"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// recorded returns the streams of a run as run.json lists them, with what they recorded.
func recorded(run *RunFile) map[string]int64 {
	m := make(map[string]int64)
	for _, s := range run.Devices[0].Streams {
		m[s.Name] += s.Recorded
	}
	return m
}

func channels(names ...string) []StreamInfo { return rawInfo(0, names...).Streams }

func TestChannelThatComesBackGoesOn(t *testing.T) {
	for _, c := range []struct {
		name string
		back int64 // device index at which B comes back
		gap  *Gap  // at the place where B ended
	}{
		{"where the device stands", 1000, &Gap{Cause: CauseNotKept, Lost: 500, Exact: true, LostMin: 500, LostMax: 500, To: Timestamp(stampAt(1000).UTCNS), MonoToNS: 0}},
		{"where it ended", 500, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := testRun(t, Options{})
			d := testDevice(t, r, rawInfo(0, "A", "B"))
			appendRamp(t, d, 0, 0, 500)
			appendRamp(t, d, 1, 0, 500)
			if err := d.Reconfigure(Fraction{1, 1_000_000}, channels("A")); err != nil {
				t.Fatal(err)
			}
			appendRamp(t, d, 0, 500, 500)
			if err := d.Reconfigure(Fraction{1, 1_000_000}, channels("A", "B")); err != nil {
				t.Fatal(err)
			}
			if n, next := d.Next(1); n != 500 || next != 500 {
				t.Errorf("B stands at %d, %d", n, next)
			}
			appendRamp(t, d, 0, 1000, 500)
			var index *IndexError
			if err := d.Append(1, 499, ramp16(499, 1), stampAt(499)); !errors.As(err, &index) {
				t.Errorf("B before its end: %v", err)
			}
			appendRamp(t, d, 1, c.back, 250)
			if err := d.Append(1, c.back+251, ramp16(c.back+251, 1), stampAt(0)); !errors.As(err, &index) {
				t.Errorf("B with a hole: %v", err)
			}
			appendRamp(t, d, 1, c.back+250, 250)
			finish(t, r, d)
			run := checkSealed(t, r.Dir())
			checkChain(t, r.Dir(), "cell.A", "cell.A-000001", "cell.A-000002")
			caps := checkChain(t, r.Dir(), "cell.B", "cell.B-000002")
			if diff := cmp.Diff(map[string]int64{"cell.A": 1500, "cell.B": 1000}, recorded(run)); diff != "" || len(run.Devices[0].Streams) != 2 {
				t.Errorf("run.json (-want +got) %s", diff)
			}
			if s := run.Devices[0].Streams[1]; s.Lost != 0 || s.Gaps != 0 {
				t.Errorf("the time without the channel counts as loss: %+v", s)
			}
			last := caps[len(caps)-1].Gap
			if last != nil {
				last.MonoToNS = 0
			}
			if diff := cmp.Diff(c.gap, last); diff != "" {
				t.Error("gap (-want +got)", diff)
			}
			checkVerified(t, r.Dir())
		})
	}
}

func TestChannelThatComesBackBehindAGap(t *testing.T) {
	r := testRun(t, Options{})
	d := testDevice(t, r, rawInfo(0, "A", "B"))
	appendRamp(t, d, 0, 0, 500)
	appendRamp(t, d, 1, 0, 500)
	if err := d.Gap(1, Gap{Cause: CauseUSB, Lost: 20, Exact: true}); err != nil { // stands behind the end of B
		t.Fatal(err)
	}
	for _, names := range [][]string{{"A"}, {"A", "B"}} {
		if err := d.Reconfigure(Fraction{1, 1_000_000}, channels(names...)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Gap(1, Gap{Cause: CausePower, Lost: 30, Exact: true}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 1, 600, 100)
	finish(t, r, d)
	run := checkSealed(t, r.Dir())
	caps := checkChain(t, r.Dir(), "cell.B", "cell.B-000002")
	if g := caps[1].Gap; g == nil || g.Cause != CausePower || g.Lost != 100 || g.Exact || g.LostMin != 30 || g.LostMax != 100 {
		t.Errorf("gap %+v", g)
	}
	if s := run.Devices[0].Streams[1]; s.Recorded != 600 || s.LostMin != 50 || s.LostMax != 120 {
		t.Errorf("totals %+v", s)
	}
	checkVerified(t, r.Dir())
}

func TestReconfigureThatFailsLosesNoGap(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	d := testDevice(t, r, rawInfo(1000, "A", "B"))
	appendRamp(t, d, 0, 0, 1000)
	appendRamp(t, d, 1, 0, 1000)
	syncNow(t, d) // segment 0 is sealed: a gap behind it needs another one
	for s, lost := range []int64{70, 50} {
		if err := d.Gap(s, Gap{Cause: CauseUSB, Lost: lost, Exact: true}); err != nil {
			t.Fatal(err)
		}
	}
	fsys.set(func(_ int, op, _ string) (error, bool) {
		if op == "open" {
			return syscall.ENOSPC, false
		}
		return nil, false
	})
	// A goes on with its gap, that of B cannot be stored.
	if err := d.Reconfigure(Fraction{1, 1_000_000}, channels("A")); !NoSpace(err) {
		t.Fatalf("reconfigure: %v", err)
	}
	fsys.set(nil)
	for s, want := range []int64{1070, 1050} {
		if _, next := d.Next(s); next != want {
			t.Fatalf("stream %d goes on at %d, want %d", s, next, want)
		}
		appendRamp(t, d, s, want, 100)
	}
	finish(t, r, d)
	run := checkSealed(t, r.Dir())
	for i, lost := range []int64{70, 50} {
		if s := run.Devices[0].Streams[i]; s.Lost != lost || s.Gaps != 1 || s.Recorded != 1100 {
			t.Errorf("totals %+v", s)
		}
	}
	checkVerified(t, r.Dir())
}
