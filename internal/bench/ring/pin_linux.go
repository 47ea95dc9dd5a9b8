package main

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// pin keeps the calling goroutine on one of the cores that the process may use, by number, if there are two or more: a
// wake-up costs another time within a core. undo takes it back.
func pin(number int) (undo func(), err error) {
	var may, one unix.CPUSet
	if err := unix.SchedGetaffinity(0, &may); err != nil {
		return nil, fmt.Errorf("cores of this process: %w", err)
	}
	if may.Count() < 2 {
		return func() {}, nil
	}
	for cpu := 0; ; cpu++ {
		if !may.IsSet(cpu) {
			continue
		}
		if number == 0 {
			one.Set(cpu)
			break
		}
		number--
	}
	runtime.LockOSThread()
	if err := unix.SchedSetaffinity(0, &one); err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("keep a thread on its core: %w", err)
	}
	return func() {
		if unix.SchedSetaffinity(0, &may) == nil { // else the thread stays locked, and goes with its goroutine
			runtime.UnlockOSThread()
		}
	}, nil
}
