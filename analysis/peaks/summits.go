package peaks

import "math"

// valley is the lowest value of a piece of the stream, with its first and its last place.
type valley struct {
	min         float64
	first, last int64
}

// nothing is the valley of an empty piece.
var nothing = valley{min: math.Inf(1), first: none, last: none}

// join adds the piece that follows.
func (v *valley) join(o valley) {
	switch {
	case o.min < v.min || v.first == none:
		*v = o
	case o.min == v.min && o.first != none:
		v.last = o.last
	}
}

// summit is a local maximum that nothing higher has followed yet.
type summit struct {
	height   float64
	number   int // of its candidate, none where it only bounds the bases of others
	leftMin  float64
	leftBase int64
	since    valley // from it to the next summit, or to now
	slope    slope
}

// summits finds the bases of peaks in one pass: a stack of maxima, none higher than the one below it. What lies between two of them
// is known by its lowest value only. A higher maximum is the right border of all that it towers over; they leave the stack. Each
// maximum comes and goes once, so the work does not depend on how far the bases are.
type summits struct {
	stack  []summit
	ground valley // before the first summit
	slopes *slopes
}

// lower adds a valley behind all maxima so far.
func (s *summits) lower(v valley) {
	if n := len(s.stack); n > 0 {
		s.stack[n-1].since.join(v)
	} else {
		s.ground.join(v)
	}
}

// pop removes the top of the stack and returns it; what lies behind it now lies behind the one below.
func (s *summits) pop() summit {
	top := s.stack[len(s.stack)-1]
	s.stack = s.stack[:len(s.stack)-1]
	s.lower(top.since)
	return top
}

// topBelow tells whether the top of the stack is lower than height.
func (s *summits) topBelow(height float64) bool {
	return len(s.stack) > 0 && s.stack[len(s.stack)-1].height < height
}

// left returns the left base of a maximum that is not below the top of the stack.
func (s *summits) left(height float64) (leftMin float64, leftBase int64) {
	n := len(s.stack)
	if n == 0 {
		return s.ground.min, s.ground.last
	}
	top := &s.stack[n-1]
	if top.height == height && top.leftMin < top.since.min {
		return top.leftMin, top.leftBase
	}
	return top.since.min, top.since.last
}

// push puts a maximum on the stack. One of the same height below it that waits for nothing itself is not needed any more: the new
// one bounds what it bounded.
func (s *summits) push(m summit) {
	if n := len(s.stack); n > 0 && s.stack[n-1].number == none && s.stack[n-1].height == m.height {
		s.pop()
	}
	m.since = nothing
	s.stack = append(s.stack, m)
}

// renumber follows a queue that was compacted, and drops the summits that are of no use now.
func (s *summits) renumber(q *queue) {
	n := 0
	for i := range s.stack {
		m := s.stack[i]
		m.number = q.renumbered(m.number)
		if n > 0 && s.stack[n-1].number == none && s.stack[n-1].height == m.height {
			n--
			below := &s.ground
			if n > 0 {
				below = &s.stack[n-1].since
			}
			below.join(s.stack[n].since)
		}
		s.stack[n] = m
		n++
	}
	s.stack = s.stack[:n]
	if s.slopes != nil {
		s.slopes.compact(s.stack)
	}
}

func (s *summits) reset() {
	s.stack, s.ground = s.stack[:0], nothing
	if s.slopes != nil {
		s.slopes.reset()
	}
}
