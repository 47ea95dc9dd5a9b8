package shmring

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Kind is what a lane's samples are made of.
type Kind uint8

// The kinds, with the numbers of the layout.
const (
	Raw Kind = iota
	Min
	Max
	Decimate
	Average
	Sum
)

var kindNames = [...]string{"raw", "min", "max", "decimate", "average", "sum"}

// Valid reports if k is one of the kinds above.
func (k Kind) Valid() bool { return int(k) < len(kindNames) }

func (k Kind) String() string {
	if k.Valid() {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// SampleType is the format of one sample, always little endian.
type SampleType uint8

// The sample types, with the numbers of the layout.
const (
	I16 SampleType = iota + 1
	I8
	U8
	I32
	F32
)

// Bytes is the size of one sample, 0 for an unknown type.
func (t SampleType) Bytes() int {
	switch t {
	case I8, U8:
		return 1
	case I16:
		return 2
	case I32, F32:
		return 4
	}
	return 0
}

func (t SampleType) String() string {
	names := [...]string{I16: "i16", I8: "i8", U8: "u8", I32: "i32", F32: "f32"}
	if t >= I16 && int(t) < len(names) {
		return names[t]
	}
	return fmt.Sprintf("sample_type(%d)", uint8(t))
}

// LaneSpec describes one lane.
type LaneSpec struct {
	Channel    uint16     // the driver's channel number
	Kind       Kind       // what the samples are made of
	SampleType SampleType // format of a sample
	Digital    bool       // the channel is a digital port

	// The raw sample interval is IntervalNumFS / IntervalDen femtoseconds, exactly; this lane's is Ratio times that.
	IntervalNumFS uint64
	IntervalDen   uint32
	Ratio         uint32 // raw samples per sample of this lane, at least 1

	Scale, Offset float64 // value = sample x Scale + Offset, finite
	StartPos      uint64  // bytes: position of the first sample; a whole number of samples
	Capacity      uint64  // bytes: a multiple of 64 KiB, see [Capacity]
	Name          string  // at most 32 bytes, without NUL
}

// Spec describes a ring.
type Spec struct {
	RunID      [16]byte // of the run it belongs to
	Generation uint64   // number of this ring within the device's run
	Lanes      []LaneSpec
	DescCount  uint32 // descriptors in the queue, a power of two, see [DescCount]; 0 = 4096

	// StartDesc is the index of the first descriptor. It is 0 in every ring made for a device; tests of long runs start higher.
	StartDesc uint64
}

const (
	defaultDescs = 4096
	maxCapacity  = 256 << 20
	minHold      = 500 * time.Millisecond
	// RapidBlockDescs is the queue length for rapid block captures, where waveforms may be short.
	RapidBlockDescs = 65536
)

// Capacity is the size in bytes of a streaming lane: samplesPerSecond x sampleBytes x hold, as much of it as fits 256 MiB but never less
// than half a second, rounded up to 64 KiB. Arguments out of range (not finite, negative) give the smallest lane.
func Capacity(samplesPerSecond float64, sampleBytes int, hold time.Duration) uint64 {
	rate := samplesPerSecond * float64(sampleBytes)
	want := min(rate*hold.Seconds(), maxCapacity)
	want = max(want, rate*minHold.Seconds())
	if !(want >= 1) || math.IsInf(want, 0) {
		return Granule
	}
	return roundUp(uint64(math.Ceil(want)))
}

// BlockCapacity is the size in bytes of a lane in block modes: two waveforms of the given length in samples, between 1 and 64 MiB.
func BlockCapacity(waveformSamples uint64, sampleBytes int) uint64 {
	const low, high = 1 << 20, 64 << 20
	if waveformSamples > high {
		return high
	}
	return min(max(roundUp(2*waveformSamples*uint64(max(sampleBytes, 1))), low), high)
}

// DescCount is the length of the descriptor queue for a streaming ring: the power of two that holds a delivery per millisecond and lane for
// twice the hold time, between 4096 and 2^18.
func DescCount(hold time.Duration, lanes int) uint32 {
	want := 2 * hold.Seconds() * 1000 * float64(lanes)
	n := uint32(defaultDescs)
	for float64(n) < want && n < MaxDescs {
		n *= 2
	}
	return n
}

// Bytes is the size of the ring that the specification leads to, without checking it.
func (s Spec) Bytes() uint64 {
	total := uint64(Granule) + queueBytes(s.descCount())
	for _, l := range s.Lanes {
		total += l.Capacity
	}
	return total
}

func (s Spec) descCount() uint32 {
	if s.DescCount == 0 {
		return defaultDescs
	}
	return s.DescCount
}

// minDescs is the shortest queue in which the largest batch can be committed beside the reserve for the last one.
func minDescs(lanes int) uint32 { return uint32(maxBatch(lanes) + reserveDescs(lanes)) }

// maxBatch is the most descriptors of one batch.
func maxBatch(lanes int) int { return 5*lanes + 8 }

// reserveDescs is what every batch but the last leaves free.
func reserveDescs(lanes int) int { return 2*lanes + 8 }

func roundUp(n uint64) uint64 { return (n + Granule - 1) &^ (Granule - 1) }

func queueBytes(descs uint32) uint64 { return roundUp(uint64(descs) * DescStride) }

// check returns an error that wraps ErrSpec and names the first thing that is wrong.
func (s Spec) check() error {
	if len(s.Lanes) < 1 || len(s.Lanes) > MaxLanes {
		return fmt.Errorf("%w: %d lanes, want 1 to %d", ErrSpec, len(s.Lanes), MaxLanes)
	}
	if err := checkDescCount(s.descCount(), len(s.Lanes)); err != nil {
		return fmt.Errorf("%w: %w", ErrSpec, err)
	}
	for i, l := range s.Lanes {
		if err := l.check(); err != nil {
			return fmt.Errorf("%w: lane %d: %w", ErrSpec, i, err)
		}
	}
	return nil
}

func checkDescCount(n uint32, lanes int) error {
	if n&(n-1) != 0 || n < minDescs(lanes) || n > MaxDescs {
		return fmt.Errorf("queue of %d descriptors: want a power of two from %d to %d", n, minDescs(lanes), MaxDescs)
	}
	return nil
}

func (l LaneSpec) check() error {
	size := uint64(l.SampleType.Bytes())
	switch {
	case size == 0:
		return fmt.Errorf("unknown sample type %d", l.SampleType)
	case !l.Kind.Valid():
		return fmt.Errorf("unknown kind %d", l.Kind)
	case l.Capacity == 0 || l.Capacity%Granule != 0 || l.Capacity > math.MaxInt/4:
		return fmt.Errorf("capacity of %d bytes is not a multiple of %d", l.Capacity, Granule)
	case l.StartPos%size != 0:
		return fmt.Errorf("start at byte %d is not a whole number of %d-byte samples", l.StartPos, size)
	case l.IntervalNumFS == 0 || l.IntervalDen == 0:
		return fmt.Errorf("sample interval of %d/%d femtoseconds", l.IntervalNumFS, l.IntervalDen)
	case l.Ratio == 0:
		return fmt.Errorf("ratio of zero")
	case !finite(l.Scale) || !finite(l.Offset):
		return fmt.Errorf("scale %g or offset %g is not finite", l.Scale, l.Offset)
	case len(l.Name) > 32 || strings.ContainsRune(l.Name, 0):
		return fmt.Errorf("name %q is longer than 32 bytes or contains NUL", l.Name)
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
