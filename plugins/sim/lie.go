package main

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"

	"github.com/scopelog/scopelog/driver/rpc"
)

// The untruths that a hostile plugin can write into its ring; docs/format/ring.md has the layout.
const (
	lieSequence = "sequence" // a descriptor with a wrong number
	lieChecksum = "checksum" // a descriptor with a wrong checksum
	lieCount    = "count"    // more samples than the lane can hold
	liePosition = "position" // samples at another place than the next
	lieLane     = "lane"     // a lane that does not exist
	lieType     = "type"     // a descriptor of no known type
	lieCursor   = "cursor"   // the commit cursor far ahead
	lieBackward = "backward" // the commit cursor falls
	lieGeometry = "geometry" // another lane table
	lieRandom   = "random"   // noise all over what a producer can write in the header, and over the queue
)

var lieNames = []string{lieSequence, lieChecksum, lieCount, liePosition, lieLane, lieType, lieCursor, lieBackward, lieGeometry, lieRandom}

// Places in the ring.
const (
	ringMagic         = "SHMRING1"
	ringGeneration    = 0x020
	ringDescOff       = 0x068
	ringDescCount     = 0x070
	ringDescWrite     = 0x100
	ringProducer      = 0x100 // what the producer writes: from here
	ringRecorder      = 0x180 // to here
	ringProducerState = 0x150
	ringRunning       = 2
	ringLaneTable     = 0x1000
	laneCapacity      = 0x010
	laneSampleSize    = 0x018
	laneStartPos      = 0x040
	laneWritePos      = 0x088
	laneLost          = 0x090
	laneEntry         = 512
	descBytes         = 64
	descData          = 1
	descBatchEnd      = 1
)

// writeLie writes one untruth into a mapped ring. It trusts no number that it finds there.
func writeLie(ring []byte, what string, random *rand.Rand) error {
	if len(ring) < ringLaneTable+laneEntry {
		return fmt.Errorf("a ring of %d bytes is too small", len(ring))
	}
	le := binary.LittleEndian
	written, off, count := le.Uint64(ring[ringDescWrite:]), le.Uint64(ring[ringDescOff:]), uint64(le.Uint32(ring[ringDescCount:]))
	size := uint64(len(ring))
	if count == 0 || off > size || count > (size-off)/descBytes {
		return fmt.Errorf("the ring's descriptor queue lies outside of it")
	}
	queue := ring[off : off+count*descBytes]
	switch what {
	case lieCursor:
		le.PutUint64(ring[ringDescWrite:], written+1<<40)
	case lieBackward:
		le.PutUint64(ring[ringDescWrite:], written-1<<40)
	case lieGeometry:
		le.PutUint64(ring[ringLaneTable+laneCapacity:], size<<1)
	case lieRandom:
		for _, part := range [][]byte{ring[ringProducer:ringRecorder], queue} {
			for i := range part {
				part[i] = byte(random.Uint32())
			}
		}
	default:
		d := queue[written%count*descBytes:][:descBytes]
		writeFalseData(d, ring[ringLaneTable:], written, what)
		le.PutUint64(ring[ringDescWrite:], written+1)
	}
	return nil
}

// writeFalseData writes a descriptor of one sample in lane 0 that is right but for one thing.
func writeFalseData(d, lane []byte, seq uint64, what string) {
	le := binary.LittleEndian
	size := uint64(max(le.Uint32(lane[laneSampleSize:]), 1))
	pos, start := le.Uint64(lane[laneWritePos:])/size, le.Uint64(lane[laneStartPos:])/size
	clear(d)
	le.PutUint64(d, seq)
	d[0x08], d[0x09] = descData, descBatchEnd
	le.PutUint32(d[0x0c:], 1)
	le.PutUint64(d[0x10:], pos)
	le.PutUint64(d[0x18:], pos-start+le.Uint64(lane[laneLost:]))
	le.PutUint64(d[0x20:], uint64(rpc.Monotonic()))
	switch what {
	case lieSequence:
		le.PutUint64(d, seq+3)
	case lieCount:
		le.PutUint32(d[0x0c:], 1<<31)
	case liePosition:
		le.PutUint64(d[0x10:], pos+1000)
	case lieLane:
		le.PutUint16(d[0x0a:], 63)
	case lieType:
		d[0x08] = 77
	}
	sum := crc32.Checksum(d[:0x3c], crc32.MakeTable(crc32.Castagnoli))
	if what == lieChecksum {
		sum++
	}
	le.PutUint32(d[0x3c:], sum)
}
