package filter

import (
	"fmt"
	"math"
	"testing"
)

// checkSlow compares filters with cut-offs down to a millionth of the rate. Sections that are equal to the last bit have to filter alike to the last
// bit. Where a coefficient differs in the last bit, which it does in SciPy from one processor to another, rounding itself makes more than 1e-9 of
// the largest value at the lowest cut-offs: docs/decisions/0149 has the figures.
func checkSlow(t *testing.T, g golden, same bool) {
	if len(g.Slow) < 80 {
		t.Fatalf("only %d slow filters", len(g.Slow))
	}
	x := noise(7, g.Slow[0].Size, 300)
	for i, v := range x {
		x[i] = math.RoundToEven(3e3*math.Sin(float64(i)*0.003)) + v/32
	}
	equal := map[string]int{}
	for i := range g.Slow {
		o := &g.Slow[i]
		d := o.Design.design(t)
		sos := mustSOS(t, d)
		alike := equalSections(sos, o.Sections)
		if alike {
			equal[o.Design.Kind]++
		}
		allowed := 1e-9
		switch {
		case alike:
			allowed = 0
		case d.Cutoff < 1e-4*d.Rate || !same:
			allowed = 1e-6
		}
		x := x[:o.Size]
		for k, got := range filtered(t, sos, x) {
			want := [][]float64{o.Rest, o.Steady, o.Both}[k]
			for j, at := range o.At {
				if off := math.Abs(got[at]-want[j]) / o.Largest[k]; !(off <= allowed) {
					t.Errorf("%v, %s: y[%d] = %g, want %g: off by %.2g of the largest (sections equal: %v)",
						o.Design, [...]string{"sosfilt", "sosfilt_zi", "sosfiltfilt"}[k], at, got[at], want[j], off, alike)
				}
			}
		}
	}
	t.Logf("filters with sections equal to the last bit: %v of 20 each", equal)
	for kind, least := range map[string]int{"Butterworth": 18, "Chebyshev I": 16, "Chebyshev II": 4, "Bessel": 4} {
		if same && equal[kind] < least {
			t.Errorf("%s: the sections of %d filters are equal to the last bit, %d were", kind, equal[kind], least)
		}
	}
}

// filtered filters x from rest, from the steady state, and both ways.
func filtered(t *testing.T, sos SOS, x []float64) [3][]float64 {
	t.Helper()
	f, err := NewFilter(sos)
	if err != nil {
		t.Fatal(err)
	}
	rest := f.Process(nil, x)
	f.SteadyState(x[0])
	steady := f.Process(nil, x)
	both, err := sos.FiltFilt(nil, x)
	if err != nil {
		t.Fatal(fmt.Errorf("filter both ways: %w", err))
	}
	return [3][]float64{rest, steady, both}
}

func equalSections(s SOS, want [][6]float64) bool {
	for i, c := range s {
		if want[i] != [6]float64{c.B0, c.B1, c.B2, 1, c.A1, c.A2} {
			return false
		}
	}
	return len(s) == len(want)
}
