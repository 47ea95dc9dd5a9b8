package measure

import (
	"fmt"
	"math"
	"slices"
)

// Series is one figure over several rounds. The zero value is empty.
type Series []float64

// Add appends a round's figure.
func (s *Series) Add(x float64) { *s = append(*s, x) }

// Median is the middle figure, NaN without any.
func (s Series) Median() float64 { return s.Quantile(0.5) }

// Quantile is the figure below or at which a share q (0 to 1) of all lies: of an even number the middle of two for the
// median, else the nearest rank. NaN without any.
func (s Series) Quantile(q float64) float64 {
	n := len(s)
	if n == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(s))
	if q == 0.5 && n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	rank := int(math.Ceil(q*float64(n))) - 1
	return sorted[min(max(rank, 0), n-1)]
}

// Max is the largest figure, NaN without any.
func (s Series) Max() float64 { return s.Quantile(1) }

// Over divides figure by figure, round by round, as far as both have rounds.
func (s Series) Over(t Series) Series {
	out := make(Series, min(len(s), len(t)))
	for i := range out {
		out[i] = s[i] / t[i]
	}
	return out
}

// Minus subtracts figure by figure, round by round, as far as both have rounds.
func (s Series) Minus(t Series) Series {
	out := make(Series, min(len(s), len(t)))
	for i := range out {
		out[i] = s[i] - t[i]
	}
	return out
}

// Format prints the median and, where there are several rounds, the least and the largest figure, each with a verb.
func (s Series) Format(verb string) string {
	if len(s) == 0 {
		return "-"
	}
	text := fmt.Sprintf(verb, s.Median())
	if len(s) > 1 {
		text += fmt.Sprintf(" ("+verb+".."+verb+")", s.Quantile(0), s.Max())
	}
	return text
}
