//go:build !linux

package host

// isRunning cannot tell here yet, and so says yes.
func isRunning(int, uint64) bool { return true }
