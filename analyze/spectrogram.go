package analyze

import (
	"fmt"
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/spectrum"
	"github.com/scopelog/scopelog/outfile"
)

// Spectrogram is the operation "spectrogram": power spectra one after another, a row for each time and frequency. Its table grows with the stretch
// that is looked at, so it is limited.
type Spectrogram struct {
	Options  spectrum.Options // SampleRate is that of the stream; Segment 0: DefaultSegment, or the longest stretch where that is shorter
	MaxRows  int64            // more values are refused with an [*outfile.RowsError], or left out of a run that is followed, for a table of text; 0: no limit
	MaxCells int              // values that are kept; more is refused, or left out of a run that is followed; zero: DefaultCells

	// MostTimes and MostFrequencies bound how many there are, for pictures: the largest of the values that lie together stands for them. Not for [Follow]; zero: no bound.
	MostTimes, MostFrequencies int
}

// DefaultCells is how many values of a spectrogram are kept, 8 bytes each.
const DefaultCells = 64 << 20

// Name returns "spectrogram".
func (*Spectrogram) Name() string { return "spectrogram" }

// Heat is a spectrogram as a matrix, for drawing.
type Heat struct {
	Times []float64 // s, the middle of each segment
	Freqs []float64 // Hz
	Power []float64 // by time, then frequency: those of one time side by side
	Unit  string
}

type spectrogramState struct {
	op      *Spectrogram
	segment int
	dose    int
	src     *source
	s       *spectrum.Spectrogram
	before  int64 // samples given before the present piece
	given   int64
	heat    Heat
	most    int   // values that are kept
	more    int64 // values that were left out
	spectra int64 // of all times
	spoiled int64 // of these, which are no numbers
	piece   piece
	coarse  *coarse // nil: all values are kept
}

func (o *Spectrogram) begin(list []*source) (state, error) {
	if len(list) != 1 {
		return nil, optionError("a spectrogram is of one stream: choose it with --stream")
	}
	src := list[0]
	if src.Digital() {
		return nil, src.portError()
	}
	if src.Waveform() > 0 {
		return nil, optionError("stream %s has waveforms: a spectrogram is for streams", src.Stream.Name())
	}
	st := &spectrogramState{op: o, src: src}
	options := o.Options
	options.SampleRate, options.Segment = src.rate(), segmentFor(o.Options.Segment, list)
	st.segment, st.dose = options.Segment, doseOf(&options)
	s, err := spectrum.NewSpectrogram(options, st.column)
	if err != nil {
		return nil, &OptionError{err.Error()}
	}
	st.s = s
	st.heat.Unit = spectrum.PowerUnit(src.Unit(), options.Scaling)
	st.most = o.limit()
	if src.growing {
		if o.MaxRows > 0 { // it is not refused for its table of text, whose length nobody knows
			st.most = int(min(o.MaxRows, int64(st.most)))
		}
		return st, nil
	}
	cells := st.cells(&options)
	if o.MostTimes > 0 || o.MostFrequencies > 0 {
		frequencies := max(options.FFT, options.Segment)/2 + 1
		st.coarse = newCoarse(o, src, cells/int64(frequencies), frequencies)
		return st, nil
	}
	if cells > int64(o.limit()) {
		return nil, optionError("a spectrogram of that length has %d values, and more than %d are refused: choose a shorter stretch with --from and --until, longer segments, or less overlap",
			cells, o.limit())
	}
	if o.MaxRows > 0 && cells > o.MaxRows {
		return nil, &outfile.RowsError{Rows: cells, Most: o.MaxRows}
	}
	st.heat.Power = make([]float64, 0, cells)
	return st, nil
}

func (o *Spectrogram) limit() int {
	if o.MaxCells <= 0 {
		return DefaultCells
	}
	return o.MaxCells
}

// cells is how many values there will be.
func (s *spectrogramState) cells(o *spectrum.Options) int64 {
	var segments int64
	for _, p := range s.src.pieces() {
		if n := p.samples - int64(o.Segment); n >= 0 {
			segments += n/int64(stepOf(o)) + 1
		}
	}
	return segments * int64(max(o.FFT, o.Segment)/2+1)
}

// stepOf is how far a segment begins behind the one before.
func stepOf(o *spectrum.Options) int {
	switch o.Overlap {
	case 0:
		return o.Segment - o.Segment/2
	case spectrum.NoOverlap:
		return o.Segment
	}
	return o.Segment - o.Overlap
}

// doseOf is how many samples make segments that are transformed in some ten milliseconds, or one.
func doseOf(o *spectrum.Options) int {
	return stepOf(o) * max(1, spectrumDose/max(o.FFT, o.Segment))
}

// spectrumDose is how many values are transformed without a look at whether a spectrum is still wanted.
const spectrumDose = 1 << 20

func (s *spectrogramState) of(int) taker { return s }
func (s *spectrogramState) close()       {}
func (s *spectrogramState) lengthy()     {}
func (s *spectrogramState) atOnce() int  { return s.dose }

func (s *spectrogramState) open(p piece) error {
	if err := s.s.Flush(); err != nil {
		return err
	}
	s.s.Break(0)
	s.piece = p
	s.before = s.given
	return nil
}

func (s *spectrogramState) take(x []float64) error {
	s.given += int64(len(x))
	return s.s.Add(x)
}

func (s *spectrogramState) done() error { return s.s.Flush() }

// column takes the spectrum of a segment.
func (s *spectrogramState) column(c spectrum.Column) error {
	s.spectra++
	if slices.ContainsFunc(c.Values, math.IsNaN) {
		s.spoiled++
	}
	if s.coarse != nil {
		s.coarse.add(&s.heat, s.src.time(s.piece, c.Middle()-float64(s.before)), c)
		return nil
	}
	if len(s.heat.Power)+len(c.Values) > s.most { // of a run that is followed: else it was refused
		s.more += int64(len(c.Values))
		return nil
	}
	if s.heat.Freqs == nil {
		for k := range c.Values {
			s.heat.Freqs = append(s.heat.Freqs, float64(k)*c.Step)
		}
	}
	s.heat.Times = append(s.heat.Times, s.src.time(s.piece, c.Middle()-float64(s.before)))
	s.heat.Power = append(s.heat.Power, c.Values...)
	return nil
}

func (s *spectrogramState) result() (*Table, error) {
	if err := s.s.Flush(); err != nil {
		return nil, err
	}
	if len(s.heat.Times) == 0 {
		return nil, s.src.tooShort(s.segment)
	}
	heat := s.heat
	t := &Table{Heat: &heat, Drawn: &Drawing{Kind: DrawnHeat}, Rows: len(heat.Power)}
	t.value("time", "s")
	t.value("frequency", "Hz")
	t.value(s.src.name, heat.Unit)
	t.Columns[0].Values, t.Columns[0].Each = heat.Times, len(heat.Freqs)
	t.Columns[1].Values, t.Columns[1].Each = heat.Freqs, 1
	t.Columns[2].Values = heat.Power
	if s.more > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%s: %s behind these left out: %d are kept; longer segments or less overlap make fewer", s.src.name, count(s.more, "value"), s.most))
	}
	t.Brief = s.lines()
	return t, nil
}

// lines tells the strongest frequency of each time, which is seldom that of the first values: those are near 0 Hz.
func (s *spectrogramState) lines() *Table {
	b := &Table{Operation: "the strongest frequency of each time"}
	b.value("time", "s")
	b.value("frequency", "Hz")
	b.value(s.src.name, s.heat.Unit)
	n := len(s.heat.Freqs)
	for i, at := range s.heat.Times {
		power, k := s.heat.Power[i*n:(i+1)*n], 0
		for j, v := range power {
			if v > power[k] {
				k = j
			}
		}
		b.row(at, s.heat.Freqs[k], power[k])
	}
	return b
}
