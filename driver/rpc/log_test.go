package rpc

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/go-hclog"
)

func TestParseLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	for _, c := range []struct {
		name, line string
		level      hclog.Level
		message    string
		pairs      []any
	}{
		{"hclog", `{"@level":"warn","@message":"slow","@module":"ps5000a","@timestamp":"x","n":3,"ok":true}`, hclog.Warn, "slow", []any{"module", "ps5000a", "n", 3.0, "ok", true}},
		{"hclog off", `{"@level":"off","@message":"m"}`, hclog.Error, "m", nil},
		{"message of another type", `{"@message":5}`, hclog.Debug, `{"@message":5}`, nil},
		{"level of another type", `{"@level":[],"@message":"m"}`, hclog.Debug, `{"@level":[],"@message":"m"}`, nil},
		{"timestamp of another type", `{"@level":"info","@message":"m","@timestamp":{}}`, hclog.Info, "m", nil},
		{"unknown level", `{"@level":"loud","@message":"m"}`, hclog.Debug, `{"@level":"loud","@message":"m"}`, nil},
		{"nested value", `{"@level":"info","@message":"m","a":{"b":[1,"x"]}}`, hclog.Info, "m", []any{"a", `{"b":[1,"x"]}`}},
		{"half JSON", `{"@level":"info"`, hclog.Debug, `{"@level":"info"`, nil},
		{"prefix", "[WARN]  low voltage", hclog.Warn, "low voltage", nil},
		{"plain", "hello\tworld\r", hclog.Debug, "hello\tworld", nil},
		{"control characters", "\x1b[31mred\x07\x00", hclog.Debug, `\x1b[31mred\a\x00`, nil},
		{"not UTF-8", "a\xffb", hclog.Debug, `a\xffb`, nil},
		{"escapes in JSON", `{"@level":"info","@message":"\u001b[2J","k\u0007":"\u0000"}`, hclog.Info, `\x1b[2J`, []any{`k\a`, `\x00`}},
		{"long", long, hclog.Debug, long[:maxText-len(cutMark)] + cutMark, nil},
		{"crash", "panic: runtime error", hclog.Error, "panic: runtime error", nil},
		{"empty", "", hclog.Debug, "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var p lineParser
			l := p.parse([]byte(c.line))
			if l.level != c.level || l.message != c.message {
				t.Errorf("got %v %q, want %v %q", l.level, l.message, c.level, c.message)
			}
			if diff := cmp.Diff(c.pairs, l.pairs); diff != "" {
				t.Errorf("pairs (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCrashReportIsOneError: only the first line of a crash report reaches a terminal, the rest is for the log file.
func TestCrashReportIsOneError(t *testing.T) {
	t.Parallel()
	var p lineParser
	for i, line := range []string{"SIGSEGV: segmentation violation", "PC=0x0 m=0", "goroutine 1 [running]:", "panic: during panic"} {
		want := hclog.Debug
		if i == 0 {
			want = hclog.Error
		}
		if l := p.parse([]byte(line)); l.level != want || l.message != line {
			t.Errorf("%q has level %v and text %q, want %v", line, l.level, l.message, want)
		}
	}
}

func TestManyKeys(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`{"@level":"info","@message":"m"`)
	for i := range 500 {
		fmt.Fprintf(&b, `,"k%03d":%d`, i, i)
	}
	var p lineParser
	if l := p.parse([]byte(b.String() + "}")); len(l.pairs) > 2*maxPairs+2 {
		t.Errorf("%d pairs are shown", len(l.pairs)/2)
	}
}

func harmful(r rune) bool { return unicode.IsControl(r) && r != '\t' }

func FuzzParseLine(f *testing.F) {
	for _, s := range []string{`{"@message":5}`, `{"@level":"info","@message":"m","a":[[[[]]]]}`, "\xff\x1b", "panic: x", "[WARN]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p lineParser
		l := p.parse(b)
		if strings.ContainsFunc(l.message, harmful) || !utf8.ValidString(l.message) {
			t.Errorf("message %q has control characters", l.message)
		}
		for _, v := range l.pairs {
			if s, ok := v.(string); ok && strings.ContainsFunc(s, harmful) {
				t.Errorf("%q has control characters", s)
			}
		}
	})
}

// records is a log that keeps lines; while it is blocked, it takes none.
type records struct {
	mu      sync.Mutex
	lines   []string
	blocked sync.Mutex
}

func (r *records) Write(p []byte) (int, error) {
	r.blocked.Lock()
	defer r.blocked.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, string(p))
	return len(p), nil
}

func (r *records) logger() hclog.Logger {
	return hclog.New(&hclog.LoggerOptions{Level: hclog.Trace, Output: r, DisableTime: true})
}

func TestStderrLimits(t *testing.T) {
	t.Parallel()
	var log records
	r := newStderrReader(log.logger())
	now := time.Unix(0, 0)
	r.now, r.filled = func() time.Time { return now }, now
	var text bytes.Buffer
	for i := range 3 * linesBurst {
		fmt.Fprintf(&text, "line %d\n", i)
	}
	text.WriteString(strings.Repeat("z", 3*maxLine) + "\nlast, without an end")
	r.run(io.MultiReader(&text, &clockReader{func() {
		for len(r.out) > 0 { // the log takes what it was given
			time.Sleep(time.Millisecond)
		}
		now = now.Add(time.Second)
	}}, strings.NewReader("\nlater\n")))
	<-r.done
	joined := strings.Join(log.lines, "")
	if n := strings.Count(joined, "line "); n > linesBurst+1 || n < linesBurst/2 {
		t.Errorf("%d lines reached the log", n)
	}
	if !strings.Contains(joined, "plugin log lines dropped: lines=") || !strings.Contains(joined, "later") {
		t.Errorf("the log does not say what was dropped, or ends: %q", log.lines[max(0, len(log.lines)-3):])
	}
	tail, _ := r.tail.last()
	if len(tail) != tailLines || tail[tailLines-1] != "later" || tail[tailLines-2] != "last, without an end" || len(tail[tailLines-3]) != tailBytes {
		t.Errorf("the last lines are %d, ending with %.40q", len(tail), tail[len(tail)-3:])
	}
}

// TestStderrOfAFlood: a plugin that writes without end gets one line a second that says so, and its crash report is
// kept all the same.
func TestStderrOfAFlood(t *testing.T) {
	t.Parallel()
	const seconds, perSecond = 5, 100
	var log records
	r := newStderrReader(log.logger())
	now := time.Unix(0, 0)
	r.now, r.filled = func() time.Time { return now }, now
	flood := strings.Repeat("flood\n", 10*linesBurst)
	for range seconds * perSecond {
		r.feed([]byte(flood))
		for len(r.out) > 0 { // the log takes what it was given
			time.Sleep(50 * time.Microsecond)
		}
		now = now.Add(time.Second / perSecond)
	}
	r.run(strings.NewReader("panic: at last\n" + strings.Repeat("\tframe\n", crashLines/2)))
	<-r.done
	joined := strings.Join(log.lines, "")
	if n := strings.Count(joined, droppedMessage); n < 1 || n > seconds+2 {
		t.Errorf("%d lines tell of dropped ones in %d s", n, seconds)
	}
	if n := strings.Count(joined, "[ERROR]"); n != 1 || !strings.Contains(joined, "[ERROR] panic: at last") {
		t.Errorf("%d lines are errors, want the first of the crash report", n)
	}
	if n := strings.Count(joined, "frame"); n != crashLines/2 {
		t.Errorf("%d lines of the crash report are kept, want %d", n, crashLines/2)
	}
}

// clockReader reads nothing, and something happens.
type clockReader struct{ f func() }

func (c *clockReader) Read([]byte) (int, error) {
	c.f()
	return 0, io.EOF
}

// TestStderrOfStuckLog: a log that takes nothing does not stop the reader.
func TestStderrOfStuckLog(t *testing.T) {
	t.Parallel()
	var log records
	log.blocked.Lock()
	r := newStderrReader(log.logger())
	r.run(strings.NewReader(strings.Repeat("line\n", 100_000)))
	log.blocked.Unlock()
	<-r.done
}

func TestLogQueueNeverBlocks(t *testing.T) {
	t.Parallel()
	var log records
	log.blocked.Lock()
	q := newLogQueue(&log)
	for range 3 * logLines {
		if _, err := q.Write([]byte("line\n")); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	q.flush(10 * time.Millisecond)
	if time.Since(began) > 5*time.Second {
		t.Error("a flush waits for a stuck log")
	}
	log.blocked.Unlock()
	q.flush(10 * time.Second)
	q.flush(10 * time.Second)
	close(q.lines)
	log.mu.Lock()
	defer log.mu.Unlock()
	joined := strings.Join(log.lines, "")
	if n := strings.Count(joined, "line\n"); n < logLines || n > 2*logLines {
		t.Errorf("%d lines came through", n)
	}
	if !strings.Contains(joined, `"log lines dropped"`) {
		t.Error("nothing says that lines were dropped")
	}
}

func TestCrashIsKept(t *testing.T) {
	t.Parallel()
	var tail lineTail
	tail.add([]byte("panic: first"))
	for range 100 {
		tail.add([]byte("goroutine"))
	}
	tail.add([]byte("panic: second"))
	if lines, crash := tail.last(); crash != "panic: first" || len(lines) != tailLines {
		t.Errorf("%d lines, crash %q", len(lines), crash)
	}
}
