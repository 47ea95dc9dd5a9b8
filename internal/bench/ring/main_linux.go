package main

import (
	"context"
	"flag"
	"fmt"
	"io"
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
	only   string  // the part to measure; empty: all
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
	flag.StringVar(&o.only, "only", "", "measure one part: transfers, wakes or callbacks")
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

// part is one thing that is measured, in rounds.
type part interface {
	round(ctx context.Context) error
	report(w io.Writer) error
}

// run measures everything and prints the tables.
func run(ctx context.Context, o options) error {
	tools, err := compile(ctx, o.root)
	if err != nil {
		return err
	}
	defer tools.remove()
	var parts []part
	for _, p := range []struct {
		name string
		part
	}{{"transfers", contestants(tools, o.scale)}, {"wakes", &wakes{tools: tools, count: o.wakes}}, {"callbacks", newCallbacks(tools, o.calls)}} {
		if o.only == "" || o.only == p.name {
			parts = append(parts, p.part)
		}
	}
	if len(parts) == 0 {
		return fmt.Errorf("-only %s: nothing is called so", o.only)
	}
	fmt.Println("ring:", measure.Machine(time.Now()))
	for round := range o.rounds {
		fmt.Fprintf(os.Stderr, "ring: round %d of %d\n", round+1, o.rounds)
		for _, p := range parts {
			if err := p.round(ctx); err != nil {
				return err
			}
		}
	}
	for _, p := range parts {
		fmt.Println()
		if err := p.report(os.Stdout); err != nil {
			return err
		}
	}
	return nil
}
