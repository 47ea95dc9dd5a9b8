package stats

import "math"

// blockLen is how many samples are summed before they are merged. Blocks begin at the first sample and after each break, so that
// results do not depend on how the signal is cut into pieces.
const blockLen = 1024

// Summary holds the moments of a signal, the places of its extremes and the number of NaN in it. The zero value is ready.
//
// Sums are made of blocks of 1024 samples, each about its own mean, and merged with compensation: the error of mean and standard
// deviation does not grow with the number of samples.
type Summary struct {
	m            Moments
	minAt, maxAt int64
	nan          int64
	next         int64 // index of the sample that follows
	buf          [blockLen]float64
	held         int // samples in buf
	shared       []blockSum
}

// Of returns the summary of a slice.
func Of(x []float64) *Summary {
	s := new(Summary)
	s.Add(x)
	return s
}

// Reset forgets everything; the next sample has index 0.
func (s *Summary) Reset() { *s = Summary{} }

// Break says that the next sample has another index than the one behind the last: samples are missing. Before the first sample it
// says where the signal begins.
func (s *Summary) Break(next int64) {
	s.settle()
	s.next = next
}

// Add takes the samples that follow. It does not keep x and allocates nothing.
func (s *Summary) Add(x []float64) {
	for len(x) > 0 {
		if s.held == 0 && len(x) >= blockLen {
			s.block(x[:blockLen], s.next)
			s.next, x = s.next+blockLen, x[blockLen:]
			continue
		}
		n := copy(s.buf[s.held:], x)
		s.held, s.next, x = s.held+n, s.next+int64(n), x[n:]
		if s.held == blockLen {
			s.settle()
		}
	}
}

// Merge takes what follows this signal, summed elsewhere. Its places must have been given to it by [Summary.Break]. Equal extremes
// stay at the place in this one.
func (s *Summary) Merge(o *Summary) {
	s.settle()
	b := o.settled()
	if b.m.n > 0 {
		if s.m.n == 0 || b.m.min < s.m.min {
			s.minAt = b.minAt
		}
		if s.m.n == 0 || b.m.max > s.m.max {
			s.maxAt = b.maxAt
		}
	}
	s.m.Merge(b.m)
	s.nan += b.nan
	s.next = b.next
}

// Moments are those of all samples so far.
func (s *Summary) Moments() Moments {
	return s.settled().m
}

// N is the number of samples that are not NaN.
func (s *Summary) N() int64 { return s.Moments().N() }

// NaN is the number of samples that are NaN.
func (s *Summary) NaN() int64 { return s.settled().nan }

// Min is the smallest sample and the index of the first one that is it (numpy.nanargmin); NaN and -1 when there is none.
func (s *Summary) Min() (value float64, at int64) {
	t := s.settled()
	if t.m.n == 0 {
		return math.NaN(), -1
	}
	return t.m.min, t.minAt
}

// Max is the largest sample and the index of the first one that is it (numpy.nanargmax); NaN and -1 when there is none.
func (s *Summary) Max() (value float64, at int64) {
	t := s.settled()
	if t.m.n == 0 {
		return math.NaN(), -1
	}
	return t.m.max, t.maxAt
}

// Mean is [Moments.Mean].
func (s *Summary) Mean() float64 { return s.Moments().Mean() }

// RMS is [Moments.RMS].
func (s *Summary) RMS() float64 { return s.Moments().RMS() }

// Std is [Moments.Std].
func (s *Summary) Std() float64 { return s.Moments().Std() }

// SampleStd is [Moments.SampleStd].
func (s *Summary) SampleStd() float64 { return s.Moments().SampleStd() }

// totals is a summary without a block in the making.
type totals struct {
	m            Moments
	minAt, maxAt int64
	nan, next    int64
}

// settled is the summary with the samples that are held, which stay held.
func (s *Summary) settled() totals {
	if s.held == 0 {
		return totals{s.m, s.minAt, s.maxAt, s.nan, s.next}
	}
	var t Summary
	t.m, t.minAt, t.maxAt, t.nan, t.next = s.m, s.minAt, s.maxAt, s.nan, s.next
	t.held = copy(t.buf[:], s.buf[:s.held])
	t.settle()
	return totals{t.m, t.minAt, t.maxAt, t.nan, t.next}
}

// settle merges the samples that are held.
func (s *Summary) settle() {
	if s.held > 0 {
		s.block(s.buf[:s.held], s.next-int64(s.held))
		s.held = 0
	}
}

// block merges up to blockLen samples, the first of which has index at.
func (s *Summary) block(x []float64, at int64) {
	b := sumBlock(x)
	s.take(&b, x, at)
}

// blockSum is what a block of samples adds to a summary.
type blockSum struct {
	m   Moments
	nan int64
}

func sumBlock(x []float64) blockSum {
	lo, hi, sum := sumOf(x)
	if sum != sum {
		return sumSpoiled(x, lo, hi)
	}
	return blockSum{m: momentsOf(x, lo, hi, sum)}
}

// sumSpoiled is sumBlock where there may be NaN among the samples.
func sumSpoiled(x []float64, lo, hi float64) blockSum {
	var clean [blockLen]float64
	n := 0
	for _, v := range x {
		if v == v {
			clean[n] = v
			n++
		}
	}
	b := blockSum{nan: int64(len(x) - n)}
	if n > 0 {
		_, _, sum := sumOf(clean[:n])
		b.m = momentsOf(clean[:n], lo, hi, sum)
	}
	return b
}

func momentsOf(x []float64, lo, hi, sum float64) Moments {
	n := float64(len(x))
	mean := sum / n
	d, d2 := deviations(x, mean)
	return Moments{n: int64(len(x)), min: lo, max: hi, mean: mean, low: d / n, m2: max(d2-d*d/n, 0)}
}

// take merges the block x, the first sample of which has index at.
func (s *Summary) take(b *blockSum, x []float64, at int64) {
	s.nan += b.nan
	if b.m.n == 0 {
		return
	}
	if s.m.n == 0 || b.m.min < s.m.min {
		s.minAt = at + indexOf(x, b.m.min)
	}
	if s.m.n == 0 || b.m.max > s.m.max {
		s.maxAt = at + indexOf(x, b.m.max)
	}
	s.m.Merge(b.m)
}

// sumOf returns extremes, without NaN, and the sum of samples.
func sumOf(x []float64) (lo, hi, sum float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a, b, c, d := x[i], x[i+1], x[i+2], x[i+3]
		s0, s1, s2, s3 = s0+a, s1+b, s2+c, s3+d
		if a < lo {
			lo = a
		}
		if a > hi {
			hi = a
		}
		if b < lo {
			lo = b
		}
		if b > hi {
			hi = b
		}
		if c < lo {
			lo = c
		}
		if c > hi {
			hi = c
		}
		if d < lo {
			lo = d
		}
		if d > hi {
			hi = d
		}
	}
	for ; i < len(x); i++ {
		s0 += x[i]
		if x[i] < lo {
			lo = x[i]
		}
		if x[i] > hi {
			hi = x[i]
		}
	}
	return lo, hi, (s0 + s1) + (s2 + s3)
}

// deviations returns the sums of x - mean and of its square.
func deviations(x []float64, mean float64) (sum, squares float64) {
	var s0, s1, q0, q1, q2, q3 float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a, b, c, d := x[i]-mean, x[i+1]-mean, x[i+2]-mean, x[i+3]-mean
		s0, s1 = s0+(a+b), s1+(c+d)
		q0, q1, q2, q3 = q0+a*a, q1+b*b, q2+c*c, q3+d*d
	}
	for ; i < len(x); i++ {
		a := x[i] - mean
		s0, q0 = s0+a, q0+a*a
	}
	return s0 + s1, (q0 + q1) + (q2 + q3)
}

func indexOf(x []float64, v float64) int64 {
	for i := range x {
		if x[i] == v {
			return int64(i)
		}
	}
	return 0
}
