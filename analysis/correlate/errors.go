package correlate

import (
	"errors"
	"fmt"
)

// ErrNoData is returned where there is not one pair of samples.
var ErrNoData = errors.New("there are no samples to correlate")

// ErrLengths is returned where the chunks of both signals have not the same number of samples.
var ErrLengths = errors.New("both signals have to come with the same number of samples")

// LengthError is returned where all lags of long slices are asked for. Give a greatest lag.
type LengthError struct{ U, V int } // samples of the slices

// Error says what would help.
func (e *LengthError) Error() string {
	return fmt.Sprintf("all lags of %d and %d samples: together they may have %d, give a greatest lag", e.U, e.V, MaxAll)
}
