package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/scopelog/scopelog/internal/bench/measure"
)

// options are the command's flags.
type options struct {
	rounds int
	scale  float64 // of the bytes that are moved
	wakes  int     // per round
	calls  int     // of a callback, per round and size
	root   string  // of the source tree: yardsticks and shmring.h are below it
}

func main() {
	if len(os.Args) > 1 {
		if role, ok := roles[os.Args[1]]; ok {
			exitOn(role(os.Args[2:]))
			return
		}
	}
	var o options
	flag.IntVar(&o.rounds, "rounds", 5, "interleaved rounds")
	flag.Float64Var(&o.scale, "scale", 1, "how much more or less data than usual is moved")
	flag.IntVar(&o.wakes, "wakes", 500, "wake-ups per round")
	flag.IntVar(&o.calls, "calls", 20000, "callbacks per round and size")
	flag.StringVar(&o.root, "root", ".", "the source tree, for the C programs")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	exitOn(run(ctx, o))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "ring:", err)
		os.Exit(1)
	}
}

// run measures everything and prints the tables.
func run(ctx context.Context, o options) error {
	tools, err := compile(ctx, o.root)
	if err != nil {
		return err
	}
	defer tools.remove()
	fmt.Println("ring:", measure.Machine(time.Now()))
	transfers := contestants(tools, o.scale)
	wakes, calls := newWakes(tools, o.wakes), newCallbacks(tools, o.calls)
	for round := range o.rounds {
		fmt.Fprintf(os.Stderr, "ring: round %d of %d\n", round+1, o.rounds)
		for _, c := range transfers {
			if err := c.round(ctx); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
		if err := wakes.round(ctx); err != nil {
			return fmt.Errorf("wake-ups: %w", err)
		}
		if err := calls.round(ctx); err != nil {
			return fmt.Errorf("callbacks: %w", err)
		}
	}
	return report(os.Stdout, transfers, wakes, calls)
}
