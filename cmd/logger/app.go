package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/hashicorp/go-hclog"
)

// app is what every subcommand shares: the streams, the environment and the settings. It is made once a process;
// nothing of it changes after the flags are read.
type app struct {
	name       string // the program's name as it was started
	stdin      io.Reader
	asks       bool // somebody sits at standard input and sees standard error
	stdout     io.Writer
	color      bool    // standard output may be coloured
	screen     *screen // standard error
	lookupEnv  func(string) (string, bool)
	interrupts *interrupts

	flags    globalFlags
	settings settings
	logger   hclog.Logger

	planOfFlags bool // the plan of run was made of its flags
}

// globalFlags are the flags that every subcommand takes.
type globalFlags struct {
	logLevel string
	plugins  []string
	noColor  bool
}

// env returns an environment variable, empty when it is not set.
func (a *app) env(name string) string {
	v, _ := a.lookupEnv(name)
	return v
}

// programName turns the path a program was started with into the name that texts print.
func programName(path string) string {
	name := filepath.Base(path)
	if runtime.GOOS == "windows" {
		name = strings.TrimSuffix(strings.ToLower(name), ".exe")
	}
	return name
}

// prepare reads the settings and makes the logger, after the flags are known and before the subcommand runs.
func (a *app) prepare() error {
	if a.flags.noColor {
		a.color, a.screen.color = false, false
	}
	s, err := loadSettings(a.lookupEnv, a.flags)
	if err != nil {
		return err
	}
	a.settings = s
	a.logger = hclog.NewInterceptLogger(&hclog.LoggerOptions{
		Name:       a.name,
		Level:      s.LogLevel,
		Output:     a.screen,
		JSONFormat: !a.screen.terminal,
	})
	return nil
}

// say prints one line for people on standard error.
func (a *app) say(format string, args ...any) {
	fmt.Fprintf(a.screen, format+"\n", args...)
}

// warn prints a warning on standard error.
func (a *app) warn(format string, args ...any) {
	a.say(a.screen.paint(yellow, "warning:")+" "+format, args...)
}

// finish prints err, if it has anything to say, and returns the exit code.
func (a *app) finish(err error) int {
	a.screen.clear()
	code := exitCode(err)
	if err != nil {
		if code == exitInterrupted {
			err = interrupted(err)
		}
		a.printError(err)
	}
	return code
}

// interrupted puts words to an error that is only the end of a context: what it broke off, and where, tells users
// nothing.
func interrupted(err error) error {
	var own *failure
	if errors.As(err, &own) && own.cause == causeInterrupted {
		return err
	}
	return &failure{cause: causeInterrupted, err: errors.New("ended before it was done")}
}

// printError prints the message and the advice of an error.
func (a *app) printError(err error) {
	for _, e := range leaves(err) {
		var f *failure
		if errors.As(e, &f) && f.printed {
			continue
		}
		a.printDiagnostics(e)
		text := printableLines(strings.TrimRight(e.Error(), "\n"))
		a.say("%s %s", a.screen.paint(red, "error:"), strings.ReplaceAll(text, "\n", "\n  "))
		if advice := adviceOf(e); advice != "" {
			a.say("  %s", indented(advice))
		}
	}
}
