//go:build !unix

package main

import (
	"io/fs"
	"os"
)

// private cannot be told from the mode bits here; the user's temporary folder is private by itself.
func private(fs.FileInfo) bool { return true }

// crash ends the process.
func crash(how string) {
	if how == howPanic {
		panic("sim: a panic was asked for")
	}
	os.Exit(2)
}

// stopProcess has no equal here: the caller then blocks.
func stopProcess() bool { return false }

// writeDescriptor writes to the file that Go has for the descriptor.
func writeDescriptor(_ int, f *os.File, text string) {
	_, _ = f.WriteString(text) // nobody may be listening
}
