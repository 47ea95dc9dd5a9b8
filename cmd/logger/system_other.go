//go:build !linux

package main

import "runtime"

// readSystem names the system; recording is not supported on it yet.
func readSystem() systemFacts {
	return systemFacts{Release: runtime.GOOS + "/" + runtime.GOARCH, MemoryFree: -1, MemoryLimit: -1, FilesLimit: -1, ClockState: "unknown"}
}

// fileSystemOf knows nothing of the file system here.
func fileSystemOf(string) (fileSystemFacts, error) {
	return fileSystemFacts{Free: -1}, nil
}
