package recording

import (
	"fmt"
	"hash/crc32"
)

// Proof is the proof signal of one channel: a test signal in which every sample tells its own index, so that a lost,
// doubled, shifted or swapped sample shows within a few samples. It is written down in docs/format/recording.md,
// section 17, and made here from that text alone; sources of the signal have their own copy. A Proof is a value and safe
// for concurrent use.
type Proof struct {
	seed    uint64
	keep    uint16 // mask of the bits that the converter has
	lo, hi  int64  // lowest and highest legal code
	digital bool
}

// NewProof returns the signal of one channel of the unit with that serial number. The channel is "A" to "H" or a digital
// port, "D0-7" or "D8-15". resolution is the converter's, 1 to 16 bits; lo and hi are the family's legal codes
// (daq:codes). A digital port ignores the last three.
func NewProof(serial, channel string, resolution int, lo, hi int64) (Proof, error) {
	number, digital, err := proofChannel(channel)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{digital: digital, lo: lo, hi: hi}
	if !digital {
		if resolution < 1 || resolution > 16 {
			return Proof{}, fmt.Errorf("proof signal of channel %s: a resolution of %d bits is not between 1 and 16", channel, resolution)
		}
		if lo > hi {
			return Proof{}, fmt.Errorf("proof signal of channel %s: codes %d to %d are no range", channel, lo, hi)
		}
		p.keep = ^uint16(0) << (16 - resolution)
	}
	sum := crc32.Checksum([]byte(serial), castagnoliProof)
	p.seed = splitmix64(uint64(sum)*64 + number)
	return p, nil
}

// castagnoliProof is kept apart from the table of the CRC rule: the proof signal shares no code with what it checks.
var castagnoliProof = crc32.MakeTable(crc32.Castagnoli)

func proofChannel(channel string) (number uint64, digital bool, err error) {
	switch {
	case channel == "D0-7":
		return 8, true, nil
	case channel == "D8-15":
		return 9, true, nil
	case len(channel) == 1 && channel[0] >= 'A' && channel[0] <= 'H':
		return uint64(channel[0] - 'A'), false, nil
	}
	return 0, false, fmt.Errorf("channel %q has no proof signal: it is defined for A to H, D0-7 and D8-15", channel)
}

// At returns raw sample i, counted from the start of the epoch: an int16 code, or 0 to 255 for a digital port.
func (p Proof) At(i int64) int64 {
	w := uint16(splitmix64(p.seed^uint64(i)) >> 48)
	if p.digital {
		return int64(w >> 8)
	}
	return min(max(int64(int16(w&p.keep)), p.lo), p.hi)
}

// Digital tells whether the channel is a port of eight lines, whose samples are bytes.
func (p Proof) Digital() bool { return p.digital }

// Matches tells whether v is what a stream of that kind and ratio has for the group of raw samples [from, from + ratio): value k
// of an epoch has from = k x ratio, unless a loss of unknown length moved the groups. An average may be rounded in any direction; a decimated value is the first raw
// sample of its group. ratio is at least 1.
func (p Proof) Matches(kind string, ratio, from, v int64) bool {
	if kind == "raw" || kind == "decimate" || ratio == 1 {
		return v == p.At(from)
	}
	first := p.At(from)
	lo, hi, sum := first, first, first
	for i := from + 1; i < from+ratio; i++ {
		s := p.At(i)
		sum += s
		if p.digital {
			lo, hi = lo&s, hi|s
		} else {
			lo, hi = min(lo, s), max(hi, s)
		}
	}
	switch kind {
	case "min":
		return v == lo
	case "max":
		return v == hi
	case "sum":
		return v == sum
	case "average":
		return magnitude(v*ratio-sum) < uint64(ratio)
	}
	return false
}

func magnitude(v int64) uint64 {
	if v < 0 {
		return uint64(-v)
	}
	return uint64(v)
}

// splitmix64 is the mixing function of the SplitMix64 generator, one step from state x.
func splitmix64(x uint64) uint64 {
	z := x + 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
