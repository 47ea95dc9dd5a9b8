package filter

// Convolver runs a FIR filter over a stream, causally, on all cores: scipy.signal.lfilter(fir, 1, x). Up to 32 taps are added up one by one,
// more are done by fast Fourier transform (overlap-save), which is exact to about 1e-15 of the largest product in the neighbourhood.
//
// It works in blocks, so that output comes later than input, and all that is left comes with Flush. Blocks are cut at fixed places of the
// stream: however it is cut into calls, and on however many cores, the output is the same to the last bit.
//
// A NaN or an infinity in the input spoils as many output samples as there are taps, from its own place on.
type Convolver struct {
	convolution *convolution
}

// NewConvolver returns a filter at rest: as though all input so far had been 0. The error is a [*DesignError] if f is empty, has more than
// MaxTaps taps or one that is not finite.
func NewConvolver(f FIR, o Options) (*Convolver, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	return &Convolver{newConvolution(f, o)}, nil
}

// Delay is how many samples at most have gone in and not come out.
func (c *Convolver) Delay() int { return c.convolution.line.count * c.convolution.block }

// Reset forgets the stream so far and returns the filter to rest. It waits for what is being computed.
func (c *Convolver) Reset() { c.convolution.restart(0) }

// SteadyState is Reset, with the input x0 since ever instead of 0, so that a stream that begins with x0 does not begin with a step.
func (c *Convolver) SteadyState(x0 float64) { c.convolution.restart(x0) }

// Process takes the next samples of the stream, appends samples that are finished to dst, and returns it. Their sequence is the filtered
// stream; how many come from one call depends on the number of workers. It keeps no reference to src; dst must not overlap src.
func (c *Convolver) Process(dst, src []float64) []float64 {
	return c.convolution.feed(dst, src, c.give)
}

// Flush appends the rest of the filtered samples to dst and returns it. After it the stream may go on, as if there had been no Flush but for
// where blocks are cut.
func (c *Convolver) Flush(dst []float64) []float64 {
	return c.convolution.finish(dst, c.give)
}

func (c *Convolver) give(dst []float64, j *job) []float64 {
	dst = append(dst, j.buf[:j.keep]...)
	c.convolution.line.release(j)
	return dst
}
