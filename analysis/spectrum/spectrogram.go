package spectrum

import (
	"errors"
	"fmt"

	"github.com/scopelog/scopelog/analysis/internal/parallel"
)

// Column is the spectrum of one segment of a spectrogram.
type Column struct {
	First   int64     // the segment's first sample: how many were added, or missing, before it
	Segment int       // samples of the segment
	Gaps    int64     // how many gaps were before it: columns with the same number belong together
	Values  []float64 // at the frequencies 0, Step, 2 Step ...; valid until the function that was given it returns
	Step    float64   // Hz
}

// Middle returns the middle of the segment in samples from the beginning; divided by the rate it is the time that scipy.signal.spectrogram
// gives the column.
func (c *Column) Middle() float64 { return float64(c.First) + float64(c.Segment)/2 }

// Spectrogram computes the spectra of overlapping segments of a signal that comes in chunks, one after another, as
// scipy.signal.spectrogram(..., mode="psd"); [Welch] has the formula. SciPy's own defaults are Window{Tukey, 0.25} and an overlap of an eighth
// of the segment; here they are those of Welch. Segments that a stretch does not fill are left out. Memory is constant. One goroutine may
// use it at a time; the spectra of a batch are shared among cores, and that work is over when a call returns.
type Spectrogram struct {
	o      Options
	cut    *stretches
	column func(Column) error
	cores  []*single
	rows   [][]float64
	turn   func(worker, i int) // computes row i; made once, since each would be an allocation
}

// NewSpectrogram makes a Spectrogram that hands columns to the given function in order. The function is called on the goroutine that calls
// Add, AddInt16 or Flush, before these return; its error ends them and is what they return. It must not call methods of the Spectrogram.
// The error of NewSpectrogram says what is wrong with o; [Options].Average has to be Mean, though nothing is averaged.
func NewSpectrogram(o Options, column func(Column) error) (*Spectrogram, error) {
	o, err := o.resolve()
	if err == nil && o.Average != Mean {
		err = errors.New("its columns are not averaged, so there is no median")
	}
	if err != nil {
		return nil, fmt.Errorf("make a spectrogram: %w", err)
	}
	o.Workers = min(o.Workers, max(1, 1<<26/o.FFT)) // each has a transform of its own
	s := &Spectrogram{o: o, column: column, cores: newSingles(o, o.Window.Values(nil, o.Segment))}
	batch := max(1, min(1<<20/o.FFT, 1024)) * min(4, o.Workers)
	s.cut = newStretches(o.Segment, o.Segment-o.Overlap, batch)
	s.turn = func(worker, i int) { s.cores[worker].power(s.rows[i], s.cut.at(i)) }
	return s, nil
}

// Add takes the samples that follow in the present stretch. src stays the caller's, and is not read after Add returns. Errors are those of the
// function for columns.
func (s *Spectrogram) Add(src []float64) error {
	return feed(s.cut, src, func(dst, src []float64) { copy(dst, src) }, s.Flush)
}

// AddInt16 takes samples as they were recorded: the signal is scale*src + offset. src stays the caller's. Errors are those of the function
// for columns.
func (s *Spectrogram) AddInt16(src []int16, scale, offset float64) error {
	return feed(s.cut, src, func(dst []float64, src []int16) { convert16(dst, src, scale, offset) }, s.Flush)
}

// Break ends a stretch: samples are missing between the last and the next one, as many as given; 0 where nobody knows. No segment bridges
// them.
func (s *Spectrogram) Break(missing int64) { s.cut.end(missing) }

// Flush hands over the columns of all whole segments that have been added. More may be added afterwards, and goes on in the same stretch.
// Call it at the end, and while a signal is watched; Add does it from time to time.
func (s *Spectrogram) Flush() error {
	n := len(s.cut.pending)
	for len(s.rows) < n {
		s.rows = append(s.rows, make([]float64, s.o.bins()))
	}
	parallel.For(len(s.cores), n, s.turn)
	c := Column{Segment: s.o.Segment, Step: s.o.SampleRate / float64(s.o.FFT)}
	for i, p := range s.cut.pending {
		c.First, c.Gaps, c.Values = p.first, p.gaps, s.rows[i]
		if err := s.column(c); err != nil {
			return err
		}
	}
	s.cut.done(n)
	return nil
}

// Skipped returns how many samples no column holds: the ends of stretches, the present one included, and stretches shorter than a segment.
func (s *Spectrogram) Skipped() int64 { return s.cut.skipped + int64(len(s.cut.leftover())) }

// Reset forgets all samples.
func (s *Spectrogram) Reset() { s.cut.reset() }
