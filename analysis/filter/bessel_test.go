package filter

import (
	"math"
	"math/cmplx"
	"testing"
)

// The coefficients of theta_n are known: (2n-k)! / ((n-k)! k! 2^(n-k)). The sum of the roots, of their inverses and their product follow.
func TestBesselPoles(t *testing.T) {
	t.Parallel()
	for order := 1; order <= MaxOrder; order++ {
		r := besselPoles(order)
		if r.count() != order {
			t.Fatalf("order %d: %d roots", order, r.count())
		}
		sum, inverse, product := 0.0, 0.0, r.productOfNegated()
		for i, p := range r.pairs {
			sum += 2 * real(p)
			inverse += 2 * real(1/p)
			if real(p) >= 0 || imag(p) <= 0 {
				t.Errorf("order %d: root %v", order, p)
			}
			for _, q := range r.pairs[:i] {
				if cmplx.Abs(p-q) < 0.1 {
					t.Errorf("order %d: the root %v twice", order, p)
				}
			}
		}
		for _, p := range r.reals {
			sum += p
			inverse += 1 / p
		}
		want := 1.0
		for k := 1; k < 2*order; k += 2 {
			want *= float64(k)
		}
		if wantSum := -float64(order*(order+1)) / 2; math.Abs(sum/wantSum-1) > 1e-14 || math.Abs(inverse+1) > 1e-14 || math.Abs(product/want-1) > 1e-13 {
			t.Errorf("order %d: sum %v, want %v; sum of inverses %v, want -1; product %v, want %v", order, sum, wantSum, inverse, product, want)
		}
	}
}
