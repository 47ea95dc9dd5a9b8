package truth

import (
	"fmt"
	"hash/crc32"
)

// Proof is the proof signal of one channel of one unit, made from its description in docs/emulator.md.
type Proof struct {
	seed    uint64
	mask    uint16
	lo, hi  int64
	digital bool
}

// NewProof makes the signal of a channel, "A" to "H" or "D0-7" or "D8-15", of a unit. bits is the converter's resolution, lo and hi are
// the lowest and the highest code.
func NewProof(serial, channel string, bits int, lo, hi int64) (Proof, error) {
	p := Proof{lo: lo, hi: hi}
	number := uint64(0)
	switch {
	case channel == "D0-7", channel == "D8-15":
		p.digital, number = true, 8
		if channel == "D8-15" {
			number = 9
		}
	case len(channel) == 1 && channel[0] >= 'A' && channel[0] <= 'H' && bits >= 1 && bits <= 16:
		number, p.mask = uint64(channel[0]-'A'), uint16(0xFFFF)<<(16-bits)
	default:
		return p, fmt.Errorf("channel %q with %d bits has no proof signal", channel, bits)
	}
	p.seed = mix(uint64(crc32.Checksum([]byte(serial), crc32.MakeTable(crc32.Castagnoli)))*64 + number)
	return p, nil
}

// Digital tells whether samples are bytes.
func (p Proof) Digital() bool { return p.digital }

// At is the value of a raw sample, counted from the start of the acquisition.
func (p Proof) At(i int64) int64 {
	v := uint16(mix(p.seed^uint64(i)) >> 48)
	if p.digital {
		return int64(v >> 8)
	}
	return min(max(int64(int16(v&p.mask)), p.lo), p.hi)
}

// enough is how many samples tell their place without doubt: 8 of the fewest bits are as many as an int64 has.
const enough = 8

// Locate finds the place of samples in the signal: the index of the first of them. It looks at want first, then around it, up to reach to both
// sides. ok is false where they are at no such place, or are too few to tell.
func (p Proof) Locate(samples []int64, want, reach int64) (index int64, ok bool) {
	if p.is(samples, want) {
		return want, true
	}
	if len(samples) < enough {
		return 0, false
	}
	for d := int64(1); d <= reach; d++ {
		if p.is(samples, want+d) {
			return want + d, true
		}
		if want >= d && p.is(samples, want-d) {
			return want - d, true
		}
	}
	return 0, false
}

func (p Proof) is(samples []int64, from int64) bool {
	for i, v := range samples {
		if v != p.At(from+int64(i)) {
			return false
		}
	}
	return true
}

// mix is splitmix64.
func mix(x uint64) uint64 {
	z := x + 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
