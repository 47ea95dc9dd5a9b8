package correlate

import (
	"fmt"
	"math"
)

// Correlator correlates two signals that come in chunks, up to a greatest lag, as scipy.signal.correlate(u, v, "full", "fft") at those lags.
// Memory is the same for any length of signals. One goroutine may use it at a time; the work is shared among cores and finished when a call
// returns.
type Correlator struct {
	o       Options
	blocks  *blocks
	u, v    *side
	n       int64 // samples of each signal
	stretch int   // of them in this stretch, up to the greatest lag
	longest int   // the same of the longest stretch before
	gaps    int64
	begun   bool
	pilot   [2]float64 // subtracted from u and v, if their mean will be: the first sample, so that what is left is small

	partU, partV []float64 // what Add is working on
	write        func(u, v []float64, from int)
}

// NewCorrelator makes a Correlator with nothing in it. MaxLag must not be 0. The error says what is wrong with o.
func NewCorrelator(o Options) (*Correlator, error) {
	o, err := o.resolve()
	if err == nil && o.MaxLag == 0 {
		err = fmt.Errorf("a signal of any length needs a greatest lag: 1 to %d samples", MaxLag)
	}
	if err != nil {
		return nil, fmt.Errorf("make a correlator: %w", err)
	}
	sums := o.RemoveMean || o.Norm == Overlap
	c := &Correlator{o: o, blocks: newBlocks(o.MaxLag, o.Workers), u: newSide(o.MaxLag, sums), v: newSide(o.MaxLag, sums)}
	c.write = func(u, v []float64, from int) {
		for i := range u {
			u[i], v[i] = c.partU[from+i]-c.pilot[0], c.partV[from+i]-c.pilot[1]
		}
		c.u.add(u)
		c.v.add(v)
	}
	return c, nil
}

// Add takes the samples that follow in the present stretch; u[i] and v[i] are of the same time. The slices stay the caller's. The error is
// [ErrLengths]; then nothing was taken.
func (c *Correlator) Add(u, v []float64) error {
	if len(u) != len(v) {
		return fmt.Errorf("correlate %d samples with %d: %w", len(u), len(v), ErrLengths)
	}
	if len(u) == 0 {
		return nil
	}
	if !c.begun && c.o.RemoveMean {
		c.pilot = [2]float64{u[0], v[0]}
	}
	c.begun = true
	c.n += int64(len(u))
	c.stretch = min(c.stretch+len(u), c.o.MaxLag+1)
	c.partU, c.partV = u, v
	c.blocks.feed(len(u), c.write)
	c.partU, c.partV = nil, nil
	return nil
}

// Break ends a stretch: samples are missing in one or both signals before the next ones. Samples on both sides of a gap are not multiplied.
// It takes as much time as MaxLag samples do: where stretches are short, such as rapid blocks, give a greatest lag that is not longer.
func (c *Correlator) Break() {
	if c.stretch == 0 {
		return
	}
	// Zeros between stretches, as many as the greatest lag, keep them apart.
	c.blocks.feed(c.o.MaxLag, func(u, v []float64, _ int) {
		clear(u)
		clear(v)
	})
	c.u.end()
	c.v.end()
	c.longest = max(c.longest, c.stretch)
	c.stretch = 0
	c.gaps++
}

// Reset forgets all samples.
func (c *Correlator) Reset() {
	c.blocks.reset()
	c.u.reset()
	c.v.reset()
	c.n, c.stretch, c.longest, c.gaps, c.begun, c.pilot = 0, 0, 0, 0, false, [2]float64{}
}

// Result returns the correlation of what has been added, at the lags up to the greatest, or to the length of the longest stretch less one. More
// may be added afterwards. The error is [ErrNoData].
func (c *Correlator) Result() (*Correlation, error) {
	if c.n == 0 {
		return nil, ErrNoData
	}
	last := max(c.longest, c.stretch) - 1
	r := &Correlation{Values: c.blocks.values(-last, last), First: -last, U: c.n, V: c.n, Gaps: c.gaps}
	if c.stretch == 0 && c.gaps > 0 {
		r.Gaps-- // nothing has come after it
	}
	u, v := c.u.clone(), c.v.clone()
	u.end()
	v.end()
	c.finish(r, u, v)
	return r, nil
}

// finish subtracts what the means add to the sums of products, and divides by the norm.
func (c *Correlator) finish(r *Correlation, u, v *side) {
	mu, mv := 0.0, 0.0
	if c.o.RemoveMean {
		mu, mv = u.mean(), v.mean()
		for i := range r.Values {
			k := r.Lag(i)
			a, b := u.at(k), v.at(-k)
			r.Values[i] += a.n*mu*mv - mu*b.sum - mv*a.sum
		}
	}
	switch c.o.Norm {
	case Energy:
		energy := root(u.total.centred(mu), v.total.centred(mv))
		for i := range r.Values {
			r.Values[i] = coefficient(r.Values[i], energy)
		}
	case Overlap:
		for i := range r.Values {
			k := r.Lag(i)
			a, b := u.at(k), v.at(-k)
			r.Values[i] = coefficient(r.Values[i], root(a.centred(mu), b.centred(mv)))
		}
	}
}

func root(a, b float64) float64 { return math.Sqrt(a) * math.Sqrt(b) }

// coefficient returns r/energy, which rounding may not take out of -1 to 1; 0 where a signal has no energy.
func coefficient(r, energy float64) float64 {
	if energy == 0 {
		return 0
	}
	q := r / energy
	if q > 1 {
		return 1
	}
	if q < -1 {
		return -1
	}
	return q
}
