package series

import (
	"errors"
	"fmt"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/units"
)

// ErrEmpty is returned when what was chosen holds no samples.
var ErrEmpty = errors.New("there are no samples")

// Nothing is the error where nothing is chosen of series: [ErrEmpty], with what there is.
func Nothing(list []*Series) error {
	if there := Reach(list); there != "" {
		return fmt.Errorf("%w in what was chosen: %s", ErrEmpty, there)
	}
	return fmt.Errorf("%w in what was chosen", ErrEmpty)
}

// MissingError tells of samples that were recorded and that files do not hold any more: one is too short, or gone.
type MissingError struct {
	Stream    string
	Samples   int64 // between the places that were chosen
	Waveforms int64 // in block modes, instead
	From      int64 // device index of the first one; in block modes number of the first waveform
}

func (e *MissingError) Error() string {
	lost, at := e.Samples, "sample"
	noun := at
	if e.Waveforms > 0 {
		lost, at, noun = e.Waveforms, "number", "waveform"
	}
	if lost != 1 {
		noun += "s"
	}
	return fmt.Sprintf("stream %s: its files do not hold %s %s any more that were recorded, from %s %s on",
		e.Stream, units.FormatCount(lost), noun, at, units.FormatCount(e.From))
}

// Missing tells what files have lost of a stream's device indexes [from, to), nil: nothing. Of waveforms [MissingWaves] tells.
func (s *Series) Missing(from, to int64) *MissingError {
	if s.Waveform() > 0 {
		return nil
	}
	e := &MissingError{Stream: s.Stream.Name()}
	for _, h := range s.Holes(from, to) {
		if e.Samples == 0 {
			e.From = h.From
		}
		e.Samples += h.Samples()
	}
	if e.Samples == 0 {
		return nil
	}
	return e
}

// MissingWaves tells how many of the waveforms of series, as [Waves] gives them, files have lost, nil: none. It names the series that lacks the first one.
func MissingWaves(list []*Series, waves []Wave) *MissingError {
	e := &MissingError{}
	for _, w := range waves {
		if w.Lost > 0 && e.Waveforms == 0 {
			e.Stream, e.From = list[w.Lacking].Stream.Name(), w.Number
		}
		e.Waveforms += w.Lost
	}
	if e.Waveforms == 0 {
		return nil
	}
	return e
}

// Vanished lists the streams that patterns choose and of which nothing is left but what run.json says.
func Vanished(r *recording.Recording, patterns []string) []*MissingError {
	var list []*MissingError
	for _, m := range r.Missing() {
		if m.File == "" && Names(patterns, m.Stream) {
			list = append(list, &MissingError{Stream: m.Stream, Samples: m.To - m.From})
		}
	}
	return list
}
