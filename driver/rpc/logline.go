package rpc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/go-hclog"
)

const (
	maxLine  = 16 << 10 // bytes of a line of stderr that are looked at; the rest is cut off
	maxPairs = 32       // keys of a JSON line that are shown
	maxValue = 512      // bytes of a value that are shown
)

// logLine is one line of a plugin's stderr, fit to be shown.
type logLine struct {
	level   hclog.Level
	message string
	pairs   []any // keys and values in turn
	fields  map[string]any
}

// lineParser turns lines into log records. A line of a plugin is not trusted to be anything.
type lineParser struct {
	crashed bool // a crash report has begun: its first line was an error, what follows is for the log file
}

var prefixes = []struct {
	text  string
	level hclog.Level
}{{"[TRACE]", hclog.Trace}, {"[DEBUG]", hclog.Debug}, {"[INFO]", hclog.Info}, {"[WARN]", hclog.Warn}, {"[ERROR]", hclog.Error}}

// crashes are how Go and the C library begin their last words.
var crashes = []string{"panic: ", "fatal error: ", "SIGSEGV: ", "SIGBUS: ", "SIGABRT: ", "SIGFPE: ", "SIGILL: ", "unexpected fault address", "*** "}

func isCrash(line []byte) bool {
	for _, c := range crashes {
		if len(line) >= len(c) && string(line[:len(c)]) == c {
			return true
		}
	}
	return false
}

func (p *lineParser) parse(line []byte) logLine {
	line = bytes.TrimRight(line, "\r")
	if len(line) > 0 && line[0] == '{' {
		var fields map[string]any
		if json.Unmarshal(line, &fields) == nil {
			if l, ok := p.structured(fields); ok {
				return l
			}
		}
	}
	text := string(line)
	for _, pre := range prefixes {
		if strings.HasPrefix(text, pre.text) {
			return logLine{level: pre.level, message: printable(strings.TrimSpace(text[len(pre.text):]), maxText)}
		}
	}
	level := hclog.Debug
	if isCrash(line) && !p.crashed {
		p.crashed, level = true, hclog.Error
	}
	return logLine{level: level, message: printable(text, maxText)}
}

// structured reads a line of hclog. ok is false when it has no message or level of the right type.
func (p *lineParser) structured(fields map[string]any) (l logLine, ok bool) {
	message, isText := fields["@message"].(string)
	name, isLevel := fields["@level"].(string)
	level := hclog.LevelFromString(name)
	if !isText || !isLevel || level == hclog.NoLevel {
		return logLine{}, false
	}
	l = logLine{level: min(level, hclog.Error), message: printable(message, maxText), fields: fields}
	keys := slices.Sorted(maps.Keys(fields))
	for _, k := range keys {
		if k == "@message" || k == "@level" || k == "@timestamp" {
			continue
		}
		if len(l.pairs) == 2*maxPairs {
			l.pairs = append(l.pairs, "more_keys", len(keys)-maxPairs)
			break
		}
		l.pairs = append(l.pairs, printable(strings.TrimPrefix(k, "@"), 64), value(fields[k]))
	}
	return l, true
}

func value(v any) any {
	switch v := v.(type) {
	case string:
		return printable(v, maxValue)
	case float64, bool:
		return v
	}
	b, err := json.Marshal(v)
	if err != nil {
		return printable(fmt.Sprint(v), maxValue)
	}
	return printable(string(b), maxValue)
}
