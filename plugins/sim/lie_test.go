package main

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"testing"
)

// ringWith makes the bytes of a ring with one lane of int16 and a queue.
func ringWith(written uint64) []byte {
	const queue, count = 0x10000, 4
	ring := make([]byte, queue+count*descBytes)
	le := binary.LittleEndian
	copy(ring, ringMagic)
	le.PutUint64(ring[ringDescOff:], queue)
	le.PutUint32(ring[ringDescCount:], count)
	le.PutUint64(ring[ringDescWrite:], written)
	le.PutUint32(ring[ringProducerState:], ringRunning)
	lane := ring[ringLaneTable:]
	le.PutUint64(lane[laneCapacity:], 65536)
	le.PutUint32(lane[laneSampleSize:], 2)
	le.PutUint64(lane[laneStartPos:], 1000)
	le.PutUint64(lane[laneWritePos:], 5000)
	le.PutUint64(lane[laneLost:], 7)
	return ring
}

func TestLies(t *testing.T) {
	t.Parallel()
	le := binary.LittleEndian
	random := rand.New(rand.NewPCG(1, 1))
	for _, what := range lieNames {
		ring, before := ringWith(6), ringWith(6)
		if err := writeLie(ring, what, random); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if bytes.Equal(ring, before) {
			t.Errorf("%s changes nothing", what)
		}
		d := ring[0x10000+2*descBytes:][:descBytes]
		good := le.Uint32(d[0x3c:]) == crc32.Checksum(d[:0x3c], crc32.MakeTable(crc32.Castagnoli))
		truth := map[string]bool{
			lieSequence: le.Uint64(d) == 6, lieCount: le.Uint32(d[0x0c:]) == 1, liePosition: le.Uint64(d[0x10:]) == 2500,
			lieLane: le.Uint16(d[0x0a:]) == 0, lieType: d[8] == descData, lieChecksum: good,
		}
		if _, isDescriptor := truth[what]; !isDescriptor {
			continue
		}
		for aspect, isTrue := range truth {
			if isTrue == (aspect == what) {
				t.Errorf("lie %s: %s is true: %v", what, aspect, isTrue)
			}
		}
		if le.Uint64(ring[ringDescWrite:]) != 7 || le.Uint64(d[0x18:]) != 2007 {
			t.Errorf("%s: the descriptor is not the next one", what)
		}
	}
}

func TestLiesTrustNothing(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	for _, size := range []int{0, 100, ringLaneTable + laneEntry} {
		if writeLie(make([]byte, size), lieSequence, random) == nil {
			t.Errorf("a ring of %d bytes is lied in", size)
		}
	}
	for range 2000 { // rings with spoiled numbers
		ring := ringWith(random.Uint64())
		for range 1 + random.IntN(4) {
			ring[ringDescOff+random.IntN(12)] = byte(random.Uint32())
		}
		_ = writeLie(ring, lieNames[random.IntN(len(lieNames))], random) // must not leave the slice
	}
}
