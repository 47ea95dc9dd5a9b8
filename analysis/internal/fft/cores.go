package fft

import (
	"math/bits"

	"github.com/scopelog/scopelog/analysis/internal/parallel"
)

// shared is the least length for which several cores are worth their meeting.
const shared = 1 << 16

// ForwardOn is Forward on up to the given number of cores. The result is the same to the last bit.
func (f *Radix4) ForwardOn(workers int, x []complex128) {
	if workers < 2 || f.n < shared {
		f.Forward(x)
		return
	}
	f.check(x)
	count := 1 // factors; the number of a factor is its place, from here to the leaves
	if half := f.n / 2; bits.Len(uint(f.n))&1 == 0 {
		count = 2
		ranges(workers, half, func(from, to int) { radix2(x[from:to], x[half+from:half+to]) })
	}
	for range 2 { // two stages make factors enough for any number of cores that shares a memory
		n, q := f.n/count, f.n/count/4
		for b := range count {
			y := x[b*n : (b+1)*n]
			ranges(workers, q, func(from, to int) {
				forward4(y[from:to], y[q+from:q+to], y[2*q+from:2*q+to], y[3*q+from:3*q+to], &f.tw[b])
			})
		}
		count *= 4
	}
	n := f.n / count
	parallel.For(workers, count, func(_, i int) { f.forward(x[i*n:(i+1)*n], i) })
}

// InverseOn is Inverse on up to the given number of cores. The result is the same to the last bit.
func (f *Radix4) InverseOn(workers int, x []complex128) {
	if workers < 2 || f.n < shared {
		f.Inverse(x)
		return
	}
	f.check(x)
	odd := bits.Len(uint(f.n))&1 == 0
	count := 16
	if odd {
		count = 32
	}
	n := f.n / count
	parallel.For(workers, count, func(_, i int) { f.inverse(x[i*n:(i+1)*n], i) })
	for range 2 {
		count /= 4
		n = f.n / count
		q := n / 4
		for b := range count {
			y := x[b*n : (b+1)*n]
			ranges(workers, q, func(from, to int) {
				inverse4(y[from:to], y[q+from:q+to], y[2*q+from:2*q+to], y[3*q+from:3*q+to], &f.tw[b])
			})
		}
	}
	if odd {
		half := f.n / 2
		ranges(workers, half, func(from, to int) { radix2(x[from:to], x[half+from:half+to]) })
	}
}

// ranges shares 0 to n among workers, in pieces of which each has several, since cores are not equally free.
func ranges(workers, n int, do func(from, to int)) {
	pieces := min(4*workers, n)
	parallel.For(workers, pieces, func(_, i int) { do(n*i/pieces, n*(i+1)/pieces) })
}
