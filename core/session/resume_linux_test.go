package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/recording"
)

// going is the header with a duration and an orphan time that is short.
func going(d string) string {
	return strings.Replace(header, `duration = "1s"`, "duration = \""+d+"\"\n  sync     = \"200ms\"\n  adopt    = \"300ms\"", 1)
}

// resumeOptions parses the plan that lies in the run's folder, as the command does.
func (l *lab) resumeOptions(dir string) Options {
	l.t.Helper()
	p, err := storedPlan(l.host, dir)
	if err != nil {
		l.t.Fatal(err)
	}
	return Options{Plan: p, Host: l.host, Logger: l.log, Program: "scopelog test", RunID: l.id}
}

func storedPlan(h *host.Host, dir string) (*plan.Plan, error) {
	stored, err := recording.ReadPlan(nil, dir)
	if err != nil {
		return nil, err
	}
	p, diags := plan.Parse(stored.Text, filepath.Join(dir, recording.FilePlan), plan.Options{
		Vars: stored.Run.Variables, Ready: []plan.Feature{plan.FeatureEvents},
		Describe: func(name string) (driver.Description, error) { return h.Describe(context.Background(), name) },
	})
	if diags.HasErrors() {
		return nil, diags
	}
	return p, nil
}

func (l *lab) resume(dir string) *Session {
	l.t.Helper()
	s, err := Resume(context.Background(), dir, l.resumeOptions(dir))
	if err != nil {
		l.t.Fatal(err)
	}
	return s
}

// TestResumeKilled kills the core twice and goes on both times: one run, three epochs, the times in between as gaps of cause core whose bounds hold
// the truth, and the duration counted over all.
func TestResumeKilled(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killAll(going("6s")+proof("cell", "RESUMED"), 50_000)
	before := recorded(t, k.dir)
	s := l.resume(k.dir)
	if s.Dir() != k.dir {
		t.Errorf("it records in %s, not in %s", s.Dir(), k.dir)
	}
	l.until(s, func(st Status) bool {
		return len(st.Devices) == 1 && st.Devices[0].Streams[0].Recorded > before["cell.A"]+20_000
	})
	s.Abort() // leaves the files as a crash does
	<-s.finished
	if err := s.run.Abandon(); err != nil {
		t.Fatal(err)
	}
	s = l.resume(k.dir)
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitLoss || sum.EndReason != "duration" {
		t.Errorf("summary %+v", sum)
	}
	run := l.runFile(k.dir)
	if run.State != recording.StateSealed || run.EndReason != "duration" {
		t.Errorf("state %s, reason %s", run.State, run.EndReason)
	}
	epochs := run.Device("cell").Epochs
	if len(epochs) != 3 || epochs[1].Cause != "core" || epochs[2].Cause != "core" || epochs[1].Base <= before["cell.A"] {
		t.Fatalf("epochs %+v", epochs)
	}
	rec, err := recording.Open(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		gaps := st.Gaps()
		if len(gaps) != 2 {
			t.Fatalf("%s: gaps %+v", st.Name(), gaps)
		}
		total := st.Samples()
		for i, g := range gaps {
			if g.Cause != recording.CauseCore || g.Exact || g.LostMin > g.Lost || g.LostMax < g.Lost || g.From == 0 || g.To <= g.From || g.MonoToNS <= g.MonoFromNS {
				t.Errorf("%s: gap %+v", st.Name(), g)
			}
			// The unit goes by the host's clock: the time of the first samples of two epochs is the truth.
			truth := float64(epochs[i+1].First.MonoNS-epochs[i].First.MonoNS)*1e-9*100_000 - float64(g.DeviceIndex-epochs[i].Base)
			if slack := 25_000.0; truth < float64(g.LostMin)-slack || truth > float64(g.LostMax)+slack {
				t.Errorf("%s: %v lost, bounds %d to %d", st.Name(), truth, g.LostMin, g.LostMax)
			}
			total += g.Lost
		}
		if total != 600_000 {
			t.Errorf("%s: %d samples recorded or lost", st.Name(), total)
		}
		if st.Samples() < before[st.Name()] {
			t.Errorf("%s: %d samples, %d before", st.Name(), st.Samples(), before[st.Name()])
		}
	}
	if _, err := Resume(context.Background(), k.dir, l.resumeOptions(k.dir)); !errors.As(err, new(*recording.EndedError)) {
		t.Errorf("a run that is complete: %v", err)
	}
}

// recorded counts what of a run is durable, by stream.
func recorded(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := map[string]int64{}
	for _, st := range rec.Streams() {
		n[st.Name()] = st.Samples()
	}
	return n
}

// TestResumeTooLate goes on with a run whose duration has passed: it is sealed, and what is missing to its end is lost.
func TestResumeTooLate(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killAll(going("2s")+proof("cell", "LATE"), 20_000)
	started := l.runFile(k.dir).Started.Time()
	<-time.After(time.Until(started.Add(3 * time.Second))) // the run's own time
	sum := l.wait(l.resume(k.dir))
	if sum.EndReason != "duration" || sum.ExitCode(false) != ExitLoss || len(sum.Devices) != 1 {
		t.Fatalf("summary %+v", sum)
	}
	for _, st := range sum.Devices[0].Streams {
		if st.Recorded+st.Lost != 200_000 || st.Gaps != 1 {
			t.Errorf("%+v", st)
		}
	}
	if run := l.runFile(k.dir); run.State != recording.StateSealed || len(run.Device("cell").Epochs) != 1 {
		t.Errorf("%+v", run)
	}
}

// TestResumeStopped goes on with a run that was stopped on purpose: what is missing is no loss.
func TestResumeStopped(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s := l.start(going("4s") + proof("cell", "STOPPED"))
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 30_000 })
	s.Stop("stop")
	l.wait(s)
	sum := l.wait(l.resume(s.Dir()))
	if sum.ExitCode(false) != ExitDone || sum.Lost {
		t.Errorf("summary %+v", sum)
	}
	gaps := sum.Devices[0].Gaps
	if len(gaps) != 2 || gaps[0].Cause != "not_kept" {
		t.Errorf("gaps %+v", gaps)
	}
}

// TestResumeBlocks goes on with armings and waveforms: numbers go on, what of the last arming had not come is told.
func TestResumeBlocks(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := strings.Replace(going("1h"), "duration = \"1h\"\n", "", 1) + `
device "cell" {
  driver = "sim"
  serial = "BLOCKS77"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  rapid_block {
    sample_rate = "1MS/s"
    post        = 1000
    captures    = 10
    repeat      = 100
    every       = "20ms"
  }
}
`
	k := l.killAll(text, 20_000)
	s := l.resume(k.dir)
	sum := l.wait(s)
	if sum.EndReason != "completed" {
		t.Errorf("summary %+v", sum)
	}
	rec, err := recording.Open(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	caps := rec.Stream("cell.A").Captures()
	last, arm, epoch := int64(-1), int64(0), 0
	for _, c := range caps {
		if *c.Waveform <= last || *c.Arm < arm || c.Gap != nil {
			t.Fatalf("waveform %d of arming %d behind waveform %d of arming %d", *c.Waveform, *c.Arm, last, arm)
		}
		last, arm, epoch = *c.Waveform, *c.Arm, max(epoch, c.Epoch)
	}
	lost := sum.Devices[0].Block.Lost
	if int64(len(caps))+lost != 1000 || arm != 99 || epoch != 1 {
		t.Errorf("%d waveforms and %d lost, last arming %d, epoch %d", len(caps), lost, arm, epoch)
	}
}

// TestResumeRefuses: what cannot go on stays as it is, with the lock given back, and can go on later.
func TestResumeRefuses(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killAll(going("1h")+proof("cell", "REFUSED"), 20_000)
	ctx := context.Background()

	path := filepath.Join(k.dir, recording.FilePlan)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o := l.resumeOptions(k.dir)
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), `"5V"`, `"1V"`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	var e *Error
	if _, err := Resume(ctx, k.dir, o); !errors.As(err, &e) || e.Class != ClassPlan || !errors.As(err, new(*recording.PlanChangedError)) {
		t.Errorf("a changed plan: %v", err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}

	o = l.resumeOptions(k.dir)
	c := *o.Plan.Devices[0]
	c.Channels = c.Channels[:1]
	o.Plan.Devices[0] = &c
	if _, err := Resume(ctx, k.dir, o); !errors.As(err, &e) || e.Class != ClassDevice || !strings.Contains(err.Error(), "streams now, and had") {
		t.Errorf("fewer channels: %v", err)
	}

	o = l.resumeOptions(k.dir)
	other := *o.Plan.Devices[0]
	other.Driver = "nothere"
	o.Plan.Devices[0] = &other
	if _, err := Resume(ctx, k.dir, o); !errors.As(err, &e) || e.Class != ClassDevice {
		t.Errorf("without the plugin: %v", err)
	}

	// Another unit may stand in when that is asked for.
	o = l.resumeOptions(k.dir)
	forced := *o.Plan.Devices[0]
	forced.Serial = fmt.Sprintf("INSTEAD%d", serials.Add(1))
	o.Plan.Devices[0], o.Force = &forced, true
	s, err := Resume(ctx, k.dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if serial := s.Status().Devices[0].Serial; serial != forced.Serial {
		t.Errorf("serial %s", serial)
	}
	if _, err := Resume(ctx, k.dir, l.resumeOptions(k.dir)); !errors.As(err, new(*recording.LockedError)) {
		t.Errorf("a run that records: %v", err)
	}
	l.until(s, func(st Status) bool { return st.Devices[0].Epoch == 1 })
	s.Stop("stop")
	l.wait(s)
}

// envResume makes the core process of a test go on with the run in that folder.
const envResume = "SCOPELOG_TEST_RESUME"

// resumeProcess goes on with a run and records until it is killed.
func resumeProcess(plugins, dir string) error {
	id, err := NewRunID()
	if err != nil {
		return err
	}
	h := host.New(host.Options{Dirs: []string{plugins}, RunID: id})
	fmt.Println(h.StateDir())
	p, err := storedPlan(h, dir)
	if err != nil {
		return err
	}
	s, err := Resume(context.Background(), dir, Options{Plan: p, Host: h, RunID: id})
	if err != nil {
		return err
	}
	_, err = s.Wait()
	return errors.Join(err, h.Close())
}

// TestResumeKilledAgain kills the core while it resumes, at any moment, again and again: the run stays one that can be resumed, and loses nothing that
// was synced.
func TestResumeKilledAgain(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killAll(going("1h")+proof("cell", "AGAINST"), 20_000)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	kills := 4
	if os.Getenv("SCOPELOG_LONG") == "1" {
		kills = 100
	}
	for n := range kills {
		before := recorded(t, k.dir)
		cmd := exec.Command(exe)
		cmd.Env = append(os.Environ(), envCore+"="+l.plugins, envResume+"="+k.dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		var state string
		if _, err := fmt.Fscan(out, &state); err != nil {
			t.Fatal(errors.Join(err, cmd.Process.Kill(), cmd.Wait()))
		}
		wait := time.Duration(rand.Int64N(int64(1200 * time.Millisecond)))
		<-time.After(wait) // the moment of the kill, which is what is tried
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()                                // it was killed
		t.Cleanup(func() { _ = os.RemoveAll(state) }) // what a dead core leaves
		for name, have := range recorded(t, k.dir) {
			if have < before[name] {
				t.Fatalf("kill %d after %v: %s has %d samples, and had %d", n, wait, name, have, before[name])
			}
		}
	}
	s := l.resume(k.dir)
	at := s.Status().Devices[0].Streams[0].Recorded
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > at+10_000 })
	s.Stop("stop")
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitLoss {
		t.Errorf("summary %+v", sum)
	}
}

// TestResumeSomeDevices: a device that has all it was to capture stays as it is, an optional one that does not come back has what it misses as loss, and
// the others go on.
func TestResumeSomeDevices(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	text := going("1h") + proof("cell", "STAYS") + strings.Replace(proof("extra", "LEAVES"), "driver = ", "optional = true\n  driver = ", 1) + `
device "once" {
  driver = "sim"
  serial = "ONCE77"
  channel "A" {
    range = "5V"
    sim { signal = "proof" }
  }
  rapid_block {
    sample_rate = "1MS/s"
    post        = 500
    captures    = 20
    repeat      = 2
  }
}
`
	k := l.killAll(text, 20_000)
	o := l.resumeOptions(k.dir)
	extra := *o.Plan.Devices[1]
	extra.Driver = "nothere"
	o.Plan.Devices[1] = &extra
	s, err := Resume(context.Background(), k.dir, o)
	if err != nil {
		t.Fatal(err)
	}
	l.until(s, func(st Status) bool { return len(st.Devices) == 1 && st.Devices[0].Epoch == 1 })
	s.Stop("stop")
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitLoss || len(sum.Devices) != 3 {
		t.Fatalf("summary %+v", sum)
	}
	for _, d := range sum.Devices {
		switch n := d.Streams[0]; {
		case d.Name == "once" && (n.Recorded != 20_000 || n.Lost != 0), d.Name == "extra" && (n.Gaps != 1 || n.Lost == 0 || d.Error == ""), d.Name == "cell" && n.Gaps != 1:
			t.Errorf("%+v", d)
		}
	}
	rec, err := recording.Open(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	gaps := rec.Stream("extra.A").Gaps()
	if len(gaps) != 1 || gaps[0].Cause != recording.CauseCore || gaps[0].StreamIndex != rec.Stream("extra.A").End() {
		t.Errorf("gaps %+v", gaps)
	}
	if epochs := rec.Epochs("once"); len(epochs) != 1 {
		t.Errorf("epochs %+v", epochs)
	}
}
