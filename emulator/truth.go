package emulator

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Event is a line of a unit's truth log or of the rig's log of problems.
type Event struct {
	// Time since the rig began; in the log of problems, CLOCK_MONOTONIC.
	Time time.Duration
	// PID of the process that wrote it.
	PID int
	// Name of the event: "open", "call", "run-cut", "misuse" ...
	Name string
	// Fields are the other pairs of the line.
	Fields map[string]string
}

// ErrNoField: an event has no such field, or it is not a number.
var ErrNoField = errors.New("no such number in the event")

// Uint is a field as a number, decimal or with 0x. The error is [ErrNoField].
func (e Event) Uint(key string) (uint64, error) {
	v, err := strconv.ParseUint(e.Fields[key], 0, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %s of %s is %q", ErrNoField, key, e.Name, e.Fields[key])
	}
	return v, nil
}

// Truth reads a unit's truth log, oldest line first; nothing when the unit was never opened. A last line without its
// end, which a process writes right now, is left out. Of a log of more than 96 MiB the middle is missing: its first
// 32 MiB and at least its last 32 MiB are kept.
func (r *Rig) Truth(serial string) ([]Event, error) {
	return readEvents(r.Path(serial, "truth.log"))
}

// Problems reads what concerns no unit: a wrong rig.conf, opens that found nothing, calls with bad handles.
func (r *Rig) Problems() ([]Event, error) {
	return readEvents(filepath.Join(r.dir, "problems.log"))
}

// readLog reads a log with what was put aside when it became long: its beginning, and what came before the present file.
// What was put aside between two reads is read again.
func readLog(path string) ([]byte, error) {
	for {
		was, _ := os.Stat(path)
		var all []byte
		for _, file := range []string{path + ".first", path + ".before", path} {
			b, err := read(file)
			if err != nil {
				return nil, err
			}
			all = append(all, b...)
		}
		if is, _ := os.Stat(path); was == nil || is != nil && os.SameFile(was, is) {
			return all, nil
		}
	}
}

func readEvents(path string) ([]Event, error) {
	b, err := readLog(path)
	if err != nil {
		return nil, fmt.Errorf("read a log of the rig: %w", err)
	}
	lines := strings.Split(string(b), "\n")
	var events []Event
	for i, line := range lines[:len(lines)-1] {
		e, err := parseEvent(line)
		if err != nil {
			return events, fmt.Errorf("%s:%d: %w", path, i+1, err)
		}
		events = append(events, e)
	}
	return events, nil
}

// parseEvent takes `key=value key="a value"` apart.
func parseEvent(line string) (Event, error) {
	e := Event{Fields: map[string]string{}}
	for rest := line; rest != ""; {
		key, after, ok := strings.Cut(rest, "=")
		if !ok || key == "" || strings.ContainsAny(key, " \"") {
			return e, fmt.Errorf("no key=value at %q", rest)
		}
		var value string
		if strings.HasPrefix(after, `"`) {
			value, rest, ok = strings.Cut(after[1:], `"`)
			if !ok {
				return e, fmt.Errorf("no closing quote at %q", after)
			}
			rest = strings.TrimPrefix(rest, " ")
		} else {
			value, rest, _ = strings.Cut(after, " ")
		}
		e.Fields[key] = value
	}
	return e, e.takeHead()
}

// takeHead moves the pairs that every line has.
func (e *Event) takeHead() error {
	clock := "t"
	if _, ok := e.Fields["mono"]; ok {
		clock = "mono"
	}
	t, err := time.ParseDuration(e.Fields[clock] + "s")
	if err != nil {
		return fmt.Errorf("time of the line: %w", err)
	}
	pid, err := strconv.Atoi(e.Fields["pid"])
	if err != nil {
		return fmt.Errorf("process of the line: %w", err)
	}
	e.Time, e.PID, e.Name = t, pid, e.Fields["event"]
	for _, key := range []string{clock, "pid", "event"} {
		delete(e.Fields, key)
	}
	return nil
}
