package scope

import "golang.org/x/sys/unix"

// monotonic is CLOCK_MONOTONIC in nanoseconds, the clock of all time stamps.
func monotonic() int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &t); err != nil {
		panic(err) // the clock exists on every Linux
	}
	return t.Nano()
}
