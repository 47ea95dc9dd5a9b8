package peaks

// valley is told by the scan of a local minimum.
func (f *Finder) valley(v valley) {
	if f.stacked() {
		f.summits.lower(v)
	}
}

// maximum is told by the scan of a local maximum from sample left to sample right, with the values before and after it. At the
// ends of the data it only bounds the bases of peaks.
func (f *Finder) maximum(height, before, after float64, left, right int64, isPeak bool) {
	m := summit{height: height, number: none}
	if f.stacked() {
		for f.summits.topBelow(height) {
			f.settle()
		}
		m.leftMin, m.leftBase = f.summits.left(height)
	}
	if isPeak {
		m.number = f.enqueue(&m, before, after, left, right)
	}
	if !f.stacked() {
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
}

// enqueue applies the conditions that are known at once to a peak, and returns the number of its candidate, none if it is out.
func (f *Finder) enqueue(m *summit, before, after float64, left, right int64) int {
	c := candidate{open: f.o.needsBases(), undecided: f.o.Distance > 0}
	c.Peak = Peak{Index: left + (right-left)/2, Height: m.height, LeftEdge: left, RightEdge: right,
		LeftThreshold: m.height - m.height, RightThreshold: m.height - m.height, LeftBase: m.leftBase}
	if c.Index == left {
		c.LeftThreshold = m.height - before
	}
	if c.Index == right {
		c.RightThreshold = m.height - after
	}
	if !f.o.PlateauSize.has(float64(c.PlateauSize())) || !f.o.Height.has(m.height) || !f.o.Threshold.hasBoth(c.LeftThreshold, c.RightThreshold) {
		return none
	}
	// The base to the right can only lessen the prominence.
	hopeless := f.stacked() && f.o.Prominence != nil && m.height-m.leftMin < f.o.Prominence.Min
	number := none
	if !hopeless {
		number = f.queue.push(c)
		f.settled = f.settled || !c.undecided && !c.open
	}
	if c.undecided {
		f.spacing.add(spaced{c.Index, m.height, number})
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
	if c := f.queue.at(top.number); c != nil && !c.out {
		c.LeftBase, c.RightBase = top.leftBase, top.since.first
		c.Prominence = c.Height - max(top.leftMin, top.since.min)
		if s != nil {
			s.cross(&c.Peak, top.slope, f.o.RelHeight)
		}
		f.judge(c)
		f.settled = true
	}
	if s != nil && top.slope.to > top.slope.from {
		s.end(top.slope, below, top.since.min, len(f.summits.stack) > 0)
	}
}

// endSection is told by the scan that nothing connects the samples so far with those to come.
func (f *Finder) endSection() {
	if f.stacked() {
		for len(f.summits.stack) > 0 {
			f.settle()
		}
		f.summits.reset()
	}
}
