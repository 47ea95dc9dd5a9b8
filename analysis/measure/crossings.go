package measure

// Crossing is where a signal goes through a level, by linear interpolation between samples.
type Crossing struct {
	Rising   bool
	Index    int64   // of the last sample before it
	Fraction float64 // of a sample interval behind that: above 0, and 1 where the next sample is at the level
}

// Since is the time from another crossing, in sample intervals. It is exact to 1e-16 also where indexes are large.
func (c Crossing) Since(o Crossing) float64 {
	return instant{c.Index, c.Fraction}.since(instant{o.Index, o.Fraction})
}

// Crossings finds all crossings of a level, with hysteresis. One goroutine uses it; it allocates nothing once it is made.
type Crossings struct {
	edges edges
	found func(Crossing)
	next  int64
	have  bool
	last  float64
}

// NewCrossings returns what calls found, from within [Crossings.Add], for each time the signal goes from hysteresis/2 below the level
// to hysteresis/2 above it, or back. Where it goes through the level several times in between, the last one counts. A
// hysteresis below 0 is 0.
func NewCrossings(level, hysteresis float64, found func(Crossing)) *Crossings {
	return &Crossings{edges: newEdges(level, max(hysteresis, 0)), found: found}
}

// Break says that samples are missing and which index the next one has. No crossing is found in the gap.
func (c *Crossings) Break(next int64) { c.next, c.have = next, false }

// Add takes the samples that follow. It does not keep x. A NaN counts as a gap.
func (c *Crossings) Add(x []float64) {
	for _, v := range x {
		switch {
		case v != v:
			c.have = false
		case !c.have:
			c.have = true
			c.edges.begin(v)
		default:
			switch _, edge := c.edges.step(c.next, c.last, v); edge {
			case high:
				c.found(Crossing{true, c.edges.rise.index, c.edges.rise.fraction})
			case low:
				c.found(Crossing{false, c.edges.fall.index, c.edges.fall.fraction})
			}
		}
		c.last = v
		c.next++
	}
}
