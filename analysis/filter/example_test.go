package filter_test

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/filter"
)

// A low-pass with zero phase over a stretch that comes in pieces.
func ExampleZeroPhase() {
	sos, err := filter.Design{Order: 4, Cutoff: 10e3, Rate: 1e6}.SOS()
	if err != nil {
		fmt.Println(err)
		return
	}
	z, err := filter.NewZeroPhase(sos, filter.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	piece := make([]float64, 1000)
	var out []float64
	for range 5 {
		for i := range piece {
			piece[i] = 2 + math.Sin(2*math.Pi*float64(i)/4) // 2 V and 250 kHz
		}
		out = z.Process(out[:0], piece) // finished samples would be used here
	}
	if out, err = z.Flush(out[:0]); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d samples, in the middle %.3f\n", len(out), out[2500])
	// Output: 5000 samples, in the middle 2.000
}

// Mistakes are told with what would be right.
func ExampleDesign_SOS_mistake() {
	_, err := filter.Design{Kind: filter.Chebyshev1, Ripple: 1, Order: 4, Cutoff: 6e5, Rate: 1e6}.SOS()
	fmt.Println(err)
	// Output: design filter: the cut-off of 600 kHz is not below the Nyquist frequency, 500 kHz, half the sample rate of 1 MHz
}

func ExampleSOS_Settle() {
	sos, err := filter.Design{Order: 4, Cutoff: 1e3, Rate: 1e6}.SOS()
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := sos.Settle(1e-3)
	fmt.Println(n > 2000 && n < 3500, err)
	// Output: true <nil>
}
