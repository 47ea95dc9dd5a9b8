package filter

// FIRZeroPhase filters stretches of any length forwards and backwards with a FIR filter, with no shift in time and the square of the filter's
// gain, in constant memory and on all cores. It is scipy.signal.filtfilt(fir, 1, x): the ends are extended oddly, and a stretch must be longer
// than 3*len(fir) samples. Both passes are done at once, as a convolution with the filter's autocorrelation.
//
// However the stretch is cut into calls, and on however many cores, the output is the same to the last bit, and it is that of
// [FIR.FiltFilt]. A NaN or an infinity spoils the samples nearer to it than len(fir), on both sides.
type FIRZeroPhase struct {
	convolution *convolution
	ends        extension
	reach       int // samples to both sides that an output sample depends on
	begun       bool
	skip        int
	given       int64
}

// NewFIRZeroPhase returns a filter at the start of a stretch. The error is a [*DesignError] if f is empty, has more than MaxTaps taps or one
// that is not finite.
func NewFIRZeroPhase(f FIR, o Options) (*FIRZeroPhase, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	z := &FIRZeroPhase{convolution: newConvolution(f.squared(), o), ends: newExtension(f.edge()), reach: len(f) - 1}
	z.Reset()
	return z, nil
}

// Delay is how many samples at most have gone in and not come out.
func (z *FIRZeroPhase) Delay() int {
	return z.convolution.line.count*z.convolution.block + z.ends.edge + 1
}

// Reset forgets the stretch so far and waits for what is being computed.
func (z *FIRZeroPhase) Reset() {
	z.convolution.restart(0)
	z.ends.reset()
	z.begun = false
	// The extension on the left is edge samples; output for a place comes reach samples later.
	z.skip, z.given = z.ends.edge+z.reach, 0
}

// Process takes the next samples of the stretch, appends samples that are finished to dst, and returns it. Their sequence is the filtered
// stretch; how many come from one call depends on the number of workers. It keeps no reference to src; dst must not overlap src.
func (z *FIRZeroPhase) Process(dst, src []float64) []float64 {
	z.ends.note(src)
	if !z.begun {
		var complete bool
		if src, complete = z.ends.collect(src); !complete {
			return dst
		}
		dst = z.convolution.feed(dst, z.ends.left(), z.give)
		dst = z.convolution.feed(dst, z.ends.head, z.give)
		z.begun = true
	}
	return z.convolution.feed(dst, src, z.give)
}

// Flush ends the stretch, appends the rest of the filtered samples to dst and returns it. The filter is then at the start of the next stretch.
//
// The error is a [*ShortError] if the stretch was too short; nothing is appended then. A stretch of no samples is no error.
func (z *FIRZeroPhase) Flush(dst []float64) ([]float64, error) {
	var err error
	switch {
	case z.begun:
		dst = z.convolution.feed(dst, z.ends.right(), z.give)
		dst = z.convolution.finish(dst, z.give)
	case z.ends.seen > 0:
		err = z.ends.short()
	}
	z.Reset()
	return dst, err
}

// give appends the output of a finished block without what belongs to the extensions.
func (z *FIRZeroPhase) give(dst []float64, j *job) []float64 {
	out := j.buf[:j.keep]
	m := min(z.skip, len(out))
	z.skip -= m
	out = out[m:]
	out = out[:min(int64(len(out)), z.ends.seen-z.given)]
	z.given += int64(len(out))
	z.convolution.line.release(j)
	return append(dst, out...)
}
