package session

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/recording"
)

// TestResumeAfterReboot goes on with a run on what counts as another boot of the machine: the gap is of cause reboot, dated by
// UTC alone, since the monotonic clocks of two boots have nothing in common, and its bounds hold the truth.
func TestResumeAfterReboot(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killAll(going("4s")+proof("cell", "REBOOT"), 50_000)
	before := recorded(t, k.dir)
	o := l.resumeOptions(k.dir)
	o.bootID = "0b54b6a8-1b3c-4c5e-9a53-9a7a0f6f0001"
	s, err := Resume(context.Background(), k.dir, o)
	if err != nil {
		t.Fatal(err)
	}
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitLoss || sum.EndReason != "duration" || s.Dir() != k.dir {
		t.Errorf("in %s: %+v", s.Dir(), sum)
	}
	epochs := l.runFile(k.dir).Device("cell").Epochs
	if len(epochs) != 2 || epochs[1].Cause != "reboot" || epochs[1].BootID != o.bootID || epochs[0].BootID == o.bootID {
		t.Fatalf("epochs %+v", epochs)
	}
	rec, err := recording.Open(k.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range rec.Streams() {
		gaps := st.Gaps()
		if len(gaps) != 1 {
			t.Fatalf("%s: gaps %+v", st.Name(), gaps)
		}
		g := gaps[0]
		if g.Cause != recording.CauseReboot || g.Exact || g.LostMin > g.Lost || g.LostMax < g.Lost || g.From == 0 || g.To <= g.From || g.MonoFromNS != 0 || g.MonoToNS != 0 {
			t.Errorf("%s: gap %+v", st.Name(), g)
		}
		// It was the same boot all the time, so that the truth is known.
		truth := float64(epochs[1].First.MonoNS-epochs[0].First.MonoNS)*1e-9*100_000 - float64(g.DeviceIndex-epochs[0].Base)
		if slack := 25_000.0; truth < float64(g.LostMin)-slack || truth > float64(g.LostMax)+slack {
			t.Errorf("%s: %v lost, bounds %d to %d", st.Name(), truth, g.LostMin, g.LostMax)
		}
		if st.Samples()+g.Lost != 400_000 || st.Samples() < before[st.Name()] {
			t.Errorf("%s: %d samples, %d before, %d lost", st.Name(), st.Samples(), before[st.Name()], g.Lost)
		}
	}
	if list := eventsOf(t, k.dir, recording.EventResumed); len(list) != 1 {
		t.Errorf("events of the resume: %+v", list)
	}
}

// TestResumeWithoutADevice: a device of the plan that had not come so far as to have files when the core was killed, and whose
// time is over, is not left out in silence.
func TestResumeWithoutADevice(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	k := l.killAll(going("2s")+proof("cell", "THERE"), 20_000)
	started := l.runFile(k.dir).Started.Time()
	<-time.After(time.Until(started.Add(3 * time.Second))) // the run's own time
	o := l.resumeOptions(k.dir)
	other := *o.Plan.Devices[0]
	other.Name = "never"
	o.Plan.Devices = append(o.Plan.Devices, &other)
	s, err := Resume(context.Background(), k.dir, o)
	if err != nil {
		t.Fatal(err)
	}
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitLoss || len(sum.Devices) != 2 {
		t.Fatalf("summary %+v", sum)
	}
	if d := sum.Devices[1]; d.Name != "never" || !strings.Contains(d.Error, "before this device recorded anything") {
		t.Errorf("%+v", d)
	}
}
