package clock

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// monoBase pairs the runtime's hidden monotonic clock with the system's, once.
var monoBase = pairClocks()

// monoPair is one moment on both clocks.
type monoPair struct {
	at time.Time
	ns int64
}

// pairClocks reads both clocks together: the closest of some tries, since the process may be interrupted between the two.
func pairClocks() (best monoPair) {
	const tries = 20
	closest := time.Duration(1<<63 - 1)
	for range tries {
		before := time.Now()
		ns := get(unix.CLOCK_MONOTONIC)
		if bracket := time.Since(before); bracket < closest {
			best, closest = monoPair{before.Add(bracket / 2), ns}, bracket
		}
	}
	return best
}

// Mono returns CLOCK_MONOTONIC in nanoseconds. It makes no system call: one would wake the runtime's monitor thread as well.
func Mono() int64 { return monoBase.ns + int64(time.Since(monoBase.at)) }

func get(id int32) int64 {
	var ts unix.Timespec
	if err := unix.ClockGettime(id, &ts); err != nil {
		return 0 // cannot happen: the clocks used here exist on every Linux that runs Go
	}
	return ts.Nano()
}

// Read reads the host's clocks together: the closest of three tries.
func Read() Reading {
	r := Reading{BracketNS: 1 << 62, State: Unknown, MaxErrorNS: -1}
	for range 3 {
		before := get(unix.CLOCK_MONOTONIC)
		utc := get(unix.CLOCK_REALTIME)
		after := get(unix.CLOCK_MONOTONIC)
		if after-before < r.BracketNS {
			r.MonoNS, r.UTCNS, r.BracketNS = before+(after-before)/2, utc, after-before
		}
	}
	r.RawNS = readRaw(r.MonoNS)
	r.SuspendedNS = suspended(get)
	var tx unix.Timex
	if _, err := unix.Adjtimex(&tx); err == nil {
		r.State, r.MaxErrorNS = Synchronised, tx.Maxerror*1000
		if tx.Status&unix.STA_UNSYNC != 0 {
			r.State = Unsynchronised
		}
	}
	return r
}

// suspended is how much boot time is ahead of monotonic time: the closest of some tries, since the process may be interrupted
// between the readings of a try. Less than a millisecond is none.
func suspended(get func(clock int32) int64) int64 {
	best, bracket := int64(0), int64(1<<62)
	for range 20 {
		before := get(unix.CLOCK_MONOTONIC)
		boot := get(unix.CLOCK_BOOTTIME)
		after := get(unix.CLOCK_MONOTONIC)
		if after-before < bracket {
			best, bracket = boot-(before+(after-before)/2), after-before
		}
		if bracket < 100_000 {
			break
		}
	}
	if best < 1_000_000 {
		return 0
	}
	return best
}

// readRaw gives a monotonic time of just now its time on the clock that nothing slews.
func readRaw(monoNS int64) int64 {
	best, bracket := int64(0), int64(1<<62)
	for range 3 {
		before := get(unix.CLOCK_MONOTONIC)
		raw := get(unix.CLOCK_MONOTONIC_RAW)
		if after := get(unix.CLOCK_MONOTONIC); after-before < bracket {
			best, bracket = raw-(before+(after-before)/2)+monoNS, after-before
		}
	}
	return best
}

// BootID names the running boot; empty when the system does not tell.
func BootID() string {
	b, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
