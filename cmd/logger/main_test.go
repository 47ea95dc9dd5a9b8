package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
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
	return s.m.Run()
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
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("SCOPELOG_PLUGINS", pluginDir)
			e.Setenv("SCOPELOG_CONFIG", "")
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, "config"))
			e.Setenv("XDG_DATA_HOME", filepath.Join(e.WorkDir, "data"))
			e.Setenv("XDG_RUNTIME_DIR", filepath.Join(e.WorkDir, "run"))
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			return os.Mkdir(filepath.Join(e.WorkDir, "run"), 0o700)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit":      scriptExit,
			"await":     scriptAwait,
			"interrupt": scriptInterrupt,
			"onlydir":   scriptOnlyDir,
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

// scriptInterrupt sends Ctrl-C to the process whose number a run.json holds: interrupt PATTERN
func scriptInterrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: interrupt PATTERN")
	}
	file, err := readRun(only(ts, args[0]))
	ts.Check(err)
	if file.PID <= 1 {
		ts.Fatalf("%s names no process", args[0])
	}
	process, err := os.FindProcess(file.PID)
	ts.Check(err)
	ts.Check(process.Signal(os.Interrupt))
}

// scriptOnlyDir sets a variable to the only directory that a pattern names: onlydir VARIABLE PATTERN
func scriptOnlyDir(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: onlydir VARIABLE PATTERN")
	}
	ts.Setenv(args[0], only(ts, args[1]))
}

func only(ts *testscript.TestScript, pattern string) string {
	found, err := filepath.Glob(ts.MkAbs(pattern))
	ts.Check(err)
	if len(found) != 1 {
		ts.Fatalf("%s names %d directories, want one: %s", pattern, len(found), strings.Join(found, " "))
	}
	return found[0]
}
