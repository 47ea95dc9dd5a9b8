package main

import (
	"time"

	"github.com/scopelog/scopelog/driver/rpc"
)

// clock is the host's monotonic clock, and a way to wait on it. One goroutine waits at a time.
type clock interface {
	// now is CLOCK_MONOTONIC in ns, or what the system has instead.
	now() int64
	// wait returns true when it is the time until, false when done was closed before.
	wait(done <-chan struct{}, until int64) bool
}

// hostClock is the real clock.
type hostClock struct{ timer *time.Timer }

func newHostClock() *hostClock {
	c := &hostClock{timer: time.NewTimer(time.Hour)}
	c.timer.Stop()
	return c
}

func (c *hostClock) now() int64 { return rpc.Monotonic() }

func (c *hostClock) wait(done <-chan struct{}, until int64) bool {
	for {
		d := until - rpc.Monotonic()
		if d <= 0 {
			select {
			case <-done:
				return false
			default:
				return true
			}
		}
		c.timer.Reset(time.Duration(d))
		select {
		case <-done:
			c.timer.Stop()
			return false
		case <-c.timer.C:
		}
	}
}
