package events_test

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/events"
)

// A glitch is a pulse that is too short. The signal comes in pieces; where samples are missing, Break says so.
func Example() {
	glitch, err := events.PulseWidth(events.DirectionAbove, 2.5, 0.5, events.LessThan(3))
	if err != nil {
		fmt.Println(err)
		return
	}
	d := events.New(glitch, 0, func(e events.Event) {
		fmt.Println(e.Kind, "at", e.Index, "of", e.Length, "samples, up to", e.Extreme)
	})
	d.Add([]float64{0, 5, 5, 5, 5, 0, 0, 4})
	d.Add([]float64{0, 0})
	d.Break(1000)
	d.Add([]float64{0, 0, 3, 5, 0})
	d.Flush()
	// Output:
	// positive_pulse at 7 of 1 samples, up to 4
	// positive_pulse at 1002 of 2 samples, up to 5
}

// Of long stretches an overview tells the smallest and the largest sample. Only those that may hold an event have to be read.
func ExampleDetector_SkipTo() {
	samples := func(from, to int64) []float64 { // stands for reading a recording
		x := make([]float64, to-from)
		if from <= 2500 && to > 2500 {
			x[2500-from] = 7
		}
		return x
	}
	overview := []struct{ lo, hi float64 }{{0, 0}, {0, 0}, {0, 7}, {0, 0}}

	above, err := events.Level(events.DirectionAbove, 5, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	d := events.New(above, 0, func(e events.Event) { fmt.Println(e.Kind, e.Index, e.Length, e.Extreme) })
	for i, bin := range overview {
		end := int64(i+1) * 1000
		if !d.SkipTo(end, bin.lo, bin.hi) {
			fmt.Println("read", d.Next(), "to", end)
			d.Add(samples(d.Next(), end))
		}
	}
	d.Flush()
	// Output:
	// read 0 to 1000
	// read 2000 to 3000
	// above 2500 1 7
}
