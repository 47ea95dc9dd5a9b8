package analyze

import (
	"errors"
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/analysis/filter"
	"github.com/scopelog/scopelog/analysis/stats"
)

// processor makes a signal of a signal: it takes samples in chunks and appends what it makes of them to dst.
type processor interface {
	Process(dst, x []float64) ([]float64, error)
	Flush(dst []float64) ([]float64, error)
	Reset() // begins another stretch
}

// processed is the state of an operation that makes signals.
type processed struct {
	output
	alone bool // there is one source to begin with
	build builder
	reach string // of a value that is no number
	list  []*source
	parts []*part
}

// builder makes the processor for a source, and tells the seconds between its values and how many samples its first value lies behind the first one.
type builder func(src *source) (p processor, interval, lead float64, err error)

// part is one signal that is made.
type part struct {
	processor
	out      *signal // nil: it is not written
	look     *sketch // nil: it is not drawn
	sum      stats.Summary
	values   []float64
	unit     string
	interval float64 // s between values
	gain     float64 // values of each sample
	opened   bool
	ended    bool        // all its files are complete
	name     string      // of the source
	short    *ShortError // the last stretch that was too short; nil: none was
	left     int64       // how many were
}

// output says what becomes of the signals that an operation makes.
type output struct {
	name    string // of the operation
	file    string // empty: none is written
	replace bool   // files that are there
	draw    bool
}

// process begins an operation that makes a signal of each source. reach tells how far a value goes that is no number.
func process(list []*source, to output, reach string, build builder) (state, error) {
	s := &processed{output: to, alone: len(list) == 1, build: build, reach: reach}
	return s, addAll(s, list)
}

func (s *processed) add(src *source) error {
	if src.Digital() {
		return &DigitalError{src.Stream.Name()}
	}
	p, interval, lead, err := s.build(src)
	if err != nil {
		return fmt.Errorf("%s: %w", src.Stream.Name(), err)
	}
	out := &part{processor: p, name: src.name, unit: src.Unit(), interval: interval, gain: src.seconds() / interval}
	if s.file != "" {
		if out.out, err = newSignal(src, s.file, src.Unit(), s.alone && len(s.parts) == 0, s.replace); err != nil {
			return err
		}
		out.out.interval, out.out.lead = interval, lead
	}
	if s.draw {
		out.look = newSketch(interval/src.seconds(), lead)
	}
	s.list, s.parts = append(s.list, src), append(s.parts, out)
	return nil
}

func (s *processed) of(i int) taker { return s.parts[i] }

// close removes all files unless those of all sources are complete.
func (s *processed) close() {
	for _, p := range s.parts {
		if !p.ended {
			s.discard()
			return
		}
	}
}

func (s *processed) discard() {
	for _, p := range s.parts {
		if p.out != nil {
			p.out.discard()
		}
	}
}

func (p *part) open(at piece) error {
	if err := p.flush(); err != nil {
		return err
	}
	p.Reset()
	p.opened = true
	if p.look != nil {
		p.look.open(at)
	}
	if p.out == nil {
		return nil
	}
	return p.out.open(at)
}

// take takes the samples a few at a time where many values come of each, so that these fit into memory.
func (p *part) take(x []float64) error {
	for len(x) > 0 {
		n := len(x)
		if p.gain > 1 {
			n = min(n, max(1, int(chunkSamples/p.gain)))
		}
		var err error
		if p.values, err = p.Process(p.values[:0], x[:n]); err != nil {
			return err
		}
		if err := p.give(); err != nil {
			return err
		}
		x = x[n:]
	}
	return nil
}

// give passes on what was made.
func (p *part) give() error {
	p.sum.Add(p.values)
	if p.look != nil {
		p.look.add(p.values)
	}
	if p.out == nil {
		return nil
	}
	return p.out.write(p.values)
}

// flush ends a stretch.
func (p *part) flush() error {
	if !p.opened {
		return nil
	}
	p.opened = false
	var err error
	p.values, err = p.Flush(p.values[:0])
	switch {
	case p.tooShort(err):
		p.left++
		if p.out != nil {
			p.out.drop()
		}
		return nil
	case err != nil:
		return err
	}
	return p.give()
}

// tooShort notes a stretch that was too short, where an error says so.
func (p *part) tooShort(err error) bool {
	filtered := new(filter.ShortError)
	switch {
	case errors.As(err, &filtered):
		p.short = &ShortError{Stream: p.name, Samples: filtered.Samples, Least: filtered.Least}
		return true
	case errors.As(err, &p.short):
		p.short.Stream = p.name
		return true
	}
	return false
}

func (p *part) done() error {
	if err := p.flush(); err != nil {
		return err
	}
	if p.short != nil && p.sum.N()+p.sum.NaN() == 0 {
		return p.short
	}
	if p.out != nil {
		if err := p.out.finish(); err != nil {
			return err
		}
	}
	p.ended = true
	return nil
}

// result tells what was made: a row for each file, or for each stream where none was written.
func (s *processed) result() (*Table, error) {
	t := &Table{}
	t.text("stream")
	t.text("file")
	t.text("unit")
	t.whole("values")
	t.value("rate", "Hz")
	t.value("min", "")
	t.value("max", "")
	t.value("rms", "")
	for i, p := range s.parts {
		name := s.list[i].name
		lo, _ := p.sum.Min()
		hi, _ := p.sum.Max()
		if p.out == nil || len(p.out.done) == 0 {
			t.row(name, "", p.unit, p.sum.N()+p.sum.NaN(), 1/p.interval, lo, hi, p.sum.RMS())
		} else {
			for _, f := range p.out.files() {
				t.row(name, f.Path, p.unit, f.Values*max(1, f.Waves), 1/f.Interval, lo, hi, p.sum.RMS())
			}
		}
		if p.out != nil && len(p.out.done) > 1 {
			t.Notes = append(t.Notes, name+": min, max and rms are those of all its files together")
		}
		if p.left > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s: %s left out, shorter than the %d samples that are needed", name, count(p.left, "stretch"), p.short.Least))
		}
	}
	if s.file == "" {
		t.Notes = append(t.Notes, "nothing was written: --to FILE writes the signal ("+strings.Join(SignalEndings(), ", ")+")")
	}
	s.trace(t)
	return t, nil
}

// trace adds what there is to draw.
func (s *processed) trace(t *Table) {
	for i, p := range s.parts {
		if p.look == nil {
			return
		}
		t.Drawn = &Drawing{Kind: DrawnTraces}
		t.Traces = append(t.Traces, p.look.trace(s.list[i], s.name+" of "+s.list[i].name))
	}
}
