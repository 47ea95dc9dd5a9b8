package rpc

import (
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-hclog"
)

// logLines is how many lines wait for a host that reads slowly; further ones are dropped and counted.
const logLines = 512

// logFlush is how long the end of a plugin waits for its last lines to be taken.
const logFlush = 100 * time.Millisecond

// NewLogger returns a logger for a plugin. Its lines go to the host as JSON, through a bounded queue: logging never
// waits, also while the host is stopped or gone; lines that find the queue full are dropped and counted. The level is
// the one that the host asked for. All loggers of a process share one queue.
func NewLogger(name string) hclog.Logger {
	level := hclog.LevelFromString(os.Getenv(envLogLevel))
	if level == hclog.NoLevel {
		level = hclog.Info
	}
	return hclog.New(&hclog.LoggerOptions{Name: name, Level: level, Output: processLog(), JSONFormat: true})
}

var (
	processLogOnce  sync.Once
	processLogQueue *logQueue
)

func processLog() *logQueue {
	processLogOnce.Do(func() { processLogQueue = newLogQueue(os.Stderr) })
	return processLogQueue
}

// logQueue is a writer that never blocks: a goroutine of its own writes to the destination.
type logQueue struct {
	lines   chan logItem
	to      atomic.Pointer[destination]
	dropped atomic.Uint64
}

type logItem struct {
	line  []byte
	flush chan<- struct{}
}

type destination struct{ io.Writer }

func newLogQueue(to io.Writer) *logQueue {
	q := &logQueue{lines: make(chan logItem, logLines)}
	q.redirect(to)
	go q.run()
	return q
}

// redirect changes the destination for lines that are not written yet.
func (q *logQueue) redirect(to io.Writer) { q.to.Store(&destination{to}) }

// Write takes one line. It always succeeds.
func (q *logQueue) Write(p []byte) (int, error) {
	select {
	case q.lines <- logItem{line: append([]byte(nil), p...)}:
	default:
		q.dropped.Add(1)
	}
	return len(p), nil
}

func (q *logQueue) run() {
	for item := range q.lines {
		if n := q.dropped.Swap(0); n > 0 {
			q.put(fmt.Appendf(nil, "{\"@level\":\"warn\",\"@message\":\"log lines dropped\",\"lines\":%d}\n", n))
		}
		if item.flush != nil {
			close(item.flush)
			continue
		}
		q.put(item.line)
	}
}

// put ignores errors: without a host nobody could be told.
func (q *logQueue) put(line []byte) { _, _ = q.to.Load().Write(line) }

// flush waits until all lines so far are written, at most for d.
func (q *logQueue) flush(d time.Duration) {
	timeout := time.After(d)
	done := make(chan struct{})
	select {
	case q.lines <- logItem{flush: done}:
	case <-timeout:
		return
	}
	select {
	case <-done:
	case <-timeout:
	}
}
