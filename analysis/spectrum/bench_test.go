package spectrum

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// counts returns n samples as a recorder makes them: a sine, hum and noise.
func counts(n int) []int16 {
	r := rand.New(rand.NewPCG(3, 4))
	x := make([]int16, n)
	for i := range x {
		x[i] = int16(12000*math.Sin(2*math.Pi*1e-3*float64(i)) + 800*r.NormFloat64())
	}
	return x
}

func BenchmarkWelch(b *testing.B) {
	const chunk = 1 << 20
	x := counts(chunk)
	for _, segment := range []int{256, 4096, 10000, 65536} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("int16/segment=%d/workers=%d", segment, workers), func(b *testing.B) {
				w, err := NewWelch(Options{SampleRate: 1e6, Segment: segment, Workers: workers})
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(2 * chunk)
				b.ReportAllocs()
				for b.Loop() {
					if err := w.AddInt16(x, 1e-3, 0.5); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
