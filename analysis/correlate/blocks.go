package correlate

import (
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/internal/fft"
	"github.com/scopelog/scopelog/analysis/internal/parallel"
)

// large is the length of transforms from which on all cores share one; shorter ones are shared out whole.
const large = 1 << 18

// blocks adds up the cross spectra of a long pair of signals block by block. A block is some samples of v, and those samples of u that are
// no further away than the greatest lag; after them come zeros, so that no lag that counts wraps around. The sums of products of all blocks
// have one inverse transform at the end. A pair for which one transform does that is no longer than one of a block has neither blocks nor
// the memory for them.
type blocks struct {
	lag, size int // samples: the greatest lag, and of v in a block
	batch     int // blocks that are transformed together
	group     int // blocks of a batch whose sum one core makes: fixed, so that the number of cores does not matter
	workers   int
	radix4    *fft.Radix4 // nil until a batch is complete, as are those below

	u, v   []float64      // from lag samples before the next block; before the first they are zeros, and not there until it is complete
	z      [][]complex128 // of each core
	groups [][]complex128
	sum    []complex128

	begun bool                // u and v have those before the next block, and sum has what was before it
	count int                 // blocks that are being added
	turn  func(worker, g int) // adds up group g of them; made once, since each would be an allocation
}

func newBlocks(lag, workers int) *blocks {
	n := blockTransform(lag)
	b := &blocks{lag: lag, size: n - 2*lag, batch: 1, group: 1, workers: workers}
	if n < large {
		b.group = max(1, 1<<16/n)
		b.batch = b.group * 2 * workers
	}
	b.turn = func(worker, g int) {
		clear(b.groups[g])
		for i := g * b.group; i < min((g+1)*b.group, b.count); i++ {
			b.add(1, b.groups[g], b.z[worker], i*b.size)
		}
	}
	b.reset()
	return b
}

// transform is the length of the transforms of blocks.
func (b *blocks) transform() int { return b.size + 2*b.lag }

// blockTransform returns the length of transforms: three quarters of a block or more are new samples, or half where that takes much memory.
func blockTransform(lag int) int {
	if n := max(1<<12, fft.PowerOfTwo(8*lag)); n <= 1<<16 {
		return n
	}
	return max(1<<16, fft.PowerOfTwo(4*lag))
}

func (b *blocks) reset() {
	b.u, b.v = b.u[:0], b.v[:0]
	clear(b.sum)
	b.begun = false
}

// feed appends n samples, by writing them to where it is told, and transforms batches that are complete.
func (b *blocks) feed(n int, write func(u, v []float64, from int)) {
	for from := 0; from < n; {
		have, whole := len(b.u), b.batch*b.size+2*b.lag
		if !b.begun {
			whole -= b.lag
		}
		part := min(n-from, whole-have)
		b.u, b.v = grown(b.u, part, whole), grown(b.v, part, whole)
		write(b.u[have:], b.v[have:], from)
		from += part
		if have+part == whole {
			b.begin()
			b.addAll(b.sum, b.batch)
			b.u = b.u[:copy(b.u, b.u[b.batch*b.size:])]
			b.v = b.v[:copy(b.v, b.v[b.batch*b.size:])]
		}
	}
}

// begin makes what transforms of blocks need, and puts zeros before the first block.
func (b *blocks) begin() {
	if b.radix4 == nil {
		n, cores := b.transform(), 1
		if n < large {
			cores = b.workers
		}
		b.radix4, b.sum = fft.NewRadix4(b.workers, n), make([]complex128, n/2)
		for range cores {
			b.z = append(b.z, make([]complex128, n))
		}
	}
	if b.begun {
		return
	}
	b.begun = true
	for _, x := range []*[]float64{&b.u, &b.v} {
		n := len(*x)
		*x = grown(*x, b.lag, b.batch*b.size+2*b.lag)
		copy((*x)[b.lag:], (*x)[:n])
		clear((*x)[:b.lag])
	}
}

// grown returns x with n more values, which are anything. At most so many values will be needed: the room is doubled until then, as it is large
// where lags are.
func grown(x []float64, n, most int) []float64 {
	if have := len(x) + n; have > cap(x) {
		x = slices.Grow(x, min(most, max(have, 2*cap(x)))-len(x))
	}
	return x[:len(x)+n]
}

// addAll adds the first blocks to sum, as many as told; what is missing of the last is zero.
func (b *blocks) addAll(sum []complex128, count int) {
	if b.radix4.Len() >= large {
		for i := range count {
			b.add(b.workers, sum, b.z[0], i*b.size)
		}
		return
	}
	n := (count + b.group - 1) / b.group
	for len(b.groups) < n {
		b.groups = append(b.groups, make([]complex128, len(sum)))
	}
	b.count = count
	parallel.For(len(b.z), n, b.turn)
	for _, g := range b.groups[:n] {
		for i, s := range g {
			sum[i] += s
		}
	}
}

// add adds the cross spectrum of the block at a place of the buffers to sum.
func (b *blocks) add(workers int, sum, z []complex128, at int) {
	u := b.u[at:min(at+b.size+2*b.lag, len(b.u))]
	v := b.v[at+b.lag : min(at+b.lag+b.size, len(b.v))]
	scale, ok := balance(u, v)
	if !ok {
		return
	}
	pair(workers, z, u, v, scale)
	b.radix4.ForwardOn(workers, z)
	b.radix4.AddCross(workers, sum, z, 1/scale)
}

// pair writes u + i*scale*v to z, and zeros after them.
func pair(workers int, z []complex128, u, v []float64, scale float64) {
	const piece = 1 << 16
	if workers < 2 || len(z) <= piece {
		pairSome(z, u, v, scale)
		return
	}
	parallel.For(workers, (len(z)+piece-1)/piece, func(_, i int) {
		from, to := i*piece, min((i+1)*piece, len(z))
		pairSome(z[from:to], u[min(from, len(u)):min(to, len(u))], v[min(from, len(v)):min(to, len(v))], scale)
	})
}

func pairSome(z []complex128, u, v []float64, scale float64) {
	n := min(len(u), len(v))
	for i, x := range u[:n] {
		z[i] = complex(x, v[i]*scale)
	}
	for i := n; i < len(u); i++ {
		z[i] = complex(u[i], 0)
	}
	for i := n; i < len(v); i++ {
		z[i] = complex(0, v[i]*scale)
	}
	clear(z[max(len(u), len(v)):])
}

// balance returns a power of two that makes v about as large as u, so that neither drowns in the rounding of the other when both are
// transformed as one. It returns false where a signal is all zero.
func balance(u, v []float64) (scale float64, ok bool) {
	pu, pv := peak(u), peak(v)
	if pu == 0 || pv == 0 {
		return 1, false
	}
	ratio := pu / pv
	if math.IsNaN(ratio) || math.IsInf(ratio, 0) || ratio == 0 {
		return 1, true
	}
	_, e := math.Frexp(ratio)
	return math.Ldexp(1, max(-500, min(500, e))), true
}

// peak returns the greatest magnitude in x; NaN where one is NaN.
func peak(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		if a := math.Abs(v); !(a <= m) {
			if math.IsNaN(a) {
				return a
			}
			m = a
		}
	}
	return m
}

// values returns the sums of products at the lags from first to last, of all blocks that are complete or have begun. No lag is above the
// greatest.
func (b *blocks) values(first, last int) []float64 {
	if !b.begun && transformOf(len(b.u), len(b.v), first, last) <= b.transform() {
		return whole(b.u, b.v, b.workers, first, last)
	}
	b.begin()
	sum := slices.Clone(b.sum)
	b.addAll(sum, (len(b.v)-b.lag+b.size-1)/b.size)
	dst := b.z[0][:len(sum)]
	b.radix4.InverseCross(b.workers, dst, sum)
	values := make([]float64, last-first+1)
	for i := range values {
		values[i] = at(dst, b.lag+first+i)
	}
	return values
}

// at returns the value at lag i of what InverseCross wrote.
func at(dst []complex128, i int) float64 {
	if i%2 == 0 {
		return real(dst[i/2])
	}
	return imag(dst[i/2])
}
