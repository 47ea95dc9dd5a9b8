package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
)

func dropNote(n int) []byte { return fmt.Appendf(nil, "dropped %d\n", n) }

// heldWriter takes nothing until it is released, as a terminal after Ctrl-S.
type heldWriter struct {
	taken   chan struct{} // nil, or told when the first write has begun
	release chan struct{}
	mu      sync.Mutex
	out     bytes.Buffer
}

func (h *heldWriter) Write(p []byte) (int, error) {
	if h.taken != nil {
		select {
		case h.taken <- struct{}{}:
		case <-h.release:
		}
	}
	<-h.release
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.out.Write(p)
}

func TestQueueNeverWaits(t *testing.T) {
	h := &heldWriter{taken: make(chan struct{}), release: make(chan struct{})}
	q := newQueue(h, dropNote)
	for i := range 2 * queueLines {
		if _, err := fmt.Fprintf(q, "line %d\n", i); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			<-h.taken // nothing more is taken before the release
		}
	}
	if err := q.flush(20 * time.Millisecond); !errors.Is(err, errNotTaken) {
		t.Fatalf("flush of what nobody takes: %v", err)
	}
	close(h.release)
	if err := q.flush(patience); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(q, "last")
	if err := q.close(patience); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(h.out.String(), "\n"), "\n")
	var dropped int
	if _, err := fmt.Sscanf(lines[len(lines)-2], "dropped %d", &dropped); err != nil {
		t.Fatalf("no count of dropped lines: %q", lines[len(lines)-2])
	}
	if kept := len(lines) - 2; kept+dropped != 2*queueLines {
		t.Errorf("%d lines and %d dropped, want %d in all", kept, dropped, 2*queueLines)
	}
	for i, l := range lines[:len(lines)-2] {
		if l != fmt.Sprintf("line %d", i) {
			t.Fatalf("line %d is %q", i, l)
		}
	}
	if lines[len(lines)-1] != "last" {
		t.Errorf("the last line is %q", lines[len(lines)-1])
	}
}

// TestQueueKeepsTheLastLine fills a queue, and looks for the line that may not be dropped and for the count.
func TestQueueKeepsTheLastLine(t *testing.T) {
	h := &heldWriter{taken: make(chan struct{}), release: make(chan struct{})}
	q := newQueue(h, dropNote)
	fmt.Fprintln(q, "line")
	<-h.taken // nothing more is taken before the release: lines are dropped in one go
	for range 3*queueLines - 1 {
		fmt.Fprintln(q, "line")
	}
	fmt.Fprintln(q.last(), "result")
	fmt.Fprintln(q, "dropped at the end")
	close(h.release)
	if err := q.close(patience); err != nil {
		t.Fatal(err)
	}
	kept := strings.Count(h.out.String(), "line\n")
	want := fmt.Sprintf("dropped %d\nresult\n", 3*queueLines-kept)
	if _, end, _ := strings.Cut(h.out.String(), "dropped "); !strings.HasPrefix("dropped "+end, want) {
		t.Errorf("the end is %q, want %q", "dropped "+end, want)
	}
	if strings.Contains(h.out.String(), "at the end") == strings.Contains(h.out.String(), "dropped 1\n") {
		t.Errorf("a line is neither written nor counted: %q", h.out.String())
	}
}

func TestQueueTellsOfABrokenWriter(t *testing.T) {
	q := newQueue(brokenPipe{}, dropNote)
	fmt.Fprintln(q, "first")
	if err := q.flush(patience); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("flush: %v", err)
	}
	if _, err := fmt.Fprintln(q, "second"); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("write: %v", err)
	}
	if err := q.close(patience); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("close: %v", err)
	}
}

// TestQueueFlushEndsEveryTime looks for a flush that misses its own end.
func TestQueueFlushEndsEveryTime(t *testing.T) {
	h := &heldWriter{release: make(chan struct{})}
	q := newQueue(h, dropNote)
	fmt.Fprintln(q, "never shown")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for i := range 500 {
			_ = q.flush(time.Duration(i) * time.Microsecond) // nothing fails, nothing gets through
		}
	}()
	closed(t, ended, "the end of a flush")
	close(h.release)
	if err := q.close(patience); err != nil {
		t.Fatal(err)
	}
}

func TestQueueCloseDoesNotWaitForEver(t *testing.T) {
	h := &heldWriter{release: make(chan struct{})}
	q := newQueue(h, dropNote)
	fmt.Fprintln(q, "never shown")
	if err := q.close(20 * time.Millisecond); !errors.Is(err, errNotTaken) {
		t.Fatalf("close before anything is taken: %v", err)
	}
	close(h.release)
	<-q.done
}
