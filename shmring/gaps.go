package shmring

// gap is a loss that no descriptor tells yet.
type gap struct {
	count   uint64 // samples; 0 when unknown
	cause   Cause
	unknown bool
}

// aux is the gap as a descriptor has it.
func (g gap) aux() uint64 {
	if g.unknown {
		return UnknownCount
	}
	return g.count
}

// merge joins a later loss of the same sort (counted or not) with g.
func (g *gap) merge(o gap) {
	g.count += o.count
	if g.cause != o.cause {
		g.cause = CauseUnknown
	}
}

// pendingGaps holds the losses of a lane since its last DATA, at most two entries: a descriptor has room for no more. Counted and uncounted
// losses never become one entry, or the epoch index could not be reckoned any more.
type pendingGaps struct {
	g [2]gap
	n int
}

// counted is the number of samples in all entries that have one.
func (q *pendingGaps) counted() uint64 { return q.g[0].count + q.g[1].count }

func (q *pendingGaps) clear() { *q = pendingGaps{} }

// add appends a loss, joining neighbours where there are more than two.
func (q *pendingGaps) add(o gap) {
	if q.n > 0 && q.g[q.n-1].cause == o.cause && q.g[q.n-1].unknown == o.unknown {
		q.g[q.n-1].merge(o)
		return
	}
	if q.n < len(q.g) {
		q.g[q.n] = o
		q.n++
		return
	}
	switch {
	case q.g[1].unknown == o.unknown:
		q.g[1].merge(o)
	case q.g[0].unknown == o.unknown:
		q.g[0].merge(o)
	default: // two of one sort, and o of the other
		q.g[0].merge(q.g[1])
		q.g[1] = o
	}
}
