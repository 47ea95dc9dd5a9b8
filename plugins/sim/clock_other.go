//go:build !linux

package main

import "time"

var processStart = time.Now()

// systemMonotonic returns the time since the process began in ns; one is added so that it is never 0.
func systemMonotonic() int64 { return int64(time.Since(processStart)) + 1 }
