package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

// TestSeriesKeepsTheCutRun: a run that was cut off is gone on with until that works. Only when its own time is over it is sealed as it is, and the next
// recording begins.
func TestSeriesKeepsTheCutRun(t *testing.T) {
	device := &session.Error{Class: session.ClassDevice, Err: errors.New("not found")}
	for _, c := range []struct {
		name     string
		schedule string
		goOn     func(n int) (*session.Summary, error)
		seal     error
		tries    int // 0: as many as there is time for, and more than one
		sealed   bool
		warned   string
		want     string
	}{
		{"its device comes back late", daily, func(n int) (*session.Summary, error) {
			if n < 3 {
				return nil, device
			}
			return &session.Summary{EndReason: "duration"}, nil
		}, nil, 3, false, "", "21T09:00"},
		{"its device does not come back", daily, func(int) (*session.Summary, error) { return nil, device }, nil, 0, true, "", "21T09:00"},
		{"it cannot be sealed either", daily, func(int) (*session.Summary, error) { return nil, device }, errors.New("bad disk"), 0, true, "stays unsealed: bad disk", "21T09:00"},
		{"somebody has sealed it", daily, func(int) (*session.Summary, error) { return nil, &recording.EndedError{Reason: "stop"} }, nil, 1, false, "", "21T09:00"},
		{"the only recording", "start = \"09:00\"\n for = \"1h\"\n timezone = \"UTC\"", func(n int) (*session.Summary, error) {
			if n < 3 {
				return nil, device
			}
			return &session.Summary{EndReason: "duration"}, nil
		}, nil, 3, false, "", "21T09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			began := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
			b := newBenchAt(t, began.Add(5*time.Minute), "", c.schedule, 1)
			b.cut, b.proven, b.slot = "x/soak", true, plan.Slot{Due: began, End: began.Add(time.Hour)}
			tries, sealed := 0, []string(nil)
			b.goOn = func(context.Context) (*session.Summary, error) {
				tries++
				if len(b.slots) > 0 || b.cut == "" {
					t.Error("it is gone on with behind its end")
				}
				summary, err := c.goOn(tries)
				if summary != nil || tries > 20 {
					b.began(newFakeRun())
					b.clock = began.Add(time.Hour)
				}
				return summary, err
			}
			b.seal = func(_ context.Context, dir string) error {
				sealed = append(sealed, dir)
				return c.seal
			}
			if c.name == "somebody has sealed it" {
				b.clock = began.Add(time.Hour)
			}
			_ = b.run(b.ctx) // its exit code is another test's
			if got := b.starts(); got != c.want {
				t.Errorf("recorded %q, want %q", got, c.want)
			}
			if tries != c.tries && (c.tries > 0 || tries < 2) {
				t.Errorf("%d attempts, want %d", tries, c.tries)
			}
			if c.sealed != slices.Equal(sealed, []string{"x/soak"}) {
				t.Errorf("sealed %v", sealed)
			}
			if told := b.out.stderr.String(); !strings.Contains(told, c.warned) || c.warned == "" && strings.Contains(told, "unsealed") {
				t.Errorf("told %s", told)
			}
		})
	}
}

// TestSeriesGoesOnAfterARefusal: what a device refuses, or what the plan cannot read, ends a schedule that has not recorded yet, and is one failed attempt
// of one that has.
func TestSeriesGoesOnAfterARefusal(t *testing.T) {
	for name, refusal := range map[string]error{
		"a unit":       &session.Error{Class: session.ClassPlan, Err: errors.New("no such channel")},
		"a file()":     &diagnosed{what: "the plan is not valid", diags: hcl.Diagnostics{{Severity: hcl.DiagError}}},
		"with cleanup": errors.Join(&diagnosed{what: "the plan is not valid", diags: hcl.Diagnostics{{Severity: hcl.DiagError}}}, nil),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, "", daily, 4)
			b.result = func(n int, _ plan.Slot) (*session.Summary, error) {
				if n == 2 {
					return nil, refusal
				}
				return &session.Summary{EndReason: "duration"}, nil
			}
			err := b.run(b.ctx)
			if got, want := b.starts(), "20T09:00 21T09:00 22T09:00 23T09:00"; got != want || exitCode(err) != exitDevice {
				t.Errorf("recorded %s, want %s; exit code %d: %v", got, want, exitCode(err), err)
			}
			if st := b.ScheduleStatus(); st.Failed != 1 {
				t.Errorf("status %+v", st)
			}
		})
	}
}

// TestRefusedByTheUnit: the places in the plan are shown, and the exit code is that of what is to be mended.
func TestRefusedByTheUnit(t *testing.T) {
	a, _ := newTestApp(t, nil)
	p, _ := plan.Parse([]byte("run \"soak\" {}\n"), "plan.hcl", plan.Options{})
	diags := hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "no such channel"}}
	for class, want := range map[session.Class]int{session.ClassPlan: exitUsage, session.ClassDevice: exitDevice} {
		err := a.explain(t.Context(), p, &session.Error{Class: class, Err: errors.New("refused"), Diags: diags})
		var shown *diagnosed
		if exitCode(err) != want || !errors.As(err, &shown) {
			t.Errorf("class %d: exit code %d, want %d: %v", class, exitCode(err), want, err)
		}
	}
}
