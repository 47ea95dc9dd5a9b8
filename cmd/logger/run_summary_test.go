package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/session"
)

func TestSummaryWithoutLoss(t *testing.T) {
	var b bytes.Buffer
	s := &session.Summary{Dir: "recordings/quick", Bytes: 20e6, Elapsed: 10, Devices: []session.DeviceSummary{
		{Name: "quick", Streams: make([]session.StreamStatus, 2)},
	}}
	if err := writeSummary(&b, s, false); err != nil {
		t.Fatal(err)
	}
	if want := "recordings/quick: 20.0 MB, 2 streams of 1 device and 10 s, nothing lost\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

func TestSummaryWithLoss(t *testing.T) {
	when := time.Date(2026, 11, 20, 8, 11, 40, 22_040_000, time.UTC)
	full := session.GapSummary{Stream: "cell.A", Cause: "ring_full", When: when, Lost: 20480, Exact: true, Seconds: 0.02048}
	fullB := full
	fullB.Stream = "cell.B"
	restart := session.GapSummary{
		Stream: "cell.A", Cause: "restart", When: when.Add(114 * time.Second), Lost: 1873420,
		LostMin: 1872270, LostMax: 1874570, Seconds: 1.87342,
	}
	bounded := session.GapSummary{Stream: "cell.A", Cause: "usb", When: when.Add(200 * time.Second), Lost: 25000, LostMin: 25000, LostMax: 25000, Seconds: 0.025}
	kept := session.GapSummary{Stream: "cell.A", Cause: "not_kept", When: when, Lost: 5, Exact: true}
	var b bytes.Buffer
	s := &session.Summary{Dir: "recordings/soak", Bytes: 2.4e9, Elapsed: 1200, Lost: true, Devices: []session.DeviceSummary{
		{Name: "cell", Streams: make([]session.StreamStatus, 2), Gaps: []session.GapSummary{restart, bounded, full, fullB, kept}, More: 3},
		{Name: "gate", Error: "gave up after 3 attempts", Advice: "look at the cable"},
	}}
	if err := writeSummary(&b, s, false); err != nil {
		t.Fatal(err)
	}
	want := `recordings/soak: 2.40 GB, 2 streams of 2 devices and 0:20:00, samples were lost
DEVICE  WHEN                      HOW LONG    SAMPLES  STREAMS  CAUSE      LENGTH
cell    2026-11-20 08:11:40.022Z   20.5 ms     20,480        2  ring_full  exact
cell    2026-11-20 08:13:34.022Z    1.87 s  1,873,420        1  restart    estimated: 1,872,270 to 1,874,570
cell    2026-11-20 08:15:00.022Z     25 ms     25,000        1  usb        exact
and 3 more; the recording has all of them
ring_full: ` + causeAdvice["ring_full"] + `
restart: ` + causeAdvice["restart"] + `
usb: ` + causeAdvice["usb"] + `
gate: gave up after 3 attempts
  look at the cable
`
	if b.String() != want {
		t.Errorf("summary\n%s\nwant\n%s", b.String(), want)
	}
}

func TestSummaryOfVeryManyLosses(t *testing.T) {
	d := session.DeviceSummary{Name: "cell", More: 900}
	for i := range 100 {
		d.Gaps = append(d.Gaps, session.GapSummary{
			Stream: "cell.A", Cause: "disk", Lost: 1, Exact: true,
			When: time.Unix(int64(1000+i), 0),
		})
	}
	var b bytes.Buffer
	if err := writeSummary(&b, &session.Summary{Lost: true, Devices: []session.DeviceSummary{d}}, false); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 1+1+mostLosses+1+1 {
		t.Errorf("%d lines:\n%s", n, b.String())
	}
	if !strings.Contains(b.String(), "and 980 more") {
		t.Errorf("the rest is not counted:\n%s", b.String())
	}
}

func TestSummaryOfWaveforms(t *testing.T) {
	for _, c := range []struct {
		name  string
		block session.BlockStatus
		want  string
	}{
		{"nothing lost", session.BlockStatus{Waveforms: 2000, Armings: 2, DeadKnown: 1998, DeadLeast: 1e-6, DeadMean: 1.5e-6, DeadWorst: 4e-6},
			"2,000 waveforms, nothing lost\nmuon: 2,000 waveforms of 2 armings, dead time between them 1.5 us, from 1 us to 4 us\n"},
		{"dead times that look the same", session.BlockStatus{Waveforms: 2000, Armings: 2, DeadKnown: 1998, DeadLeast: 0.33101, DeadMean: 0.33102, DeadWorst: 0.33103},
			"2,000 waveforms, nothing lost\nmuon: 2,000 waveforms of 2 armings, dead time between them 331 ms\n"},
		{"always the same dead time", session.BlockStatus{Waveforms: 2000, Armings: 2, DeadKnown: 1998, DeadLeast: 1e-6, DeadMean: 1e-6, DeadWorst: 1e-6},
			"2,000 waveforms, nothing lost\nmuon: 2,000 waveforms of 2 armings, dead time between them 1 us\n"},
		{"dead time known of a few", session.BlockStatus{Waveforms: 2000, Armings: 2, DeadKnown: 1, DeadLeast: 1, DeadMean: 1, DeadWorst: 1},
			"2,000 waveforms, nothing lost\nmuon: 2,000 waveforms of 2 armings, dead time known of 1: 1 s\n"},
		{"dead time unknown", session.BlockStatus{Waveforms: 2000, Armings: 2, DeadLeast: -1, DeadMean: -1, DeadWorst: -1},
			"2,000 waveforms, nothing lost\nmuon: 2,000 waveforms of 2 armings, dead time between them unknown\n"},
		{"some lost", session.BlockStatus{Waveforms: 1, Armings: 1, Lost: 3, DeadMean: -1, DeadWorst: -1},
			"1 waveform, waveforms were lost\nmuon: 1 waveform of 1 arming; 3 could not be completed, events.jsonl tells which\n"},
		{"started again", session.BlockStatus{Waveforms: 1, Armings: 1, Away: 2},
			"1 waveform, nothing lost\nmuon: 1 waveform of 1 arming; nothing was captured for 2 s, while it was started again\n"},
		{"no trigger came", session.BlockStatus{Triggered: true}, "0 waveforms, nothing lost\nmuon: no waveform: nothing triggered it, or the first one takes longer than the run\n"},
		{"too long", session.BlockStatus{}, "0 waveforms, nothing lost\nmuon: no waveform: the first one takes longer than the run\n"},
		{"it failed", session.BlockStatus{Triggered: true, Away: 2}, "0 waveforms, nothing lost\nmuon: no waveform: it failed before one was begun; nothing was captured for 2 s, while it was started again\n"},
		{"none is whole", session.BlockStatus{Armings: 1, Lost: 1}, "0 waveforms, waveforms were lost\nmuon: no waveform: none that was begun became complete; 1 could not be completed, events.jsonl tells which\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			s := &session.Summary{Dir: "a", Bytes: 4e6, Elapsed: 10, Lost: c.block.Lost > 0, Devices: []session.DeviceSummary{
				{Name: "muon", Streams: make([]session.StreamStatus, 1), Block: &c.block},
			}}
			if err := writeSummary(&b, s, false); err != nil {
				t.Fatal(err)
			}
			if want := "a: 4.00 MB, 1 stream of 1 device and 10 s, " + c.want; b.String() != want {
				t.Errorf("%q, want %q", b.String(), want)
			}
		})
	}
}

func TestSummaryOfWhatHasNoPlace(t *testing.T) {
	var b bytes.Buffer
	s := &session.Summary{Dir: "recordings/x", Bytes: 20e6, Elapsed: 10, Lost: true, Devices: []session.DeviceSummary{{
		Name: "cell", LostInside: 3004096,
		Streams: []session.StreamStatus{{Name: "cell.A", Recorded: 1000, OverRange: 250}, {Name: "cell.B", Recorded: 1000, OverRange: 1}, {Name: "cell.C", Recorded: 1000}},
	}}}
	if err := writeSummary(&b, s, false); err != nil {
		t.Fatal(err)
	}
	want := `recordings/x: 20.0 MB, 3 streams of 1 device and 10 s, samples were lost
cell: the vendor library lost 3,004,096 samples of each channel; the recording does not show where
  ` + causeAdvice["driver"] + `
cell.A: over range in 25% of the time; a larger range would show what is clipped
cell.B: over range in less than 1% of the time; a larger range would show what is clipped
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
