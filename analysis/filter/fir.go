package filter

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/internal/destination"
)

// MaxTaps is the largest number of taps of a FIR.
const MaxTaps = 1 << 16

// FIR is a filter of finite impulse response: y[n] = sum(FIR[k] x[n-k]). Functions that take one copy what they keep.
type FIR []float64

// check says whether the filter is one that can be run.
func (f FIR) check() error {
	if len(f) == 0 || len(f) > MaxTaps {
		return &DesignError{"Taps", fmt.Sprintf("the filter has %d taps; it must have from 1 to %d", len(f), MaxTaps)}
	}
	for i, c := range f {
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return &DesignError{"", fmt.Sprintf("tap %d is not finite", i)}
		}
	}
	return nil
}

// Response stores the complex gain at each frequency (Hz) of the filter run at the rate (samples per second) and returns dst, as
// scipy.signal.freqz(fir, worN=hz, fs=rate) does. A nil dst is allocated; a dst of another length than hz panics.
func (f FIR) Response(dst []complex128, hz []float64, rate float64) []complex128 {
	dst = destination.Of(dst, len(hz), "filter")
	for i, v := range hz {
		turns := v / rate
		var re, im float64
		for k, c := range f {
			_, part := math.Modf(turns * float64(k)) // sines of large angles lose digits
			sin, cos := math.Sincos(2 * math.Pi * part)
			re += c * cos
			im -= c * sin
		}
		dst[i] = complex(re, im)
	}
	return dst
}

// edge is the length of the odd extension at both ends that scipy.signal.filtfilt takes by default.
func (f FIR) edge() int { return 3 * len(f) }

// squared returns the filter forwards and backwards as one: r[k] = sum(f[i] f[i+|k|]) for k from 1-len(f) to len(f)-1.
func (f FIR) squared() FIR {
	n := 4
	for n < 2*len(f)-1 {
		n *= 2
	}
	t := newTransform(n)
	x := make([]complex128, n)
	for i, v := range f {
		x[i] = complex(v, 0)
	}
	t.forward(x)
	for i, v := range x {
		x[i] = complex(absSquare(v)/float64(n), 0)
	}
	t.inverse(x)
	r := make(FIR, 2*len(f)-1)
	for k := range f {
		r[len(f)-1+k], r[len(f)-1-k] = real(x[k]), real(x[k])
	}
	return r
}

// FiltFilt filters x forwards and backwards into dst and returns it: scipy.signal.filtfilt(fir, 1, x). See [FIRZeroPhase], whose results it
// gives. Dst may be x; nil is allocated; another length than that of x panics. It needs some megabytes beside x and dst.
//
// Errors are those of [NewFIRZeroPhase] and [FIRZeroPhase.Flush].
func (f FIR) FiltFilt(dst, x []float64) ([]float64, error) {
	dst = destination.Of(dst, len(x), "filter")
	z, err := NewFIRZeroPhase(f, Options{})
	if err != nil {
		return dst, err
	}
	// What comes out is never ahead of what has gone in, so that dst may be x.
	return z.Flush(z.Process(dst[:0], x))
}
