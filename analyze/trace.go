package analyze

import "math"

// Trace is what there is to draw of one stream: the signal that was made of it, the places at which something was found, or both. Places are device
// indexes of the stream, which need not be whole.
type Trace struct {
	Stream string
	Name   string // for a legend
	Ranges []Range
	Marks  []Mark
}

// Range is the smallest and the largest value between two places. Of a single value both places, and both values, are one.
type Range struct {
	From, Until float64
	Low, High   float64
	Apart       bool // a gap lies before it
}

// Mark is where something was found: a place, or all from one place up to another, with a value or NaN.
type Mark struct {
	From, Until float64
	Value       float64
}

// mostRanges bounds what a sketch holds: more than a picture has columns.
const mostRanges = 8192

// sketch keeps the smallest and the largest values of a signal, in so many ranges as a picture can show, however long it is. Waveforms lie on top of
// each other, at the place of the first one. It is not made for several goroutines.
type sketch struct {
	step   float64 // samples of the source between two values
	lead   float64 // samples from the first one of a piece to the first value
	width  int64   // values of a range
	ranges []Range
	counts []int64 // values in each range, fewer than width at the end of a piece
	next   float64 // place of the next value
	at     int64   // values of the present waveform
	waves  bool
	fresh  bool
}

func newSketch(step, lead float64) *sketch { return &sketch{step: step, lead: lead, width: 1} }

// open begins a piece.
func (s *sketch) open(p piece) {
	s.next, s.fresh, s.at = float64(p.from)+s.lead, true, 0
	if s.waves = p.wave != nil; !s.waves {
		return
	}
	if len(s.ranges) > 0 {
		s.next = s.ranges[0].From
	}
	s.width = max(1, int64(math.Ceil(float64(p.samples)/s.step/mostRanges)))
}

// add takes in values that follow.
func (s *sketch) add(values []float64) {
	if s.waves {
		for _, v := range values {
			s.fold(v)
		}
		return
	}
	for len(values) > 0 {
		n := len(s.ranges)
		if s.fresh || s.counts[n-1] == s.width {
			if n == mostRanges {
				s.halve()
				continue
			}
			s.ranges = append(s.ranges, Range{From: s.next, Low: math.Inf(1), High: math.Inf(-1), Apart: s.fresh})
			s.counts = append(s.counts, 0)
			s.fresh = false
			n++
		}
		k := min(int64(len(values)), s.width-s.counts[n-1])
		r := &s.ranges[n-1]
		for _, v := range values[:k] {
			r.take(v)
		}
		s.counts[n-1] += k
		s.next += float64(k) * s.step
		r.Until = s.next
		values = values[k:]
	}
}

// fold takes in the next value of a waveform. All waveforms are as long as each other, so that the first one settles the ranges.
func (s *sketch) fold(v float64) {
	k := s.at / s.width
	if k == int64(len(s.ranges)) {
		s.ranges = append(s.ranges, Range{From: s.next, Low: math.Inf(1), High: math.Inf(-1)})
	}
	r := &s.ranges[k]
	r.take(v)
	s.next += s.step
	s.at++
	r.Until = s.next
}

func (r *Range) take(v float64) {
	if v < r.Low {
		r.Low = v
	}
	if v > r.High {
		r.High = v
	}
}

// halve joins neighbours, and those of two pieces only where each is a piece of its own.
func (s *sketch) halve() {
	s.width *= 2
	kept := 0
	join := func(across bool) {
		n := 0
		for i := 0; i < len(s.ranges); n++ {
			r, c := s.ranges[i], s.counts[i]
			if i++; i < len(s.ranges) && (across || !s.ranges[i].Apart) {
				o := s.ranges[i]
				r.Until, r.Low, r.High = o.Until, math.Min(r.Low, o.Low), math.Max(r.High, o.High)
				c += s.counts[i]
				i++
			}
			s.ranges[n], s.counts[n] = r, c
		}
		kept = n
		s.ranges, s.counts = s.ranges[:n], s.counts[:n]
	}
	if join(false); kept > mostRanges*3/4 { // nearly each is a piece of its own
		join(true)
	}
}

// trace returns what there is so far.
func (s *sketch) trace(src *source, name string) Trace {
	t := Trace{Stream: src.Stream.Name(), Name: name}
	for _, r := range s.ranges {
		if r.Low > r.High { // no value is a number
			r.Low, r.High = math.NaN(), math.NaN()
		}
		if s.width == 1 && !s.waves {
			r.Until = r.From
		}
		t.Ranges = append(t.Ranges, r)
	}
	return t
}

// mark adds what was found in a source to what is drawn.
func (t *Table) mark(src *source, marks []Mark, noun string) {
	t.Drawn = &Drawing{Kind: DrawnTraces}
	t.Traces = append(t.Traces, Trace{Stream: src.Stream.Name(), Name: count(int64(len(marks)), noun) + " of " + src.name, Marks: marks})
}
