package rpc

import "github.com/scopelog/scopelog/shmring"

// Monotonic is CLOCK_MONOTONIC in ns, the clock of every stamp that a driver gives: of [driver.Sink].Begin and of events.
// It is read without a system call, and may be called from any goroutine. Where the system has no such clock for all
// processes, it is the time since this one began.
func Monotonic() int64 { return shmring.MonoNow() }
