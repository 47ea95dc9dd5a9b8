package main

import (
	"fmt"
	"time"
)

// tellSamples returns a function that shows on a terminal how far something is that goes through the samples of a recording.
func (a *app) tellSamples(now func() time.Time) func(done, total int64) {
	var last time.Time
	start := now()
	return func(done, total int64) {
		t := now()
		if t.Sub(last) < terminalEvery || total <= 0 {
			return
		}
		last = t
		line := fmt.Sprintf("%s of %s samples  %s", formatCount(done), formatCount(total), percent(float64(done)/float64(total)))
		if spent := t.Sub(start).Seconds(); spent > 1 && done > 0 {
			line += fmt.Sprintf("  left %s", formatClock(float64(total-done)*spent/float64(done)))
		}
		a.screen.setStatus(line)
	}
}
