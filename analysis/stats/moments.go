package stats

import "math"

// Moments holds number, extremes, mean and standard deviation of single values, by Welford's recurrence with a compensated mean.
// The zero value is empty. It is a plain value: a copy is independent.
type Moments struct {
	n        int64
	min, max float64
	mean     float64
	low      float64 // what rounding took from mean
	m2       float64 // sum of the squared deviations from the mean
	lowM2    float64
}

// Add takes one value. NaN is ignored. An infinite value makes mean, RMS and standard deviations NaN.
func (m *Moments) Add(v float64) {
	if v != v {
		return
	}
	if m.n == 0 {
		m.min, m.max = v, v
	}
	m.min, m.max = min(m.min, v), max(m.max, v)
	m.n++
	delta := (v - m.mean) - m.low
	m.mean, m.low = compensate(m.mean, m.low, delta/float64(m.n))
	m.m2, m.lowM2 = compensate(m.m2, m.lowM2, delta*((v-m.mean)-m.low))
}

// Merge takes what another Moments has seen, as if it had been added here (Chan's formula, to rounding).
func (m *Moments) Merge(o Moments) {
	if o.n == 0 {
		return
	}
	if m.n == 0 {
		*m = o
		return
	}
	m.min, m.max = min(m.min, o.min), max(m.max, o.max)
	na, nb := float64(m.n), float64(o.n)
	delta := (o.mean - m.mean) + (o.low - m.low)
	m.n += o.n
	m.mean, m.low = compensate(m.mean, m.low, delta*(nb/(na+nb)))
	m.m2, m.lowM2 = compensate(m.m2, m.lowM2, delta*delta*(na*(nb/(na+nb))))
	m.m2, m.lowM2 = compensate(m.m2, m.lowM2, o.m2)
	m.lowM2 += o.lowM2
}

// N is the number of values.
func (m Moments) N() int64 { return m.n }

// Min is the smallest value, NaN when there is none (numpy.nanmin).
func (m Moments) Min() float64 { return m.orNaN(m.min) }

// Max is the largest value, NaN when there is none (numpy.nanmax).
func (m Moments) Max() float64 { return m.orNaN(m.max) }

// PeakToPeak is Max - Min.
func (m Moments) PeakToPeak() float64 { return m.orNaN(m.max - m.min) }

// Mean is the arithmetic mean, NaN when there is no value (numpy.nanmean).
func (m Moments) Mean() float64 { return m.orNaN(m.mean + m.low) }

// RMS is sqrt(mean of v^2), NaN when there is no value.
func (m Moments) RMS() float64 {
	mean := m.Mean()
	return math.Sqrt(mean*mean + m.squares()/float64(m.n))
}

// Std is the standard deviation of the population, sqrt(sum (v - mean)^2 / n), NaN when there is no value (numpy.nanstd).
func (m Moments) Std() float64 { return m.orNaN(math.Sqrt(m.squares() / float64(m.n))) }

// SampleStd is the standard deviation of a sample, sqrt(sum (v - mean)^2 / (n-1)), NaN for fewer than two values
// (numpy.nanstd with ddof=1).
func (m Moments) SampleStd() float64 {
	if m.n < 2 {
		return math.NaN()
	}
	return math.Sqrt(m.squares() / float64(m.n-1))
}

func (m Moments) squares() float64 { return m.m2 + m.lowM2 }

func (m Moments) orNaN(v float64) float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return v
}

// compensate adds v to the sum whose rounding so far is low (Neumaier).
func compensate(sum, low, v float64) (float64, float64) {
	t := sum + v
	if math.Abs(sum) >= math.Abs(v) {
		low += (sum - t) + v
	} else {
		low += (v - t) + sum
	}
	return t, low
}
