package analyze

import (
	"fmt"

	"github.com/scopelog/scopelog/analysis/peaks"
	"github.com/scopelog/scopelog/units"
)

// Limits are bounds of a property of a peak; nil is none.
type Limits struct{ Min, Max *Value }

// in returns the bounds in the unit of a source, nil where there are none.
func (l Limits) in(src *source) (*peaks.Interval, error) {
	if l.Min == nil && l.Max == nil {
		return nil, nil
	}
	i := peaks.Any()
	var err error
	if l.Min != nil {
		if i.Min, err = l.Min.in(src); err != nil {
			return nil, err
		}
	}
	if l.Max != nil {
		i.Max, err = l.Max.in(src)
	}
	return i, err
}

// Peaks is the operation "peaks": the peaks of signals.
type Peaks struct {
	Height, Threshold, Prominence Limits
	PlateauSize                   *peaks.Interval // samples
	MinWidth, MaxWidth            units.Interval  // zero: none
	RelHeight                     float64
	Distance                      units.Interval // least time between two
	Window                        units.Interval // bounds the search for the bases
	Valleys                       bool
	Ties                          peaks.Ties // which of two equal peaks is kept that are nearer than Distance
	Draw                          bool       // Table.Traces are made
	MaxRows                       int        // rows that are kept of all streams together, up to [MostRows], as of 0; those beyond are counted
}

// Name returns "peaks".
func (*Peaks) Name() string { return "peaks" }

type peakState struct {
	op    *Peaks
	rows  *rows
	parts []*peakPart
}

type peakPart struct {
	state  *peakState
	src    *source
	finder *peaks.Finder
	base   int64 // device index of the finder's index 0
	next   int64 // device index behind the last sample
	begun  bool
	bases  bool // prominences are told
	piece  piece
	rows   *foundRows

	count, samples int64 // peaks that were found, in so many samples
	pace           pace
}

func (o *Peaks) options(src *source) (peaks.Options, error) {
	p := peaks.Options{PlateauSize: o.PlateauSize, RelHeight: o.RelHeight, Valleys: o.Valleys, Ties: o.Ties, Window: samplesIn(o.Window, src, true)}
	var err error
	for _, c := range []struct {
		from Limits
		to   **peaks.Interval
	}{{o.Height, &p.Height}, {o.Threshold, &p.Threshold}, {o.Prominence, &p.Prominence}} {
		if *c.to, err = c.from.in(src); err != nil {
			return p, err
		}
	}
	if p.Prominence == nil {
		p.Prominence = o.unbounded()
	}
	if o.Distance.Sign() > 0 {
		p.Distance = float64(max(1, samplesIn(o.Distance, src, true)))
	}
	if o.MinWidth.Sign() > 0 || o.MaxWidth.Sign() > 0 {
		p.Width = peaks.Any()
		if o.MinWidth.Sign() > 0 {
			p.Width.Min = inSamples(o.MinWidth, src)
		}
		if o.MaxWidth.Sign() > 0 {
			p.Width.Max = inSamples(o.MaxWidth, src)
		}
	}
	p.SelectOnly = p.Prominence != nil && o.Prominence.Max == nil && p.Width == nil && p.Window == 0 && src.longest() > mostWithBases
	return p, nil
}

// mostWithBases is the longest stretch, also of what is still to come, in which the bases of peaks are kept without a window: all peaks behind the highest one wait for theirs.
const mostWithBases = 20_000_000

// unbounded asks for prominences where a window bounds what they cost.
func (o *Peaks) unbounded() *peaks.Interval {
	if o.Window.Sign() > 0 {
		return peaks.Any()
	}
	return nil
}

func (o *Peaks) begin(list []*source) (state, error) {
	if err := checkMaxRows(o.MaxRows); err != nil {
		return nil, err
	}
	s := &peakState{op: o, rows: newRows(o.MaxRows)}
	t := s.rows.table
	t.text("stream")
	t.value("time", "s")
	t.whole("index")
	t.value("height", list[0].Unit())
	t.value("prominence", list[0].Unit())
	t.value("width", "s")
	return s, addAll(s, list)
}

func (s *peakState) add(src *source) error {
	if src.Digital() {
		return src.portError()
	}
	if src.Pin() {
		return optionError("%s is a pin, which has no peaks: events --find pulse finds its pulses", src.name)
	}
	p := &peakPart{state: s, src: src}
	options, err := s.op.options(src)
	if err != nil {
		return err
	}
	if p.finder, err = peaks.NewFinder(options, p.found); err != nil {
		return &OptionError{err.Error()}
	}
	p.bases = options.Prominence != nil && !options.SelectOnly
	if options.SelectOnly {
		why := "in stretches as long"
		if src.growing {
			why = "of a run that records, whose end is not known"
		}
		s.rows.table.Notes = append(s.rows.table.Notes, src.name+": prominences are looked at and not told "+why+"; --window tells them")
	}
	p.rows = s.rows.add(src, src.Unit(), "height", "prominence")
	s.parts = append(s.parts, p)
	return nil
}

func (s *peakState) of(i int) taker { return s.parts[i] }
func (s *peakState) close()         {}

func (p *peakPart) open(at piece) error {
	if p.begun {
		if err := p.finder.Break(at.from - p.next); err != nil { // reports what waits in the piece before
			return err
		}
	} else {
		p.base, p.begun = at.from, true
	}
	p.pace.open()
	p.piece, p.next = at, at.from
	return nil
}

func (p *peakPart) atOnce() int { return searchDose }

func (p *peakPart) take(x []float64) error {
	p.next += int64(len(x))
	p.samples += int64(len(x))
	return p.finder.Add(x)
}

func (p *peakPart) done() error {
	err := p.finder.Flush()
	p.finder = nil // what waits in it may be large
	return err
}

// found takes a peak.
func (p *peakPart) found(k peaks.Peak) {
	p.pace.add(p.base + k.Index)
	p.count++
	if p.rows.over() {
		return
	}
	o := p.state.op
	index := p.base + k.Index
	height, prominence, width := k.Height, none, none
	if o.Valleys {
		height = -height
	}
	if p.bases {
		prominence = k.Prominence
	}
	if o.MinWidth.Sign() > 0 || o.MaxWidth.Sign() > 0 {
		prominence, width = k.Prominence, k.Width*p.src.seconds()
	}
	var mark *Mark
	if o.Draw {
		mark = &Mark{float64(index), float64(index), height}
	}
	p.rows.row(p.piece, mark, p.src.name, p.src.time(p.piece, float64(index-p.piece.from)), index, height, prominence, width)
}

func (s *peakState) result() (*Table, error) {
	s.rows.settle()
	t := *s.rows.table
	t.Notes = append([]string(nil), t.Notes...)
	for _, p := range s.parts {
		if seconds := float64(p.samples) * p.src.seconds(); p.count > 0 {
			t.Notes = append(t.Notes, fmt.Sprintf("%s: %s in %s s of samples: %s per second, %s per minute", p.src.name, count(p.count, "peak"), trim6(seconds),
				trim6(float64(p.count)/seconds), trim6(60*float64(p.count)/seconds))+p.pace.note(p.src.seconds()))
		}
		if s.op.Draw {
			t.mark(p.src, p.rows.marks, "peak")
		}
	}
	return &t, nil
}
