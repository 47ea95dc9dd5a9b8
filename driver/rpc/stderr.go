package rpc

import (
	"bytes"
	"io"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
)

const (
	tailLines = 40   // kept of each plugin for error messages
	tailBytes = 1024 // of each of them

	linesPerSecond = 200 // of one plugin that reach the log in the long run
	linesBurst     = 400
	crashLines     = 2000 // of a crash report, whatever came before it
	logQueueLines  = 2048 // that wait for a log that is slow

	droppedEvery = time.Second // how often the log is told of dropped lines at most
)

// stderrReader reads a plugin's stderr until its end, whatever it holds: reading never waits for the log. The last
// lines are kept, and as many as the limits allow go to the logger.
type stderrReader struct {
	log    hclog.Logger
	tail   lineTail
	parser lineParser
	now    func() time.Time

	line []byte // the unfinished line, at most maxLine bytes
	cut  bool   // more of it was thrown away

	budget  float64 // lines that may go to the log now
	filled  time.Time
	dropped uint64
	told    time.Time // when the log was told of dropped lines last

	out  chan logLine
	done chan struct{} // the log has been given everything
}

func newStderrReader(log hclog.Logger) *stderrReader {
	r := &stderrReader{
		log: log, now: time.Now, line: make([]byte, 0, maxLine), budget: linesBurst,
		out: make(chan logLine, logQueueLines), done: make(chan struct{}),
	}
	r.filled = r.now()
	go r.emit()
	return r
}

// emit is a goroutine of its own, since a log on a stopped terminal can block for ever.
func (r *stderrReader) emit() {
	defer close(r.done)
	for l := range r.out {
		r.log.Log(l.level, l.message, l.pairs...)
	}
	if r.dropped > 0 { // the reader has ended
		r.log.Warn(droppedMessage, "lines", r.dropped)
	}
}

const droppedMessage = "plugin log lines dropped"

// run reads until the pipe ends.
func (r *stderrReader) run(from io.Reader) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		r.feed(buf[:n])
		if err != nil {
			break
		}
	}
	if len(r.line) > 0 || r.cut {
		r.finishLine()
	}
	close(r.out)
}

func (r *stderrReader) feed(b []byte) {
	if !r.refill() {
		b = r.skim(b)
	}
	for len(b) > 0 {
		i := bytes.IndexByte(b, '\n')
		part := b
		if i >= 0 {
			part = b[:i]
		}
		if room := maxLine - len(r.line); len(part) > room {
			part, r.cut = part[:room], true
		}
		r.line = append(r.line, part...)
		if i < 0 {
			return
		}
		r.finishLine()
		b = b[i+1:]
	}
}

func (r *stderrReader) finishLine() {
	r.tail.add(r.line)
	if !r.parser.crashed && isCrash(r.line) {
		r.budget = max(r.budget, crashLines)
	}
	if r.allow() {
		r.reportDropped()
		l := r.parser.parse(r.line)
		if r.cut {
			l.pairs = append(l.pairs, "cut", true)
		}
		r.send(l)
	} else {
		r.dropped++
	}
	r.line, r.cut = r.line[:0], false
}

// skim drops all lines but the last ones of a chunk, without looking at them: a plugin that writes without end must
// not cost much.
func (r *stderrReader) skim(b []byte) []byte {
	end := len(b)
	for range tailLines + 1 {
		if end = bytes.LastIndexByte(b[:end], '\n'); end < 0 {
			return b
		}
	}
	r.dropped += uint64(bytes.Count(b[:end+1], []byte{'\n'}))
	r.line, r.cut = r.line[:0], false
	return b[end+1:]
}

// refill tops up the token bucket and tells whether there is something in it.
func (r *stderrReader) refill() bool {
	if r.budget < 1 {
		now := r.now()
		r.budget = min(linesBurst, r.budget+now.Sub(r.filled).Seconds()*linesPerSecond)
		r.filled = now
	}
	return r.budget >= 1
}

// allow takes from the bucket.
func (r *stderrReader) allow() bool {
	if r.budget < 1 {
		return false
	}
	r.budget--
	return true
}

func (r *stderrReader) send(l logLine) {
	select {
	case r.out <- l:
	default:
		r.dropped++
	}
}

// reportDropped tells of dropped lines, not more than once a second.
func (r *stderrReader) reportDropped() {
	now := r.now()
	if r.dropped == 0 || !r.told.IsZero() && now.Sub(r.told) < droppedEvery {
		return
	}
	select {
	case r.out <- logLine{level: hclog.Warn, message: droppedMessage, pairs: []any{"lines", r.dropped}}:
		r.dropped, r.told = 0, now
	default:
	}
}

// lineTail keeps the last lines. Any goroutine may use it.
type lineTail struct {
	mu    sync.Mutex
	lines [tailLines][]byte
	n     int    // added so far
	crash string // the first line of a crash report
}

func (t *lineTail) add(line []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	slot := &t.lines[t.n%tailLines]
	*slot = append((*slot)[:0], line[:min(len(line), tailBytes)]...)
	t.n++
	if t.crash == "" && isCrash(*slot) {
		t.crash = string(*slot)
	}
}

// last returns the kept lines, oldest first, and the first line of a crash report if there was one.
func (t *lineTail) last() (lines []string, crash string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := make([]string, 0, tailLines)
	for i := max(0, t.n-tailLines); i < t.n; i++ {
		out = append(out, string(t.lines[i%tailLines]))
	}
	return out, t.crash
}
