package scopetest

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/picosdk"
)

// Proof is the signal that tells of each sample which one it is.
type Proof struct {
	seed uint64
	bits int
	max  int32
}

func splitmix(x uint64) uint64 {
	z := x + 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// NewProof is the signal of a stream: of a channel left-justified in the resolution's bits and held within the codes, of
// a digital port eight bits.
func NewProof(serial string, s driver.Stream, bits int, maxCode int32) Proof {
	number, _ := picosdk.ChannelIndex(s.Channel)
	if s.Digital {
		port, _ := picosdk.PortIndex(s.Channel)
		number, bits = 8+port, 8
	}
	sum := uint64(crc32.Checksum([]byte(serial), crc32.MakeTable(crc32.Castagnoli)))
	return Proof{seed: splitmix(sum*64 + uint64(number)), bits: bits, max: maxCode}
}

// Wrong returns the first of the samples, of a stream that begins at index first, that is not the signal's; -1: all are.
func (p Proof) Wrong(s driver.Stream, samples []byte, first uint64) int {
	size := s.Type.Bytes()
	for i := range len(samples) / size {
		word := uint16(splitmix(p.seed^(first+uint64(i))) >> 48)
		if s.Digital {
			if samples[i] != byte(word>>8) {
				return i
			}
			continue
		}
		want := int32(int16(word &^ (1<<(16-p.bits) - 1)))
		want = min(max(want, -p.max), p.max)
		if int32(int16(binary.LittleEndian.Uint16(samples[i*size:]))) != want {
			return i
		}
	}
	return -1
}

// At is the signal's sample of an index.
func (p Proof) At(s driver.Stream, index uint64) int64 {
	word := uint16(splitmix(p.seed^index) >> 48)
	if s.Digital {
		return int64(word >> 8)
	}
	v := int32(int16(word &^ (1<<(16-p.bits) - 1)))
	return int64(min(max(v, -p.max), p.max))
}
