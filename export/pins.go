package export

import (
	"strings"
	"unicode"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// pin is one wire of a column.
type pin struct {
	series.Pin
	kind string // of the stream: ".min"; "" where it is raw
}

// pinsOf returns the pins of a digital port, the least significant bit first, or the one that was chosen, whose values are its bit 0.
func pinsOf(c *column, labels *series.Labels) []pin {
	kind := ""
	if k := c.Global.Kind; k != recording.KindRaw && k != "" {
		kind = "." + string(k)
	}
	if c.Pin() {
		one := c.Stream.Pin
		one.Bit = 0
		return []pin{{one, kind}}
	}
	var list []pin
	for _, p := range series.PinsOf(c.Global.Device, c.Global.Channel, labels) {
		list = append(list, pin{p, kind})
	}
	return list
}

// wire returns the name of a pin for programs whose names have no spaces and few signs: its label, else its own.
func (p pin) wire() string {
	if p.Label == "" {
		return p.Name + p.kind
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || !unicode.IsPrint(r) || strings.ContainsRune("$\\,=\x7f", r) { // words and signs of their grammars
			return '_'
		}
		return r
	}, p.Label) + p.kind
}
