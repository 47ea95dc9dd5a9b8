package resample_test

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/resample"
	"github.com/scopelog/scopelog/units"
)

// A stream at 48 kS/s becomes one at 44.1 kS/s.
func Example() {
	up, down, err := resample.Factors(units.PerSecond(48000, 1), units.PerSecond(44100, 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := resample.New(up, down, resample.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	n := 0
	var buf []float64
	for range 10 {
		chunk := make([]float64, 4800)
		buf = r.Process(buf[:0], chunk)
		n += len(buf)
	}
	n += len(r.Flush(nil))
	fmt.Printf("by %d/%d: %d samples\n", up, down, n)
	// Output: by 147/160: 44100 samples
}
