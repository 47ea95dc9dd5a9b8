package fft

import (
	"fmt"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

// TestForwardIsTheDefinition compares with the sum itself, at every length that reaches another branch.
func TestForwardIsTheDefinition(t *testing.T) {
	t.Parallel()
	lengths := []int{17, 19, 20, 30, 37, 38, 45, 60, 75, 100, 121, 169, 210, 225, 240, 243, 289, 1000, 1009, 1155, 1536, 2500, 3125, 3600, 10000, 12288}
	for n := 1; n <= 16; n++ {
		lengths = append(lengths, n)
	}
	for n := 32; n <= 4096; n *= 2 {
		lengths = append(lengths, n)
	}
	for _, n := range lengths {
		t.Run(fmt.Sprintf("n=%d", n), func(t *testing.T) {
			t.Parallel()
			x, plan := noise(n), NewPlan(n)
			for name, p := range map[string]*Plan{"plan": plan, "clone": plan.Clone()} {
				got := append([]complex128(nil), x...)
				p.Forward(got)
				for _, k := range coefficients(n) {
					// The error of a transform is about eps times the root of the energy and a small factor.
					if want := definition(x, k); !(cmplx.Abs(got[p.Index(k)]-want) <= 1e-14*math.Sqrt(float64(n))*math.Log2(float64(n)+2)) {
						t.Errorf("%s: coefficient %d is %v, want %v", name, k, got[p.Index(k)], want)
					}
				}
			}
		})
	}
}

// coefficients returns which of n to look at: all of few, else some at the ends and some by chance.
func coefficients(n int) []int {
	if n <= 64 {
		all := make([]int, n)
		for k := range all {
			all[k] = k
		}
		return all
	}
	some := []int{0, 1, 2, n/2 - 1, n / 2, n/2 + 1, n - 2, n - 1}
	r := rand.New(rand.NewPCG(2, uint64(n)))
	for range 16 {
		some = append(some, r.IntN(n))
	}
	return some
}

func definition(x []complex128, k int) (sum complex128) {
	for i, v := range x {
		sum += v * cmplx.Rect(1, -2*math.Pi*float64(i*k%len(x))/float64(len(x)))
	}
	return sum
}

func TestInverseUndoesForward(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 1<<17; n *= 2 {
		t.Run(fmt.Sprintf("n=%d", n), func(t *testing.T) {
			t.Parallel()
			f, x := NewRadix4(1, n), noise(n)
			got := append([]complex128(nil), x...)
			f.Forward(got)
			f.Inverse(got)
			for i, want := range x {
				if !(cmplx.Abs(got[i]/complex(float64(n), 0)-want) < 1e-14) {
					t.Fatalf("value %d is %v, want %v", i, got[i]/complex(float64(n), 0), want)
				}
			}
		})
	}
}

func TestCoresAgree(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 64, 1 << 15, 1 << 16, 1 << 17} {
		for _, workers := range []int{1, 2, 3, 7} {
			t.Run(fmt.Sprintf("n=%d/workers=%d", n, workers), func(t *testing.T) {
				t.Parallel()
				f, want := NewRadix4(1, n), noise(n)
				got := append([]complex128(nil), want...)
				f.Forward(want)
				f.ForwardOn(workers, got)
				mustEqual(t, "forward", got, want)
				f.Inverse(want)
				f.InverseOn(workers, got)
				mustEqual(t, "inverse", got, want)
			})
		}
	}
}

func mustEqual(t *testing.T, what string, got, want []complex128) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%s: value %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestIndexIsItsOwnInverse(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 1024; n *= 2 {
		f := NewPlan(n)
		for k := range n {
			if i := f.Index(k); i < 0 || i >= n || f.Index(i) != k {
				t.Fatalf("n=%d: Index(%d) = %d, and back %d", n, k, i, f.Index(i))
			}
		}
	}
}

func TestNaNStaysInTheSlice(t *testing.T) {
	t.Parallel()
	for _, n := range []int{64, 60, 67} {
		x := noise(n)
		x[n/2] = complex(math.NaN(), 0)
		p := NewPlan(n)
		p.Forward(x)
		for k := range x {
			if !cmplx.IsNaN(x[k]) {
				t.Errorf("n=%d: coefficient at %d is %v", n, k, x[k])
			}
		}
		y := noise(n)
		p.Forward(y)
		if got, want := y[p.Index(1)], definition(noise(n), 1); !(cmplx.Abs(got-want) < 1e-11) {
			t.Errorf("n=%d: the next transform has %v, want %v", n, got, want)
		}
	}
}

func TestWrongLengthPanics(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(){
		"length 0":           func() { NewPlan(0) },
		"no power of two":    func() { NewRadix4(1, 12) },
		"negative":           func() { NewRadix4(1, -4) },
		"slice too short":    func() { NewRadix4(1, 8).Forward(make([]complex128, 4)) },
		"inverse too long":   func() { NewRadix4(1, 8).Inverse(make([]complex128, 9)) },
		"prime, too short":   func() { NewPlan(67).Forward(make([]complex128, 66)) },
		"product, too short": func() { NewPlan(60).Forward(make([]complex128, 59)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			do()
		})
	}
}

func TestForwardAllocatesNothing(t *testing.T) {
	for _, n := range []int{4096, 6000, 1009} {
		p, x := NewPlan(n), noise(n)
		if got := testing.AllocsPerRun(5, func() { p.Forward(x) }); got != 0 {
			t.Errorf("n=%d: %v allocations", n, got)
		}
	}
}

func noise(n int) []complex128 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	x := make([]complex128, n)
	for i := range x {
		x[i] = complex(r.NormFloat64(), r.NormFloat64())
	}
	return x
}

// BenchmarkForward counts 16 bytes a value.
func BenchmarkForward(b *testing.B) {
	for _, n := range []int{256, 1000, 1009, 4096, 10000, 15625, 65536, 98304, 100000, 1 << 20} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			p, x, y := NewPlan(n), noise(n), make([]complex128, n)
			b.SetBytes(int64(16 * n))
			b.ReportAllocs()
			for b.Loop() {
				copy(y, x) // else the values grow until they are not finite
				p.Forward(y)
			}
		})
	}
}

func BenchmarkForwardOn(b *testing.B) {
	const n = 1 << 22
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("n=%d/workers=%d", n, workers), func(b *testing.B) {
			f, x, y := NewRadix4(1, n), noise(n), make([]complex128, n)
			b.SetBytes(16 * n)
			for b.Loop() {
				copy(y, x)
				f.ForwardOn(workers, y)
			}
		})
	}
}
