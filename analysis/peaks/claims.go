package peaks

// claim is a candidate whose prominence reaches the least one on its left side and not yet on its right.
type claim struct {
	height float64
	number int
}

// claims are open claims in the order of the stack of summits, so none is higher than the one before it: what is low enough for one
// is so for all before.
type claims struct {
	items []claim
	head  int // items before it are granted
}

func (s *claims) push(c claim) { s.items = append(s.items, c) }

// granted removes and returns the next candidate that stands at least least above low.
func (s *claims) granted(low, least float64) (number int, ok bool) {
	if s.head == len(s.items) || !(s.items[s.head].height-low >= least) {
		return none, false
	}
	s.head++
	if s.head < len(s.items) {
		return s.items[s.head-1].number, true
	}
	number = s.items[s.head-1].number
	s.reset()
	return number, true
}

// drop removes a candidate that has left the stack, if its claim is open: then it is the last.
func (s *claims) drop(number int) {
	if n := len(s.items); n > s.head && s.items[n-1].number == number {
		s.items = s.items[:n-1]
	}
	if s.head == len(s.items) {
		s.reset()
	}
}

// renumber follows a queue that was compacted.
func (s *claims) renumber(q *queue) {
	left := s.items[:0]
	for _, c := range s.items[s.head:] {
		if c.number = q.renumbered(c.number); c.number != none {
			left = append(left, c)
		}
	}
	s.items, s.head = left, 0
}

func (s *claims) reset() { s.items, s.head = s.items[:0], 0 }
