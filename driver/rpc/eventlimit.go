package rpc

import (
	"time"

	"github.com/scopelog/scopelog/driver"
)

// How many events of one device reach the session. Each of them costs a line on the disk, for weeks, but for those of
// triggers, of which there may be thousands a second and which are only counted.
const (
	eventsBurst     = 500
	eventsPerSecond = 2

	triggersBurst     = 20_000
	triggersPerSecond = 20_000

	// eventsToldEvery is how often the log is told of dropped events at most.
	eventsToldEvery = 10 * time.Second
)

// eventLimit bounds the events of one device. What is over it is dropped and counted; a flood of triggers is slowed
// down instead, so that reading it costs the host little.
type eventLimit struct {
	events, triggers bucket
	dropped          uint64 // since the log was told
	told             time.Time
}

func newEventLimit(now time.Time) *eventLimit {
	return &eventLimit{
		events:   bucket{rate: eventsPerSecond, size: eventsBurst, level: eventsBurst, at: now},
		triggers: bucket{rate: triggersPerSecond, size: triggersBurst, level: triggersBurst, at: now},
	}
}

// allow tells whether an event may pass, and how long to wait before the next one is read.
func (l *eventLimit) allow(kind driver.EventKind, now time.Time) (ok bool, wait time.Duration) {
	if !l.triggers.take(now) { // every event costs reading
		wait = time.Second / 50
	}
	if kind == driver.EventTriggerWait || kind == driver.EventTriggered {
		return true, wait
	}
	if ok = l.events.take(now); !ok {
		l.dropped++
	}
	return ok, wait
}

// report returns how many events were dropped since it was last told, 0 while there is nothing to tell.
func (l *eventLimit) report(now time.Time) uint64 {
	if l.dropped == 0 || now.Sub(l.told) < eventsToldEvery {
		return 0
	}
	n := l.dropped
	l.dropped, l.told = 0, now
	return n
}

// bucket is filled at a rate, up to its size.
type bucket struct {
	rate, size, level float64
	at                time.Time
}

func (b *bucket) take(now time.Time) bool {
	b.level, b.at = min(b.size, b.level+b.rate*max(0, now.Sub(b.at).Seconds())), now
	if b.level < 1 {
		return false
	}
	b.level--
	return true
}
