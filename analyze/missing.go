package analyze

import (
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// missing tells what files have lost of a source, nil: nothing.
func (s *source) missing() error {
	e := &MissingError{Stream: s.Stream.Name(), Waveforms: s.lostWaves, From: s.firstLost}
	if e.Waveforms > 0 {
		return e
	}
	if s.Waveform() > 0 {
		return nil
	}
	for _, h := range s.Holes(s.from, s.to) {
		if e.Samples == 0 {
			e.From = h.From
		}
		e.Samples += h.To - h.From
	}
	if e.Samples > 0 {
		return e
	}
	return nil
}

// vanished tells of a chosen stream of which nothing is left but what run.json says, nil: there is none.
func vanished(r *recording.Recording, patterns []string) error {
	for _, m := range r.Missing() {
		if m.File == "" && series.Names(patterns, m.Stream) {
			return &MissingError{Stream: m.Stream, Samples: m.To - m.From}
		}
	}
	return nil
}
