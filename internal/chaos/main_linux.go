package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// options are the command's flags.
type options struct {
	bin, out, kinds, replay, doc string
	length                       time.Duration
	seed                         uint64
	parallel                     int
	disk                         float64
	list, short, keep, verbose   bool
}

func main() {
	var o options
	flag.StringVar(&o.bin, "bin", "bin", "folder with the built programs")
	flag.StringVar(&o.out, "out", filepath.Join("build", "chaos"), "folder for trials; those that fail stay in it")
	flag.StringVar(&o.kinds, "kinds", "", "only these kinds, separated by commas")
	flag.StringVar(&o.replay, "replay", "", "one trial again: `KIND/SEED`")
	flag.StringVar(&o.doc, "doc", "", "write the table into this file, between its markers")
	flag.DurationVar(&o.length, "for", time.Hour, "how long; the round that is going on then is broken off")
	flag.Uint64Var(&o.seed, "seed", 0, "of all that is left to chance; 0: by the clock")
	flag.IntVar(&o.parallel, "parallel", 2*runtime.NumCPU(), "trials at a time")
	flag.Float64Var(&o.disk, "disk", 8, "GiB that long recordings may take")
	flag.BoolVar(&o.list, "list", false, "list the kinds and end")
	flag.BoolVar(&o.short, "short", false, "each kind that is quick, once")
	flag.BoolVar(&o.keep, "keep", false, "keep the folders of all trials")
	flag.BoolVar(&o.verbose, "v", false, "say what is done in each trial")
	flag.Parse()
	// SIGHUP, too: were it ignored here, as under nohup, the programs that are tried would ignore it.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := run(ctx, o)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, o options) int {
	if o.list {
		list(os.Stdout)
		return 0
	}
	s, err := newSession(o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		return 2
	}
	if err := s.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		return 1
	}
	return 0
}

// killProcess ends a process of a trial.
func killProcess(pid int) error { return syscall.Kill(pid, syscall.SIGKILL) }
