package spectrum

import (
	"errors"
	"fmt"
)

// ErrNoData is returned where a spectrum is asked of a signal without samples.
var ErrNoData = errors.New("there are no samples to take a spectrum of")

// ErrNoLine is returned where a spectrum has no peak: no signal, or one that is not finite.
var ErrNoLine = errors.New("there is no line in the spectrum")

// MemoryError is returned where the median would need more memory than it may have. Raise [Options].MemoryLimit, let segments
// overlap less, or take [Mean], which needs the same memory for any length of signal.
type MemoryError struct {
	Segments    int64 // that have come
	Need, Limit int64 // bytes
}

// Error says what would help.
func (e *MemoryError) Error() string {
	return fmt.Sprintf("the median of %d segments needs %d MiB, and the limit is %d MiB: take the mean, or less overlap",
		e.Segments, (e.Need+1<<20-1)>>20, e.Limit>>20)
}
