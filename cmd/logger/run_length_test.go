package main

import (
	"testing"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/recording"
)

func TestLengthAndLossOfARun(t *testing.T) {
	micro := recording.Fraction{Num: 1, Den: 1_000_000}
	start := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	streams := recording.RunDevice{Name: "a", Mode: recording.ModeStream, RawInterval: micro, Streams: []recording.RunStream{
		{Name: "a.A", Ratio: 1, Recorded: 1_900_000, Lost: 100_000},
		{Name: "a.B", Ratio: 1, Recorded: 1_900_000, Lost: 100_000},
		{Name: "a.A.min", Ratio: 100, Recorded: 18_999, Lost: 1001},
	}}
	block := recording.RunDevice{Name: "b", Mode: recording.ModeBlock, RawInterval: micro, Streams: []recording.RunStream{{Name: "b.A", Ratio: 1, Recorded: 9_000_000}}}
	other := recording.RunDevice{Name: "c", Mode: recording.ModeStream, RawInterval: recording.Fraction{Num: 1, Den: 1000}, Streams: []recording.RunStream{
		{Name: "c.A", Ratio: 1, Recorded: 100, Lost: 7},
	}}
	nothing := recording.RunDevice{Name: "d", Mode: recording.ModeStream, RawInterval: micro, Streams: []recording.RunStream{{Name: "d.A", Ratio: 1, Lost: 5_000_000}}}
	for _, tc := range []struct {
		name    string
		devices []recording.RunDevice
		length  float64
		lost    int64
	}{
		{"streams", []recording.RunDevice{streams, other, block}, 2, 100_107},
		{"a block alone", []recording.RunDevice{block}, 2.5, 0},
		{"a device without samples", []recording.RunDevice{nothing}, 2.5, 5_000_000},
		{"nothing", nil, 2.5, 0},
	} {
		r := &recording.RunFile{Started: recording.Timestamp(start.UnixNano()), Devices: tc.devices}
		if length, ok := lengthOf("", r); ok {
			t.Errorf("%s: %g s before it has ended", tc.name, length)
		}
		r.Ended = recording.Timestamp(start.Add(2500 * time.Millisecond).UnixNano())
		if length, ok := lengthOf("", r); !ok || length != tc.length {
			t.Errorf("%s: length %g s, want %g", tc.name, length, tc.length)
		}
		if got := lostOf(r); got != tc.lost {
			t.Errorf("%s: %d lost, want %d", tc.name, got, tc.lost)
		}
	}
}

// TestLengthOfARunThatWasStopped: the pause of a run that was stopped and went on is part of its length.
func TestLengthOfARunThatWasStopped(t *testing.T) {
	t.Parallel()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	info := recording.DeviceInfo{
		Name: "cell", Driver: "test", RawInterval: recording.Fraction{Num: 1, Den: 1000},
		Streams: []recording.StreamInfo{{Channel: "A", Kind: recording.KindRaw, Ratio: 1, Global: recording.Global{Scale: 1}}},
	}
	run, err := recording.Create(t.TempDir(), "test", recording.Options{})
	must(err)
	d, err := run.AddDevice(info)
	must(err)
	now := recording.Now()
	must(d.StartEpoch(recording.Epoch{Cause: "start", FirstMonoNS: now.MonoNS, FirstUTCNS: now.UTCNS}))
	must(d.Append(0, 0, make([]byte, 2000), now))
	must(run.Close(recording.End{Reason: "stop"}))
	res, err := recording.Resume(t.Context(), run.Dir(), recording.ResumeOptions{})
	must(err)
	d, err = res.Run.ResumeDevice(info)
	must(err)
	now = now.Add(5e9)
	must(d.StartEpoch(recording.Epoch{
		Cause: recording.CauseNotKept.String(), Base: 5000, BaseMin: 5000, BaseMax: 5000, FirstMonoNS: now.MonoNS, FirstUTCNS: now.UTCNS,
	}))
	must(d.Gap(0, recording.Gap{Cause: recording.CauseNotKept, Lost: 4000, LostMin: 4000, LostMax: 4000, Exact: true}))
	must(d.Append(0, 5000, make([]byte, 2000), now))
	must(res.Run.Close(recording.End{Reason: "duration"}))
	if length := summaryLength(&session.Summary{Dir: run.Dir()}); length != 6 {
		t.Errorf("%g s", length)
	}
}
