package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/export"
	"github.com/scopelog/scopelog/recording"
)

func TestPrintable(t *testing.T) {
	for _, c := range []struct{ text, want, lines string }{
		{"Strom (µA) – 電流", "Strom (µA) – 電流", "Strom (µA) – 電流"},
		{"red \x1b[31m", `red \x1b[31m`, `red \x1b[31m`},
		{"a\nb\tc\r\n", `a\x0ab\x09c\x0d\x0a`, "a\nb\tc\n"},
		{"A\u202e\u009b", `A\u202e\x9b`, `A\u202e\x9b`},
	} {
		if got := printable(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		if got := printableLines(c.text); got != c.lines {
			t.Errorf("%q: lines %q, want %q", c.text, got, c.lines)
		}
	}
}

// TestMakePrintable: texts are found wherever they are.
func TestMakePrintable(t *testing.T) {
	type inner struct{ Text string }
	type all struct {
		Text   string
		List   []inner
		Fixed  [1]string
		Ptr    *inner
		Map    map[string]inner
		Any    map[string]any
		hidden string
		None   *inner
		Number int
	}
	const bad, good = "a\x1b", `a\x1b`
	v := all{bad, []inner{{bad}}, [1]string{bad}, &inner{bad}, map[string]inner{bad: {bad}}, map[string]any{"x": []any{bad, 1.5, nil}}, bad, nil, 3}
	makePrintable(&v)
	want := all{good, []inner{{good}}, [1]string{good}, &inner{good}, map[string]inner{good: {good}}, map[string]any{"x": []any{good, 1.5, nil}}, bad, nil, 3}
	if diff := cmp.Diff(want, v, cmp.AllowUnexported(all{}, inner{})); diff != "" {
		t.Error("(-want +got)", diff)
	}
}

// TestForeignTexts: nothing that a recording or a run says reaches the terminal as more than a text.
func TestForeignTexts(t *testing.T) {
	const evil = "x\x1b]0;title\x07"
	a, out := newTestApp(t, nil)
	s := recording.Summary{
		Run: &recording.RunFile{Name: evil, Program: evil, Host: evil, Notes: "one\n" + evil, Tags: []string{evil}}, Problems: []string{evil},
		Devices: []recording.DeviceSummary{{Name: evil, Model: evil, Serial: evil, Streams: []recording.StreamSummary{{
			Name: evil, Global: recording.Global{Label: evil, Unit: evil, Datatype: recording.Int16, Scale: 1, SampleInterval: recording.Fraction{Num: 1, Den: 1000}},
		}}}},
		Events: map[recording.EventKind]int64{recording.EventKind(evil): 1},
	}
	events := []recording.Event{{Kind: recording.EventGenerator, Device: evil, Text: evil}, {Kind: recording.EventDetected, Data: map[string]any{"event": evil, "start": []any{map[string]any{"device": evil}}}}}
	if err := printInspect(a, &s, events); err != nil {
		t.Fatal(err)
	}
	if err := printExport(a, export.Result{Files: []export.File{{Path: "x.csv", Unit: []string{evil}, Interval: recording.Fraction{Num: 1, Den: 1000}}}, Notes: []string{evil}}); err != nil {
		t.Fatal(err)
	}
	st := session.Status{Dir: evil, Devices: []session.DeviceStatus{{Name: evil, Model: evil, Error: evil, Block: &session.BlockStatus{}}}, EventBlocks: []session.EventBlock{{Name: evil}}}
	if err := printStatus(a, statusDocument{Runs: []*session.Status{&st}}); err != nil {
		t.Fatal(err)
	}
	got := out.stdout.String()
	if strings.ContainsAny(got, "\x1b\x07") {
		t.Errorf("steers a terminal: %q", got)
	}
	if n := strings.Count(got, `x\x1b]0;title\x07`); n < 20 {
		t.Errorf("%d texts are shown: %s", n, got)
	}
	if !strings.Contains(got, "one\n") {
		t.Error("notes of several lines are not")
	}
}
