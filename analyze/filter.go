package analyze

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/filter"
)

// Filter is the operation "filter": the signals through a digital filter, causal or with zero phase.
type Filter struct {
	To        string         // file; its ending chooses the format; empty: nothing is written
	Replace   bool           // files that are there are replaced
	MaxRows   int64          // more rows of text are refused with an [*outfile.RowsError], in all files together; 0: no limit
	Draw      bool           // Table.Traces are made
	Design    *filter.Design // an IIR filter; its rate is that of each stream
	FIR       *filter.FIRDesign
	ZeroPhase bool // forwards and backwards: no delay, the gain squared
}

// Name returns "filter".
func (*Filter) Name() string { return "filter" }

func (o *Filter) begin(list []*source) (state, error) {
	return process(list, output{o.Name(), o.To, o.Replace, o.MaxRows, o.Draw}, o.reach(), func(src *source) (processor, ratio, float64, error) {
		p, err := o.processor(src.rate())
		return p, unchanged, 0, err
	})
}

// reach tells how far a value goes that is no number.
func (o *Filter) reach() string {
	switch {
	case o.FIR != nil && o.ZeroPhase:
		return fmt.Sprintf("the filter spoils the %d before and behind one too", o.FIR.Taps-1)
	case o.FIR != nil:
		return fmt.Sprintf("the filter spoils the %d behind one too", o.FIR.Taps-1)
	case o.ZeroPhase:
		return "the filter spoils all that follows one in its stretch, and some before it"
	}
	return "the filter spoils all that follows one in its stretch, as scipy.signal.sosfilt does"
}

// processor makes the filter for a rate.
func (o *Filter) processor(rate float64) (processor, error) {
	if o.FIR != nil {
		d := *o.FIR
		d.Rate = rate
		taps, err := d.FIR()
		if err != nil {
			return nil, err
		}
		if o.ZeroPhase {
			z, err := filter.NewFIRZeroPhase(taps, filter.Options{})
			return zeroPhase{z}, err
		}
		c, err := filter.NewConvolver(taps, filter.Options{})
		return &settled{p: convolving{c}, steady: c.SteadyState}, err
	}
	d := *o.Design
	d.Rate = rate
	sos, err := d.SOS()
	if err != nil {
		return nil, err
	}
	if o.ZeroPhase {
		z, err := filter.NewZeroPhase(sos, filter.Options{})
		return zeroPhase{z}, err
	}
	f, err := filter.NewFilter(sos)
	if err != nil {
		return nil, err
	}
	return &settled{p: causal{f}, steady: f.SteadyState}, nil
}

// zeroPhase filters forwards and backwards.
type zeroPhase struct {
	z interface {
		Process(dst, src []float64) []float64
		Flush(dst []float64) ([]float64, error)
		Reset()
	}
}

func (p zeroPhase) Process(dst, x []float64) ([]float64, error) { return p.z.Process(dst, x), nil }
func (p zeroPhase) Flush(dst []float64) ([]float64, error)      { return p.z.Flush(dst) }
func (p zeroPhase) Reset()                                      { p.z.Reset() }

// causal is a filter that looks at the past.
type causal struct{ f *filter.Filter }

func (p causal) Process(dst, x []float64) ([]float64, error) {
	n := len(dst)
	dst = append(dst, x...)
	p.f.Process(dst[n:], dst[n:])
	return dst, nil
}
func (p causal) Flush(dst []float64) ([]float64, error) { return dst, nil }
func (p causal) Reset()                                 { p.f.Reset() }

// convolving is a causal FIR filter.
type convolving struct{ c *filter.Convolver }

func (p convolving) Process(dst, x []float64) ([]float64, error) { return p.c.Process(dst, x), nil }
func (p convolving) Flush(dst []float64) ([]float64, error)      { return p.c.Flush(dst), nil }
func (p convolving) Reset()                                      { p.c.Reset() }

// settled is a causal filter that begins each stretch as if the first sample had been there for ever: a level does not ring in.
type settled struct {
	p      processor
	steady func(float64)
	begun  bool
}

func (s *settled) Process(dst, x []float64) ([]float64, error) {
	if !s.begun && len(x) > 0 {
		s.steady(x[0])
		s.begun = true
	}
	return s.p.Process(dst, x)
}
func (s *settled) Flush(dst []float64) ([]float64, error) { return s.p.Flush(dst) }
func (s *settled) Reset() {
	s.begun = false
	s.p.Reset()
}
