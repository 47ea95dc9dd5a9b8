package signal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Proof is the proof signal of a channel or digital port, in which every sample tells its own index: see
// docs/format/recording.md, "The proof signal". It is made in codes, past range, coupling and quantiser.
type Proof struct {
	seed uint64
	keep uint16
	low  int16 // lowest legal code; the highest is never exceeded at 8 bits and more
}

// NewProof makes the signal of a channel ("A" to "H") of the unit with that serial at 8 to 16 bits; low is the lowest
// legal code.
func NewProof(serial, channel string, bits int, low int32) (Proof, error) {
	if len(channel) != 1 || channel[0] < 'A' || channel[0] > 'H' {
		return Proof{}, fmt.Errorf("the proof signal is defined for the channels A to H, not for %q", channel)
	}
	if bits < 8 || bits > 16 || low < -32768 || low > 0 {
		return Proof{}, fmt.Errorf("there is no proof signal at %d bits with codes from %d", bits, low)
	}
	return Proof{proofSeed(serial, uint64(channel[0]-'A')), ^uint16(0) << (16 - bits), int16(low)}, nil
}

func proofSeed(serial string, channel uint64) uint64 {
	sum := crc32.Checksum([]byte(serial), crc32.MakeTable(crc32.Castagnoli))
	return mix(uint64(sum)*64 + channel)
}

// Fill writes the samples first, first+1, ... to dst, two bytes each. It never is over range.
func (p *Proof) Fill(dst []byte, first int64) bool {
	seed, keep, low, i := p.seed, p.keep, p.low, uint64(first)
	for ; len(dst) >= 8; dst, i = dst[8:], i+4 {
		a, b := code(mix(seed^i), keep, low), code(mix(seed^(i+1)), keep, low)
		c, d := code(mix(seed^(i+2)), keep, low), code(mix(seed^(i+3)), keep, low)
		binary.LittleEndian.PutUint64(dst, a|b<<16|c<<32|d<<48)
	}
	for ; len(dst) >= 2; dst, i = dst[2:], i+1 {
		binary.LittleEndian.PutUint16(dst, uint16(code(mix(seed^i), keep, low)))
	}
	return false
}

// code makes a sample, as the bits of an int16, from its random word.
func code(word uint64, keep uint16, low int16) uint64 {
	return uint64(uint16(max(int16(uint16(word>>48)&keep), low)))
}

// ProofPort is the proof signal of a digital port.
type ProofPort struct{ seed uint64 }

// NewProofPort makes the signal of a port, 0 for D0-7 and 1 for D8-15.
func NewProofPort(serial string, port int) ProofPort {
	return ProofPort{proofSeed(serial, 8+uint64(port))}
}

// Fill writes the samples first, first+1, ... to dst, one byte each.
func (p ProofPort) Fill(dst []byte, first int64) {
	for i := range dst {
		dst[i] = byte(mix(p.seed^uint64(first+int64(i))) >> 56)
	}
}

// mix is splitmix64: one step of that generator from the state x.
func mix(x uint64) uint64 { return finish(x + 0x9E3779B97F4A7C15) }

func finish(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
