package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "analysis:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	bin, out, baseline, python string
	rounds                     int
	samples, longer            int64
	only                       string
	keep                       bool
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("analysis", flag.ContinueOnError)
	var o options
	flags.StringVar(&o.bin, "bin", "bin", "folder with logger")
	flags.StringVar(&o.out, "out", filepath.Join(os.TempDir(), "scopelog-bench"), "folder on the disk for recordings and what is written")
	flags.StringVar(&o.baseline, "baseline", "", "folder with scipy_baseline.py, to compare with; empty: none")
	flags.StringVar(&o.python, "python", "/usr/bin/python3", "the Python that has SciPy")
	flags.IntVar(&o.rounds, "rounds", 3, "interleaved rounds")
	flags.Int64Var(&o.samples, "samples", 100_000_000, "samples of each of the two streams")
	flags.Int64Var(&o.longer, "longer", -1, "samples of the longer recording on which memory is looked at; -1: ten times as many; 0: none")
	flags.StringVar(&o.only, "only", "", "only tasks whose names this expression matches")
	flags.BoolVar(&o.keep, "keep", false, "leave the first recording there, and say where")
	volts := flags.String("volts", "", "read all of this recording as volts, and nothing else")
	columns := flags.String("envelope", "", "take the envelope of this recording, print how long that took, and nothing else")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *volts != "" {
		return toVolts(*volts)
	}
	if *columns != "" {
		return envelope(ctx, os.Stdout, *columns)
	}
	if o.longer < 0 {
		o.longer = 10 * o.samples
	}
	if o.samples < 1 || o.rounds < 1 {
		return fmt.Errorf("%d samples in %d rounds cannot be measured: there has to be one of each", o.samples, o.rounds)
	}
	only, err := regexp.Compile(o.only)
	if err != nil {
		return err
	}
	fmt.Println("analysis:", measure.Machine(time.Now()))
	return o.measure(ctx, only)
}

// measure writes the recordings and has all done.
func (o *options) measure(ctx context.Context, only *regexp.Regexp) (err error) {
	dir, remove, err := folder(o.out)
	if err != nil {
		return err
	}
	if o.keep {
		fmt.Println("kept:", dir)
	} else {
		defer func() { err = errors.Join(err, remove()) }()
	}
	p := program{o.bin, dir}
	var rows []*row
	for _, t := range tasks(p.plots(ctx)) {
		if only.MatchString(t.name) {
			rows = append(rows, &row{task: t})
		}
	}
	var other *rival
	planar := ""
	if o.baseline != "" {
		planar = filepath.Join(dir, "planar.bin")
		other = &rival{o.python, filepath.Join(o.baseline, "scipy_baseline.py"), planar, dir, o.samples}
	}
	recorded, err := record(ctx, dir, o.samples, planar)
	if err != nil {
		return err
	}
	if err := timeAll(ctx, p, other, rows, recorded, o.rounds, warmBytes(o.samples)); err != nil {
		return err
	}
	if err := printTimes(os.Stdout, rows, o.samples, other != nil); err != nil || o.longer == 0 {
		return err
	}
	return o.compareMemory(ctx, p, rows, recorded)
}

// compareMemory looks at the memory of each task on both recordings.
func (o *options) compareMemory(ctx context.Context, p program, rows []*row, short string) (err error) {
	long, err := record(ctx, p.scratch, o.longer, "")
	if err != nil {
		return err
	}
	if o.keep {
		defer func() { err = errors.Join(err, os.RemoveAll(long)) }()
	}
	for _, r := range rows {
		if r.long == nil {
			continue
		}
		for _, c := range []struct {
			run string
			to  *measure.Series
		}{{short, &r.short}, {long, &r.longer}} {
			u, err := p.do(ctx, &r.task, r.long, c.run)
			if err != nil {
				return err
			}
			c.to.Add(mebibytes(u.peak))
			r.longWall, r.longOpen = u.wall, u.open
		}
	}
	fmt.Println()
	if err := printMemory(os.Stdout, rows, o.samples, o.longer); err != nil {
		return err
	}
	return printWithin(os.Stdout, rows, o.samples, o.longer)
}
