package measure

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/internal/destination"
)

// Average is the mean and the spread of waveforms, sample by sample. Its memory is that of one waveform, however many there are.
// One goroutine uses it.
type Average struct {
	n    []int64
	mean []float64
	m2   []float64
}

// NewAverage returns an average of waveforms of so many samples.
func NewAverage(samples int) (*Average, error) {
	if samples < 1 {
		return nil, fmt.Errorf("an average of waveforms of %d samples; there must be 1 or more", samples)
	}
	return &Average{make([]int64, samples), make([]float64, samples), make([]float64, samples)}, nil
}

// Reset forgets all waveforms.
func (a *Average) Reset() {
	clear(a.n)
	clear(a.mean)
	clear(a.m2)
}

// Add takes a waveform, which may be longer or shorter than the average. Its place offset, in samples and of any sign, becomes the
// average's sample 0: with the offset of each waveform's trigger from the sample that is nominally the trigger, they are aligned.
// Values between samples are interpolated linearly, which rounds noise off a little. Samples that the waveform does not have, or
// that are NaN, are not counted. An offset that is no number panics. It does not keep x and allocates nothing.
func (a *Average) Add(x []float64, offset float64) {
	if math.IsNaN(offset) || math.IsInf(offset, 0) {
		panic(fmt.Sprintf("measure: a waveform with an offset of %v", offset))
	}
	whole := math.Floor(offset)
	if math.Abs(whole) > float64(math.MaxInt32) {
		return
	}
	f, shift := offset-whole, int(whole)
	// Sample i of the average is between samples i+shift and i+shift+1 of the waveform.
	from, to := max(0, -shift), min(len(a.n), len(x)-shift)
	for i := from; i < to; i++ {
		v := x[i+shift]
		if f > 0 {
			if i+shift+1 >= len(x) {
				return
			}
			v += f * (x[i+shift+1] - v)
		}
		if v != v {
			continue
		}
		a.n[i]++
		d := v - a.mean[i]
		a.mean[i] += d / float64(a.n[i])
		a.m2[i] += d * (v - a.mean[i])
	}
}

// Merge takes what another average of as many samples has seen; another length panics.
func (a *Average) Merge(o *Average) {
	checkLength(len(o.n), len(a.n))
	for i, nb := range o.n {
		if nb == 0 {
			continue
		}
		n, d := a.n[i]+nb, o.mean[i]-a.mean[i]
		part := float64(nb) / float64(n)
		a.m2[i] += o.m2[i] + d*d*float64(a.n[i])*part
		a.mean[i] += d * part
		a.n[i] = n
	}
}

// Len is the number of samples.
func (a *Average) Len() int { return len(a.n) }

// Counts is how many waveforms each sample has had: nil allocates, a wrong length panics.
func (a *Average) Counts(dst []int64) []int64 {
	dst = destination.Of(dst, len(a.n), "measure")
	copy(dst, a.n)
	return dst
}

// Mean is the mean of each sample, NaN where there was none (numpy.nanmean over the waveforms): nil allocates, a wrong length panics.
func (a *Average) Mean(dst []float64) []float64 {
	return a.each(dst, func(i int) float64 { return a.mean[i] })
}

// Std is the population standard deviation of each sample (numpy.nanstd): nil allocates, a wrong length panics.
func (a *Average) Std(dst []float64) []float64 {
	return a.each(dst, func(i int) float64 { return math.Sqrt(a.m2[i] / float64(a.n[i])) })
}

func (a *Average) each(dst []float64, of func(i int) float64) []float64 {
	dst = destination.Of(dst, len(a.n), "measure")
	for i := range dst {
		dst[i] = math.NaN()
		if a.n[i] > 0 {
			dst[i] = of(i)
		}
	}
	return dst
}

func checkLength(got, want int) {
	if got != want {
		panic(fmt.Sprintf("measure: %d elements for %d", got, want))
	}
}
