package filter

import (
	"math"
	"math/cmplx"
	"testing"
)

func TestTransform(t *testing.T) {
	t.Parallel()
	for size := 4; size <= 4096; size *= 2 {
		a, b := noise(1, size, 0), noise(2, size, 0)
		x, y := make([]complex128, size), make([]complex128, size)
		want := make([]complex128, size)
		for i := range x {
			x[i], y[i] = complex(a[i], b[i]), complex(b[size-1-i], -a[i])
		}
		for i := range min(size, 64) { // a few values of the circular convolution
			for k := range x {
				want[i] += x[k] * y[(i-k+size)%size]
			}
		}
		tr := newTransform(size)
		tr.forward(x)
		tr.forward(y)
		for i := range x {
			x[i] *= y[i] / complex(float64(size), 0)
		}
		tr.inverse(x)
		for i := range min(size, 64) {
			if off := cmplx.Abs(x[i] - want[i]); !(off <= 1e-14*math.Sqrt(float64(size))*65536*65536*8) {
				t.Fatalf("size %d: value %d is %v, want %v", size, i, x[i], want[i])
			}
		}
	}
}
