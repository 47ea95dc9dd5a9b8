package series

import (
	"path"
	"slices"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// Choose returns the streams that patterns name, in the recording's order: "cell.*" as [path.Match] reads it, or a device's name for all of its
// streams. What names no stream names pins of digital ports: "cell.D3", or "cell.clock" where that is the pin's label. No pattern: all streams. The error
// is a [*StreamError] or a [*PatternError].
func Choose(r *recording.Recording, patterns []string) ([]Choice, error) {
	streams := All(r.Streams()...)
	if len(patterns) == 0 {
		return streams, nil
	}
	var pins []Choice
	wanted := map[Choice]bool{}
	for _, p := range patterns {
		_, bad := match(p, "")
		found := bad == nil && add(wanted, streams, func(c Choice) bool { return c.NamedBy(p) })
		if found {
			continue
		}
		if pins == nil {
			pins = Pins(r)
		}
		found = add(wanted, pins, func(c Choice) bool { return c.hasName(p) }) || add(wanted, pins, func(c Choice) bool { return c.hasLabel(p) })
		switch {
		case found:
		case bad != nil: // and it is no label
			return nil, bad
		default:
			return nil, newStreamError(p, streams, pins)
		}
	}
	var chosen []Choice
	for _, s := range streams {
		if wanted[s] {
			chosen = append(chosen, s)
		}
		for _, p := range pins {
			if p.Stream == s.Stream && wanted[p] {
				chosen = append(chosen, p)
			}
		}
	}
	return chosen, nil
}

// add adds what is wanted of a list, and tells whether there was anything.
func add(wanted map[Choice]bool, list []Choice, is func(Choice) bool) (found bool) {
	for _, c := range list {
		if is(c) {
			wanted[c], found = true, true
		}
	}
	return found
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

// Names tells whether patterns name a stream or a pin of it by its name. The stream need not be in a recording any more. No pattern names all, and what is no
// pattern names nothing.
func Names(patterns []string, stream string) bool {
	names := append(pinNames(stream), stream)
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			is, err := match(p, name)
			return is && err == nil
		})
	})
}

// pinNames lists the names that pins of a stream have if it is a port, as far as its own name tells.
func pinNames(stream string) []string {
	device, rest, _ := strings.Cut(stream, ".")
	port, kind, reduced := strings.Cut(rest, ".")
	if _, _, _, ok := portRange(port); !ok {
		return nil
	}
	var names []string
	for _, p := range PinsOf(device, port, nil) {
		name := device + "." + p.Name
		if reduced {
			name += "." + kind
		}
		names = append(names, name)
	}
	return names
}

// Began returns when a device's first sample was taken, 0 where that is not known.
func Began(r *recording.Recording, device string) recording.Timestamp {
	if epochs := r.Epochs(device); len(epochs) > 0 && epochs[0].Epoch == 0 {
		return recording.Timestamp(epochs[0].First.UTCNS)
	}
	return 0
}
