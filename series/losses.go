package series

import (
	"fmt"
	"math"
	"time"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// Losses is what a series lacks by its gaps around a range of device indexes.
type Losses struct {
	Estimated   int            // gaps inside the range or in front of it, also under other settings, whose length is not certain
	Lost        int64          // samples that these are, by the best estimate
	Least, Most int64          // bounds of Lost
	Before      *recording.Gap // just before the first sample of the series, where the range begins with it; nil: none
	Behind      *recording.Gap // behind the last sample of the series, where the range reaches beyond it; nil: none
}

// Losses returns what is lacking around the device indexes [from, to), which may reach beyond the series. It is for streams only: waveforms have no
// gaps.
func (s *Series) Losses(from, to int64) Losses {
	var l Losses
	if len(s.Spans) == 0 || s.Waveform() > 0 {
		return l
	}
	e := s.carried
	for i := range s.Spans {
		if s.Spans[i].Device < to {
			e.add(s.Spans[i].Capture.Gap)
		}
	}
	l.Estimated, l.Lost, l.Least, l.Most = e.gaps, e.lost, e.least, e.most
	if from <= s.Spans[0].Device {
		l.Before = s.Spans[0].Capture.Gap
	}
	if to > s.Spans[len(s.Spans)-1].Until() {
		l.Behind = s.behind
	}
	return l
}

// Estimated returns by how much fewer and by how many more samples the gaps inside of (from, to) may be than they are told to be.
func (s *Series) Estimated(from, to int64) (fewer, more int64) {
	for i := range s.Spans {
		if p := &s.Spans[i]; p.Device > from && p.Device < to && p.Capture.Gap != nil {
			lo, hi := p.Capture.Gap.Bounds()
			fewer, more = fewer+p.Capture.Gap.Lost-lo, more+hi-p.Capture.Gap.Lost
		}
	}
	return fewer, more
}

// estimates adds up gaps whose length is not certain.
type estimates struct {
	gaps              int
	lost, least, most int64
}

func (e *estimates) add(g *recording.Gap) {
	if g == nil {
		return
	}
	if lo, hi := g.Bounds(); lo != hi {
		e.gaps++
		e.lost, e.least, e.most = e.lost+g.Lost, e.least+lo, e.most+hi
	}
}

// at returns them in samples of another interval.
func (e estimates) at(from, to recording.Fraction) estimates {
	if from == to {
		return e
	}
	factor := to.Rate() / from.Rate()
	in := func(n int64) int64 { return int64(math.Round(float64(n) * factor)) }
	return estimates{e.gaps, in(e.lost), in(e.least), in(e.most)}
}

// allEstimates adds up all of a series and of those before it.
func (s *Series) allEstimates() estimates {
	e := s.carried
	for i := range s.Spans {
		e.add(s.Spans[i].Capture.Gap)
	}
	e.add(s.behind)
	return e
}

// Notes tells of the losses in sentences, of a series by a name.
func (l *Losses) Notes(name string, interval recording.Fraction) []string {
	var notes []string
	if l.Before != nil && l.Before.Lost > 0 {
		notes = append(notes, fmt.Sprintf("%s: %s just before its first one", name, lostText(l.Before)))
	}
	if l.Estimated > 0 {
		what := "the length of a gap in or before it is"
		if l.Estimated > 1 {
			what = fmt.Sprintf("the lengths of %d gaps in or before it are", l.Estimated)
		}
		notes = append(notes, fmt.Sprintf("%s: %s estimated: %s samples, between %s and %s; seconds and sample numbers behind may be wrong by %s to +%s, UTC is not",
			name, what, units.FormatCount(l.Lost), units.FormatCount(l.Least), units.FormatCount(l.Most),
			span(interval, l.Least-l.Lost), span(interval, l.Most-l.Lost)))
	}
	if l.Behind != nil && l.Behind.Lost > 0 {
		notes = append(notes, fmt.Sprintf("%s: %s behind its last one", name, lostText(l.Behind)))
	}
	return notes
}

// lostText tells how many samples a gap is, and why.
func lostText(g *recording.Gap) string {
	verb := "lost"
	if !g.Cause.Loss() {
		verb = "not recorded"
	}
	text := units.FormatCount(g.Lost) + " samples were " + verb
	if g.Lost == 1 {
		text = "1 sample was " + verb
	}
	text += " (" + g.Cause.String()
	if lo, hi := g.Bounds(); lo != hi {
		text += fmt.Sprintf("; estimated, between %s and %s", units.FormatCount(lo), units.FormatCount(hi))
	}
	return text + ")"
}

// span returns how long so many samples are, to a microsecond where that is shorter than they are.
func span(interval recording.Fraction, samples int64) string {
	d := time.Duration(interval.NS(samples))
	if d.Abs() > time.Millisecond {
		d = d.Round(time.Microsecond)
	}
	return d.String()
}
