package filter

import (
	"errors"
	"math"
	"testing"
)

// What Settle says is compared with the impulse response itself.
func TestSettle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		d    Design
	}{
		{"low-pass", Design{Order: 4, Cutoff: 10e3, Rate: 1e6}},
		{"slow low-pass", Design{Order: 4, Cutoff: 200, Rate: 1e6}},
		{"fast low-pass", Design{Order: 1, Cutoff: 250e3, Rate: 1e6}},
		{"high order", Design{Order: 20, Cutoff: 20e3, Rate: 1e6}},
		{"Bessel, whose poles lie close together", Design{Kind: Bessel, Order: 20, Cutoff: 10e3, Rate: 1e6}},
		{"narrow band-pass", Design{Band: BandPass, Order: 4, Cutoff: 100e3, UpperCutoff: 100.1e3, Rate: 1e6}},
		{"band-stop", Design{Kind: Chebyshev2, Attenuation: 60, Band: BandStop, Order: 7, Cutoff: 10e3, UpperCutoff: 20e3, Rate: 1e6}},
		{"high-pass", Design{Band: HighPass, Order: 6, Cutoff: 1e3, Rate: 1e6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := mustSOS(t, c.d)
			for _, epsilon := range []float64{0.5, 1e-3, 1e-13} {
				n, err := s.Settle(epsilon)
				if err != nil {
					t.Fatal(err)
				}
				f, err := NewFilter(s)
				if err != nil {
					t.Fatal(err)
				}
				h := make([]float64, 3*n+2000)
				h[0] = 1
				f.Process(h, h)
				var total, tail, early float64
				step := int(1/s.margin()/8) + 1
				for i, v := range h {
					total += math.Abs(v)
					if i >= n {
						tail += math.Abs(v)
					}
					if i >= n-2*step {
						early += math.Abs(v)
					}
				}
				if !(tail <= 1.001*epsilon*total) {
					t.Errorf("%g: after %d samples %g is left", epsilon, n, tail/total)
				}
				if n > 2*step && early <= epsilon*total {
					t.Errorf("%g: %d samples are too many: already %d earlier only %g is left", epsilon, n, 2*step, early/total)
				}
			}
		})
	}
}

func TestSettleRefuses(t *testing.T) {
	t.Parallel()
	s := SOS{{B0: 1, A1: -(1 - 1e-12)}}
	var e *SettleError
	if _, err := s.Settle(1e-13); !errors.As(err, &e) || e.Samples < 1e13 || e.Samples > 1e14 {
		t.Errorf("error %v, want a SettleError of 3e13 samples", err)
	}
	if n, err := (SOS{{B0: 0}}).Settle(0.1); n != 1 || err != nil {
		t.Errorf("a filter of zeros: %d, error %v", n, err)
	}
	defer func() {
		if recover() == nil {
			t.Error("no panic for an epsilon of 1")
		}
	}()
	_, _ = s.Settle(1)
}
