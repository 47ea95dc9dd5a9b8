package analyze

import (
	"errors"
	"fmt"
	"slices"

	"github.com/scopelog/scopelog/analysis/spectrum"
)

// PSD is the operation "psd": power spectra by Welch's method.
type PSD struct {
	Options spectrum.Options // SampleRate is that of each stream; Segment 0: DefaultSegment, or the longest stretch where that is shorter
	DB      bool             // values are decibels: 10·log10 of the power
}

// DefaultSegment is how many samples a segment of a spectrum has that nobody has chosen, where stretches are as long.
const DefaultSegment = 65536

// Name returns "psd".
func (*PSD) Name() string { return "psd" }

type psdState struct {
	op      *PSD
	segment int
	parts   []*psdPart
}

type psdPart struct {
	src     *source
	w       *spectrum.Welch // nil: it has ended
	ended   *spectrum.Spectrum
	failed  error // in place of ended
	blank   bool  // it may hold values that are no numbers
	spoiled spoiledSegments
	dose    int
}

func (o *PSD) begin(list []*source) (state, error) {
	s := &psdState{op: o, segment: segmentFor(o.Options.Segment, list)}
	return s, addAll(s, list)
}

// segmentFor chooses the length of a segment that sources have in common, unless it is given: each has a stretch, or a waveform, as long.
func segmentFor(given int, list []*source) int {
	if given != 0 {
		return given
	}
	n := int64(DefaultSegment)
	for _, src := range list {
		n = min(n, src.longest())
	}
	return int(n)
}

// tooShort is the error of a source that has no stretch as long as a segment.
func (s *source) tooShort(segment int) error {
	what := "stretch without a gap"
	if s.Waveform() > 0 {
		what = "waveform"
	}
	n := s.longestNow()
	return optionError("%s: no %s is as long as a segment of %d samples: the longest has %d, and --segment %d fits", s.name, what, segment, n, n)
}

func (s *psdState) add(src *source) error {
	if src.Digital() {
		return src.portError()
	}
	if len(s.parts) > 0 && src.Interval != s.parts[0].src.Interval {
		first := s.parts[0].src
		if src.Stream.Name() == first.Stream.Name() {
			return optionError("the rate of %s changed: choose a stretch of one rate with --from and --until", src.Stream.Name())
		}
		return optionError("the streams %s and %s have different rates: choose those of one rate with --stream", first.Stream.Name(), src.Stream.Name())
	}
	options := s.op.Options
	options.SampleRate, options.Segment = src.rate(), s.segment
	w, err := spectrum.NewWelch(options)
	if err != nil {
		return &OptionError{err.Error()}
	}
	s.parts = append(s.parts, &psdPart{src: src, w: w, blank: src.MayBlank(), spoiled: newSpoiledSegments(options), dose: doseOf(&options)})
	return nil
}

func (s *psdState) of(i int) taker { return s.parts[i] }
func (s *psdState) close()         {}
func (s *psdState) lengthy()       {}

func (p *psdPart) atOnce() int { return p.dose }

func (p *psdPart) open(piece) error {
	p.w.Break()
	p.spoiled.open()
	return nil
}

func (p *psdPart) take(x []float64) error {
	if p.blank {
		p.spoiled.take(x)
	}
	return p.w.Add(x)
}

// done makes the spectrum, so that what it was made of need not be kept while other streams are looked at.
func (p *psdPart) done() error {
	p.ended, p.failed = p.spectrum()
	p.w = nil
	return nil
}

func (p *psdPart) lengthy() {}

// spectrum returns what there is so far.
func (p *psdPart) spectrum() (*spectrum.Spectrum, error) {
	if p.w == nil {
		return p.ended, p.failed
	}
	return p.w.Result()
}

func (s *psdState) result() (*Table, error) {
	t := &Table{}
	t.value("frequency", "Hz")
	t.Drawn = &Drawing{Kind: DrawnSpectrum}
	t.Drawn.Scaling, t.Drawn.DB = s.op.Options.Scaling, s.op.DB
	list, err := s.spectra()
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		t.Rows = max(t.Rows, len(r.Values))
	}
	for i, p := range s.parts {
		r := list[i]
		if len(r.Values) < t.Rows { // shorter than a segment: its frequencies are others
			t.Notes = append(t.Notes, "left out: "+p.src.tooShort(s.segment).Error())
			continue
		}
		if len(t.Columns) == 1 {
			for k := range r.Values {
				t.Columns[0].Values = append(t.Columns[0].Values, r.Frequency(k))
			}
		}
		c := t.value(p.src.name, spectrum.PowerUnit(p.src.Unit(), s.op.Options.Scaling))
		t.Columns[c].Values = r.Values
		if s.op.DB {
			t.Columns[c].Values, t.Columns[c].Unit = spectrum.Decibels(nil, r.Values), spectrum.DecibelUnit(p.src.Unit(), s.op.Options.Scaling)
		}
		t.Drawn.Y, t.Drawn.Units = append(t.Drawn.Y, c), append(t.Drawn.Units, p.src.Unit())
		t.Notes = append(t.Notes, p.note(s, r))
	}
	t.Brief = s.lines(t, list)
	return t, nil
}

// spectra returns what there is of all sources, which may be without values where there is another one with some.
func (s *psdState) spectra() ([]*spectrum.Spectrum, error) {
	var list []*spectrum.Spectrum
	var empty error
	for _, p := range s.parts {
		r, err := p.spectrum()
		if errors.Is(err, spectrum.ErrNoData) {
			r, empty = &spectrum.Spectrum{}, err
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", p.src.name, err)
		}
		list = append(list, r)
	}
	if !slices.ContainsFunc(list, func(r *spectrum.Spectrum) bool { return len(r.Values) > 0 }) {
		return nil, empty
	}
	return list, nil
}

// note tells what a spectrum is made of.
func (p *psdPart) note(s *psdState, r *spectrum.Spectrum) string {
	note := fmt.Sprintf("%s: %s of %s; %s at the ends of stretches are in none of them; noise bandwidth %s Hz",
		p.src.name, count(r.Segments, "segment"), count(int64(r.Segment), "sample"), count(r.Skipped, "sample"), trim6(r.NoiseBandwidth))
	switch {
	case r.Shortened:
		note += fmt.Sprintf("; no stretch is as long as a segment of %d, so the longest is the segment", s.segment)
	case s.op.Options.Segment == 0 && s.segment < DefaultSegment && int64(s.segment) == p.src.Waveform():
		note += "; a segment is a waveform"
	case s.op.Options.Segment == 0 && s.segment < DefaultSegment:
		note += fmt.Sprintf("; the segment is as long as the longest stretch, which is shorter than %d", DefaultSegment)
	}
	return note
}
