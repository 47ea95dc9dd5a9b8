package loop

import "time"

// Kind is what the samples of a stream are; the numbers are those of the ring.
type Kind uint8

// The kinds.
const (
	Raw       Kind = iota // every sample
	Min                   // smallest of each group; of a digital port the bitwise and
	Max                   // largest of each group; of a digital port the bitwise or
	Decimated             // first of each group
	Averaged              // mean of each group, rounded to the nearest code, halves away from zero
)

// Mode is what the library writes into the buffers of an input.
type Mode uint8

// The modes.
const (
	ModeRaw       Mode = iota // every sample
	ModeAggregate             // largest and smallest of each group, in two buffers
	ModeDecimate              // one sample of each group
	ModeAverage               // the mean of each group
)

// Format is how one sample is stored, little endian; the numbers are those of the ring's sample types.
type Format uint8

// The formats.
const (
	Int16 Format = 1 + iota // two bytes, signed
	Int8                    // one byte, signed
	Uint8                   // one byte, unsigned: the eight pins of a digital port
)

// Bytes is the size of one sample, 0 for an unknown format.
func (f Format) Bytes() int {
	switch f {
	case Int16:
		return 2
	case Int8, Uint8:
		return 1
	}
	return 0
}

// MaxInputs and MaxStreams bound what one loop serves.
const (
	MaxInputs  = 64
	MaxStreams = 64
)

// Stream is one lane of the ring and where its samples come from.
type Stream struct {
	// Lane is the number of the lane in the ring. Its kind, ratio and sample type must be those given here.
	Lane int
	// Input is the index of the input that feeds the stream.
	Input int
	// Kind is what the lane holds. It is copied where the input's mode brings it: Raw of ModeRaw, Min and Max of ModeAggregate, Decimated of
	// ModeDecimate, Averaged of ModeAverage. Any other kind is computed by the loop, which needs an input of ModeRaw: group k
	// covers the raw samples from k x Ratio to (k+1) x Ratio - 1, counted from Start, and a group that a loss touches is not written.
	Kind Kind
	// Format is the lane's. From an Int16 input: Int16 as it is; Uint8 the low byte (digital ports); Int8 the high byte (the whole code
	// of an 8-bit converter, which is left-justified). From an Int8 input: Int8 and Uint8 as they are; Int16 the code x 256. Computed
	// streams are computed from samples of this format.
	Format Format
	// Digital makes a computed Min the bitwise and, Max the bitwise or. Averaged is refused.
	Digital bool
}

// Trigger is what a loop does about triggers. The first one since the ring's first sample is marked in the ring: exactly, or within the
// samples that the library leaves open. All that count are raw samples since then, lost ones included.
type Trigger struct {
	// Stop ends the loop behind the trigger, with [ReasonTriggered]: raw streams to the sample, those of groups with the last whole one.
	Stop bool
	// After is how many raw samples from the trigger's on are delivered then, at least one; counted from the last one that it may be.
	After uint64
	// Auto is the raw sample that counts as the trigger, without a mark, when none came before it; 0: none does. With Stop.
	Auto uint64
}

// Common is the part of the configuration that all loops share. The zero value of every field that is not said to be required stands for
// its default.
type Common struct {
	// RingFD is the descriptor of a ring that has no producer yet, as driver.NativeSink returns it; required. It stays the caller's, who
	// keeps it open until Start has returned.
	RingFD int
	// RingBytes is the ring's size as driver.NativeSink returns it; a ring of another size is refused. 0: not compared.
	RingBytes int64

	// Handle is the unit's, as the library's open call gave it.
	Handle int16
	// Streams are the lanes to fill, at least one. Lanes that no stream names stay empty.
	Streams []Stream
	// Ratio is the number of raw samples behind each sample of a kind or mode other than raw. 0 and 1 are allowed only without such.
	Ratio uint32

	// Trigger says what follows when the library tells that a trigger has come; nil: nothing.
	Trigger *Trigger

	// PowerCodes are the status codes that end the loop with [ReasonPower]. At most 32.
	PowerCodes []uint32
	// HoldOnPower leaves the ring open when a power code has ended the loop, so that another one can go on in it, see After. Without it
	// every end of the loop is the end of the ring.
	HoldOnPower bool
	// After is a loop that HoldOnPower has left its ring open; the new one takes the ring over and notes a loss of unknown length, cause
	// power, before its first samples. Streams must name the same lanes. RingFD is not used. The old loop then has no ring any more: close it.
	After *Loop
	// ErrorClass gives the class of the ERROR that the ring ends with, by [driver.Kind]; 0 is none. nil: device gone for power codes and a
	// unit that does not answer, transient for any other failure, none for an end that was wished.
	ErrorClass func(Result) uint32

	// PollInterval is the rest between two polls after one that brought nothing more; 1 ms at least is sensible, since one
	// wake-up costs some 50 us of processor time. 0: a sixth of what the buffers hold, between 1 ms and 40 ms.
	PollInterval time.Duration
	// Gather is how long samples may wait in a batch for more to come with them; each batch costs the recorder a descriptor a lane.
	// 0: 10 ms. At most 100 ms.
	Gather time.Duration
	// Watermark is how many bytes of all lanes make a batch that does not wait. 0: 512 KiB.
	Watermark int
	// Drain bounds the time that the loop goes on polling after Stop or the library's auto-stop for what the library still has. 0: 1 s.
	Drain time.Duration
}

const (
	defaultGather    = 10 * time.Millisecond
	maxGather        = 100 * time.Millisecond
	defaultWatermark = 512 << 10
	defaultDrain     = time.Second
	minPoll          = time.Millisecond
	maxPoll          = 40 * time.Millisecond
	maxPowerCodes    = 32
	maxAfter         = 1 << 62 // so that sums of sample numbers stay within their type
)
