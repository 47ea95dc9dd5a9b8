package peaks

import "math"

// scan walks over samples and tells its finder of maxima and valleys. It works with runs of equal samples.
type scan struct {
	finder *Finder
	floor  float64 // no maximum below this is of interest
	next   int64   // index of the next sample

	level  float64 // the value of the current run; NaN before the first sample and after a NaN
	start  int64   // its first sample
	before float64 // the value before it
	dir    int     // 1: the run is above what is before it, -1: below, 0: nothing is before it
	low    bool    // the last sample is below floor, and its valley is told
}

func (s *scan) reset(at int64) {
	s.next, s.level, s.dir, s.low = at, math.NaN(), 0, false
}

// earliest returns the index before which no further maximum can lie.
func (s *scan) earliest() int64 {
	if s.low || s.dir < 0 || math.IsNaN(s.level) {
		return s.next
	}
	return s.start + (s.next-1-s.start)/2
}

// run goes through the next samples.
func (s *scan) run(x []float64) {
	base := s.next
	for i := 0; i < len(x); {
		s.next = base + int64(i)
		if s.low {
			i += s.skim(x[i:])
		} else {
			i += s.walk(x[i:])
		}
	}
	s.next = base + int64(len(x))
}

// skim passes over samples below the floor, of which only the lowest matters, and the first that is not. It returns their number.
func (s *scan) skim(x []float64) int {
	v := valley{min: math.Inf(1), first: none}
	i := 0
	for ; i < len(x) && x[i] < s.floor; i++ {
		switch {
		case x[i] < v.min:
			v = valley{x[i], int64(i), int64(i)}
		case x[i] == v.min:
			v.last = int64(i)
		}
	}
	if i > 0 {
		s.finder.valley(valley{v.min, s.next + v.first, s.next + v.last})
		s.level = x[i-1]
	}
	if i == len(x) {
		return i
	}
	s.low = false
	if math.IsNaN(x[i]) {
		s.finder.endSection()
		s.level = math.NaN()
	} else {
		s.turn(x[i], s.next+int64(i), 1)
	}
	return i + 1
}

// walk passes over samples up to the first below the floor. It returns their number.
func (s *scan) walk(x []float64) int {
	slopes := s.finder.summits.slopes
	for i, v := range x {
		at := s.next + int64(i)
		switch {
		case v > s.level:
			if s.dir <= 0 {
				s.finder.valley(valley{s.level, s.start, at - 1})
			}
			s.turn(v, at, 1)
		case v < s.level:
			if s.dir >= 0 {
				s.finder.maximum(s.level, s.before, v, s.start, at-1, s.dir > 0)
			}
			s.turn(v, at, -1)
		case v == s.level:
		case math.IsNaN(v):
			s.end(at)
			continue
		default: // the first sample after a NaN
			s.turn(v, at, 0)
		}
		if slopes != nil {
			slopes.add(at, v)
		}
		if v < s.floor {
			s.low = true
			s.finder.valley(valley{v, at, at})
			return i + 1
		}
	}
	return len(x)
}

// turn begins a run.
func (s *scan) turn(v float64, at int64, dir int) {
	s.before, s.level, s.start, s.dir = s.level, v, at, dir
}

// end tells what the samples before at are where a NaN or the end of the stretch is at.
func (s *scan) end(at int64) {
	if math.IsNaN(s.level) {
		return
	}
	switch {
	case s.low:
	case s.dir < 0:
		s.finder.valley(valley{s.level, s.start, at - 1})
	case s.dir > 0:
		s.finder.maximum(s.level, s.before, s.level, s.start, at-1, false)
	}
	s.finder.endSection()
	s.level = math.NaN()
}
