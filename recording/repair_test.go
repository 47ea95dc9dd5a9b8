package recording

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// failedSyncRun writes a run in which the sync of samples 100 to 200 of cell.A failed. In the file these samples are lost, as the system may
// have it after that.
func failedSyncRun(t *testing.T, end bool) (*corpusRun, *memFS) {
	t.Helper()
	c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	c.epoch(0, "start")
	c.addAll(100)
	c.sync()
	c.addAll(100)
	faults := &faultFS{FS: c.fs, fail: func(_ int, op, name string) (error, bool) {
		if op == "sync" && name == "cell.A"+ExtData {
			return syscall.EIO, false
		}
		return nil, false
	}}
	f := c.dev.segs[0].files[0]
	good := f.f
	f.f = &faultFile{File: good, fs: faults, path: f.path(ExtData)}
	if res, err := c.dev.Sync(context.Background(), c.dev.Checkpoint(nil, nil)); !errors.Is(err, syscall.EIO) || res.Synced {
		t.Fatalf("sync: %+v, %v", res, err)
	}
	f.f = good
	for range 3 {
		c.addAll(100)
		c.sync()
	}
	if end {
		c.end()
	}
	m := c.crashed()
	m.edit(filepath.Join(c.dir(), "cell.A"+ExtData), overwrite(2*120, make([]byte, 30)...))
	return c, m
}

func TestWhatFollowsAFailedSync(t *testing.T) {
	for _, tc := range []struct {
		name   string
		sealed bool
	}{{"sealed", true}, {"killed", false}} {
		t.Run(tc.name, func(t *testing.T) {
			c, m := failedSyncRun(t, tc.sealed)
			check := func(when string) {
				report := mustVerify(t, m, c.dir(), VerifyOptions{})
				d := report.Damage()
				if len(d) != 1 || d[0].Kind != DamageUnverified || !d[0].Known || d[0].Stream != "cell.A" || d[0].From != 100 || d[0].To != 200 {
					t.Errorf("%s: damage: %v", when, d)
				}
				r, err := OpenWith(c.dir(), OpenOptions{FS: m})
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range r.Streams() {
					b := make([]byte, 2*500)
					n, err := s.ReadAt(b, 0)
					var damaged *DamagedError
					switch s.Name() {
					case "cell.A":
						if n != 100 || !errors.As(err, &damaged) || damaged.From != 100 || damaged.To != 200 || damaged.Label != LabelUnverified {
							t.Errorf("%s: %d samples, %v", when, n, err)
						}
						if n, err := s.ReadAt(b[:600], 200); n != 300 || err != nil {
							t.Errorf("%s: behind the range: %d samples, %v", when, n, err)
						}
					case "cell.B":
						if n != 500 || err != nil {
							t.Errorf("%s: the other stream: %d samples, %v", when, n, err)
						}
					}
				}
			}
			check("before the repair")
			if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, Now: fixedNow}); err != nil {
				t.Fatal(err)
			}
			check("behind the repair")
		})
	}
}

// TestEveryOperationOfRepairMayFail lets the n-th operation of a repair fail, once without and once with half of a write done. The call says so
// and may be repeated.
func TestEveryOperationOfRepairMayFail(t *testing.T) {
	c := damageRun(t, 250, false)
	damage := func() *memFS {
		m := c.crashed()
		m.edit(filepath.Join(c.dir(), "cell.A-000002.sigmf-data"), overwrite(20, 0x55, 0x55))
		m.edit(filepath.Join(c.dir(), "cell.journal-000002.jsonl"), func(b []byte) []byte { return append(b, "torn"...) })
		return m
	}
	failures := 0
	for n := 0; ; n++ {
		for _, half := range []bool{false, true} {
			m := damage()
			faults := &faultFS{FS: m, fail: func(k int, _, _ string) (error, bool) {
				if k == n {
					return syscall.EIO, half
				}
				return nil, false
			}}
			_, err := Repair(context.Background(), c.dir(), RepairOptions{FS: faults, KeepTail: true, Now: fixedNow})
			if faults.ops <= n {
				if failures < 30 {
					t.Errorf("only %d operations failed", failures)
				}
				return
			}
			if err != nil {
				failures++
			}
			if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, KeepTail: true, Now: fixedNow}); err != nil {
				t.Fatalf("repair again behind a failure of operation %d (%s): %v", n, faults.log[n], err)
			}
			r, err := OpenWith(c.dir(), OpenOptions{FS: m})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range r.Streams() {
				if want := map[string]int64{"cell.A": 600, "cell.B": 600}[s.Name()]; s.End() > want || s.Name() == "cell.B" && s.End() != want {
					t.Errorf("operation %d (%s): %s has %d samples", n, faults.log[n], s.Name(), s.End())
				}
			}
			report := mustVerify(t, m, c.dir(), VerifyOptions{})
			if report.State == StateRecording || len(report.Problems) > 0 {
				logReport(t, report)
				t.Fatalf("verify behind a failure of operation %d (%s)", n, faults.log[n])
			}
		}
	}
}

func TestVerifyNamesAFileThatCannotBeRead(t *testing.T) {
	c := damageRun(t, 250, true)
	faults := &faultFS{FS: c.fs, fail: func(_ int, op, name string) (error, bool) {
		if strings.HasPrefix(name, "cell.A-000001.sigmf-data") && op == "read" {
			return syscall.EIO, false
		}
		return nil, false
	}}
	report := mustVerify(t, faults, c.dir(), VerifyOptions{})
	if report.OK() || len(report.Problems) == 0 || report.Problems[0].File != "cell.A-000001.sigmf-data" || len(report.Streams) != 2 {
		logReport(t, report)
		t.Error("a file that cannot be read is not told of")
	}
}
