//go:build !linux

package shmring

import (
	"sync/atomic"
	"time"
)

const pollEvery = time.Millisecond

// waitWord blocks until the word differs from seen or the timeout is over. Only rings on the heap exist here, so plain polling will do.
func waitWord(word *atomic.Uint32, seen uint32, timeout time.Duration) {
	for end := time.Now().Add(timeout); word.Load() == seen; {
		left := time.Until(end)
		if left <= 0 {
			return
		}
		time.Sleep(min(left, pollEvery))
	}
}

// wakeWord has nothing to do: who waits polls.
func wakeWord(*atomic.Uint32) {}
