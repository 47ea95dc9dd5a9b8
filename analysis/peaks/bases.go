package peaks

// valley is told by the scan of a local minimum.
func (f *Finder) valley(v valley) {
	if !f.stack {
		return
	}
	f.summits.lower(v)
	for f.o.SelectOnly {
		number, ok := f.claims.granted(v.min, f.leastProminence)
		if !ok {
			return
		}
		if c := f.queue.at(number); c != nil {
			c.open = false
			f.known(c)
		}
	}
}

// maximum is told by the scan of a local maximum from sample left to sample right, with the values before and after it. At the
// ends of the data it only bounds the bases of peaks.
func (f *Finder) maximum(height, before, after float64, left, right int64, isPeak bool) {
	m := summit{height: height, number: none}
	if f.stack {
		for f.summits.topBelow(height) {
			f.settle()
		}
		m.leftMin, m.leftBase = f.summits.left(height)
	}
	if isPeak {
		m.number = f.enqueue(&m, before, after, left, right)
	}
	if !f.stack {
		return
	}
	if s := f.summits.slopes; s != nil {
		if m.number != none {
			m.slope = s.begin(height, height-float64((height-m.leftMin)*f.o.RelHeight), m.leftBase)
		} else {
			m.slope = slope{len(s.left), len(s.left), len(s.right)}
		}
	}
	f.summits.push(m)
	if f.o.SelectOnly && m.number != none {
		f.claims.push(claim{height, m.number})
	}
}

// enqueue applies the conditions that are known at once to a peak, and returns the number of its candidate, none if it is out.
func (f *Finder) enqueue(m *summit, before, after float64, left, right int64) int {
	at := left + (right-left)/2
	thresholds := [2]float64{m.height - m.height, m.height - m.height} // inside of a plateau; NaN for an infinite one, as in SciPy
	if at == left {
		thresholds[0] = m.height - before
	}
	if at == right {
		thresholds[1] = m.height - after
	}
	if !f.o.PlateauSize.has(float64(right-left+1)) || !f.o.Height.has(m.height) || !f.o.Threshold.hasBoth(thresholds[0], thresholds[1]) {
		return none
	}
	p := Peak{Index: at, Height: m.height, LeftEdge: left, RightEdge: right, LeftThreshold: thresholds[0], RightThreshold: thresholds[1]}
	if f.direct {
		f.found(p)
		return none
	}
	number := none
	// The base to the right can only lessen the prominence: most peaks of noise need no place in the queue.
	if !f.stack || m.height-m.leftMin >= f.leastProminence {
		number = f.queue.push(candidate{Peak: p, open: f.stack || f.window, undecided: f.o.Distance > 0})
		f.settled = true
	}
	if f.o.Distance > 0 {
		f.spacing.add(spaced{at, m.height, number})
	}
	return number
}

// settle takes the top off the summits, since its right border is found, and finishes its candidate.
func (f *Finder) settle() {
	below := f.summits.ground.min
	if n := len(f.summits.stack); n > 1 {
		below = f.summits.stack[n-2].since.min
	}
	top := f.summits.pop()
	s := f.summits.slopes
	f.claims.drop(top.number)
	if c := f.queue.at(top.number); c != nil && c.open && !c.out {
		c.LeftBase, c.RightBase = top.leftBase, top.since.first
		c.Prominence = c.Height - max(top.leftMin, top.since.min)
		switch {
		case s != nil:
			s.cross(&c.Peak, top.slope, f.o.RelHeight)
		case f.o.Width != nil:
			f.history.cross(&c.Peak, int(c.Index), int(c.LeftBase), int(c.RightBase), f.o.RelHeight)
		}
		f.judge(c)
		f.known(c)
	}
	if s != nil && top.slope.to > top.slope.from {
		s.end(top.slope, below, top.since.min, len(f.summits.stack) > 0)
	}
}

// endSection is told by the scan that nothing connects the samples so far with those to come.
func (f *Finder) endSection() {
	if f.stack {
		for len(f.summits.stack) > 0 {
			f.settle()
		}
		f.summits.reset()
		f.claims.reset()
	}
}
