package picosdk

import (
	"fmt"
	"math/bits"
	"strings"
)

// The vendor's numbers of digital ports; analog channels count from 0 for A.
const (
	PortCode0 uint32 = 0x80
	PortCode1 uint32 = 0x81
)

// maxChannels is how many analog channels the largest unit has.
const maxChannels = 8

// ChannelName is the name of analog channel number i: "A" for 0. It panics below 0 and above 7.
func ChannelName(i int) string { return "ABCDEFGH"[i : i+1] }

// ChannelIndex is the number of an analog channel, 0 for "A"; ok is false for any other text.
func ChannelIndex(name string) (i int, ok bool) {
	if len(name) != 1 {
		return 0, false
	}
	i = strings.Index("ABCDEFGH", name)
	return max(i, 0), i >= 0
}

// PortName is the name of digital port number i in plans: "D0-7", "D8-15".
func PortName(i int) string { return fmt.Sprintf("D%d-%d", 8*i, 8*i+7) }

// PortIndex is the number of a digital port by its name in plans.
func PortIndex(name string) (i int, ok bool) {
	for i := range 4 {
		if PortName(i) == name {
			return i, true
		}
	}
	return 0, false
}

// PortPins names the pins of digital port number i: "D0" to "D7" for 0.
func PortPins(i int) []string {
	pins := make([]string, 8)
	for p := range pins {
		pins[p] = fmt.Sprintf("D%d", 8*i+p)
	}
	return pins
}

// ChannelSet is a set of analog channels, bit 0 for A. Its bits are those of the vendor's channel flags and of the
// over-range word.
type ChannelSet uint8

// Channels makes a set of channel names; names that do not exist are left out.
func Channels(names ...string) ChannelSet {
	var s ChannelSet
	for _, n := range names {
		if i, ok := ChannelIndex(n); ok {
			s |= 1 << i
		}
	}
	return s
}

// FirstChannels is the set of the first n channels.
func FirstChannels(n int) ChannelSet { return ChannelSet(1<<max(0, min(n, maxChannels)) - 1) }

// Len counts the channels.
func (s ChannelSet) Len() int { return bits.OnesCount8(uint8(s)) }

// Has tells whether channel number i is in the set.
func (s ChannelSet) Has(i int) bool { return i >= 0 && i < maxChannels && s>>i&1 != 0 }

// String lists the channels, such as "A, C".
func (s ChannelSet) String() string {
	var names []string
	for i := range maxChannels {
		if s.Has(i) {
			names = append(names, ChannelName(i))
		}
	}
	return strings.Join(names, ", ")
}
