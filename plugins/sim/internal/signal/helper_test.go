package signal

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/scopelog/scopelog/units"
)

// us is a sample interval of n microseconds.
func us(n int64) units.Interval { return units.Seconds(n, 1e6) }

// hz is a frequency.
func hz(num, den int64) units.Frequency { return units.Hertz(num, den) }

func none() units.Rational { return units.Rational{} }

// volts renders n samples of a source.
func volts(s Source, first int64, n int) []float64 {
	v := make([]float64, n)
	s.Add(v, first)
	return v
}

// codes decodes int16 samples.
func codes(b []byte) []int16 {
	out := make([]int16, len(b)/2)
	for i := range out {
		out[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return out
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s: got %g, want %g within %g", what, got, want, tolerance)
	}
}

func moments(v []float64) (mean, rms float64) {
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	for _, x := range v {
		rms += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(rms / float64(len(v)))
}
