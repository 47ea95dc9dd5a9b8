package fft

import (
	"fmt"
	"math"
	"math/bits"
	"math/cmplx"

	"github.com/scopelog/scopelog/analysis/internal/parallel"
)

// leaf is the length up to which all stages of a part are done before the next part: its values stay in the first cache.
const leaf = 1 << 10

// twiddle holds what one butterfly multiplies by: w, w squared and w cubed.
type twiddle struct{ r1, i1, r2, i2, r3, i3 float64 }

// Radix4 transforms slices of a length that is a power of two, in place. It does not change and may be used from any goroutine.
//
// It takes the polynomial x(z) modulo z^N-1 apart into four factors again and again. All butterflies of one factor have the same
// twiddles, and the factor's number gives them in bit-reversed order, whatever the stage: one small table serves all stages.
type Radix4 struct {
	n  int
	tw []twiddle // of factor b: w = exp(-2 pi i t/4), where t is the binary fraction whose digits are the bits of b, lowest first

	smallest complex128 // see turn
}

// NewRadix4 makes a transform of n values, on up to the given number of cores. It panics when n is not a power of two. It takes 12 bytes for
// each value.
func NewRadix4(workers, n int) *Radix4 {
	if n < 1 || n&(n-1) != 0 {
		panic(fmt.Sprintf("fft: length %d is not a power of two", n))
	}
	f := &Radix4{n: n, tw: make([]twiddle, max(1, n/4)), smallest: smallestTurn(n)}
	const low = 1 << 11 // two short tables of exact values instead of a long one: a product costs less than a sine
	var first [low]complex128
	for b := range first {
		first[b] = cmplx.Rect(1, -math.Pi/2*fraction(b))
	}
	parallel.For(workers, (len(f.tw)+low-1)/low, func(_, i int) {
		base := i * low
		high := cmplx.Rect(1, -math.Pi/2*fraction(base))
		for b := range f.tw[base:min(base+low, len(f.tw))] {
			w := first[b] * high
			w2 := w * w
			w3 := w2 * w
			f.tw[base+b] = twiddle{real(w), imag(w), real(w2), imag(w2), real(w3), imag(w3)}
		}
	})
	return f
}

// fraction returns the number in [0, 1) whose binary digits are the bits of b, lowest first.
func fraction(b int) float64 { return float64(bits.Reverse64(uint64(b))>>11) / (1 << 53) }

// Len returns the number of values that a transform takes.
func (f *Radix4) Len() int { return f.n }

// Index returns where the transform puts the coefficient k, 0 <= k < Len. It is its own inverse.
func (f *Radix4) Index(k int) int {
	return int(bits.Reverse64(uint64(k)) >> (64 - bits.Len(uint(f.n-1))&63) & uint64(f.n-1))
}

// Forward replaces x by its transform in bit-reversed order. It panics when x has not Len values. Nothing is allocated.
func (f *Radix4) Forward(x []complex128) {
	f.check(x)
	if bits.Len(uint(f.n))&1 == 1 {
		f.forward(x, 0)
		return
	}
	half := f.n / 2
	radix2(x[:half], x[half:])
	f.forward(x[:half], 0)
	f.forward(x[half:], 1)
}

// Inverse replaces the transform x, in bit-reversed order, by Len times the values it is of. It panics when x has not Len values.
// Nothing is allocated.
func (f *Radix4) Inverse(x []complex128) {
	f.check(x)
	if bits.Len(uint(f.n))&1 == 1 {
		f.inverse(x, 0)
		return
	}
	half := f.n / 2
	f.inverse(x[:half], 0)
	f.inverse(x[half:], 1)
	radix2(x[:half], x[half:])
}

func (f *Radix4) check(x []complex128) {
	if len(x) != f.n {
		panic(fmt.Sprintf("fft: slice has %d values and the transform %d", len(x), f.n))
	}
}

// forward transforms the factor b, whose length is a power of four.
func (f *Radix4) forward(x []complex128, b int) {
	if len(x) > leaf {
		q := len(x) / 4
		forward4(x[:q], x[q:2*q], x[2*q:3*q], x[3*q:], &f.tw[b])
		for i := range 4 {
			f.forward(x[i*q:(i+1)*q], 4*b+i)
		}
		return
	}
	for n, factors := len(x), 1; n > 4; n, factors = n/4, factors*4 {
		q := n / 4
		for i := range factors {
			y := x[i*n : (i+1)*n]
			forward4(y[:q], y[q:2*q], y[2*q:3*q], y[3*q:], &f.tw[b+i])
		}
		b *= 4
	}
	if len(x) >= 4 {
		forwardLast(x, f.tw[b:])
	}
}

// inverse undoes forward.
func (f *Radix4) inverse(x []complex128, b int) {
	if len(x) > leaf {
		q := len(x) / 4
		for i := range 4 {
			f.inverse(x[i*q:(i+1)*q], 4*b+i)
		}
		inverse4(x[:q], x[q:2*q], x[2*q:3*q], x[3*q:], &f.tw[b])
		return
	}
	for n, factors := 4, len(x)/4; factors > 0; n, factors = n*4, factors/4 {
		q := n / 4
		for i := range factors {
			y := x[i*n : (i+1)*n]
			inverse4(y[:q], y[q:2*q], y[2*q:3*q], y[3*q:], &f.tw[b*factors+i])
		}
	}
}

// radix2 is the butterfly of the first stage, or the last of an inverse, where the length is no power of four.
func radix2(lo, hi []complex128) {
	hi = hi[:len(lo)]
	for j, a := range lo {
		b := hi[j]
		lo[j], hi[j] = a+b, a-b
	}
}

// forward4 takes one factor, given by its quarters or equal parts of them, apart into four.
func forward4(x0, x1, x2, x3 []complex128, w *twiddle) {
	x1, x2, x3 = x1[:len(x0)], x2[:len(x0)], x3[:len(x0)]
	r1, i1, r2, i2, r3, i3 := w.r1, w.i1, w.r2, w.i2, w.r3, w.i3
	for j := range x0 {
		ar, ai := real(x0[j]), imag(x0[j])
		br, bi := real(x1[j]), imag(x1[j])
		br, bi = br*r1-bi*i1, br*i1+bi*r1
		cr, ci := real(x2[j]), imag(x2[j])
		cr, ci = cr*r2-ci*i2, cr*i2+ci*r2
		dr, di := real(x3[j]), imag(x3[j])
		dr, di = dr*r3-di*i3, dr*i3+di*r3
		sr, si, tr, ti := ar+cr, ai+ci, ar-cr, ai-ci
		ur, ui, vr, vi := br+dr, bi+di, br-dr, bi-di
		x0[j] = complex(sr+ur, si+ui)
		x1[j] = complex(sr-ur, si-ui)
		x2[j] = complex(tr+vi, ti-vr)
		x3[j] = complex(tr-vi, ti+vr)
	}
}

// forwardLast takes factors of length 4 apart, each with its own twiddles.
func forwardLast(x []complex128, tw []twiddle) {
	tw = tw[:len(x)/4]
	for j := range tw {
		y := (*[4]complex128)(x[4*j:])
		w := &tw[j]
		ar, ai := real(y[0]), imag(y[0])
		br, bi := real(y[1]), imag(y[1])
		br, bi = br*w.r1-bi*w.i1, br*w.i1+bi*w.r1
		cr, ci := real(y[2]), imag(y[2])
		cr, ci = cr*w.r2-ci*w.i2, cr*w.i2+ci*w.r2
		dr, di := real(y[3]), imag(y[3])
		dr, di = dr*w.r3-di*w.i3, dr*w.i3+di*w.r3
		sr, si, tr, ti := ar+cr, ai+ci, ar-cr, ai-ci
		ur, ui, vr, vi := br+dr, bi+di, br-dr, bi-di
		y[0] = complex(sr+ur, si+ui)
		y[1] = complex(sr-ur, si-ui)
		y[2] = complex(tr+vi, ti-vr)
		y[3] = complex(tr-vi, ti+vr)
	}
}

// inverse4 joins four factors, or equal parts of them, to four times the one they came from.
func inverse4(x0, x1, x2, x3 []complex128, w *twiddle) {
	x1, x2, x3 = x1[:len(x0)], x2[:len(x0)], x3[:len(x0)]
	r1, i1, r2, i2, r3, i3 := w.r1, w.i1, w.r2, w.i2, w.r3, w.i3
	for j := range x0 {
		ar, ai, br, bi := real(x0[j]), imag(x0[j]), real(x1[j]), imag(x1[j])
		cr, ci, dr, di := real(x2[j]), imag(x2[j]), real(x3[j]), imag(x3[j])
		sr, si, ur, ui := ar+br, ai+bi, ar-br, ai-bi
		tr, ti, vr, vi := cr+dr, ci+di, di-ci, cr-dr
		x0[j] = complex(sr+tr, si+ti)
		sr, si = sr-tr, si-ti
		x2[j] = complex(sr*r2+si*i2, si*r2-sr*i2)
		tr, ti = ur+vr, ui+vi
		x1[j] = complex(tr*r1+ti*i1, ti*r1-tr*i1)
		ur, ui = ur-vr, ui-vi
		x3[j] = complex(ur*r3+ui*i3, ui*r3-ur*i3)
	}
}
