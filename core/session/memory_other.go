//go:build !linux

package session

// totalMemory is the machine's memory in bytes; 0 when the system does not tell.
func totalMemory() int64 { return 0 }
