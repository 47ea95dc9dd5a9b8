package signal

import "github.com/scopelog/scopelog/units"

// Port is the signal of a digital port of eight lines, one byte a sample. It belongs to one goroutine.
type Port interface {
	// Fill writes the samples first, first+1, ... to dst.
	Fill(dst []byte, first int64)
}

// Constant is a port that does not change.
type Constant byte

// Fill writes the constant.
func (c Constant) Fill(dst []byte, _ int64) {
	for i := range dst {
		dst[i] = byte(c)
	}
}

// Stepped is a port that changes at a steady rate: step k of the pattern lasts from k to k+1 periods of the clock.
type Stepped struct {
	position
	pattern func(step int64) byte
}

// steps bounds the number of steps after which a pattern repeats: a counter's sixteen bits.
const steps = 1 << 16

// NewCounter counts up with each step, on port 0 (lowest eight bits) and port 1.
func NewCounter(rate units.Frequency, interval units.Interval, port int) (*Stepped, error) {
	return newStepped(rate, interval, func(k int64) byte { return byte(k >> (8 * port)) })
}

// NewWalking moves a single high line from the lowest pin to the highest, one pin a step.
func NewWalking(rate units.Frequency, interval units.Interval) (*Stepped, error) {
	return newStepped(rate, interval, func(k int64) byte { return 1 << (k & 7) })
}

// NewClock makes all lines square waves of that frequency.
func NewClock(frequency units.Frequency, interval units.Interval) (*Stepped, error) {
	half, err := frequency.Mul(units.Rat(2, 1))
	if err != nil {
		return nil, ErrTooLong
	}
	return newStepped(units.Frequency{Rational: half}, interval, func(k int64) byte { return byte(k&1) - 1 })
}

// newStepped makes a port; a rate of 0 means one step per sample.
func newStepped(rate units.Frequency, interval units.Interval, pattern func(int64) byte) (*Stepped, error) {
	perSample := units.Rat(1, 1)
	if !rate.IsZero() {
		var err error
		if perSample, err = rate.Mul(interval.Rational); err != nil {
			return nil, ErrTooLong
		}
	}
	p, err := newPosition(perSample, steps, true)
	return &Stepped{p, pattern}, err
}

// Fill writes the pattern.
func (s *Stepped) Fill(dst []byte, first int64) {
	for i := range dst {
		dst[i] = s.pattern(s.at(first + int64(i)))
	}
}

// RandomPort changes all lines at random with each sample.
type RandomPort uint64

// Fill writes random bytes.
func (r RandomPort) Fill(dst []byte, first int64) {
	for i := range dst {
		dst[i] = byte(mix(uint64(r) ^ uint64(first+int64(i))))
	}
}

// ReplayPort plays recorded bytes.
type ReplayPort struct {
	values []byte
	position
}

// NewReplayPort plays values as [NewReplay] does.
func NewReplayPort(values []byte, perSample units.Rational, loop bool) (*ReplayPort, error) {
	p, err := newPosition(perSample, int64(len(values)), loop)
	return &ReplayPort{values, p}, err
}

// Fill writes the recorded bytes.
func (r *ReplayPort) Fill(dst []byte, first int64) {
	for i := range dst {
		dst[i] = r.values[r.at(first+int64(i))]
	}
}

var (
	_ Port = Constant(0)
	_ Port = (*Stepped)(nil)
	_ Port = RandomPort(0)
	_ Port = (*ReplayPort)(nil)
	_ Port = ProofPort{}
)
