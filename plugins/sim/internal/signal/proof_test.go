package signal

import (
	"bytes"
	"hash/crc32"
	"testing"
)

func TestSplitmix64(t *testing.T) {
	t.Parallel()
	// The first outputs of the published generator from the seeds 0 and 1234567.
	var zero, seeded draws = 0, 1234567
	for i, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f} {
		if got := zero.next(); got != want {
			t.Errorf("output %d from 0: %#x, want %#x", i, got, want)
		}
	}
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423} {
		if got := seeded.next(); got != want {
			t.Errorf("output %d from 1234567: %d, want %d", i, got, want)
		}
	}
	if mix(0) != 0xe220a8397b1dcdaf {
		t.Error("mix is not one step of the generator")
	}
}

// proofByDefinition is the definition in docs/format/recording.md, step by step.
func proofByDefinition(serial string, channel, i uint64, bits int, lo, hi int64) int64 {
	split := func(x uint64) uint64 {
		z := x + 0x9E3779B97F4A7C15
		z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
		z = (z ^ (z >> 27)) * 0x94D049BB133111EB
		return z ^ (z >> 31)
	}
	crc := ^uint32(0)
	for _, b := range []byte(serial) { // CRC-32C bit by bit
		crc ^= uint32(b)
		for range 8 {
			if crc&1 != 0 {
				crc = crc>>1 ^ 0x82F63B78
			} else {
				crc >>= 1
			}
		}
	}
	w := split(split(uint64(^crc)*64+channel)^i) >> 48
	if bits == 0 {
		return int64(w >> 8)
	}
	v := int64(int16(uint16(w) &^ (1<<(16-bits) - 1)))
	return min(max(v, lo), hi)
}

func TestProof(t *testing.T) {
	t.Parallel()
	if crc32.Checksum([]byte("123456789"), crc32.MakeTable(crc32.Castagnoli)) != 0xE3069283 {
		t.Fatal("not CRC-32C")
	}
	for _, bits := range []int{8, 12, 14, 16} {
		low, high := Codes(bits)
		for channel := range uint64(8) {
			p, err := NewProof("SIM0001", string(rune('A'+channel)), bits, low)
			if err != nil {
				t.Fatal(err)
			}
			for _, first := range []int64{0, 3, 1<<31 - 5, 1<<33 - 1, 1<<62 + 3} {
				b := make([]byte, 2*1001)
				if p.Fill(b, first) {
					t.Error("the proof signal is over range")
				}
				for i, got := range codes(b) {
					want := proofByDefinition("SIM0001", channel, uint64(first)+uint64(i), bits, int64(low), int64(high))
					if int64(got) != want {
						t.Fatalf("%d bit, channel %d, sample %d + %d: %d, want %d", bits, channel, first, i, got, want)
					}
				}
			}
		}
	}
	for port := range 2 {
		b := make([]byte, 100)
		NewProofPort("IW123/0456", port).Fill(b, 77)
		for i, got := range b {
			if want := proofByDefinition("IW123/0456", 8+uint64(port), 77+uint64(i), 0, 0, 0); int64(got) != want {
				t.Fatalf("port %d, sample %d: %d, want %d", port, 77+i, got, want)
			}
		}
	}
}

func TestProofReachesTheLimits(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{8, 12, 16} {
		low, high := Codes(bits)
		p, err := NewProof("SIM0001", "A", bits, low)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 2<<20)
		p.Fill(b, 0)
		least, most := int32(0), int32(0)
		for _, v := range codes(b) {
			least, most = min(least, int32(v)), max(most, int32(v))
		}
		if least != low || most > high || most < high-1<<(16-bits) {
			t.Errorf("%d bit: codes from %d to %d, legal are %d to %d", bits, least, most, low, high)
		}
	}
}

func TestProofRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		channel string
		bits    int
	}{{"", 16}, {"I", 16}, {"a", 16}, {"AB", 16}, {"D0-7", 16}, {"A", 7}, {"A", 17}} {
		if _, err := NewProof("S", c.channel, c.bits, -32767); err == nil {
			t.Errorf("a proof signal for channel %q at %d bits", c.channel, c.bits)
		}
	}
}

func TestProofDiffers(t *testing.T) {
	t.Parallel()
	fill := func(serial, channel string) []byte {
		p, err := NewProof(serial, channel, 16, -32767)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 64)
		p.Fill(b, 0)
		return b
	}
	if bytes.Equal(fill("SIM0001", "A"), fill("SIM0001", "B")) || bytes.Equal(fill("SIM0001", "A"), fill("SIM0002", "A")) {
		t.Error("two channels or units have the same signal")
	}
}
