package correlate

import "math"

// Correlation is a cross-correlation at lags one sample apart.
type Correlation struct {
	// Values[i] is the sum over n of u[n+lag] v[n], divided by the norm, for lag = First + i. It belongs to the caller.
	Values []float64
	First  int   // lag of Values[0], in samples
	U, V   int64 // samples of each signal
	Gaps   int64 // breaks between samples
}

// Lag returns the lag of Values[i] in samples. Where u is v, later by d, the peak is at lag d.
func (c *Correlation) Lag(i int) int { return c.First + i }

// Peak is an extreme of a correlation.
type Peak struct {
	Lag   int     // in samples
	Value float64 // at Lag
	// Position is where a parabola through Value and its neighbours has its extreme, within half a sample of Lag, and Height is its value there.
	// At either end, and beside values that are not finite, they are Lag and Value.
	//
	// The parabola is exact for a parabola only. For signals that hold no more than a tenth of the sample rate it is right to about a
	// hundredth of a sample; for wider ones it leans to Lag, by up to a tenth of a sample.
	Position, Height float64
}

// Peak returns the greatest value, the one at the least lag where several are as great (numpy.argmax).
func (c *Correlation) Peak() Peak {
	return c.extreme(func(v float64) float64 { return v })
}

// PeakMagnitude returns the value that is furthest from 0, to find a signal that may be inverted: Value tells by its sign.
func (c *Correlation) PeakMagnitude() Peak {
	return c.extreme(math.Abs)
}

// extreme returns the first value of the greatest size. NaN is no size.
func (c *Correlation) extreme(size func(float64) float64) Peak {
	best := -1
	for i, v := range c.Values {
		if !math.IsNaN(v) && (best < 0 || size(v) > size(c.Values[best])) {
			best = i
		}
	}
	if best < 0 {
		return Peak{Value: math.NaN(), Position: math.NaN(), Height: math.NaN()}
	}
	p := Peak{Lag: c.First + best, Value: c.Values[best], Position: float64(c.First + best), Height: c.Values[best]}
	if best == 0 || best == len(c.Values)-1 {
		return p
	}
	a, b, d := c.Values[best-1], c.Values[best], c.Values[best+1]
	shift := 0.5 * (a - d) / (a - 2*b + d)
	if math.Abs(shift) <= 0.5 { // not for NaN, and 0/0 of a plateau
		p.Position += shift
		p.Height = b - 0.25*(a-d)*shift
	}
	return p
}
