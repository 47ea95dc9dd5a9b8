package filter

import "math"

// overlapSave filters blocks by transforms of parts that overlap by len(taps)-1 samples, two parts at once: as the real and the imaginary part of
// one complex signal, which real taps do not mix.
type overlapSave struct {
	taps      FIR // reversed
	transform *transform
	spectrum  []complex128
	both      []complex128 // scratch
}

func newOverlapSave(f, reversed FIR, size int) *overlapSave {
	o := &overlapSave{taps: reversed, transform: newTransform(size), spectrum: make([]complex128, size)}
	for i, v := range f {
		o.spectrum[i] = complex(v/float64(size), 0)
	}
	o.transform.forward(o.spectrum)
	return o
}

// withScratch returns one that may run at the same time as others.
func (o *overlapSave) withScratch() *overlapSave {
	own := *o
	own.both = make([]complex128, o.transform.size)
	return &own
}

// transformSize is a power of two of which the part that overlaps is a quarter at most.
func transformSize(taps int) int {
	n := 1024
	for n < 4*taps {
		n *= 2
	}
	return n
}

// run filters the block in place.
func (o *overlapSave) run(j *job) {
	overlap := len(o.taps) - 1
	step := len(o.both) - overlap
	for at := 0; at < j.keep; at += 2 * step {
		first := j.buf[at:min(at+len(o.both), j.n)]
		second := j.buf[min(at+step, j.n):min(at+step+len(o.both), j.n)]
		o.convolve(first, second)
		y := o.both[overlap]
		// One value that is not finite spoils both parts, but only as many results as there are taps.
		if math.IsNaN(real(y)-real(y)) || math.IsNaN(imag(y)-imag(y)) {
			rest := j.buf[at:min(at+2*step+overlap, j.n)]
			direct(rest, rest, o.taps)
			continue
		}
		for i := range min(step, j.keep-at) {
			j.buf[at+i] = real(o.both[overlap+i])
		}
		for i := range max(0, min(step, j.keep-at-step)) {
			j.buf[at+step+i] = imag(o.both[overlap+i])
		}
	}
}

// convolve leaves the circular convolutions of the taps with both parts, continued with zeros, in o.both.
func (o *overlapSave) convolve(first, second []float64) {
	second = second[:min(len(second), len(first))]
	for i, v := range second {
		o.both[i] = complex(first[i], v)
	}
	for i := len(second); i < len(first); i++ {
		o.both[i] = complex(first[i], 0)
	}
	clear(o.both[len(first):])
	o.transform.forward(o.both)
	for i, s := range o.spectrum {
		o.both[i] = times(o.both[i], s)
	}
	o.transform.inverse(o.both)
}
