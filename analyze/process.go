package analyze

import (
	"errors"
	"fmt"
	"math"
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

// builder makes the processor for a source, and tells its rate as a multiple of the source's and how many samples its first value lies behind the first one.
type builder func(src *source) (p processor, by ratio, lead float64, err error)

// unchanged is the ratio of what keeps the rate.
var unchanged = ratio{1, 1}

// part is one signal that is made.
type part struct {
	processor
	out    *signal // nil: it is not written
	look   *sketch // nil: it is not drawn
	sum    stats.Summary
	values []float64
	unit   string
	rate   float64 // values per second
	gain   float64 // values of each sample
	opened bool
	ended  bool        // all its files are complete
	name   string      // of the source
	short  *ShortError // the last stretch that was too short; nil: none was
	left   int64       // how many were
}

// output says what becomes of the signals that an operation makes.
type output struct {
	name    string // of the operation
	file    string // empty: none is written
	replace bool   // files that are there
	most    int64  // rows of text, in all files together; 0: no limit
	draw    bool
}

// process begins an operation that makes a signal of each source. reach tells how far a value goes that is no number.
func process(list []*source, to output, reach string, build builder) (state, error) {
	s := &processed{output: to, alone: len(list) == 1, build: build, reach: reach}
	if err := addAll(s, list); err != nil {
		return nil, err
	}
	var rows int64
	for i, p := range s.parts {
		rows += p.estimate(list[i])
	}
	return s, CheckRows(to.file, rows, to.most)
}

// estimate counts the values that will be made of a source, as far as it is there, and settles the room that files will take.
func (p *part) estimate(src *source) int64 {
	n := 0.0
	for _, at := range src.pieces() {
		n += math.Ceil(float64(at.samples) * p.gain)
	}
	values := int64(min(n, 1e17))
	if p.out != nil {
		p.out.needs = values * map[string]int64{".npy": 8, ".f32": 4, ".csv": 40}[p.out.ending]
	}
	return values
}

func (s *processed) add(src *source) error {
	if src.Digital() {
		return src.portError()
	}
	p, by, lead, err := s.build(src)
	if err != nil {
		return fmt.Errorf("%s: %w", src.Stream.Name(), err)
	}
	interval, rate := by.of(src.Interval)
	out := &part{processor: p, name: src.name, unit: src.Unit(), rate: rate, gain: float64(by.up) / float64(by.down)}
	if s.file != "" {
		if out.out, err = newSignal(src, s.file, src.Unit(), s.alone && len(s.parts) == 0, s.replace); err != nil {
			return err
		}
		out.out.interval, out.out.lead = interval, lead
	}
	if s.draw {
		out.look = newSketch(float64(by.down)/float64(by.up), lead)
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

// atOnce is a few samples where many values come of each: these have to fit into memory, too.
func (p *part) atOnce() int { return int(chunkSamples / max(1, p.gain)) }

func (p *part) take(x []float64) (err error) {
	if p.values, err = p.Process(p.values[:0], x); err != nil {
		return err
	}
	return p.give()
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
	p.processor, p.values = nil, nil // they may be large, and there may be many
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
			t.row(name, "", p.unit, p.sum.N()+p.sum.NaN(), p.rate, lo, hi, p.sum.RMS())
		} else {
			for _, f := range p.out.files() {
				t.row(name, f.Path, p.unit, f.Values*max(1, f.Waves), p.rate, lo, hi, p.sum.RMS())
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
