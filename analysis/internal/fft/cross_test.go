package fft

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// TestCross compares with the sums themselves: r[lag] = sum of u[i+lag] v[i], circular.
func TestCross(t *testing.T) {
	t.Parallel()
	for n := 4; n <= 512; n *= 2 {
		t.Run(fmt.Sprintf("n=%d", n), func(t *testing.T) {
			t.Parallel()
			f, z := NewRadix4(1, n), noise(n)
			x := append([]complex128(nil), z...)
			f.Forward(z)
			sum, got := make([]complex128, n/2), make([]complex128, n/2)
			f.AddCross(1, sum, z, 0.5)
			f.AddCross(1, sum, z, 0.5)
			f.InverseCross(1, got, sum)
			for lag := range n {
				want := 0.0
				for i := range x {
					want += real(x[(i+lag)%n]) * imag(x[i])
				}
				v := real(got[lag/2])
				if lag%2 == 1 {
					v = imag(got[lag/2])
				}
				if !(math.Abs(v-want) < 1e-13*float64(n)) {
					t.Errorf("lag %d: %v, want %v", lag, v, want)
				}
			}
		})
	}
}

func TestCrossOnCoresAgrees(t *testing.T) {
	t.Parallel()
	const n = 1 << 17
	f, z := NewRadix4(1, n), noise(n)
	f.Forward(z)
	var first []complex128
	for _, workers := range []int{1, 2, 3, 8} {
		sum, got := make([]complex128, n/2), make([]complex128, n/2)
		f.AddCross(workers, sum, z, 2)
		f.InverseCross(workers, got, sum)
		if first == nil {
			first = got
		}
		mustEqual(t, fmt.Sprintf("%d workers", workers), got, first)
	}
}

func TestPowerOfTwo(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{-1: 1, 0: 1, 1: 1, 2: 2, 3: 4, 4: 4, 5: 8, 1 << 20: 1 << 20, 1<<20 + 1: 1 << 21} {
		if got := PowerOfTwo(n); got != want {
			t.Errorf("PowerOfTwo(%d) = %d, want %d", n, got, want)
		}
	}
}

// TestCrossInPlace compares with AddCross to nothing, to the last bit.
func TestCrossInPlace(t *testing.T) {
	t.Parallel()
	for n := 4; n <= 1<<17; n *= 4 {
		for _, workers := range []int{1, 3} {
			f, z, want := NewRadix4(workers, n), noise(n), make([]complex128, n/2)
			f.AddCross(1, want, z, 0.75)
			sum, free := f.Cross(workers, z, 0.75)
			if !slices.Equal(sum, want) || len(free) != n/2 || &free[0] != &z[n/2] {
				t.Errorf("%d values on %d cores: another sum", n, workers)
			}
		}
	}
}
