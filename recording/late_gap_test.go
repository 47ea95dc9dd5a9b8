package recording

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"
)

// Loss is in the files although no file can be made for it: recorded and lost samples add up to those that were sent, also behind a repair.
func TestLossIsTellableWithoutANewFile(t *testing.T) {
	const cut, sent = 4096, 20_000
	opens := func(err error, fails func(name string) bool) func(int, string, string) (error, bool) {
		return func(_ int, op, name string) (error, bool) {
			if op == "open" && fails(name) {
				return err, false
			}
			return nil, false
		}
	}
	second := func(stream, ext string) func(string) bool {
		return func(name string) bool {
			return strings.Contains(name, "cell."+stream) && strings.HasSuffix(strings.TrimSuffix(name, ".tmp"), ext) && !strings.Contains(name, "-000000")
		}
	}
	butOne := func(name string) bool { // those that are there can be opened
		return !strings.Contains(name, "cell.A-000001") && name != PartName("cell", 0)
	}
	all := func(string) bool { return true }
	for _, c := range []struct {
		name   string
		err    error
		fails  func(name string) bool
		synced bool // the segment before is sealed by then
		heals  bool // while the device ends
	}{
		{"one data file", syscall.ENOSPC, second("B", ExtData), false, false},
		{"one data file behind a sealed segment", syscall.ENOSPC, second("B", ExtData), true, false},
		{"one meta", syscall.ENOSPC, second("B", ExtMeta), false, false},
		{"one meta behind a sealed segment", syscall.ENOSPC, second("B", ExtMeta), true, false},
		{"the data files of all", syscall.EMFILE, second("", ExtData), false, false},
		{"the data files of all behind a sealed segment", syscall.EMFILE, second("", ExtData), true, false},
		{"every file", syscall.EACCES, all, false, false},
		{"every file behind a sealed segment", syscall.EACCES, all, true, false},
		{"every file but those of one stream", syscall.EACCES, butOne, false, false},
		{"every file but those of one stream behind a sealed segment", syscall.EACCES, butOne, true, false},
		{"every file until the end", syscall.EMFILE, all, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := newFaultFS(nil)
			r := testRun(t, Options{FS: fsys})
			d := testDevice(t, r, rawInfo(cut, "A", "B"))
			appendRamp(t, d, 0, 0, cut-96)
			appendRamp(t, d, 1, 0, cut-96)
			syncNow(t, d)
			appendRamp(t, d, 0, cut-96, 96)
			appendRamp(t, d, 1, cut-96, 96)
			if c.synced {
				syncNow(t, d)
			}
			fsys.set(opens(c.err, c.fails))
			for stream := range 2 {
				if err := d.Append(stream, cut, ramp16(cut, 1000), stampAt(cut)); err != nil && !errors.Is(err, c.err) {
					t.Fatal(err)
				}
				_, next := d.Next(stream)
				if err := d.Gap(stream, Gap{Cause: CauseDisk, Lost: sent - next, Exact: true}); err != nil {
					t.Fatal(err)
				}
			}
			_, _ = d.Sync(context.Background(), d.Checkpoint(nil, nil)) // the end tells
			if c.heals {
				fsys.set(nil)
			}
			t.Log("finish:", d.Finish(context.Background(), SealDisk, nil, nil))
			t.Log("close:", r.Close(End{Reason: "disk"}))
			if run, err := ParseRun(mustRead(t, r.Dir(), FileRun)); err != nil || run.State != StateSealed {
				report, err := Repair(context.Background(), r.Dir(), RepairOptions{})
				if err != nil || report.Damage() {
					t.Fatalf("repair: %+v, %v", report, err)
				}
			}
			verified := mustVerify(t, nil, r.Dir(), VerifyOptions{})
			if !verified.OK() {
				logReport(t, verified)
				t.Error("verify is not content")
			}
			run, err := ParseRun(mustRead(t, r.Dir(), FileRun))
			if err != nil {
				t.Fatal(err)
			}
			rec, err := Open(r.Dir())
			if err != nil {
				t.Fatal(err)
			}
			for i, s := range rec.Streams() {
				var lost int64
				for _, g := range s.Gaps() {
					lost += g.Lost
				}
				told := run.Devices[0].Streams[i]
				if have := s.Samples() + lost; have != sent || told.Recorded+told.Lost != sent {
					t.Errorf("stream %s: %d samples and %d lost are in the files, %d and %d in run.json; %d were sent", s.Name(), s.Samples(), lost, told.Recorded, told.Lost, sent)
				}
			}
			goesOn(t, r.Dir(), rawInfo(cut, "A", "B"), sent)
		})
	}
}

// goesOn resumes a run with a device as it was, all of whose streams stand at that device index.
func goesOn(t *testing.T, dir string, info DeviceInfo, at int64) {
	t.Helper()
	res, err := Resume(context.Background(), dir, ResumeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := res.Run.ResumeDevice(info)
	if err != nil {
		t.Error(err)
	} else {
		for i := range info.Streams {
			if n, next := d.Next(i); next != at || n != res.Devices[0].Samples[i] {
				t.Errorf("stream %d goes on at %d, device index %d; it had come to %d, %d", i, n, next, res.Devices[0].Samples[i], at)
			}
		}
	}
	if err := res.Run.Abandon(); err != nil {
		t.Error(err)
	}
}
