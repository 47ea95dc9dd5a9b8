package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"time"

	"github.com/scopelog/scopelog/internal/bench/longrun"
	"github.com/scopelog/scopelog/internal/bench/measure"
)

// options are the command's flags.
type options struct {
	bin, out string
	minutes  float64
	keep     int64 // bytes of the recording that stay on the disk
	stall    time.Duration
	profile  string
	source   source
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == roleObserver {
		exitOn(observe(os.Args[2:]))
		return
	}
	var o options
	keep := flag.Float64("keep", 8, "GiB of the recording that stay on the disk; older segments are dropped")
	flag.StringVar(&o.bin, "bin", "bin", "folder with plugins/")
	flag.StringVar(&o.out, "out", filepath.Join(os.TempDir(), "scopelog-bench"), "folder on the disk to record to")
	flag.Float64Var(&o.minutes, "minutes", 10, "length")
	flag.DurationVar(&o.stall, "stall", time.Second, "how long the disk stands still in the middle")
	flag.StringVar(&o.profile, "cpuprofile", "", "write a profile of the core, without the verification, to this file")
	unit := flag.Bool("emulated", false, "record an emulated 5444D through its plugin instead of a simulated device")
	kind := flag.String("kind", "", "a long run in place of the disturbed one, or a pattern of several; -list shows them")
	list := flag.Bool("list", false, "list the long runs")
	short := flag.Bool("short", false, "long runs in their short forms")
	verbose := flag.Bool("v", false, "tell what happens in a long run")
	flag.Parse()
	if *list {
		listKinds()
		return
	}
	o.source = simulated
	if *unit {
		o.source = emulated5444D
	}
	o.keep = int64(*keep * (1 << 30))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *kind != "" {
		l := longrun.Options{Bin: o.bin, Out: o.out}
		if *verbose {
			l.Log = os.Stderr
		}
		exitOn(runKinds(ctx, *kind, *short, l))
		return
	}
	exitOn(run(ctx, o))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	fmt.Println("soak:", measure.Machine(time.Now()))
	out, err := soak(ctx, o)
	if err != nil {
		return err
	}
	if err := out.print(os.Stdout); err != nil {
		return err
	}
	return errFailed(out.verdict())
}

// profile begins to write a profile of this process, when there is a path for it.
func profile(path string) (stop func() error, err error) {
	if path == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}
