package fft

import (
	"fmt"
	"math"
	"math/bits"
	"math/cmplx"
)

// AddCross adds factor times the cross spectrum U conj(V) to sum, where z is the transform, in bit-reversed order, of u + iv for real u
// and v. sum has half as many values: one of each pair of coefficients k and -k, in the order that [Radix4.InverseCross] takes; both that
// are real, 0 and N/2, stand in sum[0]. It panics when a length is not right, and for transforms of fewer than 4 values.
//
// The errors of rounding are those of the larger of both signals. u and v should be about as large; factor is there to undo a scaling.
// Up to the given number of cores are used.
func (f *Radix4) AddCross(workers int, sum, z []complex128, factor float64) {
	f.check(z)
	f.checkHalf(sum)
	sum[0] += complex(factor*real(z[0])*imag(z[0]), factor*real(z[1])*imag(z[1]))
	f.octaves(workers, sum, z, factor, addOctave)
}

// Cross returns what AddCross adds to a sum of nothing, in the first half of z, and the second half of z, which is free for the result of
// [Radix4.InverseCross]. It panics as AddCross does.
func (f *Radix4) Cross(workers int, z []complex128, factor float64) (sum, free []complex128) {
	f.check(z)
	sum, free = z[:f.n/2], z[f.n/2:]
	f.checkHalf(sum)
	// The places of sum that an octave takes are of the octave before in z, which is done.
	sum[0] = complex(factor*real(z[0])*imag(z[0]), factor*real(z[1])*imag(z[1]))
	f.octaves(workers, sum, z, factor, setOctave)
	return sum, free
}

// octaves does all octaves of places, the lowest first. In bit-reversed order k and -k mirror each other within each octave, [2 size, 4 size),
// of z.
func (f *Radix4) octaves(workers int, sum, z []complex128, factor float64, do func(sum, z []complex128, factor float64, from, to int)) {
	for size := 1; size <= f.n/4; size *= 2 {
		if workers < 2 || size < shared/8 {
			do(sum[size:2*size], z[2*size:4*size], factor, 0, size)
		} else {
			ranges(workers, size, func(from, to int) { do(sum[size:2*size], z[2*size:4*size], factor, from, to) })
		}
	}
}

// addOctave adds the places from one to another of an octave.
func addOctave(sum, z []complex128, factor float64, from, to int) {
	low, high := z[:len(sum)], z[len(sum):]
	for i := from; i < to; i++ {
		sum[i] += crossOf(low[i], high[len(high)-1-i], factor)
	}
}

// setOctave is addOctave to nothing.
func setOctave(sum, z []complex128, factor float64, from, to int) {
	low, high := z[:len(sum)], z[len(sum):]
	for i := from; i < to; i++ {
		sum[i] = crossOf(low[i], high[len(high)-1-i], factor)
	}
}

// crossOf returns factor times U conj(V) at k, where a is the coefficient k of u + iv and b is -k.
func crossOf(a, b complex128, factor float64) complex128 {
	re := real(a)*imag(b) + imag(a)*real(b)
	im := real(a)*real(a) + imag(a)*imag(a) - (real(b)*real(b) + imag(b)*imag(b))
	return complex(factor*re/2, factor*im/4)
}

// InverseCross writes the inverse transform of a cross spectrum, as AddCross makes it, to dst, divided by its length: the value at lag 2i is
// real(dst[i]), that at lag 2i+1 imag(dst[i]). Negative lags follow from the end, as in any circular correlation. dst and sum have half as
// many values as the transform, and do not overlap. It panics when a length is not right. Up to the given number of cores are used.
func (f *Radix4) InverseCross(workers int, dst, sum []complex128) {
	f.checkHalf(dst)
	f.checkHalf(sum)
	half := &Radix4{n: f.n / 2, tw: f.tw[:max(1, f.n/8)]} // the table of the half is the first half of the table
	scale := complex(1/float64(f.n), 0)
	join := func(p int, a, b complex128) {
		odd := (a - b) * cmplx.Conj(f.turn(p))
		dst[p] = (a + b + complex(-imag(odd), real(odd))) * scale
	}
	join(0, complex(real(sum[0]), 0), complex(imag(sum[0]), 0))
	join(1, sum[1], cmplx.Conj(sum[1]))
	for size := 2; size <= f.n/4; size *= 2 {
		pieces := workers
		if size < shared/8 {
			pieces = 1
		}
		in := sum[size : 2*size]
		ranges(pieces, size/2, func(from, to int) {
			for i := from; i < to; i++ {
				join(size+i, in[2*i], in[2*i+1])
				join(size+size/2+i, cmplx.Conj(in[size-1-2*i]), cmplx.Conj(in[size-2-2*i]))
			}
		})
	}
	half.InverseOn(workers, dst)
}

// turn returns exp(-pi i t), where t is the fraction whose binary digits are the bits of p, lowest first, and p < Len/2.
func (f *Radix4) turn(p int) complex128 {
	if p < len(f.tw) {
		return complex(f.tw[p].r2, f.tw[p].i2)
	}
	w := f.tw[p-len(f.tw)]
	return complex(w.r2, w.i2) * f.smallest
}

func (f *Radix4) checkHalf(x []complex128) {
	if f.n < 4 || len(x) != f.n/2 {
		panic(fmt.Sprintf("fft: slice has %d values; half of the %d of the transform, which are 4 at least, are needed", len(x), f.n))
	}
}

// smallestTurn returns turn(n/4): the highest bit of a place counts least.
func smallestTurn(n int) complex128 { return cmplx.Rect(1, -math.Pi*fraction(n/4)) }

// PowerOfTwo returns the least power of two that is not less than n.
func PowerOfTwo(n int) int {
	if n <= 1 {
		return 1
	}
	return 1 << bits.Len(uint(n-1))
}
