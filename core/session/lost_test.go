package session

import (
	"testing"

	"github.com/scopelog/scopelog/core/recorder"
)

// TestMostLost: one loss takes from all streams of a device, and is told once, in raw samples.
func TestMostLost(t *testing.T) {
	t.Parallel()
	f := recorder.Stats{Streams: []recorder.StreamStats{
		{Name: "d.A", Ratio: 1, Lost: 5000}, {Name: "d.B", Ratio: 1, Lost: 5000}, {Name: "d.A.min", Ratio: 100, Lost: 51}, {Name: "d.A.max", Ratio: 100, Lost: 51},
	}}
	if got := mostLost(f); got != 5100 {
		t.Errorf("%d lost, want 5100", got)
	}
	if got := mostLost(recorder.Stats{}); got != 0 {
		t.Errorf("%d lost of no stream", got)
	}
}
