package session

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// adopted is the header with a duration and time enough for another core on a busy machine.
func adoptable(d string) string {
	return strings.Replace(header, `duration = "1s"`, "duration = \""+d+"\"\n  sync     = \"200ms\"\n  adopt    = \"60s\"\n  hold     = \"20s\"", 1)
}

// TestAdopt kills the core while it records and goes on in another one: the plugin stays, nothing is missing, nothing is doubled.
func TestAdopt(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killCore(adoptable("3s")+proof("cell", "ADOPTED"), 50_000)
	s := l.resume(k.dir)
	if pid := s.Status().Devices[0].PluginPID; pid != k.plugin || !s.Status().Devices[0].Adopted {
		t.Errorf("the plugin is process %d, it was %d: %+v", pid, k.plugin, s.Status().Devices[0])
	}
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitDone || sum.EndReason != "duration" || sum.Lost {
		t.Errorf("summary %+v", sum)
	}
	run := l.runFile(k.dir)
	if d := run.Device("cell"); len(d.Epochs) != 1 || d.Restarts != 0 || len(d.Segments) != 1 || run.State != recording.StateSealed {
		t.Errorf("state %s, device %+v", run.State, d)
	}
	rec, err := recording.Open(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		if len(st.Gaps()) != 0 || st.Samples() != 300_000 {
			t.Errorf("%s: %d samples, gaps %+v", st.Name(), st.Samples(), st.Gaps())
		}
	}
	kinds := map[recording.EventKind]int{}
	events, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		kinds[e.Kind]++
		if e.Kind == recording.EventAdopted && !strings.HasSuffix(e.Text, "was taken over, nothing is missing so far") {
			t.Errorf("the event says %s", e.Text)
		}
	}
	if kinds[recording.EventAdopted] != 1 || kinds[recording.EventResumed] != 0 || kinds[recording.EventRestart] != 0 {
		t.Errorf("events %v", kinds)
	}
	for end := time.Now().Add(time.Minute); syscall.Kill(k.plugin, 0) == nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the plugin lives on")
		}
	}
}

// TestAdoptNothing: with adopt = "0s" no plugin outlives the core. The run goes on with another one, behind a gap that says why.
func TestAdoptNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killCore(adopting(0)+proof("cell", "ENDS"), 20_000)
	s := l.resume(k.dir)
	if d := s.Status().Devices[0]; d.Adopted || d.PluginPID == k.plugin || d.Epoch > 1 {
		t.Errorf("the plugin of before was process %d: %+v", k.plugin, d)
	}
	for end := time.Now().Add(time.Minute); syscall.Kill(k.plugin, 0) == nil; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the plugin lives on")
		}
	}
	l.until(s, func(st Status) bool { return st.Devices[0].Epoch == 1 })
	s.Stop("stop")
	if sum := l.wait(s); sum.ExitCode(false) != ExitLoss {
		t.Errorf("summary %+v", sum)
	}
	rec, err := recording.Open(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		if gaps := st.Gaps(); len(gaps) != 1 || gaps[0].Cause != recording.CauseCore || gaps[0].Exact {
			t.Errorf("%s: gaps %+v", st.Name(), gaps)
		}
	}
}
