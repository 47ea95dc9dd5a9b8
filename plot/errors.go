package plot

import (
	"errors"
	"fmt"
)

// ErrEmpty is returned when nothing can be drawn of what was chosen: it has no samples, or values that have no place on an axis.
var ErrEmpty = errors.New("there are no samples to draw")

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
