//go:build !linux

package recording

import "time"

var processStart = time.Now()

// now reads UTC and a monotonic clock that counts from the start of the process.
func now() Stamp {
	t := time.Now()
	return Stamp{MonoNS: int64(t.Sub(processStart)) + 1, UTCNS: t.UnixNano()}
}

// bootID is not known here.
func bootID() string { return "" }
