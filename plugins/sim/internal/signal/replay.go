package signal

import (
	"errors"
	"math/big"
	"math/bits"

	"github.com/scopelog/scopelog/units"
)

// ErrTooLong says that a replay's length and rates are too large to be counted exactly.
var ErrTooLong = errors.New("the file's length and rate do not go with the sample interval")

// position maps a sample index to a position in a file of n values.
type position struct {
	num, den uint64 // file values per sample
	n        int64  // values in the file
	cycle    int64  // samples in which the whole file is played a whole number of times
	loop     bool
}

// newPosition plays perSample values per sample; 1 plays value after value.
func newPosition(perSample units.Rational, n int64, loop bool) (position, error) {
	p := position{num: uint64(perSample.Num()), den: uint64(perSample.Den()), n: n, loop: loop}
	cycle := new(big.Int).Mul(big.NewInt(n), big.NewInt(perSample.Den()))
	values := new(big.Int).Mul(big.NewInt(n), big.NewInt(perSample.Num()))
	if perSample.Sign() <= 0 || !cycle.IsInt64() || !values.IsInt64() {
		return p, ErrTooLong
	}
	p.cycle = cycle.Int64()
	return p, nil
}

// at returns the position for a sample; behind the end of a file that is not looped it stays on the last value.
func (p *position) at(index int64) int64 {
	if p.loop {
		index %= p.cycle
	} else if index >= p.cycle {
		return p.n - 1
	}
	k := uint64(index)
	if p.den != 1 || p.num != 1 {
		hi, lo := bits.Mul64(k, p.num)
		k, _ = bits.Div64(hi, lo, p.den)
	}
	if p.loop {
		return int64(k % uint64(p.n))
	}
	return min(int64(k), p.n-1)
}

// Replay plays recorded values as volts = value x gain + offset.
type Replay struct {
	values       []float32
	gain, offset float64
	position

	ranged    bool // low and high are known
	low, high float64
}

// NewReplay plays values, of which perSample pass in each sample; between two of them the earlier one is held. values is
// not copied and must not be empty.
func NewReplay(values []float32, gain, offset float64, perSample units.Rational, loop bool) (*Replay, error) {
	p, err := newPosition(perSample, int64(len(values)), loop)
	return &Replay{values: values, gain: gain, offset: offset, position: p}, err
}

// Period is the file's length in samples where it is looped and fits a table.
func (r *Replay) Period() int64 {
	if !r.loop || r.num != 1 || r.den != 1 {
		return 0
	}
	return r.n
}

// Add adds the recorded values.
func (r *Replay) Add(dst []float64, first int64) {
	if r.num != 1 || r.den != 1 {
		for i := range dst {
			dst[i] += r.gain*float64(r.values[r.at(first+int64(i))]) + r.offset
		}
		return
	}
	for len(dst) > 0 {
		k := r.at(first)
		n := min(int64(len(dst)), r.n-k)
		for i, v := range r.values[k : k+n] {
			dst[i] += r.gain*float64(v) + r.offset
		}
		if !r.loop && k == r.n-1 {
			n = 1
		}
		dst, first = dst[n:], first+n
	}
}
