//go:build !linux

package confine

import "errors"

// ErrNotSupported says that this system has no Landlock.
var ErrNotSupported = errors.New("confining a process is not supported on this system yet")

// ABI is the version of Landlock that the kernel has; 0: none.
func ABI() int { return 0 }

// Domain is a prepared confinement.
type Domain struct{}

// New prepares a confinement.
func New(Rules) (*Domain, error) { return nil, ErrNotSupported }

// Enter confines the calling thread.
func (*Domain) Enter() error { return ErrNotSupported }

// Close frees the domain.
func (*Domain) Close() error { return nil }

// NoNetwork takes the network from the calling thread.
func NoNetwork() error { return ErrNotSupported }
