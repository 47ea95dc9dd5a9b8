package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

// errNotVerified says that a recording is not what it should be.
var errNotVerified = errors.New("the recording is not complete, or damaged")

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("record", flag.ContinueOnError)
	var c capture
	bin := flags.String("bin", "bin", "folder with logger and plugins/")
	out := flags.String("out", filepath.Join(os.TempDir(), "scopelog-bench"), "folder on the disk to record to")
	rounds := flags.Int("rounds", 3, "matrix: interleaved rounds")
	emulated := flags.Bool("families", false, "matrix: of emulated units instead of the simulated device")
	other := flags.String("rival", "", "with -families: a recorder with the flags and the output of seed_streaming.py to compare with")
	root := flags.String("root", ".", "with -families: folder of the source tree")
	keep := flags.Bool("keep", false, "one capture: leave the recording there")
	flags.IntVar(&c.channels, "channels", 0, "one capture: number of channels; 0: the matrix")
	flags.Float64Var(&c.rate, "rate", 0, "one capture: samples/s per channel; 0: as fast as they are recorded")
	flags.Float64Var(&c.seconds, "seconds", 5, "length of a paced capture; the matrix takes it times 0.6 to 2")
	flags.Int64Var(&c.samples, "samples", 0, "samples per channel without pace; 0: 500 M over all channels")
	flags.StringVar(&c.unit, "unit", "", "one capture: from this emulated unit ("+unitNames()+") instead of a simulated device")
	flags.StringVar(&c.signal, "signal", "", "one capture: proof, or a cheap one: ramp, of an emulated unit dc; default: the cheap one")
	flags.DurationVar(&c.delivery, "delivery", 0, "one capture: time between its deliveries, when it is paced; 0: that of a million samples, 20 to 100 ms")
	flags.DurationVar(&c.hold, "hold", 0, "one capture: hold time of the rings; 0: 4s, and 500ms without pace")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if c.signal == "" {
		c.signal = "ramp"
		if c.unit != "" {
			c.signal = "dc"
		}
	}
	p := program{*bin}
	const samples = 500_000_000
	if c.channels == 0 {
		fmt.Println("record:", measure.Machine(time.Now()))
		if c.samples == 0 {
			c.samples = samples
		}
		if *emulated {
			return runFamilies(ctx, p, families{rounds: *rounds, seconds: c.seconds, samples: c.samples, root: *root, rival: *other, out: *out})
		}
		return runMatrix(ctx, p, *rounds, c.seconds, c.samples, *out)
	}
	if c.samples == 0 {
		c.samples = samples / int64(max(c.channels, 1))
	}
	r, err := p.measured(ctx, c, *out, *keep)
	if err != nil {
		return err
	}
	if err := r.print(os.Stdout); err != nil {
		return err
	}
	if !r.Verified && !c.paced() {
		return errNotVerified
	}
	return nil
}
