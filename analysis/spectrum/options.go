package spectrum

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/internal/parallel"
)

// MaxSegment is the greatest length of a segment and of its transform.
const MaxSegment = 1 << 24

// NoOverlap, as [Options].Overlap, makes each segment begin where the one before ends.
const NoOverlap = -1

// Detrend says what is subtracted from each segment before its window.
type Detrend int

// What can be subtracted: the segment's mean, a straight line fitted by least squares, or nothing.
const (
	Constant Detrend = iota
	Linear
	NoDetrend
)

// Scaling says what the values of a spectrum are.
type Scaling int

// Density is power per bandwidth, V^2/Hz for a signal in V: for noise. Power is the power of a sine at that frequency, V^2: for lines;
// scipy.signal calls it "spectrum".
const (
	Density Scaling = iota
	Power
)

// Average says what becomes of the spectra of segments.
type Average int

// Mean is Welch's method. Median is robust against segments with bursts in them; its bias for noise is corrected as SciPy does it. It
// needs the spectra of all segments at the same time.
const (
	Mean Average = iota
	Median
)

// Options are the parameters of a spectrum. The zero value is scipy.signal.welch without parameters.
type Options struct {
	SampleRate float64 // samples per second, in Hz; 0: 1
	Window     Window
	Segment    int // samples of a segment (nperseg), up to MaxSegment; 0: 256
	Overlap    int // samples that neighbours share (noverlap), less than Segment; 0: half of Segment; NoOverlap: none
	FFT        int // length of the transform (nfft), zeros after the segment; 0: Segment
	Detrend    Detrend
	Scaling    Scaling
	Average    Average
	// MemoryLimit is what Median may keep, in bytes; 0: 1 GiB. The spectrum of a segment takes 8 bytes for each frequency.
	MemoryLimit int64
	Workers     int // goroutines at the same time; 0: as many as cores (GOMAXPROCS)
}

// resolve returns o with the defaults filled in, or what is wrong.
func (o Options) resolve() (Options, error) {
	if o.SampleRate == 0 {
		o.SampleRate = 1
	}
	if o.Segment == 0 {
		o.Segment = 256
	}
	if o.FFT == 0 {
		o.FFT = o.Segment
	}
	if o.MemoryLimit == 0 {
		o.MemoryLimit = 1 << 30
	}
	o.Workers = parallel.Workers(o.Workers)
	if err := o.Window.Check(); err != nil {
		return o, err
	}
	switch {
	case !(o.SampleRate > 0) || math.IsInf(o.SampleRate, 0):
		return o, fmt.Errorf("a sample rate of %v Hz: it is a number above 0", o.SampleRate)
	case o.Segment < 0 || o.Segment > MaxSegment:
		return o, fmt.Errorf("a segment of %d samples: it has 1 to %d", o.Segment, MaxSegment)
	case o.Overlap >= o.Segment:
		return o, fmt.Errorf("an overlap of %d samples is not less than the segment of %d: give at most %d", o.Overlap, o.Segment, o.Segment-1)
	case o.Overlap < NoOverlap:
		return o, fmt.Errorf("an overlap of %d samples: it is 0 (half a segment) to %d, or NoOverlap", o.Overlap, o.Segment-1)
	case o.FFT < o.Segment || o.FFT > MaxSegment:
		return o, fmt.Errorf("a transform of %d values for segments of %d samples: it has %d to %d", o.FFT, o.Segment, o.Segment, MaxSegment)
	case o.Detrend < Constant || o.Detrend > NoDetrend:
		return o, fmt.Errorf("there is no detrending %d", o.Detrend)
	case o.Scaling < Density || o.Scaling > Power:
		return o, fmt.Errorf("there is no scaling %d", o.Scaling)
	case o.Average < Mean || o.Average > Median:
		return o, fmt.Errorf("there is no average %d", o.Average)
	case o.MemoryLimit < 0:
		return o, fmt.Errorf("a memory limit of %d bytes: it is 0 (1 GiB) or more", o.MemoryLimit)
	}
	switch o.Overlap {
	case 0:
		o.Overlap = o.Segment / 2
	case NoOverlap:
		o.Overlap = 0
	}
	return o, nil
}

// bins returns the number of frequencies from 0 to half the sample rate.
func (o Options) bins() int { return o.FFT/2 + 1 }

// factor returns what the square of a coefficient is multiplied by, both sides of the spectrum counted.
func (o Options) factor(window []float64) float64 {
	sum, squares := sums(window)
	if o.Scaling == Power {
		return 1 / (sum * sum)
	}
	return 1 / (o.SampleRate * squares)
}

// noiseBandwidth returns the bandwidth in Hz of a rectangular filter that lets through as much noise as the window's.
func (o Options) noiseBandwidth(window []float64) float64 {
	sum, squares := sums(window)
	return o.SampleRate * squares / (sum * sum)
}

func sums(window []float64) (sum, squares float64) {
	for _, w := range window {
		sum += w
		squares += w * w
	}
	return sum, squares
}
