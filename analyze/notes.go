package analyze

import (
	"fmt"

	"github.com/scopelog/scopelog/recording"
)

// notesOf tells what a careful reader wants to know of the sources.
func notesOf(r *recording.Recording, list []*source) []string {
	var notes []string
	for _, s := range list {
		if s.Pin() && s.Stream.Label() != "" && s.part < 2 {
			notes = append(notes, fmt.Sprintf("%s: the plan calls it %s", s.Stream.Name(), s.Stream.Label()))
		}
		if s.part > 0 {
			notes = append(notes, fmt.Sprintf("%s: part %d of %s, from sample %d to %d, under settings of its own", s.name, s.part, s.Stream.Name(), s.from, s.to))
		}
		var lost int64
		gaps := 0
		for _, p := range s.pieces() {
			if g := p.gap; g != nil && p.from > s.from {
				gaps++
				lost += g.Lost
			}
		}
		if gaps > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s of %s inside; nothing was computed over one", s.name, count(int64(gaps), "gap"), count(lost, "sample")))
		}
		losses := s.Losses(s.from, s.beyond)
		notes = append(notes, losses.Notes(s.name, s.Interval)...)
		notes = append(notes, s.scales()...)
		if err := s.missing(); err != nil {
			notes = append(notes, err.Error())
		}
		notes = append(notes, s.annotated()...)
	}
	if run := r.Run(); run != nil && run.State == recording.StateRecording {
		notes = append(notes, "the run is not sealed: it was looked at as far as it is synced")
	}
	return notes
}

// scales tells where counts stand for several values each.
func (s *source) scales() []string {
	var spans []int
	for i := range s.waves {
		spans = append(spans, s.waves[i].Spans[0])
	}
	if s.Waveform() == 0 {
		spans = s.SpansIn(s.from, s.to)
	}
	if note := s.Rescaled(spans); note != "" {
		return []string{s.name + ": " + note}
	}
	return nil
}

// annotated tells what annotations say of the samples between the source's places.
func (s *source) annotated() []string {
	over, doubted := marks{}, marks{}
	stored := s.stored()
	for _, a := range s.Stream.Annotations() { // both are in order
		var m *marks
		switch a.Label {
		case recording.LabelOverRange:
			m = &over
		case recording.LabelDamaged, recording.LabelUnverified:
			m = &doubted
		default:
			continue
		}
		for k := range stored {
			if stored[k].to <= a.SampleStart {
				continue
			}
			if stored[k].from >= a.End() {
				break
			}
			m.add(max(stored[k].from, a.SampleStart), min(stored[k].to, a.End()))
		}
		for len(stored) > 0 && stored[0].to <= a.SampleStart {
			stored = stored[1:]
		}
	}
	var notes []string
	if over.places > 0 {
		notes = append(notes, s.name+": the signal was over the range in places; values there are at its limit")
	}
	if doubted.places > 0 {
		notes = append(notes, fmt.Sprintf("%s: %s in %s annotated as damaged or unverified, the first at stream index %d, looked at as they are",
			s.name, count(doubted.samples, "sample"), count(doubted.places, "place"), doubted.first))
	}
	return notes
}

// marks counts samples that annotations speak of.
type marks struct{ places, samples, first int64 }

func (m *marks) add(from, to int64) {
	if m.places == 0 {
		m.first = from
	}
	m.places++
	m.samples += to - from
}

// stretchStored is a run of samples as they are stored, by their stream indexes.
type stretchStored struct{ from, to int64 }

// stored lists what there is between the source's places, as it is stored: in order, and joined where it is side by side.
func (s *source) stored() []stretchStored {
	var list []stretchStored
	add := func(from, to int64) {
		if n := len(list); n > 0 && list[n-1].to == from {
			list[n-1].to = to
		} else if from < to {
			list = append(list, stretchStored{from, to})
		}
	}
	for i := range s.waves {
		p := &s.Spans[s.waves[i].Spans[0]]
		add(p.Stream, p.Stream+p.Samples)
	}
	if s.Waveform() > 0 {
		return list
	}
	for i := range s.Spans {
		p := &s.Spans[i]
		if lo, hi := max(p.Device, s.from), min(p.End(), s.to); lo < hi {
			add(p.Stream+lo-p.Device, p.Stream+hi-p.Device)
		}
	}
	return list
}
