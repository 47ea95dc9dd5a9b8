package series

import (
	"fmt"
	"strconv"
	"strings"
)

// Pin is one wire of a digital port. The zero value is none.
type Pin struct {
	Name  string // "D3"
	Label string // the plan's; empty: none
	Bit   int    // in the port's byte; 0 is the least significant one
}

// PinsOf returns the pins of a digital port of a device, the least significant bit first: "D8-15" has D8 to D15. Pins of a port whose name is no such
// range are counted behind it, as in "port.0". Labels may be nil.
func PinsOf(device, port string, labels *Labels) []Pin {
	prefix, first, count := port+".", 0, 8
	if letters, lo, hi, ok := portRange(port); ok {
		prefix, first, count = letters, lo, 1+min(7, hi-lo)
	}
	list := make([]Pin, count)
	for i := range list {
		name := fmt.Sprintf("%s%d", prefix, first+i)
		list[i] = Pin{Name: name, Label: labels.of(device, port, name), Bit: i}
		if l := list[i].Label; l == name || strings.TrimSpace(l) == "" { // which tells nothing
			list[i].Label = ""
		}
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

// levels turns samples of a port into levels of the pin, 0 and 1. dst and src are as long.
func (p Pin) levels(dst []float64, src []byte) {
	src = src[:len(dst)]
	for i, b := range src {
		dst[i] = float64(b >> (p.Bit & 7) & 1)
	}
}

// levelIn returns the level of the pin where it is the same in all samples of a port from low to high: the bits above the highest one in which these
// two differ are the same in all that lies between.
func (p Pin) levelIn(low, high uint8) (level float64, ok bool) {
	if (low^high)>>p.Bit != 0 {
		return 0, false
	}
	return float64(low >> p.Bit & 1), true
}
