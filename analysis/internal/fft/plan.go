package fft

// Plan transforms slices of one length, any length, in place. One goroutine may use it at a time; see [Plan.Clone] for others. Lengths without
// prime factors above 5 are fast, others take some five times as long.
type Plan struct {
	n      int
	radix4 *Radix4 // powers of two
	smooth *smooth // products of 2, 3 and 5
	chirp  *chirp  // the rest
}

// NewPlan makes a plan for slices of n values, n >= 1, else it panics.
func NewPlan(n int) *Plan {
	switch {
	case n < 1:
		panic("fft: a transform has one value at least")
	case n&(n-1) == 0:
		return &Plan{n: n, radix4: NewRadix4(1, n)}
	case isSmooth(n):
		return &Plan{n: n, smooth: newSmooth(n)}
	}
	return &Plan{n: n, chirp: newChirp(n)}
}

// Clone returns a plan of the same length for another goroutine. It shares the tables.
func (p *Plan) Clone() *Plan {
	c := *p
	if p.chirp != nil {
		c.chirp = p.chirp.clone()
	}
	return &c
}

// Len returns the number of values that a transform takes.
func (p *Plan) Len() int { return p.n }

// Index returns where Forward puts the coefficient k, 0 <= k < Len: in bit-reversed order for powers of two, and in one that follows from the
// factors of other lengths.
func (p *Plan) Index(k int) int {
	switch {
	case p.radix4 != nil:
		return p.radix4.Index(k)
	case p.smooth != nil:
		return int(p.smooth.index[k])
	}
	return k
}

// Forward replaces x by its transform, whose coefficient k is at [Plan.Index](k). It panics when x has not Len values. Nothing is allocated.
func (p *Plan) Forward(x []complex128) {
	switch {
	case p.radix4 != nil:
		p.radix4.Forward(x)
	case p.smooth != nil:
		p.smooth.forward(x)
	default:
		p.chirp.forward(x)
	}
}
