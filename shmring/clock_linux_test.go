package shmring

import (
	"testing"
	"time"
)

// All processes that use a ring have one clock: none may be off by the time for which it was interrupted at its start.
func TestMonoNow(t *testing.T) {
	const slack = int64(50 * time.Microsecond)
	check := func(name string, now func() int64) {
		t.Helper()
		before := systemMonotonic()
		got := now()
		if after := systemMonotonic(); got < before-slack || got > after+slack {
			t.Errorf("%s: %d ns, not between %d and %d", name, got, before, after)
		}
	}
	check("as paired at the start", MonoNow)
	for range 100 {
		p := pairClocks()
		check("paired again", func() int64 { return p.ns + int64(time.Since(p.at)) })
	}
}
