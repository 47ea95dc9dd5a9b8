package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/internal/agree"
)

// patience is how long a script waits for something that should come at once: five times the usual limits, since
// the machine may be busy.
const patience = 60 * time.Second

// TestMain runs the tests, or, started under the program's name, the program.
func TestMain(m *testing.M) {
	testscript.Main(suite{m}, map[string]func(){"logger": main})
}

// suite builds the plugins once before the tests and removes them after.
type suite struct{ m *testing.M }

func (s suite) Run() int {
	dir, err := os.MkdirTemp("", "logger-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	pluginDir = filepath.Join(dir, "plugins")
	if err := buildPlugins(pluginDir, "sim"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := s.m.Run()
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// pluginDir holds the plugins that the scripts use.
var pluginDir string

func buildPlugins(dir string, names ...string) error {
	for _, name := range names {
		file := filepath.Join(dir, name)
		if runtime.GOOS == "windows" {
			file += ".exe"
		}
		c := exec.Command("go", "build", "-o", file, "./plugins/"+name)
		c.Dir = filepath.Join("..", "..")
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("build plugin %s: %w\n%s", name, err, out)
		}
	}
	return nil
}

func TestScripts(t *testing.T) {
	reader, err := filepath.Abs(filepath.Join("..", "..", "recording", "npreader", "reader.py"))
	if err != nil {
		t.Fatal(err)
	}
	var compared atomic.Int64
	t.Cleanup(func() {
		if n := compared.Load(); n < 10 {
			t.Errorf("the independent reader saw only %d runs", n)
		}
	})
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SCOPELOG_PLUGINS", pluginDir)
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else each race-checked process sleeps a second at its end
			e.Setenv("SCOPELOG_RIG", filepath.Join(e.WorkDir, "rig"))
			e.Setenv("SCOPELOG_CONFIG", "")
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			run, err := os.MkdirTemp("", "lr-") // short: sockets lie in it
			if err != nil {
				return err
			}
			e.Defer(func() { os.RemoveAll(run) })
			e.Setenv("XDG_RUNTIME_DIR", run)
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			work := e.WorkDir
			e.Defer(func() { // an independent reader agrees with ours on every run that a script leaves whole
				runs, err := agree.CompareAll(reader, work)
				compared.Add(int64(runs))
				if err != nil {
					t.Error(err)
				}
			})
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":      scriptExit,
			"await":     scriptAwait,
			"interrupt": scriptInterrupt,
			"onlydir":   scriptOnlyDir,
			"state":     scriptState,
			"schedule":  scriptSchedule,
			"damage":    scriptDamage,
		},
	})
}

// scriptExit runs a program that must end with an exit code: exit CODE PROGRAM ARGS...
func scriptExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit CODE PROGRAM [ARGS...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// scriptAwait waits until a file that a pattern names has a text in it: await PATTERN TEXT
func scriptAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: await PATTERN TEXT")
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		files, err := filepath.Glob(ts.MkAbs(args[0]))
		ts.Check(err)
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err == nil && bytes.Contains(text, []byte(args[1])) {
				return
			}
		}
		if time.Now().After(deadline) {
			ts.Fatalf("no file %s with %q", args[0], args[1])
		}
	}
}

// scriptInterrupt sends Ctrl-C, or SIGTERM, to the process that records into the only directory that a pattern
// names: interrupt PATTERN [TERM]
func scriptInterrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) == 2 && args[1] != "TERM" || len(args) > 2 {
		ts.Fatalf("usage: interrupt PATTERN [TERM]")
	}
	var signal os.Signal = os.Interrupt
	if len(args) == 2 {
		signal = syscall.SIGTERM
	}
	file, err := readRun(only(ts, args[0]))
	ts.Check(err)
	if file.PID <= 1 {
		ts.Fatalf("%s names no process", args[0])
	}
	process, err := os.FindProcess(file.PID)
	ts.Check(err)
	ts.Check(process.Signal(signal))
}

// scriptOnlyDir sets a variable to the only directory that a pattern names, and VARIABLE_NAME to its last part:
// onlydir VARIABLE PATTERN
func scriptOnlyDir(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: onlydir VARIABLE PATTERN")
	}
	dir := only(ts, args[1])
	ts.Setenv(args[0], dir)
	ts.Setenv(args[0]+"_NAME", filepath.Base(dir))
}

func only(ts *testscript.TestScript, pattern string) string {
	found, err := filepath.Glob(ts.MkAbs(pattern))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s names %d directories, want one: %s", pattern, len(found), strings.Join(found, " "))
	}
	return found[0]
}

// scriptState waits until a run is in a state: state RUN STATE
func scriptState(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: state RUN STATE")
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		reply, err := session.Control(context.Background(), ts.MkAbs(args[0]), session.Request{Op: session.OpStatus})
		if err == nil && string(reply.Status.State) == args[1] {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("the run is not %s: %v, %v", args[1], reply, err)
		}
	}
}

// scriptDamage changes one byte of a file: damage FILE OFFSET
func scriptDamage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: damage FILE OFFSET")
	}
	offset, err := strconv.Atoi(args[1])
	ts.Check(err)
	text, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	if offset >= len(text) {
		ts.Fatalf("%s has %d bytes only", args[0], len(text))
	}
	text[offset] ^= 0x40
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o644))
}
