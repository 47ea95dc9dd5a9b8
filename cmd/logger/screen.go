package main

import (
	"bytes"
	"io"
	"os"
	"sync"

	"golang.org/x/term"
)

// The colours of texts for people, as terminals number them.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	bold   = "1"
	faint  = "2"
)

// screen is standard error. Whole lines written to it do not collide with the status line, which stays the last
// line of a terminal. All methods may be called from any goroutine.
type screen struct {
	terminal bool
	color    bool
	width    func() int

	mu      sync.Mutex
	w       io.Writer
	status  string // the status line that is shown now
	partial bool   // the last write did not end a line
}

func newScreen(w io.Writer, terminal bool, width func() int) *screen {
	return &screen{w: w, terminal: terminal, width: width}
}

// Write prints text above the status line. Its error is the writer's.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wipe()
	n, err := s.w.Write(p)
	s.partial = !bytes.HasSuffix(p, []byte("\n"))
	s.draw()
	return n, err
}

// setStatus replaces the status line. On anything but a terminal it does nothing.
func (s *screen) setStatus(line string) {
	if !s.terminal {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wipe()
	s.status = line
	s.draw()
}

// clear takes the status line away, and waits a moment until everything is shown, so that what is written to
// standard output next does not run into it.
func (s *screen) clear() {
	s.setStatus("")
	if q, ok := s.w.(*queue); ok && s.terminal {
		_ = q.flush(lastWait) // nobody can be told that standard error cannot be written
	}
}

func (s *screen) wipe() {
	if s.status != "" && !s.partial {
		io.WriteString(s.w, "\r\x1b[K")
	}
}

func (s *screen) draw() {
	if s.status != "" && !s.partial {
		io.WriteString(s.w, clip(s.status, s.width()-1))
	}
}

// paint colours text where standard error may be coloured.
func (s *screen) paint(color, text string) string { return paint(s.color, color, text) }

func paint(on bool, color, text string) string {
	if !on || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// clip cuts a line to a number of columns.
func clip(line string, columns int) string {
	if r := []rune(line); len(r) > columns && columns > 0 {
		return string(r[:columns])
	}
	return line
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// terminalWidth returns a function that tells the present number of columns, 80 where it is unknown.
func terminalWidth(f *os.File) func() int {
	return func() int {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 20 {
			return w
		}
		return 80
	}
}
