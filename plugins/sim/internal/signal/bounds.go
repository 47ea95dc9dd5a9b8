package signal

import (
	"math"
	"slices"
)

// forever is the sample before which a signal stays in its limits when it never leaves them.
const forever = int64(math.MaxInt64)

// bounded is a Source that can tell in which limits it stays: from first to before until, which is first where it does not
// know.
type bounded interface {
	bounds(first int64) (low, high float64, until int64)
}

// Bounds returns limits of the codes from first to before until; until is first where nothing is known. It is much cheaper
// than making them.
func (c *Channel) Bounds(first int64) (low, high int32, until int64) {
	until = forever
	if c.low != nil {
		return 0, 0, first
	}
	var least, most float64
	for _, s := range c.sources {
		b, ok := s.(bounded)
		if !ok {
			return 0, 0, first
		}
		l, h, end := b.bounds(first)
		if end <= first {
			return 0, 0, first
		}
		least, most, until = least+l, most+h, min(until, end)
	}
	slack := 1e-12 * (math.Abs(least) + math.Abs(most)) // sums are rounded
	low, high = c.quant.code(least-slack), c.quant.code(most+slack)
	return low, high, until
}

// code is the code of a voltage.
func (q *Quantiser) code(volts float64) int32 {
	v := min(max(volts+q.offset, -q.limit), q.limit)
	return int32(min(max(math.Floor(v*q.perVolt+0.5)*q.step, -q.high), q.high))
}

func around(peak float64) (low, high float64, until int64) {
	peak = math.Abs(peak)
	return -peak, peak, forever
}

func (d DC) bounds(int64) (low, high float64, until int64) { return float64(d), float64(d), forever }

func (s *Sine) bounds(int64) (low, high float64, until int64)     { return around(s.peak) }
func (s *Square) bounds(int64) (low, high float64, until int64)   { return around(s.peak) }
func (s *Triangle) bounds(int64) (low, high float64, until int64) { return around(s.peak) }
func (r *Ramp) bounds(int64) (low, high float64, until int64)     { return around(r.peakToPeak / 2) }
func (u *Uniform) bounds(int64) (low, high float64, until int64)  { return around(u.peakToPeak / 2) }

func (g *Gauss) bounds(int64) (low, high float64, until int64) {
	return around(g.rms * g.table[gaussSize-1])
}

// bounds is 0 until the next pulse begins.
func (p *Pulses) bounds(first int64) (low, high float64, until int64) {
	if first != p.pos {
		p.active, p.next, p.pos = p.active[:0], p.cellBefore(first-p.length), first
	}
	extent := int64(p.extent()) + 2
	p.active = slices.DeleteFunc(p.active, func(q pulse) bool { return q.at+extent <= first })
	for {
		until = first + maxQuiet
		for _, q := range p.active {
			until = min(until, q.at)
		}
		// No pulse begins before its cell does.
		if at, _ := p.begin(p.next); at > until || until <= first {
			return 0, 0, max(until, first)
		}
		p.load(p.next)
		p.next++
		p.active = slices.DeleteFunc(p.active, func(q pulse) bool { return q.at+extent <= first })
	}
}

// maxQuiet bounds how many samples are looked ahead for a pulse; it also bounds how many empty cells are passed at once.
const maxQuiet = int64(1) << 24

// bounds are those of the whole file.
func (r *Replay) bounds(int64) (low, high float64, until int64) {
	if !r.ranged {
		r.ranged, r.low, r.high = true, math.Inf(1), math.Inf(-1)
		for _, v := range r.values {
			x := r.gain*float64(v) + r.offset
			r.low, r.high = min(r.low, x), max(r.high, x)
		}
	}
	return r.low, r.high, forever
}
