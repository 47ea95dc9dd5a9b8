package session

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// falseClock is the host's clocks, made wrong: UTC was set and the host has slept by so many nanoseconds. What the system says
// of itself is made up too, so that a test sees it come through.
type falseClock struct{ set, slept atomic.Int64 }

func (c *falseClock) read() clock.Reading {
	r := clock.Read()
	slept := c.slept.Load()
	r.UTCNS += c.set.Load() + slept
	r.SuspendedNS += slept
	r.State, r.MaxErrorNS = clock.Synchronised, 1_234_000
	return r
}

// eventsOf lists the events of a kind in a run's events file.
func eventsOf(t *testing.T, dir string, kind recording.EventKind) (list []recording.Event) {
	t.Helper()
	rec, err := recording.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	all, err := rec.Events()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(e recording.Event) bool { return e.Kind != kind })
}

// TestClockChanges: while a run records, the clock is put on by ten seconds, the host sleeps for a minute, and the clock is
// put back by 20 s. Each is an event with its amount, the clock pairs tell it from there on, and no sample is lost or
// doubled by it.
func TestClockChanges(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	fake := &falseClock{}
	o := l.options(strings.Replace(header, `duration = "1s"`, "duration = \"7s\"\n  sync     = \"200ms\"", 1) + proof("cell", "CLOCKS"))
	o.Clock = fake.read
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	happened := func(kind recording.EventKind, n int) {
		t.Helper()
		for end := time.Now().Add(time.Minute); len(eventsOf(t, s.Dir(), kind)) < n; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("no event %s", kind)
			}
		}
	}
	const sec = int64(time.Second)
	l.until(s, func(st Status) bool { return st.Devices[0].Streams[0].Recorded > 100_000 })
	fake.set.Add(10 * sec)
	happened(recording.EventClockStep, 1)
	fake.slept.Add(60 * sec)
	happened(recording.EventSuspend, 1)
	fake.set.Add(-20 * sec)
	happened(recording.EventClockStep, 2)
	sum := l.wait(s)
	if sum.ExitCode(false) != ExitDone || sum.Devices[0].Streams[0].Recorded != 700_000 {
		t.Errorf("summary %+v", sum)
	}
	for _, c := range []struct {
		kind recording.EventKind
		key  string
		want []int64
		text string // of the first one
	}{
		{recording.EventClockStep, "step_ns", []int64{10 * sec, -20 * sec}, "the computer's clock was put on by 10s"},
		{recording.EventSuspend, "suspended_ns", []int64{60 * sec}, "the computer was suspended for 1m0s"},
	} {
		list := eventsOf(t, s.Dir(), c.kind)
		if len(list) != len(c.want) || list[0].Text != c.text {
			t.Errorf("%s: %+v", c.kind, list)
			continue
		}
		for i, e := range list { // the two clocks are not read at the same instant, and the real one may be slewed
			if got, ok := e.Data[c.key].(float64); !ok || max(int64(got)-c.want[i], c.want[i]-int64(got)) > clock.StepLimit {
				t.Errorf("%s %d: %v, want %s %d", c.kind, i, e.Data, c.key, c.want[i])
			}
		}
	}
	rec, err := recording.Open(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := rec.ClockPairs("cell")
	if err != nil || len(pairs) < 4 {
		t.Fatalf("%d pairs, %v", len(pairs), err)
	}
	first, last := pairs[0], pairs[len(pairs)-1]
	moved := (last.UTCNS - last.MonoNS) - (first.UTCNS - first.MonoNS)
	if want := 50 * sec; max(moved-want, want-moved) > 2*clock.StepLimit {
		t.Errorf("UTC has moved by %v against the monotonic clock, want 50 s", time.Duration(moved))
	}
	if last.SuspendedNS-first.SuspendedNS != 60*sec {
		t.Errorf("pairs tell of a sleep of %v", time.Duration(last.SuspendedNS-first.SuspendedNS))
	}
	for _, p := range pairs {
		if p.State != string(clock.Synchronised) || p.MaxErrorNS != 1_234_000 {
			t.Fatalf("what the system says of its clock is not kept: %+v", p)
		}
	}
}
