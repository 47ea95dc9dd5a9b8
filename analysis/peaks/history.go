package peaks

// history holds the latest samples of a stretch, for peaks whose bases are searched within a window.
type history struct {
	samples []float64
	from    int64 // index of the first
	reach   int64 // samples of the window on each side of a peak
}

// trim lets go of what lies before at.
func (h *history) trim(at int64) {
	drop := min(max(at-h.from, 0), int64(len(h.samples)))
	if drop < 4096 || drop < int64(len(h.samples))/2 {
		return // moving the rest would cost more than it gains
	}
	h.samples = h.samples[:copy(h.samples, h.samples[drop:])]
	h.from += drop
}

func (h *history) reset(at int64) { h.samples, h.from = h.samples[:0], at }

// measure sets the bases and the prominence of a peak, and its width where width is set. It returns false, and sets nothing, where
// the left base alone makes the prominence less than least.
func (h *history) measure(p *Peak, least, relHeight float64, width bool) bool {
	if p.PlateauSize() > 2*h.reach+2 {
		h.flat(p, relHeight, width) // the samples around the middle may be gone
		return true
	}
	x, at := h.samples, int(p.Index-h.from)
	begin := max(at-int(h.reach), 0)
	end := min(at+int(h.reach), len(x)-1)
	left, leftMin := at, p.Height
	for i := at; i >= begin && x[i] <= p.Height; i-- {
		if x[i] < leftMin {
			left, leftMin = i, x[i]
		}
	}
	if p.Height-leftMin < least {
		return false
	}
	right, rightMin := at, p.Height
	for i := at; i <= end && x[i] <= p.Height; i++ {
		if x[i] < rightMin {
			right, rightMin = i, x[i]
		}
	}
	p.LeftBase, p.RightBase = h.from+int64(left), h.from+int64(right)
	p.Prominence = p.Height - max(leftMin, rightMin)
	if width {
		h.cross(p, at, left, right, relHeight)
	}
	return true
}

// cross sets the width of a peak at the place at with its bases at left and right.
func (h *history) cross(p *Peak, at, left, right int, relHeight float64) {
	x := h.samples
	p.WidthHeight = p.Height - float64(p.Prominence*relHeight)
	i := at
	for i > left && p.WidthHeight < x[i] {
		i--
	}
	p.LeftCrossing = float64(h.from + int64(i))
	if i < at {
		p.LeftCrossing += step{value: x[i], neighbour: x[i+1]}.excess(p.WidthHeight)
	}
	i = at
	for i < right && p.WidthHeight < x[i] {
		i++
	}
	p.RightCrossing = float64(h.from + int64(i))
	if i > at {
		p.RightCrossing -= step{value: x[i], neighbour: x[i-1]}.excess(p.WidthHeight)
	}
	p.Width = p.RightCrossing - p.LeftCrossing
}

// flat measures a peak whose plateau fills the window.
func (h *history) flat(p *Peak, relHeight float64, width bool) {
	p.LeftBase, p.RightBase = p.Index, p.Index
	p.Prominence = p.Height - p.Height
	if width {
		p.WidthHeight = p.Height - float64(p.Prominence*relHeight)
		p.LeftCrossing, p.RightCrossing = float64(p.Index), float64(p.Index)
		p.Width = 0
	}
}
