package session

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/driver"
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

// TestDriverCanReturn: a device that has recorded is given up for its plugin's version alone.
func TestDriverCanReturn(t *testing.T) {
	t.Parallel()
	for kind := driver.KindPermanent; kind <= driver.KindNotPlugin; kind++ {
		err := fmt.Errorf("open: %w", driver.Errorf(kind, "open", "refused"))
		if got, want := driverCanReturn(err), kind != driver.KindPluginVersion; got != want {
			t.Errorf("%v: it is tried again: %v, want %v", kind, got, want)
		}
	}
	if !driverCanReturn(errors.New("the device came back with other settings")) {
		t.Error("other settings end a device")
	}
}

// TestRefusedClass: what a unit refuses is the plan's fault at the start of a run, and the unit's when the run goes on.
func TestRefusedClass(t *testing.T) {
	t.Parallel()
	p, diags := plan.Parse([]byte("run \"a\" {\n output = \"x\"\n}\ndevice \"cell\" {\n driver = \"sim\"\n channel \"A\" { range = \"5V\" }\n stream { sample_rate = \"1kS/s\" }\n}\n"), "plan.hcl", plan.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	refusal := driver.Errorf(driver.KindUnsupported, "configure", "no such range")
	refusal.Field = "channel.A.range"
	o := &opener{plan: p, log: hclog.NewNullLogger()}
	for _, want := range []Class{ClassPlan, ClassDevice} {
		var e *Error
		if err := o.deviceError(p.Devices[0], refusal); !errors.As(err, &e) || e.Class != want || !e.Diags.HasErrors() {
			t.Errorf("class %d, want %d, with a place: %v", e.Class, want, e)
		}
		o.resume = func(*plan.Device) func(*driver.Config) { return nil }
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
