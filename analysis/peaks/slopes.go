package peaks

import "math"

// step is a sample that is lower than all between it and a peak, with its neighbour on the side of the peak. A crossing of the
// slope with a height below the peak is found in the steps alone.
type step struct {
	at        int64
	value     float64
	neighbour float64
}

// slope is where the steps of a summit are: those to its left are left[from:to], those to its right begin at right[begin].
type slope struct{ from, to, begin int }

// slopes remembers of the samples what widths may need, since the height at which a width is measured is known only with the bases,
// long after the samples are gone. Left and right hold the steps of the summits in the order of their stack.
type slopes struct {
	rise  []step // the samples so far that are lower than all after them, as a stack
	left  []step
	right []step

	low   float64 // a step to the right is below this
	until float64 // and no more steps are needed once one is not above this
	last  float64 // the sample before
}

func (s *slopes) reset() {
	s.rise, s.left, s.right = s.rise[:0], s.left[:0], s.right[:0]
	s.low, s.until, s.last = math.Inf(1), math.Inf(1), math.NaN()
}

// add takes the next sample, which is not NaN.
func (s *slopes) add(at int64, v float64) {
	n := len(s.rise)
	if n > 0 {
		s.rise[n-1].neighbour = v
	}
	for n > 0 && s.rise[n-1].value >= v {
		n--
	}
	s.rise = append(s.rise[:n], step{at: at, value: v})
	if v < s.low && s.until < math.Inf(1) {
		s.right = append(s.right, step{at: at, value: v, neighbour: s.last})
		s.low = v
		if v <= s.until {
			s.until = math.Inf(1)
		}
	}
	s.last = v
}

// begin notes the left steps of a peak that ends with the sample added last: down to the lowest height that its width can be
// measured at, or to its base.
func (s *slopes) begin(height, lowest float64, leftBase int64) slope {
	p := slope{from: len(s.left), begin: len(s.right)}
	for i := len(s.rise) - 2; i >= 0; i-- {
		s.left = append(s.left, s.rise[i])
		if s.rise[i].at <= leftBase || s.rise[i].value <= lowest {
			break
		}
	}
	p.to = len(s.left)
	s.low = height
	if lowest < s.until { // never for the NaN that a peak of infinite height has here: it needs no steps
		s.until = lowest
	}
	return p
}

// end forgets the steps of a peak that left the stack: the samples since are described by those below it, whose lowest is given.
func (s *slopes) end(p slope, below, since float64, others bool) {
	s.left = s.left[:p.from]
	if !others {
		s.right = s.right[:0]
		s.until = math.Inf(1)
	} else if below <= since {
		s.right = s.right[:p.begin]
	}
	s.low = min(below, since)
}

// compact keeps the steps of those summits only that have a candidate.
func (s *slopes) compact(stack []summit) {
	n, first := 0, len(s.right)
	for i := range stack {
		p := &stack[i].slope
		if stack[i].number == none {
			p.from, p.to = n, n
			continue
		}
		first = min(first, p.begin)
		p.from, p.to = n, n+copy(s.left[n:], s.left[p.from:p.to])
		n = p.to
	}
	s.left = s.left[:n]
	s.right = s.right[:copy(s.right, s.right[first:])]
	for i := range stack {
		stack[i].slope.begin = max(stack[i].slope.begin-first, 0)
	}
}

// size is the number of steps held.
func (s *slopes) size() int { return len(s.rise) + len(s.left) + len(s.right) }

// cross sets the width of a peak whose bases are known.
func (s *slopes) cross(p *Peak, of slope, relHeight float64) {
	p.WidthHeight = p.Height - float64(p.Prominence*relHeight)
	p.LeftCrossing, p.RightCrossing = float64(p.Index), float64(p.Index)
	if p.WidthHeight < p.Height {
		p.LeftCrossing, p.RightCrossing = float64(p.LeftBase), float64(p.RightBase)
		if t, ok := firstNotAbove(s.left[of.from:of.to], p.WidthHeight); ok {
			p.LeftCrossing = float64(t.at) + t.excess(p.WidthHeight)
		}
		if t, ok := firstNotAbove(s.right[of.begin:], p.WidthHeight); ok {
			p.RightCrossing = float64(t.at) - t.excess(p.WidthHeight)
		}
	}
	p.Width = p.RightCrossing - p.LeftCrossing
}

func firstNotAbove(steps []step, height float64) (step, bool) {
	for _, t := range steps {
		if !(height < t.value) {
			return t, true
		}
	}
	return step{}, false
}

// excess is how far towards the peak the slope reaches the height, as a part of the way to the neighbour.
func (t step) excess(height float64) float64 {
	if t.value < height && t.neighbour != t.value {
		return (height - t.value) / (t.neighbour - t.value)
	}
	return 0
}
