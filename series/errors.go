package series

import (
	"fmt"
	"slices"
	"strings"
)

// StreamError is returned for a pattern that no stream matches, and no pin.
type StreamError struct {
	Pattern string
	Known   []string // streams of the recording
	Pins    []string // pins of its digital ports, by their names
	Labels  []string // and by their labels
	Of      string   // the stream, or the channel, that was named with something behind it, as if that were a pin of it; empty: none was
	Port    bool     // that stream is a digital port
}

func (e *StreamError) Error() string {
	switch {
	case e.Port:
		return fmt.Sprintf("there is no stream %q in the recording: pins are named without their port", e.Pattern)
	case e.Of != "":
		return fmt.Sprintf("there is no stream %q in the recording: %s is an analog channel, which has no pins", e.Pattern, e.Of)
	}
	return fmt.Sprintf("there is no stream %q in the recording", e.Pattern)
}

func newStreamError(pattern string, streams, pins []Choice) *StreamError {
	e := &StreamError{Pattern: pattern}
	for _, s := range streams {
		g := s.Global()
		for _, name := range []string{g.Device + "." + g.Channel, s.Name()} { // that of a channel may be no stream, if it is reduced
			if rest, ok := strings.CutPrefix(pattern, name); ok && strings.IndexAny(rest, ".:[") == 0 && strings.Trim(rest, ".:[]0123456789DdPpIiNn") == "" {
				e.Of, e.Port = name, digital(s.Stream)
			}
		}
		e.Known = append(e.Known, s.Name())
	}
	for _, p := range pins {
		e.Pins = append(e.Pins, p.Name())
		if p.Pin.Label != "" {
			e.Labels = append(e.Labels, p.named(p.Pin.Label))
		}
	}
	return e
}

// PinsOf returns the pins of the device that the pattern begins with, by their names.
func (e *StreamError) PinsOf() []string {
	device, _, _ := strings.Cut(e.Pattern, ".")
	return slices.DeleteFunc(slices.Clone(e.Pins), func(p string) bool { return !strings.HasPrefix(p, device+".") })
}

// PatternError is returned for a text that is no pattern of streams.
type PatternError struct{ Pattern string }

func (e *PatternError) Error() string {
	return fmt.Sprintf("%q is no pattern of streams: a bracket that is opened has to be closed", e.Pattern)
}

// BoundError is returned for a text that is no place in a recording.
type BoundError struct {
	Text   string
	Reason string
}

func (e *BoundError) Error() string { return fmt.Sprintf("%q %s", e.Text, e.Reason) }
