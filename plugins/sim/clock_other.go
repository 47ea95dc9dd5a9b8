//go:build !linux

package main

import "time"

var processStart = time.Now()

// monotonic returns the time since the process began in ns; one is added so that it is never 0.
func monotonic() int64 { return int64(time.Since(processStart)) + 1 }
