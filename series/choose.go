package series

import (
	"path"
	"slices"
	"strings"

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
			is, err := match(p, s.Name())
			if err != nil {
				return nil, err
			}
			if is {
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

// match tells whether a pattern names a stream, as [Choose] reads patterns. The error is a [*PatternError].
func match(pattern, stream string) (bool, error) {
	is, err := path.Match(pattern, stream)
	if err != nil {
		return false, &PatternError{pattern}
	}
	device, _, _ := strings.Cut(stream, ".")
	return is || device == pattern, nil
}

// Names tells whether patterns name a stream, which need not be in a recording any more. No pattern names all, and what is no
// pattern names nothing.
func Names(patterns []string, stream string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool {
		is, err := match(p, stream)
		return is && err == nil
	})
}

// Began returns when a device's first sample was taken, 0 where that is not known.
func Began(r *recording.Recording, device string) recording.Timestamp {
	if epochs := r.Epochs(device); len(epochs) > 0 && epochs[0].Epoch == 0 {
		return recording.Timestamp(epochs[0].First.UTCNS)
	}
	return 0
}
