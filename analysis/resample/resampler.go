package resample

import (
	"fmt"
	"math/big"
	"runtime"
	"slices"
	"sync"
)

const (
	// blockSamples is how many samples are taken at a time: they stay in the cache of a core.
	blockSamples = 1 << 17
	// parallelTaps is from how many multiplications on a block is shared among the cores.
	parallelTaps = 1 << 18
)

// Resampler resamples a stream that comes in chunks. Its outputs are those of [Poly] over all samples at once, bit for bit, however
// the stream is cut. It holds one filter length of samples and a block; what it yields lags behind by half a filter. One goroutine at
// a time may use it; it starts others within a call where that pays, and its results do not depend on how many.
type Resampler struct {
	bank
	buf   []float64 // the samples still needed, zeros before the first; nil: none has come
	last  int       // the newest sample of the next output, as an index of buf; may lie beyond it
	phase int       // its phase
	in    int64     // samples taken since Reset
	out   int64     // outputs yielded since Reset

	shares []share
	work   []func() // runs one share; made once, so that a call allocates nothing
	wait   sync.WaitGroup
}

// share is what one goroutine computes of a block.
type share struct {
	dst         []float64
	last, phase int
}

// New makes a resampler by up/down, which it reduces. Errors: [ErrFactors], [*FactorError], [ErrBeta], [ErrTaps].
func New(up, down int, o Options) (*Resampler, error) {
	if up < 1 || down < 1 {
		return nil, fmt.Errorf("resample by %d/%d: %w", up, down, ErrFactors)
	}
	up, down, err := reduced(big.NewRat(int64(up), int64(down)))
	if err != nil {
		return nil, err
	}
	h, err := o.taps(up, down)
	if err != nil {
		return nil, fmt.Errorf("resample by %d/%d: %w", up, down, err)
	}
	r := &Resampler{bank: newBank(h, up, down)}
	r.shares = make([]share, runtime.GOMAXPROCS(0))
	for i := range r.shares {
		r.work = append(r.work, func() {
			defer r.wait.Done()
			s := &r.shares[i]
			r.fill(s.dst, r.buf, s.last, s.phase)
		})
	}
	r.Reset()
	return r, nil
}

// Up returns the reduced factor of interpolation.
func (r *Resampler) Up() int { return r.up }

// Down returns the reduced factor of decimation.
func (r *Resampler) Down() int { return r.down }

// Reset begins a new stream: nothing of the old one is left. What was not flushed is lost.
func (r *Resampler) Reset() {
	if r.buf != nil {
		r.buf = r.buf[:r.width-1]
		clear(r.buf)
	}
	r.last, r.phase = r.width-1+r.half/r.up, r.half%r.up
	r.in, r.out = 0, 0
}

// hold makes room for samples when the first ones come: of many streams not all are resampled at the same time.
func (r *Resampler) hold() {
	if r.buf == nil {
		r.buf = make([]float64, r.width-1, r.width+max(blockSamples, r.width))
	}
}

// Process takes the next samples and appends the outputs that they complete to dst, about len(x)*up/down of them, and returns it.
// nil allocates; dst must not overlap x. x is not kept. It allocates only where dst is too small.
func (r *Resampler) Process(dst, x []float64) []float64 {
	r.hold()
	r.in += int64(len(x))
	for len(x) > 0 {
		// Taps of one's own may be fewer than down: then samples between the outputs meet no tap.
		if gap := r.last + 1 - r.width - len(r.buf); gap > 0 {
			skip := min(gap, len(x))
			x, r.last = x[skip:], r.last-skip
			continue
		}
		n := min(len(x), cap(r.buf)-len(r.buf))
		r.buf = append(r.buf, x[:n]...)
		x = x[n:]
		dst = r.compute(dst, r.fitting(r.last, r.phase, len(r.buf)))
	}
	return dst
}

// Flush appends the outputs at the end of the stream, with zeros behind its last sample, and returns dst. In all there are
// [Len] outputs then. Reset must follow before the next Process.
func (r *Resampler) Flush(dst []float64) []float64 {
	r.hold()
	for total := Len(r.in, r.up, r.down); r.out < total; {
		gap := r.last + 1 - r.width - len(r.buf)
		r.last -= max(gap, 0)
		n := len(r.buf)
		r.buf = r.buf[:cap(r.buf)]
		clear(r.buf[n:])
		fit := r.fitting(r.last, r.phase, len(r.buf))
		dst = r.compute(dst, int(min(int64(fit), total-r.out)))
	}
	return dst
}

// compute appends n outputs and lets go of the samples that no later one needs.
func (r *Resampler) compute(dst []float64, n int) []float64 {
	have := len(dst)
	dst = slices.Grow(dst, n)[:have+n]
	r.spread(dst[have:])
	r.out += int64(n)
	r.last, r.phase = r.step(r.last, r.phase, n)
	if drop := min(r.last+1-r.width, len(r.buf)); drop > 0 {
		r.buf = r.buf[:copy(r.buf, r.buf[drop:])]
		r.last -= drop
	}
	return dst
}

// spread computes outputs, on several cores where there is enough to do.
func (r *Resampler) spread(dst []float64) {
	cores := min(len(r.shares), len(dst), 1+len(dst)*r.width/parallelTaps)
	if cores <= 1 {
		r.fill(dst, r.buf, r.last, r.phase)
		return
	}
	r.wait.Add(cores)
	for i := range cores {
		from, to := i*len(dst)/cores, (i+1)*len(dst)/cores
		last, phase := r.step(r.last, r.phase, from)
		r.shares[i] = share{dst[from:to], last, phase}
		if i < cores-1 {
			go r.work[i]()
		}
	}
	r.work[cores-1]()
	r.wait.Wait()
	clear(r.shares)
}
