package spectrum

import (
	"cmp"
	"math"
	"slices"
)

// Line is a peak of a spectrum.
type Line struct {
	Bin   int     // of the peak's greatest value
	Value float64 // there, in the spectrum's unit
	// Frequency, in Hz, is where a parabola through the logarithms of that value and its neighbours has its maximum. For a sine it is exact
	// with a Gaussian window, within 0.02 cycles per segment with Hann, and better with wider windows; FlatTop tells heights, and is off by up to
	// a quarter.
	Frequency float64
	// Power is the sum over the window's main lobe, in the square of the signal's unit: a sine of amplitude a has a^2/2, wherever it lies between
	// bins. The noise under the lobe is in it.
	Power float64
}

// Lines returns the n strongest peaks, the strongest first, fewer where there are fewer. A peak is a local maximum further from all stronger ones,
// and from 0 Hz, than half the window's main lobe; what a window leaks beyond that counts as peaks too. n <= 0 means all.
func (s *Spectrum) Lines(n int) []Line {
	lobe := s.lobe()
	var peaks []int
	for k := lobe + 1; k < len(s.Values); k++ {
		last := k == len(s.Values)-1
		if v := s.Values[k]; v > 0 && v > s.Values[k-1] && (last || v >= s.Values[k+1]) {
			peaks = append(peaks, k)
		}
	}
	slices.SortStableFunc(peaks, func(a, b int) int { return cmp.Compare(s.Values[b], s.Values[a]) })
	taken := make([]bool, len(s.Values))
	var lines []Line
	for _, k := range peaks {
		if taken[k] {
			continue
		}
		if n > 0 && len(lines) == n {
			break
		}
		from, to := max(0, k-lobe), min(len(taken), k+lobe+1)
		for i := from; i < to; i++ {
			taken[i] = true
		}
		lines = append(lines, Line{Bin: k, Value: s.Values[k], Frequency: s.interpolate(k), Power: s.power(s.Values[from:to])})
	}
	return lines
}

// Strongest is Lines with what comes before the first of them: maxima within half the window's main lobe of 0 Hz, which cannot be told from a level. Their
// Power is NaN. n <= 0 means all.
func (s *Spectrum) Strongest(n int) []Line {
	lines := s.Lines(n)
	first := min(s.lobe()+1, len(s.Values)-1)
	for _, l := range lines {
		first = min(first, l.Bin)
	}
	for k := 1; k < first; k++ {
		if v := s.Values[k]; v > s.Values[k-1] && v >= s.Values[k+1] {
			lines = append(lines, Line{Bin: k, Value: v, Frequency: s.interpolate(k), Power: math.NaN()})
		}
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(b.Value, a.Value) })
	if n > 0 {
		lines = lines[:min(n, len(lines))]
	}
	return lines
}

// interpolate returns the frequency of the peak at bin k.
func (s *Spectrum) interpolate(k int) float64 {
	f := s.Frequency(k)
	if k == 0 || k == len(s.Values)-1 {
		return f
	}
	a, b, c := math.Log(s.Values[k-1]), math.Log(s.Values[k]), math.Log(s.Values[k+1])
	if shift := 0.5 * (a - c) / (a - 2*b + c); math.Abs(shift) <= 0.5 { // not for NaN, which zeros make
		f += shift * s.Step
	}
	return f
}

// NoiseFloor returns the median of the values above 0 Hz, in the spectrum's unit: lines do not move it as long as they are few. For noise it is
// below the mean: by 1.6 dB with one segment, and by about 1.4 dB divided by their number with several. NaN where there is no value.
func (s *Spectrum) NoiseFloor() float64 {
	if len(s.Values) < 2 {
		return math.NaN()
	}
	return median(slices.Clone(s.Values[1:]))
}

// power returns the power in neighbouring values, in the square of the signal's unit.
func (s *Spectrum) power(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	if s.Scaling == Power {
		return sum * s.Step / s.NoiseBandwidth
	}
	return sum * s.Step
}

// lobe returns half the width of the window's main lobe in steps.
func (s *Spectrum) lobe() int {
	var width float64 // in cycles per segment, from the middle to the first zero
	switch s.Window.Shape {
	case Boxcar:
		width = 1
	case Blackman:
		width = 3
	case BlackmanHarris, Nuttall:
		width = 4
	case FlatTop:
		width = 5
	case Kaiser:
		width = math.Sqrt(1 + s.Window.Param*s.Window.Param/(math.Pi*math.Pi))
	case Tukey:
		width = 1 + s.Window.Param
	case Gaussian:
		// It has no zero: five times the standard deviation of its transform, 109 dB down, or the rectangle that cuts it off.
		width = max(1, 5*float64(s.Segment)/(2*math.Pi*s.Window.Param))
	default:
		width = 2
	}
	stepsPerCycle := s.SampleRate / (s.Step * float64(s.Segment))
	return int(math.Ceil(width*stepsPerCycle - 1e-9))
}
