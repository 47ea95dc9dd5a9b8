package shmring

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// DescType says what a descriptor is about.
type DescType uint8

// The descriptor types, with the numbers of the layout.
const (
	DescData      DescType = iota + 1 // samples
	DescGap                           // samples lost right before the lane's next DATA
	DescTrigger                       // a trigger
	DescParam                         // a value that is valid from this sample on
	DescWaveBegin                     // a capture of a block mode begins
	DescWaveEnd                       // and ends
	DescError                         // the device failed
	DescEOS                           // nothing follows
)

var descNames = [...]string{"", "DATA", "GAP", "TRIGGER", "PARAM", "WAVE_BEGIN", "WAVE_END", "ERROR", "EOS"}

func (t DescType) String() string {
	if t >= DescData && t <= DescEOS {
		return descNames[t]
	}
	return fmt.Sprintf("type(%d)", uint8(t))
}

// DescFlags are the flags of a descriptor.
type DescFlags uint8

// The flags, with the bits of the layout.
const (
	FlagBatchEnd      DescFlags = 1 << iota // last descriptor of its batch
	FlagUrgent                              // the consumer was to be woken at once
	FlagClipped                             // some sample is out of range
	FlagTimeEstimated                       // the stamp is an estimate
)

// AllLanes in a descriptor's lane means the whole device; its position and epoch index are 0 then.
const AllLanes = 0xffff

// UnknownCount in the Aux of a GAP means that samples were lost and nobody knows how many.
const UnknownCount = math.MaxUint64

// Cause says why samples were lost.
type Cause uint32

// The causes, with the numbers of the layout. A producer writes only those that [Cause.FromProducer] reports.
const (
	CauseRingFull Cause = iota + 1
	CauseDisk
	CauseCore
	CauseDriver
	CauseInferred
	CauseUSB
	CausePower
	CauseRestart
	CauseReboot
	CauseUnknown
)

var causeNames = [...]string{"", "ring_full", "disk", "core", "driver", "inferred", "usb", "power", "restart", "reboot", "unknown"}

func (c Cause) String() string {
	if c >= CauseRingFull && c <= CauseUnknown {
		return causeNames[c]
	}
	return fmt.Sprintf("cause(%d)", uint32(c))
}

// FromProducer reports if a producer may write the cause.
func (c Cause) FromProducer() bool {
	switch c {
	case CauseRingFull, CauseDriver, CauseUSB, CausePower, CauseUnknown:
		return true
	}
	return false
}

// Codes of a PARAM descriptor.
const (
	ParamScale    = 1 // Aux holds the bits of a float64
	ParamOffset   = 2 // likewise
	ParamDeadTime = 3 // Aux is the time before this waveform, in nanoseconds
)

// Desc is a private copy of one descriptor.
type Desc struct {
	Seq         uint64 // its index
	Type        DescType
	Flags       DescFlags
	Lane        uint16 // or AllLanes
	Count       uint32 // samples of DATA, else 0
	Pos         uint64 // lane index of the first sample; for other types of the next one
	FirstSample uint64 // epoch index of that sample
	TMonoNS     int64  // when the batch came into being, see MonoNow
	Aux         uint64 // by type: GAP samples lost; TRIGGER int64 femtoseconds from that sample to the trigger; PARAM the value; WAVE_BEGIN samples per raw lane; WAVE_END 0 = complete
	Waveform    uint32 // number of the capture
	Code        uint32 // by type: DATA over-range mask; GAP the Cause; WAVE_BEGIN number of the arming; TRIGGER samples that may hold it, 0 exact; PARAM which; ERROR class
	Status      uint32 // the vendor's status; WAVE_BEGIN the device's memory segment
}

// put encodes d into the 64 bytes at b, checksum included.
func (d *Desc) put(b []byte) {
	_ = b[DescStride-1]
	le := binary.LittleEndian
	le.PutUint64(b[0x00:], d.Seq)
	b[0x08], b[0x09] = byte(d.Type), byte(d.Flags)
	le.PutUint16(b[0x0a:], d.Lane)
	le.PutUint32(b[0x0c:], d.Count)
	le.PutUint64(b[0x10:], d.Pos)
	le.PutUint64(b[0x18:], d.FirstSample)
	le.PutUint64(b[0x20:], uint64(d.TMonoNS))
	le.PutUint64(b[0x28:], d.Aux)
	le.PutUint32(b[0x30:], d.Waveform)
	le.PutUint32(b[0x34:], d.Code)
	le.PutUint32(b[0x38:], d.Status)
	le.PutUint32(b[descCRCBytes:], crc32.Checksum(b[:descCRCBytes], castagnoli))
}

// get decodes the 64 bytes at src through the private copy b, which the caller lends (the checksum would move it to the heap each time), and
// reports if the checksum is right.
func (d *Desc) get(src []byte, b *[DescStride]byte) bool {
	copy(b[:], src)
	le := binary.LittleEndian
	*d = Desc{
		Seq: le.Uint64(b[0x00:]), Type: DescType(b[0x08]), Flags: DescFlags(b[0x09]), Lane: le.Uint16(b[0x0a:]), Count: le.Uint32(b[0x0c:]),
		Pos: le.Uint64(b[0x10:]), FirstSample: le.Uint64(b[0x18:]), TMonoNS: int64(le.Uint64(b[0x20:])), Aux: le.Uint64(b[0x28:]),
		Waveform: le.Uint32(b[0x30:]), Code: le.Uint32(b[0x34:]), Status: le.Uint32(b[0x38:]),
	}
	return le.Uint32(b[descCRCBytes:]) == crc32.Checksum(b[:descCRCBytes], castagnoli)
}
