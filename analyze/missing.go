package analyze

import (
	"fmt"

	"github.com/scopelog/scopelog/recording"
)

// MissingError is returned where files do not hold samples any more that were recorded, unless [Selection.Damaged] is set: one is too short, or gone.
type MissingError struct {
	Stream    string
	Samples   int64 // inside of the bounds
	Waveforms int64 // in block modes, instead
	From      int64 // device index of the first one; in block modes number of the first waveform
}

func (e *MissingError) Error() string {
	if e.Waveforms > 0 {
		return fmt.Sprintf("stream %s: its files do not hold %s any more that were recorded, from number %d on", e.Stream, count(e.Waveforms, "waveform"), e.From)
	}
	return fmt.Sprintf("stream %s: its files do not hold %s any more that were recorded, from sample %d on", e.Stream, count(e.Samples, "sample"), e.From)
}

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
func vanished(r *recording.Recording, chosen func(stream string) bool) error {
	for _, m := range r.Missing() {
		if m.File == "" && chosen(m.Stream) {
			return &MissingError{Stream: m.Stream, Samples: m.To - m.From}
		}
	}
	return nil
}
