package filter

// directTaps is up to how many taps adding up products is faster than transforming.
const directTaps = 32

// convolution runs taps over a stream in blocks, at the same time. A block begins with the len(taps)-1 samples before it; each output sample
// is made of as many input samples from its place in the block on, so that it can take their place.
type convolution struct {
	taps  FIR // reversed: y[i] = sum(taps[k] x[i+k])
	block int
	line  *line
	cur   *job
	past  []float64 // the last len(taps)-1 samples before cur
}

func newConvolution(f FIR, o Options) *convolution {
	c := &convolution{taps: make(FIR, len(f)), past: make([]float64, len(f)-1)}
	for i, v := range f {
		c.taps[len(f)-1-i] = v
	}
	size := transformSize(len(f))
	step := size - len(f) + 1
	work := func() func(*job) { return func(j *job) { direct(j.buf, j.buf[:j.n], c.taps) } }
	c.block = least
	if len(f) > directTaps {
		c.block = (least + 2*step - 1) / (2 * step) * (2 * step)
		shared := newOverlapSave(f, c.taps, size)
		work = func() func(*job) { return shared.withScratch().run }
	}
	// A job with its transform holds about so many float64.
	each := int64(c.block + len(f) + 2*size)
	jobs := max(2, min(o.workers()+1, int(o.samples()/each)))
	c.line = newLine(jobs, c.block+len(f)-1, work)
	return c
}

// feed appends src to the block and starts it when it is full; give gets blocks that are finished.
func (c *convolution) feed(dst, src []float64, give func(dst []float64, j *job) []float64) []float64 {
	for len(src) > 0 {
		if c.cur == nil {
			if c.line.full() {
				dst = give(dst, c.line.finish())
			}
			c.cur = c.line.take()
			c.cur.n = copy(c.cur.buf, c.past)
		}
		m := copy(c.cur.buf[c.cur.n:], src)
		c.cur.n += m
		src = src[m:]
		if c.cur.n == len(c.cur.buf) {
			c.dispatch()
		}
	}
	return dst
}

func (c *convolution) dispatch() {
	j := c.cur
	c.cur = nil
	j.keep = j.n - len(c.past)
	copy(c.past, j.buf[j.keep:j.n])
	c.line.start(j)
}

// finish gives the rest.
func (c *convolution) finish(dst []float64, give func(dst []float64, j *job) []float64) []float64 {
	if c.cur != nil {
		c.dispatch()
	}
	for j := c.line.finish(); j != nil; j = c.line.finish() {
		dst = give(dst, j)
	}
	return dst
}

// restart forgets all that is under way; the samples before the next are x0.
func (c *convolution) restart(x0 float64) {
	c.line.drop()
	c.line.release(c.cur)
	c.cur = nil
	for i := range c.past {
		c.past[i] = x0
	}
}

// direct stores sum(taps[k] x[i+k]) in dst[i] for every i that x has enough samples for. Dst may be x.
func direct(dst, x []float64, taps FIR) {
	n := len(x) - len(taps) + 1
	i := 0
	// Four sums at once do not wait for each other.
	for ; i+4 <= n; i += 4 {
		var a, b, c, d float64
		w := x[i : i+len(taps)+3]
		for k, t := range taps {
			v := w[k : k+4 : k+4]
			a += t * v[0]
			b += t * v[1]
			c += t * v[2]
			d += t * v[3]
		}
		dst[i], dst[i+1], dst[i+2], dst[i+3] = a, b, c, d
	}
	for ; i < n; i++ {
		a := 0.0
		for k, t := range taps {
			a += t * x[i+k]
		}
		dst[i] = a
	}
}
