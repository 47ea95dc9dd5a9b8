package peaks

import (
	"errors"
	"fmt"
)

// Errors of options. They are wrapped with what was given.
var (
	ErrInterval   = errors.New("the lower bound must be a number that is not above the upper one")
	ErrDistance   = errors.New("must be at least 1 sample, or 0 for no condition")
	ErrWindow     = errors.New("must be at least 2 samples, or 0 for none")
	ErrRelHeight  = errors.New("must be a finite number of at least 0; 0 means 0.5, 1 is the width at the base")
	ErrSelectOnly = errors.New("peaks that are only selected have no base: leave out width and the upper bound of the prominence, or SelectOnly")
	ErrTies       = errors.New("must be Later or NumPyOrder")
	ErrMaxPending = errors.New("must be at least 1, or 0 for the default")
)

// PendingError says that a [Finder] gave up because too much of the stream would have to be kept. What was found before has been
// handed over.
type PendingError struct {
	Limit int    // [Options.MaxPending]
	From  int64  // index of the oldest peak that waits
	Fix   string // what to do
}

func (e *PendingError) Error() string {
	return fmt.Sprintf("find peaks: more than %d wait since sample %d for what is still to come; %s", e.Limit, e.From, e.Fix)
}

// The ways out of a PendingError.
const (
	fixWindow   = "give a window (wlen) in which bases are searched, or a higher least prominence, or only select peaks by it"
	fixDistance = "give a height, or a smaller distance"
	fixTies     = "keep the later of equal peaks instead of NumPy's order"
)
