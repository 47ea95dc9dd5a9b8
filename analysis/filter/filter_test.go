package filter

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestFilterOfPieces(t *testing.T) {
	t.Parallel()
	for _, order := range []int{1, 2, 3, 6, 7, 9, 16, 20} { // cascades of 1 to 10 sections
		s := mustSOS(t, Design{Order: order, Cutoff: 30e3, Rate: 1e6})
		f, err := NewFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		x := noise(order, 10_007, 100)
		want := f.Process(nil, x)
		f.Reset()
		r := rand.New(rand.NewPCG(uint64(order), 0))
		got := append([]float64(nil), x...)
		for in := 0; in < len(x); {
			m := min(r.IntN(1500), len(x)-in)
			f.Process(got[in:in+m], got[in:in+m]) // in place
			in += m
		}
		if at := firstDifference(got, want); at >= 0 {
			t.Errorf("order %d: sample %d is another", order, at)
		}
	}
}

func TestSteadyState(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		d    Design
		gain float64
	}{
		{"low-pass", Design{Order: 5, Cutoff: 30e3, Rate: 1e6}, 1},
		{"high-pass", Design{Band: HighPass, Order: 4, Cutoff: 30e3, Rate: 1e6}, 0},
		{"even Chebyshev I", Design{Kind: Chebyshev1, Ripple: 6, Order: 4, Cutoff: 30e3, Rate: 1e6}, math.Pow(10, -0.3)},
		{"band-stop", Design{Band: BandStop, Order: 20, Cutoff: 20e3, UpperCutoff: 400e3, Rate: 1e6}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := NewFilter(mustSOS(t, c.d))
			if err != nil {
				t.Fatal(err)
			}
			x := make([]float64, 3000)
			for i := range x {
				x[i] = -32768
			}
			f.SteadyState(x[0])
			for i, v := range f.Process(nil, x) {
				if !(math.Abs(v+32768*c.gain) <= 1e-6) {
					t.Fatalf("y[%d] = %g, want %g", i, v, -32768*c.gain)
				}
			}
		})
	}
}

// Silence after a signal must end in zeros, not in numbers below the normal range, with which computers are slow.
func TestSilence(t *testing.T) {
	t.Parallel()
	f, err := NewFilter(mustSOS(t, Design{Order: 4, Cutoff: 10e3, Rate: 1e6}))
	if err != nil {
		t.Fatal(err)
	}
	f.Process(nil, noise(1, 1000, 0))
	y := f.Process(nil, make([]float64, 60_000))
	for i, v := range y {
		if v != 0 && math.Abs(v) < 0x1p-1022 {
			t.Fatalf("y[%d] = %g", i, v)
		}
	}
	if last := y[len(y)-1]; last != 0 {
		t.Errorf("after 60,000 zeros the output is %g", last)
	}
}

func TestFilterOfNaN(t *testing.T) {
	t.Parallel()
	f, err := NewFilter(mustSOS(t, Design{Order: 4, Cutoff: 10e3, Rate: 1e6}))
	if err != nil {
		t.Fatal(err)
	}
	x := noise(1, 5000, 0)
	clean := f.Process(nil, x)
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		f.Reset()
		x[2000] = bad
		y := f.Process(nil, x)
		if at := firstDifference(y[:2000], clean[:2000]); at >= 0 {
			t.Errorf("%g spoils what is before it, at %d", bad, at)
		}
		for i, v := range y[2000:] {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				t.Fatalf("%g: sample %d after it is %g", bad, i, v)
			}
		}
	}
	f.Reset()
	x[2000] = 0
	f.Process(nil, x)
	f.Reset()
	if v := f.Process(nil, []float64{1}); math.IsNaN(v[0]) {
		t.Error("Reset leaves NaN")
	}
}

func TestWrongLengthPanics(t *testing.T) {
	t.Parallel()
	s := mustSOS(t, Design{Order: 2, Cutoff: 10e3, Rate: 1e6})
	f, err := NewFilter(s)
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func(){
		"Process":  func() { f.Process(make([]float64, 2), make([]float64, 3)) },
		"FiltFilt": func() { _, _ = s.FiltFilt(make([]float64, 3), make([]float64, 2)) },
		"Response": func() { s.Response(make([]complex128, 1), []float64{1, 2}, 10) },
		"FIR":      func() { _, _ = FIR{1, 1}.FiltFilt(make([]float64, 3), make([]float64, 2)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}
