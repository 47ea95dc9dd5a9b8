package measure

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/stats"
)

// pending is how many cycles and edges wait for each other at most. More wait only while one channel goes on within its hysteresis.
const pending = 64

// Edge says which edges are meant.
type Edge int

// The edges.
const (
	RisingEdge Edge = iota
	FallingEdge
)

// DelayOptions say from which edges to which a delay is. The zero value is from rising to rising ones.
type DelayOptions struct {
	From, To Edge
	// Middle and Hysteresis are those of [Options], of both channels.
	Middle, Hysteresis float64
}

// Delay measures from the edges of a channel to those of another one, which are sampled at the same instants. Each edge of the first
// one that begins a whole cycle is compared with an edge of the other: the first one less than half a cycle before or behind it, and
// after that the one within half a turn of the first phase. So edges at the same time make no trouble, and means are
// right also where they are near half a turn. Positive is what comes later.
//
// One goroutine uses it; it allocates nothing once it is made.
type Delay struct {
	o        DelayOptions
	interval float64
	active   bool
	edges    [2]edges
	next     int64
	have     bool
	last     [2]float64

	edged  bool
	latest instant // edge of the first channel
	cycles []span  // of the first channel that have no edge of the second yet
	marks  []instant

	began  bool
	first  float64 // phase of the first cycle, 0 before
	result DelayResult
}

// span is a cycle.
type span struct{ from, to instant }

// phase is where an instant lies in the cycle, in degrees from its beginning.
func (c span) phase(at instant) float64 { return 360 * at.since(c.from) / c.to.since(c.from) }

// DelayResult is what was measured of two channels.
type DelayResult struct {
	Delay  stats.Moments // s
	Phase  stats.Moments // degrees, 360 x delay / period
	Period stats.Moments // s, of the cycles that were compared
}

// NewDelay returns a meter for two channels with their levels, whose samples are interval seconds apart.
func NewDelay(from, to Levels, interval float64, o DelayOptions) (*Delay, error) {
	if err := checkInterval(interval); err != nil {
		return nil, err
	}
	if o.Middle == 0 {
		o.Middle = 0.5
	}
	if !(o.Middle > 0 && o.Middle < 1) {
		return nil, fmt.Errorf("a middle level of %v; it must be a part of the amplitude between 0 and 1", o.Middle)
	}
	room := 2 * min(o.Middle, 1-o.Middle)
	if o.Hysteresis == 0 {
		o.Hysteresis = min(0.1, room/2)
	}
	if !(o.Hysteresis < room) {
		return nil, fmt.Errorf("a hysteresis of %v; it must be below %.3g", o.Hysteresis, room)
	}
	d := &Delay{o: o, interval: interval, cycles: make([]span, 0, pending), marks: make([]instant, 0, pending)}
	d.Reset(from, to)
	return d, nil
}

// Reset begins anew, with other levels and index 0.
func (d *Delay) Reset(from, to Levels) {
	d.active = !from.flat() && !to.flat()
	for i, l := range [2]Levels{from, to} {
		a := l.Amplitude()
		d.edges[i] = newEdges(l.Base+d.o.Middle*a, max(d.o.Hysteresis, 0)*a)
	}
	d.began, d.first, d.result = false, 0, DelayResult{}
	d.Break(0)
}

// Break says that samples are missing and which index the next ones have. No cycle and no delay bridges the gap.
func (d *Delay) Break(next int64) {
	d.next, d.have, d.edged = next, false, false
	d.cycles, d.marks = d.cycles[:0], d.marks[:0]
}

// Result is what was measured so far.
func (d *Delay) Result() DelayResult { return d.result }

// Add takes the samples of both channels that follow; different lengths panic. It does not keep them. A NaN counts as a gap.
func (d *Delay) Add(from, to []float64) {
	if len(from) != len(to) {
		panic(fmt.Sprintf("measure: delay between %d and %d samples", len(from), len(to)))
	}
	if !d.active {
		d.next += int64(len(from))
		return
	}
	for i := 0; i < len(from); i++ {
		if n := d.rest(from[i:], to[i:]); n > 0 {
			i += n
			d.last = [2]float64{from[i-1], to[i-1]}
			d.next += int64(n)
			if i == len(from) {
				return
			}
		}
		a, b := from[i], to[i]
		switch {
		case a != a || b != b:
			d.Break(d.next)
		case !d.have:
			d.have = true
			d.edges[0].begin(a)
			d.edges[1].begin(b)
		default:
			if at, ok := d.edge(1, d.o.To, b); ok {
				d.mark(at)
			}
			if at, ok := d.edge(0, d.o.From, a); ok {
				d.cycle(at)
			}
		}
		d.last = [2]float64{a, b}
		d.next++
	}
}

// rest returns how many samples at the front of both channels stay where the last ones were, so that nothing happens.
func (d *Delay) rest(from, to []float64) int {
	a, okA := d.edges[0].side(d.last[0])
	b, okB := d.edges[1].side(d.last[1])
	if !d.have || !okA || !okB {
		return 0
	}
	to = to[:len(from)]
	for i, v := range from {
		if w := to[i]; !(v > a[0] && v < a[1] && w > b[0] && w < b[1]) {
			return i
		}
	}
	return len(from)
}

// edge takes a sample of a channel and tells whether it makes an edge of a kind.
func (d *Delay) edge(channel int, kind Edge, v float64) (instant, bool) {
	e := &d.edges[channel]
	_, got := e.step(d.next, d.last[channel], v)
	switch {
	case got == high && kind == RisingEdge:
		return e.rise, true
	case got == low && kind == FallingEdge:
		return e.fall, true
	}
	return instant{}, false
}

// cycle takes an edge of the first channel.
func (d *Delay) cycle(at instant) {
	c := span{d.latest, at}
	whole := d.edged
	d.latest, d.edged = at, true
	if !whole {
		return
	}
	for i, m := range d.marks {
		if d.near(c, m) {
			d.measure(c, m)
			d.marks = drop(d.marks, i+1)
			return
		}
	}
	if len(d.cycles) == pending {
		d.cycles = drop(d.cycles, 1)
	}
	d.cycles = append(d.cycles, c)
}

// mark takes an edge of the second channel.
func (d *Delay) mark(at instant) {
	for i, c := range d.cycles {
		if d.near(c, at) {
			d.measure(c, at)
			d.cycles = drop(d.cycles, i+1)
			return
		}
	}
	if len(d.marks) == pending {
		d.marks = drop(d.marks, 1)
	}
	d.marks = append(d.marks, at)
}

// drop removes n elements at the front in place.
func drop[T any](s []T, n int) []T { return s[:copy(s, s[n:])] }

// near tells whether an edge of the second channel belongs to a cycle: within half a turn of the first phase.
func (d *Delay) near(c span, at instant) bool {
	phase := c.phase(at) - d.first
	return phase >= -180 && phase < 180
}

func (d *Delay) measure(c span, at instant) {
	phase, period := c.phase(at), c.to.since(c.from)*d.interval
	if !d.began {
		d.first, d.began = phase, true
	}
	d.result.Phase.Add(phase)
	d.result.Delay.Add(at.since(c.from) * d.interval)
	d.result.Period.Add(period)
}
