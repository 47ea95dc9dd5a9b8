package series

import "fmt"

// StreamError is returned for a pattern that no stream matches.
type StreamError struct {
	Pattern string
	Known   []string // streams of the recording
}

func (e *StreamError) Error() string {
	return fmt.Sprintf("there is no stream %q in the recording", e.Pattern)
}

// PatternError is returned for a text that is no pattern of streams.
type PatternError struct{ Pattern string }

func (e *PatternError) Error() string {
	return fmt.Sprintf("%q is no pattern of streams: a bracket that is opened has to be closed", e.Pattern)
}

// BoundError is returned for a text that is no place in a recording.
type BoundError struct {
	Text   string
	Reason string
}

func (e *BoundError) Error() string { return fmt.Sprintf("%q %s", e.Text, e.Reason) }
