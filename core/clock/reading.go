package clock

// State says what the operating system thinks of its own UTC.
type State string

// The states of the host's clock.
const (
	Synchronised   State = "synchronised"
	Unsynchronised State = "unsynchronised"
	Unknown        State = "unknown"
)

// Reading is UTC read between two readings of the monotonic clock. All times are nanoseconds.
type Reading struct {
	MonoNS      int64 // middle of the two monotonic readings (CLOCK_MONOTONIC of this boot)
	UTCNS       int64 // since 1970
	BracketNS   int64 // distance of the two monotonic readings
	RawNS       int64 // monotonic clock that nothing slews, at MonoNS; 0: there is none
	SuspendedNS int64 // time this boot has spent suspended: boot time minus monotonic
	State       State
	MaxErrorNS  int64 // what the operating system says its UTC may be off; -1: it does not say
}

// offset is UTC minus monotonic.
func (r Reading) offset() int64 { return r.UTCNS - r.MonoNS }
