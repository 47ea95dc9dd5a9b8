package session

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

func newLogFile(t *testing.T) *logFile {
	t.Helper()
	l := openLogs(hclog.NewInterceptLogger(&hclog.LoggerOptions{Level: hclog.Off}), filepath.Join(t.TempDir(), "logs"), func(s string) string { return s })
	if l == nil {
		t.Fatal("no log")
	}
	t.Cleanup(l.close)
	return l
}

// TestLogsAreBounded writes more than may be kept: the newest lines are there, and no more files than said.
func TestLogsAreBounded(t *testing.T) {
	t.Parallel()
	l := newLogFile(t)
	line := strings.Repeat("x", 1<<20)
	const lines = (logFiles + 2) * logBytes >> 20
	for i := range lines {
		if _, err := fmt.Fprintf(l, "%06d %s\n", i, line); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(l.dir, "*"))
	if err != nil || len(files) != logFiles {
		t.Fatalf("%d files, %v", len(files), err)
	}
	next := lines
	for n := range logFiles { // the newest one first
		b, err := os.ReadFile(l.name(n))
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > logBytes {
			t.Errorf("%s has %d bytes", l.name(n), len(b))
		}
		parts := bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n"))
		for i := len(parts) - 1; i >= 0; i-- {
			if next--; !bytes.HasPrefix(parts[i], fmt.Appendf(nil, "%06d ", next)) {
				t.Fatalf("%s: line %d is %.8s, want %06d", l.name(n), i, parts[i], next)
			}
		}
	}
}

// TestLogsComeBack lets the folder be away for a while: what is logged then is not kept, what comes later is.
func TestLogsComeBack(t *testing.T) {
	t.Parallel()
	l := newLogFile(t)
	away := l.dir + "-away"
	if err := os.Rename(l.dir, away); err != nil {
		t.Fatal(err)
	}
	l.rotate()
	fmt.Fprintln(l, "nobody keeps this")
	if err := os.Rename(away, l.dir); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(l, "nor this: it was tried just now")
	l.failed = time.Now().Add(-logRetry)
	fmt.Fprintln(l, "but this")
	b, err := os.ReadFile(l.name(0))
	if err != nil || string(b) != "but this\n" {
		t.Errorf("%q, %v", b, err)
	}
}

// TestLogsHaveWhatTheLoggerSays: lines are JSON, from debug on, without secrets, until the end.
func TestLogsHaveWhatTheLoggerSays(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "logs")
	log := hclog.NewInterceptLogger(&hclog.LoggerOptions{Name: "test", Level: hclog.Off})
	l := openLogs(log, dir, func(s string) string { return strings.ReplaceAll(s, "SECRET", "(hidden)") })
	log.Named("part").Debug("the SECRET is said", "device", "cell")
	log.Trace("too small")
	l.close()
	log.Error("after the end")
	b, err := os.ReadFile(l.name(0))
	if err != nil {
		t.Fatal(err)
	}
	var line map[string]any
	if err := json.Unmarshal(b, &line); err != nil { // one line, and no more
		t.Fatalf("%v: %s", err, b)
	}
	if line["@message"] != "the (hidden) is said" || line["device"] != "cell" || line["@level"] != "debug" {
		t.Errorf("%v", line)
	}
}

func TestNoLogs(t *testing.T) {
	t.Parallel()
	if l := openLogs(hclog.NewNullLogger(), t.TempDir(), nil); l != nil {
		t.Error("a logger that cannot be listened to has a log")
	}
	var none *logFile
	none.close() // nothing happens
}

// TestLogsOfADeadDisk: a file that cannot be written any more is opened anew after a while.
func TestLogsOfADeadDisk(t *testing.T) {
	t.Parallel()
	l := newLogFile(t)
	if err := l.f.Close(); err != nil { // as dead as one of a disk that was pulled out
		t.Fatal(err)
	}
	for _, line := range []string{"lost\n", "lost too\n"} {
		if _, err := l.Write([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
	l.failed = time.Now().Add(-logRetry)
	if _, err := l.Write([]byte("kept\n")); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(l.name(0)); err != nil || string(b) != "kept\n" {
		t.Errorf("%q, %v", b, err)
	}
}
