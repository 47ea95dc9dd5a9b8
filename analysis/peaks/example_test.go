package peaks_test

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/peaks"
)

func ExampleFind() {
	x := []int16{0, 4, 1, 9, 9, 2, 3, 0}
	found, err := peaks.Find(nil, x, peaks.Options{Prominence: peaks.AtLeast(2)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range found {
		fmt.Printf("sample %d: height %v, prominence %v\n", p.Index, p.Height, p.Prominence)
	}
	// Output:
	// sample 1: height 4, prominence 3
	// sample 3: height 9, prominence 9
}

// Chunks of a stream with a gap of 100 samples.
func ExampleFinder() {
	f, err := peaks.NewFinder(peaks.Options{Height: peaks.AtLeast(5)}, func(p peaks.Peak) { fmt.Println("peak at", p.Index) })
	if err != nil {
		fmt.Println(err)
		return
	}
	steps := []func() error{
		func() error { return f.AddInt16([]int16{0, 3, 7}) },
		func() error { return f.AddInt16([]int16{6, 2, 9}) },
		func() error { return f.Break(100) },
		func() error { return f.AddInt16([]int16{1, 8, 0}) },
		f.Flush,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// peak at 2
	// peak at 107
}
