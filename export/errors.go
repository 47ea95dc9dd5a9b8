package export

import (
	"errors"
	"fmt"
	"strings"

	"github.com/scopelog/scopelog/recording"
)

// ErrEmpty is returned when what was chosen holds no samples.
var ErrEmpty = errors.New("there are no samples")

// FormatError is returned for a file whose ending is no known format.
type FormatError struct{ Name string }

func (e *FormatError) Error() string {
	return fmt.Sprintf("the format of %s is not known; the name must end in %s", e.Name, strings.Join(Endings(), " or "))
}

// StreamError is returned for a pattern that no stream matches.
type StreamError struct {
	Pattern string
	Known   []string // streams of the recording
}

func (e *StreamError) Error() string { return fmt.Sprintf("no stream %s in the recording", e.Pattern) }

// BoundError is returned for a text that is no place in a recording.
type BoundError struct {
	Text   string
	Reason string
}

func (e *BoundError) Error() string { return fmt.Sprintf("%q %s", e.Text, e.Reason) }

// GapsError is returned for gaps inside of what is exported, with [Refuse].
type GapsError struct {
	Stream      string
	DeviceIndex int64          // of the first sample that is missing in the first of them
	Gap         *recording.Gap // nil: the settings of the device changed there
	Pieces      int            // stretches without a gap
	CanFill     bool           // [Fill] is possible
}

func (e *GapsError) Error() string {
	if e.Gap == nil {
		return fmt.Sprintf("stream %s: the device's settings changed at sample %d", e.Stream, e.DeviceIndex)
	}
	return fmt.Sprintf("stream %s: %d samples are missing at %d (%s); there are %d stretches without a gap",
		e.Stream, e.Gap.Lost, e.DeviceIndex, e.Gap.Cause, e.Pieces)
}

// FillError is returned where samples that are missing cannot be filled in.
type FillError struct {
	Stream string
	Reason string
}

func (e *FillError) Error() string { return fmt.Sprintf("stream %s: %s", e.Stream, e.Reason) }

// ExistsError is returned for a file that is there already. Nothing was written.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string { return e.Path + " is there already and is not replaced" }

// RowsError is returned for more rows than [Options.MaxRows].
type RowsError struct{ Rows, Max int64 }

func (e *RowsError) Error() string {
	return fmt.Sprintf("that is %d rows of text, more than %d", e.Rows, e.Max)
}
