package recording

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Sizes of the rows of the captures and annotations tables.
const (
	CaptureRowSize    = 168
	AnnotationRowSize = 32
)

// CaptureDescr is the list of fields of a captures table.
const CaptureDescr = "[('sample_start', '<u8'), ('global_index', '<u8'), ('utc_ns', '<i8'), ('mono_ns', '<i8'), " +
	"('lost', '<u8'), ('lost_min', '<u8'), ('lost_max', '<u8'), ('position_min', '<u8'), ('position_max', '<u8'), " +
	"('gap_from_ns', '<i8'), ('gap_to_ns', '<i8'), ('scale', '<f8'), ('offset', '<f8'), ('range_min', '<f8'), ('range_max', '<f8'), " +
	"('waveform', '<i8'), ('trigger_position', '<i8'), ('trigger_offset_fs', '<i8'), ('dead_time_ns', '<i8'), " +
	"('epoch', '<u4'), ('arm', '<u4'), ('memory_segment', '<u4'), ('cause', '|u1'), ('flags', '|u1'), ('reserved', '<u2')]"

// AnnotationDescr is the list of fields of an annotations table.
const AnnotationDescr = "[('sample_start', '<u8'), ('sample_count', '<u8'), ('event', '<i8'), ('label', '|u1'), ('flags', '|u1'), " +
	"('reserved', '<u2'), ('reserved2', '<u4')]"

const (
	rowGap = 1 << iota
	rowExact
	rowScale
	rowTriggerOffset
)

// AppendCaptureRow appends the table row of c to dst. What a row has no room for (monotonic bounds of the gap) is left out.
func AppendCaptureRow(dst []byte, c Capture) []byte {
	le := binary.LittleEndian
	var g Gap
	flags, cause := byte(0), CauseNone
	if c.Gap != nil {
		g, cause, flags = *c.Gap, c.Gap.Cause, rowGap
		g.LostMin, g.LostMax = g.Bounds()
		if g.Exact {
			flags |= rowExact
		}
	}
	var scale, offset float64
	var span [2]float64
	if c.Scale != nil && c.Offset != nil {
		scale, offset = *c.Scale, *c.Offset
		flags |= rowScale
	}
	if c.Range != nil {
		span = *c.Range
	}
	if c.TriggerOffsetFS != nil {
		flags |= rowTriggerOffset
	}
	mono := c.MonoNS
	if mono == 0 {
		mono = -1
	}
	for _, v := range [...]int64{
		c.SampleStart, c.GlobalIndex, int64(c.Datetime), mono, g.Lost, g.LostMin, g.LostMax,
		g.PositionMin, g.PositionMax, int64(g.From), int64(g.To),
	} {
		dst = le.AppendUint64(dst, uint64(v))
	}
	for _, v := range [...]float64{scale, offset, span[0], span[1]} {
		dst = le.AppendUint64(dst, math.Float64bits(v))
	}
	for _, v := range [...]int64{or(c.Waveform, -1), or(c.TriggerPosition, -1), or(c.TriggerOffsetFS, -1), or(c.DeadTimeNS, -1)} {
		dst = le.AppendUint64(dst, uint64(v))
	}
	for _, v := range [...]int64{int64(c.Epoch), or(c.Arm, 0), or(c.MemorySegment, 0)} {
		dst = le.AppendUint32(dst, uint32(v))
	}
	return append(dst, byte(cause), flags, 0, 0)
}

// ParseCaptureRow reads one row of a captures table. Arm and MemorySegment are set where there is a waveform.
func ParseCaptureRow(b []byte) (Capture, error) { return parseCaptureRow(b, new(waveFields)) }

// waveFields are what the optional fields of a waveform's capture point to. A table of many has them in one piece of memory.
type waveFields struct{ waveform, arm, segment, position, offset, dead int64 }

func parseCaptureRow(b []byte, w *waveFields) (Capture, error) {
	if len(b) < CaptureRowSize {
		return Capture{}, fmt.Errorf("read captures row: %d bytes are too short", len(b))
	}
	le := binary.LittleEndian
	i8 := func(at int) int64 { return int64(le.Uint64(b[at:])) }
	f8 := func(at int) float64 { return math.Float64frombits(le.Uint64(b[at:])) }
	c := Capture{SampleStart: i8(0), GlobalIndex: i8(8), Datetime: Timestamp(i8(16)), MonoNS: max(i8(24), 0), Epoch: int(le.Uint32(b[152:]))}
	flags := b[165]
	if flags&rowGap != 0 {
		c.Gap = &Gap{
			Cause: Cause(b[164]), Lost: i8(32), LostMin: i8(40), LostMax: i8(48), Exact: flags&rowExact != 0,
			From: Timestamp(i8(72)), To: Timestamp(i8(80)),
		}
		if c.Gap.Cause == CauseInferred {
			c.Gap.PositionMin, c.Gap.PositionMax = i8(56), i8(64)
		}
	}
	if flags&rowScale != 0 {
		c.Scale, c.Offset = new(f8(88)), new(f8(96))
		if lo, hi := f8(104), f8(112); lo != 0 || hi != 0 {
			c.Range = &[2]float64{lo, hi}
		}
	}
	*w = waveFields{i8(120), int64(le.Uint32(b[156:])), int64(le.Uint32(b[160:])), i8(128), i8(136), i8(144)}
	if w.waveform >= 0 {
		c.Waveform, c.Arm, c.MemorySegment = &w.waveform, &w.arm, &w.segment
	}
	if w.position >= 0 {
		c.TriggerPosition = &w.position
	}
	if flags&rowTriggerOffset != 0 {
		c.TriggerOffsetFS = &w.offset
	}
	if w.dead >= 0 {
		c.DeadTimeNS = &w.dead
	}
	return c, nil
}

// AppendAnnotationRow appends the table row of a to dst. A row has no room for generator and comment.
func AppendAnnotationRow(dst []byte, a Annotation) []byte {
	le := binary.LittleEndian
	for _, v := range [...]int64{a.SampleStart, a.SampleCount, or(a.Event, -1)} {
		dst = le.AppendUint64(dst, uint64(v))
	}
	flags := byte(0)
	if a.Exact != nil && *a.Exact {
		flags = 1
	}
	return append(dst, LabelCode(a.Label), flags, 0, 0, 0, 0, 0, 0)
}

// ParseAnnotationRow reads one row of an annotations table. The generator is [Generator].
func ParseAnnotationRow(b []byte) (Annotation, error) {
	if len(b) < AnnotationRowSize {
		return Annotation{}, fmt.Errorf("read annotations row: %d bytes are too short", len(b))
	}
	le := binary.LittleEndian
	a := Annotation{SampleStart: int64(le.Uint64(b)), SampleCount: int64(le.Uint64(b[8:])), Label: LabelOf(b[24]), Generator: Generator}
	if a.Label == LabelOverRange || a.Label == LabelTrigger {
		a.Exact = new(b[25]&1 != 0)
	}
	if v := int64(le.Uint64(b[16:])); v >= 0 {
		a.Event = &v
	}
	return a, nil
}

func or(p *int64, absent int64) int64 {
	if p == nil {
		return absent
	}
	return *p
}
