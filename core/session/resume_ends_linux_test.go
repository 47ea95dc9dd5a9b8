package session

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// resumedTail resumes a run until it has recorded a little more, stops it, and returns its summary.
func (l *lab) resumedTail(dir string) *Summary {
	l.t.Helper()
	s := l.resume(dir)
	before := s.Status().Devices[0].Streams[0].Recorded
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > before+10_000 })
	s.Stop("stop")
	return l.wait(s)
}

// wantGap wants one gap of a cause in the first stream, and that it is a loss.
func (l *lab) wantGap(sum *Summary, cause recording.Cause) {
	l.t.Helper()
	n := 0
	for _, g := range sum.Devices[0].Gaps {
		if g.Cause == cause.String() && g.Stream == "cell.A" {
			n++
		}
	}
	if n != 1 || !sum.Lost || sum.ExitCode(false) != ExitLoss {
		l.t.Errorf("%d gaps of cause %s, lost %v, exit code %d: %+v", n, cause, sum.Lost, sum.ExitCode(false), sum.Devices[0].Gaps)
	}
}

// TestResumeGivenUp: a run whose only device was given up before its time has not come to its end, and the time until it is resumed is lost.
func TestResumeGivenUp(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(going("1h")+proof("cell", "GIVENUP"), "driver = \"sim\"", `driver = "sim"
  restart {
    backoff_max   = "100ms"
    give_up_after = "300ms"
  }
  sim {
    fault "crash" { at = "1s" }
  }`, 1)
	s := l.start(text)
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 0 })
	plugin := filepath.Join(l.plugins, "sim") // cannot be started again
	if err := os.Rename(plugin, plugin+".gone"); err != nil {
		t.Fatal(err)
	}
	sum := l.wait(s)
	if sum.EndReason != "device" || sum.ExitCode(false) != ExitDevice {
		t.Fatalf("it ended for %q, exit code %d", sum.EndReason, sum.ExitCode(false))
	}
	if err := os.Rename(plugin+".gone", plugin); err != nil {
		t.Fatal(err)
	}
	l.wantGap(l.resumedTail(s.Dir()), recording.CauseRestart)
}

// TestResumeDiskFull: what is not recorded between a disk that was full and the resume is lost to the disk.
func TestResumeDiskFull(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	o := l.options(going("1h") + proof("cell", "FULLUP"))
	full := &fullFS{FS: recording.OSFS(), device: "cell."}
	full.left.Store(300_000)
	o.FS = full
	s, err := Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if sum, _ := s.Wait(); sum.EndReason != "disk" {
		t.Fatalf("it ended for %q", sum.EndReason)
	}
	l.wantGap(l.resumedTail(s.Dir()), recording.CauseDisk)
}
