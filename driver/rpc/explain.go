package rpc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver"
)

const (
	shownLines = 3   // last lines of stderr in a message
	shownBytes = 300 // of each of them
)

// explain says why a program could not be started as a plugin. It has ended by now.
func (r *pluginRunner) explain(cause error, host Program) *driver.Error {
	e := &driver.Error{Kind: driver.KindNotPlugin, Op: "start plugin"}
	proc := r.process()
	if proc == nil {
		r.explainExec(e, cause)
		return e
	}
	r.mu.Lock()
	first := r.firstLine
	r.mu.Unlock()
	if fields := strings.Split(first, "|"); len(fields) >= 4 {
		r.explainHandshake(e, fields, cause, host)
		return e
	}
	switch message, refused := r.refusal(); {
	case first != "":
		e.Message = fmt.Sprintf("%s is no driver plugin: it printed \"%s\" where a plugin says where it listens", r.spec.path, printable(first, shownBytes))
		e.Advice = "remove it from the plugin folder; if it is meant to be a plugin, it must print nothing before its handshake"
	case refused && proc.exitStatus() == exitRefused:
		e.Kind = driver.KindPluginVersion
		e.Message = message
	case proc.byItself():
		e.Message = fmt.Sprintf("%s is no driver plugin, or a broken one: it %s before its handshake%s", r.spec.path, proc.exitText(), r.lastWords())
		e.Advice = "start it by hand: a driver plugin then prints what it is"
	default:
		e.Kind = driver.KindPluginHung
		e.Message = fmt.Sprintf("%s did not say in time where it listens: it hangs, or is no driver plugin%s", r.spec.path, r.lastWords())
	}
	return e
}

// explainExec is for programs that could not even be executed.
func (r *pluginRunner) explainExec(e *driver.Error, cause error) {
	why := cause
	if pe := (*fs.PathError)(nil); errors.As(cause, &pe) {
		why = pe.Err // the path is said already
	}
	e.Message = fmt.Sprintf("%s cannot be started: %v", r.spec.path, why)
	if errors.Is(cause, syscall.EMFILE) || errors.Is(cause, syscall.ENFILE) {
		e.Err = cause // a limit of this process, which those who know its limits look for
	}
	r.mu.Lock()
	tried := r.err != nil
	r.mu.Unlock()
	switch {
	case !tried:
		e.Kind = driver.KindPermanent // it is not the program's fault
	case errors.Is(cause, ErrNotSupported):
		e.Kind = driver.KindUnsupported
	case errors.Is(cause, fs.ErrPermission):
		e.Advice = "make it executable: chmod +x " + r.spec.path
	case errors.Is(cause, syscall.ENOEXEC):
		e.Advice = "it is no program for this computer; install the plugin for this system and processor"
	case errors.Is(cause, fs.ErrNotExist):
		e.Advice = "install the plugin there; if the file is there, its loader or interpreter is missing"
	}
}

// explainHandshake is for programs that said where they listen.
func (r *pluginRunner) explainHandshake(e *driver.Error, fields []string, cause error, host Program) {
	proc := r.process()
	theirs := parseVersions(fields[1])
	switch {
	case len(theirs) == 1 && theirs[0] != ProtocolVersion:
		update := "the plugin"
		if theirs[0] > ProtocolVersion {
			update = host.Name
		}
		e.Kind = driver.KindPluginVersion
		e.Message = fmt.Sprintf("%s speaks protocol %d of driver plugins, %s speaks %d: update %s", r.spec.path, theirs[0], host, ProtocolVersion, update)
	case errors.Is(cause, errNoConnection):
		e.Kind = driver.KindPluginHung
		e.Message = fmt.Sprintf("%s was started, but %v%s", r.spec.path, cause, r.lastWords())
	case proc.byItself():
		e.Message = fmt.Sprintf("%s %s right after its handshake%s", r.spec.path, proc.exitText(), r.lastWords())
	default:
		e.Message = fmt.Sprintf("%s cannot be spoken to: %s%s", r.spec.path, printable(cause.Error(), shownBytes), r.lastWords())
	}
}

// refusal finds the line in which a plugin says that it speaks no protocol version of ours.
func (r *pluginRunner) refusal() (message string, ok bool) {
	lines, _ := r.stderr.tail.last()
	for _, line := range lines {
		var fields map[string]any
		if json.Unmarshal([]byte(line), &fields) != nil || fields[refusedMarker] != refusedVersion {
			continue
		}
		if m, isText := fields["@message"].(string); isText {
			return printable(m, maxText), true
		}
	}
	return "", false
}

// lastWords quotes what the plugin wrote last, or how its crash report begins. Empty when it wrote nothing.
func (r *pluginRunner) lastWords() string {
	lines, crash := r.stderr.tail.last()
	if crash != "" {
		return "; it reported: " + printable(crash, shownBytes)
	}
	var parser lineParser
	var quoted []string
	for _, line := range lines {
		l := parser.parse([]byte(line))
		if l.fields != nil && l.level < hclog.Warn {
			continue // the plugin itself says that it is no trouble
		}
		text := printable(l.message, shownBytes)
		if cause, ok := l.fields["error"].(string); ok {
			text += ": " + printable(cause, shownBytes)
		}
		quoted = append(quoted, text)
	}
	if len(quoted) == 0 {
		return ""
	}
	return "; its last lines: " + strings.Join(quoted[max(0, len(quoted)-shownLines):], " / ")
}
