package stats

import (
	"math"
	"math/big"
)

// codeCount is how many values an int16 has, and codeZero where 0 lies among them.
const (
	codeCount = 1 << 16
	codeZero  = 1 << 15
)

// Codes is the exact histogram of converter counts: one bin for each value of an int16. What is computed from it is exact but for
// the last rounding. It needs 512 KiB. Use [NewCodes].
type Codes struct{ counts []int64 }

// NewCodes returns an empty histogram.
func NewCodes() *Codes { return &Codes{counts: make([]int64, codeCount)} }

// Reset sets all counts to 0.
func (c *Codes) Reset() { clear(c.counts) }

// Add counts samples. It does not keep x and allocates nothing.
func (c *Codes) Add(x []int16) {
	counts := (*[codeCount]int64)(c.counts)
	for _, v := range x {
		counts[uint16(v)^codeZero]++
	}
}

// Merge adds the counts of another histogram.
func (c *Codes) Merge(o *Codes) {
	for i, n := range o.counts {
		c.counts[i] += n
	}
}

// Count is how often a value was there.
func (c *Codes) Count(code int16) int64 { return c.counts[int(code)+codeZero] }

// N is the number of samples.
func (c *Codes) N() int64 { t := c.tally(); return t.n() }

// Bins are the counts from the smallest to the largest value and the smallest value. The slice belongs to the histogram and is
// valid until it is next changed; it is empty when there is no sample.
func (c *Codes) Bins() (counts []int64, first int16) {
	from, to := 0, codeCount-1
	for from < codeCount && c.counts[from] == 0 {
		from++
	}
	if from == codeCount {
		return nil, 0
	}
	for c.counts[to] == 0 {
		to--
	}
	return c.counts[from : to+1], int16(from - codeZero)
}

// Moments are those of the values scale x count + offset, from exact sums.
func (c *Codes) Moments(scale, offset float64) Moments {
	counts, first := c.Bins()
	if len(counts) == 0 {
		return Moments{}
	}
	var sum, squares, n big.Int
	var t, v big.Int
	for i, k := range counts {
		if k == 0 {
			continue
		}
		v.SetInt64(int64(first) + int64(i))
		n.Add(&n, t.SetInt64(k))
		t.Mul(&t, &v)
		sum.Add(&sum, &t)
		squares.Add(&squares, t.Mul(&t, &v))
	}
	// sum of (v - mean)^2 = squares - sum^2 / n
	m2 := new(big.Rat).SetFrac(new(big.Int).Sub(new(big.Int).Mul(&squares, &n), new(big.Int).Mul(&sum, &sum)), &n)
	m2f, _ := m2.Float64()
	mean, _ := new(big.Rat).SetFrac(&sum, &n).Float64()
	lo, hi := scale*float64(first)+offset, scale*float64(int(first)+len(counts)-1)+offset
	return Moments{n: n.Int64(), min: min(lo, hi), max: max(lo, hi), mean: scale*mean + offset, m2: scale * scale * m2f}
}

// Percentile is the count at p percent by linear interpolation of the order statistics (numpy.percentile); NaN when there are no
// samples or p is not from 0 to 100. It is exact.
func (c *Codes) Percentile(p float64) float64 {
	t := c.tally()
	v, _ := t.percentile(p)
	return v
}

// tally has intervals without a width, so that its percentiles are exact.
func (c *Codes) tally() tally {
	counts, first := c.Bins()
	t := tally{counts: counts, min: math.Inf(-1), max: math.Inf(1)}
	t.exact = func(i int) float64 { return float64(int(first) + i) }
	return t
}
