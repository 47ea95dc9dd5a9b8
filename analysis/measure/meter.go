package measure

import (
	"math"

	"github.com/scopelog/scopelog/analysis/stats"
)

// Meter measures a signal whose levels are known, however long it is. One goroutine uses it. It allocates nothing once it is made.
//
// Edges and crossings are placed between samples by linear interpolation. What is not whole, at the ends and at gaps, is not
// measured. A signal without two states has no edges.
type Meter struct {
	o        Options
	interval float64 // s
	levels   Levels
	active   bool

	middle       float64
	lower, upper float64 // less the middle level
	edges        edges
	next         int64
	have         bool    // last is the sample before next
	last         float64 // less the middle level

	// The latest edges of the stretch, and crossings of the reference levels.
	rise, fall         instant
	risen, fallen      bool
	riseFrom, fallFrom instant
	rising, falling    bool
	lo, hi             float64 // since the latest edge
	cycleLo, cycleHi   float64 // of the half before the latest edge
	whole, tail        integrals

	signal stats.Summary
	result Result
}

// NewMeter returns a meter for samples that are interval seconds apart.
func NewMeter(l Levels, interval float64, o Options) (*Meter, error) {
	o, err := o.resolve()
	if err != nil {
		return nil, err
	}
	if err := checkInterval(interval); err != nil {
		return nil, err
	}
	m := &Meter{o: o, interval: interval}
	m.Reset(l)
	return m, nil
}

// Reset begins anew, with other levels and index 0.
func (m *Meter) Reset(l Levels) {
	m.levels, m.active = l, !l.flat()
	a := l.Amplitude()
	m.middle = l.Base + m.o.Middle*a
	// Samples are taken less the middle level, which keeps sums over long cycles small.
	m.edges = newEdges(0, m.o.Hysteresis*a)
	m.lower, m.upper = l.Base+m.o.Lower*a-m.middle, l.Base+m.o.Upper*a-m.middle
	m.signal.Reset()
	m.result = Result{Levels: l}
	m.begin(0)
}

// Break says that samples are missing and which index the next one has. No interval bridges the gap.
func (m *Meter) Break(next int64) {
	m.signal.Break(next)
	m.begin(next)
}

func (m *Meter) begin(next int64) {
	m.next, m.have = next, false
	m.risen, m.fallen, m.rising, m.falling = false, false, false, false
	m.whole, m.tail = integrals{}, integrals{}
}

// Result is what was measured so far.
func (m *Meter) Result() Result {
	r := m.result
	r.Signal, r.NaN = m.signal.Moments(), m.signal.NaN()
	return r
}

// Add takes the samples that follow. It does not keep x. A NaN counts as a gap.
func (m *Meter) Add(x []float64) {
	m.signal.Add(x)
	if !m.active {
		m.next += int64(len(x))
		return
	}
	for i := 0; i < len(x); {
		if n := m.rest(x[i:]); n > 0 {
			i += n
			continue
		}
		v := x[i] - m.middle
		switch {
		case v != v:
			m.begin(m.next)
		case !m.have:
			m.have = true
			m.edges.begin(v)
		default:
			m.step(v)
		}
		m.last = v
		m.next++
		i++
	}
}

// zone is the open range around the last sample in which the next one crosses no level and changes no state. ok is false where
// there is none.
func (m *Meter) zone() (from, to float64, ok bool) {
	p := m.last
	switch {
	case !m.have:
	case m.edges.state == low && p < m.lower:
		return math.Inf(-1), m.lower, true
	case m.edges.state == low && p > m.lower && p < 0:
		return m.lower, 0, true
	case m.edges.state == high && p > 0 && p < m.upper:
		return 0, m.upper, true
	case m.edges.state == high && p > m.upper:
		return m.upper, math.Inf(1), true
	}
	return 0, 0, false
}

// rest takes the samples at the front that stay in the zone of the last one. It does the same as step for each, in a fraction of the
// time.
func (m *Meter) rest(x []float64) int {
	from, to, ok := m.zone()
	if !ok {
		return 0
	}
	p, lo, hi, t := m.last, m.lo, m.hi, m.tail
	middle := m.middle
	n := len(x)
	for i, u := range x {
		v := u - middle
		if !(v > from && v < to) {
			n = i
			break
		}
		t.sum += (p + v) / 2
		t.squares += (p*p + v*v) / 2
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
		p = v
	}
	m.last, m.lo, m.hi, m.tail = p, lo, hi, t
	m.next += int64(n)
	return n
}

// step takes a sample that follows another, both less the middle level.
func (m *Meter) step(v float64) {
	p := m.last
	crossed, edge := m.edges.step(m.next, p, v)
	m.integrate(crossed, p, v)
	switch edge {
	case high:
		m.risingEdge()
	case low:
		m.fallingEdge()
	}
	if v < m.lo {
		m.lo = v
	}
	if v > m.hi {
		m.hi = v
	}
	m.transitions(p, v)
}

// integrals are those of a signal and its square over samples, by trapezoids.
type integrals struct{ sum, squares float64 }

// integrate goes on to a sample. The middle level, where the signal is 0, is a corner of the trapezoids. What lies behind the latest
// upward crossing is kept apart, as that may turn out to have been an edge.
func (m *Meter) integrate(crossed state, p, v float64) {
	switch crossed {
	case high:
		f := m.edges.rise.fraction
		m.whole.sum += m.tail.sum + f*p/2
		m.whole.squares += m.tail.squares + f*p*p/2
		m.tail = integrals{(1 - f) * v / 2, (1 - f) * v * v / 2}
	case low:
		f := m.edges.fall.fraction
		m.tail.sum += f*p/2 + (1-f)*v/2
		m.tail.squares += f*p*p/2 + (1-f)*v*v/2
	default:
		m.tail.sum += (p + v) / 2
		m.tail.squares += (p*p + v*v) / 2
	}
}

// transitions follows the reference levels.
func (m *Meter) transitions(p, v float64) {
	if v > p {
		if p < m.lower && v >= m.lower {
			m.riseFrom, m.rising = crossing(m.next, p, v, m.lower), true
		}
		if m.rising && p < m.upper && v >= m.upper {
			m.rising = false
			to := crossing(m.next, p, v, m.upper)
			t := to.since(m.riseFrom) * m.interval
			m.observe(RiseTime, to, t)
			m.observe(RisingSlew, to, (m.upper-m.lower)/t)
		}
		return
	}
	if p > m.upper && v <= m.upper {
		m.fallFrom, m.falling = crossing(m.next, p, v, m.upper), true
	}
	if m.falling && p > m.lower && v <= m.lower {
		m.falling = false
		to := crossing(m.next, p, v, m.lower)
		t := to.since(m.fallFrom) * m.interval
		m.observe(FallTime, to, t)
		m.observe(FallingSlew, to, -(m.upper-m.lower)/t)
	}
}

// risingEdge measures what ends with the latest upward crossing.
func (m *Meter) risingEdge() {
	at := m.edges.rise
	m.result.Rising++
	if m.fallen {
		m.observe(NegativeWidth, at, at.since(m.fall)*m.interval)
		// The middle level is 0 here.
		m.observe(Undershoot, at, -100*(m.lo+m.o.Middle*m.levels.Amplitude())/m.levels.Amplitude())
	}
	if m.risen && m.fallen {
		m.cycle(at)
	}
	m.rise, m.risen = at, true
	m.cycleLo, m.cycleHi = math.Inf(1), math.Inf(-1)
	m.whole = integrals{}
	m.lo, m.hi = math.Inf(1), math.Inf(-1)
}

// cycle measures the one that ends at an instant.
func (m *Meter) cycle(at instant) {
	samples := at.since(m.rise)
	period := samples * m.interval
	m.observe(Period, at, period)
	m.observe(Frequency, at, 1/period)
	m.observe(DutyCycle, at, 100*m.fall.since(m.rise)/samples)
	middle := m.middle
	mean := m.whole.sum / samples
	m.observe(CycleMean, at, middle+mean)
	m.observe(CycleRMS, at, math.Sqrt(max(m.whole.squares/samples+2*middle*mean+middle*middle, 0)))
	m.observe(CyclePeakToPeak, at, max(m.cycleHi, m.hi)-min(m.cycleLo, m.lo))
}

// fallingEdge measures what ends with the latest downward crossing.
func (m *Meter) fallingEdge() {
	at := m.edges.fall
	m.result.Falling++
	if m.risen {
		m.observe(PositiveWidth, at, at.since(m.rise)*m.interval)
		m.observe(Overshoot, at, 100*(m.hi-(1-m.o.Middle)*m.levels.Amplitude())/m.levels.Amplitude())
	}
	m.fall, m.fallen = at, true
	m.cycleLo, m.cycleHi = m.lo, m.hi
	m.lo, m.hi = math.Inf(1), math.Inf(-1)
}

func (m *Meter) observe(q Quantity, at instant, value float64) {
	m.result.each[q].Add(value)
	if m.o.Observe != nil {
		m.o.Observe(Observation{Quantity: q, Index: at.sample(), Value: value})
	}
}
