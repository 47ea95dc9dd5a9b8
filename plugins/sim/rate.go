package main

import (
	"errors"
	"math/big"
	"math/bits"

	"github.com/scopelog/scopelog/units"
)

// sampleClock is the unit's sample clock against the host's clock.
type sampleClock struct {
	num, den uint64 // samples per ns of the unit's own time
	fs       uint64 // femtoseconds per sample: fs / fsDen
	fsDen    uint64
	ppm      float64 // clock error at the start
	drift    float64 // growth of the error, ppm per ns
}

// maxIntervalDen bounds the denominator of an interval in femtoseconds: rings and recordings store it in 32 bits.
const maxIntervalDen = 1<<32 - 1

var errInterval = errors.New("the interval is no fraction of femtoseconds with a denominator of 32 bits")

// newSampleClock makes the clock of a unit that samples at interval.
func newSampleClock(interval units.Interval, ppm, driftPerHour float64) (sampleClock, error) {
	fs := new(big.Rat).Mul(interval.Big(), big.NewRat(1e15, 1))
	if fs.Sign() <= 0 || !fs.Num().IsInt64() || !fs.Denom().IsInt64() || fs.Denom().Int64() > maxIntervalDen {
		return sampleClock{}, errInterval
	}
	perNS := new(big.Rat).Quo(big.NewRat(1e6, 1), fs)
	return sampleClock{
		num: perNS.Num().Uint64(), den: perNS.Denom().Uint64(), fs: fs.Num().Uint64(), fsDen: fs.Denom().Uint64(),
		ppm: ppm, drift: driftPerHour / 3.6e12,
	}, nil
}

// wholeFemtoseconds returns the interval of at least one femtosecond that is a whole number of them and closest to i.
func wholeFemtoseconds(i units.Interval) units.Interval {
	n := new(big.Rat).Mul(i.Big(), big.NewRat(1e15, 1))
	n.Add(n, big.NewRat(1, 2))
	q := new(big.Int).Quo(n.Num(), n.Denom())
	if !q.IsInt64() {
		return i
	}
	return units.Seconds(max(q.Int64(), 1), 1e15)
}

// femtoseconds returns the interval as a fraction.
func (c *sampleClock) femtoseconds() (num, den uint64) { return c.fs, c.fsDen }

// span returns the length of n samples in femtoseconds, nanoseconds the same in ns; both are rounded down and end at the
// largest number.
func (c *sampleClock) span(n int64) int64 { return scaled(n, c.fs, c.fsDen) }

func (c *sampleClock) nanoseconds(n int64) int64 { return scaled(n, c.den, c.num) }

// when returns how many ns after the start, on the host's clock, the unit has taken n samples; it is the inverse of count.
func (c *sampleClock) when(n int64) int64 {
	own := c.nanoseconds(n)
	if c.ppm == 0 && c.drift == 0 || own == 1<<63-1 {
		return own
	}
	t := float64(own)
	for range 4 {
		t = float64(own) / (1 + (c.ppm+t*c.drift/2)*1e-6)
	}
	return int64(t)
}

func scaled(n int64, num, den uint64) int64 {
	hi, lo := bits.Mul64(uint64(max(n, 0)), num)
	if hi >= den {
		return 1<<63 - 1
	}
	q, _ := bits.Div64(hi, lo, den)
	return int64(min(q, 1<<63-1))
}

// count returns how many samples the unit has taken a time after its start.
func (c *sampleClock) count(ns int64) int64 {
	if ns <= 0 {
		return 0
	}
	if c.ppm != 0 || c.drift != 0 {
		t := float64(ns)
		ns += int64(t * (c.ppm + t*c.drift/2) * 1e-6)
	}
	hi, lo := bits.Mul64(uint64(max(ns, 0)), c.num)
	if hi >= c.den {
		return 1<<63 - 1
	}
	n, _ := bits.Div64(hi, lo, c.den)
	return int64(min(n, 1<<63-1))
}

// index returns the sample that is taken at a time of the unit's own clock.
func (c *sampleClock) index(t units.Interval) int64 {
	n := new(big.Rat).Mul(t.Big(), big.NewRat(1e9, 1))
	n.Mul(n, new(big.Rat).SetFrac(new(big.Int).SetUint64(c.num), new(big.Int).SetUint64(c.den)))
	q := new(big.Int).Quo(n.Num(), n.Denom())
	if !q.IsInt64() {
		return 1<<63 - 1
	}
	return q.Int64()
}
