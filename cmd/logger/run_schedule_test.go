package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
)

// bench is a schedule whose recordings take no time, on a clock that a test moves: it is put on by every look that
// would wait.
type bench struct {
	*scheduled
	out    *output
	clock  time.Time
	set    time.Duration // by which the clock is set at the next look
	slots  []plan.Slot   // that were recorded
	result func(n int, slot plan.Slot) (*session.Summary, error)
	cancel context.CancelFunc
	ctx    context.Context
}

// newBench schedules the recordings of a plan with lines in its run and schedule blocks. It ends after so many attempts.
func newBench(t *testing.T, run, schedule string, attempts int) *bench {
	t.Helper()
	return newBenchAt(t, time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), run, schedule, attempts)
}

// newBenchAt is newBench with the time of its beginning.
func newBenchAt(t *testing.T, start time.Time, run, schedule string, attempts int) *bench {
	t.Helper()
	text := "run \"soak\" {\n output = \"x\"\n" + run + "\n schedule {\n" + schedule + "\n }\n}\n" +
		"device \"a\" {\n driver = \"sim\"\n channel \"A\" { range = \"1V\" }\n stream { sample_rate = \"1S/s\" }\n}\n"
	p, diags := plan.Parse([]byte(text), "plan.hcl", plan.Options{Now: start, Ready: []plan.Feature{plan.FeatureSchedule}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	a, out := newTestApp(t, nil)
	b := &bench{out: out, clock: start}
	b.ctx, b.cancel = context.WithCancel(t.Context())
	r := newReporter(a, true, time.Now)
	r.more = true
	t.Cleanup(r.close)
	b.scheduled = &scheduled{app: a, r: r, name: "soak", out: "x", units: 1, table: p.Timetable(start), stop: b.cancel}
	b.now = func() time.Time {
		now := b.clock
		b.clock = b.clock.Add(10 * time.Minute) // nothing waits in real time
		return now
	}
	b.sleep = func(context.Context, time.Duration) {}
	b.step = func() time.Duration {
		d := b.set
		b.clock, b.set = b.clock.Add(d), 0
		return d
	}
	b.begin = func(_ context.Context, slot plan.Slot) (*session.Summary, error) {
		b.slots = append(b.slots, slot)
		if len(b.slots) >= attempts {
			b.cancel()
		}
		b.began(newFakeRun())
		b.clock = slot.End
		if b.result == nil {
			return &session.Summary{EndReason: "duration"}, nil
		}
		return b.result(len(b.slots), slot)
	}
	return b
}

// starts are when recordings were due.
func (b *bench) starts() string {
	var list []string
	for _, s := range b.slots {
		list = append(list, s.Due.Format("02T15:04"))
	}
	return strings.Join(list, " ")
}

// events are the lines of JSON that were told.
func (b *bench) events(t *testing.T) (kinds []string, last session.ScheduleStatus) {
	t.Helper()
	if err := b.r.out.flush(patience); err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(strings.TrimSpace(b.out.stdout.String()), "\n") {
		var e runEvent
		if err := json.Unmarshal([]byte(l), &e); err != nil || e.Schedule == nil {
			t.Fatalf("%v: %s", err, l)
		}
		kinds, last = append(kinds, e.Event), *e.Schedule
	}
	return kinds, last
}

const daily = "start = \"09:00\"\n every = \"1d\"\n for = \"1h\"\n timezone = \"UTC\""

func TestSeries(t *testing.T) {
	lost := quiet(causeLost, "samples were lost")
	device := &session.Error{Class: session.ClassDevice, Err: errors.New("not found")}
	for _, c := range []struct {
		name, run, schedule string
		attempts            int
		result              func(n int, slot plan.Slot) (*session.Summary, error)
		want                string
		exit                int
		status              session.ScheduleStatus // the counts
	}{
		{"each day", "", daily, 3, nil, "20T09:00 21T09:00 22T09:00", exitDone, session.ScheduleStatus{Recordings: 3}},
		{"one of them with losses", "", daily, 3, func(n int, _ plan.Slot) (*session.Summary, error) {
			if n == 2 {
				return &session.Summary{EndReason: "duration", Lost: true}, lost
			}
			return &session.Summary{EndReason: "duration"}, nil
		}, "20T09:00 21T09:00 22T09:00", exitLost, session.ScheduleStatus{Recordings: 3, Lossy: 1}},
		{"a device that is not there is tried again in time", "", daily, 3, func(n int, slot plan.Slot) (*session.Summary, error) {
			if n == 1 {
				return nil, device
			}
			return &session.Summary{EndReason: "duration"}, nil
		}, "20T09:00 21T09:00 22T09:00", exitDevice, session.ScheduleStatus{Recordings: 3, Failed: 1}},
		{"stopped by its name", "", daily, 2, func(int, plan.Slot) (*session.Summary, error) {
			return &session.Summary{EndReason: "stop"}, nil
		}, "20T09:00 21T09:00", exitDone, session.ScheduleStatus{Recordings: 2}},
		{"a plan that does not get better", "", daily, 3, func(int, plan.Slot) (*session.Summary, error) {
			return nil, &session.Error{Class: session.ClassPlan, Err: errors.New("no such range")}
		}, "20T09:00", exitUsage, session.ScheduleStatus{Recordings: 1}},
		{"only one", "", "start = \"09:00\"\n for = \"1h\"\n timezone = \"UTC\"", 3, nil, "20T09:00", exitDone, session.ScheduleStatus{Recordings: 1}},
		{"only one, which fails", "", "start = \"09:00\"\n for = \"1h\"\n timezone = \"UTC\"", 3, func(int, plan.Slot) (*session.Summary, error) {
			return nil, device
		}, "20T09:00", exitDevice, session.ScheduleStatus{Recordings: 1, Failed: 1}},
		{"until", "until = \"2026-11-22T00:00:00Z\"", daily, 9, nil, "20T09:00 21T09:00", exitDone, session.ScheduleStatus{Recordings: 2}},
		{"a disk that is full", "", daily, 2, func(int, plan.Slot) (*session.Summary, error) {
			return &session.Summary{EndReason: "disk", DiskFailed: true}, quiet(causeDisk, "the disk ended the run")
		}, "20T09:00 21T09:00", exitDisk, session.ScheduleStatus{Recordings: 2, Failed: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, c.run, c.schedule, c.attempts)
			b.result = c.result
			err := b.run(b.ctx)
			if got := b.starts(); got != c.want {
				t.Errorf("recorded %s, want %s", got, c.want)
			}
			if got := exitCode(err); got != c.exit {
				t.Errorf("exit code %d (%v), want %d", got, err, c.exit)
			}
			st := b.ScheduleStatus()
			if st.Recordings != c.status.Recordings || st.Lossy != c.status.Lossy || st.Failed != c.status.Failed || st.Missed != 0 {
				t.Errorf("status %+v", st)
			}
		})
	}
}

// TestSeriesTriesAgain: within one recording's time an attempt follows an attempt, at growing distances.
func TestSeriesTriesAgain(t *testing.T) {
	b := newBench(t, "", daily, 4)
	var at []time.Time
	now := b.clock
	b.now = func() time.Time {
		if b.notBefore.After(now) {
			now = b.notBefore
		} else if b.told.Due.After(now) {
			now = b.told.Due
		}
		return now
	}
	b.begin = func(_ context.Context, slot plan.Slot) (*session.Summary, error) {
		if at = append(at, now); len(at) == 4 {
			b.cancel()
		}
		return nil, &session.Error{Class: session.ClassDevice, Err: errors.New("not found")}
	}
	_ = b.run(b.ctx) // how it ends is another test's
	for i, want := range []time.Duration{0, 5 * time.Second, 15 * time.Second, 35 * time.Second} {
		if i >= len(at) || at[i].Sub(at[0]) != want {
			t.Fatalf("attempts at %v, want the %d. after %v", at, i+1, want)
		}
	}
	kinds, last := b.events(t)
	if got := strings.Join(kinds, " "); !strings.HasPrefix(got, "waiting failed ") || !strings.HasSuffix(got, " done") || last.Failed != 3 {
		t.Errorf("told %s, %+v", got, last)
	}
}

// TestSeriesMissesStarts lets the computer sleep for three days while it waits.
func TestSeriesMissesStarts(t *testing.T) {
	b := newBench(t, "", daily, 1)
	looks := 0
	b.now = func() time.Time {
		if looks++; looks > 6 {
			b.clock = time.Date(2026, 11, 23, 8, 59, 59, 0, time.UTC).Add(time.Duration(looks) * time.Second)
		}
		return b.clock
	}
	if err := b.run(b.ctx); err != nil {
		t.Fatal(err)
	}
	if got := b.starts(); got != "23T09:00" {
		t.Errorf("recorded %s", got)
	}
	if st := b.ScheduleStatus(); st.Missed != 3 {
		t.Errorf("%d starts missed, want 3", st.Missed)
	}
	if kinds, _ := b.events(t); !strings.Contains(strings.Join(kinds, " "), "missed") {
		t.Errorf("told %v", kinds)
	}
	if want := "soak waits for Fri 2026-11-20 09:00:00 UTC, in "; !strings.Contains(b.out.stderr.String(), want) {
		t.Errorf("no %q in %s", want, b.out.stderr.String())
	}
	if want := "soak: 3 starts missed, the first one at Fri 2026-11-20 09:00:00 UTC"; !strings.Contains(b.out.stderr.String(), want) {
		t.Errorf("no %q in %s", want, b.out.stderr.String())
	}
}

// TestSeriesClockIsSet sets the clock while the schedule waits.
func TestSeriesClockIsSet(t *testing.T) {
	year := 366 * 24 * time.Hour
	for _, c := range []struct {
		name, schedule string
		set            time.Duration
		want           string
	}{
		{"a pace goes on", "every = \"6h\"\n for = \"1h\"", 7*year + 20*time.Minute, "20T08:00 25T14:20"},
		{"a pace goes on behind a clock put back", "every = \"6h\"\n for = \"1h\"", -7 * year, "20T08:00 15T14:00"},
		{"a time of day is the clock's", daily, -26 * time.Hour, "20T09:00 19T09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t, "", c.schedule, 2)
			b.result = func(n int, _ plan.Slot) (*session.Summary, error) {
				b.set = c.set
				return &session.Summary{EndReason: "duration"}, nil
			}
			if err := b.run(b.ctx); err != nil {
				t.Fatal(err)
			}
			if got := b.starts(); got != c.want {
				t.Errorf("recorded %s, want %s", got, c.want)
			}
			if !strings.Contains(b.out.stderr.String(), "the computer's clock was put") {
				t.Errorf("nobody was told: %s", b.out.stderr.String())
			}
		})
	}
}

// TestSeriesInterrupted: Ctrl-C while it waits ends the schedule in order when it has recorded something.
func TestSeriesInterrupted(t *testing.T) {
	b := newBench(t, "", daily, 1)
	b.cancel()
	if err := b.run(b.ctx); exitCode(err) != exitInterrupted {
		t.Errorf("nothing was recorded: %v", err)
	}
	b = newBench(t, "", daily, 1)
	if err := b.run(b.ctx); err != nil {
		t.Errorf("one was recorded: %v", err)
	}
	b = newBench(t, "", daily, 1)
	b.StopSchedule()
	if err := b.run(b.ctx); err != nil {
		t.Errorf("stopped on purpose: %v", err)
	}
	b = newBench(t, "", daily, 3)
	b.result = func(int, plan.Slot) (*session.Summary, error) {
		return nil, &failure{cause: causeInterrupted, err: errors.New("ended at once")}
	}
	if err := b.run(b.ctx); exitCode(err) != exitInterrupted || len(b.slots) != 1 {
		t.Errorf("the second Ctrl-C: %v after %d", err, len(b.slots))
	}
}

// TestSeriesStopReachesTheRecording: stop by the name ends the recording that goes on, also one that has just begun.
func TestSeriesStopReachesTheRecording(t *testing.T) {
	b := newBench(t, "", daily, 9)
	run := newFakeRun()
	b.began(run)
	b.StopSchedule()
	if reason := <-run.stopped; reason != "stop" {
		t.Errorf("stopped by %q", reason)
	}
	late := newFakeRun()
	b.began(late)
	if reason := <-late.stopped; reason != "stop" {
		t.Errorf("stopped by %q", reason)
	}
	if b.ctx.Err() == nil {
		t.Error("it goes on")
	}
}
