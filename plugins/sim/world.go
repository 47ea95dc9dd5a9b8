package main

import (
	"os"
	"time"

	"github.com/scopelog/scopelog/driver/rpc"
)

// world is everything outside the driver that it acts on, so that tests can put something else in its place.
type world struct {
	rig   rig
	clock func() clock          // one per acquisition
	pause func(d time.Duration) // waits in a call
	crash func(how string)      // ends the process; returns only in tests
	print func(output, line string)
	never <-chan struct{} // what hangs for ever waits on this; nil outside tests
}

// realWorld is the world of a plugin process.
func realWorld(rigDir string) *world {
	return &world{
		rig:   rig{dir: rigDir, owner: parent()},
		clock: func() clock { return newHostClock() },
		pause: time.Sleep,
		crash: crash,
		print: printRaw,
	}
}

// hang does not return for a time, 0 for ever, in one of the ways of a vendor library.
func (w *world) hang(how string, ns int64) {
	switch how {
	case howStop:
		if stopProcess() {
			return
		}
	case howSpin:
		for end := rpc.Monotonic() + ns; ns == 0 || rpc.Monotonic() < end; {
			select {
			case <-w.never:
				return
			default:
			}
		}
		return
	}
	if ns > 0 {
		w.pause(time.Duration(ns))
		return
	}
	<-w.never
}

// printRaw writes a line as C code would, past everything that Go has put in place of stdout and stderr.
func printRaw(output, line string) {
	if output != outputStderr {
		writeDescriptor(1, os.Stdout, line+"\n")
	}
	if output != outputStdout {
		writeDescriptor(2, os.Stderr, line+"\n")
	}
}
