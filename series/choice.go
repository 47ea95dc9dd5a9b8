package series

import (
	"path"
	"strings"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
)

// Choice is a stream that was chosen, or one pin of a digital port. Two of one recording are equal if they are the same. It is safe for concurrent use.
type Choice struct {
	*recording.Stream
	Pin Pin // the zero value: all of the stream
}

// All returns streams as they are, no pins of them.
func All(streams ...*recording.Stream) []Choice {
	list := make([]Choice, len(streams))
	for i, s := range streams {
		list[i] = Choice{Stream: s}
	}
	return list
}

// Name returns the name of what was chosen: that of the stream, or of a pin "cell.D3", of an aggregated port "cell.D3.min".
func (c Choice) Name() string {
	if !c.IsPin() {
		return c.Stream.Name()
	}
	return c.named(c.Pin.Name)
}

// named puts a word for the pin between the device and the kind of the stream.
func (c Choice) named(pin string) string {
	g := c.Global()
	return g.Device + "." + pin + strings.TrimPrefix(c.Stream.Name(), g.Device+"."+g.Channel)
}

// Label returns what the plan calls it, empty where it has no label.
func (c Choice) Label() string {
	if c.IsPin() {
		return c.Pin.Label
	}
	return c.Global().Label
}

// IsPin tells that it is one pin of a port.
func (c Choice) IsPin() bool { return c.Pin.Name != "" }

// IsPort tells that it is all pins of a digital port.
func (c Choice) IsPort() bool { return !c.IsPin() && digital(c.Stream) }

func digital(s *recording.Stream) bool {
	g := s.Global()
	conv, err := convert.New(&g)
	return err == nil && conv.Digital()
}

// Pins lists the pins of the digital ports of a recording, in the order of its streams, with the labels of its plan.
func Pins(r *recording.Recording) []Choice {
	list := []Choice{}
	labels := ReadLabels(r.Dir())
	for _, s := range r.Streams() {
		if !digital(s) {
			continue
		}
		g := s.Global()
		for _, p := range PinsOf(g.Device, g.Channel, labels) {
			list = append(list, Choice{s, p})
		}
	}
	return list
}

// NamedBy tells that a pattern names it, as [Choose] reads patterns; of a pin its name or its label.
func (c Choice) NamedBy(pattern string) bool {
	if !c.IsPin() {
		is, err := match(pattern, c.Name())
		return is && err == nil
	}
	return c.hasName(pattern) || c.hasLabel(pattern)
}

// hasName tells whether a pattern names the pin by its name. What is no pattern does not.
func (c Choice) hasName(pattern string) bool {
	is, err := path.Match(pattern, c.Name())
	return is && err == nil
}

// hasLabel tells whether a pattern names the pin by its label, in which signs of patterns may stand for themselves.
func (c Choice) hasLabel(pattern string) bool {
	if c.Pin.Label == "" {
		return false
	}
	name := c.named(c.Pin.Label)
	is, err := path.Match(pattern, name)
	return is && err == nil || name == pattern
}
