package clock

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The clock that costs no system call is the system's.
func TestMono(t *testing.T) {
	const slack = int64(50 * time.Microsecond)
	check := func(name string, now func() int64) {
		t.Helper()
		before := get(unix.CLOCK_MONOTONIC)
		got := now()
		if after := get(unix.CLOCK_MONOTONIC); got < before-slack || got > after+slack {
			t.Errorf("%s: %d ns, not between %d and %d", name, got, before, after)
		}
	}
	check("as paired at the start", Mono)
	for range 100 {
		p := pairClocks()
		check("paired again", func() int64 { return p.ns + int64(time.Since(p.at)) })
	}
}
