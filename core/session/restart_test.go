package session

import (
	"context"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/recording"
)

// restartRig is a device without a unit, whose recorder has nothing to do.
func restartRig(t *testing.T) *device {
	t.Helper()
	run, err := recording.Create(t.TempDir(), "test", recording.Options{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	info := recording.DeviceInfo{
		Name: "dev", Driver: "test", Serial: "1", RawInterval: recording.Fraction{Num: 1, Den: 1000},
		Streams: []recording.StreamInfo{{Channel: "A", Kind: recording.KindRaw, Ratio: 1, Global: recording.Global{Scale: 1}}},
	}
	w, err := run.AddDevice(info)
	if err != nil {
		t.Fatal(err)
	}
	s := newSession(Options{Plan: &plan.Plan{}})
	s.ctx, s.abort = context.WithCancel(t.Context())
	d := &device{s: s, name: "dev", recorder: recorder.New(recorder.Options{Name: "dev", Writer: w, Run: run, Info: info, Clock: s.clock})}
	t.Cleanup(func() {
		s.abort()
		d.recorder.Abandon()
		if err := run.Close(recording.End{Reason: "stop"}); err != nil {
			t.Error(err)
		}
	})
	return d
}

// TestBackoff: the pauses between attempts double, up to the plan's longest, and none is longer than the run.
func TestBackoff(t *testing.T) {
	t.Parallel()
	d := restartRig(t)
	close(d.s.stopping) // nothing is really waited for
	d.pause = firstBackoff
	for i, want := range []time.Duration{200, 400, 800, 1000, 1000} {
		if d.wait(time.Second); d.pause != want*time.Millisecond {
			t.Errorf("pause %d is %v, want %v", i+1, d.pause, want*time.Millisecond)
		}
	}
	if d.wait(time.Millisecond); d.pause != firstBackoff {
		t.Errorf("with a shorter limit than the first pause: %v", d.pause)
	}
	again := restartRig(t)
	again.pause, again.deadline = time.Hour, time.Now().Add(50*time.Millisecond)
	began := time.Now()
	if again.wait(2 * time.Hour); time.Since(began) > 30*time.Second || !again.over() {
		t.Errorf("it waited for %v", time.Since(began))
	}
}

// TestOverdue: a run that was stopped is not one whose time was over before all samples had come, also when both are seen at the same moment.
func TestOverdue(t *testing.T) {
	t.Parallel()
	d := restartRig(t)
	if d.over() || d.overdue() {
		t.Error("a device without an end is over")
	}
	d.deadline = time.Now().Add(-time.Second)
	if !d.over() || !d.overdue() {
		t.Error("its time is over, and that is not seen")
	}
	close(d.s.stopping)
	if !d.over() || d.overdue() {
		t.Error("it was stopped, and seems to be overdue")
	}
	d.deadline = time.Time{}
	if !d.over() || d.overdue() {
		t.Error("without an end it was stopped, and seems to be overdue")
	}
}
