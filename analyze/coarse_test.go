package analyze

import (
	"math"
	"testing"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// TestCoarseSpectrogram: it has the largest values of the fine one in each slot and group, leaves gaps open, and is no larger than asked for.
func TestCoarseSpectrogram(t *testing.T) {
	t.Parallel()
	l := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A")))
	l.Signal = func(_ int, device int64) int64 { return device * device % 1999 }
	l.Add(30_000)
	l.Lose(20_000)
	l.Add(10_000)
	r := l.Open()
	o := spectrum.Options{Segment: 128}
	fine := run(t, r, Selection{}, &Spectrogram{Options: o}).Heat
	for _, c := range []struct {
		name                string
		times, freqs        int
		mostTimes, mostFreq int
	}{
		{"smaller", 20, 10, 20, 11},
		{"frequencies only", len(fine.Times), 5, 0, 6},
		{"all times fit", len(fine.Times), 65, 1000, 65},
		{"one cell", 1, 1, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := run(t, r, Selection{}, &Spectrogram{Options: o, MostTimes: c.mostTimes, MostFrequencies: c.mostFreq, MaxCells: 1}).Heat
			if n := len(h.Times); c.mostTimes > 0 && n > c.mostTimes && n > c.times || len(h.Freqs) > c.mostFreq || len(h.Power) != n*len(h.Freqs) {
				t.Fatalf("%d times, %d frequencies, %d values", n, len(h.Freqs), len(h.Power))
			}
			want := math.Inf(-1)
			for _, v := range fine.Power {
				want = max(want, v)
			}
			got := math.Inf(-1)
			for _, v := range h.Power {
				got = max(got, v)
			}
			same(t, "largest", want, got)
			group := (len(fine.Freqs) + c.mostFreq - 1) / c.mostFreq
			wide := c.mostTimes > 0 && len(fine.Times) > c.mostTimes
			for i, at := range h.Times {
				half := 0.0
				if wide {
					half = 60.0 / float64(c.mostTimes) / 2
				}
				for k := range h.Freqs {
					want := math.Inf(-1)
					for j, u := range fine.Times {
						if wide && (u < at-half-1e-9 || u >= at+half-1e-9) || !wide && j != i {
							continue
						}
						for m := k * group; m < min((k+1)*group, len(fine.Freqs)); m++ {
							want = max(want, fine.Power[j*len(fine.Freqs)+m])
						}
					}
					if got := h.Power[i*len(h.Freqs)+k]; got != want {
						t.Fatalf("time %v, frequency %v: %v, want %v", at, h.Freqs[k], got, want)
					}
				}
				if wide && c.mostTimes > 1 && at > 31.6 && at < 48.4 {
					t.Errorf("a value at %v s, inside of the gap", at)
				}
			}
		})
	}
}
