package measure

import (
	"fmt"
	"math"
)

// ERes is enhanced resolution: a moving average over n = 4^bits samples, which takes white noise down by the square root of n and so
// adds bits to the resolution, at the cost of bandwidth, which becomes 0.44 / n of the sample rate. It is the filter that
// oscilloscopes have under that name: y(i) = (x(i) + ... + x(i+n-1)) / n, as numpy.convolve(x, ones(n)/n, "valid").
//
// Each window is the sum of two partial sums, which begin anew every n samples: errors do not add up, and a NaN or Inf is gone
// when it has left the window. One goroutine uses it; it allocates nothing once it is made.
type ERes struct {
	n      int
	suffix []float64 // of the block of n samples before: suffix[k] = its samples from k on; 0 behind
	block  []float64 // samples of this block
	prefix float64   // their sum
	held   int
	full   bool // there is a block before
	_      [cacheLine]float64
}

// cacheLine is how many values a line of a core's cache holds.
const cacheLine = 8

// MaxBits is the most that resolution can be enhanced by.
const MaxBits = 8

// NewERes enhances resolution by 0.5 to 8 bits in steps of 0.5, over 2 to 65536 samples.
func NewERes(bits float64) (*ERes, error) {
	if !(bits >= 0.5 && bits <= MaxBits) || bits*2 != math.Trunc(bits*2) {
		return nil, fmt.Errorf("resolution enhanced by %v bits; it can be 0.5 to %d in steps of 0.5", bits, MaxBits)
	}
	n := 1 << int(2*bits)
	// What is written for each sample shares no line with another ERes: cores that work on both would wait for each other.
	room := make([]float64, 2*n+1+2*cacheLine)
	return &ERes{n: n, suffix: room[cacheLine : cacheLine+n+1], block: room[cacheLine+n+1:][:n]}, nil
}

// Len is n, the number of samples of which each value is the mean.
func (e *ERes) Len() int { return e.n }

// Delay is how far the middle of the samples that a value is made of lies behind the first of them, in samples: (n-1)/2. A time
// axis that is shifted by it shows no delay.
func (e *ERes) Delay() float64 { return float64(e.n-1) / 2 }

// Reset begins anew, as after a gap: the next value comes with the n-th sample from now.
func (e *ERes) Reset() { e.held, e.prefix, e.full = 0, 0, false }

// Append appends the values that the samples x complete to dst and returns it: none for the first n-1 samples after a reset, then one
// for each. The value of the window that begins with sample i is the i-th. It does not keep x; dst may be x[:0], as values never
// overtake samples.
func (e *ERes) Append(dst, x []float64) []float64 {
	scale := 1 / float64(e.n)
	for _, v := range x {
		e.block[e.held] = v
		e.prefix += v
		e.held++
		if e.full || e.held == e.n {
			rest := 0.0
			if e.full {
				rest = e.suffix[e.held]
			}
			dst = append(dst, (rest+e.prefix)*scale)
		}
		if e.held == e.n {
			e.turn()
		}
	}
	return dst
}

// turn makes the block that is full the one before.
func (e *ERes) turn() {
	sum := 0.0
	for k := e.n - 1; k >= 0; k-- {
		sum += e.block[k]
		e.suffix[k] = sum
	}
	e.held, e.prefix, e.full = 0, 0, true
}
