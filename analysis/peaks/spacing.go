package peaks

import (
	"cmp"
	"math"
	"slices"
)

// spacing applies the condition of the distance: the highest peak removes all that are nearer than distance, then the highest of
// those that are left, and so on. A stream is settled piece by piece: a peak is decided as soon as no peak to come can reach it,
// directly or through others.
type spacing struct {
	distance int64
	ties     Ties
	decide   func(number int, keep bool)

	open []spaced // undecided, in the order of the stream
	next int      // length of open from which on settling is tried again

	verdicts []verdict
	deque    []int
	order    []int
	buckets  []bucket
}

// spaced is a peak as far as the distance is concerned.
type spaced struct {
	at     int64
	height float64
	number int // in the queue; none where the peak counts here but is out anyway
}

type verdict uint8

const (
	unknown verdict = iota
	keep
	remove
)

// bucket holds the undecided peaks of a piece of the stream as long as the distance.
type bucket struct{ first, last int64 }

const (
	leastOpen = 64 // peaks before settling is tried
	leastSpan = 4  // distances before settling is tried: less would leave most undecided
	never     = math.MaxInt64
)

// add takes the next peak.
func (s *spacing) add(p spaced) {
	if s.ties == NumPyOrder {
		s.open = append(s.open, p)
		return
	}
	s.idle(p.at)
	s.open = append(s.open, p)
	if len(s.open) >= max(s.next, leastOpen) && p.at-s.open[0].at >= leastSpan*s.distance {
		s.settle(p.at + 1)
	}
}

// idle says that no peak comes before the sample at.
func (s *spacing) idle(at int64) {
	if n := len(s.open); n > 0 && s.ties == Later && at-s.open[n-1].at >= s.distance {
		s.settle(never)
	}
}

// settle decides what can be decided when the next peak is at horizon or later.
func (s *spacing) settle(horizon int64) {
	n := len(s.open)
	s.verdicts = slices.Grow(s.verdicts[:0], n)[:n]
	clear(s.verdicts)
	s.order = s.order[:0]
	if s.ties == NumPyOrder {
		s.order = s.numPyOrder(s.order)
	} else {
		s.keepHighest(horizon)
		for i, v := range s.verdicts {
			if v == unknown {
				s.order = append(s.order, i)
			}
		}
		slices.SortFunc(s.order, func(a, b int) int {
			return cmp.Or(cmp.Compare(s.open[b].height, s.open[a].height), b-a)
		})
	}
	s.decideInOrder(horizon)
	left := s.open[:0]
	for i, v := range s.verdicts {
		if v == unknown {
			left = append(left, s.open[i])
		} else {
			s.decide(s.open[i].number, v == keep)
		}
	}
	s.open = left
	s.next = 2 * len(left)
}

// keepHighest keeps the peaks that are the highest of all within the distance, in one pass: most of the work, without a sort.
func (s *spacing) keepHighest(horizon int64) {
	q := s.deque[:0]       // falling in height, all within the distance of the last
	head, alone := 0, none // alone: the head of q, where nothing before it within the distance is higher
	for i, p := range s.open {
		for head < len(q) && p.at-s.open[q[head]].at >= s.distance {
			if q[head] == alone {
				s.keepOne(alone)
			}
			head++
		}
		for len(q) > head && s.open[q[len(q)-1]].height <= p.height {
			q = q[:len(q)-1]
		}
		if len(q) == head {
			q, head, alone = q[:0], 0, i
		}
		q = append(q, i)
	}
	if head < len(q) && q[head] == alone && horizon-s.open[alone].at >= s.distance {
		s.keepOne(alone)
	}
	s.deque = q
}

// keepOne keeps a peak and removes those within the distance.
func (s *spacing) keepOne(i int) {
	at := s.open[i].at
	for k := i - 1; k >= 0 && at-s.open[k].at < s.distance; k-- {
		s.verdicts[k] = remove
	}
	for k := i + 1; k < len(s.open) && s.open[k].at-at < s.distance; k++ {
		s.verdicts[k] = remove
	}
	s.verdicts[i] = keep
}

// decideInOrder goes through peaks from the highest on. One that a peak to come may remove is left undecided, and so are those that
// it would remove.
func (s *spacing) decideInOrder(horizon int64) {
	if len(s.order) == 0 {
		return
	}
	start := s.open[slices.Min(s.order)].at
	s.buckets = s.buckets[:0]
	if horizon != never {
		span := (s.open[len(s.open)-1].at - start) / s.distance
		for range span + 1 {
			s.buckets = append(s.buckets, bucket{first: never, last: math.MinInt64})
		}
	}
	for _, i := range s.order {
		if s.verdicts[i] != unknown {
			continue
		}
		at := s.open[i].at
		b := int((at - start) / s.distance)
		if horizon-at >= s.distance && !s.doubtful(b, at) {
			s.keepOne(i)
			continue
		}
		s.buckets[b].first = min(s.buckets[b].first, at)
		s.buckets[b].last = max(s.buckets[b].last, at)
	}
}

// doubtful tells whether an undecided peak is within the distance of at, which lies in bucket b.
func (s *spacing) doubtful(b int, at int64) bool {
	if len(s.buckets) == 0 {
		return false
	}
	return s.buckets[b].first != never ||
		b > 0 && s.buckets[b-1].last > at-s.distance ||
		b+1 < len(s.buckets) && s.buckets[b+1].first < at+s.distance
}

// renumber follows a queue that was compacted.
func (s *spacing) renumber(q *queue) {
	for i := range s.open {
		s.open[i].number = q.renumbered(s.open[i].number)
	}
}

func (s *spacing) reset() { s.open, s.next = s.open[:0], 0 }
