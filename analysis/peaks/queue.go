package peaks

// candidate is a peak that fulfils the first conditions and waits for the others to be known.
type candidate struct {
	Peak
	undecided bool // higher peaks within the distance may still come
	open      bool // its bases are not known yet
	out       bool // some condition is not fulfilled
}

// ready tells whether nothing more has to be known.
func (c *candidate) ready() bool { return c.out || !c.undecided && !c.open }

// none is the number of no candidate.
const none = -1

// queue holds candidates in the order of the stream, each with a number that stays valid until renumbered.
type queue struct {
	items []candidate
	head  int // items before it are gone
	base  int // the number of items[0]

	moved []int // scratch: new numbers by place
}

// leastRoomy is from how many items on the queue and others are compacted.
const leastRoomy = 1024

// push adds a candidate and returns its number.
func (q *queue) push(c candidate) int {
	q.items = append(q.items, c)
	return q.base + len(q.items) - 1
}

// at returns a candidate by its number, nil where it is gone. It is valid until the next push.
func (q *queue) at(number int) *candidate {
	i := number - q.base
	if number == none || i < q.head {
		return nil
	}
	return &q.items[i]
}

// front returns the oldest candidate, nil for none.
func (q *queue) front() *candidate {
	if q.head == len(q.items) {
		return nil
	}
	return &q.items[q.head]
}

// pop removes the oldest candidate.
func (q *queue) pop() {
	q.head++
	switch {
	case q.head == len(q.items):
		q.base += q.head
		q.items, q.head = q.items[:0], 0
	case q.head >= leastRoomy && q.head >= len(q.items)/2:
		q.base += q.head
		q.items, q.head = q.items[:copy(q.items, q.items[q.head:])], 0
	}
}

// compact removes the candidates that are out, also in the middle. Then renumbered tells the new numbers of those that are left.
func (q *queue) compact() {
	q.moved = q.moved[:0]
	n := 0
	for i := range q.items {
		if i < q.head || q.items[i].out {
			q.moved = append(q.moved, none)
			continue
		}
		q.items[n] = q.items[i]
		q.moved = append(q.moved, q.base+n)
		n++
	}
	q.items, q.head = q.items[:n], 0
}

// renumbered returns the number that a candidate has since compact, none for one that is gone.
func (q *queue) renumbered(number int) int {
	if number < q.base { // also none
		return none
	}
	return q.moved[number-q.base]
}

func (q *queue) reset() { *q = queue{items: q.items[:0], moved: q.moved[:0]} }
