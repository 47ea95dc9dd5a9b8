package analyze

import (
	"math"
	"sync"

	"github.com/scopelog/scopelog/analysis/stats"
)

// counter counts values in bins: with given ends, or as they come. What it has counted does not depend on who helped it.
type counter struct {
	fixed   *stats.Histogram // nil: as they come
	growing *stats.Adaptive
	codes   *codes // of the values, which growing counts instead; nil: they are not made of some
	most    int    // bins
	helpers []*counter
}

const (
	// helpedFrom is from how many values on others help.
	helpedFrom = 1 << 15
	// helpedBins is up to how many bins others help: each has as many.
	helpedBins = codeBins
)

// help lets so many goroutines count, each in bins of its own.
func (c *counter) help(workers, bins int) {
	if bins > helpedBins {
		return
	}
	for range workers - 1 {
		h := &counter{most: c.most}
		if c.fixed != nil {
			h.fixed = c.fixed.Empty()
		} else {
			h.growing = c.growing.Empty()
		}
		if c.codes != nil {
			h.codes = new(*c.codes)
			h.codes.buf = make([]float64, len(c.codes.buf))
		}
		c.helpers = append(c.helpers, h)
	}
}

// share counts values, with its helpers where they are many.
func (c *counter) share(x []float64) {
	if len(c.helpers) == 0 || len(x) < helpedFrom {
		c.add(x...)
		return
	}
	var group sync.WaitGroup
	parts := len(c.helpers) + 1
	for i, h := range c.helpers {
		part := x[i*len(x)/parts : (i+1)*len(x)/parts]
		group.Go(func() { h.add(part...) })
	}
	c.add(x[len(c.helpers)*len(x)/parts:]...)
	group.Wait()
}

// gather takes over what helpers have counted. Their bins are as many, so that nothing can fail.
func (c *counter) gather() {
	for _, h := range c.helpers {
		if c.fixed != nil {
			_ = c.fixed.Merge(h.fixed)
		} else {
			_ = c.growing.Merge(h.growing)
		}
		h.reset()
	}
}

// codes are the steps of a converter that values are made of: value = code x scale + offset.
type codes struct {
	scale, offset float64 // scale is above 0; codes are turned where it is not
	step          int64   // codes between two that there are, as far as the device says: 256 where 8 bits stand for 16
	buf           []float64
}

// codeBins are enough for every 16-bit code to have a bin of its own.
const codeBins = 1 << 17

// codesOf returns the codes of a source's values, nil where they are not made of some.
func codesOf(src *source) *codes {
	scale, offset, ok := src.Linear()
	if src.Pin() {
		scale, ok = 1, true
	}
	if !ok {
		return nil
	}
	c := &codes{scale: math.Abs(scale), offset: offset, step: 1, buf: make([]float64, 4096)}
	if b := src.Global.ResolutionBits; b > 0 && b < 16 && !src.Pin() {
		c.step = 1 << (16 - b)
	}
	return c
}

func (c *counter) add(x ...float64) {
	switch {
	case c.fixed != nil:
		c.fixed.Add(x)
	case c.codes != nil:
		inverse, offset := 1/c.codes.scale, c.codes.offset
		for len(x) > 0 {
			n := min(len(x), len(c.codes.buf))
			for i, v := range x[:n] {
				c.codes.buf[i] = (v-offset)*inverse + 0.5 // the middle of a bin
			}
			c.growing.Add(c.codes.buf[:n])
			x = x[n:]
		}
	default:
		c.growing.Add(x)
	}
}

func (c *counter) reset() {
	for _, h := range c.helpers {
		h.reset()
	}
	if c.fixed != nil {
		c.fixed.Reset()
	} else {
		c.growing.Reset()
	}
}

// uneven tells how many steps of the converter a bin between given ends holds, where that makes some fuller than others.
func (c *counter) uneven() (steps float64, ok bool) {
	if c.fixed == nil || c.codes == nil {
		return 0, false
	}
	edges := c.fixed.Edges(nil)
	steps = (edges[1] - edges[0]) / (c.codes.scale * float64(c.codes.step))
	return steps, steps < 10 && math.Abs(steps-math.Round(steps)) > 1e-6*steps
}

// bins returns the edges of all bins, one more than there are, and the counts.
func (c *counter) bins() (edges []float64, counts []int64) {
	c.gather()
	if c.fixed != nil {
		return c.fixed.Edges(nil), c.fixed.Counts(nil)
	}
	counts, edge, width := c.growing.Bins()
	if len(counts) == 0 {
		return nil, nil
	}
	if c.codes != nil {
		return c.codes.bins(counts, edge, width, c.most)
	}
	for i := range len(counts) + 1 {
		edges = append(edges, edge+float64(i)*width)
	}
	return edges, counts
}

// bins joins fine bins, none of which is wider than a code, to at most so many that hold as many steps as each other. The steps lie in their middle.
func (c *codes) bins(fine []int64, edge, width float64, most int) (edges []float64, counts []int64) {
	code := func(i int) int64 { return int64(math.Floor(edge + float64(i)*width)) }
	lo, hi := code(0), code(len(fine)-1)
	step := c.step
	for i, n := range fine { // values may be finer, as averages of a device are
		for n > 0 && (code(i)-lo)%step != 0 {
			step /= 2
		}
	}
	origin := lo - floorDiv(lo, step)*step
	together := max(1, ((hi-lo)/step+1)/int64(most))
	bin := func(code int64) int64 { return floorDiv(code-origin, step*together) }
	for bin(hi)-bin(lo)+1 > int64(most) {
		together++
	}
	counts = make([]int64, bin(hi)-bin(lo)+1)
	for i, n := range fine {
		counts[bin(code(i))-bin(lo)] += n
	}
	for b := bin(lo); b <= bin(hi)+1; b++ {
		edges = append(edges, (float64(origin+b*step*together)-float64(step)/2)*c.scale+c.offset)
	}
	return edges, counts
}
