package main

import (
	"fmt"
	"time"
)

// tellSamples returns a function that shows on a terminal how far something is that goes through the samples of a recording.
func (a *app) tellSamples(now func() time.Time) func(done, total int64) {
	return a.tellProgress(now, func(done, total int64, rate float64) string {
		line := fmt.Sprintf("%s of %s samples  %s", formatCount(done), formatCount(total), percent(float64(done)/float64(total)))
		if rate > 0 {
			line += fmt.Sprintf("  left %s", formatClock(float64(total-done)/rate))
		}
		return line
	})
}

// tellProgress returns a function that shows a line on a terminal, not too often. rate is how much is done in a second; 0: it is too early to tell.
func (a *app) tellProgress(now func() time.Time, line func(done, total int64, rate float64) string) func(done, total int64) {
	var last time.Time
	start := now()
	return func(done, total int64) {
		t := now()
		if t.Sub(last) < terminalEvery || total <= 0 {
			return
		}
		last = t
		rate := 0.0
		if spent := t.Sub(start).Seconds(); spent > 1 {
			rate = float64(done) / spent
		}
		a.screen.setStatus(line(done, total, rate))
	}
}
