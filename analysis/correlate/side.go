package correlate

// side keeps, of one signal, the sums that the mean and the norm need at each lag: at lag k a stretch of n samples takes part without its
// first k samples, or without its last k.
type side struct {
	lag   int
	sums  bool      // keep them for each lag; else the totals only
	first []moments // [k]: of all stretches, each without its first k samples
	last  []moments // [k]: without its last k
	total moments

	stretch moments
	head    []float64 // the first 2 lag samples of this stretch
	ring    []float64 // its last lag samples; the oldest is at the place of the next
}

func newSide(lag int, sums bool) *side {
	s := &side{lag: lag, sums: sums}
	if sums {
		s.first, s.last = make([]moments, lag+1), make([]moments, lag+1)
		s.head, s.ring = make([]float64, 0, 2*lag), make([]float64, lag)
	}
	return s
}

func (s *side) add(x []float64) {
	m := s.stretch
	if s.sums {
		s.head = append(s.head, x[:min(len(x), cap(s.head)-len(s.head))]...)
		place := int(m.n) % s.lag
		for i := max(0, len(x)-s.lag); i < len(x); i++ {
			s.ring[(place+i)%s.lag] = x[i]
		}
	}
	for _, v := range x {
		m.add(v)
	}
	s.stretch = m
}

// mean returns the mean of all stretches; 0 where there is no sample.
func (s *side) mean() float64 {
	if s.total.n == 0 {
		return 0
	}
	return s.total.sum / s.total.n
}

// end ends the stretch.
func (s *side) end() {
	s.total.join(s.stretch)
	if s.sums {
		if int(s.stretch.n) <= cap(s.head) {
			s.short()
		} else {
			s.long()
		}
	}
	s.stretch, s.head = moments{}, s.head[:0]
}

// short adds the sums of a stretch that is in head as a whole. Nothing is subtracted: a few quiet samples after many loud ones count exactly.
func (s *side) short() {
	var from, to moments
	n := len(s.head)
	for k := n - 1; k >= 0; k-- {
		from.add(s.head[k])
		to.add(s.head[n-1-k])
		if k <= s.lag {
			s.first[k].join(from)
			s.last[k].join(to)
		}
	}
}

// long adds those of a stretch that has more than its half at each lag.
func (s *side) long() {
	var before, after moments
	end := int(s.stretch.n)
	for k := 0; ; k++ {
		s.first[k].join(s.stretch.without(before))
		s.last[k].join(s.stretch.without(after))
		if k == s.lag {
			return
		}
		before.add(s.head[k])
		after.add(s.ring[(end-1-k)%s.lag])
	}
}

// clone returns a copy to end the present stretch in.
func (s *side) clone() *side {
	c := *s
	c.first, c.last = append([]moments(nil), s.first...), append([]moments(nil), s.last...)
	return &c
}

// at returns the moments of the samples that take part at a lag: without the first lag ones, or without the last -lag.
func (s *side) at(lag int) moments {
	if lag >= 0 {
		return s.first[lag]
	}
	return s.last[-lag]
}

func (s *side) reset() {
	clear(s.first)
	clear(s.last)
	s.total, s.stretch, s.head = moments{}, moments{}, s.head[:0]
}
