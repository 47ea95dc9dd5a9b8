package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/scopelog/scopelog/driver"
)

// truthEvery is the time between two lines of a truth log.
const truthEvery = int64(1e9)

// truthLog records what a unit really delivered and lost, for tests to compare with: one JSON object a line, each written
// by one append, so that the file is whole up to the last line whatever kills the process. A nil log does nothing.
type truthLog struct {
	file *os.File
	line []byte
	next int64
	err  error // the first failure; the log ends there
}

// openTruth opens a log; an empty path gives nil.
func openTruth(path string) (*truthLog, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("truth log: %w", err)
	}
	return &truthLog{file: f, line: make([]byte, 0, 1024)}, nil
}

// begin starts a line.
func (t *truthLog) begin(event string, now int64) {
	t.line = append(t.line[:0], `{"event":"`...)
	t.line = append(t.line, event...)
	t.line = append(t.line, '"')
	t.integer("mono_ns", now)
}

func (t *truthLog) key(name string) {
	t.line = append(t.line, ',', '"')
	t.line = append(t.line, name...)
	t.line = append(t.line, '"', ':')
}

func (t *truthLog) integer(name string, v int64) {
	t.key(name)
	t.line = strconv.AppendInt(t.line, v, 10)
}

func (t *truthLog) text(name, v string) {
	t.key(name)
	t.line = strconv.AppendQuoteToASCII(t.line, v)
}

// end writes the line.
func (t *truthLog) end() {
	t.line = append(t.line, '}', '\n')
	if t.err == nil {
		_, t.err = t.file.Write(t.line)
	}
}

// start notes a Start and what the streams are.
func (t *truthLog) start(now int64, info driver.UnitInfo, applied *driver.Applied) {
	if t == nil {
		return
	}
	t.begin("start", now)
	t.text("serial", info.Serial)
	t.integer("pid", int64(os.Getpid()))
	t.text("interval_s", applied.Interval.Rational.String())
	t.key("streams")
	for i, s := range applied.Streams {
		t.line = append(t.line, "[,"[min(i, 1)])
		t.line = strconv.AppendQuoteToASCII(t.line, s.Channel+"."+string(s.Kind))
	}
	t.line = append(t.line, ']')
	t.end()
	t.next = now + truthEvery
}

// counts is what a unit counts during an acquisition.
type counts struct {
	hardware   int64   // samples that the unit has taken and that were delivered or lost: the hardware index
	epoch      int64   // the same as the host counts them: without what it was not told
	lostTold   int64   // samples lost and told with their number
	lostVague  int64   // samples lost and told without their number
	lostSilent int64   // samples lost and not told
	pushed     []int64 // samples per stream handed to the sink
}

// state notes the counters.
func (t *truthLog) state(event string, now int64, c *counts) {
	if t == nil {
		return
	}
	t.begin(event, now)
	t.integer("hardware", c.hardware)
	t.integer("epoch", c.epoch)
	t.integer("lost_told", c.lostTold)
	t.integer("lost_vague", c.lostVague)
	t.integer("lost_silent", c.lostSilent)
	t.key("pushed")
	for i, n := range c.pushed {
		t.line = append(t.line, "[,"[min(i, 1)])
		t.line = strconv.AppendInt(t.line, n, 10)
	}
	t.line = append(t.line, ']')
	t.end()
}

// tick notes the counters once a second.
func (t *truthLog) tick(now int64, c *counts) {
	if t != nil && now >= t.next {
		t.next = now + truthEvery
		t.state("state", now, c)
	}
}

// fault notes that a fault happens, at which sample, and the counters.
func (t *truthLog) fault(now int64, f *fault, c *counts) {
	if t == nil {
		return
	}
	t.begin("fault", now)
	t.text("kind", f.kind)
	t.integer("hardware", c.hardware)
	if f.kind == faultLose {
		t.integer("count", f.count)
		t.text("announce", f.announce)
	}
	t.end()
	t.state("state", now, c)
}

// close ends the log with the counters and returns the first failure of writing it.
func (t *truthLog) close(now int64, c *counts) error {
	if t == nil {
		return nil
	}
	t.state("stop", now, c)
	if err := t.file.Close(); t.err == nil {
		t.err = err
	}
	if t.err != nil {
		return fmt.Errorf("truth log: %w", t.err)
	}
	return nil
}
