package shmring

import (
	"fmt"
	"strings"
	"sync/atomic"
	"unsafe"
)

// Fixed numbers of the layout, in bytes unless said otherwise. docs/format/ring.md has them as tables.
const (
	Magic = "SHMRING1" // first eight bytes of every ring

	ABIMajor = 1 // must match exactly
	ABIMinor = 0 // grows only inside reserved bytes

	HeaderBytes = 4096    // size of the header
	Granule     = 1 << 16 // multiple of every offset and capacity; the first granule holds header and lane table
	LaneStride  = 512     // size of a lane entry
	DescStride  = 64      // size of a descriptor
	MaxLanes    = 64      // most lanes of a ring
	MaxDescs    = 1 << 18 // most descriptors of a ring

	byteOrderMark   = 0x01020304
	clockMonotonic  = 1
	laneTableOff    = HeaderBytes
	tableBytes      = laneTableOff + MaxLanes*LaneStride
	headerCRCBytes  = 0x78
	laneCRCBytes    = 0x68
	descCRCBytes    = 0x3c
	mandatoryMask   = 0xffff0000 // features that a reader has to know
	knownFeatures   = 0
	laneFlagDigital = 1
)

// rawHeader is the header as it lies in memory. Fields of an atomic type are only ever touched by atomics of their size; the others are
// written by the core before core_state becomes ready, or by the one side named in docs/format/ring.md.
type rawHeader struct {
	magic         [8]byte
	abiMajor      uint16
	abiMinor      uint16
	byteOrder     uint32
	headerBytes   uint32
	granule       uint32
	ringBytes     uint64
	generation    uint64
	runID         [16]byte
	createdMonoNS uint64
	createdRealNS uint64
	clockID       uint32
	creatorPID    uint32
	creatorStart  uint64
	laneCount     uint32
	laneTableOff  uint32
	laneStride    uint32
	descStride    uint32
	descOff       uint64
	descCount     uint32
	features      uint32
	crc32c        uint32
	_             [4]byte

	coreState   atomic.Uint32
	closeReason atomic.Uint32
	coreStateNS atomic.Uint64
	_           [112]byte

	dWrite        atomic.Uint64
	dIntent       atomic.Uint64
	doorbell      atomic.Uint32
	prodFlags     atomic.Uint32
	progressNS    atomic.Uint64
	prodAliveNS   atomic.Uint64
	lostBatches   atomic.Uint64
	zero130       uint64
	prodPID       atomic.Uint32
	_             [4]byte
	prodStart     atomic.Uint64
	maxFill       atomic.Uint64
	producerState atomic.Uint32
	failStatus    atomic.Uint32
	_             [40]byte

	dRead       atomic.Uint64
	coreAliveNS atomic.Uint64
	corePID     uint32
	attachEpoch atomic.Uint32
	coreStart   uint64
	dDurable    atomic.Uint64
	_           [88]byte

	waiting atomic.Uint32
	zero204 uint32
	wakeAt  atomic.Uint64
	_       [112]byte

	roomBell        atomic.Uint32
	producerWaiting atomic.Uint32
	_               [HeaderBytes - 0x288]byte
}

// rawLane is a lane entry as it lies in memory.
type rawLane struct {
	laneID        uint32
	channel       uint16
	kind          uint8
	sampleType    uint8
	dataOff       uint64
	capacity      uint64
	sampleBytes   uint32
	flags         uint32
	intervalNumFS uint64
	intervalDen   uint32
	ratio         uint32
	scale         float64
	offset        float64
	startPos      uint64
	name          [32]byte
	crc32c        uint32
	_             [20]byte

	wIntent atomic.Uint64
	wPos    atomic.Uint64
	lost    atomic.Uint64
	_       [104]byte

	rPos atomic.Uint64
	_    [LaneStride - 0x108]byte
}

// rawDesc is a descriptor as it lies in memory. Descriptors are encoded and decoded through private copies, see [Desc].
type rawDesc struct {
	seq         uint64
	typ         uint8
	flags       uint8
	lane        uint16
	count       uint32
	pos         uint64
	firstSample uint64
	tMonoNS     int64
	aux         uint64
	waveform    uint32
	code        uint32
	status      uint32
	crc32c      uint32
}

// Field is one field of the layout.
type Field struct {
	Struct string // "header", "lane" or "desc"
	Name   string // as in docs/format/ring.md
	Offset uintptr
	Size   uintptr
}

// Fields lists every named field of the three structs as this program was compiled, in the order of their offsets. A struct's own size
// comes last under the name "sizeof", at offset 0.
func Fields() []Field {
	var h rawHeader
	var l rawLane
	var d rawDesc
	return []Field{
		{"header", "magic", unsafe.Offsetof(h.magic), unsafe.Sizeof(h.magic)},
		{"header", "abi_major", unsafe.Offsetof(h.abiMajor), unsafe.Sizeof(h.abiMajor)},
		{"header", "abi_minor", unsafe.Offsetof(h.abiMinor), unsafe.Sizeof(h.abiMinor)},
		{"header", "byte_order", unsafe.Offsetof(h.byteOrder), unsafe.Sizeof(h.byteOrder)},
		{"header", "header_bytes", unsafe.Offsetof(h.headerBytes), unsafe.Sizeof(h.headerBytes)},
		{"header", "granule", unsafe.Offsetof(h.granule), unsafe.Sizeof(h.granule)},
		{"header", "ring_bytes", unsafe.Offsetof(h.ringBytes), unsafe.Sizeof(h.ringBytes)},
		{"header", "generation", unsafe.Offsetof(h.generation), unsafe.Sizeof(h.generation)},
		{"header", "run_id", unsafe.Offsetof(h.runID), unsafe.Sizeof(h.runID)},
		{"header", "created_mono_ns", unsafe.Offsetof(h.createdMonoNS), unsafe.Sizeof(h.createdMonoNS)},
		{"header", "created_real_ns", unsafe.Offsetof(h.createdRealNS), unsafe.Sizeof(h.createdRealNS)},
		{"header", "clock_id", unsafe.Offsetof(h.clockID), unsafe.Sizeof(h.clockID)},
		{"header", "creator_pid", unsafe.Offsetof(h.creatorPID), unsafe.Sizeof(h.creatorPID)},
		{"header", "creator_start", unsafe.Offsetof(h.creatorStart), unsafe.Sizeof(h.creatorStart)},
		{"header", "lane_count", unsafe.Offsetof(h.laneCount), unsafe.Sizeof(h.laneCount)},
		{"header", "lane_table_off", unsafe.Offsetof(h.laneTableOff), unsafe.Sizeof(h.laneTableOff)},
		{"header", "lane_stride", unsafe.Offsetof(h.laneStride), unsafe.Sizeof(h.laneStride)},
		{"header", "desc_stride", unsafe.Offsetof(h.descStride), unsafe.Sizeof(h.descStride)},
		{"header", "desc_off", unsafe.Offsetof(h.descOff), unsafe.Sizeof(h.descOff)},
		{"header", "desc_count", unsafe.Offsetof(h.descCount), unsafe.Sizeof(h.descCount)},
		{"header", "features", unsafe.Offsetof(h.features), unsafe.Sizeof(h.features)},
		{"header", "crc32c", unsafe.Offsetof(h.crc32c), unsafe.Sizeof(h.crc32c)},
		{"header", "core_state", unsafe.Offsetof(h.coreState), unsafe.Sizeof(h.coreState)},
		{"header", "close_reason", unsafe.Offsetof(h.closeReason), unsafe.Sizeof(h.closeReason)},
		{"header", "core_state_ns", unsafe.Offsetof(h.coreStateNS), unsafe.Sizeof(h.coreStateNS)},
		{"header", "d_write", unsafe.Offsetof(h.dWrite), unsafe.Sizeof(h.dWrite)},
		{"header", "d_intent", unsafe.Offsetof(h.dIntent), unsafe.Sizeof(h.dIntent)},
		{"header", "doorbell", unsafe.Offsetof(h.doorbell), unsafe.Sizeof(h.doorbell)},
		{"header", "prod_flags", unsafe.Offsetof(h.prodFlags), unsafe.Sizeof(h.prodFlags)},
		{"header", "progress_ns", unsafe.Offsetof(h.progressNS), unsafe.Sizeof(h.progressNS)},
		{"header", "prod_alive_ns", unsafe.Offsetof(h.prodAliveNS), unsafe.Sizeof(h.prodAliveNS)},
		{"header", "lost_batches", unsafe.Offsetof(h.lostBatches), unsafe.Sizeof(h.lostBatches)},
		{"header", "zero_130", unsafe.Offsetof(h.zero130), unsafe.Sizeof(h.zero130)},
		{"header", "prod_pid", unsafe.Offsetof(h.prodPID), unsafe.Sizeof(h.prodPID)},
		{"header", "prod_start", unsafe.Offsetof(h.prodStart), unsafe.Sizeof(h.prodStart)},
		{"header", "max_fill", unsafe.Offsetof(h.maxFill), unsafe.Sizeof(h.maxFill)},
		{"header", "producer_state", unsafe.Offsetof(h.producerState), unsafe.Sizeof(h.producerState)},
		{"header", "fail_status", unsafe.Offsetof(h.failStatus), unsafe.Sizeof(h.failStatus)},
		{"header", "d_read", unsafe.Offsetof(h.dRead), unsafe.Sizeof(h.dRead)},
		{"header", "core_alive_ns", unsafe.Offsetof(h.coreAliveNS), unsafe.Sizeof(h.coreAliveNS)},
		{"header", "core_pid", unsafe.Offsetof(h.corePID), unsafe.Sizeof(h.corePID)},
		{"header", "attach_epoch", unsafe.Offsetof(h.attachEpoch), unsafe.Sizeof(h.attachEpoch)},
		{"header", "core_start", unsafe.Offsetof(h.coreStart), unsafe.Sizeof(h.coreStart)},
		{"header", "d_durable", unsafe.Offsetof(h.dDurable), unsafe.Sizeof(h.dDurable)},
		{"header", "waiting", unsafe.Offsetof(h.waiting), unsafe.Sizeof(h.waiting)},
		{"header", "zero_204", unsafe.Offsetof(h.zero204), unsafe.Sizeof(h.zero204)},
		{"header", "wake_at", unsafe.Offsetof(h.wakeAt), unsafe.Sizeof(h.wakeAt)},
		{"header", "room_bell", unsafe.Offsetof(h.roomBell), unsafe.Sizeof(h.roomBell)},
		{"header", "producer_waiting", unsafe.Offsetof(h.producerWaiting), unsafe.Sizeof(h.producerWaiting)},
		{"header", "sizeof", 0, unsafe.Sizeof(h)},

		{"lane", "lane_id", unsafe.Offsetof(l.laneID), unsafe.Sizeof(l.laneID)},
		{"lane", "channel", unsafe.Offsetof(l.channel), unsafe.Sizeof(l.channel)},
		{"lane", "kind", unsafe.Offsetof(l.kind), unsafe.Sizeof(l.kind)},
		{"lane", "sample_type", unsafe.Offsetof(l.sampleType), unsafe.Sizeof(l.sampleType)},
		{"lane", "data_off", unsafe.Offsetof(l.dataOff), unsafe.Sizeof(l.dataOff)},
		{"lane", "capacity", unsafe.Offsetof(l.capacity), unsafe.Sizeof(l.capacity)},
		{"lane", "sample_bytes", unsafe.Offsetof(l.sampleBytes), unsafe.Sizeof(l.sampleBytes)},
		{"lane", "flags", unsafe.Offsetof(l.flags), unsafe.Sizeof(l.flags)},
		{"lane", "interval_num_fs", unsafe.Offsetof(l.intervalNumFS), unsafe.Sizeof(l.intervalNumFS)},
		{"lane", "interval_den", unsafe.Offsetof(l.intervalDen), unsafe.Sizeof(l.intervalDen)},
		{"lane", "ratio", unsafe.Offsetof(l.ratio), unsafe.Sizeof(l.ratio)},
		{"lane", "scale", unsafe.Offsetof(l.scale), unsafe.Sizeof(l.scale)},
		{"lane", "offset", unsafe.Offsetof(l.offset), unsafe.Sizeof(l.offset)},
		{"lane", "start_pos", unsafe.Offsetof(l.startPos), unsafe.Sizeof(l.startPos)},
		{"lane", "name", unsafe.Offsetof(l.name), unsafe.Sizeof(l.name)},
		{"lane", "crc32c", unsafe.Offsetof(l.crc32c), unsafe.Sizeof(l.crc32c)},
		{"lane", "w_intent", unsafe.Offsetof(l.wIntent), unsafe.Sizeof(l.wIntent)},
		{"lane", "w_pos", unsafe.Offsetof(l.wPos), unsafe.Sizeof(l.wPos)},
		{"lane", "lost", unsafe.Offsetof(l.lost), unsafe.Sizeof(l.lost)},
		{"lane", "r_pos", unsafe.Offsetof(l.rPos), unsafe.Sizeof(l.rPos)},
		{"lane", "sizeof", 0, unsafe.Sizeof(l)},

		{"desc", "seq", unsafe.Offsetof(d.seq), unsafe.Sizeof(d.seq)},
		{"desc", "type", unsafe.Offsetof(d.typ), unsafe.Sizeof(d.typ)},
		{"desc", "flags", unsafe.Offsetof(d.flags), unsafe.Sizeof(d.flags)},
		{"desc", "lane", unsafe.Offsetof(d.lane), unsafe.Sizeof(d.lane)},
		{"desc", "count", unsafe.Offsetof(d.count), unsafe.Sizeof(d.count)},
		{"desc", "pos", unsafe.Offsetof(d.pos), unsafe.Sizeof(d.pos)},
		{"desc", "first_sample", unsafe.Offsetof(d.firstSample), unsafe.Sizeof(d.firstSample)},
		{"desc", "t_mono_ns", unsafe.Offsetof(d.tMonoNS), unsafe.Sizeof(d.tMonoNS)},
		{"desc", "aux", unsafe.Offsetof(d.aux), unsafe.Sizeof(d.aux)},
		{"desc", "waveform", unsafe.Offsetof(d.waveform), unsafe.Sizeof(d.waveform)},
		{"desc", "code", unsafe.Offsetof(d.code), unsafe.Sizeof(d.code)},
		{"desc", "status", unsafe.Offsetof(d.status), unsafe.Sizeof(d.status)},
		{"desc", "crc32c", unsafe.Offsetof(d.crc32c), unsafe.Sizeof(d.crc32c)},
		{"desc", "sizeof", 0, unsafe.Sizeof(d)},
	}
}

// FieldTable is [Fields] as text, one line per field: "header.magic 0 8" (struct.field, offset, size, both in bytes, decimal). Producers in
// other languages print the same and a test compares.
func FieldTable() string {
	var b strings.Builder
	for _, f := range Fields() {
		fmt.Fprintf(&b, "%s.%s %d %d\n", f.Struct, f.Name, f.Offset, f.Size)
	}
	return b.String()
}

func headerAt(head []byte) *rawHeader {
	_ = head[HeaderBytes-1]
	return (*rawHeader)(unsafe.Pointer(&head[0]))
}

func laneAt(head []byte, i int) *rawLane {
	off := laneTableOff + i*LaneStride
	_ = head[off+LaneStride-1]
	return (*rawLane)(unsafe.Pointer(&head[off]))
}
