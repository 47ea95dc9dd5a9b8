package analyze

import (
	"errors"
	"slices"

	"github.com/scopelog/scopelog/analysis/events"
	"github.com/scopelog/scopelog/units"
)

// Events is the operation "events": where a signal meets a condition. Levels are in the unit of the values; the zero [Value] is none. What a condition
// needs and has not, and what it has and does not take, is an [*OptionError].
type Events struct {
	// Find is what is looked for: level, window, runt, dropout, pulse, interval or slope.
	Find       string
	Direction  events.Direction // as the condition takes it; empty: rising, outside for a window, above for a runt and a pulse, either for a slope
	Level      Value            // level, dropout, pulse, interval; none: between the levels of a pin
	Hysteresis Value
	Lower      Value // window, runt
	Upper      Value
	Longer     units.Interval // dropout, pulse, interval: only what is longer; zero: any
	Shorter    units.Interval // pulse, interval: only what is shorter; zero: any
	Slope      Value          // change per second
	Over       units.Interval // slope: the distance of the samples that are compared; zero: one sample
	HoldOff    units.Interval // least time between the beginnings of two events of a stretch; each waveform starts anew
	Draw       bool           // Table.Traces are made
	MaxRows    int            // rows that are kept of all streams together, up to [MostRows], as of 0; those beyond are counted
}

// Name returns "events".
func (*Events) Name() string { return "events" }

func or(d, other events.Direction) events.Direction {
	if d == "" {
		return other
	}
	return d
}

// condition makes the condition for a source.
func (o *Events) condition(src *source) (events.Condition, error) {
	o, err := o.of(src)
	if err != nil {
		return events.Condition{}, err
	}
	var v [5]float64
	for i, given := range []Value{o.Level, o.Hysteresis, o.Lower, o.Upper, o.Slope} {
		if v[i], err = given.in(src); err != nil {
			return events.Condition{}, err
		}
	}
	level, hysteresis, lower, upper, slope := v[0], v[1], v[2], v[3], v[4]
	d := o.Direction
	switch o.Find {
	case "level":
		return events.Level(or(d, events.DirectionRising), level, hysteresis)
	case "window":
		return events.Window(or(d, events.DirectionOutside), lower, upper, hysteresis)
	case "runt":
		return events.Runt(or(d, events.DirectionAbove), lower, upper, hysteresis)
	case "dropout":
		return events.Dropout(level, hysteresis, samplesIn(o.Longer, src, false))
	case "pulse":
		return events.PulseWidth(or(d, events.DirectionAbove), level, hysteresis, o.span(src))
	case "interval":
		return events.Interval(or(d, events.DirectionRising), level, hysteresis, o.span(src))
	case "slope":
		over := max(1, samplesIn(o.Over, src, false))
		return events.Slope(or(d, events.DirectionEither), slope*float64(over)*src.seconds(), hysteresis, over)
	}
	return events.Condition{}, o.unknown()
}

// span is the condition on a length.
func (o *Events) span(src *source) events.Span {
	longer, shorter := samplesIn(o.Longer, src, false), samplesIn(o.Shorter, src, true)
	switch {
	case longer > 0 && shorter > 0:
		return events.InRange(longer+1, shorter-1) // both are excluded
	case longer > 0:
		return events.GreaterThan(longer)
	case shorter > 0:
		return events.LessThan(shorter)
	}
	return events.Span{}
}

type eventState struct {
	op    *Events
	parts []*eventPart
	rows  *rows
}

type eventPart struct {
	state    *eventState
	src      *source
	detector *events.Detector
	piece    piece
	rows     *foundRows

	suppressed int64 // by hold-offs of waveforms that are over
}

func (o *Events) begin(list []*source) (state, error) {
	if err := checkMaxRows(o.MaxRows); err != nil {
		return nil, err
	}
	s := &eventState{op: o, rows: newRows(o.MaxRows)}
	t := s.rows.table
	t.text("stream")
	t.text("event")
	t.value("time", "s")
	t.whole("index")
	t.value("length", "s")
	t.value(o.valueColumn(), list[0].Unit())
	t.text("UTC")
	t.text("cut")
	return s, addAll(s, list)
}

func (s *eventState) add(src *source) error {
	c, err := s.op.condition(src)
	if option := new(OptionError); err != nil && !errors.As(err, &option) {
		err = &OptionError{"find " + s.op.Find + ": " + err.Error()}
	}
	if err != nil {
		return err
	}
	p := &eventPart{state: s, src: src, rows: s.rows.add(src, src.Unit(), s.op.valueColumn())}
	p.detector = events.New(c, samplesIn(s.op.HoldOff, src, true), p.found)
	s.parts = append(s.parts, p)
	return nil
}

func (s *eventState) of(i int) taker { return s.parts[i] }
func (s *eventState) close()         {}

func (p *eventPart) open(at piece) error {
	p.detector.Break(at.from) // reports what was going on in the piece before
	if at.wave != nil {       // how long ago the waveform before was, indexes do not tell
		p.suppressed += p.detector.Suppressed()
		p.detector.Reset()
		p.detector.Break(at.from)
	}
	p.piece = at
	return nil
}

func (p *eventPart) atOnce() int { return searchDose }

func (p *eventPart) take(x []float64) error {
	p.detector.Add(x)
	return nil
}

func (p *eventPart) done() error {
	p.detector.Flush()
	return nil
}

// found takes an event.
func (p *eventPart) found(e events.Event) {
	if p.rows.over() {
		return
	}
	cut := ""
	switch {
	case e.CutStart && e.CutEnd:
		cut = "both ends"
	case e.CutStart:
		cut = "start"
	case e.CutEnd:
		cut = "end"
	}
	at := ""
	if utc := p.src.utc(p.piece, e.Index-p.piece.from); utc != 0 {
		at = utc.Time().UTC().Format("2006-01-02T15:04:05.000000000Z")
	}
	var mark *Mark
	if p.state.op.Draw {
		mark = &Mark{float64(e.Index), float64(e.Index + e.Length), e.Extreme}
		if e.Kind == events.KindSlope {
			mark.Value = none // a change has no place among the values
		}
	}
	p.rows.row(p.piece, mark, p.src.name, string(e.Kind), p.src.time(p.piece, float64(e.Index-p.piece.from)), e.Index,
		float64(e.Length)*p.src.seconds(), e.Extreme, at, cut)
}

func (s *eventState) result() (*Table, error) {
	s.rows.settle()
	t := *s.rows.table
	var suppressed int64
	for _, p := range s.parts {
		suppressed += p.suppressed + p.detector.Suppressed()
		if s.op.Draw {
			t.mark(p.src, p.rows.marks, "event")
		}
	}
	t.Notes = append([]string(nil), t.Notes...)
	if t.Rows > 0 && s.op.crosses() && !s.op.Hysteresis.given() && slices.ContainsFunc(s.parts, func(p *eventPart) bool { return !p.src.Pin() }) {
		t.Notes = append(t.Notes, "without --hysteresis noise on an edge makes events of its own")
	}
	if suppressed > 0 {
		t.Notes = append(t.Notes, count(suppressed, "event")+" within the hold-off of another one left out")
	}
	return &t, nil
}
