package spectrum_test

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/spectrum"
)

// A recording with a gap: 230 V of 50 Hz, with a fifth harmonic.
func ExampleWelch() {
	w, err := spectrum.NewWelch(spectrum.Options{SampleRate: 10000, Segment: 2000, Scaling: spectrum.Power})
	if err != nil {
		fmt.Println(err)
		return
	}
	chunk := make([]float64, 7000)
	for part := range 4 {
		if part == 2 {
			w.Break() // samples are missing here
		}
		for i := range chunk {
			t := float64(part*len(chunk)+i) / 10000
			chunk[i] = 325*math.Sin(2*math.Pi*50*t) + 10*math.Sin(2*math.Pi*250*t)
		}
		if err := w.Add(chunk); err != nil {
			fmt.Println(err)
			return
		}
	}
	s, err := w.Result()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range s.Lines(2) {
		fmt.Printf("%.1f Hz: %.1f V rms\n", l.Frequency, math.Sqrt(l.Power))
	}
	fmt.Println(s.Segments, "segments")
	// Output:
	// 50.0 Hz: 229.8 V rms
	// 250.0 Hz: 7.1 V rms
	// 26 segments
}
