package recording

import (
	"encoding/json"
	"errors"
	"fmt"
)

// LineKind is the k of a journal line.
type LineKind string

// The kinds of journal lines, docs/format/journal.md section 7.
const (
	LineState  LineKind = "state"
	LineStream LineKind = "stream"
	LineEpoch  LineKind = "epoch"
	LineSync   LineKind = "sync"
	LineMore   LineKind = "more"
	LineSeal   LineKind = "seal"
)

// Limits of a journal.
const (
	MaxLineBytes = 1 << 20   // a line, newline included
	MaxPartBytes = 256 << 20 // a part that passes this is followed by another
)

// ErrLineKind is returned by [ParseLine] for a valid line of a kind that this version does not know.
var ErrLineKind = errors.New("unknown kind of journal line")

// LineHead is what every journal line begins with.
type LineHead struct {
	Kind   LineKind `json:"k"`
	Seq    int64    `json:"seq"`     // counts the lines of the device over all parts, from 0
	MonoNS int64    `json:"mono_ns"` // CLOCK_MONOTONIC of the boot named last
	UTCNS  int64    `json:"utc_ns"`
}

// Head returns h; it makes every line a [Line].
func (h *LineHead) Head() *LineHead { return h }

// Line is one of [*JournalState], [*JournalStream], [*JournalEpoch], [*JournalSync], [*JournalMore], [*JournalSeal].
type Line interface{ Head() *LineHead }

// JournalState is the first line of a part: all that is known when the part begins.
type JournalState struct {
	LineHead
	Format  string                 `json:"format"`
	Run     string                 `json:"run"`
	Device  string                 `json:"device"`
	Part    int                    `json:"part"`
	Segment int                    `json:"segment"`
	Epoch   int                    `json:"epoch"`
	BootID  string                 `json:"boot_id"`
	Streams map[string]StreamState `json:"streams"`
	Ring    *RingFacts             `json:"ring,omitempty"`
}

// StreamState is where a stream stands when a part begins.
type StreamState struct {
	File    string   `json:"file"`     // base name of the segment's files, without ending
	Start   int64    `json:"offset"`   // stream index of the file's first sample
	N       int64    `json:"n"`        // stream index behind the last synced sample
	DataCRC Checksum `json:"data_crc"` // of the data file up to N
	Next    int64    `json:"next"`     // device index that belongs to N: that of the next sample if nothing is lost
}

// JournalStream tells the global object of one stream.
type JournalStream struct {
	LineHead
	Stream  string   `json:"stream"`
	Global  Global   `json:"global"`
	Capture *Capture `json:"capture,omitempty"` // the one that is open, nil when the segment has none yet
}

// JournalEpoch begins an epoch: one start of one driver process, one sample clock.
type JournalEpoch struct {
	LineHead
	Epoch   int    `json:"epoch"`
	Cause   string `json:"cause"` // "start", or the name of the gap's cause
	Base    int64  `json:"base"`  // raw device index of the epoch's first sample
	BaseMin int64  `json:"base_min"`
	BaseMax int64  `json:"base_max"`
	BootID  string `json:"boot_id"`

	First EpochFirst `json:"first,omitzero"` // absent: only run.json tells it
}

// JournalSync tells what one sync covered.
type JournalSync struct {
	LineHead
	Segment int                   `json:"segment"`
	Epoch   int                   `json:"epoch"`
	Streams map[string]StreamNews `json:"streams"`
	Clock   *ClockPair            `json:"clock,omitempty"`
	Ring    *RingFacts            `json:"ring,omitempty"`
	Synced  *bool                 `json:"synced,omitempty"` // false after a failed sync, else absent
}

// OK reports whether the sync succeeded.
func (s *JournalSync) OK() bool { return s.Synced == nil || *s.Synced }

// StreamNews is what a sync line says of one stream.
type StreamNews struct {
	N           int64        `json:"n"`
	DataCRC     Checksum     `json:"data_crc"`
	Captures    []Capture    `json:"captures,omitempty"`
	Annotations []Annotation `json:"annotations,omitempty"`
}

// JournalMore carries what does not fit into the sync line that follows; it counts only if that is valid.
type JournalMore struct {
	LineHead
	Streams map[string]MoreNews `json:"streams"`
}

// MoreNews is the part of a stream's news that a more line carries.
type MoreNews struct {
	Captures    []Capture    `json:"captures,omitempty"`
	Annotations []Annotation `json:"annotations,omitempty"`
}

// SealReason says why a segment ended.
type SealReason string

// The reasons of a seal line.
const (
	SealCut      SealReason = "cut"      // the rotation's cut was reached
	SealStop     SealReason = "stop"     // the run or the device ended
	SealSettings SealReason = "settings" // interval, type or channels changed
	SealDisk     SealReason = "disk"     // a sync failed or the disk is full
	SealRepair   SealReason = "repair"   // written by repair
)

// JournalSeal is the last line of a segment.
type JournalSeal struct {
	LineHead
	Segment  int            `json:"segment"`
	Reason   SealReason     `json:"reason"`
	GapAfter map[string]Gap `json:"gap_after,omitempty"` // loss behind a stream's last sample
}

// ClockPair ties a raw device index to the clocks of the host.
type ClockPair struct {
	Epoch       int    `json:"epoch"`
	Index       int64  `json:"index"` // raw device index delivered so far
	MonoNS      int64  `json:"mono_ns"`
	UTCNS       int64  `json:"utc_ns"`
	BracketNS   int64  `json:"bracket_ns"`   // between the two monotonic readings around that of UTC
	SuspendedNS int64  `json:"suspended_ns"` // boot time minus monotonic time
	State       string `json:"state"`        // synchronised, unsynchronised, unknown
	MaxErrorNS  int64  `json:"max_error_ns"` // the system's own bound
}

// RingFacts say up to where a device's ring is accounted for, so that another process can take it over (docs/format/ring.md).
type RingFacts struct {
	Generation uint64               `json:"generation"`
	Desc       uint64               `json:"desc"` // descriptor index up to which all is accounted
	EOS        bool                 `json:"eos"`
	Lanes      map[string]LaneFacts `json:"lanes"`           // by stream name
	Epoch      *int                 `json:"epoch,omitempty"` // the latest that has begun; nil: none has
	// Drain is what the recorder itself wants to know again when another process goes on; it is no part of the format.
	Drain json.RawMessage `json:"drain,omitempty"`
}

// LaneFacts are the facts of one lane of a ring.
type LaneFacts struct {
	FileBase    int64 `json:"file_base"`    // lane position in bytes of the current file's byte 0
	Pos         int64 `json:"pos"`          // lane index behind the last accounted sample
	FirstSample int64 `json:"first_sample"` // epoch index expected next
	Gaps        int64 `json:"gaps"`         // samples in GAP records so far
	// Lost, its bounds, and in how many gaps, over the whole run, as [RunStream] counts them; nil: nothing is lost.
	Lost *[4]int64 `json:"lost,omitempty"`
}

// ParseLine checks and reads one journal line, newline included. The errors are [ErrChecksum], [ErrLineKind], or what is wrong with the JSON.
func ParseLine(b []byte) (Line, error) {
	if len(b) > MaxLineBytes {
		return nil, fmt.Errorf("read journal line: %d bytes are too long", len(b))
	}
	object, err := VerifyCRC(b)
	if err != nil {
		return nil, fmt.Errorf("read journal line: %w", err)
	}
	var head LineHead
	if err := json.Unmarshal(object, &head); err != nil {
		return nil, fmt.Errorf("read journal line: %w", err)
	}
	var line Line
	switch head.Kind {
	case LineState:
		line = new(JournalState)
	case LineStream:
		line = new(JournalStream)
	case LineEpoch:
		line = new(JournalEpoch)
	case LineSync:
		line = new(JournalSync)
	case LineMore:
		line = new(JournalMore)
	case LineSeal:
		line = new(JournalSeal)
	default:
		return nil, fmt.Errorf("read journal line %d: %q: %w", head.Seq, head.Kind, ErrLineKind)
	}
	if err := json.Unmarshal(object, line); err != nil {
		return nil, fmt.Errorf("read journal line %d: %w", head.Seq, err)
	}
	return line, nil
}

// EncodeLine returns the bytes of a line, newline included. Its head must be filled in.
func EncodeLine(l Line) ([]byte, error) {
	object, err := marshal(l)
	if err != nil {
		return nil, fmt.Errorf("encode journal line: %w", err)
	}
	b, err := AppendCRC(object)
	if err != nil {
		return nil, fmt.Errorf("encode journal line: %w", err)
	}
	if len(b) > MaxLineBytes {
		return nil, fmt.Errorf("encode journal line %d: %d bytes are too long", l.Head().Seq, len(b))
	}
	return b, nil
}
