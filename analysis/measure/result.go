package measure

import "github.com/scopelog/scopelog/analysis/stats"

// Result is what was measured of a signal so far.
type Result struct {
	Levels          Levels
	Signal          stats.Moments // of all samples
	NaN             int64         // samples that are NaN
	Rising, Falling int64         // edges
	each            [quantities]stats.Moments
}

// Of is number, mean, extremes and standard deviation of a quantity; the number is 0 when it was never measured.
func (r *Result) Of(q Quantity) stats.Moments { return r.each[q] }

// Frequency is the number of cycles divided by the time that they took, in Hz: 1 / mean period. NaN without a whole cycle.
func (r *Result) Frequency() float64 { return 1 / r.each[Period].Mean() }
