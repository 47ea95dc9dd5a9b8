package series

import (
	"path"

	"github.com/scopelog/scopelog/recording"
)

// Choose returns the streams that patterns name, in the recording's order: "cell.*" as [path.Match] reads it, or a device's name for all of its
// streams. No pattern: all. The error is a [*StreamError] or a [*PatternError].
func Choose(r *recording.Recording, patterns []string) ([]*recording.Stream, error) {
	if len(patterns) == 0 {
		return r.Streams(), nil
	}
	var known []string
	for _, s := range r.Streams() {
		known = append(known, s.Name())
	}
	wanted := map[*recording.Stream]bool{}
	for _, p := range patterns {
		found := false
		for _, s := range r.Streams() {
			is, err := path.Match(p, s.Name())
			if err != nil {
				return nil, &PatternError{p}
			}
			if is || s.Global().Device == p {
				wanted[s], found = true, true
			}
		}
		if !found {
			return nil, &StreamError{p, known}
		}
	}
	var chosen []*recording.Stream
	for _, s := range r.Streams() {
		if wanted[s] {
			chosen = append(chosen, s)
		}
	}
	return chosen, nil
}

// Began returns when a device's first sample was taken, 0 where that is not known.
func Began(r *recording.Recording, device string) recording.Timestamp {
	if epochs := r.Epochs(device); len(epochs) > 0 && epochs[0].Epoch == 0 {
		return recording.Timestamp(epochs[0].First.UTCNS)
	}
	return 0
}
