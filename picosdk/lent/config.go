package lent

import (
	"fmt"
	"unsafe"

	"github.com/scopelog/scopelog/picosdk/internal/loop"
)

// What both generations share; see package loop for the words.
type (
	Common    = loop.Common
	Stream    = loop.Stream
	Kind      = loop.Kind
	Mode      = loop.Mode
	Format    = loop.Format
	Result    = loop.Result
	Reason    = loop.Reason
	Counters  = loop.Counters
	Histogram = loop.Histogram
	Trigger   = loop.Trigger
	RingError = loop.RingError
	// Loop is a running acquisition. Its methods may be called from any goroutine.
	//
	//	Stop()                                  asks for the end, returns at once; again: nothing
	//	Wait(ctx) (Result, error)               returns when the loop has ended and the ring is finished; ctx only ends the waiting
	//	Counters() Counters                     a copy, at any time, also after Close
	//	Quiet(f) error                          calls f, which may call the library, between two polls; [ErrEnded]
	//	Progress()                              tells the host of work on a unit that lost its power, see HoldOnPower
	//	Finish(class, status uint32) error      ends a ring that HoldOnPower left open
	//	Close() error                           stops, waits and frees; [ErrRunning] if the library does not return
	//
	// The buffers given in the configuration must stay where they are until Wait has returned.
	Loop = loop.Loop
)

// The constants and errors of package loop.
const (
	Raw, Min, Max, Decimated, Averaged                = loop.Raw, loop.Min, loop.Max, loop.Decimated, loop.Averaged
	ModeRaw, ModeAggregate, ModeDecimate, ModeAverage = loop.ModeRaw, loop.ModeAggregate, loop.ModeDecimate, loop.ModeAverage
	Int16, Int8, Uint8                                = loop.Int16, loop.Int8, loop.Uint8

	ReasonStopped, ReasonAutoStopped, ReasonHostDrained, ReasonHostClosed = loop.ReasonStopped, loop.ReasonAutoStopped, loop.ReasonHostDrained, loop.ReasonHostClosed
	ReasonPower, ReasonFailed, ReasonProtocol                             = loop.ReasonPower, loop.ReasonFailed, loop.ReasonProtocol
	ReasonTriggered                                                       = loop.ReasonTriggered
)

// The errors of Start, Wait, Quiet and Close.
var (
	ErrNotSupported = loop.ErrNotSupported
	ErrConfig       = loop.ErrConfig
	ErrRunning      = loop.ErrRunning
	ErrEnded        = loop.ErrEnded
)

// Buffers is how many buffers each input has: one that is filled, one queued behind it, one being read.
const Buffers = 3

// Config is all that a loop has to know. Buffers and function pointers are C memory; nothing of it is Go's.
type Config struct {
	Common

	// GetStreamingLatestValues is the library's function
	//	uint32_t (int16_t handle, PICO_STREAMING_DATA_INFO *infos, uint64_t n, PICO_STREAMING_DATA_TRIGGER_INFO *trigger)
	// Required.
	GetStreamingLatestValues unsafe.Pointer
	// SetDataBuffer is the library's function
	//	uint32_t (int16_t handle, uint32_t channel, void *buffer, int32_t nSamples, uint32_t dataType, uint64_t waveform,
	//	          uint32_t downSampleRatioMode, uint32_t action)
	// Required with inputs of one buffer at a time.
	SetDataBuffer unsafe.Pointer
	// SetDataBuffers is the same with void *bufferMax, void *bufferMin. Required with inputs of ModeAggregate.
	SetDataBuffers unsafe.Pointer
	// BufferSamples is the length of every buffer in samples; required. A quarter of a second of samples is sensible.
	BufferSamples int32
	// Inputs are what is polled, at least one, all in one call and in this order. Raw inputs and inputs of one other mode may stand side
	// by side, also for the same channel.
	Inputs []Input
	// ActionAdd and ActionClearAll are the library's numbers. 0: 2 and 1.
	ActionAdd, ActionClearAll uint32
}

// Input is a channel or digital port in one mode, and the buffers lent to the library for it.
type Input struct {
	// Channel, VendorMode and DataType are the library's numbers for info structs and registration.
	Channel, VendorMode, DataType uint32
	// Buffers have BufferSamples samples each; with ModeAggregate they are those for the largest. MinBuffers are those for the smallest, with
	// ModeAggregate only. They are the caller's and stay valid until the loop has ended, the library was stopped and has
	// forgotten them.
	Buffers, MinBuffers [Buffers]unsafe.Pointer
	// Mode is what the library writes into them, and Format how: Int16 or Int8, as DataType says.
	Mode   Mode
	Format Format
	// OverflowMask is the bit that marks the input's samples in the ring when the library says that the input was over range, 0: 1.
	OverflowMask uint32
	// MaxCode is the code from which on, of either sign, [Counters].Clipped counts a sample. 0: it is not counted.
	MaxCode int32
}

// queued is how many buffers of each input Register gives to the library before the run.
const queued = 2

// StatusError is the answer of a call that did not succeed.
type StatusError struct {
	Call   string // the function without the family's prefix
	Status uint32 // the vendor's
}

func (e *StatusError) Error() string { return fmt.Sprintf("%s: status 0x%08x", e.Call, e.Status) }
