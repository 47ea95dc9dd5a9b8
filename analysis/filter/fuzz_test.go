package filter

import (
	"math"
	"math/cmplx"
	"testing"
)

// Whatever a design says, the answer is an error or a filter that is stable and has the gain of its kind in the middle of its pass-band.
func FuzzDesign(f *testing.F) {
	f.Add(0, 0, 4, 1e3, 0.0, 1e6, 0.0, 0.0, 0)
	f.Add(1, 1, 7, 499_999.999, 0.0, 1e6, 3.0, 0.0, 0)
	f.Add(2, 2, 20, 1e-9, 1e5, 1e6, 0.0, 300.0, 0)
	f.Add(3, 3, 19, 0.4999, 0.49999, 1.0, 0.0, 0.0, 2)
	f.Add(0, 2, 5, 5e-324, 1e-323, 1e-322, 0.0, 0.0, 0)
	f.Add(1, 3, 20, 1e17, 4.9e17, 1e18, 1e-9, 0.0, 0)
	f.Add(2, 1, 3, math.Nextafter(5e5, 0), 0.0, 1e6, 0.0, 1e-9, 0)
	f.Add(1, 2, 3, 100.0, math.Nextafter(100, 200), 1e6, 300.0, 0.0, 0)
	f.Fuzz(func(t *testing.T, kind, band, order int, cutoff, upper, rate, ripple, attenuation float64, norm int) {
		d := Design{Kind(kind), Band(band), order, cutoff, upper, rate, ripple, attenuation, Norm(norm)}
		s, err := d.SOS()
		if err != nil {
			return
		}
		if err := s.check(); err != nil {
			t.Fatalf("%+v: %v", d, err)
		}
		want := 1.0
		if d.Kind == Chebyshev1 && d.Order%2 == 0 {
			want = math.Pow(10, -ripple/20)
		}
		for _, half := range d.mapping().back(0) {
			if got := cmplx.Abs(s.at(math.Sincos(half))); !(math.Abs(got/want-1) <= 2*gainTolerance) {
				t.Fatalf("%+v: gain %g in the middle, want %g", d, got, want)
			}
		}
		if n := len(s); n != (order+1)/2 && (!d.Band.twoSided() || n != order) {
			t.Fatalf("%+v: %d sections", d, n)
		}
	})
}
