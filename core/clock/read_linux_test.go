package clock

import (
	"slices"
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

// TestSuspended: a process that is interrupted between two readings takes nothing for sleep, and sleep that was is still seen.
func TestSuspended(t *testing.T) {
	t.Parallel()
	const slept = 3_600_000_000_000
	for _, c := range []struct {
		name  string
		at    []int // readings that are 80 ms late
		slept int64
	}{
		{"never slept", nil, 0},
		{"never slept, interrupted", []int{1}, 0},
		{"slept", nil, slept},
		{"interrupted before the boot time", []int{1}, slept},
		{"interrupted behind it", []int{2}, slept},
		{"interrupted again and again", []int{1, 5, 7, 10}, slept},
	} {
		now, n := int64(1e12), 0
		got := suspended(func(id int32) int64 {
			if slices.Contains(c.at, n) {
				now += 80_000_000
			}
			n++
			now += 40
			if id == unix.CLOCK_BOOTTIME {
				return now + c.slept
			}
			return now
		})
		if got != c.slept && (got < c.slept-1000 || got > c.slept+1000) {
			t.Errorf("%s: %d ns, want %d", c.name, got, c.slept)
		}
	}
}
