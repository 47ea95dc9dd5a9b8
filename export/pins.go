package export

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// pin is one wire of a digital port.
type pin struct {
	name  string // "D3"
	kind  string // of the stream: ".min"; "" where it is raw
	label string // the plan's; "": none
	bit   int    // in the port's byte
}

// pinsOf returns the pins of a digital port, the least significant bit first.
func pinsOf(c *column, p *recordedPlan) []pin {
	port := c.Global.Channel
	prefix, first, count := port+".", 0, 8
	if letters, lo, hi, ok := portRange(port); ok {
		prefix, first, count = letters, lo, min(8, hi-lo+1)
	}
	kind := ""
	if k := c.Global.Kind; k != recording.KindRaw && k != "" {
		kind = "." + string(k)
	}
	list := make([]pin, count)
	for i := range list {
		name := fmt.Sprintf("%s%d", prefix, first+i)
		list[i] = pin{name: name, kind: kind, label: p.label(c.Global.Device, port, name), bit: i}
	}
	return list
}

// portRange takes a port's name apart: "D8-15" is D, 8, 15.
func portRange(port string) (letters string, lo, hi int, ok bool) {
	i := strings.IndexAny(port, "0123456789")
	if i < 1 {
		return "", 0, 0, false
	}
	from, to, found := strings.Cut(port[i:], "-")
	lo, err1 := strconv.Atoi(from)
	hi, err2 := strconv.Atoi(to)
	return port[:i], lo, hi, found && err1 == nil && err2 == nil && lo >= 0 && hi >= lo
}

// wire returns the name of a pin for programs whose names have no spaces and few signs: its label, else its own.
func (p pin) wire() string {
	if p.label == "" {
		return p.name + p.kind
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune("$\\,=\x7f", r) { // words and signs of their grammars
			return '_'
		}
		return r
	}, p.label) + p.kind
}
