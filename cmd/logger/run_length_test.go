package main

import (
	"testing"
	"time"

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
		if length, ok := lengthOf(r); ok {
			t.Errorf("%s: %g s before it has ended", tc.name, length)
		}
		r.Ended = recording.Timestamp(start.Add(2500 * time.Millisecond).UnixNano())
		if length, ok := lengthOf(r); !ok || length != tc.length {
			t.Errorf("%s: length %g s, want %g", tc.name, length, tc.length)
		}
		if got := lostOf(r); got != tc.lost {
			t.Errorf("%s: %d lost, want %d", tc.name, got, tc.lost)
		}
	}
}
