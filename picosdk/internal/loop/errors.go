package loop

import (
	"errors"
	"fmt"
)

// Errors of Start and of a loop's methods.
var (
	// ErrNotSupported: this build has no acquisition loops: it was made without cgo, or for a system other than Linux.
	ErrNotSupported = errors.New("acquisition loops are not supported by this build: they need Linux and a build with cgo")
	// ErrConfig: the configuration contradicts itself, or the ring's lanes are not what it says. Nothing was started.
	ErrConfig = errors.New("acquisition loop cannot be configured so")
	// ErrRunning: the thread is still inside the vendor library, which did not return in time. Nothing was freed, since the library may
	// still write to its buffers: neither free those nor unload anything; end the process.
	ErrRunning = errors.New("the vendor library has not returned")
	// ErrEnded: the acquisition has ended, and makes no more calls of the library.
	ErrEnded = errors.New("the acquisition has ended")
)

// RingError tells why a ring could not be attached.
type RingError struct {
	Code int    // as in shmring.h
	Text string // the same in words
}

func (e *RingError) Error() string { return fmt.Sprintf("attach the ring: %s", e.Text) }

func configError(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrConfig, fmt.Sprintf(format, args...))
}
