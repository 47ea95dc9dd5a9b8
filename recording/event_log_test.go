package recording

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func readEvents(t testing.TB, r *Run) (list []Event) {
	t.Helper()
	for i, line := range bytes.SplitAfter(mustRead(t, r.Dir(), FileEvents), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		e, err := ParseEvent(line)
		if err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		if e.Seq != int64(i) {
			t.Errorf("line %d has seq %d", i, e.Seq)
		}
		list = append(list, *e)
	}
	return list
}

func TestEventsOfOneIntervalAreOneLine(t *testing.T) {
	at := Stamp{MonoNS: 1e9, UTCNS: testStart.UnixNano()}
	r := testRun(t, Options{Now: func() Stamp { return at }, SyncAsked: time.Second})
	note := func(e Event) int64 {
		t.Helper()
		seq, err := r.NoteEvent(e)
		if err != nil {
			t.Fatal(err)
		}
		return seq
	}
	data := map[string]any{"celsius": 41.5}
	a := note(Event{Kind: EventWarning, Device: "cell", Index: new(int64(5)), Epoch: new(0), Text: "one", Data: data})
	data["celsius"] = 99.0
	b := note(Event{Kind: EventWarning, Device: "cell", Text: "two"})
	c := note(Event{Kind: EventWarning, Device: "gate"})
	if a != 1 || b != 1 || c != 2 {
		t.Errorf("seq %d, %d, %d", a, b, c)
	}
	if err := r.FlushEvents(false); err != nil || len(readEvents(t, r)) != 0 {
		t.Errorf("lines within the interval: %d, %v", len(readEvents(t, r)), err)
	}
	at = at.Add(1e9)
	if err := r.FlushEvents(false); err != nil {
		t.Fatal(err)
	}
	if seq := note(Event{Kind: EventWarning, Device: "cell"}); seq != 3 {
		t.Errorf("seq in the next interval: %d", seq)
	}
	if err := r.Close(End{Reason: "signal"}); err != nil {
		t.Fatal(err)
	}
	if err := r.Event(Event{Kind: EventMark}); !errors.Is(err, ErrClosed) {
		t.Errorf("event behind the end: %v", err)
	}
	var have []string
	for _, e := range readEvents(t, r) {
		have = append(have, fmt.Sprintf("%s %s %d %q", e.Kind, e.Device, e.Count, e.Text))
	}
	rec, err := Open(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if sum, err := rec.Summarise(); err != nil || sum.Events[EventWarning] != 4 || sum.Events[EventRunStart] != 1 {
		t.Errorf("summary: %v, %v", sum.Events, err)
	}
	want := []string{`run_start  1 ""`, `warning cell 2 "one\ntwo"`, `warning gate 1 ""`, `warning cell 1 ""`, `run_stop  1 "signal"`}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error("(-want +got)", diff)
	}
	e := readEvents(t, r)[1]
	if *e.Index != 5 || *e.Epoch != 0 || e.Data["celsius"] != 41.5 || e.UTC.Time() != testStart {
		t.Errorf("event %+v", e)
	}
}

// TestMarksStayApart: each has its own text and place, however fast they come.
func TestMarksStayApart(t *testing.T) {
	at := Stamp{MonoNS: 1e9, UTCNS: testStart.UnixNano()}
	r := testRun(t, Options{Now: func() Stamp { return at }, SyncAsked: time.Second})
	long := strings.Repeat("m", 4<<10)
	for i := range int64(40) {
		for _, device := range []string{"cell", "gate"} {
			if err := r.Event(Event{Kind: EventMark, Device: device, Index: &i, Text: long}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := r.Close(End{}); err != nil {
		t.Fatal(err)
	}
	marks := 0
	for _, e := range readEvents(t, r) {
		if e.Kind == EventMark {
			if e.Count != 1 || e.Text != long || *e.Index != int64(marks/2) {
				t.Errorf("mark %d stands for %d at index %d and has a text of %d bytes", marks, e.Count, *e.Index, len(e.Text))
			}
			marks++
		}
	}
	if marks != 80 {
		t.Errorf("%d marks, want 80", marks)
	}
	rec, err := Open(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if sum, err := rec.Summarise(); err != nil || sum.Events[EventMark] != 40 { // each mark is told of each device
		t.Errorf("summary: %v, %v", sum.Events, err)
	}
}

func TestEventsSurviveAFailedWrite(t *testing.T) {
	fsys := newFaultFS(nil)
	r := testRun(t, Options{FS: fsys})
	fail := true
	fsys.set(func(_ int, op, name string) (error, bool) {
		if fail && name == FileEvents {
			return syscall.ENOSPC, true
		}
		return nil, false
	})
	if err := r.Event(Event{Kind: EventDiskLow, Text: strings.Repeat("é", maxEventText)}); err != nil {
		t.Fatal(err)
	}
	if err := r.FlushEvents(true); !NoSpace(err) {
		t.Fatalf("flush: %v", err)
	}
	fail = false
	if err := r.FlushEvents(true); err != nil {
		t.Fatal(err)
	}
	list := readEvents(t, r)
	if len(list) != 2 || list[1].Kind != EventDiskLow || len(list[1].Text) != maxEventText {
		t.Errorf("%d events", len(list))
	}
	if err := r.Event(Event{}); err == nil {
		t.Error("an event without a kind is accepted")
	}
}

// TestDetectedEventsStayApart: what an event block finds has a line of its own, until too many wait.
func TestDetectedEventsStayApart(t *testing.T) {
	at := Stamp{MonoNS: 1e9, UTCNS: testStart.UnixNano()}
	r := testRun(t, Options{Now: func() Stamp { return at }, SyncAsked: time.Second})
	for i := range int64(maxSeparate + 10) {
		if err := r.Event(Event{Kind: EventDetected, Device: "cell", Index: &i, Text: "up"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.FlushEvents(true); err != nil {
		t.Fatal(err)
	}
	lines, events := 0, int64(0)
	for i, e := range readEvents(t, r) {
		if e.Kind != EventDetected {
			continue
		}
		if e.Count == 1 && *e.Index != int64(lines) {
			t.Errorf("line %d is of sample %d", i, *e.Index)
		}
		lines, events = lines+1, events+e.Count
	}
	if events != maxSeparate+10 || lines > maxSeparate || lines < maxSeparate-10 {
		t.Errorf("%d events in %d lines", events, lines)
	}
}
