package overview

import (
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

// Config is all that a loop has to know. Buffers and function pointers are C memory; nothing of it is Go's.
type Config struct {
	Common

	// GetStreamingLatestValues is the library's function
	//	uint32_t (int16_t handle, void (*ready)(int16_t handle, int32_t noOfSamples, uint32_t startIndex, int16_t overflow,
	//	          uint32_t triggerAt, int16_t triggered, int16_t autoStop, void *parameter), void *parameter)
	// Required.
	GetStreamingLatestValues unsafe.Pointer
	// BufferSamples is the length of every buffer in samples, as registered with the library and given to RunStreaming; required. A tenth of a
	// second to a second of samples is sensible. A delivery that reaches beyond is a protocol error.
	BufferSamples uint32
	// Inputs are the buffers, at least one, all of one length and one mode.
	Inputs []Input
}

// Input is a channel or digital port whose buffers the library fills.
type Input struct {
	// Buffer has BufferSamples samples; with ModeAggregate it is the one for the largest. MinBuffer is the one for the smallest, with
	// ModeAggregate only. They are the caller's, registered with the library, and stay valid until the loop has ended and the
	// library was stopped.
	Buffer, MinBuffer unsafe.Pointer
	// Mode is what the library writes into them.
	Mode Mode
	// Format is how: Int16, or Int8 for unscaled buffers.
	Format Format
	// OverflowMask is the input's bit in the callback's overflow, 0: none. A delivery with it marks the input's samples as over range, with the
	// same bit in the ring.
	OverflowMask uint16
	// MaxCode is the code from which on, of either sign, [Counters].Clipped counts a sample. 0: it is not counted.
	MaxCode int32
}
