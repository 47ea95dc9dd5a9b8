package peaks

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// recording is a noisy sine as an oscilloscope records it: 1000 samples a period, slowly modulated.
func recording(n int) []int16 {
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]int16, n)
	for i := range x {
		t := 2 * math.Pi * float64(i)
		x[i] = int16(12000*math.Sin(t/1000) + 3000*math.Sin(t*37.7/1e6) + 800*rng.NormFloat64())
	}
	return x
}

func BenchmarkFinder(b *testing.B) {
	x := recording(1 << 21)
	for _, bc := range []struct {
		name string
		o    Options
	}{
		{"all", Options{}},
		{"height+distance+prominence", Options{Height: AtLeast(8000), Distance: 500, Prominence: AtLeast(4000)}},
		{"distance", Options{Distance: 500}},
		{"prominence", Options{Prominence: AtLeast(4000)}},
		{"prominence, window", Options{Prominence: AtLeast(4000), Window: 2000}},
		{"width", Options{Prominence: AtLeast(4000), Width: AtLeast(10)}},
	} {
		b.Run(fmt.Sprintf("%s/samples=%d", bc.name, len(x)), func(b *testing.B) {
			n := 0
			f, err := NewFinder(bc.o, func(Peak) { n++ })
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(2 * len(x)))
			b.ReportAllocs()
			for b.Loop() {
				n = 0
				if err := f.AddInt16(x); err != nil {
					b.Fatal(err)
				}
				if err := f.Break(0); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n), "peaks")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/sample")
		})
	}
}
