package analyze

import (
	"github.com/scopelog/scopelog/analysis/spectrum"
)

// Spectrogram is the operation "spectrogram": power spectra one after another, a row for each time and frequency. Its table grows with the stretch
// that is looked at, so it is limited.
type Spectrogram struct {
	Options  spectrum.Options // SampleRate is that of the stream; Segment 0: DefaultSegment, or the longest stretch where that is shorter
	MaxCells int              // values that are kept; more is refused; zero: DefaultCells
}

// DefaultCells is how many values of a spectrogram are kept, 8 bytes each.
const DefaultCells = 64 << 20

// Name returns "spectrogram".
func (*Spectrogram) Name() string { return "spectrogram" }

// Heat is a spectrogram as a matrix, for drawing.
type Heat struct {
	Times []float64   // s, the middle of each column
	Freqs []float64   // Hz
	Power [][]float64 // by time, then frequency
	Unit  string
}

type spectrogramState struct {
	op      *Spectrogram
	segment int
	src     *source
	s       *spectrum.Spectrogram
	before  int64 // samples given before the present piece
	given   int64
	heat    Heat
	cells   int
	piece   piece
}

func (o *Spectrogram) begin(list []*source) (state, error) {
	if len(list) != 1 {
		return nil, optionError("a spectrogram is of one stream: choose it with --stream")
	}
	src := list[0]
	if src.Digital() {
		return nil, &DigitalError{src.Stream.Name()}
	}
	if src.Waveform() > 0 {
		return nil, optionError("stream %s has waveforms: a spectrogram is for streams", src.Stream.Name())
	}
	st := &spectrogramState{op: o, src: src}
	options := o.Options
	options.SampleRate, options.Segment = src.rate(), segmentFor(o.Options.Segment, list)
	st.segment = options.Segment
	s, err := spectrum.NewSpectrogram(options, st.column)
	if err != nil {
		return nil, &OptionError{err.Error()}
	}
	st.s = s
	per := "²/Hz"
	if options.Scaling == spectrum.Power {
		per = "²"
	}
	st.heat.Unit = src.Unit() + per
	return st, nil
}

func (s *spectrogramState) of(int) taker { return s }
func (s *spectrogramState) close()       {}

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
	limit := s.op.MaxCells
	if limit <= 0 {
		limit = DefaultCells
	}
	if s.cells += len(c.Values); s.cells > limit {
		return optionError("a spectrogram of that length has more than %d values: choose a shorter stretch with --from and --until, longer segments, or less overlap", limit)
	}
	if s.heat.Freqs == nil {
		for k := range c.Values {
			s.heat.Freqs = append(s.heat.Freqs, float64(k)*c.Step)
		}
	}
	s.heat.Times = append(s.heat.Times, s.src.time(s.piece, c.Middle()-float64(s.before)))
	s.heat.Power = append(s.heat.Power, append([]float64(nil), c.Values...))
	return nil
}

func (s *spectrogramState) result() (*Table, error) {
	if err := s.s.Flush(); err != nil {
		return nil, err
	}
	if len(s.heat.Times) == 0 {
		return nil, s.src.tooShort(s.segment)
	}
	t := &Table{Heat: &s.heat, Drawn: &Drawing{Kind: DrawnHeat}}
	t.value("time", "s")
	t.value("frequency", "Hz")
	t.value(s.src.Stream.Name(), s.heat.Unit)
	n := len(s.heat.Times) * len(s.heat.Freqs)
	for i := range t.Columns {
		t.Columns[i].Values = make([]float64, 0, n)
	}
	for i, at := range s.heat.Times {
		for k, f := range s.heat.Freqs {
			t.Columns[0].Values = append(t.Columns[0].Values, at)
			t.Columns[1].Values = append(t.Columns[1].Values, f)
			t.Columns[2].Values = append(t.Columns[2].Values, s.heat.Power[i][k])
		}
	}
	t.Rows = n
	t.Brief = s.lines()
	return t, nil
}

// lines tells the strongest frequency of each time, which is seldom that of the first values: those are near 0 Hz.
func (s *spectrogramState) lines() *Table {
	b := &Table{Operation: "the strongest frequency of each time"}
	b.value("time", "s")
	b.value("frequency", "Hz")
	b.value(s.src.Stream.Name(), s.heat.Unit)
	for i, at := range s.heat.Times {
		k := 0
		for j, v := range s.heat.Power[i] {
			if v > s.heat.Power[i][k] {
				k = j
			}
		}
		b.row(at, s.heat.Freqs[k], s.heat.Power[i][k])
	}
	return b
}
