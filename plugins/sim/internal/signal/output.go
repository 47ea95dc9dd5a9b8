package signal

import (
	"math"
	"slices"
)

// Output is the voltage at the connector of a signal generator: waves, each from a sample on. It belongs to one goroutine.
type Output struct {
	parts []part
}

// part is what the generator does from a sample on.
type part struct {
	from int64
	wave *Wave // nil: off
	gate Gate  // nil: always open
}

// Gate lets a wave through while it is open; while it is not, the output rests.
type Gate interface {
	// Open tells for the samples first, first+1, ... whether the gate is open. The result is valid until the next call.
	Open(first int64, n int) []bool
}

// maxParts bounds how many parts are remembered: what is older is not asked for again.
const maxParts = 1 << 12

// Restart forgets everything and begins with a wave at sample 0.
func (o *Output) Restart(w *Wave, g Gate) { o.parts = append(o.parts[:0], part{0, w, g}) }

// Change makes the output another one from a sample on, at which the wave begins. Samples from there on must not have been
// asked for.
func (o *Output) Change(from int64, w *Wave, g Gate) {
	for len(o.parts) > 0 && o.parts[len(o.parts)-1].from >= from {
		o.parts = o.parts[:len(o.parts)-1]
	}
	if len(o.parts) >= maxParts {
		o.parts = append(o.parts[:0], o.parts[maxParts/2:]...)
	}
	o.parts = append(o.parts, part{from, w, g})
}

// Loopback is a part of a generator's output at an input.
type Loopback struct {
	Output *Output
	Gain   float64
}

// Add adds the output.
func (l Loopback) Add(dst []float64, first int64) {
	parts := l.Output.parts
	k, found := slices.BinarySearchFunc(parts, first, func(p part, at int64) int { return int(min(max(p.from-at, -1), 1)) })
	if !found {
		k--
	}
	for k = max(k, 0); k < len(parts) && len(dst) > 0; k++ {
		n := int64(len(dst))
		if k+1 < len(parts) {
			n = min(n, parts[k+1].from-first)
		}
		parts[k].add(dst[:n], first, l.Gain)
		dst, first = dst[n:], first+n
	}
}

func (p *part) add(dst []float64, first int64, gain float64) {
	if p.wave == nil || first < p.from {
		return
	}
	if p.gate == nil {
		p.wave.add(dst, first-p.from, gain)
		return
	}
	for len(dst) > 0 {
		open := p.gate.Open(first, min(len(dst), blockSamples))
		for i := 0; i < len(open); {
			run := 1
			for i+run < len(open) && open[i+run] == open[i] {
				run++
			}
			if open[i] {
				p.wave.add(dst[i:i+run], first+int64(i)-p.from, gain)
			} else {
				DC(gain*p.wave.offset).Add(dst[i:i+run], 0)
			}
			i += run
		}
		dst, first = dst[len(open):], first+int64(len(open))
	}
}

// Period is 0: the output can change.
func (l Loopback) Period() int64 { return 0 }

// bounds are those of the last part; they hold until it is changed.
func (l Loopback) bounds(first int64) (low, high float64, until int64) {
	if len(l.Output.parts) == 0 {
		return 0, 0, forever
	}
	p := l.Output.parts[len(l.Output.parts)-1]
	switch {
	case first < p.from:
		return 0, 0, first
	case p.wave == nil:
		return 0, 0, forever
	case first-p.from >= p.wave.end:
		v := l.Gain * p.wave.offset
		return v, v, forever
	}
	peak := math.Abs(l.Gain) * p.wave.peak
	return l.Gain*p.wave.offset - peak, l.Gain*p.wave.offset + peak, forever
}

var _ Source = Loopback{}
