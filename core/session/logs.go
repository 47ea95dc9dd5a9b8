package session

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
)

const (
	logBytes = 16 << 20 // of one log file
	logFiles = 4        // kept
	// logRetry is after which time a file that could not be opened is tried again: a run of weeks outlives a full disk.
	logRetry = time.Minute
)

// logFile keeps a copy of the log in the run's folder: log-0.jsonl is the newest, of at most four.
type logFile struct {
	mu     sync.Mutex
	dir    string
	f      *os.File
	size   int64
	failed time.Time           // when it could not be opened
	redact func(string) string // takes out what may not reach the disk
	log    hclog.InterceptLogger
	sink   hclog.SinkAdapter
	closed bool
}

// openLogs registers the copy at the logger. nil when that is not possible: the recording does without.
func openLogs(log hclog.Logger, dir string, redact func(string) string) *logFile {
	il, ok := log.(hclog.InterceptLogger)
	if !ok || os.MkdirAll(dir, 0o755) != nil {
		return nil
	}
	l := &logFile{dir: dir, redact: redact, log: il}
	if l.open() != nil {
		return nil
	}
	l.sink = hclog.NewSinkAdapter(&hclog.LoggerOptions{Output: l, Level: hclog.Debug, JSONFormat: true})
	il.RegisterSink(l.sink)
	return l
}

func (l *logFile) name(n int) string { return filepath.Join(l.dir, fmt.Sprintf("log-%d.jsonl", n)) }

// open opens the newest file, behind what it holds.
func (l *logFile) open() error {
	f, err := os.OpenFile(l.name(0), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err == nil {
		var info os.FileInfo
		if info, err = f.Stat(); err == nil {
			l.f, l.size = f, info.Size()
			return nil
		}
		f.Close()
	}
	l.f, l.failed = nil, time.Now()
	return err
}

// Write adds a line. A log that cannot be written is no reason to stop recording.
func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.f == nil && (time.Since(l.failed) < logRetry || l.open() != nil) {
		return len(p), nil
	}
	line := l.redact(string(p))
	if l.size > 0 && l.size+int64(len(line)) > logBytes {
		l.rotate()
	}
	if l.f != nil {
		n, err := l.f.WriteString(line)
		if l.size += int64(n); err != nil {
			_ = l.f.Close() // it may be of a disk that is gone
			l.f, l.failed = nil, time.Now()
		}
	}
	return len(p), nil
}

func (l *logFile) rotate() {
	_ = l.f.Close()
	for n := logFiles - 1; n > 0; n-- {
		_ = os.Rename(l.name(n-1), l.name(n)) // the first times most are not there
	}
	_ = l.open() // it is tried again
}

func (l *logFile) close() {
	if l == nil {
		return
	}
	l.log.DeregisterSink(l.sink)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.f != nil {
		_ = l.f.Close()
	}
}
