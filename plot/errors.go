package plot

import (
	"errors"
	"fmt"
)

// ErrEmpty is returned when what was chosen holds no samples.
var ErrEmpty = errors.New("there are no samples to draw")

// FormatError is returned for a file whose ending is no known format.
type FormatError struct{ Name string }

func (e *FormatError) Error() string {
	return fmt.Sprintf("the name %q must end in .png or .svg", e.Name)
}

// SizeError is returned for a size in which a picture cannot be drawn.
type SizeError struct {
	Text   string // as given
	Reason string
}

func (e *SizeError) Error() string { return fmt.Sprintf("size %q %s", e.Text, e.Reason) }

// KindError is returned for streams of which a figure of the kind cannot be made.
type KindError struct {
	Stream string // the one that does not fit
	Reason string // what is wrong, and what would fit
}

func (e *KindError) Error() string { return fmt.Sprintf("stream %s %s", e.Stream, e.Reason) }
