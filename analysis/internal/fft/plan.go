package fft

import (
	"gonum.org/v1/gonum/dsp/fourier"
)

// largestPrime is the largest prime factor of a length for which the sums of that many terms are taken one by one. The time for a
// length with a larger factor p would grow with p.
const largestPrime = 13

// Plan transforms slices of one length, any length, in place. One goroutine may use it at a time; see [Plan.Clone] for others.
type Plan struct {
	n      int
	radix4 *Radix4           // powers of two
	mixed  *fourier.CmplxFFT // products of small primes
	chirp  *chirp            // the rest
}

// NewPlan makes a plan for slices of n values, n >= 1, else it panics.
func NewPlan(n int) *Plan {
	switch {
	case n < 1:
		panic("fft: a transform has one value at least")
	case n&(n-1) == 0:
		return &Plan{n: n, radix4: NewRadix4(n)}
	case smooth(n):
		return &Plan{n: n, mixed: fourier.NewCmplxFFT(n)}
	}
	return &Plan{n: n, chirp: newChirp(n)}
}

// Clone returns a plan of the same length for another goroutine. Tables are shared as far as they can be.
func (p *Plan) Clone() *Plan {
	switch {
	case p.mixed != nil:
		return NewPlan(p.n)
	case p.chirp != nil:
		return &Plan{n: p.n, chirp: p.chirp.clone()}
	}
	return &Plan{n: p.n, radix4: p.radix4}
}

// Len returns the number of values that a transform takes.
func (p *Plan) Len() int { return p.n }

// Index returns where Forward puts the coefficient k, 0 <= k < Len: in bit-reversed order for powers of two, else at k.
func (p *Plan) Index(k int) int {
	if p.radix4 != nil {
		return p.radix4.Index(k)
	}
	return k
}

// Forward replaces x by its transform, whose coefficient k is at [Plan.Index](k). It panics when x has not Len values. Nothing is
// allocated.
func (p *Plan) Forward(x []complex128) {
	switch {
	case p.radix4 != nil:
		p.radix4.Forward(x)
	case p.mixed != nil:
		p.mixed.Coefficients(x, x)
	default:
		p.chirp.forward(x)
	}
}

// smooth tells that n has no prime factor above largestPrime.
func smooth(n int) bool {
	for p := 2; p <= largestPrime; p++ {
		for n%p == 0 {
			n /= p
		}
	}
	return n == 1
}
