package fft

import (
	"fmt"
	"math"
	"math/bits"
	"math/cmplx"
)

// chirp transforms slices of any length by Bluestein's algorithm: nk = (n^2 + k^2 - (k-n)^2)/2 turns the transform into a convolution
// with exp(pi i n^2/N), which transforms of a power of two compute.
type chirp struct {
	w      []complex128 // exp(-pi i n^2/N)
	filter []complex128 // transform of the conjugate of w, in bit-reversed order, divided by the length
	radix4 *Radix4
	work   []complex128
}

func newChirp(n int) *chirp {
	m := 1 << bits.Len(uint(2*n-2)) // not less than 2n-1
	c := &chirp{w: make([]complex128, n), filter: make([]complex128, m), radix4: NewRadix4(1, m), work: make([]complex128, m)}
	square := 0 // n^2 modulo 2N: the angle stays exact for any length
	for i := range c.w {
		c.w[i] = cmplx.Rect(1, -math.Pi*float64(square)/float64(n))
		v := cmplx.Conj(c.w[i]) / complex(float64(m), 0)
		c.filter[i] = v
		if i > 0 {
			c.filter[m-i] = v
		}
		square = (square + 2*i + 1) % (2 * n)
	}
	c.radix4.Forward(c.filter)
	return c
}

func (c *chirp) clone() *chirp {
	d := *c
	d.work = make([]complex128, len(c.work))
	return &d
}

func (c *chirp) forward(x []complex128) {
	if len(x) != len(c.w) {
		panic(fmt.Sprintf("fft: slice has %d values and the transform %d", len(x), len(c.w)))
	}
	for i, w := range c.w {
		c.work[i] = x[i] * w
	}
	clear(c.work[len(x):])
	c.radix4.Forward(c.work)
	for i, v := range c.filter {
		c.work[i] *= v
	}
	c.radix4.Inverse(c.work)
	for i, w := range c.w {
		x[i] = c.work[i] * w
	}
}
