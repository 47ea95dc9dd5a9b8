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
		sum, inverse, product := 0.0, 0.0, complex(1, 0)
		for i, w := range r {
			p := w.round()
			sum += real(p)
			inverse += real(1 / p)
			product *= -p
			if back := r[order-1-i].round(); real(p) >= 0 || p != cmplx.Conj(back) {
				t.Errorf("order %d: root %v and %v", order, p, back)
			}
			for _, q := range r[:i] {
				if cmplx.Abs(p-q.round()) < 0.1 {
					t.Errorf("order %d: the root %v twice", order, p)
				}
			}
		}
		want := 1.0
		for k := 1; k < 2*order; k += 2 {
			want *= float64(k)
		}
		if wantSum := -float64(order*(order+1)) / 2; math.Abs(sum/wantSum-1) > 1e-14 || math.Abs(inverse+1) > 1e-14 || math.Abs(real(product)/want-1) > 1e-13 {
			t.Errorf("order %d: sum %v, want %v; sum of inverses %v, want -1; product %v, want %v", order, sum, wantSum, inverse, product, want)
		}
	}
}
