package driver

import "context"

// UnknownLoss is the count to give to [Sink.Lost] when the library tells of a loss but not of its length.
const UnknownLoss int64 = -1

// Cause says why samples are missing. The numbers are those of the ring and of recordings.
type Cause uint8

// The causes that a driver may give; the others of docs/format/recording.md are found by the core.
const (
	CauseRingFull Cause = 1
	CauseDriver   Cause = 4
	CauseUSB      Cause = 6
	CausePower    Cause = 7
	CauseUnknown  Cause = 10
)

// Sink takes samples: one stream per entry of [Applied].Streams, in that order. It is used by one goroutine. One
// delivery of the instrument is one batch: Begin, then for each stream at most one Push (or Reserve and Push of
// that memory), then Commit. Memory given to Push may be used again when Push has returned.
//
// In streaming a batch that finds no room is dropped whole by Commit, counted, and a gap is written before the next
// data: a driver never waits and never loses count. In block modes, and for a source that can wait, WaitRoom
// before Begin makes the source slow down instead.
type Sink interface {
	// Streams is the number of streams.
	Streams() int
	// Begin opens a batch. monoNS is CLOCK_MONOTONIC in ns at the entry of the delivery, of the last one where the batch gathers several: no sample of
	// the batch was taken later. How much is missing across a restart, and how far the device's clock is off, are concluded from it.
	Begin(monoNS int64)
	// Reserve returns memory for n samples of the stream in the open batch, to be filled and given to Push. It
	// is nil when there is no room; then push from memory of the driver's own, and Commit will count the loss.
	Reserve(stream, n int) []byte
	// Push adds samples of the stream's own type, little-endian, to the open batch.
	Push(stream int, samples []byte)
	// OverRange marks the stream's samples of the open batch as over range. mask is the vendor's, kept as is.
	OverRange(stream int, mask uint32)
	// Lost says that n samples of the stream ([UnknownLoss]: some) were lost just before what is pushed next.
	Lost(stream int, n int64, cause Cause)
	// Mark adds a mark to the open batch.
	Mark(m Mark)
	// Commit ends the batch and makes it visible. It fails only when the host has closed the sink.
	Commit() error
	// Progress tells that the acquisition is alive. Call it in every poll, also when nothing was delivered; a
	// driver that does not for longer than its budget is taken for hung.
	Progress()
	// WaitRoom waits until every stream has room for n samples of the fastest stream, calling Progress while it
	// waits. It fails when ctx ends or the host drains or closes the sink. n is at most a quarter of a lane.
	WaitRoom(ctx context.Context, n int) error
	// Draining is closed when the host wants the acquisition to end.
	Draining() <-chan struct{}
	// Finish ends the stream: pending gaps, the failure if there is one, the end mark. Nothing may follow.
	Finish(failure *Error) error
}

// MarkKind is the kind of a [Mark].
type MarkKind uint8

// The kinds of marks.
const (
	MarkTrigger   MarkKind = 1 + iota // the trigger lies OffsetFS after sample Position of the stream in this batch; once for all streams
	MarkScale                         // Value is the volts at the input per count, from the stream's first sample of this batch on
	MarkOffset                        // Value is the volts at the input of count 0, likewise
	MarkWaveBegin                     // a waveform begins with the first sample of this batch
	MarkWaveEnd                       // the waveform ends with the last sample of this batch
	MarkDeadTime                      // DeadTimeNS passed between the previous waveform and this one; left out where that is not known
)

// In block modes every sample belongs to a waveform. A driver begins it with MarkWaveBegin in its first batch and ends it
// with MarkWaveEnd in its last; in between, each stream gets exactly its [Stream].WaveformSamples samples, in as many
// batches as the driver likes. All streams hold the same raw samples: the length of a waveform is a multiple of every
// ratio, and so is its first sample. The monoNS of the batch that begins a waveform is the time of the waveform's last
// sample, as well as the driver knows it; from that the host derives when it began. Numbers of waveforms count up by one
// from 0 at Start, those of armings never fall. The trigger of a waveform is marked once, in any of its batches: the
// acquisition's trigger point is sample [Applied].PreSamples, and OffsetFS says how far from it the trigger really was.
// Before each wait the driver sends [EventTriggerWait], and it calls Progress while it waits.
//
// A change of range is told with MarkScale and MarkOffset: input = count x scale + offset, so that the offset is minus
// [AppliedChannel].Offset. A Start begins with what Applied said. In block modes they stand in the first batch of a waveform only; a
// change inside of one gives that waveform up.

// Mark is a point in a stream with a meaning. Stream -1 means all.
type Mark struct {
	Kind          MarkKind
	Stream        int
	Position      int64   // samples from the stream's first sample of this batch
	OffsetFS      int64   // MarkTrigger: from that sample to the true trigger, femtoseconds
	Within        uint32  // MarkTrigger: the trigger lies somewhere in so many samples from there on; 0: the place is exact
	Value         float64 // MarkScale, MarkOffset
	DeadTimeNS    int64   // MarkDeadTime
	Waveform      uint32  // MarkWaveBegin, MarkWaveEnd: number of the waveform since Start, from 0
	Arming        uint32  // MarkWaveBegin: number of the arming
	Samples       int64   // MarkWaveBegin: samples of a raw stream in this waveform
	MemorySegment uint32  // MarkWaveBegin: the device's own segment
	Incomplete    bool    // MarkWaveEnd: the waveform was captured, and could not be handed over whole: a loss
}

// NativeSink is implemented by sinks whose ring a C loop can map itself. After Ring was called the Sink's own
// methods refuse.
type NativeSink interface {
	// Ring returns the ring's descriptor, which stays the sink's, and its size in bytes.
	Ring() (fd int, size int64)
	// Lane returns the number of the stream's lane in the ring.
	Lane(stream int) int
}
