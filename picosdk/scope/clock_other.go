//go:build !linux

package scope

import "time"

var began = time.Now()

// monotonic is the time since the program began in nanoseconds.
func monotonic() int64 { return int64(time.Since(began)) }
