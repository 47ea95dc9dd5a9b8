package analyze

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/scopelog/scopelog/analysis/spectrum"
)

// PSD is the operation "psd": power spectra by Welch's method.
type PSD struct {
	Options spectrum.Options // SampleRate is that of each stream
}

// Name returns "psd".
func (*PSD) Name() string { return "psd" }

type psdState struct {
	op    *PSD
	parts []*psdPart
}

type psdPart struct {
	src *source
	w   *spectrum.Welch
}

func (o *PSD) begin(list []*source) (state, error) {
	s := &psdState{op: o}
	return s, addAll(s, list)
}

func (s *psdState) add(src *source) error {
	if src.Digital() {
		return &DigitalError{src.Stream.Name()}
	}
	if len(s.parts) > 0 && src.Interval != s.parts[0].src.Interval {
		first := s.parts[0].src
		if src.Stream.Name() == first.Stream.Name() {
			return optionError("the rate of %s changed: choose a stretch of one rate with --from and --until", src.Stream.Name())
		}
		return optionError("the streams %s and %s have different rates: choose those of one rate with --stream", first.Stream.Name(), src.Stream.Name())
	}
	options := s.op.Options
	options.SampleRate = src.rate()
	w, err := spectrum.NewWelch(options)
	if err != nil {
		return &OptionError{err.Error()}
	}
	s.parts = append(s.parts, &psdPart{src, w})
	return nil
}

func (s *psdState) of(i int) taker { return s.parts[i] }
func (s *psdState) close()         {}

func (p *psdPart) open(piece) error {
	p.w.Break()
	return nil
}
func (p *psdPart) take(x []float64) error { return p.w.Add(x) }
func (p *psdPart) done() error            { return nil }

func (s *psdState) result() (*Table, error) {
	t := &Table{}
	t.value("frequency", "Hz")
	per := "²/Hz"
	t.Drawn = &Drawing{Kind: DrawnSpectrum}
	if s.op.Options.Scaling == spectrum.Power {
		per, t.Drawn.Kind = "²", DrawnCurves
	}
	for i, p := range s.parts {
		r, err := p.w.Result()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.src.Stream.Name(), err)
		}
		if len(t.Columns) > 1 && len(r.Values) != len(t.Columns[1].Values) {
			return nil, optionError("the streams %s and %s are of different length and shorter than a segment: look at each with --stream", s.parts[0].src.Stream.Name(), p.src.Stream.Name())
		}
		if i == 0 {
			for k := range r.Values {
				t.Columns[0].Values = append(t.Columns[0].Values, r.Frequency(k))
			}
			t.Rows = len(r.Values)
		}
		name := p.src.name
		c := t.value(name, p.src.Unit()+per)
		t.Columns[c].Values = r.Values
		t.Drawn.Y = append(t.Drawn.Y, c)
		note := fmt.Sprintf("%s: %s of %d samples; %d samples at the ends of stretches are in none of them; noise bandwidth %s Hz",
			name, count(r.Segments, "segment"), r.Segment, r.Skipped, trim6(r.NoiseBandwidth))
		if r.Shortened {
			note += "; there are fewer samples than a segment has"
		}
		t.Notes = append(t.Notes, note)
	}
	t.Brief = s.lines(t)
	return t, nil
}

// mostLines is how many lines of a spectrum are told.
const mostLines = 10

// lines tells the strongest lines of each spectrum: values above both neighbours, with the frequency between the samples by a parabola through their
// logarithms.
func (s *psdState) lines(t *Table) *Table {
	b := &Table{Operation: "the strongest lines"}
	b.text("stream")
	b.value("frequency", "Hz")
	b.value("value", "")
	b.text("unit")
	freq := t.Columns[0].Values
	for _, c := range t.Columns[1:] {
		v := c.Values
		var at []int
		for k := 1; k+1 < len(v); k++ {
			if v[k] > v[k-1] && v[k] >= v[k+1] {
				at = append(at, k)
			}
		}
		slices.SortFunc(at, func(i, j int) int { return cmp.Compare(v[j], v[i]) })
		for _, k := range at[:min(len(at), mostLines)] {
			b.row(c.Name, freq[k]+between(v[k-1], v[k], v[k+1])*(freq[1]-freq[0]), v[k], c.Unit)
		}
	}
	return b
}

// between returns where the top of a parabola through the logarithms of three values lies, from -0.5 to 0.5 around the middle one.
func between(a, b, c float64) float64 {
	la, lb, lc := math.Log(a), math.Log(b), math.Log(c)
	bend := la - 2*lb + lc
	if !(bend < 0) || math.IsInf(bend, 0) {
		return 0
	}
	return max(-0.5, min(0.5, 0.5*(la-lc)/bend))
}
