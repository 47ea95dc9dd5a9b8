package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/driver/drivertest"
	"github.com/scopelog/scopelog/driver/rpc"
)

// version is set by the build.
var version = "0.1.0-dev"

// The exit codes.
const (
	exitPassed = 0
	exitFailed = 1
	exitUsage  = 2
	exitPlugin = 4
)

func main() { os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)) }

// options are the command line.
type options struct {
	target  drivertest.Target
	only    *regexp.Regexp
	log     string
	verbose bool
}

const usage = `Usage: drivercheck [options] PLUGIN

Checks a driver plugin against the contract: starts it as the recorder does, goes through
everything a driver has to do, and prints what it found. One unit is opened and used for
some seconds; without one, the rules that need it are skipped.

`

func parse(args []string, stderr io.Writer) (options, error) {
	o := options{}
	f := flag.NewFlagSet("drivercheck", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, usage)
		f.PrintDefaults()
		fmt.Fprint(stderr, "\nExit codes: 0 every rule holds, 1 a rule is broken, 2 wrong usage, 4 the plugin could not be started.\n")
	}
	f.StringVar(&o.target.Serial, "serial", "", "serial number of the unit to use (the first free one)")
	f.StringVar(&o.target.Model, "model", "", "model of the unit to use (any)")
	f.StringVar(&o.target.Library, "library", "", "path of the vendor library (searched)")
	f.Float64Var(&o.target.Slack, "slack", 1, "multiplies the times that are waited, for slow machines")
	f.StringVar(&o.log, "log", "", "show the plugin's log from this level on: error, warn, info, debug or trace")
	f.BoolVar(&o.verbose, "v", false, "show notes of rules that hold, too")
	f.Func("env", "further `NAME=value` for the plugin; may be repeated", func(s string) error {
		if !strings.Contains(s, "=") {
			return errors.New("want NAME=value")
		}
		o.target.Env = append(o.target.Env, s)
		return nil
	})
	f.Func("run", "check only rules whose group/name matches this regular `expression`", func(s string) (err error) {
		o.only, err = regexp.Compile(s)
		return err
	})
	showVersion := f.Bool("version", false, "print the version and end")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if *showVersion {
		return o, errVersion
	}
	if f.NArg() != 1 || o.target.Slack <= 0 {
		f.Usage()
		return o, errUsage
	}
	path, err := filepath.Abs(f.Arg(0))
	if err != nil {
		return o, err
	}
	o.target.Path = path
	if o.log != "" {
		level := hclog.LevelFromString(o.log)
		if level == hclog.NoLevel {
			fmt.Fprintf(stderr, "drivercheck: -log %s: want error, warn, info, debug or trace\n", o.log)
			return o, errUsage
		}
		o.target.Logger = hclog.New(&hclog.LoggerOptions{Name: "plugin", Level: level, Output: stderr})
	}
	return o, nil
}

var (
	errUsage   = errors.New("wrong usage")
	errVersion = errors.New("version")
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, errVersion):
		fmt.Fprintln(stdout, "drivercheck", version)
		return exitPassed
	case errors.Is(err, flag.ErrHelp):
		return exitPassed
	case err != nil:
		return exitUsage
	}
	who, err := greet(ctx, o.target)
	if err != nil {
		fmt.Fprintf(stderr, "drivercheck: %v\n", err)
		return exitPlugin
	}
	fmt.Fprintf(stdout, "checking %s (%s)\n", who, o.target.Path)
	r := newReport(stdout, o)
	began := time.Now()
	r.root(func(t *node) { drivertest.Run(t, o.target) })
	fmt.Fprintf(stdout, "\n%d rules hold, %d are broken, %d were skipped (%.1f s)\n", r.passed, r.failed, r.skipped, time.Since(began).Seconds())
	if r.failed > 0 {
		return exitFailed
	}
	return exitPassed
}

// greet starts the plugin once, so that a program that is none gives one message and not one for each rule.
func greet(ctx context.Context, t drivertest.Target) (rpc.Program, error) {
	c, err := drivertest.Start(ctx, t)
	if err != nil {
		return rpc.Program{}, err
	}
	who := c.Program()
	return who, c.Close()
}
