package scope

import (
	"fmt"
	"time"

	"github.com/scopelog/scopelog/driver"
)

// watch looks at the loop's counters beside it: the end of what was asked for, silence, and what else the user has to know.
func (a *acquisition) watch() {
	defer a.watching.Done()
	w := watcher{a: a, since: time.Now()}
	timer := time.NewTimer(0)
	defer timer.Stop()
	draining := a.sink.Draining()
	for {
		select {
		case <-a.quit:
			w.told.look(a, a.loop.Counters(), time.Now(), true)
			w.trigger.look(a, a.loop.Counters())
			return
		case <-draining:
			a.halt(time.Time{})
			draining = nil
		case <-timer.C:
			timer.Reset(w.look(a.loop.Counters(), time.Now()))
		}
	}
}

// watcher remembers what was told already.
type watcher struct {
	a          *acquisition
	deliveries uint64
	starved    uint64
	since      time.Time // of the last delivery
	silent     bool
	told       notices
	trigger    triggerWatch
}

// patience is how many times the longest usual silence must pass until the run is given up, so that the host can open the
// unit again: one that was unplugged may answer "busy" for ever.
const patience = 5

const (
	shortestLook = 5 * time.Millisecond
	longestLook  = 250 * time.Millisecond
)

// look compares the counters with the last ones, and says when to look again.
func (w *watcher) look(c Counters, now time.Time) time.Duration {
	set := w.a.set
	w.trigger.look(w.a, c)
	if limit := set.maxSamples; limit > 0 && c.Samples >= limit {
		w.a.completed.Store(true)
		w.a.halt(time.Time{})
		return longestLook
	}
	switch quiet := now.Sub(w.since); {
	case c.Deliveries != w.deliveries:
		if w.silent {
			w.a.dev.tell(driver.EventWarning, fmt.Sprintf("samples come again after %s of silence", quiet.Round(time.Millisecond)))
		}
		w.deliveries, w.starved, w.since, w.silent = c.Deliveries, c.Starved, now, false
	case !w.silent && quiet > set.silence:
		w.silent = true
		why := "the unit is silent"
		if c.Starved > w.starved {
			why = "the library waits for buffers"
		}
		w.a.dev.tell(driver.EventWarning, fmt.Sprintf("no samples for %s: %s", quiet.Round(time.Second), why))
	case quiet > patience*set.silence && !w.a.stopping.Load() && w.a.stalled.CompareAndSwap(0, int64(quiet)):
		w.a.loop.Stop()
	}
	w.told.look(w.a, c, now, false)
	next := longestLook
	if set.maxSamples > 0 {
		next = time.Duration(min(float64(set.maxSamples-c.Samples)*set.applied.Interval.Float64(), longestLook.Seconds()) * float64(time.Second))
	}
	return min(max(next, shortestLook), longestLook)
}
