package shmring

import "time"

// monoBase pairs the runtime's hidden monotonic clock with the system's, once.
var monoBase = pairClocks()

// monoPair is one moment on both clocks.
type monoPair struct {
	at time.Time
	ns int64
}

// pairClocks reads both clocks together: the closest of some tries, since a process that is interrupted between the two would be off from all
// others for its whole life.
func pairClocks() (best monoPair) {
	const tries = 20
	closest := time.Duration(1<<63 - 1)
	for range tries {
		before := time.Now()
		ns := systemMonotonic()
		if bracket := time.Since(before); bracket < closest {
			best, closest = monoPair{before.Add(bracket / 2), ns}, bracket
		}
	}
	return best
}

// MonoNow is the system's monotonic clock (CLOCK_MONOTONIC) in nanoseconds, common to all processes of one boot, standing still in suspend.
// It costs about 50 ns and may be called from any goroutine. It is the clock of every stamp in a ring.
func MonoNow() int64 { return monoBase.ns + int64(time.Since(monoBase.at)) }

func realNow() int64 { return time.Now().UnixNano() }

// process identifies a process together with the boot: a pid alone is used again.
type process struct {
	pid   uint32
	start uint64 // in the system's own unit; 0 = unknown
}
