//go:build !linux

package recording

// lowerDiskPriority does nothing: this system has no priority at the disk for a single thread that we know of.
func lowerDiskPriority() {}
