package main

import (
	"bytes"
	"errors"
	"io"
	"math"
	"sync"
	"time"
)

const (
	queueLines = 4096            // that wait for a slow terminal or reader
	lastWait   = 2 * time.Second // for what still waits when the program ends
)

// errNotTaken says that a terminal or a reader did not take what was written to it in time.
var errNotTaken = errors.New("the reader does not take it")

// queue writes from a goroutine of its own, so that a terminal that is held (Ctrl-S) or a reader that is slow
// cannot hold up a recording. What does not fit into the queue is dropped and counted.
type queue struct {
	w    io.Writer
	note func(lines int) []byte // what is written in place of dropped lines

	mu      sync.Mutex
	more    *sync.Cond // something waits, was written, or the queue ends
	waiting [][]byte
	busy    bool // a write is going on
	dropped int
	err     error // the first of the writer; nothing is written after it
	closed  bool
	done    chan struct{}
}

func newQueue(w io.Writer, note func(lines int) []byte) *queue {
	q := &queue{w: w, note: note, done: make(chan struct{})}
	q.more = sync.NewCond(&q.mu)
	go q.run()
	return q
}

// Write takes a copy of p and never waits. Its error is the one of an earlier write.
func (q *queue) Write(p []byte) (int, error) { return q.add(p, queueLines) }

// last is a writer whose lines are never dropped, for what has to be told and is little.
func (q *queue) last() io.Writer { return lastLines{q} }

type lastLines struct{ q *queue }

func (l lastLines) Write(p []byte) (int, error) { return l.q.add(p, math.MaxInt) }

// add puts a copy of p behind what waits, if that is less than limit.
func (q *queue) add(p []byte, limit int) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.err != nil:
		return 0, q.err
	case q.closed:
		return 0, io.ErrClosedPipe
	case len(q.waiting) >= limit:
		q.dropped++
		return len(p), nil
	}
	q.tellDropped()
	q.waiting = append(q.waiting, bytes.Clone(p))
	q.more.Broadcast()
	return len(p), nil
}

// tellDropped puts the note of dropped lines behind what waits. The caller holds mu.
func (q *queue) tellDropped() {
	if q.dropped == 0 || q.err != nil {
		return
	}
	q.waiting = append(q.waiting, q.note(q.dropped))
	q.dropped = 0
	q.more.Broadcast()
}

func (q *queue) run() {
	defer close(q.done)
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		for len(q.waiting) == 0 && !q.closed {
			q.more.Wait()
		}
		if len(q.waiting) == 0 {
			return
		}
		next := bytes.Join(q.waiting, nil)
		q.waiting, q.busy = nil, true
		q.mu.Unlock()
		_, err := q.w.Write(next)
		q.mu.Lock()
		q.busy = false
		if err != nil && q.err == nil {
			q.err, q.waiting = err, nil
		}
		q.more.Broadcast()
	}
}

// flush waits until all is written, also how many lines were dropped, but not longer than a time. It returns the
// writer's first error, or errNotTaken when the time was over.
func (q *queue) flush(wait time.Duration) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tellDropped()
	expired := false // under mu; the wait ends by it alone, not by a second look at the clock that may be early
	timer := time.AfterFunc(wait, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		expired = true
		q.more.Broadcast()
	})
	defer timer.Stop()
	for (len(q.waiting) > 0 || q.busy) && q.err == nil && !expired {
		q.more.Wait()
	}
	if q.err == nil && (len(q.waiting) > 0 || q.busy) {
		return errNotTaken
	}
	return q.err
}

// close writes what waits, not longer than a time, and ends the goroutine unless the writer still holds it.
func (q *queue) close(wait time.Duration) error {
	err := q.flush(wait)
	q.mu.Lock()
	q.closed = true
	q.more.Broadcast()
	held := q.busy
	q.mu.Unlock()
	if !held {
		<-q.done
	}
	return err
}
