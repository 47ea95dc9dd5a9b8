package analyze

import (
	"fmt"
	"math"
	"strings"

	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/stats"
	"github.com/scopelog/scopelog/units"
)

// Quantities of a [Histogram] beside those of package measure.
const (
	OfValues     = ""             // the samples
	OfPeakToPeak = "peak_to_peak" // of each waveform
	OfDeadTime   = "dead_time"    // before each waveform
)

// Histogram is the operation "histogram": how often values occur, or measurements.
type Histogram struct {
	Of       string // what is counted: OfValues, OfPeakToPeak, OfDeadTime or a quantity of package measure
	Bins     int    // up to [MostRows] of all streams together
	Low, Top *Value // range, in the unit of what is counted; nil: as it comes
	Options  measure.Options
	States   States // for quantities of package measure
}

// Name returns "histogram".
func (*Histogram) Name() string { return "histogram" }

type histogramState struct {
	op      *Histogram
	workers int // of each stream to begin with; one that comes later has fewer
	parts   []*histogramPart
}

type histogramPart struct {
	op     *Histogram
	src    *source
	counts counter
	unit   string
	first  *levelsTaker   // nil: levels are not needed
	meter  *measure.Meter // nil: no edges are
	begun  bool
	lo, hi float64 // of the present waveform
	sum    stats.Moments
}

func (o *Histogram) begin(list []*source) (state, error) {
	s := &histogramState{op: o, workers: workersFor(len(list))}
	return s, addAll(s, list)
}

func (s *histogramState) add(src *source) error {
	if n := int64(len(s.parts) + 1); int64(s.op.Bins) > MostRows/n {
		return optionError("%s bins of %s are more than %s of all together, which take a gigabyte of memory: choose fewer of them with --bins", units.FormatCount(int64(s.op.Bins)), count(n, "stream"), units.FormatCount(MostRows))
	}
	p, err := s.op.part(src, min(s.workers, workersFor(len(s.parts)+1)))
	if err != nil {
		return err
	}
	s.parts = append(s.parts, p)
	return nil
}

func (o *Histogram) part(src *source, workers int) (*histogramPart, error) {
	p := &histogramPart{op: o, src: src, unit: src.Unit()}
	if src.Digital() && o.Of != OfDeadTime {
		return nil, src.portError()
	}
	switch q, ok := measure.ParseQuantity(o.Of); {
	case o.Of == OfValues:
	case o.Of == OfPeakToPeak, o.Of == OfDeadTime:
		if src.Waveform() == 0 {
			return nil, optionError("stream %s has no waveforms: %s is for block and rapid block", src.Stream.Name(), o.Of)
		}
		if o.Of == OfDeadTime {
			p.unit = "s"
		}
	case ok:
		if err := p.measuring(q, workers); err != nil {
			return nil, err
		}
	default:
		return nil, optionError("there is no quantity %q: write %s", o.Of, listed(quantities()))
	}
	if err := o.counter(p); err != nil {
		return nil, err
	}
	if o.Of == OfValues {
		p.counts.help(workers, o.Bins)
	}
	return p, nil
}

// quantities lists what can be counted beside values.
func quantities() []string {
	list := []string{OfPeakToPeak, OfDeadTime}
	for q := range measure.Quantities {
		list = append(list, measure.Quantity(q).String())
	}
	return list
}

// measuring makes the part count what a meter measures.
func (p *histogramPart) measuring(q measure.Quantity, workers int) (err error) {
	if p.src.Pin() && !ofPins[q] {
		return optionError("%s is a pin, which has no %s: it has period, frequency, positive_width, negative_width and duty_cycle", p.src.name, q)
	}
	p.unit = q.Unit(p.src.Unit())
	options := p.op.Options
	options.Observe = func(v measure.Observation) {
		if v.Quantity == q {
			p.add(v.Value)
		}
	}
	if p.first, err = p.op.States.levels(p.src, workers); err != nil {
		return err
	}
	if p.meter, err = measure.NewMeter(measure.Levels{}, p.src.seconds(), options); err != nil {
		return &OptionError{err.Error()}
	}
	return nil
}

// counter makes the bins of a part.
func (o *Histogram) counter(p *histogramPart) error {
	least := 1
	if o.Low == nil {
		least = 2 // bins that grow are joined by twos
	}
	if o.Bins < least {
		return optionError("a histogram has %d to %s bins, and not %d", least, units.FormatCount(MostRows), o.Bins)
	}
	if (o.Low == nil) != (o.Top == nil) {
		return optionError("a range has two ends: write --low and --high, or none of them")
	}
	if o.Of == OfValues {
		p.counts.codes = codesOf(p.src)
	}
	var err error
	if o.Low == nil {
		if p.counts.growing, err = stats.NewAdaptive(o.Bins); err != nil {
			return &OptionError{err.Error()}
		}
		if p.counts.most = o.Bins; p.counts.codes != nil {
			p.counts.growing, err = stats.NewAdaptive(codeBins)
		}
		return err
	}
	of := "stream " + p.src.Stream.Name()
	if o.Of != OfValues {
		of = o.Of + " of " + of
	}
	lo, err := o.Low.inUnit(p.unit, of)
	if err != nil {
		return err
	}
	hi, err := o.Top.inUnit(p.unit, of)
	if err != nil {
		return err
	}
	if p.counts.fixed, err = stats.NewHistogram(o.Bins, lo, hi); err != nil {
		err = &OptionError{err.Error()}
	}
	return err
}

// add counts a measurement.
func (p *histogramPart) add(v float64) {
	p.sum.Add(v)
	p.counts.add(v)
}

func (s *histogramState) prepare(i int) taker { return s.parts[i].first.first() }
func (s *histogramState) outdated(i int) bool { return s.parts[i].first.moved() }
func (s *histogramState) of(i int) taker      { return s.parts[i] }
func (s *histogramState) close()              {}

func (s *histogramState) forget(i int) {
	p := s.parts[i]
	p.begun, p.sum = false, stats.Moments{}
	p.counts.reset()
}

func (p *histogramPart) open(at piece) error {
	p.settle()
	switch {
	case p.meter != nil:
		if !p.begun {
			p.meter.Reset(p.first.use()[0])
		}
		p.meter.Break(at.from)
	case p.op.Of == OfDeadTime:
		if d := p.src.Spans[at.wave.Spans[0]].Capture.DeadTimeNS; d != nil {
			p.add(float64(*d) * 1e-9)
		}
	}
	p.begun, p.lo, p.hi = true, math.Inf(1), math.Inf(-1)
	return nil
}

// settle counts the waveform that has ended.
func (p *histogramPart) settle() {
	if p.begun && p.op.Of == OfPeakToPeak && p.lo <= p.hi {
		p.add(p.hi - p.lo)
	}
	p.lo, p.hi = math.Inf(1), math.Inf(-1)
}

func (p *histogramPart) take(x []float64) error {
	switch {
	case p.meter != nil:
		p.meter.Add(x)
	case p.op.Of == OfPeakToPeak:
		for _, v := range x {
			p.lo, p.hi = min(p.lo, v), max(p.hi, v)
		}
	case p.op.Of == OfValues:
		p.counts.share(x)
	}
	return nil
}

func (p *histogramPart) done() error {
	p.settle()
	return nil
}

func (s *histogramState) result() (*Table, error) {
	t := &Table{Drawn: &Drawing{Kind: DrawnBars}}
	t.text("stream")
	t.value("from", s.parts[0].unit)
	t.value("to", s.parts[0].unit)
	t.whole("count")
	for _, p := range s.parts {
		name := p.src.name
		if p.meter != nil && !p.begun {
			t.Notes = append(t.Notes, notMeasured(name))
			continue
		}
		if p.unit != s.parts[0].unit {
			t.Columns[1].Unit, t.Columns[2].Unit = "", ""
		}
		edges, counts := p.counts.bins()
		p.watch(t, edges, counts)
		for i, n := range counts {
			t.row(name, edges[i], edges[i+1], n)
		}
		if steps, ok := p.counts.uneven(); ok {
			t.Notes = append(t.Notes, name+": a bin is as wide as "+trim6(steps)+" steps of the converter, so that some hold more of them than others; without --low and --high all hold as many")
		}
		if h := p.counts.fixed; h != nil {
			if below, above := h.Beyond(); below+above > 0 {
				t.Notes = append(t.Notes, name+": "+count(below, "value")+" below and "+count(above, "value")+" above the range")
			}
		}
		if p.sum.N() > 0 {
			t.Notes = append(t.Notes, name+": "+count(p.sum.N(), "measurement")+", mean "+p.told(p.sum.Mean())+", standard deviation "+p.told(p.sum.Std()))
		}
	}
	t.Brief = s.brief(t)
	return t, nil
}

// told prints a value with the unit, if there is one.
func (p *histogramPart) told(v float64) string { return strings.TrimSpace(trim6(v) + " " + p.unit) }

// watch tells of measurements mean and spread, of values the fullest bin.
func (p *histogramPart) watch(t *Table, edges []float64, counts []int64) {
	if n := p.sum.N(); n > 0 {
		t.watch(p.src.name, quantity("mean", p.sum.Mean(), p.unit), quantity("std", p.sum.Std(), p.unit), count(n, "measurement"))
		return
	}
	most, all := 0, int64(0)
	for i, n := range counts {
		if all += n; n > counts[most] {
			most = i
		}
	}
	if all > 0 {
		t.watch(p.src.name, "most from "+trim6(edges[most])+" to "+strings.TrimSpace(trim6(edges[most+1])+" "+p.unit), count(all, "value"))
	}
}

// brief counts neighbouring bins together.
func (s *histogramState) brief(t *Table) *Table {
	b := &Table{Columns: make([]Column, len(t.Columns))}
	for i, c := range t.Columns {
		b.Columns[i] = Column{Name: c.Name, Unit: c.Unit, Whole: c.Whole}
	}
	names, most := t.Columns[0].Texts, 1
	for at := 0; at < t.Rows; {
		end := at
		for end < t.Rows && names[end] == names[at] {
			end++
		}
		most = max(most, b.bins(names[at], t.Columns[1].Values[at:end], t.Columns[2].Values[at:end], t.Columns[3].Values[at:end], max(2, briefRows/len(s.parts))))
		at = end
	}
	b.Operation = fmt.Sprintf("up to %s counted together", count(int64(most), "bin"))
	return b
}
