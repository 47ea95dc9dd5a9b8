package session

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// diskRun is a run of two devices with small rings: the files of the first are on a disk that fails, those of the second are not.
func diskRun(run string) string {
	text := strings.Replace(header, `duration = "1s"`, "duration = \"4s\"\n  sync = \"200ms\"\n  hold = \"500ms\"\n  "+run, 1)
	return text + proof("cell", "SICK") + proof("near", "NEAR")
}

// startOn starts a run on a disk.
func (l *lab) startOn(text string, disk recording.FS) *Session {
	l.t.Helper()
	o := l.options(text)
	o.FS = disk
	s, err := Start(context.Background(), o)
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

// ofCell tells whether a file belongs to the device whose disk fails.
func ofCell(name string) bool { return strings.HasPrefix(strings.TrimPrefix(name, "."), "cell.") }

// failing is a disk that refuses all that changes a file of the device.
func failing(err error) sickness {
	return func(op, name string) error {
		if ofCell(name) && op != "read" && op != "readfile" && op != "stat" {
			return err
		}
		return nil
	}
}

// stalling is a disk on which one kind of operation stands still until a time.
func stalling(what string, until time.Time) sickness {
	return func(op, name string) error {
		if op == what && (ofCell(name) || op == "syncdir" || op == "space") {
			time.Sleep(time.Until(until)) // the disk is what the test is about
		}
		return nil
	}
}

// TestDiskAway takes the disk of one of two devices away for longer than its ring holds. What the ring could not hold is a gap of
// exact length whose cause is the disk; recording goes on when the disk is back, and the other device notices nothing.
func TestDiskAway(t *testing.T) {
	t.Parallel()
	const away = 1500 * time.Millisecond
	type row struct {
		name string
		run  string
		ill  func(until time.Time) sickness
		lose bool // it must lose something: the drainer itself is held up
		exit int
		long bool // only in the long form
	}
	fail := func(err error) func(time.Time) sickness {
		return func(time.Time) sickness { return failing(err) }
	}
	stall := func(op string) func(time.Time) sickness {
		return func(until time.Time) sickness { return stalling(op, until) }
	}
	rows := []row{
		{"input/output error", "", fail(syscall.EIO), true, ExitLoss, false},
		{"read-only", "", fail(syscall.EROFS), true, ExitLoss, true},
		{"gone", "", fail(syscall.ENODEV), true, ExitLoss, true},
		{"gone while segments change", `rotate = "1s"`, fail(syscall.EIO), true, ExitLoss, false},
		{"writes stand still", "", stall("write"), true, ExitLoss, false},
		{"syncs stand still", "", stall("sync"), false, ExitDone, false},
		{"preallocation stands still while segments change", `rotate = "1s"`, stall("preallocate"), true, ExitLoss, false},
		{"renames stand still while segments change", `rotate = "1s"`, stall("rename"), false, ExitDone, true},
		{"syncs of the folder stand still while segments change", `rotate = "1s"`, stall("syncdir"), false, ExitDone, true},
		{"opening stands still while segments change", `rotate = "1s"`, stall("open"), true, ExitLoss, false},
	}
	rows = slices.DeleteFunc(rows, func(c row) bool { return c.long && os.Getenv("SCOPELOG_LONG") != "1" })
	atOnce(t, rows, func(c row) string { return c.name }, func(t *testing.T, c row) {
		l, disk := newLab(t), newSickDisk()
		s := l.startOn(diskRun(c.run), disk)
		l.until(s, func(st Status) bool { return device0(st, "cell").Streams[0].Recorded > 50_000 })
		fell := time.Now()
		until := fell.Add(away)
		disk.fall(c.ill(until))
		time.Sleep(time.Until(until)) // how long the disk is away is what is given
		disk.fall(nil)
		sum := l.waitUnsynced(s)
		if disk.hits.Load() == 0 {
			t.Error("the disk's trouble was not met")
		}
		l.checkLoss(sum, 400_000, c.lose, fell)
		if code := sum.ExitCode(false); code != c.exit && (c.lose || code != ExitLoss) {
			t.Errorf("exit code %d, want %d", code, c.exit)
		}
	})
}

// TestDiskAwayInEveryMode does the same to devices that reduce, and to those that capture waveforms: they wait for room, and lose nothing.
func TestDiskAwayInEveryMode(t *testing.T) {
	t.Parallel()
	type row struct {
		name, device string
		waveforms    int64
		want         map[string]int64 // samples of a stream, recorded and lost
	}
	atOnce(t, []row{
		{"aggregate beside raw", `stream {
    sample_rate = "100kS/s"
    downsample {
      mode     = "aggregate"
      ratio    = 7
      keep_raw = true
    }
  }`, 0, map[string]int64{"cell.A": 400_000, "cell.A.min": 57142, "cell.A.max": 57142}},
		{"average", `stream {
    sample_rate = "1MS/s"
    downsample {
      mode  = "average"
      ratio = 10
    }
  }`, 0, map[string]int64{"cell.A": 400_000}},
		{"block", `block {
    sample_rate = "1MS/s"
    post        = 20000
    repeat      = 40
    every       = "100ms"
  }`, 40, map[string]int64{"cell.A": 800_000}},
		{"rapid block", `rapid_block {
    sample_rate = "1MS/s"
    pre         = 1000
    post        = 4000
    captures    = 20
    repeat      = 40
    every       = "100ms"
  }`, 800, map[string]int64{"cell.A": 4_000_000}},
	}, func(c row) string { return c.name }, func(t *testing.T, c row) {
		l, disk := newLab(t), newSickDisk()
		length := "\n  duration = \"4s\""
		if c.waveforms > 0 {
			length = ""
		}
		s := l.startOn(strings.Replace(header, "\n  duration = \"1s\"", length+"\n  sync = \"200ms\"\n  hold = \"500ms\"", 1)+fmt.Sprintf(`
device "cell" {
  driver = "sim"
  serial = "MODE%d"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  %s
}
`, serials.Add(1), c.device), disk)
		l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 50_000 })
		fell := time.Now()
		until := fell.Add(1500 * time.Millisecond)
		disk.fall(failing(syscall.EIO))
		time.Sleep(time.Until(until)) // how long the disk is away is what is given
		disk.fall(nil)
		sum := l.waitUnsynced(s)
		for _, st := range sum.Devices[0].Streams {
			if st.Recorded+st.Lost != c.want[st.Name] || (st.Lost == 0) != (c.waveforms > 0) {
				t.Errorf("%+v, want %d", st, c.want[st.Name])
			}
		}
		l.ofDisk(sum.Devices[0].Gaps, fell, until)
		code := ExitLoss
		if c.waveforms > 0 {
			if sum.Devices[0].Streams[0].Unverified == 0 {
				code = ExitDone
			}
			if b := sum.Devices[0].Block; b == nil || b.Waveforms != c.waveforms || b.Lost != 0 {
				t.Errorf("%+v, want %d waveforms", b, c.waveforms)
			}
		}
		if got := sum.ExitCode(false); got != code || len(c.want) != len(sum.Devices[0].Streams) {
			t.Errorf("exit code %d, want %d\n%s", got, code, describe(sum))
		}
	})
}

// waitUnsynced waits for the end of a run whose disk may have failed in the middle of a sync: what that sync was about is annotated, as
// nothing vouches for it, and nothing else may be wrong.
func (l *lab) waitUnsynced(s *Session) *Summary {
	l.t.Helper()
	select {
	case <-s.finished:
	case <-time.After(2 * time.Minute):
		l.t.Fatal("the run does not end")
	}
	sum, err := s.Wait()
	if err != nil {
		l.t.Fatal(err)
	}
	l.verifyUnsynced(s.Dir())
	return sum
}

// verifyUnsynced checks a recording, and lets ranges pass that are annotated as not synced. It returns them.
func (l *lab) verifyUnsynced(dir string) []recording.Damage {
	l.t.Helper()
	rep, err := recording.Verify(context.Background(), dir, recording.VerifyOptions{Proof: true})
	if err != nil {
		l.t.Fatal(err)
	}
	if len(rep.Problems) > 0 {
		l.t.Errorf("verify: %v", rep.Problems)
	}
	for _, d := range recording.JoinDamage(rep.Damage()) {
		if d.Kind != recording.DamageUnverified || !d.Known {
			l.t.Errorf("verify: %v", d)
		}
	}
	if len(rep.Damage()) == 0 && os.Getenv("SCOPELOG_LONG") == "1" { // the other reader refuses what nothing vouches for
		l.agree(dir)
	}
	return rep.Damage()
}

// checkLoss wants that the first device lost samples to the disk alone and exactly, that the second lost none, and that both are
// accounted for to their last sample.
func (l *lab) checkLoss(sum *Summary, want int64, lose bool, fell time.Time) {
	l.t.Helper()
	for _, d := range sum.Devices {
		for _, st := range d.Streams {
			if st.Recorded+st.Lost != want || d.Name == "cell" && lose && (st.Lost == 0 || st.Recorded == 0) {
				l.t.Errorf("%s: %+v", d.Name, st)
			}
		}
		back := fell.Add(1500 * time.Millisecond)
		if d.Name == "cell" {
			l.ofDisk(d.Gaps, fell, back)
			continue
		}
		for _, g := range d.Gaps {
			if g.When.After(fell) && g.When.Before(back) {
				l.t.Errorf("the disk of another device cost %+v", g)
			}
		}
	}
	if l.t.Failed() {
		l.t.Log(describe(sum))
	}
}

// ofDisk wants that gaps which began while the disk was away, or soon after, are exact and have it for their cause. With rings as small as those of
// these tests a machine that is busy with others may lose a little at other times; that is exact too, and not the disk's fault.
func (l *lab) ofDisk(gaps []GapSummary, fell, back time.Time) {
	l.t.Helper()
	for _, g := range gaps {
		away := g.When.After(fell) && g.When.Before(back.Add(200*time.Millisecond))
		busy := g.Cause == recording.CauseRingFull.String() || g.Cause == recording.CauseCore.String()
		if !g.Exact || g.Cause != recording.CauseDisk.String() && (away || !busy) {
			l.t.Errorf("gap %+v; the disk was away from %v to %v", g, fell.UTC(), back.UTC())
		}
	}
}

func describe(sum *Summary) string {
	var b strings.Builder
	fmt.Fprintf(&b, "ended by %s after %.1f s, exit code %d\n", sum.EndReason, sum.Elapsed, sum.ExitCode(false))
	for _, d := range sum.Devices {
		fmt.Fprintf(&b, "%s: %+v\n  gaps %+v\n", d.Name, d.Streams, d.Gaps)
	}
	return b.String()
}
