package driver

import "time"

// EventKind is the kind of an [Event].
type EventKind string

// The kinds of events.
const (
	EventTriggerWait EventKind = "trigger_wait" // armed and waiting
	EventTriggered   EventKind = "trigger"
	EventPower       EventKind = "power"       // the power state changed; Text says to what
	EventTemperature EventKind = "temperature" // Value in degrees Celsius
	EventDeviceGone  EventKind = "device_gone"
	EventWarning     EventKind = "warning"
	EventError       EventKind = "error"
	EventSettings    EventKind = "settings" // a setting changed by itself or by command; Text says which
)

// Event is something that happened on a device, beside its samples.
type Event struct {
	Kind    EventKind
	MonoNS  int64 // CLOCK_MONOTONIC when it was noticed
	Index   int64 // epoch index of the raw sample it belongs to; -1: none
	Text    string
	Value   float64
	Error   *Error // EventError, EventDeviceGone
	Dropped uint64 // events lost before this one because nobody took them
}

// StopReason says why an acquisition ended.
type StopReason string

// The reasons.
const (
	StopRequested StopReason = "requested"
	StopCompleted StopReason = "completed" // all that was configured was captured
	StopTriggered StopReason = "triggered" // stop_after_trigger
	StopFailed    StopReason = "failed"
)

// StopInfo tells how an acquisition ended.
type StopInfo struct {
	Reason     StopReason
	Delivered  int64         // raw samples per channel that the library says it delivered; -1: it does not say
	DriverLost int64         // raw samples per channel that the library says were lost, without those that [Sink.Lost] has told; -1: it does not say
	Waveforms  int64         // block modes: completed waveforms
	StopTook   time.Duration // how long the vendor's stop took
}
