package spectrum

import (
	"fmt"
)

// Welch averages the spectra of overlapping segments of a signal that comes in chunks, as scipy.signal.welch:
//
//	P[k] = average over segments of |FFT(window * (segment - trend))[k]|^2 * scale
//
// where scale is 1/(rate * sum window^2) for [Density] and 1/(sum window)^2 for [Power], twice that between 0 and half the rate. Memory is
// the same for any length of signal ([Mean]): up to 64 MB for samples that wait, 30 bytes for each value of the transform, and 32 more for each
// core; the segments of a batch where they are longer. One goroutine may use it at a time; work on full batches is shared among cores and
// finished when a call returns.
type Welch struct {
	o      Options
	window []float64
	cut    *stretches
	acc    accumulator
}

// accumulator averages segments.
type accumulator interface {
	// add takes the pending segments of s.
	add(s *stretches) error
	// result writes the average of what was taken and of what is pending in s, which is not taken.
	result(dst []float64, s *stretches) error
	reset()
}

// NewWelch makes a Welch with nothing in it. The error says what is wrong with o.
func NewWelch(o Options) (*Welch, error) {
	o, err := o.resolve()
	if err != nil {
		return nil, fmt.Errorf("make a Welch spectrum: %w", err)
	}
	w := &Welch{o: o, window: o.Window.Values(nil, o.Segment)}
	step := o.Segment - o.Overlap
	group := max(2, min(1<<20/o.FFT, 1024)) &^ 1 // pairs of segments; it must not depend on the number of cores
	// Each core has several groups of a batch, unless the samples would take more than some 30 MB: then two cores have one each, or one core.
	groups := max(1, min(2*o.Workers, max(1<<22/(group*step), min(2, 1<<24/o.FFT))))
	w.o.Workers = min(o.Workers, groups)
	w.cut = newStretches(o.Segment, step, group*groups)
	if o.Average == Median {
		w.acc = newMedianOf(w.o, w.window)
	} else {
		w.acc = newMeanOf(w.o, w.window, group)
	}
	return w, nil
}

// Add takes the samples that follow in the present stretch. src stays the caller's. The only error is a [*MemoryError], of [Median]; the
// Welch is then of no further use until Reset.
func (w *Welch) Add(src []float64) error {
	return feed(w.cut, src, func(dst, src []float64) { copy(dst, src) }, w.take)
}

// AddInt16 takes samples as they were recorded: the signal is scale*src + offset. src stays the caller's. Errors are those of [Welch.Add].
func (w *Welch) AddInt16(src []int16, scale, offset float64) error {
	return feed(w.cut, src, func(dst []float64, src []int16) { convert16(dst, src, scale, offset) }, w.take)
}

// Break ends a stretch: samples are missing between the last and the next one. No segment bridges them.
func (w *Welch) Break() { w.cut.end(0) }

// Reset forgets all samples.
func (w *Welch) Reset() {
	w.cut.reset()
	w.acc.reset()
}

// take has the complete batch averaged.
func (w *Welch) take() error {
	if err := w.acc.add(w.cut); err != nil {
		return err
	}
	w.cut.done(len(w.cut.pending))
	return nil
}

// Result returns the spectrum of what has been added. More may be added afterwards. The error is [ErrNoData], or a [*MemoryError].
//
// Where no stretch was as long as a segment, the longest of them is the segment, as SciPy does it: [Spectrum].Shortened tells so.
func (w *Welch) Result() (*Spectrum, error) {
	if w.cut.segments == 0 && len(w.cut.pending) == 0 {
		return w.shortened()
	}
	s := w.describe()
	s.Segments = w.cut.segments + int64(len(w.cut.pending))
	s.Skipped = w.cut.skipped + int64(len(w.cut.leftover()))
	return s, w.acc.result(s.Values, w.cut)
}

// describe returns a spectrum without values.
func (w *Welch) describe() *Spectrum {
	return &Spectrum{
		Values: make([]float64, w.o.bins()), Step: w.o.SampleRate / float64(w.o.FFT), NoiseBandwidth: w.o.noiseBandwidth(w.window),
		Scaling: w.o.Scaling, SampleRate: w.o.SampleRate, Window: w.o.Window, Segment: w.o.Segment, Samples: w.cut.fed,
	}
}

// shortened returns the spectrum of a signal without any segment.
func (w *Welch) shortened() (*Spectrum, error) {
	x := w.cut.whole()
	if len(x) == 0 {
		return nil, ErrNoData
	}
	o := w.o
	o.Segment, o.Overlap = len(x), NoOverlap
	if w.o.FFT == w.o.Segment {
		o.FFT = len(x)
	}
	short, err := NewWelch(o)
	if err != nil {
		return nil, err
	}
	if err := short.Add(x); err != nil {
		return nil, err
	}
	s, err := short.Result()
	if err != nil {
		return nil, err
	}
	s.Shortened, s.Samples, s.Skipped = true, w.cut.fed, w.cut.fed-int64(len(x))
	return s, nil
}

// Estimate returns Welch's spectrum of one contiguous stretch, as scipy.signal.welch(x, rate, window, segment, overlap, ...).
func Estimate(x []float64, o Options) (*Spectrum, error) {
	w, err := NewWelch(o)
	if err != nil {
		return nil, err
	}
	if err := w.Add(x); err != nil {
		return nil, err
	}
	return w.Result()
}
